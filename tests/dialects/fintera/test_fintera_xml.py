"""Rails XML both ways, the vendor's literal page included."""

import pytest
from hypothesis import given

from tests.dialects.fintera.round_trips import FIELDS, typed
from tieout.contracts.exact_xml import BadXml
from tieout.contracts.http_negotiation import XML
from tieout.dialects.fintera.answers import Bare, Failed, Faults, Many, One, written
from tieout.dialects.fintera.rails_xml import read_xml, singular, write_xml
from tieout.dialects.fintera.values import DayText, DecimalText, MomentText, SymbolText

# The shape of the request on the vendor's page: a prolog, then two roots, which is no well-formed XML.
TWO_ROOTS = b"""<?xml version="1.0" encoding="UTF-8"?>
  <selected-financial-account-ids type="array">
    <id>2565</id>
    <id>100588</id>
  </selected-financial-account-ids>
  <selected-financial-transaction-ids type="array">
    <id>6632</id>
  </selected-financial-transaction-ids>
"""


def test_every_kind_of_value_is_written_as_rails_writes_it() -> None:
    fields = {
        "id": 6632,
        "guid": None,
        "amount": DecimalText("-3000.0"),
        "occurred_at": DayText("2013-09-09"),
        "created_at": MomentText("2013-09-09T12:05:17-03:00"),
        "divided": False,
        "status_name": SymbolText("reconciled"),
        "document": "",
        "attachment_id_list": [],
        "links": [{"rel": "self", "href": "http://localhost:3000/a?b=1&c=2"}],
    }

    body = write_xml("financial_transaction", fields).decode()

    assert body.splitlines() == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<financial-transaction>",
        '  <id type="integer">6632</id>',
        '  <guid nil="true"/>',
        '  <amount type="decimal">-3000.0</amount>',
        '  <occurred-at type="date">2013-09-09</occurred-at>',
        '  <created-at type="dateTime">2013-09-09T12:05:17-03:00</created-at>',
        '  <divided type="boolean">false</divided>',
        '  <status-name type="symbol">reconciled</status-name>',
        "  <document></document>",
        '  <attachment-id-list type="array"/>',
        '  <links type="array">',
        "    <link>",
        "      <rel>self</rel>",
        "      <href>http://localhost:3000/a?b=1&amp;c=2</href>",
        "    </link>",
        "  </links>",
        "</financial-transaction>",
    ]


@given(fields=FIELDS)
def test_what_is_written_reads_back_with_its_types(fields: dict[str, object]) -> None:
    body = write_xml("hash", fields)

    assert typed(read_xml(body)) == typed({"hash": fields})


def test_the_two_roots_of_the_vendors_page_are_read_side_by_side() -> None:
    assert read_xml(TWO_ROOTS) == {
        "selected_financial_account_ids": ["2565", "100588"],
        "selected_financial_transaction_ids": ["6632"],
    }


def test_the_broken_prolog_of_the_vendors_errors_is_overlooked() -> None:
    body = b'<?xml version="1.0" encoding: "UTF-8"?>\n<errors>\n  <error>Entity x</error>\n</errors>'

    assert read_xml(body) == {"errors": {"error": "Entity x"}}


def test_the_types_that_rails_reads_are_read() -> None:
    body = b"""<a><whole type="integer"> 7 </whole><money type="decimal">68.50</money><yes type="boolean">1</yes>
        <day type="date">2013-09-09</day><moment type="datetime">2013-09-09T11:47:21-03:00</moment>
        <blank type="integer"></blank><text type="string">a</text><nothing nil="true"/></a>"""

    assert typed(read_xml(body)["a"]) == typed(
        {
            "whole": 7,
            "money": DecimalText("68.50"),
            "yes": True,
            "day": DayText("2013-09-09"),
            "moment": MomentText("2013-09-09T11:47:21-03:00"),
            "blank": None,
            "text": "a",
            "nothing": None,
        }
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "doctype"),
        (b"<a>&unknown;</a>", "not_xml"),
        (b"<a><b></a>", "not_xml"),
        (b"<a/></request><request>", "not_xml"),
        (b"<a><id>1</id><id>2</id></a>", "twice"),
        (b"<a/><a/>", "twice"),
        (b"<a>text<b/></a>", "not_xml"),
        (b'<a type="yaml">--- :x</a>', "bad_type"),
        (b'<a type="file"/>', "bad_type"),
        (b'<a type="integer">1_000</a>', "not_a_number"),
        (b'<a type="integer">true</a>', "not_a_number"),
        (b'<a type="boolean">maybe</a>', "not_a_truth"),
        (b"<a>" * 100 + b"</a>" * 100, "too_deep"),
        (b"\xff\xfe", "not_xml"),
    ],
)
def test_what_may_not_be_read_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(BadXml) as refused:
        read_xml(body)

    assert refused.value.reason == reason


def test_marks_that_xml_cannot_carry_are_shown_as_replaced() -> None:
    body = write_xml("a", {"text": "bell\x07 end\r\n"})

    assert read_xml(body) == {"a": {"text": "bell\ufffd end\r\n"}}


@pytest.mark.parametrize(("many", "one"), [("entities", "entity"), ("payable_accounts", "payable_account")])
def test_an_entry_of_a_list_has_the_singular_name(many: str, one: str) -> None:
    assert singular(many) == one


def test_answers_have_the_roots_that_the_vendor_gives_them() -> None:
    fields = {"id": 1}

    assert b"\n<entity>\n" in written(One("entity", fields), XML)
    assert b'\n<entities type="array">\n  <entity>\n' in written(Many("entity", "entities", [fields]), XML)
    assert b'\n<entities type="array"/>\n' in written(Many("entity", "entities", []), XML)
    assert b"\n<hash>\n" in written(Bare(fields), XML)
    assert written(Failed("Não."), XML).decode().endswith("<errors>\n  <error>Não.</error>\n</errors>\n")


def test_faults_are_sentences_with_the_fields_name_for_people_in_order_of_field() -> None:
    faults = Faults({"type": ["não são compatíveis"], "entity": ["não pertencem"], "base": ["nada feito"]})

    body = written(faults, XML).decode()

    assert [line.strip() for line in body.splitlines()[2:-1]] == [
        "<error>nada feito</error>",
        "<error>Entity não pertencem</error>",
        "<error>Type não são compatíveis</error>",
    ]

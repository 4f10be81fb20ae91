"""The wire alone: amounts, days, names in any case, lists in both forms, and what is refused of them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialects.kashflow.round_trips import SHAPES
from tieout.contracts.exact_json import BadJson, read_tree
from tieout.contracts.exact_xml import BadXml
from tieout.dialects.kashflow.amounts import in_minor_units, on_the_wire
from tieout.dialects.kashflow.days import day_read, moment_written
from tieout.dialects.kashflow.dotnet_json import json_written
from tieout.dialects.kashflow.dotnet_xml import xml_read, xml_written
from tieout.dialects.kashflow.form import form_read
from tieout.dialects.kashflow.operations import LITERALS, OPERATIONS
from tieout.dialects.kashflow.refusals import SPELLED, answered
from tieout.dialects.kashflow.shapes_reconciliations import (
    RECONCILIATION_CHANGE,
    STATUS_NAMES,
    TICKS,
    EntryNamed,
    ReconciliationChange,
    Ticks,
)
from tieout.dialects.kashflow.shapes_transactions import TRANSACTION_IDS
from tieout.dialects.kashflow.wire import BadBody, Members, Unreadable, Whole
from tieout.domain.reconciliation_status import Status
from tieout.domain.rules import RULES
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NotADay
from tieout.kernel.errors import Refusal


def _faults(read: Any, received: object) -> list[tuple[str, str]]:
    with pytest.raises(BadBody) as bad:
        read(received)
    return [(fault.concerns, fault.code) for fault in bad.value.faults]


@pytest.mark.parametrize(
    ("minor_units", "currency", "written"),
    [
        (150_000, "GBP", b"1500.0000"),
        (-498_004, "GBP", b"-4980.0400"),
        (0, "GBP", b"0.0000"),
        (-1, "GBP", b"-0.0100"),
        (7, "JPY", b"7.0000"),
        (1, "KWD", b"0.0010"),
        (2**63 - 1, "GBP", b"92233720368547758.0700"),
    ],
)
def test_an_amount_is_a_number_with_four_decimals_and_every_digit(
    minor_units: int, currency: str, written: bytes
) -> None:
    ten_thousandths = on_the_wire(minor_units, currency)

    assert json_written(Decimal(ten_thousandths).scaleb(-4)) == written


@given(minor_units=st.integers(-(2**63) + 1, 2**63 - 1), currency=st.sampled_from(sorted(EXPONENTS)))
def test_minor_units_come_back_from_the_wire_in_every_currency(minor_units: int, currency: str) -> None:
    assert in_minor_units(on_the_wire(minor_units, currency), currency) == minor_units


def test_what_a_currency_cannot_hold_is_refused_and_never_rounded() -> None:
    assert in_minor_units(12_345, "GBP") == "too_many_decimals"
    assert in_minor_units(-1, "JPY") == "too_many_decimals"
    assert in_minor_units(2**63 * 100, "GBP") == "amount_out_of_range"


@pytest.mark.parametrize(
    "text",
    [
        "2014-01-21",
        "2014-01-21 12:00:00",
        "2014-01-21 00:00:00",
        "2014-01-21T23:59:59.999Z",
        "2014-01-21T00:00:00+13:00",
    ],
)
def test_the_time_of_a_date_says_nothing_and_moves_no_day(text: str) -> None:
    assert moment_written(day_read(text)) == "2014-01-21 12:00:00"


@pytest.mark.parametrize(
    "text", ["", "21/01/2014", "2014-1-21", "2014-02-30", "2014-01-21 noon", "2014-01-21x", "+014-01-21"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        day_read(text)


@given(day=st.integers(-719_162, 2_932_896))
def test_every_day_comes_back_as_it_was_written(day: int) -> None:
    assert day_read(moment_written(day)) == day


def test_names_count_in_any_case_and_unknown_ones_say_nothing() -> None:
    body = {"enddate": "2014-01-21", "ENDBALANCE": "1.5", "Status": "Complete", "New": [1]}

    assert RECONCILIATION_CHANGE.read(body) == ReconciliationChange(end_day=day_read("2014-01-21"), end_balance=15_000)


def test_a_name_given_again_in_another_case_is_refused() -> None:
    assert _faults(RECONCILIATION_CHANGE.read, {"EndBalance": "1", "endbalance": "2"}) == [("endbalance", "twice")]


def test_every_fault_is_told_with_its_place() -> None:
    body = {"Reconcile": [{"Id": 1, "Type": 0}, {"Id": True}], "UnReconcile": "7"}

    assert _faults(TICKS.read, body) == [
        ("Reconcile[1].Id", "not_allowed"),
        ("Reconcile[1].Type", "required"),
        ("UnReconcile", "not_allowed"),
    ]


@pytest.mark.parametrize("received", [True, "1_000", " 7 ", "7.0", "", None, [], {}, 2**53, -(2**53), "٧"])
def test_what_is_no_identifier_is_refused(received: object) -> None:
    with pytest.raises(Unreadable):
        Whole().read(received)


def test_a_list_longer_than_one_call_may_carry_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="too_many"):
        TRANSACTION_IDS.read([None] * 1_001)


@pytest.mark.parametrize(
    "body",
    [
        b"<a><Reconcile><TransactionItem><Id>4</Id><Type>2</Type></TransactionItem></Reconcile></a>",
        b"<a><reconcile><Any><ID>4</ID><Type>2</Type></Any></reconcile><!-- why --></a>",
        b"<a><Reconcile><Id>4</Id><Type>2</Type></Reconcile><Reconcile><Id>5</Id><Type>2</Type></Reconcile></a>",
    ],
    ids=["wrapped", "any names", "repeated"],
)
def test_lists_of_xml_are_read_wrapped_or_repeated(body: bytes) -> None:
    found = TICKS.read(xml_read(body))

    assert found.reconcile is not None
    assert found.reconcile[0] == EntryNamed(id=4, type=2)


def test_an_empty_list_of_xml_is_a_list() -> None:
    assert TICKS.read(xml_read(b"<a><Reconcile/></a>")) == Ticks(reconcile=())


def test_a_bare_list_of_xml_is_read_like_one_of_json() -> None:
    assert TRANSACTION_IDS.read(xml_read(b"<ArrayOfint><int>4</int><int>5</int></ArrayOfint>")) == (4, 5)
    assert TRANSACTION_IDS.read(xml_read(b"<ArrayOfint><int>4</int></ArrayOfint>")) == (4,)
    assert Members("int", Whole()).read(read_tree(b"[4, 5,]", lenient_commas=True)) == (4, 5)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "doctype"),
        (b"<a><b></a>", "not_xml"),
        (b"", "not_xml"),
        (b"<a/><b/>", "not_xml"),
        (b"<a>" * 40 + b"</a>" * 40, "too_deep"),
    ],
)
def test_xml_that_is_none_or_brings_a_document_type_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(BadXml) as bad:
        xml_read(body)

    assert bad.value.reason == reason


def test_characters_that_no_xml_holds_are_replaced_in_what_is_written() -> None:
    written = xml_written({"Comment": "a\x0bb\x00c"}, "BankTransaction")

    assert xml_read(written) == {"Comment": "a�b�c"}


def test_a_form_says_lists_in_both_spellings() -> None:
    body = b"A=1&L[1].P=5&L[0][P]=4&L[0][V]=%C3%A9"

    assert form_read(body) == {"A": "1", "L": [{"P": "4", "V": "é"}, {"P": "5"}]}


@pytest.mark.parametrize("body", [b"A=1&A=2", b"A=1&A.B=2", b"A.B.C.D=1", b"A=%FF", b"\xff", b"&A=1" * 101])
def test_a_form_that_cannot_be_meant_is_refused(body: bytes) -> None:
    with pytest.raises(BadJson):
        form_read(body)


def test_every_status_of_the_core_has_the_vendors_name() -> None:
    assert STATUS_NAMES.keys() == set(Status)
    assert set(STATUS_NAMES.values()) == {
        "InComplete",
        "Complete",
        "Overlaps_Previous",
        "ReconcileDate_Changed",
        "Starting_Balance_Changed",
        "Transactions_Modified",
        "Incorrect_Starting_Balance",
    }


def test_every_rule_of_the_core_is_spelled_and_can_be_filled_in() -> None:
    for code in RULES:
        status, error, message = answered([Refusal(code, "lines[3].booking_day", (("match", "7"),))])

        assert status in {400, 403, 404}
        assert error.isalnum()
        assert message.endswith(".")
        assert "{" not in message


def test_several_refusals_stand_in_one_envelope_each_once() -> None:
    refusals = [
        Refusal("bad_date", "end_day"),
        Refusal("too_many_decimals", "EndBalance"),
        Refusal("bad_date", "end_day"),
    ]

    assert answered(refusals).message == "EndDate is not a date. EndBalance has more decimals than its currency."


def test_a_fault_inside_is_told_in_the_vendors_envelope() -> None:
    assert SPELLED["own_fault"].status == 500


def test_every_type_of_the_wire_has_one_shape_of_each_name() -> None:
    for shape in SHAPES:
        names = [field.name.lower() for field in shape.fields] + [name.lower() for name in shape.constants]

        assert len(set(names)) == len(names)


def test_literal_parts_of_paths_are_lower_case() -> None:
    assert all(part == part.lower() for part in LITERALS)
    assert all(operation.path.startswith("/v2/") for operation in OPERATIONS)

"""Koncili's records in our words: values and signs as received, days of the marketplace's own zone."""

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.connectors.koncili.given_records import record
from tieout.connectors.koncili.records import Reading
from tieout.contracts.connector import FoundEntry, FoundPage
from tieout.contracts.exact_json import read_tree
from tieout.contracts.http_client import CallFault

BRAZIL = Reading("BRL", ZoneInfo("America/Sao_Paulo"))


def page_of(*records: dict[str, Any]) -> FoundPage:
    answer = {"page": {"limit": 100, "offset": 0, "count": len(records)}, "count": len(records), "content": records}
    return BRAZIL.page(read_tree(json.dumps(answer).encode()), "GET unresolveds")


def entry_of(**changed: Any) -> FoundEntry:
    (entry,) = page_of(record(**changed)).entries
    return entry


def test_a_sale_is_told_with_its_order_its_batch_and_what_was_expected() -> None:
    entry = entry_of()

    assert (entry.vendor_id, entry.batch, entry.kind) == ("49185461", "8123", "sale")
    assert (entry.facts.order_code, entry.facts.channel, entry.facts.entry_type) == ("264119301", "B2W", "SALE")
    assert (entry.facts.original_minor_units, entry.facts.expected_minor_units) == (570_00, 570_00)
    assert (entry.facts.plot_number, entry.facts.plots_quantity) == (1, 1)


@pytest.mark.parametrize(("sent", "received"), [(85.5, "85.5"), (-85.5, "-85.5"), (0, "0"), ("12.30", "12.30")])
def test_a_value_keeps_the_digits_and_the_sign_that_it_came_with(sent: object, received: str) -> None:
    entry = entry_of(extractType="COMISSION", releasedValue=sent)

    assert (entry.kind, entry.facts.received) == ("fee", received)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-05-16T03:00:00.000+0000", date(2026, 5, 16)),
        ("2026-05-16T02:59:59.999+0000", date(2026, 5, 15)),
        ("2026-05-16T00:00:00Z", date(2026, 5, 15)),
        ("2026-05-16T00:00:00-03:00", date(2026, 5, 16)),
        ("2026-05-16", date(2026, 5, 16)),
    ],
)
def test_a_day_is_that_of_the_marketplace_and_not_of_greenwich(instant: str, day: date) -> None:
    assert entry_of(releasedDate=instant).told_date == day


@pytest.mark.parametrize(
    ("entry_type", "kind"),
    [
        ("COMISSION", "fee"),
        ("COMMISSION", "fee"),
        ("SHIP", "fee"),
        ("RETURN_SALE", "refund"),
        ("TRANSFER", "payout"),
        ("FLEX_BONUS", "adjustment"),
        ("", "adjustment"),
    ],
)
def test_a_type_that_only_one_marketplace_has_counts_as_an_adjustment(entry_type: str, kind: str) -> None:
    entry = entry_of(extractType=entry_type)

    assert (entry.kind, entry.facts.entry_type) == (kind, entry_type)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"releasedDate": None, "expectedDate": None}, "releasedDate, expectedDate: there is neither"),
        ({"releasedValue": 85.505}, "releasedValue: "),
        ({"releasedValue": True}, "releasedValue: "),
        ({"releasedDate": "16/05/2026"}, 'releasedDate: "16/05/2026" is no instant'),
        ({"releasedDate": "2026-02-30T00:00:00.000+0000"}, "releasedDate: "),
        ({"expectedValue": "free"}, "expectedValue: "),
    ],
)
def test_a_record_that_cannot_be_taken_in_is_left_out_with_its_reason(changed: dict[str, Any], reason: str) -> None:
    page = page_of(record(id=7, **changed), record())

    assert [entry.vendor_id for entry in page.entries] == ["49185461"]
    assert list(page.left_out) == ["7"]
    assert page.left_out["7"].startswith(reason)


def test_an_entry_that_the_marketplace_has_not_released_yet_waits_for_the_day_that_is_expected() -> None:
    entry = entry_of(situation="WAITING", releasedValue=None, releasedDate=None)

    assert (entry.told_date, entry.facts.received, entry.facts.released_date) == (date(2026, 5, 16), "", None)


def test_what_else_a_record_says_is_kept_with_its_numbers_as_written() -> None:
    answer = json.dumps({"content": [record()]}).replace('"plotValue": 570.0', '"plotValue": 570.00')

    (entry,) = BRAZIL.page(read_tree(answer.encode()), "GET unresolveds").entries

    kept = json.loads(entry.facts.facts)
    assert (kept["plotValue"], kept["customerDocumentNumber"], kept["invoiceNumber"]) == ("570.00", 1234567890, "55012")
    assert "releasedValue" not in kept


@pytest.mark.parametrize(
    "answer", [b"[]", b"{}", b'{"content": {}}', b'{"content": [{"id": "7"}]}', b'{"content": [7]}']
)
def test_an_answer_that_is_no_page_of_records_is_a_fault(answer: bytes) -> None:
    with pytest.raises(CallFault) as fault:
        BRAZIL.page(read_tree(answer), "GET unresolveds")

    assert fault.value.kind == "malformed"

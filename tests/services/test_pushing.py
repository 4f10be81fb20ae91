"""What goes to the platform when invoices are made and money is tied, in the platform's words."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.given_books import JANUARY_5, Books, given_books
from tests.given_matches import accepted, codes
from tests.given_platform import (
    Stub,
    a_posting,
    a_rate,
    given_connection,
    with_platform,
)
from tests.given_store import Clock, given_office
from tieout.contracts.platform import PlatformFault
from tieout.domain.books import Difference
from tieout.services.accounts import change_account
from tieout.services.context import Context
from tieout.services.invoices import InvoiceRequest, cancel_invoice, create_invoice
from tieout.services.jobs import run_queued
from tieout.services.matching import AdjustmentRequest, AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.proposing import propose_matches
from tieout.services.syncing.synced_records import push_record


@pytest.fixture
def books(context: Context, clock: Clock) -> Books:
    return given_books(context, clock)


def well(_call: str, _object_type: str) -> None:
    """Nothing is wrong."""


def test_an_invoice_goes_to_the_platform_that_the_entity_is_connected_to(books: Books) -> None:
    invoice = books.invoiced()
    waiting = books.record()

    books.work_off()

    (there,) = books.there()
    done = books.record()
    assert (waiting.status, done.status, done.object_id) == ("pending", "done", invoice.public_id)
    assert done.platform_object_id in books.stub.objects["receivable"]
    assert {name: there[name] for name in ("number", "total", "tax", "currency", "issue_date")} == {
        "number": "I-1", "total": "100.00", "tax": "0.00", "currency": "NOK", "issue_date": "2026-01-05",
    }  # fmt: skip
    assert there["instalments"] == [{"due_date": "2026-01-05", "amount": "100.00"}]


def test_a_bill_is_positive_there(books: Books) -> None:
    books.invoiced(minor_units=-70_00)

    books.work_off()

    (there,) = books.there("bill")
    assert (there["total"], there["lines"][0]["amount"]) == ("70.00", "70.00")


def test_what_was_there_before_the_connection_is_not_sent(context: Context) -> None:
    office, stub = given_office(context), Stub()
    here = with_platform(context, stub)
    request = InvoiceRequest(direction="receivable", currency="NOK", issue_day=JANUARY_5, instalments=((JANUARY_5, 1),))
    accepted(create_invoice(here, office.owner, office.entity_id, request))

    given_connection(here, office)
    run_queued(here)

    assert stub.objects["receivable"] == {}


def test_an_invoice_that_is_refused_here_wants_nothing_there(books: Books) -> None:
    request = InvoiceRequest(direction="receivable", currency="NOK", issue_day=JANUARY_5)

    answer = create_invoice(books.context, books.office.owner, books.entity_id, request)

    assert codes(answer) == ["required"]
    assert books.records("receivable") == []


@pytest.mark.parametrize(
    ("line", "rates", "code"),
    [
        ({"tax_minor_units": 25_00, "tax_rate_value": 2500}, [], "tax_not_mapped"),
        ({"tax_minor_units": 25_00, "tax_rate_value": 2500}, [a_rate(direction="purchases")], "tax_not_mapped"),
        ({"tax_minor_units": 25_00, "tax_rate_value": 2500}, [a_rate("One"), a_rate("Two")], "tax_not_mapped"),
        ({"tax_minor_units": 25_00, "tax_rate_value": 2400}, [a_rate()], "tax_not_mapped"),
        ({"tax_minor_units": 25_00}, [a_rate()], "tax_not_mapped"),
        ({"vat_rate_id": "0197"}, [a_rate()], "tax_not_mapped"),
    ],
    ids=["no rate", "of the other direction", "several", "the nearest", "nobody said", "an unknown name"],
)
def test_tax_that_cannot_be_mapped_is_an_error_that_names_the_line_and_what_there_is(
    books: Books, line: Mapping[str, Any], rates: list[Any], code: str
) -> None:
    for rate in rates:
        books.stub.put("tax_rate", rate)
    books.synced()

    books.invoiced(line=line)
    books.work_off()

    told = books.error()
    assert (books.record().status, told["code"]) == ("error", code)
    assert told["message"].startswith("line 1: ")
    assert books.there() == []


def test_a_rate_that_is_made_there_afterwards_lets_the_push_go_by_hand(books: Books) -> None:
    books.invoiced(line={"tax_minor_units": 25_00, "tax_rate_value": 2500})
    books.work_off()
    rate = books.stub.put("tax_rate", a_rate())
    books.synced()

    pushed = accepted(push_record(books.context, books.office.preparer, books.entity_id, books.record().public_id))
    books.work_off()

    (there,) = books.there()
    assert pushed.status == "pending"
    assert books.record().status == "done"
    assert there["lines"][0]["tax_rate"] == rate


def test_a_confirmed_match_is_a_payment_of_its_invoice(books: Books) -> None:
    invoice = books.invoiced()
    books.work_off()

    tied = books.tied(books.money(100_00, JANUARY_5, reference="KID 1"), books.instalment(invoice))
    books.work_off()

    (payment,) = books.there("payment_record")
    assert payment == {
        "invoice": books.record().platform_object_id, "date": "2026-01-05", "amount": "100.00", "currency": "NOK",
        "account": "1920", "reference": "KID 1",
    }  # fmt: skip
    assert books.record("payment_record").own_id == tied.record.id


def test_a_payment_waits_for_its_invoice(books: Books) -> None:
    invoice = books.invoiced()
    books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))
    books.stub.says = lambda call, kind: (
        PlatformFault("unavailable", "away") if (call, kind) == ("push", "receivable") else None
    )
    books.work_off()
    early = books.there("payment_record")

    books.stub.says = well
    books.work_off(hours=2)

    assert early == []
    assert books.record("payment_record").status == "done"


def test_what_the_engine_confirms_by_itself_is_a_payment_too(books: Books) -> None:
    books.invoiced("INV-20260105-1")
    books.invoiced("INV-20260105-2", 60_00)
    books.money(100_00, JANUARY_5, reference="INV-20260105-1")
    books.money(60_00, JANUARY_5, reference="INV-20260105-2")

    run = accepted(propose_matches(books.context, books.office.owner, books.entity_id))
    books.work_off(hours=1)

    assert run.confirmed == 2
    assert sorted(each["amount"] for each in books.there("payment_record")) == ["100.00", "60.00"]


def test_one_payment_of_two_invoices_is_two_payment_records(books: Books) -> None:
    first, second = books.invoiced("I-1"), books.invoiced("I-2", 50_00)

    books.tied(books.money(150_00, JANUARY_5), books.instalment(first), books.instalment(second))
    books.work_off(hours=1)

    assert sorted(each["amount"] for each in books.there("payment_record")) == ["100.00", "50.00"]


def test_a_fee_that_the_bank_kept_is_no_cash(books: Books) -> None:
    invoice = books.invoiced()
    lines = (books.money(98_00, JANUARY_5), books.instalment(invoice))

    tied_less(books, *lines, fee=-2_00)
    books.work_off(hours=1)

    (payment,) = books.there("payment_record")
    assert payment["amount"] == "98.00"


def test_a_fee_on_several_invoices_is_for_somebody_to_divide(books: Books) -> None:
    lines = [books.instalment(books.invoiced(number)) for number in ("I-1", "I-2")]

    tied_less(books, books.money(198_00, JANUARY_5), *lines, fee=-2_00)
    books.work_off(hours=1)

    assert books.there("payment_record") == []
    assert {json.loads(each.errors)["code"] for each in books.records("payment_record")} == {"by_hand"}


def tied_less(books: Books, *lines: int, fee: int) -> None:
    allocations = tuple(AllocationRequest(line_id=line) for line in lines)
    kept = (AdjustmentRequest(type="bank_charge", minor_units=fee, currency="NOK"),)
    request = MatchRequest(allocations=allocations, adjustments=kept)
    accepted(make_match(books.context, books.office.owner, books.entity_id, request))


def test_a_match_with_the_platforms_own_postings_is_told_there(books: Books) -> None:
    posting = books.stub.put("journal_line", a_posting("100.00", "2026-01-05"))
    books.synced()
    books.tied(books.money(100_00, JANUARY_5), books.entries()[0].line.id)
    books.work_off()

    (told,) = books.there("match")
    assert (told["ledger"], told["bank_account"], told["amount"]) == ([posting], "1920", "100.00")
    assert [each["amount"] for each in told["statement"]] == ["100.00"]


def test_an_account_without_a_code_is_named(books: Books) -> None:
    accepted(change_account(books.context, books.office.owner, books.entity_id, books.account.id, {"code": ""}))
    invoice = books.invoiced()
    books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))

    books.work_off(hours=1)

    assert books.error("payment_record")["code"] == "account_without_code"


def test_the_posting_that_our_own_payment_made_there_is_no_new_book_entry(books: Books) -> None:
    invoice = books.invoiced()
    books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))
    books.work_off(hours=1)
    key = next(each.key for each in books.stub.objects["payment_record"].values())

    books.stub.put("journal_line", a_posting("100.00", "2026-01-05"), key=key)
    books.synced()

    assert [now.line.kind for now in books.lines()] == ["receivable"]


def test_a_match_that_was_undone_takes_back_what_was_not_sent(books: Books) -> None:
    invoice = books.invoiced()
    tied = books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))

    accepted(undo_match(books.context, books.office.owner, books.entity_id, tied.record.id))
    books.work_off(hours=1)

    assert books.there("payment_record") == []
    assert books.error("payment_record")["code"] == "undone_here"


def test_a_match_that_was_undone_after_its_payment_went_is_a_difference(books: Books) -> None:
    invoice = books.invoiced()
    tied = books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))
    books.work_off(hours=1)

    accepted(undo_match(books.context, books.office.owner, books.entity_id, tied.record.id))

    record = books.record("payment_record")
    assert (record.status, json.loads(record.errors)["code"]) == ("done", "undone_here")
    with books.context.store.reading() as view:
        (told,) = view.all(Difference, entity_id=books.entity_id)
    assert (told.subject, told.minor_units) == (f"match:{tied.record.id}", 100_00)


def test_an_invoice_cancelled_here_is_not_sent_any_more(books: Books) -> None:
    invoice = books.invoiced()

    accepted(cancel_invoice(books.context, books.office.owner, books.entity_id, invoice.id))
    books.work_off(hours=1)

    assert books.there() == []
    assert books.error()["code"] == "cancelled_here"

"""What a platform has becomes rows of ours, follows what is changed there, and goes when it goes there."""

import json

import pytest

from tests.given_books import JANUARY_5, JANUARY_10, JANUARY_20, Books, given_books
from tests.given_matches import accepted
from tests.given_platform import (
    a_posting,
    a_rate,
    an_invoice,
)
from tests.given_store import Clock
from tieout.domain.connections import Counterparty
from tieout.domain.match_records import MatchStatus
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.invoices import invoices
from tieout.services.matching import match
from tieout.services.period_locks import lock_period
from tieout.services.reconciling import open_reconciliation
from tieout.services.reconciling_chain import reconciliations
from tieout.services.reconciling_completion import complete_reconciliation
from tieout.services.ticking import tick


@pytest.fixture
def books(context: Context, clock: Clock) -> Books:
    return given_books(context, clock)


def test_a_receivable_becomes_an_invoice_that_waits_for_money(books: Books) -> None:
    books.stub.put("tax_rate", a_rate(), id="rate-25")
    books.stub.put("customer", {"name": "Fjord AS", "tax_number": "NO 1", "email": None}, id="c-1")
    line = {**an_invoice()["lines"][0], "tax_rate": "rate-25"}
    books.stub.put("receivable", an_invoice(counterparty="c-1", lines=[line]))

    books.synced()

    now = books.only_invoice()
    (party,) = kept_parties(books)
    (rate,) = books.records("tax_rate")
    assert (now.invoice.minor_units, now.invoice.tax_minor_units, now.invoice.counterparty_id) == (
        125_00,
        25_00,
        party.id,
    )
    assert [(each.line.minor_units, each.line.booking_day) for each in now.instalments] == [(125_00, JANUARY_20)]
    assert [(each.tax_rate_value, each.vat_rate_id) for each in now.lines] == [(2500, rate.public_id)]
    (record,) = books.records("receivable")
    assert (record.status, record.own_id, record.object_id) == ("done", now.invoice.id, now.invoice.public_id)


def kept_parties(books: Books) -> list[Counterparty]:
    with books.context.store.reading() as view:
        return view.all(Counterparty, entity_id=books.entity_id)


def test_a_bill_is_money_that_goes_out(books: Books) -> None:
    books.stub.put("bill", an_invoice())

    books.synced()

    assert books.only_invoice().invoice.minor_units == -125_00


def test_postings_of_an_account_that_is_reconciled_here_become_its_book_entries(books: Books) -> None:
    books.stub.put("journal_line", a_posting("100.00"))
    books.stub.put("journal_line", a_posting("-100.00", account="3000"))

    books.synced()

    (entry,) = books.entries()
    assert (entry.line.minor_units, entry.line.account_id, entry.line.origin) == (100_00, books.account.id, "feed")
    assert len(books.records("journal_line")) == 1


def test_postings_come_once_their_account_is_known_here(books: Books) -> None:
    books.stub.put("journal_line", a_posting("100.00", account="1930"))
    books.synced()
    before = books.entries()

    request = AccountRequest(kind="bank", name="Savings", currency="NOK", code="1930")
    accepted(open_account(books.context, books.office.owner, books.entity_id, request))
    books.synced()

    assert before == []
    assert [now.line.minor_units for now in books.entries()] == [100_00]


def test_pulling_twice_brings_nothing_twice(books: Books) -> None:
    books.stub.put("receivable", an_invoice())
    books.stub.put("journal_line", a_posting("100.00"))
    books.synced()
    before = books.lines()

    books.synced()
    books.synced()

    assert books.lines() == before
    assert books.differences() == []


def test_an_edit_that_leaves_no_trace_is_found_by_its_checksum(books: Books) -> None:
    posting = books.stub.put("journal_line", a_posting("100.00"))
    books.synced()

    books.stub.edit_quietly("journal_line", posting, amount="90.00", booking_date="2026-01-05")
    books.synced()

    (entry,) = books.entries()
    assert (entry.line.minor_units, entry.line.booking_day, entry.line.version) == (90_00, JANUARY_5, 2)


def test_a_posting_that_was_deleted_goes_here_too(books: Books) -> None:
    kept = books.stub.put("journal_line", a_posting("100.00"))
    gone = books.stub.put("journal_line", a_posting("55.00", "2025-12-01"))
    books.synced()

    books.stub.remove("journal_line", gone)
    books.synced()

    assert [now.line.native_id for now in books.entries()] == [kept]
    (record,) = [each for each in books.records("journal_line") if each.gone]
    assert json.loads(record.errors)["code"] == "gone"


def test_a_change_under_a_match_undoes_it_and_tells_somebody(books: Books) -> None:
    posting = books.stub.put("journal_line", a_posting("100.00"))
    books.synced()
    money = books.money(100_00, JANUARY_10)
    tied = books.tied(money, books.entries()[0].line.id)

    books.stub.edit_quietly("journal_line", posting, amount="80.00")
    books.synced()

    now = accepted(match(books.context, books.office.owner, books.entity_id, tied.record.id))
    assert now.status is MatchStatus.UNDONE
    assert books.left(money, books.entries()[0].line.id) == [100_00, 80_00]
    assert books.differences() == [(f"match:{tied.record.id}", -20_00)]
    assert "changed the amount of line" in now.states[-1].reason
    assert "from 100.00 NOK to 80.00 NOK" in now.states[-1].reason


def test_words_may_change_under_a_match(books: Books) -> None:
    posting = books.stub.put("journal_line", a_posting("100.00"))
    books.synced()
    tied = books.tied(books.money(100_00, JANUARY_10), books.entries()[0].line.id)

    books.stub.edit_quietly("journal_line", posting, description="Deposit of Fjord AS")
    books.synced()

    now = accepted(match(books.context, books.office.owner, books.entity_id, tied.record.id))
    assert now.status is MatchStatus.CONFIRMED
    assert [each.line.description for each in books.entries()] == ["Deposit of Fjord AS"]


@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_in_a_locked_period_a_line_stays_as_it_is_until_the_period_is_open(books: Books, change: str) -> None:
    posting = books.stub.put("journal_line", a_posting("100.00"))
    books.stub.put("journal_line", a_posting("7.00", "2026-02-10"))
    books.synced()
    accepted(lock_period(books.context, books.office.owner, books.entity_id, 0, JANUARY_20, enabled=True))
    if change == "edited":
        books.stub.edit_quietly("journal_line", posting, amount="90.00")
    else:
        books.stub.remove("journal_line", posting)
    books.synced()
    locked = [now.line.minor_units for now in books.entries()]
    (told,) = books.differences()

    accepted(lock_period(books.context, books.office.owner, books.entity_id, 0, JANUARY_20, enabled=False))
    books.synced()

    assert locked == [100_00, 7_00]
    assert told[1] == (-10_00 if change == "edited" else -100_00)
    assert [now.line.minor_units for now in books.entries()] == ([90_00, 7_00] if change == "edited" else [7_00])


def test_a_change_under_a_tick_is_told_by_the_reconciliation_and_by_a_difference(books: Books) -> None:
    here, owner, entity_id = books.context, books.office.owner, books.entity_id
    posting = books.stub.put("journal_line", a_posting("100.00"))
    books.synced()
    made = accepted(open_reconciliation(here, owner, entity_id, books.account.id, JANUARY_20, 100_00))
    accepted(tick(here, owner, entity_id, made.id, tick=[books.entries()[0].line.id]))
    accepted(complete_reconciliation(here, owner, entity_id, made.id))

    books.stub.edit_quietly("journal_line", posting, amount="80.00")
    books.synced()

    (now,) = accepted(reconciliations(here, owner, entity_id, books.account.id))
    assert now.status == "transactions_modified"
    assert books.differences() == [(f"reconciliation:{made.id}", -20_00)]
    assert [each.line.minor_units for each in books.entries()] == [80_00]


def test_an_invoice_that_changed_there_changes_here(books: Books) -> None:
    number = books.stub.put("receivable", an_invoice())
    books.synced()
    instalments = [{"due_date": "2026-01-20", "amount": "100.00"}, {"due_date": "2026-02-20", "amount": "150.00"}]

    books.stub.put("receivable", an_invoice(total="250.00", instalments=instalments), id=number)
    books.synced()

    now = books.only_invoice()
    assert now.invoice.minor_units == 250_00
    assert [each.line.minor_units for each in now.instalments] == [100_00, 150_00]
    assert [each.minor_units for each in now.lines] == [200_00]


@pytest.mark.parametrize(("status", "here"), [("paid", "open"), ("cancelled", "cancelled")])
def test_nobody_waits_for_the_money_of_a_document_that_is_settled_there(books: Books, status: str, here: str) -> None:
    number = books.stub.put("receivable", an_invoice())
    books.synced()

    books.stub.put("receivable", an_invoice(status=status), id=number)
    books.synced()

    now = books.only_invoice()
    assert (now.invoice.status, now.instalments) == (here, ())


def test_what_was_settled_before_it_was_ever_here_is_a_record_alone(books: Books) -> None:
    books.stub.put("receivable", an_invoice(status="paid"))

    books.synced()

    assert accepted(invoices(books.context, books.office.owner, books.entity_id)) == []
    assert [each.status for each in books.records("receivable")] == ["done"]

"""An entity whose books are a company in Tryton: what is there comes here, what is made here goes there, once."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.given_books import BooksElsewhere
from tests.given_jobs import given_empty_queue
from tests.given_matches import accepted
from tests.given_platform import found_connection
from tests.given_store import Clock, given_office
from tests.platforms.tryton.desk import behind_its_back
from tests.platforms.tryton.given import delete_an_entry
from tests.platforms.tryton.office import BANK, COMPANY, SALES, Office, entry, invoice
from tests.platforms.tryton.pushing import bank_balance, state
from tieout.domain.books import Invoice
from tieout.domain.connections import Connection, SyncedRecord
from tieout.domain.match_records import MatchStatus
from tieout.domain.people import Secret
from tieout.platforms import tryton
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.invoices import InvoiceLineRequest, InvoiceNow, InvoiceRequest, create_invoice
from tieout.services.invoices import invoice as invoice_of
from tieout.services.matching import match
from tieout.services.syncing.connections import configure_connection, create_connection, disconnect
from tieout.store.protocols import LineNow

# The stores have tests of their own: what is asked here is what Tryton and the services make of each other.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("store", ["sqlite"], indirect=True)]


def day(text: str) -> int:
    """A day as lines keep it."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


@pytest.fixture
def books(context: Context, clock: Clock, place: Office) -> BooksElsewhere:
    """The books of the company, with its bank account, connected and not synced yet."""
    given_empty_queue(context)
    here = replace(context, platforms=lambda: {"tryton": tryton})
    office = given_office(here)
    request = AccountRequest(kind="bank", name="Bank", currency="NOK", code=BANK)
    account = accepted(open_account(here, office.owner, office.entity_id, request))
    made = accepted(create_connection(here, office.owner, office.entity_id))
    told = configure_connection(here, office.owner, office.entity_id, made.id, "tryton", place.settings, place.secrets)
    return BooksElsewhere(here, office, account, clock, accepted(told))


def record_of(books: BooksElsewhere, object_type: str, **values: object) -> SyncedRecord:
    """The one record of a type that has these values."""
    (found,) = [
        each
        for each in books.records(object_type)
        if all(getattr(each, name) == value for name, value in values.items())
    ]
    return found


def connection_now(books: BooksElsewhere) -> Connection:
    return found_connection(books.context, books.office, books.connection.id)


def kept_invoice(books: BooksElsewhere, invoice_id: int | None) -> InvoiceNow:
    assert invoice_id is not None
    return accepted(invoice_of(books.context, books.office.owner, books.entity_id, invoice_id))


def entry_of(books: BooksElsewhere, place: Office, move_id: int) -> LineNow:
    """The book entry here of what a move posted to the bank."""
    (line,) = place.desk.ids("account.move.line", ["move", "=", move_id], ["account", "=", place.accounts[BANK]])
    (found,) = [each for each in books.entries() if each.line.native_id == str(line)]
    return found


def invoiced(books: BooksElsewhere, number: str) -> Invoice:
    """An invoice over 100.00 with 25 % of tax in it, made here."""
    line = InvoiceLineRequest(
        description="Work", minor_units=80_00, tax_minor_units=20_00, tax_rate_value=2500, account_code=SALES
    )
    request = InvoiceRequest(
        direction="receivable",
        currency="NOK",
        issue_day=day("2026-10-05"),
        number=number,
        counterparty="Nordlys Kafé",
        lines=(line,),
        instalments=((day("2098-01-31"), 100_00),),
    )
    return accepted(create_invoice(books.context, books.office.owner, books.entity_id, request))[0]


def test_a_company_in_tryton_is_here_after_one_sync(place: Office, books: BooksElsewhere) -> None:
    owed = invoice(place, "out", "2026-10-05", "400.00", "", tax=place.sales_tax)
    move = entry(place, "2026-10-07", BANK, SALES, "91.50", "Sale over the counter")

    books.synced()

    connection = connection_now(books)
    assert (connection.status, json.loads(connection.business)["name"], connection.errors) == (
        "connected",
        COMPANY,
        "[]",
    )
    codes = {json.loads(each.content)["nominal_code"]: each.status for each in books.records("ledger_account")}
    assert {code: codes[code] for code in place.accounts} == dict.fromkeys(place.accounts, "done")
    rate = record_of(books, "tax_rate", platform_object_id=str(place.sales_tax))
    party = record_of(books, "customer", platform_object_id=str(place.customer))
    now = kept_invoice(books, record_of(books, "receivable", platform_object_id=str(owed)).own_id)
    assert (now.invoice.minor_units, now.invoice.tax_minor_units, now.invoice.counterparty_id) == (
        500_00,
        100_00,
        party.own_id,
    )
    assert [(each.account_code, each.vat_rate_id) for each in now.lines] == [(SALES, rate.public_id)]
    assert [each.line.minor_units for each in now.instalments] == [500_00]
    booked = entry_of(books, place, move).line
    assert (booked.minor_units, booked.booking_day, booked.description) == (
        91_50,
        day("2026-10-07"),
        "Sale over the counter",
    )


def test_an_invoice_made_here_is_posted_there_with_its_tax_and_paid_by_the_match_of_its_money(
    place: Office, books: BooksElsewhere
) -> None:
    books.synced()
    made = invoiced(books, "S-1")
    books.work_off()
    there = record_of(books, "receivable", own_id=made.id)
    before = bank_balance(place), len(books.lines())

    tied = books.tied(books.money(100_00, day("2026-10-20"), reference="KID 7"), books.instalment(made))
    books.work_off()
    books.synced()

    (row,) = place.desk.rows(
        "account.invoice",
        ["reference", "total_amount", "party", "lines.taxes"],
        ["id", "=", int(there.platform_object_id)],
    )
    assert (row["reference"], row["total_amount"]["decimal"], row["party"]) == ("S-1", "100.00", place.customer)
    assert [line["taxes"] for line in row["lines."]] == [[place.sales_tax]]
    assert state(place, there.platform_object_id) == "paid"
    assert json.loads(record_of(books, "receivable", own_id=made.id).content)["status"] == "paid"
    paid = record_of(books, "payment_record", own_id=tied.record.id)
    (statement,) = place.desk.rows("account.statement", ["state", "name"], ["id", "=", int(paid.platform_object_id)])
    assert (paid.status, statement["state"], statement["name"]) == ("done", "posted", f"tieout {paid.public_id}")
    # What the payment posted there is tied here already, and does not come back as something new.
    assert (bank_balance(place), len(books.lines())) == (before[0] + 100_00, before[1])


def test_money_matched_with_what_was_booked_there_reconciles_it_until_it_is_edited_backdated_or_deleted_there(
    place: Office, books: BooksElsewhere
) -> None:
    moves = [entry(place, "2026-10-21", BANK, SALES, amount, "Sale") for amount in ("10.00", "20.00", "30.00")]
    books.synced()
    booked = [entry_of(books, place, move).line for move in moves]
    before = bank_balance(place), len(books.entries())
    money = [books.money(line.minor_units, day("2026-10-22"), reference="TERMINAL 3") for line in booked]
    tied = [books.tied(each, line.id).record.id for each, line in zip(money, booked, strict=True)]
    books.work_off()

    there = [int(line.native_id) for line in booked]
    reconciled = place.desk.rows("account.move.line", ["reconciliation"], ["id", "in", there])
    pushed = [int(record_of(books, "match", own_id=each).platform_object_id) for each in tied]
    origins = place.desk.rows("account.statement.origin", ["number", "amount"], ["statement", "in", pushed])
    assert all(row["reconciliation"] for row in reconciled)
    assert [(each["number"], each["amount"]["decimal"]) for each in origins] == [
        ("TERMINAL 3", amount) for amount in ("10.00", "20.00", "30.00")
    ]

    edited, backdated, deleted = moves
    changed = "write_date = strftime('%Y-%m-%d %H:%M:%f', 'now')"
    behind_its_back(
        place.server.file,
        f"UPDATE account_move_line SET debit = debit * 2, credit = credit * 2, {changed} WHERE move = {edited}",
        f"UPDATE account_move SET date = '2026-06-21', {changed} WHERE id = {backdated}",
    )
    balance = bank_balance(place)
    delete_an_entry(place, deleted)
    books.synced()

    # What the matches posted there did not come back as something new.
    assert (balance - 10_00, len(books.entries()) + 1) == before
    assert statuses(books, tied) == [MatchStatus.UNDONE] * 3
    assert books.left(*money) == [10_00, 20_00, 30_00]
    assert [entry_of(books, place, move).line.minor_units for move in (edited, backdated)] == [20_00, 20_00]
    assert entry_of(books, place, backdated).line.booking_day == day("2026-06-21")
    assert record_of(books, "journal_line", own_id=booked[2].id).gone
    subjects = [f"match:{each}" for each in tied]
    assert books.differences() == list(zip(subjects, (10_00, 20_00, -30_00), strict=True))
    # The statements that the matches made there are still there.
    assert [json.loads(each.errors)["code"] for each in books.records("match")] == ["undone_here"] * 3


def statuses(books: BooksElsewhere, match_ids: Sequence[int]) -> list[MatchStatus]:
    return [accepted(match(books.context, books.office.owner, books.entity_id, each)).status for each in match_ids]


def test_a_connection_that_is_ended_sends_nothing_and_keeps_no_password(place: Office, books: BooksElsewhere) -> None:
    before = place.desk.ids("account.invoice")
    waiting = invoiced(books, "S-2")

    accepted(disconnect(books.context, books.office.owner, books.entity_id, books.connection.id))
    invoiced(books, "S-3")
    books.work_off(hours=1)

    with books.context.store.reading() as view:
        assert view.all(Secret, organisation_id=books.office.organisation.id) == []
    assert place.desk.ids("account.invoice") == before
    told = record_of(books, "receivable", own_id=waiting.id)
    assert (told.status, json.loads(told.errors)["code"]) == ("error", "disconnected")

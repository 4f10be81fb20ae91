"""Accounts are opened, changed, archived and removed, and say what they hold at a day."""

from typing import Any

import pytest

from tests.given_documents import FIRST_OF_MAY, done, given_account, refused
from tests.given_store import given_office
from tieout.domain.people import Face
from tieout.services.accounts import (
    AccountRequest,
    account,
    accounts,
    balance,
    change_account,
    open_account,
    remove_account,
)
from tieout.services.context import Context
from tieout.services.lines import LineRequest, delete_lines, enter_lines
from tieout.services.period_locks import closed_through, lock_period, locked_through, locks


def test_an_account_is_opened_with_its_starting_balance(context: Context) -> None:
    office = given_office(context)
    request = AccountRequest(
        kind="bank", name="Current", currency="NOK", starting_day=FIRST_OF_MAY, starting_minor_units=500_00
    )

    opened = done(open_account(context, office.preparer, office.entity_id, request))

    assert done(account(context, office.reader, office.entity_id, opened.id)) == opened
    assert (opened.starting_day, opened.starting_minor_units, opened.reconcile_day) == (FIRST_OF_MAY, 500_00, None)


def test_every_fault_of_an_account_is_told_at_once(context: Context) -> None:
    office = given_office(context)
    request = AccountRequest(kind="purse", name=" ", currency="XAU", starting_day=10**9, starting_minor_units=2**63)

    answer = open_account(context, office.preparer, office.entity_id, request)

    assert refused(answer) == [
        ("required", "name"),
        ("not_allowed", "kind"),
        ("unknown_currency", "currency"),
        ("bad_date", "starting_day"),
        ("amount_out_of_range", "starting_minor_units"),
    ]


@pytest.mark.parametrize("text", ["half \ud800", "nul \0", "x" * 10_001])
def test_a_name_that_cannot_be_kept_is_refused(context: Context, text: str) -> None:
    office = given_office(context)

    answer = open_account(
        context, office.preparer, office.entity_id, AccountRequest(kind="bank", name=text, currency="NOK")
    )

    assert refused(answer)[0][1] == "name"


def test_a_number_is_of_one_account_per_currency_until_that_is_archived(context: Context) -> None:
    office = given_office(context)
    first = given_account(context, office, "NO93 1111")
    again = AccountRequest(kind="bank", name="Again", number="NO931111", currency="NOK")

    taken = open_account(context, office.preparer, office.entity_id, again)
    in_euros = given_account(context, office, "NO931111", currency="EUR")
    done(change_account(context, office.preparer, office.entity_id, first, {"archived": True}))
    free = open_account(context, office.preparer, office.entity_id, again)

    assert refused(taken) == [("exists", "number")]
    assert in_euros != first
    assert done(free).number == "NO931111"


def test_archived_accounts_are_listed_only_when_asked_for(context: Context) -> None:
    office = given_office(context)
    first, second = given_account(context, office, "1"), given_account(context, office, "2")
    done(change_account(context, office.preparer, office.entity_id, first, {"archived": True}))

    active = done(accounts(context, office.reader, office.entity_id))
    every = done(accounts(context, office.reader, office.entity_id, archived=True, kinds=("bank", "book")))

    assert [each.id for each in active] == [second]
    assert [each.id for each in every] == [first, second]


def test_what_reconciliations_start_from_is_changed_by_whoever_may_close(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    changes = {"name": "Main", "starting_minor_units": 7, "reconcile_day": FIRST_OF_MAY}

    by_preparer = change_account(context, office.preparer, office.entity_id, account_id, changes)
    by_approver = change_account(context, office.approver, office.entity_id, account_id, changes)

    assert refused(by_preparer) == [("not_permitted", "close")]
    changed = done(by_approver)
    assert (changed.name, changed.starting_minor_units) == ("Main", 7)
    assert (changed.reconcile_day, changed.origin_day) == (FIRST_OF_MAY, FIRST_OF_MAY)


def test_a_preparer_may_send_back_a_starting_balance_that_does_not_differ(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office, starting_minor_units=100)

    answer = change_account(
        context, office.preparer, office.entity_id, account_id, {"name": "New", "starting_minor_units": 100}
    )

    assert done(answer).name == "New"


def test_a_field_that_no_account_can_change_is_refused(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)

    answer = change_account(context, office.owner, office.entity_id, account_id, {"currency": "EUR", "id": 9})

    assert refused(answer) == [("not_allowed", "currency"), ("not_allowed", "id")]


def a_line(account_id: int, minor_units: int, day: int, **more: Any) -> LineRequest:
    """A bank entry in the books, on a day of May."""
    fields: dict[str, Any] = {"side": "ledger", "kind": "bank_entry", "currency": "NOK", **more}
    return LineRequest(account_id=account_id, minor_units=minor_units, booking_day=FIRST_OF_MAY + day - 1, **fields)


def test_an_account_that_ever_had_a_line_is_not_removed(context: Context) -> None:
    office = given_office(context)
    used, empty = given_account(context, office, "1"), given_account(context, office, "2")
    (line,) = done(enter_lines(context, office.preparer, office.entity_id, [a_line(used, 1, 1)]))
    done(delete_lines(context, office.preparer, office.entity_id, [line.id]))
    done(lock_period(context, office.approver, office.entity_id, empty, FIRST_OF_MAY, enabled=True))

    kept = remove_account(context, office.preparer, office.entity_id, used)
    gone = remove_account(context, office.preparer, office.entity_id, empty)

    assert refused(kept) == [("account_in_use", "account")]
    assert done(gone).id == empty
    assert [each.id for each in done(accounts(context, office.reader, office.entity_id))] == [used]
    assert done(locks(context, office.reader, office.entity_id)) == []


def test_the_balance_is_the_starting_balance_and_the_lines_after_its_day_up_to_the_day_asked_for(
    context: Context,
) -> None:
    office = given_office(context)
    account_id = given_account(context, office, starting_day=FIRST_OF_MAY, starting_minor_units=1_000)
    open_item = a_line(account_id, 10_000, 3, kind="receivable")
    lines = [a_line(account_id, 1, 1), a_line(account_id, 20, 2), a_line(account_id, 300, 3), open_item]
    done(enter_lines(context, office.preparer, office.entity_id, lines))

    at_second = balance(context, office.reader, office.entity_id, account_id, "ledger", FIRST_OF_MAY + 1)
    whole = balance(context, office.reader, office.entity_id, account_id, "ledger")
    per_bank = balance(context, office.reader, office.entity_id, account_id, "statement")

    assert (at_second, whole, per_bank) == (1_020, 1_320, 1_000)


def test_the_balance_of_a_foreign_account_counts_book_entries_in_its_own_currency(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office, currency="EUR")
    in_kroner = a_line(account_id, 1_150, 2, foreign_minor_units=100, foreign_currency="EUR", rate="11.5")
    revaluation = a_line(account_id, 33, 3)
    in_euros = a_line(account_id, 5, 4, currency="EUR")
    done(enter_lines(context, office.preparer, office.entity_id, [in_kroner, revaluation, in_euros]))

    assert balance(context, office.reader, office.entity_id, account_id, "ledger") == 105


def test_the_later_of_the_accounts_and_the_entitys_lock_counts(context: Context) -> None:
    office = given_office(context)
    first, second = given_account(context, office, "1"), given_account(context, office, "2")
    done(lock_period(context, office.approver, office.entity_id, 0, FIRST_OF_MAY, enabled=True))
    done(lock_period(context, office.approver, office.entity_id, first, FIRST_OF_MAY + 9, enabled=True))
    done(lock_period(context, office.approver, office.entity_id, second, FIRST_OF_MAY + 9, enabled=True))
    done(lock_period(context, office.approver, office.entity_id, second, FIRST_OF_MAY + 9, enabled=False))

    with context.store.reading() as view:
        days = [locked_through(view, office.entity_id, each) for each in (0, first, second)]
        closed = closed_through(view, office.entity_id, first)

    assert days == [FIRST_OF_MAY, FIRST_OF_MAY + 9, FIRST_OF_MAY]
    assert closed is None
    assert len(done(locks(context, office.reader, office.entity_id))) == 3


def test_a_lock_needs_somebody_who_may_close_and_an_account_that_is_there(context: Context) -> None:
    office = given_office(context)

    by_preparer = lock_period(context, office.preparer, office.entity_id, 0, FIRST_OF_MAY, enabled=True)
    elsewhere = lock_period(context, office.approver, office.entity_id, 2**40, FIRST_OF_MAY, enabled=True)
    no_day = lock_period(context, office.approver, office.entity_id, 0, 10**8, enabled=True)

    assert refused(by_preparer) == [("not_permitted", "close")]
    assert refused(elsewhere) == [("not_found", "account")]
    assert refused(no_day) == [("bad_date", "through_day")]


def test_an_account_of_another_entity_looks_like_none(context: Context) -> None:
    office = given_office(context, face=Face.KASHFLOW)
    account_id = given_account(context, office)

    theirs = account(context, office.stranger, office.stranger_entity.id, account_id)
    unknown = account(context, office.stranger, office.stranger_entity.id, 2**40)

    assert theirs == unknown
    assert refused(theirs) == [("not_found", "account")]

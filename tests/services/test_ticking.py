"""Ticking book entries: which belong on the list of a period, and which stay as they were and why."""

from typing import Any

import pytest

from tests.given_chains import FIRST_DAY, OPENING, end_day_of
from tests.given_reconciliations import Bookkeeping, bookkeeping, codes, done
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.lines import LineRequest, delete_lines, edit_line, enter_lines
from tieout.services.ticking import Ticked, candidates, tick

A_MONTH = end_day_of(1)


@pytest.fixture
def books(context: Context) -> Bookkeeping:
    """An account that nobody reconciled yet."""
    return bookkeeping(context)


def listed(books: Bookkeeping, reconciliation_id: int) -> list[int]:
    """The ids of the lines on the list of a reconciliation."""
    found = done(candidates(books.context, books.approver, books.entity_id, reconciliation_id))
    return [each.line.id for each in found]


def ticked(books: Bookkeeping, reconciliation_id: int, on: list[int], off: list[int] | None = None) -> Ticked:
    """What became of ticking."""
    return done(tick(books.context, books.approver, books.entity_id, reconciliation_id, on, off or []))


def whys(answer: Ticked) -> dict[int, str]:
    """By line why it stayed."""
    return dict(zip(answer.failed, (refusal.code for refusal in answer.refusals), strict=True))


def test_every_entry_up_to_the_end_is_listed_by_day_and_id_however_old(books: Bookkeeping) -> None:
    late, old, last, first = books.book((A_MONTH + 1, 1), (FIRST_DAY - 900, 2), (A_MONTH, 3), (A_MONTH - 9, 4))
    opened = books.open(A_MONTH, OPENING)

    assert listed(books, opened.id) == [old, first, last]
    assert late not in listed(books, opened.id)


def test_what_an_earlier_reconciliation_cleared_is_not_listed_again(books: Bookkeeping) -> None:
    first, lines = books.reconcile(1)
    (left_open,) = books.book((A_MONTH - 2, 9_00))

    second, own = books.reconcile(2, in_progress=True)

    assert listed(books, first.id) == lines
    assert listed(books, second.id) == [left_open, *own]


def test_only_book_entries_of_the_account_are_listed(books: Bookkeeping) -> None:
    account: dict[str, Any] = {
        "account_id": books.account_id,
        "currency": "GBP",
        "minor_units": 5_00,
        "booking_day": FIRST_DAY,
    }
    requests = [
        LineRequest(side="statement", kind="", **account),
        LineRequest(side="ledger", kind="receivable", **account),
        LineRequest(side="ledger", kind="journal_entry_line", **account),
    ]
    lines = [line.id for line in done(enter_lines(books.context, books.approver, books.entity_id, requests))]
    opened = books.open(A_MONTH, OPENING)

    assert listed(books, opened.id) == lines[2:]
    assert whys(ticked(books, opened.id, lines)) == {lines[0]: "line_unknown", lines[1]: "line_unknown"}


def test_the_good_ticks_go_and_the_others_say_why(books: Bookkeeping) -> None:
    cleared = books.reconcile(1)[1][0]
    good, late = books.book((A_MONTH, 1_00), (end_day_of(2) + 1, 1_00))
    other = done(
        open_account(
            books.context, books.approver, books.entity_id, AccountRequest(kind="bank", name="Till", currency="GBP")
        )
    )
    elsewhere = Bookkeeping(books.context, books.office, other.id, books.approver).book((A_MONTH, 1_00))[0]
    opened = books.open(end_day_of(2), OPENING)

    answer = ticked(books, opened.id, [good, late, cleared, elsewhere, 10**15], [cleared, elsewhere])

    assert whys(answer) == {
        late: "line_after_end",
        cleared: "both_given",
        elsewhere: "both_given",
        10**15: "line_unknown",
    }
    assert books.now()[1].cleared_minor_units == 1_00


def test_a_line_that_another_reconciliation_cleared_names_it(books: Bookkeeping) -> None:
    first, (line, _) = books.reconcile(1)
    opened = books.open(end_day_of(2), OPENING)

    on, off = ticked(books, opened.id, [line]), ticked(books, opened.id, [], [line])

    assert whys(on) == whys(off) == {line: "line_cleared"}
    assert on.refusals[0].fact("reconciliation") == str(first.id)


def test_ticking_twice_and_releasing_what_is_not_ticked_are_no_failures(books: Bookkeeping) -> None:
    one, other = books.book((A_MONTH, 1_00), (A_MONTH, 2_00))
    opened = books.open(A_MONTH, OPENING)

    answers = [
        ticked(books, opened.id, [one, one], [other]),
        ticked(books, opened.id, [one], [other]),
        ticked(books, opened.id, [], [one, one]),
        ticked(books, opened.id, [], [one]),
    ]

    assert [answer.failed for answer in answers] == [()] * 4
    assert books.now()[0].cleared_lines == 0


def test_outside_an_incomplete_reconciliation_every_line_stays(books: Bookkeeping) -> None:
    first, lines = books.reconcile(1)
    fresh = books.book((A_MONTH, 1_00))

    answer = ticked(books, first.id, fresh, lines)

    assert whys(answer) == dict.fromkeys(sorted([*fresh, *lines]), "not_in_progress")
    assert books.faults() == {}


def test_where_all_or_nothing_is_asked_one_failure_keeps_every_line_as_it_was(books: Bookkeeping) -> None:
    good = books.book((A_MONTH, 1_00))
    opened = books.open(A_MONTH, OPENING)

    answer = tick(books.context, books.approver, books.entity_id, opened.id, [*good, 10**15], partial=False)

    assert codes(answer) == ("line_unknown",)
    assert books.now()[0].cleared_lines == 0


def test_a_ticked_line_that_was_deleted_can_be_released_and_no_longer_counts(books: Bookkeeping) -> None:
    line, other = books.book((A_MONTH, 1_00), (A_MONTH, 2_00))
    opened = books.open(A_MONTH, OPENING + 2_00)
    books.tick(opened.id, [line, other])

    done(delete_lines(books.context, books.approver, books.entity_id, [line]))

    assert books.now()[0].cleared_minor_units == 2_00
    assert ticked(books, opened.id, [], [line]).failed == ()
    books.complete(opened.id)
    assert books.faults() == {}


def test_a_ticked_line_edited_before_completion_counts_as_it_is_then(books: Bookkeeping) -> None:
    (line,) = books.book((A_MONTH, 1_00))
    opened = books.open(A_MONTH, OPENING + 4_00)
    books.tick(opened.id, [line])

    done(edit_line(books.context, books.approver, books.entity_id, line, {"minor_units": 4_00}))
    books.complete(opened.id)

    assert books.faults() == {}
    assert books.now()[0].cleared_minor_units == 4_00


def test_more_lines_than_one_call_may_carry_are_refused(books: Bookkeeping) -> None:
    opened = books.open(A_MONTH, OPENING)

    answer = tick(books.context, books.approver, books.entity_id, opened.id, range(1, 10_002))

    assert codes(answer) == ("too_many",)


def test_an_account_in_foreign_currency_is_reconciled_by_what_its_entries_move_there(context: Context) -> None:
    books = bookkeeping(context, currency="NOK")
    shared: dict[str, Any] = {
        "side": "ledger",
        "account_id": books.account_id,
        "booking_day": A_MONTH,
        "currency": "NOK",
    }
    requests = [
        LineRequest(
            kind="customer_payment",
            minor_units=1_300_00,
            foreign_minor_units=100_00,
            foreign_currency="GBP",
            rate="13",
            **shared,
        ),
        LineRequest(kind="journal_entry_line", minor_units=44_00, **shared),
    ]
    payment, revaluation = (line.id for line in done(enter_lines(context, books.approver, books.entity_id, requests)))
    opened = books.open(A_MONTH, OPENING + 100_00)

    books.tick(opened.id, [payment, revaluation])

    assert books.now()[0].left_minor_units == 0
    assert books.complete(opened.id).done

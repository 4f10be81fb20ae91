"""What a completed reconciliation closes: nothing in its days is tied or undone until it is reopened (P8)."""

import pytest

from tests.given_chains import OPENING, end_day_of
from tests.given_reconciliations import Bookkeeping, bookkeeping, codes, done
from tieout.domain.lines import Origin
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.services.context import Context, Denied
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.reconciling_completion import reopen_reconciliation

A_MONTH = end_day_of(1)


@pytest.fixture
def books(context: Context) -> Bookkeeping:
    """An account that nobody reconciled yet."""
    return bookkeeping(context)


def banked(books: Bookkeeping, day: int, minor_units: int) -> int:
    """A line that the bank reports."""
    request = LineRequest(
        side="statement",
        kind="",
        account_id=books.account_id,
        currency="GBP",
        minor_units=minor_units,
        booking_day=day,
    )
    (line,) = done(enter_lines(books.context, books.approver, books.entity_id, [request], Origin.FEED))
    return line.id


def tied(books: Bookkeeping, *lines: int) -> StoredMatch | Denied:
    """The answer to tying all of these lines."""
    request = MatchRequest(allocations=tuple(AllocationRequest(line_id=line) for line in lines))
    return make_match(books.context, books.approver, books.entity_id, request)


def undone(books: Bookkeeping, match: StoredMatch) -> StoredMatch | Denied:
    """The answer to undoing a match."""
    return undo_match(books.context, books.approver, books.entity_id, match.record.id, "a wrong pair")


def closed(books: Bookkeeping) -> int:
    """Close the first month with nothing cleared; the reconciliation."""
    return books.complete(books.open(A_MONTH, OPENING).id).id


def test_lines_of_a_closed_period_are_tied_after_it_is_reopened_and_not_before(books: Bookkeeping) -> None:
    line, (entry,) = banked(books, A_MONTH, 5_00), books.book((A_MONTH - 1, 5_00))
    period = closed(books)

    refused = tied(books, line, entry)
    done(reopen_reconciliation(books.context, books.approver, books.entity_id, period, "a late statement"))

    assert codes(refused) == ("period_closed",)
    assert done(tied(books, line, entry)).status is MatchStatus.CONFIRMED


def test_a_match_inside_a_closed_period_stays_until_it_is_reopened(books: Bookkeeping) -> None:
    line, (entry,) = banked(books, A_MONTH, 5_00), books.book((A_MONTH - 1, 5_00))
    match = done(tied(books, line, entry))
    period = closed(books)

    refused = undone(books, match)
    done(reopen_reconciliation(books.context, books.approver, books.entity_id, period, "a wrong pair"))

    assert codes(refused) == ("period_closed",)
    assert done(undone(books, match)).status is MatchStatus.UNDONE


def test_a_cheque_of_a_closed_period_that_the_bank_paid_later_is_tied_in_the_open_one(books: Bookkeeping) -> None:
    (cheque,) = books.book((A_MONTH - 1, -5_00))
    closed(books)

    match = done(tied(books, banked(books, A_MONTH + 4, -5_00), cheque))

    assert match.status is MatchStatus.CONFIRMED
    assert done(undone(books, match)).status is MatchStatus.UNDONE

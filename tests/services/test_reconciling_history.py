"""History from another system, and corrections of complete reconciliations: what is refused and what is accepted."""

import pytest

from tests.given_chains import FIRST_DAY, OPENING, end_day_of
from tests.given_reconciliations import Bookkeeping, bookkeeping, codes, done
from tieout.domain.reconciling import Reconciliation
from tieout.services.context import Context, Denied
from tieout.services.lines import edit_line
from tieout.services.reconciling_correction import CorrectionRequest, correct_reconciliation
from tieout.services.reconciling_history import ImportedPeriod, import_chain

A_MONTH = end_day_of(1)


@pytest.fixture
def books(context: Context) -> Bookkeeping:
    """An account that nobody reconciled yet."""
    return bookkeeping(context)


def imported(books: Bookkeeping, *periods: ImportedPeriod) -> list[Reconciliation] | Denied:
    """The answer to importing periods."""
    return import_chain(books.context, books.approver, books.entity_id, books.account_id, periods)


def a_period(first: int, last: int, opening: int, closing: int, *lines: int) -> ImportedPeriod:
    """A period from one day after the first to another, with its balances."""
    return ImportedPeriod(
        start_day=FIRST_DAY + first,
        end_day=FIRST_DAY + last,
        start_minor_units=opening,
        end_minor_units=closing,
        line_ids=lines,
    )


def test_faults_of_imported_periods_are_told_together_with_their_place_and_nothing_is_kept(
    books: Bookkeeping,
) -> None:
    entry, late = books.book((FIRST_DAY + 3, 5_00), (FIRST_DAY + 99, 5_00))

    refused = imported(
        books,
        a_period(0, 10, OPENING, OPENING + 5_00, entry),
        a_period(20, 10, OPENING, OPENING),
        a_period(10, 30, OPENING, OPENING, entry, late, 10**15),
        a_period(30, 40, OPENING, OPENING + 1, *books.book((FIRST_DAY + 35, 2))),
    )

    assert isinstance(refused, Denied)
    assert [(each.code, each.concerns) for each in refused.refusals] == [
        ("end_before_start", "periods[1].end_day"),
        ("twice", "periods[2].line_ids[0]"),
        ("line_after_end", "periods[2].line_ids[1]"),
        ("line_unknown", "periods[2].line_ids[2]"),
        ("does_not_add_up", "periods[3]"),
    ]
    assert books.now() == []


def test_history_waits_for_the_reconciliation_in_progress_and_comes_once(books: Bookkeeping) -> None:
    done(imported(books, a_period(0, 10, OPENING, 0)))

    again = imported(books, a_period(0, 10, OPENING, 0))
    books.open(A_MONTH, 0)
    beside = imported(books, a_period(10, 20, 0, 0))

    assert codes(again) == ("exists",)
    assert codes(beside) == ("reconciliation_in_progress",)


def test_a_correction_must_add_up_keep_its_place_and_say_why(books: Bookkeeping) -> None:
    first, lines = books.reconcile(1)
    books.reconcile(2)

    def corrected(**changes: int | str | tuple[int, ...]) -> Reconciliation | Denied:
        request = CorrectionRequest(**{"reason": "misread", **changes})  # type: ignore[arg-type]
        return correct_reconciliation(books.context, books.approver, books.entity_id, first.id, request)

    assert codes(corrected(end_minor_units=0)) == ("does_not_add_up",)
    assert codes(corrected(end_day=A_MONTH + 1)) == ("not_latest",)
    assert codes(corrected(end_day=FIRST_DAY - 1)) == ("end_before_start", "not_latest")
    assert codes(corrected(reason=" ", tick=(10**15,), untick=(lines[0], 10**15))) == (
        "required",
        "both_given",
        "line_unknown",
        "line_unknown",
    )
    assert books.faults() == {}


def test_a_correction_accepts_lines_as_they_are_now_where_it_adds_up(books: Bookkeeping) -> None:
    first, lines = books.reconcile(1)
    done(edit_line(books.context, books.approver, books.entity_id, lines[0], {"minor_units": 71_00}))
    request = CorrectionRequest(reason="the bank paid 71.00", end_minor_units=OPENING + 51_00)

    done(correct_reconciliation(books.context, books.approver, books.entity_id, first.id, request))

    assert books.faults() == {}
    assert books.now()[0].cleared_minor_units == 51_00


def test_the_latest_may_be_corrected_to_another_end_day_behind_its_predecessor(books: Bookkeeping) -> None:
    books.reconcile(1)
    second, _ = books.reconcile(2)

    def ends(day: int) -> Reconciliation | Denied:
        request = CorrectionRequest(reason="misread", start_day=min(day, A_MONTH), end_day=day)
        return correct_reconciliation(books.context, books.approver, books.entity_id, second.id, request)

    assert codes(ends(A_MONTH - 1)) == ("not_allowed",)
    assert done(ends(end_day_of(2) + 1)).end_day == end_day_of(2) + 1
    assert books.account().reconcile_day == end_day_of(2) + 1
    assert books.faults() == {}

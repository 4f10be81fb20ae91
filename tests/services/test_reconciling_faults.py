"""Each of the seven statuses over both stores: its cause, the one reconciliation that shows it, and its repair."""

from typing import Any

import pytest

from tests.given_chains import FIRST_DAY, OPENING, end_day_of
from tests.given_reconciliations import Bookkeeping, GivenHistory, a_history, bookkeeping, done
from tieout.domain.reconciliation_status import Status
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.lines import delete_lines, edit_line, restore_line
from tieout.services.reconciling import change_end, delete_reconciliation
from tieout.services.reconciling_completion import reopen_reconciliation
from tieout.services.reconciling_correction import CorrectionRequest, correct_reconciliation
from tieout.services.reconciling_history import ImportedPeriod


@pytest.fixture
def history(context: Context) -> GivenHistory:
    """24 complete periods."""
    return a_history(context)


def edit(books: Bookkeeping, line_id: int, **changes: object) -> None:
    """Edit a line."""
    done(edit_line(books.context, books.approver, books.entity_id, line_id, changes))


def test_a_chain_of_24_periods_is_complete_throughout(history: GivenHistory) -> None:
    found = history.books.now()

    assert [each.status for each in found] == [Status.COMPLETE] * 24
    assert [each.reconciliation.id for each in found] == [each.id for each in history.reconciliations]
    assert [each.latest for each in found] == [False] * 23 + [True]
    assert history.books.account().reconcile_day == end_day_of(24)


def test_a_reopened_reconciliation_is_incomplete_until_it_is_completed_again(history: GivenHistory) -> None:
    books, last = history.books, history.reconciliations[23]

    done(reopen_reconciliation(books.context, books.approver, books.entity_id, last.id, "a cheque was forgotten"))

    assert books.faults() == {24: (Status.INCOMPLETE, (), None)}
    assert books.account().reconcile_day == end_day_of(23)
    books.complete(last.id)
    assert books.faults() == {}
    assert books.account().reconcile_day == end_day_of(24)


@pytest.mark.parametrize(
    ("field", "wrong", "right", "number", "status", "delta"),
    [
        ("starting_day", FIRST_DAY + 6, FIRST_DAY, 1, Status.OVERLAPS_PREVIOUS, 6),
        ("starting_day", FIRST_DAY - 6, FIRST_DAY, 1, Status.RECONCILE_DATE_CHANGED, -6),
        ("reconcile_day", end_day_of(22), end_day_of(24), 24, Status.RECONCILE_DATE_CHANGED, -60),
        ("reconcile_day", None, end_day_of(24), 24, Status.RECONCILE_DATE_CHANGED, None),
        ("starting_minor_units", OPENING + 1, OPENING, 1, Status.STARTING_BALANCE_CHANGED, 1),
    ],
)
def test_a_changed_field_of_the_account_shows_on_one_reconciliation_and_heals(
    history: GivenHistory, field: str, wrong: int | None, right: int, number: int, status: Status, delta: int | None
) -> None:
    history.books.change_account(**{field: wrong})

    assert history.books.faults() == {number: (status, (f"account.{field}",), delta)}
    history.books.change_account(**{field: right})
    assert history.books.faults() == {}


def test_a_correction_of_one_period_shows_on_its_successor_until_it_is_taken_back(history: GivenHistory) -> None:
    books, tenth = history.books, history.reconciliations[9]
    (forgotten,) = books.book((end_day_of(10) - 1, 4_25))
    to = tenth.end_minor_units
    right = CorrectionRequest(reason="a deposit was forgotten", end_minor_units=to + 4_25, tick=(forgotten,))
    back = CorrectionRequest(reason="it belongs to the next one", end_minor_units=to, untick=(forgotten,))

    done(correct_reconciliation(books.context, books.approver, books.entity_id, tenth.id, right))

    assert books.faults() == {11: (Status.STARTING_BALANCE_CHANGED, (f"reconciliation:{tenth.id}",), 4_25)}
    done(correct_reconciliation(books.context, books.approver, books.entity_id, tenth.id, back))
    assert books.faults() == {}


def period(number: int, **changes: int) -> ImportedPeriod:
    """A period of a chain whose movements stayed in the other system."""
    values: dict[str, Any] = {
        "start_day": end_day_of(number - 1),
        "start_minor_units": OPENING + (number - 1) * 50_00,
        "end_day": end_day_of(number),
        "end_minor_units": OPENING + number * 50_00,
    }
    return ImportedPeriod(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "status", "delta"),
    [
        ({"start_day": end_day_of(11) - 7}, Status.OVERLAPS_PREVIOUS, 7),
        ({"start_day": end_day_of(11) + 7}, Status.RECONCILE_DATE_CHANGED, -7),
        ({"start_minor_units": 0}, Status.INCORRECT_STARTING_BALANCE, OPENING + 11 * 50_00),
    ],
)
def test_imported_history_that_does_not_fit_says_where_and_heals_when_corrected(
    context: Context, changes: dict[str, int], status: Status, delta: int
) -> None:
    books = bookkeeping(context)
    chain = books.import_chain(*(period(number, **changes if number == 12 else {}) for number in range(1, 25)))
    fitting = CorrectionRequest(
        reason="as the old system printed it",
        start_day=end_day_of(11),
        start_minor_units=OPENING + 11 * 50_00,
    )

    assert books.faults() == {12: (status, (f"reconciliation:{chain[10].id}",), delta)}
    done(correct_reconciliation(books.context, books.approver, books.entity_id, chain[11].id, fitting))
    assert books.faults() == {}


@pytest.mark.parametrize(
    ("changes", "repair", "delta"),
    [
        ({"minor_units": 71_00}, {"minor_units": 70_00}, 1_00),
        ({"minor_units": -70_00}, {"minor_units": 70_00}, -140_00),
        ({"booking_day": end_day_of(3)}, {"booking_day": end_day_of(15) - 3}, 0),
    ],
)
def test_an_edited_cleared_line_shows_on_its_reconciliation_and_heals(
    history: GivenHistory, changes: dict[str, object], repair: dict[str, object], delta: int
) -> None:
    line = history.lines[14][0]

    edit(history.books, line, **changes)

    assert history.books.faults() == {15: (Status.TRANSACTIONS_MODIFIED, (f"line:{line}",), delta)}
    edit(history.books, line, **repair)
    assert history.books.faults() == {}


def test_a_cleared_line_that_moved_to_another_account_shows_where_it_was_cleared(history: GivenHistory) -> None:
    books, line = history.books, history.lines[22][1]
    request = AccountRequest(kind="bank", name="Savings", currency="GBP")
    other = done(open_account(books.context, books.approver, books.entity_id, request))

    edit(books, line, account_id=other.id)

    assert books.faults() == {23: (Status.TRANSACTIONS_MODIFIED, (f"line:{line}",), 20_00)}
    edit(books, line, account_id=books.account_id)
    assert books.faults() == {}


def test_a_deleted_cleared_line_shows_until_it_is_restored(history: GivenHistory) -> None:
    books, line = history.books, history.lines[4][0]

    done(delete_lines(books.context, books.approver, books.entity_id, [line]))

    assert books.faults() == {5: (Status.TRANSACTIONS_MODIFIED, (f"line:{line}",), -70_00)}
    done(restore_line(books.context, books.approver, books.entity_id, line))
    assert books.faults() == {}


def test_another_text_on_a_cleared_line_is_nothing(history: GivenHistory) -> None:
    edit(history.books, history.lines[7][0], description="corrected payee", counterparty="Wren & Sons")

    assert history.books.faults() == {}


def test_a_new_line_dated_back_into_a_closed_period_is_no_fault(history: GivenHistory) -> None:
    history.books.book((end_day_of(6), 12_00))

    assert history.books.faults() == {}


def test_faults_of_several_causes_each_stand_where_they_belong(history: GivenHistory) -> None:
    books, line = history.books, history.lines[1][0]

    books.change_account(starting_minor_units=0, reconcile_day=end_day_of(1))
    edit(books, line, minor_units=1)

    assert books.faults() == {
        1: (Status.STARTING_BALANCE_CHANGED, ("account.starting_minor_units",), -OPENING),
        2: (Status.TRANSACTIONS_MODIFIED, (f"line:{line}",), 1 - 70_00),
        24: (Status.RECONCILE_DATE_CHANGED, ("account.reconcile_day",), end_day_of(1) - end_day_of(24)),
    }


def test_deleting_the_last_one_sets_the_reconcile_day_back_and_leaves_the_others_complete(
    history: GivenHistory,
) -> None:
    books, last = history.books, history.reconciliations[23]

    done(delete_reconciliation(books.context, books.approver, books.entity_id, last.id))

    assert books.account().reconcile_day == end_day_of(23)
    assert books.faults() == {}
    assert len(books.now()) == 23


def test_another_end_reopens_the_last_one_and_it_begins_where_its_predecessor_ends_by_now(
    history: GivenHistory,
) -> None:
    books, last, before = history.books, history.reconciliations[23], history.reconciliations[22]
    (forgotten,) = books.book((end_day_of(23) - 1, 5_00))
    correction = CorrectionRequest(
        reason="a deposit was forgotten", end_minor_units=before.end_minor_units + 5_00, tick=(forgotten,)
    )
    done(correct_reconciliation(books.context, books.approver, books.entity_id, before.id, correction))
    assert books.faults() == {24: (Status.STARTING_BALANCE_CHANGED, (f"reconciliation:{before.id}",), 5_00)}

    changed = done(
        change_end(
            books.context, books.approver, books.entity_id, last.id,
            end_minor_units=last.end_minor_units + 5_00, reason="its opening was corrected",
        )
    )  # fmt: skip

    assert changed.start_minor_units == before.end_minor_units + 5_00
    assert books.faults() == {24: (Status.INCOMPLETE, (), None)}
    books.complete(last.id)
    assert books.faults() == {}

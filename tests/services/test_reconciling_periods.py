"""Opening, completing, reopening and deleting reconciliations: what is needed, what is refused, what is kept."""

from dataclasses import replace

import pytest

from tests.given_chains import FIRST_DAY, OPENING, end_day_of
from tests.given_reconciliations import Bookkeeping, bookkeeping, codes, done
from tieout.domain.people import Principal
from tieout.domain.reconciliation_status import Status
from tieout.domain.reconciling import Reconciliation
from tieout.services.context import Context, Denied
from tieout.services.people.settings import set_setting
from tieout.services.period_locks import lock_period
from tieout.services.reconciling import (
    NextPeriod,
    change_end,
    delete_reconciliation,
    next_period,
    open_reconciliation,
)
from tieout.services.reconciling_chain import reconciliation, reconciliations, steps
from tieout.services.reconciling_completion import complete_reconciliation, reopen_reconciliation
from tieout.services.reconciling_correction import CorrectionRequest, correct_reconciliation
from tieout.services.ticking import tick
from tieout.store.errors import Conflict
from tieout.store.protocols import Scope

A_MONTH = end_day_of(1)


@pytest.fixture
def books(context: Context) -> Bookkeeping:
    """An account that nobody reconciled yet."""
    return bookkeeping(context)


def opened(books: Bookkeeping, end_day: int = A_MONTH, end: int = OPENING, **more: bool) -> Reconciliation | Denied:
    """The answer to opening a reconciliation."""
    return open_reconciliation(books.context, books.approver, books.entity_id, books.account_id, end_day, end, **more)


def reopened(books: Bookkeeping, number: int, reason: str = "forgotten") -> Reconciliation | Denied:
    """The answer to reopening a reconciliation."""
    return reopen_reconciliation(books.context, books.approver, books.entity_id, number, reason)


def four_eyes(books: Bookkeeping) -> None:
    """From now on a second person is needed."""
    done(set_setting(books.context, books.office.owner, "four_eyes", "on", entity_id=books.entity_id))


def test_the_first_period_begins_where_the_account_begins_and_the_next_where_it_ends(books: Bookkeeping) -> None:
    ask = (books.context, books.approver, books.entity_id, books.account_id)
    first = done(next_period(*ask))

    books.reconcile(1)

    assert first == NextPeriod(in_progress_id=None, start_day=FIRST_DAY, start_minor_units=OPENING)
    following = NextPeriod(in_progress_id=None, start_day=end_day_of(1), start_minor_units=OPENING + 50_00)
    assert next_period(*ask) == following
    second, _ = books.reconcile(2, in_progress=True)
    assert next_period(*ask) == NextPeriod(in_progress_id=second.id, start_day=None, start_minor_units=None)


def test_a_reconcile_day_set_before_the_first_one_is_where_it_begins(books: Bookkeeping) -> None:
    books.change_account(reconcile_day=FIRST_DAY + 10)

    first = books.open(A_MONTH, OPENING)

    assert first.start_day == FIRST_DAY + 10
    completed = books.complete(first.id)
    assert books.faults() == {}
    assert books.account().reconcile_day == A_MONTH
    done(reopened(books, completed.id))
    assert books.account().reconcile_day == FIRST_DAY + 10


def test_an_account_without_a_starting_day_begins_on_the_day_that_stands_for_never(context: Context) -> None:
    books = bookkeeping(context, starting_day=None, opening=0)

    first = books.complete(books.open(A_MONTH, 0).id)

    assert first.start_day == 0
    done(delete_reconciliation(books.context, books.approver, books.entity_id, first.id))
    assert books.account().reconcile_day is None


def test_only_one_reconciliation_of_an_account_is_incomplete(books: Bookkeeping) -> None:
    first = done(opened(books))

    refused = opened(books, end_day_of(2))

    assert codes(refused) == ("reconciliation_in_progress",)
    assert isinstance(refused, Denied)
    assert refused.refusals[0].fact("reconciliation") == str(first.id)


def test_the_store_itself_keeps_a_second_incomplete_one_out(books: Bookkeeping) -> None:
    first = done(opened(books))

    with pytest.raises(Conflict):
        add_another(books, first)

    assert len(books.now()) == 1


def add_another(books: Bookkeeping, first: Reconciliation) -> None:
    """Write a second incomplete reconciliation past every service."""
    scope = Scope("entity", books.entity_id)
    with books.context.store.writing(scope, "somebody", "open_reconciliation", 0) as work:
        work.add(replace(first, id=work.new_ids(Reconciliation)[0]))


def test_every_broken_rule_of_an_opening_is_told_at_once(books: Bookkeeping) -> None:
    done(opened(books))

    assert codes(opened(books, FIRST_DAY - 1, 2**63)) == (
        "reconciliation_in_progress",
        "end_before_start",
        "amount_out_of_range",
    )
    assert codes(opened(books, 2**40)) == ("reconciliation_in_progress", "bad_date")


def test_a_reconciliation_that_does_not_add_up_stays_incomplete_and_says_what_is_left(books: Bookkeeping) -> None:
    entries = books.book((A_MONTH, 70_00))
    first = books.open(A_MONTH, OPENING + 69_00)
    books.tick(first.id, entries)

    refused = complete_reconciliation(books.context, books.approver, books.entity_id, first.id)

    assert codes(refused) == ("does_not_add_up",)
    assert isinstance(refused, Denied)
    assert refused.refusals[0].fact("left") == "-1.00"
    assert books.faults() == {1: (Status.INCOMPLETE, (), None)}
    assert books.now()[0].left_minor_units == -1_00


def test_a_reconciliation_opened_as_done_is_complete_or_not_there(books: Bookkeeping) -> None:
    assert codes(opened(books, A_MONTH, OPENING + 1, done=True)) == ("does_not_add_up",)
    assert books.now() == []

    first = done(opened(books, A_MONTH, OPENING, done=True))

    assert first.done
    assert books.faults() == {}


def test_what_is_complete_cannot_be_completed_again(books: Bookkeeping) -> None:
    first, _ = books.reconcile(1)

    answer = complete_reconciliation(books.context, books.approver, books.entity_id, first.id)

    assert codes(answer) == ("not_in_progress",)


def test_only_the_latest_is_reopened_deleted_or_gets_another_end(books: Bookkeeping) -> None:
    first, _ = books.reconcile(1)
    books.reconcile(2)
    of_first = (books.context, books.approver, books.entity_id, first.id)

    answers = (
        reopened(books, first.id),
        delete_reconciliation(*of_first),
        change_end(*of_first, end_day=A_MONTH + 1, reason="a day later"),
    )

    assert [codes(answer) for answer in answers] == [("not_latest",)] * 3
    assert books.faults() == {}


def test_while_one_is_in_progress_the_complete_one_before_it_stays(books: Bookkeeping) -> None:
    first, _ = books.reconcile(1)
    done(opened(books, end_day_of(2)))

    assert codes(reopened(books, first.id)) == ("not_latest",)


def test_reopening_needs_a_reason_which_is_kept(books: Bookkeeping) -> None:
    first, lines = books.reconcile(1)
    assert codes(reopened(books, first.id, "  ")) == ("required",)

    done(reopened(books, first.id, "a cheque was forgotten"))

    found = done(steps(books.context, books.approver, books.entity_id, first.id))
    assert [(each.number, each.step, each.reason) for each in found] == [
        (1, "completed", ""),
        (2, "reopened", "a cheque was forgotten"),
    ]
    assert books.now()[0].cleared_lines == len(lines)


def test_another_end_of_a_complete_one_needs_a_reason(books: Bookkeeping) -> None:
    first, _ = books.reconcile(1)
    of_first = (books.context, books.approver, books.entity_id, first.id)

    assert codes(change_end(*of_first, end_day=A_MONTH + 2)) == ("required",)
    changed = done(change_end(*of_first, end_day=A_MONTH + 2, reason="the statement closes later"))

    assert (changed.end_day, changed.done) == (A_MONTH + 2, False)
    assert codes(change_end(*of_first)) == ("required",)


def test_an_end_may_move_before_a_ticked_line_which_then_waits_for_the_next_period(books: Bookkeeping) -> None:
    early, late = books.book((FIRST_DAY + 5, 10_00), (A_MONTH, 20_00))
    first = books.open(A_MONTH, OPENING + 10_00)
    books.tick(first.id, [early, late])

    done(change_end(books.context, books.approver, books.entity_id, first.id, end_day=A_MONTH - 1))

    assert books.complete(first.id).done
    second = books.open(end_day_of(2), OPENING + 30_00)
    books.tick(second.id, [late])
    assert books.complete(second.id).done
    assert books.faults() == {}


def test_a_deleted_reconciliation_releases_its_lines_and_leaves_who_deleted_it(books: Bookkeeping) -> None:
    first, lines = books.reconcile(1)

    done(delete_reconciliation(books.context, books.approver, books.entity_id, first.id, "opened by mistake"))

    found = done(steps(books.context, books.approver, books.entity_id, first.id))
    assert (found[-1].step, found[-1].reason, found[-1].by) == (
        "deleted",
        "opened by mistake",
        books.approver.name,
    )
    again = books.open(A_MONTH, OPENING + 50_00)
    books.tick(again.id, lines)
    assert books.complete(again.id).done


def test_a_starting_balance_changed_while_the_first_is_in_progress_moves_its_opening_along(books: Bookkeeping) -> None:
    first, _ = books.reconcile(1, in_progress=True)

    books.change_account(starting_minor_units=OPENING + 1_00)

    assert books.now()[0].reconciliation.start_minor_units == OPENING + 1_00
    refused = complete_reconciliation(books.context, books.approver, books.entity_id, first.id)
    assert codes(refused) == ("does_not_add_up",)
    change = change_end(books.context, books.approver, books.entity_id, first.id, end_minor_units=OPENING + 51_00)
    assert done(change).start_minor_units == OPENING + 1_00
    assert books.complete(first.id).agreed_with_previous
    assert books.faults() == {}


def test_in_locked_days_nothing_is_opened_ticked_completed_reopened_or_deleted(books: Bookkeeping) -> None:
    books.reconcile(1)
    second, lines = books.reconcile(2, in_progress=True)
    done(lock_period(books.context, books.approver, books.entity_id, books.account_id, end_day_of(2), enabled=True))
    of_second = (books.context, books.approver, books.entity_id, second.id)

    answers = (
        complete_reconciliation(*of_second),
        delete_reconciliation(*of_second),
        change_end(*of_second, end_minor_units=0),
        tick(*of_second, untick=lines, partial=False),
    )

    assert [set(codes(answer)) for answer in answers] == [{"period_locked"}] * 4
    done(change_end(*of_second, end_day=end_day_of(3)))
    books.complete(second.id)
    assert books.faults() == {}


def test_under_four_eyes_nobody_closes_what_they_ticked_or_reopens_what_they_closed(books: Bookkeeping) -> None:
    first, _ = books.reconcile(1, in_progress=True)
    four_eyes(books)
    owner = books.office.owner

    alone = complete_reconciliation(books.context, books.approver, books.entity_id, first.id)
    completed = done(complete_reconciliation(books.context, owner, books.entity_id, first.id))

    assert codes(alone) == ("second_person_needed",)
    assert completed.completed_by == owner.name
    again = reopen_reconciliation(books.context, owner, books.entity_id, first.id, "forgotten")
    deleted = delete_reconciliation(books.context, owner, books.entity_id, first.id)
    correction = CorrectionRequest(reason="forgotten")
    corrected = correct_reconciliation(books.context, owner, books.entity_id, first.id, correction)
    assert [codes(answer) for answer in (again, deleted, corrected)] == [("second_person_needed",)] * 3
    assert done(reopened(books, first.id)).done is False


def test_a_reader_reads_a_preparer_ticks_and_an_approver_closes(books: Bookkeeping) -> None:
    first, lines = books.reconcile(1, in_progress=True)
    more = books.book((A_MONTH, 1_00))

    def may(principal: Principal) -> list[bool]:
        of_first = (books.context, principal, books.entity_id, first.id)
        answers: list[object] = [
            reconciliation(*of_first),
            tick(*of_first, more, ()),
            tick(*of_first, (), more),
            complete_reconciliation(*of_first),
        ]
        return [not isinstance(answer, Denied) for answer in answers]

    assert may(books.office.reader) == [True, False, False, False]
    assert may(books.office.preparer) == [True, True, True, False]
    assert may(books.office.approver) == [True, True, True, True]
    assert len(lines) == books.now()[0].cleared_lines


def test_what_another_office_reconciles_does_not_exist_for_a_stranger(books: Bookkeeping) -> None:
    first, _ = books.reconcile(1)
    stranger, own = books.office.stranger, books.office.stranger_entity.id

    answers = (
        reconciliation(books.context, stranger, books.entity_id, first.id),
        reconciliation(books.context, stranger, own, first.id),
        reconciliation(books.context, stranger, own, first.id + 10_000),
        reopen_reconciliation(books.context, stranger, own, first.id, "curious"),
        tick(books.context, stranger, own, first.id),
        reconciliations(books.context, stranger, own, books.account_id),
        open_reconciliation(books.context, stranger, own, books.account_id, A_MONTH, 0),
    )

    assert [codes(answer) for answer in answers] == [("not_found",)] * 7

"""The status of every reconciliation of a chain of 24 periods: one cause, one fault, and whole again after repair."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.given_chains import ACCOUNT, FIRST_DAY, OPENING, GivenChain, a_chain, an_account, end_day_of, line_of
from tieout.domain.reconciliation_status import Status, chain_now, next_link, origin_of

REOPENED: dict[str, Any] = {"done": False, "agreed_with_previous": None, "completed_at": None, "completed_by": ""}


def test_a_chain_that_nobody_touched_is_complete_throughout() -> None:
    chain = a_chain()

    found = chain.now()

    assert [each.status for each in found] == [Status.COMPLETE] * 24
    assert [each.latest for each in found] == [False] * 23 + [True]
    assert {each.left_minor_units for each in found} == {0}


def test_what_is_not_done_is_incomplete_and_says_what_is_left_to_tick() -> None:
    chain = a_chain().with_reconciliation(24, **REOPENED, end_minor_units=OPENING + 24 * 50_00 + 7_00)
    chain = chain.with_account(reconcile_day=end_day_of(23))

    assert chain.faults() == {24: (Status.INCOMPLETE, (), None)}
    assert chain.now()[23].left_minor_units == 7_00


def test_a_starting_day_moved_later_makes_the_first_one_overlap() -> None:
    chain = a_chain()

    moved = chain.with_account(starting_day=FIRST_DAY + 9)

    assert moved.faults() == {1: (Status.OVERLAPS_PREVIOUS, ("account.starting_day",), 9)}
    assert moved.with_account(starting_day=FIRST_DAY).faults() == {}


def test_imported_history_that_begins_before_its_predecessor_ends_overlaps() -> None:
    chain = a_chain()

    overlapping = chain.with_reconciliation(13, start_day=end_day_of(12) - 4)

    assert overlapping.faults() == {13: (Status.OVERLAPS_PREVIOUS, ("reconciliation:12",), 4)}
    assert overlapping.with_reconciliation(13, start_day=end_day_of(12)).faults() == {}


@pytest.mark.parametrize(("day", "delta"), [(end_day_of(24) + 5, 5), (end_day_of(20), -120), (None, None)])
def test_another_reconcile_day_of_the_account_shows_on_the_last_done_one(day: int | None, delta: int | None) -> None:
    chain = a_chain()

    changed = chain.with_account(reconcile_day=day)

    assert changed.faults() == {24: (Status.RECONCILE_DATE_CHANGED, ("account.reconcile_day",), delta)}
    assert changed.with_account(reconcile_day=end_day_of(24)).faults() == {}


def test_another_reconcile_day_shows_on_the_last_done_one_while_the_next_is_in_progress() -> None:
    chain = a_chain().with_reconciliation(24, **REOPENED).with_account(reconcile_day=end_day_of(23) + 1)

    assert chain.faults() == {
        23: (Status.RECONCILE_DATE_CHANGED, ("account.reconcile_day",), 1),
        24: (Status.INCOMPLETE, (), None),
    }


def test_a_starting_day_moved_earlier_leaves_a_gap_before_the_first_one() -> None:
    chain = a_chain()

    moved = chain.with_account(starting_day=FIRST_DAY - 11)

    assert moved.faults() == {1: (Status.RECONCILE_DATE_CHANGED, ("account.starting_day",), -11)}
    assert moved.with_account(starting_day=FIRST_DAY).faults() == {}


def test_imported_history_with_days_between_two_periods_has_a_gap() -> None:
    chain = a_chain().with_reconciliation(8, start_day=end_day_of(7) + 2)

    assert chain.faults() == {8: (Status.RECONCILE_DATE_CHANGED, ("reconciliation:7",), -2)}


def test_another_starting_balance_of_the_account_shows_on_the_first_one() -> None:
    chain = a_chain()

    changed = chain.with_account(starting_minor_units=OPENING - 25_00)

    assert changed.faults() == {1: (Status.STARTING_BALANCE_CHANGED, ("account.starting_minor_units",), -25_00)}
    assert changed.with_account(starting_minor_units=OPENING).faults() == {}


def test_a_corrected_closing_shows_on_the_successor_alone() -> None:
    chain = a_chain()

    corrected = chain.with_reconciliation(10, end_minor_units=OPENING + 10 * 50_00 + 3_50)

    assert corrected.faults() == {11: (Status.STARTING_BALANCE_CHANGED, ("reconciliation:10",), 3_50)}
    assert corrected.with_reconciliation(10, end_minor_units=OPENING + 10 * 50_00).faults() == {}


def test_an_opening_that_never_agreed_is_incorrect_and_not_changed() -> None:
    chain = a_chain().with_reconciliation(17, agreed_with_previous=False)

    assert chain.faults() == {}
    wrong = chain.with_reconciliation(16, end_minor_units=OPENING)
    assert wrong.faults() == {17: (Status.INCORRECT_STARTING_BALANCE, ("reconciliation:16",), -16 * 50_00)}


@pytest.mark.parametrize(
    ("changes", "delta"),
    [
        pytest.param({"minor_units": 71_50}, 1_50, id="amount"),
        pytest.param({"minor_units": -70_00}, -140_00, id="sign"),
        pytest.param({"booking_day": FIRST_DAY}, 0, id="day"),
        pytest.param({"account_id": ACCOUNT + 1}, -70_00, id="account"),
        pytest.param({}, -70_00, id="deleted"),
    ],
)
def test_a_cleared_line_that_is_no_longer_what_it_was_shows_on_its_reconciliation(
    changes: dict[str, int], delta: int
) -> None:
    chain, line = a_chain(), line_of(5, 0)

    modified = chain.with_line(line, **changes)

    assert modified.faults() == {5: (Status.TRANSACTIONS_MODIFIED, (f"line:{line}",), delta)}
    assert modified.now()[4].cleared_minor_units == 50_00


def test_every_modified_line_is_named_in_order_and_their_changes_add_up() -> None:
    chain = a_chain().with_line(line_of(9, 1), minor_units=-25_00).with_line(line_of(9, 0), minor_units=71_00)

    lines = (f"line:{line_of(9, 0)}", f"line:{line_of(9, 1)}")
    assert chain.faults() == {9: (Status.TRANSACTIONS_MODIFIED, lines, -4_00)}


def test_a_ticked_line_of_an_incomplete_one_may_change() -> None:
    chain = a_chain().with_reconciliation(24, **REOPENED).with_account(reconcile_day=end_day_of(23))

    edited = chain.with_line(line_of(24, 0), minor_units=69_00)

    assert edited.faults() == {24: (Status.INCOMPLETE, (), None)}
    assert edited.now()[23].cleared_minor_units == 49_00
    assert edited.now()[23].left_minor_units == 1_00


def test_a_ticked_line_moved_behind_the_end_or_to_another_account_counts_no_more() -> None:
    chain = a_chain().with_reconciliation(24, **REOPENED)

    moved = chain.with_line(line_of(24, 0), booking_day=end_day_of(24) + 1).with_line(line_of(24, 1), account_id=99)

    assert moved.now()[23].cleared_minor_units == 0


# Each fault of the first reconciliation in the order of the table; only the last has lines.
FAULTS_IN_ORDER: tuple[tuple[Status, Callable[[GivenChain], GivenChain]], ...] = (
    (Status.INCOMPLETE, lambda chain: chain.with_reconciliation(1, **REOPENED)),
    (Status.OVERLAPS_PREVIOUS, lambda chain: chain.with_account(starting_day=FIRST_DAY + 1)),
    (Status.RECONCILE_DATE_CHANGED, lambda chain: chain.with_account(reconcile_day=FIRST_DAY)),
    (Status.STARTING_BALANCE_CHANGED, lambda chain: chain.with_account(starting_minor_units=0)),
    (Status.TRANSACTIONS_MODIFIED, lambda chain: chain.with_line(line_of(1, 0))),
)


@pytest.mark.parametrize("first", range(len(FAULTS_IN_ORDER)))
@pytest.mark.parametrize("second", range(len(FAULTS_IN_ORDER)))
def test_where_two_causes_meet_the_one_that_stands_first_in_the_table_shows(first: int, second: int) -> None:
    chain = a_chain(periods=1)

    both = FAULTS_IN_ORDER[second][1](FAULTS_IN_ORDER[first][1](chain))

    assert both.now()[0].status is FAULTS_IN_ORDER[min(first, second)][0]


def test_an_opening_that_never_agreed_goes_before_modified_lines() -> None:
    chain = a_chain().with_reconciliation(6, agreed_with_previous=False, start_minor_units=0)

    found = chain.with_line(line_of(6, 0)).faults()

    assert found == {6: (Status.INCORRECT_STARTING_BALANCE, ("reconciliation:5",), OPENING + 5 * 50_00)}


def test_a_repaired_fault_uncovers_the_one_behind_it() -> None:
    chain = a_chain(periods=1)
    for _, inject in FAULTS_IN_ORDER[1:]:
        chain = inject(chain)

    seen = [chain.now()[0].status]
    chain = chain.with_account(starting_day=FIRST_DAY)
    seen.append(chain.now()[0].status)
    chain = chain.with_account(reconcile_day=end_day_of(1))
    seen.append(chain.now()[0].status)
    chain = chain.with_account(starting_minor_units=OPENING)
    seen.append(chain.now()[0].status)

    assert seen == [status for status, _ in FAULTS_IN_ORDER[1:]]


@pytest.mark.parametrize(
    ("starting", "origin", "day", "says"),
    [
        (None, None, 0, "account.starting_day"),
        (100, None, 100, "account.starting_day"),
        (None, 90, 90, "account.reconcile_day"),
        (100, 130, 130, "account.reconcile_day"),
        (100, 90, 100, "account.starting_day"),
        (-400, None, -400, "account.starting_day"),
    ],
)
def test_the_first_one_begins_at_the_later_of_starting_day_and_early_reconcile_day(
    starting: int | None, origin: int | None, day: int, says: str
) -> None:
    link = origin_of(an_account(starting_day=starting, origin_day=origin))

    assert (link.day, link.day_from, link.minor_units) == (day, says, OPENING)


def test_periods_that_end_on_one_day_follow_each_other_by_id() -> None:
    chain = a_chain(periods=2)

    same_day = chain.with_reconciliation(1, end_day=end_day_of(2)).with_reconciliation(2, start_day=end_day_of(2))

    assert same_day.faults() == {}
    assert next_link(same_day.account, same_day.reconciliations).minor_units == OPENING + 100_00


def test_an_incomplete_one_begins_where_its_predecessor_ends_by_now() -> None:
    chain = a_chain().with_reconciliation(24, **REOPENED)

    corrected = chain.with_reconciliation(23, end_minor_units=1_00, end_day=end_day_of(23) + 2)

    standing = corrected.now()[23].reconciliation
    assert (standing.start_day, standing.start_minor_units) == (end_day_of(23) + 2, 1_00)


CHAINS = st.builds(
    lambda changes: _injected(a_chain(periods=6), changes),
    st.lists(
        st.one_of(
            st.tuples(st.just("account"), st.sampled_from(["starting_day", "reconcile_day"]), st.integers(0, 40_000)),
            st.tuples(st.just("account"), st.just("starting_minor_units"), st.integers(-500, 500)),
            st.tuples(st.integers(1, 6), st.just("end_minor_units"), st.integers(-500, 500)),
            st.tuples(st.integers(1, 6), st.just("start_day"), st.integers(FIRST_DAY, end_day_of(3))),
            st.tuples(st.just("line"), st.integers(1, 6), st.integers(-500, 500)),
        ),
        max_size=6,
    ),
)


def _injected(chain: GivenChain, changes: list[tuple[Any, Any, int]]) -> GivenChain:
    for where, what, value in changes:
        if where == "account":
            chain = chain.with_account(**{what: value})
        elif where == "line":
            chain = chain.with_line(line_of(what, 0), minor_units=value)
        else:
            chain = chain.with_reconciliation(where, **{what: value})
    return chain


@given(chain=CHAINS, order=st.permutations(range(6)))
def test_statuses_depend_on_the_facts_and_not_on_their_order(chain: GivenChain, order: list[int]) -> None:
    shuffled = [chain.reconciliations[place] for place in order]

    found = chain_now(chain.account, shuffled, reversed(chain.cleared))

    assert list(found) == chain.now()


@given(chain=CHAINS)
def test_a_fault_is_nowhere_but_where_a_link_or_a_line_is_broken(chain: GivenChain) -> None:
    found = chain.now()

    for before, each in zip([None, *found], found, strict=False):
        link = origin_of(chain.account) if before is None else next_link(chain.account, [before.reconciliation])
        whole = (link.day, link.minor_units) == (each.reconciliation.start_day, each.reconciliation.start_minor_units)
        whole &= not each.latest or chain.account.reconcile_day == each.reconciliation.end_day
        own_lines = [line for line in chain.cleared if line.reconciliation_id == each.reconciliation.id]
        whole &= all(line.seen == line.now for line in own_lines)
        assert (each.status is Status.COMPLETE) == whole
        assert bool(each.culprit) == (not whole)

"""Undoing gives the lines back as they were, in any order, and touches nothing else."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis.strategies import DrawFn, booleans, composite, integers, lists, permutations, sampled_from

from tests.given_matches import MONDAY, Desk, accepted, codes, faults_of_all, given_desk, lasting_context
from tests.given_store import given_office
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.services.context import Context
from tieout.services.lines import edit_line
from tieout.services.matching import (
    AllocationRequest,
    MatchRequest,
    find_matches,
    make_match,
    undo_match,
    undo_preview,
)
from tieout.services.period_locks import lock_period
from tieout.store.protocols import LineNow
from tieout.store.sql.store import SqlStore


def test_an_undone_match_frees_its_lines_and_keeps_its_history(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(10_00), desk.invoice(10_00)
    made = desk.tied(paid, invoice)

    undone = accepted(undo_match(context, desk.office.approver, desk.entity_id, made.record.id, "wrong customer"))

    assert undone.status is MatchStatus.UNDONE
    assert [(state.state, state.reason, state.by) for state in undone.states] == [
        ("undone", "wrong customer", desk.office.approver.name)
    ]
    assert (undone.record, undone.allocations) == (made.record, made.allocations)
    assert desk.left(paid, invoice) == [10_00, 10_00]


def test_the_preview_says_what_is_freed_and_changes_nothing(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, first, second = desk.money(10_00), desk.invoice(6_00), desk.invoice(4_00)
    kept, freed = _part(context, desk, paid, first, 6_00), _part(context, desk, paid, second, 4_00)

    preview = accepted(undo_preview(context, desk.office.reader, desk.entity_id, freed.record.id))

    assert preview.refusals == ()
    assert [(line.line_id, line.minor_units, line.left_minor_units) for line in preview.lines] == [
        (paid, 4_00, 4_00),
        (second, 4_00, 4_00),
    ]
    assert desk.left(paid, first, second) == [0, 0, 0]
    assert accepted(find_matches(context, desk.office.reader, desk.entity_id)) == [kept, freed]


def _part(context: Context, desk: Desk, paid: int, invoice: int, amount: int) -> StoredMatch:
    legs = tuple(AllocationRequest(line_id=line, minor_units=amount) for line in (paid, invoice))
    return accepted(make_match(context, desk.office.owner, desk.entity_id, MatchRequest(allocations=legs)))


def test_nothing_is_undone_in_locked_days_and_the_preview_says_so(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    made = desk.tied(desk.money(10_00), desk.invoice(10_00))
    accepted(lock_period(context, desk.office.owner, desk.entity_id, 0, MONDAY, enabled=True))

    refused = undo_match(context, desk.office.owner, desk.entity_id, made.record.id)
    preview = accepted(undo_preview(context, desk.office.owner, desk.entity_id, made.record.id))

    assert codes(refused) == ["period_locked"]
    assert [refusal.code for refusal in preview.refusals] == ["period_locked"]


@pytest.mark.parametrize("changes", [{"minor_units": 11_00}, {"booking_day": MONDAY + 1}])
def test_a_line_of_a_live_match_is_frozen_until_that_is_undone(context: Context, changes: dict[str, object]) -> None:
    desk = given_desk(context, given_office(context))
    paid = desk.money(10_00)
    made = desk.tied(paid, desk.invoice(10_00))

    frozen = edit_line(context, desk.office.owner, desk.entity_id, paid, changes)
    accepted(undo_match(context, desk.office.owner, desk.entity_id, made.record.id))
    edited = accepted(edit_line(context, desk.office.owner, desk.entity_id, paid, changes))

    assert codes(frozen) == ["line_frozen"]
    assert (edited.version, {name: getattr(edited, name) for name in changes}) == (2, changes)


def test_what_was_undone_may_be_tied_again(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(10_00), desk.invoice(10_00)
    first = desk.tied(paid, invoice)
    accepted(undo_match(context, desk.office.owner, desk.entity_id, first.record.id))

    again = desk.tied(paid, invoice)

    assert again.record.id != first.record.id
    assert desk.left(paid, invoice) == [0, 0]


@composite
def works(draw: DrawFn) -> tuple[list[tuple[int, int, bool]], list[int]]:
    """Matches as (bank line, invoice, whole), and the order in which they are undone: all of them, once."""
    pairs = draw(
        lists(sampled_from([(bank, open_item) for bank in range(3) for open_item in range(4)]), min_size=1, max_size=6)
    )
    ties = [(bank, open_item, draw(booleans())) for bank, open_item in pairs]
    return ties, draw(permutations(range(len(ties))))


@settings(max_examples=15)
@given(work=works(), amounts=lists(integers(1, 5), min_size=7, max_size=7), stop=integers(0, 6))
def test_matches_and_undos_in_any_order_leave_what_recomputation_says(
    store: SqlStore, work: tuple[list[tuple[int, int, bool]], list[int]], amounts: list[int], stop: int
) -> None:
    context = lasting_context(store, "undoing")
    desk = given_desk(context, given_office(context))
    banks, open_items = [desk.money(amount) for amount in amounts[:3]], [desk.invoice(amount) for amount in amounts[3:]]
    before = _state(desk, [*banks, *open_items])
    ties, order = work
    made = [
        _tied_somehow(context, desk, banks[bank], open_items[open_item], whole=whole) for bank, open_item, whole in ties
    ]
    live = {match.record.id: match for match in made if match is not None}

    for place in order[:stop]:
        match = made[place]
        if match is not None:
            accepted(undo_match(context, desk.office.owner, desk.entity_id, match.record.id))
            del live[match.record.id]
            assert _used(desk, [*banks, *open_items]) == _recomputed(live.values(), [*banks, *open_items])

    assert faults_of_all(context, desk.entity_id, list(live.values())) == ()
    for match_id in sorted(live, reverse=True):
        accepted(undo_match(context, desk.office.owner, desk.entity_id, match_id))
    assert _state(desk, [*banks, *open_items]) == before, "undo(match(S)) = S"


def _tied_somehow(context: Context, desk: Desk, bank: int, open_item: int, *, whole: bool) -> StoredMatch | None:
    """A match of the smaller of what is left of both, or of one minor unit; None where nothing is left."""
    left = min(desk.left(bank, open_item))
    return _part(context, desk, bank, open_item, left if whole else 1) if left else None


def _state(desk: Desk, lines: Sequence[int]) -> list[LineNow]:
    return [desk.now(line) for line in lines]


def _used(desk: Desk, lines: Sequence[int]) -> dict[int, int]:
    return {line: desk.now(line).used_minor_units for line in lines}


def _recomputed(matches: Iterable[StoredMatch], lines: Sequence[int]) -> dict[int, int]:
    """What the live matches use of each line, from their allocations alone."""
    used = dict.fromkeys(lines, 0)
    for match in matches:
        for leg in match.allocations:
            used[leg.line_id] += leg.minor_units
    return used

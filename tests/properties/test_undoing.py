"""Undoing a match gives back exactly what it took, in any order, and touches nothing else."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.given_lines import confirmed, reconciled
from tests.properties.sides import Sides, sides
from tieout.domain.matches import Match
from tieout.proofs.tied import TiedAmounts


def state_of(tied: TiedAmounts) -> tuple[dict[str, int], dict[str, int]]:
    """What is used of each line of both sides."""
    return tied.statement, tied.ledger


@given(sides(), st.randoms(use_true_random=False))
def test_undoing_in_any_order_leaves_what_the_other_matches_use(company: Sides, chance: Random) -> None:
    live = confirmed(reconciled(*company))
    order = list(live)
    chance.shuffle(order)
    tied = TiedAmounts(live)

    for match in order:
        tied.undo(match)
        live.remove(match)
        assert state_of(tied) == state_of(TiedAmounts(live))

    assert state_of(tied) == ({}, {})


@given(sides(), st.data())
def test_a_match_that_is_undone_and_made_again_changes_nothing(company: Sides, choice: st.DataObject) -> None:
    live = confirmed(reconciled(*company))
    tied, before = TiedAmounts(live), TiedAmounts(live)

    for match in choice.draw(st.permutations(live)) if live else []:
        tied.undo(match)
        tied.tie(match)

    assert state_of(tied) == state_of(before)


@given(sides(), st.data())
def test_undoing_touches_only_the_lines_of_the_match(company: Sides, choice: st.DataObject) -> None:
    live = confirmed(reconciled(*company))
    undone: list[Match] = [choice.draw(st.sampled_from(live))] if live else []
    tied, before = TiedAmounts(live), TiedAmounts(live)

    for match in undone:
        tied.undo(match)

    touched = {leg.line for match in undone for leg in match.allocations}
    for now, then in zip(state_of(tied), state_of(before), strict=True):
        assert {line: units for line, units in now.items() if line not in touched} == {
            line: units for line, units in then.items() if line not in touched
        }

"""What a provider reports is never tied against its kind, whatever else the company has of the same amount."""

import pytest
from hypothesis import given

from tests.given_lines import confirmed, reconciled
from tests.properties.sides import PROVIDER, Sides, sides
from tieout.domain.matches import MatchKind

pytestmark = pytest.mark.slow

# Kinds that may cancel each other; an empty kind is a bank's line.
_CANCEL = [
    {"", "payout"},
    {"sale", "chargeback"},
    {"chargeback", "chargeback_reversed"},
    {"reserve_hold", "reserve_release"},
    {"carry_over"},
    {"fee"},
    {"payout"},
    {""},
]
_MOVED_ONLY = {"payout", "carry_over", "reserve_hold", "reserve_release", "chargeback_reversed"}


@given(sides())
def test_lines_that_cancel_are_of_kinds_that_end_each_other_and_nothing_explains_a_rest(company: Sides) -> None:
    kind_of = {line.id: (line.account, line.kind) for line in company.statement}

    result = reconciled(*company)

    for match in confirmed(result):
        of_lines = [kind_of[line] for line in match.lines("statement")]
        if match.kind is MatchKind.WITHIN and any(account == PROVIDER for account, _ in of_lines):
            assert {kind for _, kind in of_lines} in _CANCEL, match
            assert (sum(leg.minor_units for leg in match.allocations), match.adjustments) == (0, ()), match


@given(sides())
def test_what_only_changes_place_pays_no_document(company: Sides) -> None:
    kind_of = {line.id: line.kind for line in company.statement}

    result = reconciled(*company)

    across = [match for match in confirmed(result) if match.kind is MatchKind.ACROSS]
    assert not [match for match in across if {kind_of[line] for line in match.lines("statement")} & _MOVED_ONLY]

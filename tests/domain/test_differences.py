"""What makes a result one that somebody still has to look at."""

from dataclasses import replace
from typing import Any

import pytest

from tests.given_results import BANK, EMPTY, RESULT
from tieout.domain.differences import differences_remain
from tieout.domain.results import AccountProof, Conservation, OpenLine

PROVED = AccountProof(BANK, "NOK", 2, 100_00, 0, 100_00, holds=True, gap=0, reason=None)
SETTLED = replace(EMPTY, proofs=(PROVED,), reconciliations=RESULT.reconciliations)


def test_a_result_that_ties_out_or_cannot_be_proved_for_want_of_a_balance_leaves_nothing() -> None:
    assert {account.holds for account in SETTLED.reconciliations} == {True, None}
    assert not differences_remain(SETTLED)


def test_a_line_of_zero_is_open_and_no_difference() -> None:
    assert not differences_remain(replace(SETTLED, open_lines=(OpenLine("statement", "S8", 0, "NOK", 0, 1),)))


@pytest.mark.parametrize(
    "left",
    [
        {"open_lines": (OpenLine("statement", "S8", -1, "NOK", 0, 1),)},
        {"matches_proposed": 1},
        {"ambiguous": RESULT.ambiguous[:1]},
        {"proofs": (PROVED._replace(holds=False, gap=-1),)},
        {"reconciliations": (RESULT.reconciliations[0]._replace(holds=False, difference=1),)},
        {"conservation": Conservation(holds=False)},
        {"quarantined": RESULT.quarantined},
    ],
    ids=lambda left: next(iter(left)),
)
def test_each_of_these_is_left_to_look_at(left: dict[str, Any]) -> None:
    assert differences_remain(replace(SETTLED, **left))

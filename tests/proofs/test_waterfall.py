"""Opening plus every step of a waterfall gives the closing balance, whatever became of the movements."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import booleans, integers, lists, tuples

from tests.given_results import BANK, EMPTY, RESULT, Line, a_table
from tieout.domain.results import AccountProof, OpenLine
from tieout.proofs.waterfall import Waterfall, exact_sum, waterfalls


def a_proof(opening: int | None, closing: int | None, account: str = BANK) -> AccountProof:
    """A statement between two balances; whether it holds is not asked."""
    return AccountProof(account, "NOK", 2, opening, 0, closing, None, None, None)


def drawn(
    amounts: Sequence[int],
    proofs: Sequence[AccountProof],
    left: dict[int, int],
    ignored: Sequence[int] = (),
    earlier: Sequence[int] = (),
) -> tuple[Waterfall, ...]:
    """Waterfalls of lines with these amounts; `left` is what is open by row."""
    table = a_table([Line(f"S{row}", amount, "2026-05-04") for row, amount in enumerate(amounts)], "may.sta")
    parts = [OpenLine("statement", f"S{row}", remaining, "NOK", row, 0) for row, remaining in left.items()]
    return waterfalls(table, proofs, parts, ignored, earlier)


def steps(waterfall: Waterfall) -> dict[str, int]:
    """Amounts by kind of step."""
    return {step.kind: step.minor_units for step in waterfall.steps}


def test_movements_are_split_by_direction_and_by_what_became_of_them() -> None:
    (waterfall,) = drawn([100, 50, -30, -20], [a_proof(1_000, 1_100)], {1: 50, 3: -20})

    assert steps(waterfall) == {
        "opening": 1_000,
        "in_tied": 100,
        "in_open": 50,
        "out_tied": -30,
        "out_open": -20,
        "closing": 1_100,
    }


def test_a_line_that_is_partly_tied_counts_on_both_sides() -> None:
    (waterfall,) = drawn([100], [a_proof(0, 100)], {0: 40})

    assert (steps(waterfall)["in_tied"], steps(waterfall)["in_open"]) == (60, 40)


def test_what_no_line_explains_is_a_step_of_its_own() -> None:
    (waterfall,) = drawn([100], [a_proof(0, 90)], {})

    assert steps(waterfall)["unexplained"] == -10


def test_a_line_brought_forward_moved_before_the_opening_balance() -> None:
    (waterfall,) = drawn([100, 40], [a_proof(1_000, 1_040)], {0: 100}, earlier=[0])

    assert steps(waterfall) == {
        "opening": 1_000,
        "in_tied": 40,
        "in_open": 0,
        "out_tied": 0,
        "out_open": 0,
        "closing": 1_040,
    }


def test_a_line_that_a_decision_sets_aside_is_neither_tied_nor_open() -> None:
    (waterfall,) = drawn([100, -5], [a_proof(0, 95)], {}, ignored=[1])

    assert steps(waterfall)["set_aside"] == -5
    assert steps(waterfall)["out_tied"] == 0


def test_statements_that_follow_each_other_are_one_account_in_whatever_order_they_come() -> None:
    (waterfall,) = drawn([30], [a_proof(20, 30), a_proof(0, 10), a_proof(10, 20)], {})

    assert (waterfall.steps[0].minor_units, waterfall.steps[-1].minor_units) == (0, 30)


def test_the_same_statement_twice_is_one() -> None:
    (waterfall,) = drawn([10], [a_proof(0, 10), a_proof(0, 10)], {})

    assert steps(waterfall)["closing"] == 10


def test_an_account_that_comes_back_to_its_opening_balance_is_drawn() -> None:
    (waterfall,) = drawn([10, -10], [a_proof(5, 15), a_proof(15, 5)], {})

    assert (steps(waterfall)["opening"], steps(waterfall)["closing"]) == (5, 5)


def test_statements_with_a_hole_between_them_have_no_one_opening_and_closing() -> None:
    assert drawn([10], [a_proof(0, 10), a_proof(50, 60)], {}) == ()


def test_without_balances_the_steps_begin_at_zero() -> None:
    (waterfall,) = drawn([10], [a_proof(None, 10)], {})

    assert not waterfall.stated
    assert (waterfall.steps[0].minor_units, waterfall.steps[-1].minor_units) == (0, 10)


def test_decimals_that_the_lines_do_not_have_are_not_mixed() -> None:
    assert drawn([10], [a_proof(0, 10)._replace(exponent=3)], {}) == ()


def test_each_account_and_currency_has_its_own_in_the_order_of_the_proofs() -> None:
    found = waterfalls(RESULT.statement, RESULT.proofs[::-1], RESULT.open_lines, [6])

    assert [(waterfall.account, waterfall.currency) for waterfall in found] == [("JP-77", "JPY"), (BANK, "NOK")]


def test_no_lines_give_no_waterfall() -> None:
    assert waterfalls(EMPTY.statement, RESULT.proofs, (), ()) == ()


@given(
    lines=lists(tuples(integers(-1_000, 1_000), integers(0, 100), booleans()), min_size=1, max_size=8),
    opening=integers(-5_000, 5_000),
    gap=integers(-10, 10),
)
def test_every_step_begins_where_the_one_before_ends(
    lines: list[tuple[int, int, bool]], opening: int, gap: int
) -> None:
    amounts = [amount for amount, _, _ in lines]
    left = {row: amount * share // 100 for row, (amount, share, _) in enumerate(lines)}
    ignored = [row for row, (_, _, is_ignored) in enumerate(lines) if is_ignored]
    closing = opening + sum(amounts) + gap

    (waterfall,) = drawn(amounts, [a_proof(opening, closing)], left, ignored)

    level = 0
    for step in waterfall.steps[:-1]:
        assert (step.start, step.end) == (level, level + step.minor_units)
        level = step.end
    assert level == closing == waterfall.steps[-1].end
    assert steps(waterfall).get("unexplained", 0) == gap


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_sum_beyond_64_bits_is_exact(count: int) -> None:
    largest = 2**63 - 1

    assert exact_sum(np.array([largest] * count, dtype=np.int64)) == largest * count
    assert exact_sum(np.array([-largest] * count, dtype=np.int64)) == -largest * count

"""How many accidental hits to expect: rare amounts few, common and round ones many."""

import numpy as np

from tests.given_lines import Line, table
from tieout.matching.chance import AmountDensity, expected_sums, roundness
from tieout.matching.columns import prepare


def expected_hits(ledger: list[Line], amount: int, days: int = 10) -> float:
    """Accidental hits for an amount of NOK among ledger lines."""
    problem = prepare(table([]), table(ledger), frozenset())
    density = AmountDensity(problem.ledger, np.arange(len(ledger)))
    return float(density.expected_hits(np.array([amount]), np.array([0]), days)[0])


def spread(count: int, first: int, step: int) -> list[Line]:
    """Ledger lines of rising amounts, a day apart."""
    return [Line(f"L{n}", f"{(first + n * step) / 100:.2f}", n + 1) for n in range(count)]


def test_the_roundness_of_an_amount_is_the_largest_step_that_divides_it() -> None:
    amounts = np.array([123_45, 123_50, 123_00, 500_00, 1_000_00, -250_00], dtype=np.int64)

    assert roundness(amounts).tolist() == [5, 50, 100, 50_000, 100_000, 5_000]


def test_an_odd_amount_is_rarer_than_a_round_one() -> None:
    ledger = spread(60, 950_13, 1_37)

    assert expected_hits(ledger, 1_000_00) > 10 * expected_hits(ledger, 1_000_07)


def test_more_lines_of_like_amounts_mean_more_accidental_hits() -> None:
    assert expected_hits(spread(80, 950_13, 1_37), 1_000_07) > expected_hits(spread(8, 950_13, 11_37), 1_000_07)


def test_an_amount_that_occurs_again_and_again_is_no_evidence_at_all() -> None:
    ledger = [Line(f"L{n}", "199.37", n + 1) for n in range(10)]

    assert expected_hits(ledger, 199_37) >= 5


def test_a_narrower_window_means_fewer_accidental_hits() -> None:
    ledger = spread(60, 950_13, 1_37)

    assert expected_hits(ledger, 1_000_07, days=2) < expected_hits(ledger, 1_000_07, days=20)


def test_another_currency_or_sign_is_not_near() -> None:
    ledger = [Line(f"L{n}", f"-{1_000 + n}.07", n + 1) for n in range(50)]

    assert expected_hits(ledger, 1_000_07) < expected_hits(ledger, -1_000_07)


def test_more_lines_to_sum_mean_more_accidental_sums() -> None:
    few, many = [1_013_37, 2_741_93, 913_11], [1_013_37 + n * 917_31 for n in range(20)]

    assert expected_sums(few, 3_755_30, 5, 1) < expected_sums(many, 3_755_30, 5, 1) / 100


def test_a_tolerance_multiplies_the_accidental_sums() -> None:
    amounts = [1_013_37, 2_741_93, 913_11]

    assert expected_sums(amounts, 3_755_30, 5, 1_000) > 100 * expected_sums(amounts, 3_755_30, 5, 1)


def test_round_lines_reach_a_round_target_by_chance() -> None:
    odd, even = [400_13, 600_29, 300_41], [400_00, 600_00, 300_00]

    assert expected_sums(even, 1_000_00, 5, 1) > 100 * expected_sums(odd, 1_000_42, 5, 1)


def test_sums_lie_denser_around_a_small_target_than_the_largest_line_suggests() -> None:
    amounts = [17_46, 500_000_00, 900_000_00]

    assert expected_sums(amounts, 17_88, 5, 63) > 0.01

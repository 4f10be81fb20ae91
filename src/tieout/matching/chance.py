"""How many matches of a kind to expect by chance alone.

A pair that nothing but its amount supports is trusted only when the amount is rare: the files may not hold its true
counterpart at all. The estimate looks at how densely amounts lie near this one, how round it is, and how often it
occurs; it errs on the high side in small files, where little is known.
"""

from collections.abc import Sequence
from functools import cache
from math import comb
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tieout.domain.line_table import Int64Column
from tieout.matching.columns import SideColumns

FloatColumn: TypeAlias = npt.NDArray[np.float64]  # likelihoods, never money

# Expected accidental hits among all pairs of one pass that nothing but their amount supports: one wrong in ten runs
# at the most, however many lines the files have.
ACCIDENTAL_HITS_TOGETHER_MAX = 0.1
# People choose amounts on these steps (minor units); the largest one that divides an amount is its roundness.
_ROUND_STEPS = (100_000, 50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10, 5)
# Prices end in .00, .90, .95 or .99: the last two digits of an amount crowd as round amounts do.
_ENDINGS = 100
# Amounts spread evenly over their orders of magnitude: between half and four times a target lie about as many sums as
# there are lines in the block.
_SPREAD_PER_TARGET = 4
# The neighbourhood in which the density of amounts is measured: from 4/5 to 5/4 of the amount.
_NEAR_LOW, _NEAR_HIGH = 0.8, 1.25


def roundness(amounts: Int64Column) -> Int64Column:
    """The largest round step that divides each amount; 1 where none does."""
    steps = np.ones(len(amounts), dtype=np.int64)
    for step in reversed(_ROUND_STEPS):
        steps[amounts % step == 0] = step
    return steps


class AmountDensity:
    """Amounts of the open rows of one side, to ask how likely an exact amount is by chance."""

    def __init__(self, side: SideColumns, rows: Int64Column) -> None:
        """rows: the rows that have been or could be hit, open or not; their whole amounts count."""
        amounts = side.amount[rows]
        self._sorted = np.sort(_key(amounts, side.currency[rows]))
        self._count = len(rows)
        self._round_share = {
            step: (float((amounts % step == 0).sum()) + 1) / (self._count + 2) for step in _ROUND_STEPS
        }
        self._round_share[1] = 1.0
        endings = np.bincount(amounts % _ENDINGS, minlength=_ENDINGS) if self._count else np.zeros(_ENDINGS)
        self._ending_share = (endings + 1) / (self._count + _ENDINGS)
        days = side.day[rows]
        self._days = int(days.max() - days.min()) + 1 if self._count else 1

    def expected_hits(self, amounts: Int64Column, currencies: Int64Column, days: int, width: int = 1) -> FloatColumn:
        """Rows expected to have the amount of each request by chance, inside a window of +-days.

        width: how many neighbouring minor units count as a hit (1: only the exact amount).
        """
        size = np.where(amounts < 0, -amounts, amounts)
        sign = np.where(amounts < 0, -1, 1)
        low = _key(sign * (size * _NEAR_LOW).astype(np.int64), currencies)
        high = _key(sign * (size * _NEAR_HIGH).astype(np.int64), currencies)
        low, high = np.minimum(low, high), np.maximum(low, high)
        near = np.searchsorted(self._sorted, high, "right") - np.searchsorted(self._sorted, low, "left")
        span = np.maximum((size * (_NEAR_HIGH - _NEAR_LOW)), 1.0)
        step = roundness(amounts)
        round_share = np.array([self._round_share[value] for value in step.tolist()], dtype=np.float64)
        crowding = np.maximum(round_share * step, self._ending_share[amounts % _ENDINGS] * _ENDINGS)
        in_window = min(1.0, (2 * days + 1) / self._days)
        smooth = np.maximum(near, 1) / span * crowding * in_window * width
        key = _key(amounts, currencies)
        equal = np.searchsorted(self._sorted, key, "right") - np.searchsorted(self._sorted, key, "left")
        repeated = np.maximum(equal - 1, 0) * in_window
        return np.asarray(np.maximum(smooth, repeated), dtype=np.float64)


# Amounts of one currency lie apart from those of another: 2^45 minor units are 351 billion in a two-decimal currency.
_CURRENCY_STRIDE = 1 << 46


def _key(amounts: Int64Column, currencies: Int64Column) -> Int64Column:
    half = _CURRENCY_STRIDE // 2 - 1
    return np.clip(amounts, -half, half) + currencies * _CURRENCY_STRIDE


def expected_sums(amounts: Sequence[int], target: int, lines_max: int, width: int) -> float:
    """Sums of at most `lines_max` of these amounts expected to hit the target by chance.

    amounts, target: signed minor units. width: how many neighbouring totals count as a hit (1: only the exact one).
    About C(n, <= k) sums over the range they spread over; round amounts hit round targets far more often, so every
    round step that divides the target is tried with the amounts that share it.
    """
    worst = 0.0
    for step in (*_ROUND_STEPS, 1):
        if target % step:
            continue
        fitting = sorted(amount if amount >= 0 else -amount for amount in amounts if amount % step == 0)
        if fitting:
            # Sums lie as densely around a small target as the small amounts do, not spread up to the largest sum.
            size = target if target >= 0 else -target
            spread = max(min(sum(fitting[-lines_max:]), _SPREAD_PER_TARGET * size), 1)
            worst = max(worst, _subsets(len(fitting), lines_max) * step * max(1, width // step) / spread)
    return worst


@cache
def _subsets(count: int, lines_max: int) -> int:
    return sum(comb(count, size) for size in range(1, min(count, lines_max) + 1))


def none_expected(count: int) -> FloatColumn:
    """The estimate for pairs that a reference ties: not asked, so not a number."""
    return np.full(count, np.nan)

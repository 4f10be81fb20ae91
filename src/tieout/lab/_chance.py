"""How many lines or sums of lines have a wanted amount by accident, as a yes or no against the plan's limit.

Written for the lab alone, in whole numbers, so every comparison is multiplied out. The default plan's limit is one
accident in a thousand matches (`accidental_hits_max`); an estimate within a factor of two of it is not called rare.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from math import comb

from tieout.lab._draft import Line

# Rare is what happens by accident at most once in so many matches: 1 / 0.001 of the default plan, and twice as many.
MATCHES_PER_ACCIDENT = 2_000
# Steps on which people choose amounts, in minor units; the more of them divide an amount, the more lines share it.
# Each divides the next.
_STEPS = (1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000)


class Density:
    """How densely the amounts of some lines lie: by currency, sign, octave and roundness, averaged over the period."""

    def __init__(self, lines: Sequence[Line], days: int) -> None:
        self._days = days
        self._near: Counter[tuple[str, bool, int, int]] = Counter()
        self._same: Counter[tuple[str, int]] = Counter()
        self._lowest: dict[tuple[str, bool], int] = {}
        self._highest: dict[tuple[str, bool], int] = {}
        self._count: Counter[tuple[str, bool]] = Counter()
        for line in lines:
            self._add(line.currency, line.minor_units)

    def _add(self, currency: str, minor_units: int) -> None:
        side = (currency, minor_units > 0)
        size = minor_units if minor_units > 0 else -minor_units
        self._count[side] += 1
        self._same[currency, minor_units] += 1
        self._lowest[side] = min(size, self._lowest.get(side, size))
        self._highest[side] = max(size, self._highest.get(side, size))
        for step in _steps_of(size):
            self._near[(*side, size.bit_length(), step)] += 1

    def is_rare(self, currency: str, minor_units: int, window: int, own: int = 1) -> bool:
        """Whether hardly any such search meets a line that has the amount by accident.

        window: days before and after that count. own: lines of this amount that are the true answer.
        Judged by the lines of the same octave that are as round, by all lines over the range of their amounts, and by
        lines of exactly this amount anywhere in the period: a price repeats.
        """
        side = (currency, minor_units > 0)
        size = minor_units if minor_units > 0 else -minor_units
        seen = MATCHES_PER_ACCIDENT * min(2 * window + 1, self._days)
        if (self._same[currency, minor_units] - own) * seen > self._days:
            return False
        width = 1 << (size.bit_length() - 1)
        for step in _steps_of(size):
            near = self._near[(*side, size.bit_length(), step)] + 1
            if near * step * seen > width * self._days:
                return False
        spread = self._highest.get(side, 0) - self._lowest.get(side, 0)
        return spread == 0 or self._count[side] * seen <= spread * self._days


def sum_is_rare(amounts: Sequence[int], target: int, lines_max: int) -> bool:
    """Whether sums of at most `lines_max` of the amounts hardly ever hit the target by accident.

    Expected hits are the number of sums over the target, which stands for the range that they spread over; round
    amounts hit round targets more often, so every step that divides the target is tried with the amounts it divides.
    """
    size = target if target > 0 else -target
    for step in _steps_of(size):
        fitting = sum(amount % step == 0 for amount in amounts)
        if subsets(fitting, lines_max) * step * MATCHES_PER_ACCIDENT > size:
            return False
    return True


def _steps_of(size: int) -> Iterator[int]:
    """The steps that divide a positive amount, smallest first."""
    return takewhile(lambda step: size % step == 0, _STEPS)


def subsets(count: int, lines_max: int) -> int:
    """How many sums of one to `lines_max` out of `count` lines there are."""
    return sum(comb(count, size) for size in range(1, min(count, lines_max) + 1))

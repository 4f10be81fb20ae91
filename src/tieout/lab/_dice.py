"""Seeded draws that give the same numbers on every machine: whole numbers only, from raw random bits.

The standard library promises the bits of its Mersenne Twister for a seed, but not the sequence of its choices and
shuffles; logarithms differ between processors. So every draw here is integer arithmetic on 32 raw bits.
"""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

_Value = TypeVar("_Value")


class Dice:
    """A stream of draws that depends on nothing but the seed."""

    def __init__(self, seed: str) -> None:
        self._bits = random.Random(seed).getrandbits  # noqa: S311 (example lines, not secrets)

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1; count is at most 2^32."""
        return self._bits(32) * count >> 32

    def between(self, lowest: int, highest: int) -> int:
        """A whole number from lowest to highest, both included."""
        return lowest + (self._bits(32) * (highest - lowest + 1) >> 32)

    def chance(self, per_mille: int) -> bool:
        """True in so many of a thousand draws."""
        return self._bits(32) * 1000 >> 32 < per_mille

    def pick(self, values: Sequence[_Value]) -> _Value:
        """One of the values."""
        return values[self._bits(32) * len(values) >> 32]

    def sort_key(self) -> int:
        """32 random bits, to put lines of one day into an order that says nothing about their origin."""
        return self._bits(32)

    def parts(self, total: int, count: int) -> list[int]:
        """Positive parts that add up to the total, each at least an eighth of an equal share.

        total: at least 8 * count and below 2^32.
        """
        least = total // (8 * count)
        free = total - least * count
        cuts = sorted(self.below(free + 1) for _ in range(count - 1))
        edges = [0, *cuts, free]
        return [least + high - low for low, high in pairwise(edges)]

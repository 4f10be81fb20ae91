"""Chooses how a kernel runs: as plain Python for little work, compiled by Numba for much.

Importing this module costs nothing; Numba is loaded when the first large call needs it. Its cache directory is set
by `app` before that.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from tieout.domain.line_table import Int64Column
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.matching.kernels import sums

# Below this, loading Numba is expected to cost more than the search; a choice, not a measured break-even.
PLAIN_ENTRIES_MAX = 20_000


@cache
def kernel(plain: Callable[..., None], parts: tuple[Callable[..., object], ...]) -> Callable[..., None]:
    """The kernel compiled by Numba together with the functions it calls, from its cache on disk if it is there."""
    import numba
    from numba.extending import register_jitable

    for part in parts:
        register_jitable(part)
    compiled: Callable[..., None] = numba.njit(cache=True, nogil=True)(plain)
    return compiled


class Sums:
    """Answers of many blocks at once."""

    def __init__(self, answers: Int64Column, steps: Int64Column, found: Int64Column) -> None:
        self.answers = answers  # per block, counted to answers_max
        self.steps = steps
        self._found = found  # blocks x answers_max x lines_max, positions in the block, ended by -1

    def lines(self, offsets: Int64Column, block: int, answer: int) -> list[int]:
        """Positions (into the flat amounts) of one answer, in the order they were handed in."""
        start = int(offsets[block])
        return sorted(start + position for position in self._found[block, answer].tolist() if position >= 0)


def sums_between(
    offsets: Int64Column,
    amounts: Int64Column,
    twin_codes: Int64Column,
    low: Int64Column,
    high: Int64Column,
    *,
    lines_max: int,
    answers_max: int,
    steps_max: int,
    plain: bool | None = None,
) -> Sums:
    """Answers of at most `lines_max` lines between low and high for each block, counted to `answers_max`.

    offsets, amounts: blocks of signed minor units, one after another; twin_codes: lines with equal codes are
    interchangeable. steps_max bounds the work of one block; steps > steps_max says that it stopped.
    plain: force plain Python or Numba; by default the amount of input decides. Sums that could leave 64 bits are always
    counted by plain Python.
    """
    blocks, longest, width = len(low), int(np.diff(offsets).max(initial=0)), lines_max + 1
    inputs = [offsets, amounts, twin_codes, low, high]
    rooms = [longest, longest, longest, (longest + 1) * width, (longest + 1) * width, lines_max]
    scratch = [np.zeros(room, dtype=np.int64) for room in rooms]
    answers, steps = np.zeros(blocks, dtype=np.int64), np.zeros(blocks, dtype=np.int64)
    results = [answers, steps, np.full(blocks * answers_max * lines_max, sums.END, dtype=np.int64)]
    if _needs_plain(amounts, low, high, lines_max) or (len(amounts) <= PLAIN_ENTRIES_MAX if plain is None else plain):
        results = _run_plain([*inputs, lines_max, answers_max, steps_max, *scratch, *results])
    else:
        kernel(sums.count_sums, sums.PARTS)(*inputs, lines_max, answers_max, steps_max, *scratch, *results)
    return Sums(results[0], results[1], results[2].reshape(blocks, answers_max, lines_max))


def _needs_plain(amounts: Int64Column, low: Int64Column, high: Int64Column, lines_max: int) -> bool:
    """Whether a sum could leave 64 bits, where only plain Python's integers go on."""
    largest = MINOR_UNITS_MAX // (2 * (lines_max + 1))
    columns = (amounts, low, high)
    return any(int(column.max(initial=0)) > largest or int(column.min(initial=0)) < -largest for column in columns)


def _run_plain(arguments: list[Any]) -> list[Int64Column]:
    # Lists: plain Python indexes them three times as fast as NumPy arrays, and their integers cannot overflow.
    listed = [argument.tolist() if isinstance(argument, np.ndarray) else argument for argument in arguments]
    sums.count_sums(*listed)
    return [np.array(column, dtype=np.int64) for column in listed[-3:]]

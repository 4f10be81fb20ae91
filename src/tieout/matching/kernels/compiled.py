"""Chooses how a kernel runs: as plain Python for little work, compiled by Numba for much.

Importing this module costs nothing; Numba is loaded when the first large call needs it. Its cache directory is set
by `app` before that.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from tieout.domain.line_table import Int64Column
from tieout.matching.kernels import sums

# Loading Numba and its cached kernel takes as long as about this many plain Python steps (docs/benchmarks.md).
PLAIN_ENTRIES_MAX = 20_000


@cache
def kernel(plain: Callable[..., None]) -> Callable[..., None]:
    """The kernel compiled by Numba, from its cache on disk when it was compiled before."""
    import numba

    compiled: Callable[..., None] = numba.njit(cache=True, nogil=True)(plain)
    return compiled


class Sums:
    """Answers of many blocks at once; positions refer to the lines of a block as they were handed in."""

    def __init__(self, answers: Int64Column, steps: Int64Column, found: Int64Column, order: Int64Column) -> None:
        self.answers = answers  # per block, counted to answers_max
        self.steps = steps
        self._found = found  # blocks x answers_max x lines_max, positions in sorted order
        self._order = order

    def lines(self, offsets: Int64Column, block: int, answer: int) -> list[int]:
        """Positions (into the flat amounts) of one answer, in the order they were handed in."""
        positions = []
        for position in self._found[block, answer].tolist():
            if position < 0:
                break
            positions.append(int(self._order[offsets[block] + position]))
        return sorted(positions)


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
    plain: force plain Python or Numba; by default the amount of input decides.
    """
    blocks = len(low)
    lengths = np.diff(offsets)
    block_of = np.repeat(np.arange(blocks), lengths)
    size = np.where(amounts < 0, -amounts, amounts)
    order = np.lexsort((np.arange(len(amounts)), twin_codes, amounts, -size, block_of))
    sorted_amounts, sorted_codes = amounts[order], twin_codes[order]
    twins = np.zeros(len(amounts), dtype=np.int64)
    if len(amounts):
        same = (sorted_codes[1:] == sorted_codes[:-1]) & (sorted_amounts[1:] == sorted_amounts[:-1])
        twins[1:] = same & (block_of[1:] == block_of[:-1])
    width = lines_max + 1
    room = (int(lengths.max(initial=0)) + 1) * width
    scratch = [np.zeros(room, dtype=np.int64), np.zeros(room, dtype=np.int64), np.zeros(width, dtype=np.int64)]
    results = [
        np.zeros(blocks, np.int64),
        np.zeros(blocks, np.int64),
        np.full(blocks * answers_max * lines_max, -1, np.int64),
    ]
    inputs = [offsets, sorted_amounts, twins, low, high]
    if len(amounts) <= PLAIN_ENTRIES_MAX if plain is None else plain:
        results = _run_plain(inputs, (lines_max, answers_max, steps_max), scratch, results)
    else:
        kernel(sums.count_sums)(*inputs, lines_max, answers_max, steps_max, *scratch, *results)
    return Sums(results[0], results[1], results[2].reshape(blocks, answers_max, lines_max), order)


def _run_plain(inputs: list[Any], limits: tuple[int, int, int], scratch: list[Any], results: list[Any]) -> list[Any]:
    # Lists: plain Python indexes them three times as fast as NumPy arrays, and their integers cannot overflow.
    offsets, amounts, twins, low, high = (column.tolist() for column in inputs)
    most, least, chosen = (room.tolist() for room in scratch)
    answers, steps, found = (column.tolist() for column in results)
    sums.count_sums(offsets, amounts, twins, low, high, *limits, most, least, chosen, answers, steps, found)
    return [np.array(column, dtype=np.int64) for column in (answers, steps, found)]

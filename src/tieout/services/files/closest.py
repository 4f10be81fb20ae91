"""The closest line under an equal key: by amount first, then what is still open, then by day. Sorted columns only."""

from dataclasses import dataclass

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.matching.codes import grouped

# No line has this row.
NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """Lines with the key under which they are compared; all columns of one length, in canonical order of rows."""

    keys: Int64Column
    amounts: Int64Column
    days: Int64Column


def closest(wanted: Keyed, offered: Keyed, taken: BoolColumn) -> Int64Column:
    """For each wanted line the position of the closest offered line of equal key, NONE where there is none.

    taken: offered lines that have nothing left; of two that are equally close in amount, the open one is meant.
    The same lines give the same answer: of two equally close amounts the lower, of two days the earlier one.
    """
    if not len(wanted.keys) or not len(offered.keys):
        return np.full(len(wanted.keys), NONE, dtype=np.int64)
    order = np.lexsort((offered.days, taken, offered.amounts, offered.keys))
    keys, amounts, days = offered.keys[order], offered.amounts[order], offered.days[order]
    begin, end = np.searchsorted(keys, wanted.keys, "left"), np.searchsorted(keys, wanted.keys, "right")
    place = _nearer(amounts, begin, end, wanted.amounts)
    found = begin < end
    place = np.where(found, place, 0)
    # Lines of equal key and amount begin with those that are open.
    alike, same_state = grouped(keys, amounts), grouped(keys, amounts, taken[order].astype(np.int64))
    first = np.searchsorted(alike, alike[place], "left")
    state = same_state[first]
    low, high = np.searchsorted(same_state, state, "left"), np.searchsorted(same_state, state, "right")
    place = _nearer(days, low, high, wanted.days)
    return np.where(found, order[np.where(found, place, 0)], NONE)


def _nearer(column: Int64Column, begin: Int64Column, end: Int64Column, wanted: Int64Column) -> Int64Column:
    """The place of the value nearest to each wanted one in column[begin:end], which ascends; the first of equals."""
    above = _first_not_below(column, begin, end, wanted)
    last = len(column) - 1
    below = np.maximum(above - 1, 0)
    has_above, has_below = above < end, above > begin
    # Unsigned: the distance of two 64-bit numbers may need the 64th bit.
    up = column[np.minimum(above, last)].astype(np.uint64) - wanted.astype(np.uint64)
    down = wanted.astype(np.uint64) - column[below].astype(np.uint64)
    takes_below = has_below & (~has_above | (down <= up))
    value = column[np.where(takes_below, below, np.minimum(above, last))]
    return np.where(takes_below, _first_not_below(column, begin, end, value), above)


def _first_not_below(column: Int64Column, begin: Int64Column, end: Int64Column, wanted: Int64Column) -> Int64Column:
    """Per request the first place in column[begin:end] whose value is at least the wanted one; `end` where none is."""
    low, high = begin.copy(), end.copy()
    while (searching := low < high).any():
        middle = (low + high) // 2
        below = searching & (column[np.minimum(middle, len(column) - 1)] < wanted)
        low = np.where(below, middle + 1, low)
        high = np.where(searching & ~below, middle, high)
    return low

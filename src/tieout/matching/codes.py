"""Texts as numbers, equal where the texts compare equal; lists of them per row; keys made of several columns."""

from collections.abc import Callable, Iterable

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column

# The code of a text that says nothing.
NO_CODE = -1
# Combined codes stay below this, so that int64 holds them.
_CODE_MAX = 2**62


class CodeLists:
    """A list of codes per row: row r has codes[offsets[r]:offsets[r + 1]]."""

    def __init__(self, rows: list[list[int]]) -> None:
        counts = np.array([len(row) for row in rows], dtype=np.int64)
        self.codes: Int64Column = np.array([code for row in rows for code in row], dtype=np.int64)
        self.offsets: Int64Column = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        self._width = int(self.codes.max(initial=0)) + 1
        self._pairs = np.sort(np.repeat(np.arange(len(rows)), counts) * self._width + self.codes)

    def at(self, row: int) -> list[int]:
        """The codes of one row, in the order given."""
        codes: list[int] = self.codes[self.offsets[row] : self.offsets[row + 1]].tolist()
        return codes

    def count(self, rows: Int64Column) -> Int64Column:
        """How many codes each row has."""
        return self.offsets[rows + 1] - self.offsets[rows]

    def filled(self, rows: Int64Column) -> Int64Column:
        """Those rows that have a code at all."""
        return rows[self.offsets[rows + 1] > self.offsets[rows]]

    def has(self, rows: Int64Column, codes: Int64Column) -> BoolColumn:
        """Whether each row has the code beside it; never for NO_CODE."""
        wanted = rows * self._width + codes
        place = np.minimum(np.searchsorted(self._pairs, wanted), max(len(self._pairs) - 1, 0))
        if not len(self._pairs):
            return np.zeros(len(rows), dtype=np.bool_)
        return np.asarray((self._pairs[place] == wanted) & (codes >= 0) & (codes < self._width), dtype=np.bool_)


class Codes:
    """Gives texts that compare equal one number, in order of first appearance; those without a key have NO_CODE."""

    def __init__(self, key: Callable[[str], str]) -> None:
        """key: what a text is compared by; empty for texts that say nothing."""
        self._key = key
        self.numbers: dict[str, int] = {}  # by key
        self._known: dict[str, int] = {"": NO_CODE}  # by text

    def of(self, text: str) -> int:
        """The number of a text."""
        code = self._known.get(text)
        if code is None:
            key = self._key(text)
            code = self._known[text] = self.numbers.setdefault(key, len(self.numbers)) if key else NO_CODE
        return code

    def column(self, texts: Iterable[str]) -> Int64Column:
        """Numbers of a column of texts; every distinct text is compared once."""
        known, of = self._known, self.of
        return np.array([known[text] if text in known else of(text) for text in texts], dtype=np.int64)

    def written(self, texts: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Key and number of every text that has one."""
        keys = list(self.numbers)
        return {text: (keys[code], code) for text in texts if (code := self.of(text)) != NO_CODE}


def grouped(*columns: Int64Column) -> Int64Column:
    """A dense code per row: equal exactly where all columns are equal, in the order of their values."""
    if not len(columns[0]):
        return np.zeros(0, dtype=np.int64)
    codes, span = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        values, width = _from_zero(column)
        if span * width > _CODE_MAX:
            codes, span = _dense(codes)
            values, width = _dense(column)
        codes, span = codes * width + values, span * width
    return _dense(codes)[0]


def _from_zero(column: Int64Column) -> tuple[Int64Column, int]:
    low, high = int(column.min()), int(column.max())
    return _dense(column) if high - low >= _CODE_MAX else (column - low, high - low + 1)


def _dense(column: Int64Column) -> tuple[Int64Column, int]:
    values, codes = np.unique(column, return_inverse=True)
    return codes.astype(np.int64), len(values)

"""Texts as numbers, equal where the texts compare equal; lists of them per row; keys made of several columns."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column, TextColumn

if TYPE_CHECKING:
    import polars

# The code of a text that says nothing.
NO_CODE = -1
# Combined codes stay below this, so that int64 holds them.
_CODE_MAX = 2**62


class CodeLists:
    """A list of codes per row: row r has codes[offsets[r]:offsets[r + 1]]."""

    def __init__(self, counts: Int64Column, codes: Int64Column) -> None:
        """counts: how many codes each row has. codes: those of all rows after one another."""
        self.codes = codes
        self.offsets: Int64Column = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        self._width = int(self.codes.max(initial=0)) + 1
        self._pairs = np.sort(np.repeat(np.arange(len(counts)), counts) * self._width + self.codes)

    @classmethod
    def of(cls, rows: list[list[int]]) -> "CodeLists":
        """From a list per row."""
        counts = np.array([len(row) for row in rows], dtype=np.int64)
        return cls(counts, np.array([code for row in rows for code in row], dtype=np.int64))

    @classmethod
    def none(cls, rows: int) -> "CodeLists":
        """No row has any."""
        return cls(np.zeros(rows, dtype=np.int64), np.zeros(0, dtype=np.int64))

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

    def __init__(
        self, key: Callable[[str], str], keys: "Callable[[polars.Series], polars.Series] | None" = None
    ) -> None:
        """key: what a text is compared by; empty for texts that say nothing. keys: the same for a whole column."""
        self._key, self._keys = key, keys
        self.numbers: dict[str, int] = {}  # by key
        self._known: dict[str, int] = {"": NO_CODE}  # by text

    def of(self, text: str) -> int:
        """The number of a text."""
        code = self._known.get(text)
        if code is None:
            key = self._key(text)
            code = self._known[text] = self.numbers.setdefault(key, len(self.numbers)) if key else NO_CODE
        return code

    def column(self, texts: TextColumn) -> Int64Column:
        """Numbers of a column of texts; every distinct text is compared once."""
        if not isinstance(texts, list):
            return self._large_column(texts)
        known, of = self._known, self.of
        return np.array([known[text] if text in known else of(text) for text in texts], dtype=np.int64)

    def _large_column(self, texts: "polars.Series") -> Int64Column:
        import polars

        distinct = texts.unique(maintain_order=True)
        told = polars.DataFrame({"text": distinct, "key": self.keys_of(distinct)})
        for key in told["key"].unique(maintain_order=True).to_list():
            if key:
                self.numbers.setdefault(key, len(self.numbers))
        coded = told.join(self._numbered(), on="key", how="left")
        joined = polars.DataFrame({"text": texts}).join(coded, on="text", how="left", maintain_order="left")
        return joined["code"].fill_null(NO_CODE).to_numpy()

    def keys_of(self, texts: "polars.Series") -> "polars.Series":
        """What each text of a column is compared by."""
        import polars

        if self._keys is not None:
            return self._keys(texts)
        return polars.Series([self._key(text) for text in texts.to_list()], dtype=polars.String)

    def _numbered(self) -> "polars.DataFrame":
        import polars

        keys = polars.Series(list(self.numbers), dtype=polars.String)
        return polars.DataFrame({"key": keys, "code": polars.Series(range(len(keys)), dtype=polars.Int64)})

    def frame_of(self, texts: "polars.Series") -> "polars.DataFrame":
        """Columns text, key, code of every distinct text of a coded column that has a key."""
        import polars

        distinct = texts.unique()
        told = polars.DataFrame({"text": distinct, "key": self.keys_of(distinct)})
        return told.join(self._numbered(), on="key", how="inner")

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

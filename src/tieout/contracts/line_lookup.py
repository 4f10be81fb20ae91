"""From the ids of a result back to the lines behind them, without loading Polars for a small result."""

from collections.abc import Collection, Sequence

import numpy as np

from tieout.domain.kinds import Side
from tieout.domain.line_table import Coded, Int32Column, Int64Column, LineTable, coded, texts_at
from tieout.domain.results import Result
from tieout.kernel.dates import NO_DAY

SIDES: tuple[Side, Side] = ("statement", "ledger")

# A row for what is not a line, such as an adjustment: its cells are empty.
NO_ROW = -1


def table_of(result: Result, side: Side) -> LineTable:
    """The lines of one side."""
    return result.statement if side == "statement" else result.ledger


def is_small(result: Result) -> bool:
    """Whether both sides are plain lists, so that nothing about them needs Polars."""
    return result.statement.is_small and result.ledger.is_small


def rows_of(table: LineTable, ids: Collection[str]) -> dict[str, int]:
    """The row of each of these ids; ids that the table does not have are left out."""
    wanted = set(ids)
    if isinstance(table.id, list):
        return {line: row for row, line in enumerate(table.id) if line in wanted}
    rows = table.id.is_in(sorted(wanted)).arg_true()
    return dict(zip(table.id.gather(rows).to_list(), rows.to_list(), strict=True))


class LinesOf:
    """The columns of chosen lines of both sides, in the order in which they were chosen."""

    def __init__(self, result: Result, sides: Sequence[str], rows: Sequence[int]) -> None:
        """One side and one row of its table per line; NO_ROW for what is not a line."""
        self._length = len(rows)
        self._parts: list[tuple[LineTable, Int64Column, Int64Column]] = []
        chosen, of_statement = (
            np.array(rows, dtype=np.int64),
            np.array([side == "statement" for side in sides], dtype=bool),
        )
        for side in SIDES:
            places = np.flatnonzero((of_statement == (side == "statement")) & (chosen != NO_ROW)).astype(np.int64)
            self._parts.append((table_of(result, side), places, chosen[places]))

    def texts(self, column: str) -> list[str]:
        """A text column, empty where the chosen thing is not a line."""
        found = [""] * self._length
        for table, places, rows in self._parts:
            value = getattr(table, column)
            texts = _names_at(value, rows) if isinstance(value, Coded) else texts_at(value, rows)
            for place, text in zip(places.tolist(), texts, strict=True):
                found[place] = text
        return found

    def names(self, column: str) -> Coded:
        """A text column of few distinct values."""
        return coded(self.texts(column))

    def days(self, column: str) -> Int32Column:
        """A column of days; NO_DAY where the chosen thing is not a line."""
        found = np.full(self._length, NO_DAY, dtype=np.int32)
        for table, places, rows in self._parts:
            found[places] = getattr(table, column)[rows]
        return found

    def minor_units(self) -> Int64Column:
        """The whole signed amounts; zero where the chosen thing is not a line."""
        found = np.zeros(self._length, dtype=np.int64)
        for table, places, rows in self._parts:
            found[places] = table.minor_units[rows]
        return found


def _names_at(column: Coded, rows: Int64Column) -> list[str]:
    return [column.names[code] for code in column.codes[rows].tolist()]

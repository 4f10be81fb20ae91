"""Lines of one side as columns: what importers produce and the matching engine reads.

Numbers are NumPy columns. Texts are plain lists for small inputs and Polars columns for large ones, so that a small
reconciliation never waits for Polars to load; `texts_at` and `TextColumn` are the only things that need to know.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, Union

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import polars

Int64Column: TypeAlias = npt.NDArray[np.int64]
Int32Column: TypeAlias = npt.NDArray[np.int32]
BoolColumn: TypeAlias = npt.NDArray[np.bool_]
TextColumn: TypeAlias = Union[list[str], "polars.Series"]

# Up to here loading Polars would take longer than plain Python takes to read the lines.
SMALL_LINES_MAX = 2_000


class Coded(NamedTuple):
    """A text column with few distinct values: `names[codes[row]]` is the text of a row."""

    codes: Int32Column
    names: tuple[str, ...]

    def at(self, row: int) -> str:
        """The text of one row."""
        return self.names[int(self.codes[row])]


def coded(texts: Sequence[str]) -> Coded:
    """Code a column of few distinct texts; names come in order of first appearance."""
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(text, len(numbers)) for text in texts]
    return Coded(np.array(codes, dtype=np.int32), tuple(numbers))


@dataclass(frozen=True, slots=True, eq=False)
class LineTable:
    """Lines of one side, all columns of one length, in the order of their files.

    A text is empty where the file says nothing. `None` instead of a text column means empty on every row.
    """

    id: TextColumn  # unique inside the side
    account: Coded
    currency: Coded  # ISO 4217
    kind: Coded  # domain.kinds; empty for a bank line and for an open item of unstated kind
    minor_units: Int64Column  # signed, in the currency's exponent; positive is money in
    booking_day: Int32Column  # days since 1970-01-01
    value_day: Int32Column  # NO_DAY where absent
    reference: TextColumn
    counterparty: TextColumn
    counterparty_account: TextColumn
    batch: TextColumn
    description: TextColumn
    settles: TextColumn | None  # ids of the open items that a book entry settles, separated by blanks
    base_amount: TextColumn | None  # carrying value in the functional currency, decimal text
    rate: TextColumn | None  # the rate it was booked at, exact decimal text
    files: tuple[str, ...]  # base names
    file: Int32Column  # index into `files`
    line: Int32Column  # counted from 1
    column: Int32Column
    native_id: TextColumn | None = None  # the bank's own id: evidence, never a key
    reversal: BoolColumn | None = None  # the bank marks the line as a reversal or a return
    original_amount: TextColumn | None = None  # decimal text in original_currency, where the bank converted
    original_currency: TextColumn | None = None
    extra: Mapping[str, TextColumn] | None = None  # further columns of the input, kept and shown

    def __len__(self) -> int:
        return len(self.minor_units)

    @property
    def is_small(self) -> bool:
        """Whether the texts are plain lists."""
        return isinstance(self.id, list)


def texts_at(column: TextColumn | None, rows: Int64Column | Sequence[int]) -> list[str]:
    """The texts of some rows, in the order of `rows`."""
    if column is None:
        return [""] * len(rows)
    if isinstance(column, list):
        return [column[row] for row in rows]
    return column.gather(np.asarray(rows, dtype=np.int64)).to_list()


def texts_of(column: TextColumn | None, length: int) -> list[str]:
    """Every text of a column that has `length` rows."""
    if column is None:
        return [""] * length
    return column if isinstance(column, list) else column.to_list()


def distinct_texts(column: TextColumn) -> list[str]:
    """Every text of a column once, in no order."""
    return list(set(column)) if isinstance(column, list) else column.unique().to_list()


def concat(tables: Sequence[LineTable]) -> LineTable:
    """The lines of several tables after one another; texts become Polars columns when one of them is."""
    if len(tables) == 1:
        return tables[0]
    names: tuple[str, ...] = ()
    parts: dict[str, list[object]] = {field.name: [] for field in fields(LineTable)}
    for table in tables:
        for name, values in parts.items():
            values.append(getattr(table, name))
        names += table.files
    lengths = [len(table) for table in tables]
    offsets = np.cumsum([0, *(len(table.files) for table in tables)])
    joined = {
        name: _joined(name, values, lengths) for name, values in parts.items() if name not in ("files", "file", "extra")
    }
    file = np.concatenate([table.file + offset for table, offset in zip(tables, offsets, strict=False)])
    return LineTable(files=names, file=file.astype(np.int32), extra=_joined_extra(tables, lengths), **joined)  # type: ignore[arg-type]


def _joined(name: str, values: list[object], lengths: list[int]) -> object:
    if isinstance(values[0], Coded):
        return _joined_codes([value for value in values if isinstance(value, Coded)])
    if all(value is None for value in values):
        return None
    if name == "reversal":
        columns = [np.zeros(n, dtype=np.bool_) if v is None else v for v, n in zip(values, lengths, strict=True)]
        return np.concatenate(columns)  # type: ignore[arg-type]
    if isinstance(values[0], np.ndarray):
        return np.concatenate(values)  # type: ignore[arg-type]
    return _joined_texts(values, lengths)  # type: ignore[arg-type]


def _joined_codes(columns: list[Coded]) -> Coded:
    numbers: dict[str, int] = {}
    codes = []
    for column in columns:
        translation = np.array([numbers.setdefault(name, len(numbers)) for name in column.names], dtype=np.int32)
        codes.append(translation[column.codes] if len(column.codes) else column.codes)
    return Coded(np.concatenate(codes), tuple(numbers))


def _joined_texts(columns: list[TextColumn | None], lengths: list[int]) -> TextColumn:
    if all(column is None or isinstance(column, list) for column in columns):
        return [text for column, length in zip(columns, lengths, strict=True) for text in texts_of(column, length)]
    import polars

    return polars.concat(
        [
            polars.Series([""] * length if column is None else column, dtype=polars.String)
            for column, length in zip(columns, lengths, strict=True)
        ]
    )


def _joined_extra(tables: Sequence[LineTable], lengths: list[int]) -> Mapping[str, TextColumn] | None:
    names = sorted({name for table in tables for name in table.extra or ()})
    if not names:
        return None
    get: Callable[[LineTable, str], TextColumn | None] = lambda table, name: (table.extra or {}).get(name)  # noqa: E731
    return {name: _joined_texts([get(table, name) for table in tables], lengths) for name in names}

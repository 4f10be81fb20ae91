"""lines.csv: every line of both sides with its ids, where it stands in its file, and all that the file says of it."""

from typing import BinaryIO

import numpy as np

from tieout.contracts.csv_table import (
    Amounts,
    Cells,
    Days,
    Names,
    Numbers,
    Texts,
    constant,
    texts_or_empty,
    write_header,
    write_rows,
)
from tieout.contracts.exporter import ResultFormat
from tieout.contracts.line_lookup import SIDES, table_of
from tieout.contracts.places import file_name
from tieout.domain.kinds import Side
from tieout.domain.line_table import BoolColumn, Coded, LineTable
from tieout.domain.results import Result

FILE = "lines.csv"
FORMATS: tuple[ResultFormat, ...] = ("json", "parquet")

_COLUMNS = (
    *("side", "id", "account", "currency", "amount", "booking_date", "value_date", "kind", "reference"),
    *("counterparty", "counterparty_account", "batch", "description", "settles", "base_amount", "rate"),
    *("original_amount", "original_currency", "reversal", "native_id", "file", "line", "column"),
)


def write(result: Result, stream: BinaryIO) -> None:
    """Statement lines, then ledger lines, each in the order of its files; extra columns of the input come last.

    An extra column that bears the name of one of ours is called `extra NAME`.
    """
    extra = sorted({name for table in (result.statement, result.ledger) for name in table.extra or ()})
    write_header(stream, [*_COLUMNS, *(f"extra {name}" if name in _COLUMNS else name for name in extra)])
    for side in SIDES:
        table = table_of(result, side)
        more = [texts_or_empty((table.extra or {}).get(name), len(table)) for name in extra]
        write_rows(stream, [*_cells(side, table), *more], table.is_small)


def _cells(side: Side, table: LineTable) -> list[Cells]:
    return [
        constant(side, len(table)),
        Texts(table.id),
        Names(table.account),
        Names(table.currency),
        Amounts(table.minor_units, table.currency),
        Days(table.booking_day),
        Days(table.value_day),
        Names(table.kind),
        Texts(table.reference),
        Texts(table.counterparty),
        Texts(table.counterparty_account),
        Texts(table.batch),
        Texts(table.description),
        texts_or_empty(table.settles, len(table)),
        texts_or_empty(table.base_amount, len(table)),
        texts_or_empty(table.rate, len(table)),
        texts_or_empty(table.original_amount, len(table)),
        texts_or_empty(table.original_currency, len(table)),
        Names(_marks(table.reversal, len(table))),
        texts_or_empty(table.native_id, len(table)),
        Names(Coded(table.file, tuple(file_name(name) for name in table.files))),
        Numbers(table.line),
        Numbers(table.column),
    ]


def _marks(column: BoolColumn | None, length: int) -> Coded:
    codes = np.zeros(length, dtype=np.int32) if column is None else column.astype(np.int32)
    return Coded(codes, ("", "true"))

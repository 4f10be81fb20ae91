"""Open lines as columns for the engine, straight from rows in blocks."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tieout.domain.line_table import SMALL_LINES_MAX, Coded, LineTable, TextColumn, coded
from tieout.kernel.dates import NO_DAY
from tieout.store.sql.line_query import USED
from tieout.store.sql.schema import LINES

# Rows of one block: what is held as Python values at once.
BLOCK_ROWS = 20_000

_CODED = ("account_id", "currency", "kind")
_NUMBERS = ("booking_day", "value_day", "version")
_TEXTS = (
    "reference",
    "counterparty",
    "counterparty_account",
    "batch",
    "description",
    "settles",
    "rate",
    "native_id",
)
WANTED = (
    LINES.c.id,
    (LINES.c.minor_units - USED).label("left"),
    *(LINES.c[name] for name in (*_CODED, *_NUMBERS, *_TEXTS)),
)


def table_of(blocks: Iterable[Sequence[Sequence[Any]]]) -> LineTable:
    """The table of the rows of a query for the columns WANTED."""
    columns: list[list[Any]] = [[] for _ in WANTED]
    for block in blocks:
        for column, values in zip(columns, zip(*block, strict=True), strict=True):
            column.extend(values)
    ids, left, account, currency, kind, booking_day, value_day, version, *texts = columns
    named = dict(zip(_TEXTS, texts, strict=True))
    length = len(ids)
    return LineTable(
        id=_texts(list(map(str, ids))),
        account=_accounts(account),
        currency=coded(currency),
        kind=coded(kind),
        minor_units=np.array(left, dtype=np.int64),
        booking_day=np.array(booking_day, dtype=np.int32),
        value_day=np.array([NO_DAY if day is None else day for day in value_day], dtype=np.int32),
        base_amount=None,
        files=("",),
        file=np.zeros(length, dtype=np.int32),
        line=np.array(version, dtype=np.int32),
        column=np.zeros(length, dtype=np.int32),
        settles=_optional(named.pop("settles")),
        rate=_optional(named.pop("rate")),
        native_id=_optional(named.pop("native_id")),
        reference=_texts(named.pop("reference")),
        counterparty=_texts(named.pop("counterparty")),
        counterparty_account=_texts(named.pop("counterparty_account")),
        batch=_texts(named.pop("batch")),
        description=_texts(named.pop("description")),
    )


def _accounts(ids: list[int]) -> Coded:
    numbers: dict[int, int] = {}
    codes = [numbers.setdefault(account, len(numbers)) for account in ids]
    return Coded(np.array(codes, dtype=np.int32), tuple(map(str, numbers)))


def _texts(values: list[str]) -> TextColumn:
    if len(values) <= SMALL_LINES_MAX:
        return values
    import polars

    return polars.Series(values, dtype=polars.String)


def _optional(values: list[str]) -> TextColumn | None:
    return _texts(values) if any(values) else None

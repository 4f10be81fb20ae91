"""Open lines as columns for the engine: few from rows, many from blocks of joined values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import func, literal_column

from tieout.domain.line_table import Coded, LineTable, TextColumn, coded
from tieout.kernel.dates import NO_DAY
from tieout.store.sql.line_query import USED
from tieout.store.sql.schema import LINES

if TYPE_CHECKING:
    import polars

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
    *(
        func.coalesce(LINES.c[name], literal_column(f"{NO_DAY}")).label(name) if name == "value_day" else LINES.c[name]
        for name in (*_CODED, *_NUMBERS, *_TEXTS)
    ),
)


# The columns of a query for WANTED, and whether each is a text.
COLUMNS = {"id": False, "left": False} | {
    name: name in ("currency", "kind") or name in _TEXTS for name in (*_CODED, *_NUMBERS, *_TEXTS)
}


def table_of_rows(rows: Sequence[Sequence[Any]]) -> LineTable:
    """The table of a few rows of a query for WANTED, texts as plain lists."""
    columns = dict(zip(COLUMNS, [*map(list, zip(*rows, strict=True))] or [[] for _ in COLUMNS], strict=True))
    codes = {name: coded([*map(str, columns[name])]) for name in _CODED}
    texts: dict[str, TextColumn | None] = {name: columns[name] for name in _TEXTS}
    return _table([*map(str, columns["id"])], codes, columns, texts | _optional(texts, any))


def table_of_blocks(blocks: Iterable[Sequence[str]]) -> LineTable:
    """The table of many rows of a query for WANTED, in blocks of joined values, texts as Polars columns."""
    import polars

    pieces = dict(zip(COLUMNS, zip(*blocks, strict=True), strict=True))
    found = {name: _apart(polars.Series(pieces[name]), "\0" if is_text else " ") for name, is_text in COLUMNS.items()}
    numbers = {name: found[name].cast(polars.Int64).to_numpy() for name in ("left", *_NUMBERS)}
    codes = {name: _coded(found[name]) for name in _CODED}
    texts: dict[str, TextColumn | None] = {name: found[name] for name in _TEXTS}
    return _table(found["id"], codes, numbers, texts | _optional(texts, lambda column: bool((column != "").any())))


def _apart(joined: "polars.Series", between: str) -> "polars.Series":
    return joined.str.split(between).explode()


def _table(
    ids: TextColumn,
    codes: Mapping[str, Coded],
    numbers: Mapping[str, Any],
    texts: Mapping[str, TextColumn | None],
) -> LineTable:
    return LineTable(
        id=ids,
        account=codes["account_id"],
        currency=codes["currency"],
        kind=codes["kind"],
        minor_units=np.array(numbers["left"], dtype=np.int64),
        booking_day=np.array(numbers["booking_day"], dtype=np.int32),
        value_day=np.array(numbers["value_day"], dtype=np.int32),
        base_amount=None,
        files=("",),
        file=np.zeros(len(ids), dtype=np.int32),
        line=np.array(numbers["version"], dtype=np.int32),
        column=np.zeros(len(ids), dtype=np.int32),
        **texts,  # type: ignore[arg-type]
    )


def _optional(texts: Mapping[str, TextColumn | None], is_given: Callable[[Any], bool]) -> dict[str, TextColumn | None]:
    """The columns that may be absent as a whole, without those that are empty on every row."""
    return {name: texts[name] if is_given(texts[name]) else None for name in ("settles", "rate", "native_id")}


def _coded(column: "polars.Series") -> Coded:
    """As `coded`: names in order of first appearance."""
    names = column.unique(maintain_order=True)
    codes = column.replace_strict(names, range(len(names)))
    return Coded(codes.to_numpy().astype(np.int32), tuple(names.to_list()))

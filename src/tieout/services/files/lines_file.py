"""Reads the lines.csv of an earlier result back into columns: every line of both sides as it was then."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

import numpy as np

from tieout.contracts.csv_records import records
from tieout.contracts.csv_table import unguarded
from tieout.domain.kinds import Side
from tieout.domain.line_table import SMALL_LINES_MAX, LineTable, coded
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import day_number, day_of_text
from tieout.kernel.money import minor_units_of

# The columns that are read; further ones are extra columns of the input.
_TEXTS = (
    *("reference", "counterparty", "counterparty_account", "batch", "description"),
    *("settles", "base_amount", "rate", "original_amount", "original_currency", "native_id"),
)
_COLUMNS = (
    *("side", "id", "account", "currency", "amount", "booking_date", "value_date", "kind", "reversal"),
    *("file", "line", "column"),
    *_TEXTS,
)
_EXTRA_MARK = "extra "
# Columns that a table leaves out where they are empty throughout.
_OPTIONAL = ("settles", "base_amount", "rate", "original_amount", "original_currency", "native_id")


class LinesFile(Protocol):
    """The rows of a lines.csv."""

    def ids(self, side: Side) -> list[str]:
        """The ids of one side, in the order of the file."""
        ...

    def accounts_of(self, kinds: Collection[str]) -> set[tuple[str, str]]:
        """Name and currency of the accounts that have ledger lines of these kinds."""
        ...

    def table(self, side: Side, wanted: Collection[str]) -> LineTable:
        """The lines of one side with these ids, in the order of the file, as plain lists."""
        ...


def read_lines_file(raw: bytes) -> LinesFile:
    """The lines of both sides. Raises ValueError, KeyError or TieoutError where the file is not one of ours."""
    if raw.count(b"\n") <= SMALL_LINES_MAX:
        return _SmallFile(raw)
    return _LargeFile(raw)


class _SmallFile:
    def __init__(self, raw: bytes) -> None:
        names, *rows = [record.cells for record in records(raw.decode("utf-8"))]
        _require_columns(names)
        self._columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}

    def ids(self, side: Side) -> list[str]:
        return [unguarded(self._columns["id"][row]) for row in self._rows(side)]

    def table(self, side: Side, wanted: Collection[str]) -> LineTable:
        ids = self._columns["id"]
        chosen = [row for row in self._rows(side) if unguarded(ids[row]) in wanted]
        return _table({name: [column[row] for row in chosen] for name, column in self._columns.items()})

    def accounts_of(self, kinds: Collection[str]) -> set[tuple[str, str]]:
        columns = [[self._columns[name][row] for row in self._rows("ledger")] for name in _ACCOUNT]
        return _accounts_of(zip(*columns, strict=True), kinds)

    def _rows(self, side: Side) -> list[int]:
        return [row for row, text in enumerate(self._columns["side"]) if text == side]


class _LargeFile:
    def __init__(self, raw: bytes) -> None:
        import polars

        try:
            frame = polars.scan_csv(raw, infer_schema=False, empty_string_is_null=False).collect()
        except polars.exceptions.PolarsError as error:
            raise ValueError(str(error)) from None
        _require_columns(frame.columns)
        self._sides = {side: frame.filter(polars.col("side") == side) for side in ("statement", "ledger")}

    def ids(self, side: Side) -> list[str]:
        return [unguarded(text) for text in self._sides[side]["id"].to_list()]

    def table(self, side: Side, wanted: Collection[str]) -> LineTable:
        import polars

        chosen = polars.Series([text in wanted for text in self.ids(side)], dtype=polars.Boolean)
        frame = self._sides[side].filter(chosen)
        return _table({name: frame[name].to_list() for name in frame.columns})

    def accounts_of(self, kinds: Collection[str]) -> set[tuple[str, str]]:
        return _accounts_of(self._sides["ledger"].select(_ACCOUNT).unique().iter_rows(), kinds)


_ACCOUNT = ("account", "currency", "kind")


def _accounts_of(rows: Iterable[tuple[str, ...]], kinds: Collection[str]) -> set[tuple[str, str]]:
    return {(unguarded(account), currency) for account, currency, kind in rows if unguarded(kind) in kinds}


def _require_columns(names: Sequence[str]) -> None:
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise ValueError(f"it has no column {missing[0]}")


def _table(cells: dict[str, list[str]]) -> LineTable:
    texts = {name: [unguarded(text) for text in cells[name]] for name in (*_TEXTS, "id", "account", "kind")}
    amounts = zip(cells["amount"], cells["currency"], strict=True)
    files = coded([unguarded(name) for name in cells["file"]])
    extra = {name: [unguarded(text) for text in column] for name, column in cells.items() if name not in _COLUMNS}
    optional = {name: texts[name] if any(texts[name]) else None for name in _OPTIONAL}
    return LineTable(
        id=texts["id"],
        account=coded(texts["account"]),
        currency=coded(cells["currency"]),
        kind=coded(texts["kind"]),
        minor_units=np.array([minor_units_of(text, EXPONENTS.get(code, 2)) for text, code in amounts], dtype=np.int64),
        booking_day=_numbers(cells["booking_date"], _day),
        value_day=_numbers(cells["value_date"], _day),
        reference=texts["reference"],
        counterparty=texts["counterparty"],
        counterparty_account=texts["counterparty_account"],
        batch=texts["batch"],
        description=texts["description"],
        settles=optional["settles"],
        base_amount=optional["base_amount"],
        rate=optional["rate"],
        files=files.names,
        file=files.codes,
        line=_numbers(cells["line"], int),
        column=_numbers(cells["column"], int),
        native_id=optional["native_id"],
        reversal=np.array([text == "true" for text in cells["reversal"]], dtype=np.bool_),
        original_amount=optional["original_amount"],
        original_currency=optional["original_currency"],
        extra={_extra_name(name): column for name, column in extra.items() if any(column)} or None,
    )


def _extra_name(column: str) -> str:
    name = unguarded(column)
    return name.removeprefix(_EXTRA_MARK) if name.removeprefix(_EXTRA_MARK) in _COLUMNS else name


def _day(text: str) -> int:
    return day_number(day_of_text(text) if text else None)


def _numbers(texts: Sequence[str], number: Callable[[str], int]) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    return np.array([number(text) for text in texts], dtype=np.int32)

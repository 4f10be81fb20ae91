"""Columns of text as a table of lines, every cell proved good by column or not at all."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np
import polars

from tieout.contracts.places import file_name
from tieout.domain.line_table import Coded, Int32Column, Int64Column, LineTable
from tieout.importers._canonical_amounts import amount_parts, minor_units_of_parts
from tieout.importers._canonical_cells import NOT_ZERO, RATE, SETTLES_SEPARATOR, fault_in_day
from tieout.importers._canonical_header import Header
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import day_number, day_of_text
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import AMOUNT, minor_units_of

# Columns of few distinct texts, of which each is judged once.
_DAYS = ("booking_date", "value_date")
_CODED = ("account", "currency", "kind", *_DAYS)


def line_table(
    texts: polars.DataFrame, header: Header, lines: Int32Column, file: str, kinds: Collection[str]
) -> LineTable | None:
    """The table of lines; None when a cell is not proved good.

    texts: every row with every cell, none null. lines: where each row begins.
    """
    verdict, numbers = _verdict_and_numbers(texts)
    distinct = {name: verdict[name].item().to_list() for name in _CODED if name in texts.columns}
    if not verdict["holds"].item() or not _are_known(distinct, kinds) or not _are_unique(texts, numbers["id"]):
        return None
    coded = _coded(texts, distinct)
    minor_units = _minor_units(texts["amount"], numbers, coded["currency"])
    if minor_units is None:
        return None
    return LineTable(
        id=texts["id"],
        account=coded["account"],
        currency=coded["currency"],
        kind=coded["kind"],
        minor_units=minor_units,
        booking_day=_day_numbers(coded["booking_date"]),
        value_day=_day_numbers(coded["value_date"]),
        reference=_column(texts, "reference"),
        counterparty=_column(texts, "counterparty"),
        counterparty_account=_column(texts, "counterparty_account"),
        batch=_column(texts, "batch"),
        description=_column(texts, "description"),
        settles=_settles(_column(texts, "settles")),
        base_amount=_unless_empty(_column(texts, "base_amount")),
        rate=_unless_empty(_column(texts, "rate")),
        files=(file_name(file),),
        file=np.zeros(texts.height, dtype=np.int32),
        line=lines,
        column=np.ones(texts.height, dtype=np.int32),
        extra={name: texts[name] for name in header.extra} or None,
    )


def _verdict_and_numbers(texts: polars.DataFrame) -> list[polars.DataFrame]:
    """One row that says whether the cells keep their grammar and lists the distinct texts of the coded columns; and
    one row per line with a hash of its id, the digits of its amount as a whole number, and how many are decimals.
    """
    lines = texts.lazy()
    names = [name for name in _CODED if name in texts.columns]
    return polars.collect_all(
        [
            lines.select(
                polars.all_horizontal(_grammars(texts.columns)).alias("holds"),
                *(polars.col(name).unique(maintain_order=True).implode() for name in names),
            ),
            lines.select(polars.col("id").hash(), *amount_parts(polars.col("amount"))),
        ]
    )


def _grammars(columns: Iterable[str]) -> Iterator[polars.Expr]:
    """What holds when no cell breaks the grammar of its column; amounts apart."""
    ids = polars.col("id")
    yield ids.filter(ids.str.len_bytes().eq(0) | ids.str.starts_with(" ")).str.contains("[^ ]").all()
    if "base_amount" in columns:
        yield _filled("base_amount").str.contains(rf"^(?:{AMOUNT.pattern})$").all()
    if "rate" in columns:
        yield _filled("rate").str.contains(rf"^(?:{RATE.pattern})$").all()
        yield _filled("rate").str.contains(NOT_ZERO.pattern).all()


def _filled(name: str) -> polars.Expr:
    """The cells of the column that are not empty."""
    return polars.col(name).filter(polars.col(name).str.len_bytes() > 0)


def _are_known(distinct: dict[str, list[str]], kinds: Collection[str]) -> bool:
    """Whether the currencies, kinds and days are all good."""
    days = [(text, name) for name in _DAYS for text in distinct.get(name, ())]
    return (
        EXPONENTS.keys() >= set(distinct["currency"])
        and set(kinds) >= set(distinct.get("kind", ()))
        and not any(fault_in_day(text, name) for text, name in days)
    )


def _are_unique(texts: polars.DataFrame, hashes: polars.Series) -> bool:
    """Whether no two lines have the same id; texts are compared only where two hashes of 64 bits are equal."""
    ordered = np.sort(hashes.to_numpy())
    return bool((ordered[1:] != ordered[:-1]).all()) or texts["id"].n_unique() == texts.height


def _coded(texts: polars.DataFrame, distinct: dict[str, list[str]]) -> dict[str, Coded]:
    """The coded columns, names in order of first appearance; a column that the file does not have is empty."""
    numbers = texts.select(
        polars.col(name).cast(polars.Enum(names)).to_physical().cast(polars.Int32) for name, names in distinct.items()
    )
    absent = Coded(np.zeros(texts.height, dtype=np.int32), ("",))
    return {
        name: Coded(numbers[name].to_numpy(writable=True), tuple(distinct[name])) if name in distinct else absent
        for name in _CODED
    }


def _minor_units(amounts: polars.Series, parts: polars.DataFrame, currency: Coded) -> Int64Column | None:
    """The exact amounts; the few that the columns leave open are read one by one. None when one is bad."""
    exponents = np.array([EXPONENTS[name] for name in currency.names], dtype=np.int8)[currency.codes]
    minor_units, is_exact = minor_units_of_parts(parts, exponents)
    for row in np.flatnonzero(~is_exact).tolist():
        try:
            minor_units[row] = minor_units_of(amounts[row], int(exponents[row]))
        except TieoutError:
            return None
    return minor_units


def _day_numbers(days: Coded) -> Int32Column:
    numbers = [day_number(day_of_text(text) if text else None) for text in days.names]
    return np.array(numbers, dtype=np.int32)[days.codes]


def _column(texts: polars.DataFrame, name: str) -> polars.Series:
    """The column; empty texts where the file does not have it."""
    if name in texts.columns:
        return texts[name]
    return polars.repeat("", texts.height, dtype=polars.String, eager=True)


def _settles(column: polars.Series) -> polars.Series | None:
    """The ids of each cell with one blank between them, as `settles_text`."""
    filled = _unless_empty(column)
    if filled is None or not filled.str.contains(r"[\t\r\n,;]|^ | $|  ").any():
        return filled
    return _unless_empty(filled.str.replace_all(SETTLES_SEPARATOR.pattern, " ").str.strip_chars(" "))


def _unless_empty(column: polars.Series) -> polars.Series | None:
    return column if column.str.len_bytes().max() else None

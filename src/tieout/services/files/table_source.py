"""A table in memory as a canonical CSV in memory, so that one strict reader judges files and tables alike."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Protocol, runtime_checkable

from tieout.kernel.errors import Finding, Place, Refused, UsageError

if TYPE_CHECKING:
    import polars

# Columns that are exact amounts or rates.
_EXACT = ("amount", "base_amount", "rate")
_DAYS = ("booking_date", "value_date")


@runtime_checkable
class ArrowStream(Protocol):
    """An Arrow table, a Polars frame, or whatever else hands its columns over as Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The columns (Arrow PyCapsule interface)."""
        ...


@runtime_checkable
class LazyTable(Protocol):
    """A query that becomes a table when it is collected: a Polars LazyFrame."""

    def collect(self) -> ArrowStream:
        """The table."""
        ...


@dataclass(frozen=True)
class TableSource:
    """A table as a source of bytes."""

    name: str  # as messages call it: "ledger table"
    texts: "polars.DataFrame"  # every cell as text, none null
    raw: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.raw)

    def open(self) -> BinaryIO:
        """A new stream from the first byte."""
        return io.BytesIO(self.raw)

    def located(self, finding: Finding) -> Finding:
        """The finding at its row and column of the table instead of its line of the CSV."""
        row = self._row(finding.place.line)
        if row is None:
            return replace(finding, place=Place(self.name))
        column = self._column(row, finding.place)
        where = f'{self.name}, row {row + 1}, column "{column}"' if column else f"{self.name}, row {row + 1}"
        return replace(finding, place=Place(where))

    def _row(self, line: int) -> int | None:
        """The row that stands in a line of the CSV; None for the header."""
        import polars

        feeds = self.texts.select(polars.sum_horizontal(polars.all().str.count_matches("\n", literal=True)))
        begins = 2
        for row, inside in enumerate(feeds.to_series().to_list()):
            if begins <= line <= begins + inside:
                return row
            begins += inside + 1
        return None

    def _column(self, row: int, place: Place) -> str:
        """The column whose cell begins where the place points to."""
        begun = ""
        for name, cell in zip(self.texts.columns, self.texts.row(row), strict=True):
            if len(begun) - begun.rfind("\n") == place.column:
                return name
            begun += f"{_written(cell)},"
        return ""


def _written(cell: str) -> str:
    """The cell as it stands in the CSV."""
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '",\r\n') else cell


def table_source(table: ArrowStream | LazyTable, name: str) -> TableSource:
    """The table as a canonical CSV.

    Amounts may be decimals, whole numbers of the currency's unit or text. Raises UsageError for columns that cannot be
    exact, with what to do.
    """
    import polars

    collected = table.collect() if isinstance(table, LazyTable) else table
    try:
        frame = collected if isinstance(collected, polars.DataFrame) else polars.DataFrame(collected)
    except (TypeError, ValueError) as error:
        raise UsageError(f"the {name} is no table that can be read ({error}); hand over an Arrow table") from None
    texts = frame.select([_as_text(frame.schema[column], column, name) for column in frame.columns])
    # Polars writes an empty text as two quotation marks, and null as nothing.
    cells = texts.with_columns(polars.when(polars.all() != "").then(polars.all()))
    return TableSource(name, texts, cells.write_csv(line_terminator="\n", quote_style="necessary").encode())


def _as_text(kind: "polars.DataType", column: str, name: str) -> "polars.Expr":
    """The column as text, empty where it is null."""
    import polars

    cells = polars.col(column)
    if column in _EXACT and kind.is_float():
        what = f'the column "{column}" of the {name} holds floats, which are not exact'
        raise UsageError(f'{what}; make it text or decimal: polars.col("{column}").cast(polars.Decimal(18, 2))')
    if column in _DAYS and isinstance(kind, polars.Datetime):
        what = f'the column "{column}" of the {name} holds instants, not days'
        raise UsageError(f'{what}; make it a day: polars.col("{column}").dt.date()')
    if isinstance(kind, polars.List):
        cells = cells.cast(polars.List(polars.String)).list.join(" ")
    elif kind.is_decimal():
        cells = cells.cast(polars.String).str.replace(r"(\.[0-9]*?)0+$", "$1").str.strip_suffix(".")
    elif kind.is_nested() or isinstance(kind, polars.Binary | polars.Object):
        raise UsageError(f'the column "{column}" of the {name} holds {kind}, which is no text; make it text')
    return cells.cast(polars.String).fill_null("").alias(column)


def located_in_tables(refused: Refused, tables: Mapping[str, TableSource]) -> Refused:
    """The refusal with its findings located in the tables that they are about."""
    findings = [
        tables[finding.place.file].located(finding) if finding.place.file in tables else finding
        for finding in refused.findings
    ]
    return Refused(findings, refused.count)

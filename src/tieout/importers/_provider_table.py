"""The rows of a provider's report by the names of its columns, and where each cell stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tieout.contracts.csv_records import Record, cell_place, place_at, records
from tieout.contracts.reading import Reading
from tieout.importers._provider_profile import Profile, normalised
from tieout.kernel.catalogue import WARNINGS
from tieout.kernel.errors import Finding, Place, Refused

# Spreadsheets write a semicolon or a tab where the comma begins the decimals.
SEPARATORS = (",", ";", "\t")

_LOOK_IT_UP = "look the entry up at the provider, and enter it by hand if it is one"
_DOWNLOAD_AGAIN = "download the report again"


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of a report."""

    separator: str
    positions: Mapping[str, int]  # by normalised name
    width: int

    def has(self, column: str) -> bool:
        """Whether the report has the column."""
        return bool(column) and normalised(column) in self.positions


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a cell of a column that the report lacks is empty."""

    record: Record
    cells: Sequence[str]
    header: Header
    is_mended: bool = False  # its cells were told apart by more than separators, so their places are not known

    def cell(self, column: str) -> str:
        """The text of a cell, trimmed."""
        position = self.header.positions.get(normalised(column)) if column else None
        return "" if position is None else self.cells[position].strip()

    def first(self, columns: Sequence[str]) -> str:
        """The first text that one of the columns has."""
        return next((text for text in map(self.cell, columns) if text), "")


def header_in(text: str, profile: Profile) -> Header | None:
    """The header where the first row of the text has every required column of the profile, in any order."""
    required = {normalised(name) for name in profile.required}
    for separator in SEPARATORS:
        first = next(records(text, separator), None)
        names = [normalised(cell) for cell in first.cells] if first else []
        if required.issubset(names):
            positions = {name: position for position, name in reversed(list(enumerate(names))) if name}
            return Header(separator, positions, len(names))
    return None


def _rejoined(cells: Sequence[str], separator: str) -> list[str]:
    """The cells with those together that one list or object in brackets holds."""
    joined: list[str] = []
    closing = ""
    for cell in cells:
        if closing:
            joined[-1] += separator + cell
        else:
            joined.append(cell)
            closing = {"[": "]", "{": "}"}.get(cell[:1], "")
        if closing and cell.endswith(closing):
            closing = ""
    return joined


@dataclass(slots=True)
class _Noted:
    """Something that is true of several rows, where the first of them stands."""

    place: Place
    excerpt: str
    last_line: int
    rows: int = 1


class Table:
    """One report while it is read; notes go into its reading."""

    def __init__(self, file: str, text: str, header: Header, reading: Reading) -> None:
        self._file, self._text, self._reading = file, text, reading
        self.header = header
        # Where the last line begins that no line end follows: the file may be cut off in it.
        self._cut_from = max(text.rfind("\n"), text.rfind("\r")) + 1
        self._noted: dict[tuple[str, str], _Noted] = {}

    def rows(self) -> Iterator[Row]:
        """Every row after the header; one that cannot be cut into cells is quarantined."""
        for number, record in enumerate(records(self._text, self.header.separator)):
            if number == 0:
                continue
            row = self._row(record)
            if not row.cells:
                self._quarantine_uncut(record)
            elif any(cell.strip() for cell in row.cells):
                yield row

    def readable_rows(self) -> Iterator[Row]:
        """The rows that `rows` gives, for looking ahead: nothing is noted."""
        every = (self._row(record) for record in records(self._text, self.header.separator))
        return (row for number, row in enumerate(every) if number and row.cells)

    def _row(self, record: Record) -> Row:
        """The cells under each column; none where it cannot be told which is which.

        Empty cells at the end may be missing or too many, as spreadsheets leave them; missing ones of a line that does
        not end may have said something, and so may the rest of its last cell. Providers write lists of taxes as JSON
        without quotation marks around the cell.
        """
        width, cells = self.header.width, record.cells
        if record.broken is not None or len(cells) > width:
            if record.broken is None and not any(cell.strip() for cell in cells[width:]):
                return Row(record, cells, self.header)
            separator = self.header.separator
            cells = _rejoined(self._line_of(record).split(separator), separator)
            return Row(record, cells if len(cells) == width else [], self.header, is_mended=True)
        missing = width - len(cells)
        whole = missing == 0 or (len(cells) > 1 and record.start < self._cut_from)
        return Row(record, [*cells, *[""] * missing] if whole else [], self.header)

    def _line_of(self, record: Record) -> str:
        return self._text[record.start :].partition("\n")[0].rstrip("\r")

    def _quarantine_uncut(self, record: Record) -> None:
        if record.broken is not None:
            place = place_at(self._text, record, record.broken.start, self._file)
            self._quarantine("broken_quotes", record.broken.what, place)
            return
        place, counted = (
            Place(self._file, record.line, 1),
            f"{len(record.cells)} cells under {self.header.width} columns",
        )
        if record.start >= self._cut_from and len(record.cells) < self.header.width:
            what = f"the file ends inside this row, which has {counted}"
            self._quarantine("wrong_cell_count", what, place, advice=_DOWNLOAD_AGAIN)
        else:
            self._quarantine("wrong_cell_count", f"the row has {counted}", place)

    def place(self, row: Row, column: str = "") -> Place:
        """Where a cell of the row stands; the row itself where the report lacks the column."""
        position = self.header.positions.get(normalised(column)) if column else None
        if position is None or row.is_mended:
            return Place(self._file, row.record.line, 1)
        return cell_place(self._text, row.record, position, self._file, self.header.separator)

    def quarantine(self, code: str, what: str, row: Row, column: str = "") -> None:
        """A row that is not counted."""
        excerpt = f"{column} {row.cell(column)}".strip() if column else ""
        self._quarantine(code, what, self.place(row, column), excerpt)

    def _quarantine(self, code: str, what: str, place: Place, excerpt: str = "", advice: str = _LOOK_IT_UP) -> None:
        self._reading.quarantined.append(Finding(code, what, place, excerpt, advice))

    def warn_once(self, code: str, what: str, row: Row, column: str = "") -> None:
        """Something to know that may be true of many rows: said once, at the first of them, with their number."""
        noted = self._noted.get((code, what))
        if noted is None:
            self._noted[code, what] = _Noted(self.place(row, column), row.cell(column), row.record.line)
        elif noted.last_line != row.record.line:
            noted.rows, noted.last_line = noted.rows + 1, row.record.line

    def warn_of_report(self, code: str, what: str) -> None:
        """Something to know of the whole report."""
        self._reading.warnings.append(Finding(code, what, Place(self._file), "", WARNINGS[code].advice))

    def finish(self) -> None:
        """Say what `warn_once` took, in the order in which it was first noticed."""
        for (code, what), noted in self._noted.items():
            counted = f"{what} ({noted.rows} rows, this is the first)" if noted.rows > 1 else what
            self._reading.warnings.append(Finding(code, counted, noted.place, noted.excerpt, WARNINGS[code].advice))

    @staticmethod
    def refusal_of(file: str, code: str, what: str) -> Refused:
        """The reason for refusing a whole file."""
        return Refused([Finding(code, what, Place(file))])

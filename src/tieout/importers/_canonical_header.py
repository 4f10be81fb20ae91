"""The header row of a canonical CSV: which column stands where, and what is wrong with their names."""

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.contracts.csv_records import Record, cell_place, first_line_of, place_at, records
from tieout.kernel.catalogue import QUARANTINED, REFUSED
from tieout.kernel.errors import Finding, Place, Refused
from tieout.kernel.names import nearest

COLUMNS = (
    "id",
    "account",
    "currency",
    "amount",
    "booking_date",
    "value_date",
    "reference",
    "counterparty",
    "counterparty_account",
    "batch",
    "kind",
    "settles",
    "base_amount",
    "rate",
    "description",
)
REQUIRED = ("id", "amount", "currency", "booking_date")

# What spreadsheets put between columns in countries where the comma is the decimal mark.
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_ADVICE = REFUSED | QUARANTINED  # a broken header costs the file, a broken row only itself


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, in the order of the file; each stands once."""

    names: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def extra(self) -> tuple[str, ...]:
        """The columns that are not ours, in the order of the file."""
        return tuple(name for name in self.names if name not in COLUMNS)


def is_canonical(text: str) -> bool:
    """Whether the first row names every required column, with whatever separator."""
    record = next(records(text), None)
    if record is None or record.broken:
        return False
    cells = record.cells
    if len(cells) == 1:
        cells = next((cells[0].split(mark) for mark in _OTHER_SEPARATORS if mark in cells[0]), cells)
    return set(REQUIRED) <= set(cells)


def resembles_canonical(text: str) -> bool:
    """Whether the first row names at least half of the required columns, in whatever spelling."""
    record = next(records(text), None)
    cells = [] if record is None else record.cells
    for mark in _OTHER_SEPARATORS:
        cells = [part for cell in cells for part in cell.split(mark)]
    named = {_plain(cell) for cell in cells} & {_plain(name) for name in REQUIRED}
    return 2 * len(named) >= len(REQUIRED)


def header_of(text: str, file: str) -> Header:
    """The header in the first row of the text. Raises Refused with everything that is wrong with it."""
    record = next(records(text), None)
    if record is None:
        raise Refused([_finding("missing_column", "the file has no header row", Place(file, 1, 1), "")])
    findings = sorted(_faults(text, record, file), key=lambda finding: finding.place)
    if findings:
        raise Refused(findings)
    return Header(tuple(record.cells), tuple(_warnings(text, record, file)))


def _faults(text: str, record: Record, file: str) -> Iterator[Finding]:
    if record.broken:
        place = place_at(text, record, record.broken.start, file)
        yield _finding("broken_quotes", f"in the header, {record.broken.what}", place, first_line_of(text, record))
        return
    mark = _other_separator(record.cells)
    if mark:
        what = f"the columns are separated by {_OTHER_SEPARATORS[mark]}, not by commas"
        yield _finding("wrong_separator", what, Place(file, record.line, 1), record.cells[0])
        return
    for position, name in enumerate(record.cells):
        place = cell_place(text, record, position, file)
        if "\0" in name:
            yield _finding("nul_byte", f"the name of column {position + 1} holds a NUL character", place, name)
        elif not name.strip():
            yield _finding("unnamed_column", f"column {position + 1} has no name", place, "")
        elif record.cells.index(name) < position:
            yield _finding("duplicate_column", f'a second column is named "{name}"', place, name)
    yield from _missing_columns(text, record, file)


def _missing_columns(text: str, record: Record, file: str) -> Iterator[Finding]:
    spare = {_plain(name): position for position, name in enumerate(record.cells) if name not in COLUMNS}
    for name in REQUIRED:
        if name in record.cells:
            continue
        what = f'the required column "{name}" is missing'
        close = nearest(_plain(name), spare)
        if close is None:
            yield _finding("missing_column", what, Place(file, record.line, 1), first_line_of(text, record))
        else:
            found = record.cells[spare[close]]
            advice = f'did you mean "{found}"? rename it to "{name}"'
            yield _finding("missing_column", what, cell_place(text, record, spare[close], file), found, advice)


def _warnings(text: str, record: Record, file: str) -> Iterator[Finding]:
    """Extra columns whose name differs from one of ours in spelling only, so that ours is silently empty."""
    ours = {_plain(name): name for name in COLUMNS if name not in record.cells}
    for position, name in enumerate(record.cells):
        meant = ours.get(_plain(name))
        if meant and name not in COLUMNS:
            what = f'the column "{name}" is kept as an extra one and not read as "{meant}"'
            place = cell_place(text, record, position, file)
            yield Finding("similar_column", what, place, advice=f'rename it to "{meant}" if that is what it holds')


def _other_separator(cells: list[str]) -> str | None:
    if len(cells) > 1:
        return None
    required = {_plain(name) for name in REQUIRED}
    return next((mark for mark in _OTHER_SEPARATORS if required & {*map(_plain, cells[0].split(mark))}), None)


def _plain(name: str) -> str:
    """The name without case, blanks and punctuation: "Booking Date" and "booking_date" are alike."""
    return "".join(mark for mark in name.casefold() if mark.isalnum())


def _finding(code: str, what: str, place: Place, excerpt: str, advice: str = "") -> Finding:
    return Finding(code, what, place, excerpt, advice or _ADVICE[code].advice)

"""Reads a canonical CSV in plain Python: the reference, which also says where every fault stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tieout.contracts.csv_records import Record, cell_place, first_line_of, place_at, records
from tieout.contracts.places import file_name
from tieout.domain.line_table import Int32Column, LineTable, coded
from tieout.importers._canonical_cells import CellFault, settles_text
from tieout.importers._canonical_faults import Columns, amounts_of, faults_in
from tieout.importers._canonical_header import COLUMNS, Header, header_of
from tieout.importers._canonical_rows import Rows
from tieout.kernel.catalogue import QUARANTINED
from tieout.kernel.dates import day_number, day_of_text
from tieout.kernel.errors import Finding, Place


@dataclass(slots=True)
class _Cut:
    """The rows of a text cut into cells.

    cells: those of every row that has as many as the header, in one list, since millions of small lists are slow.
    """

    cells: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # where each of these rows begins
    starts: list[int] = field(default_factory=list)  # the same as an offset in the text
    bad: dict[int, list[Finding]] = field(default_factory=dict)  # findings of the other rows, by offset


def read_rows(text: str, file: str, kinds: Collection[str]) -> Rows:
    """Every row of the text, good ones as a table of plain lists, bad ones as findings.

    kinds: those that a line may have. Raises Refused for a faulty header.
    """
    header = header_of(text, file)
    width = len(header.names)
    cut = _cut(text, width, file)
    columns = {name: cut.cells[position::width] for position, name in enumerate(header.names)}
    amounts = amounts_of(columns)
    faults = faults_in(columns, amounts, cut.lines, kinds)
    for row, of_cells in faults.items():
        record = Record(cut.lines[row], cut.starts[row], cut.cells[row * width : (row + 1) * width])
        cut.bad[record.start] = _findings(text, record, header, of_cells, file)
    good = [row for row in range(len(amounts)) if row not in faults]
    if faults:
        columns = {name: [texts[row] for row in good] for name, texts in columns.items()}
    minor_units = [amounts[row] for row in good]
    table = _table(header, columns, minor_units, [cut.lines[row] for row in good], file)
    return Rows(header, table, tuple(tuple(findings) for _, findings in sorted(cut.bad.items())))


def _cut(text: str, width: int, file: str) -> _Cut:
    cut = _Cut()
    rows = records(text)
    next(rows)  # the header
    for record in rows:
        if len(record.cells) == width:
            cut.cells += record.cells
            cut.lines.append(record.line)
            cut.starts.append(record.start)
        else:
            cut.bad[record.start] = [_finding_of_shape(text, record, width, file)]
    return cut


def _finding_of_shape(text: str, record: Record, width: int, file: str) -> Finding:
    """Why the row has no cells for every column: at the broken cell, the first one too many, or the last one."""
    if record.broken:
        place = place_at(text, record, record.broken.start, file)
        return _row_finding("broken_quotes", record.broken.what, place, text, record)
    place = cell_place(text, record, min(width, len(record.cells) - 1), file)
    what = f"the row has {len(record.cells)} cells and the header {width}"
    return _row_finding("wrong_cell_count", what, place, text, record)


def _row_finding(code: str, what: str, place: Place, text: str, record: Record) -> Finding:
    return Finding(code, what, place, first_line_of(text, record), QUARANTINED[code].advice)


def _findings(text: str, record: Record, header: Header, faults: Mapping[str, CellFault], file: str) -> list[Finding]:
    """The bad cells of a row from left to right."""
    return [
        Finding(
            faults[name].code,
            faults[name].what,
            cell_place(text, record, position, file),
            record.cells[position],
            faults[name].advice,
        )
        for position, name in enumerate(header.names)
        if name in faults
    ]


def _table(
    header: Header, columns: Columns, minor_units: Sequence[int | CellFault], lines: Sequence[int], file: str
) -> LineTable:
    """The good rows as columns of plain lists."""
    texts = {**dict.fromkeys(COLUMNS, [""] * len(lines)), **columns}
    return LineTable(
        id=texts["id"],
        account=coded(texts["account"]),
        currency=coded(texts["currency"]),
        kind=coded(texts["kind"]),
        minor_units=np.array(minor_units, dtype=np.int64),
        booking_day=_day_numbers(texts["booking_date"]),
        value_day=_day_numbers(texts["value_date"]),
        reference=texts["reference"],
        counterparty=texts["counterparty"],
        counterparty_account=texts["counterparty_account"],
        batch=texts["batch"],
        description=texts["description"],
        settles=_unless_empty([settles_text(text) for text in texts["settles"]]),
        base_amount=_unless_empty(texts["base_amount"]),
        rate=_unless_empty(texts["rate"]),
        files=(file_name(file),),
        file=np.zeros(len(lines), dtype=np.int32),
        line=np.array(lines, dtype=np.int32),
        column=np.ones(len(lines), dtype=np.int32),
        extra={name: texts[name] for name in header.extra} or None,
    )


def _unless_empty(texts: list[str]) -> list[str] | None:
    return texts if any(texts) else None


def _day_numbers(texts: Sequence[str]) -> Int32Column:
    numbers = {text: day_number(day_of_text(text) if text else None) for text in set(texts)}
    return np.array([numbers[text] for text in texts], dtype=np.int32)

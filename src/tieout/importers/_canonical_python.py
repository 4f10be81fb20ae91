"""Reads a canonical CSV in plain Python: the reference, which also says where every fault stands."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from tieout.contracts.csv_records import Record, cell_place, first_line_of, place_at, records
from tieout.contracts.places import file_name
from tieout.domain.line_table import Int32Column, LineTable, coded
from tieout.importers._canonical_cells import (
    CellFault,
    fault_in_amount,
    fault_in_base_amount,
    fault_in_currency,
    fault_in_day,
    fault_in_id,
    fault_in_kind,
    fault_in_rate,
    settles_text,
)
from tieout.importers._canonical_header import COLUMNS, Header, header_of
from tieout.importers._canonical_rows import Rows
from tieout.kernel.catalogue import QUARANTINED
from tieout.kernel.currencies import exponent_of
from tieout.kernel.dates import day_number, day_of_text
from tieout.kernel.errors import Finding, Place
from tieout.kernel.money import minor_units_of


def read_rows(text: str, file: str, kinds: Collection[str]) -> Rows:
    """Every row of the text, good ones as a table of plain lists, bad ones as findings.

    kinds: those that a line may have. Raises Refused for a faulty header.
    """
    header = header_of(text, file)
    rules = _RowRules(header, kinds, "\0" in text)
    good: list[Record] = []
    bad: list[tuple[Finding, ...]] = []
    rows = records(text)
    next(rows)
    for record in rows:
        findings = tuple(_findings(text, record, rules, file))
        if findings:
            bad.append(findings)
        else:
            good.append(record)
    return Rows(header, _table(header, good, file), tuple(bad))


class _RowRules:
    """The rules that one row is held against; remembers the ids of the rows before it."""

    def __init__(self, header: Header, kinds: Collection[str], may_hold_nul: bool) -> None:
        self.width = len(header.names)
        self._positions = {name: header.names.index(name) for name in COLUMNS if name in header.names}
        self._kinds = kinds
        self._may_hold_nul = may_hold_nul
        self._line_of_id: dict[str, int] = {}

    def faults(self, record: Record) -> Iterator[tuple[int, CellFault]]:
        """The position of each bad cell of a row of the right width, and what is wrong with it."""
        if self._may_hold_nul:
            for position, cell in enumerate(record.cells):
                if "\0" in cell:
                    yield position, CellFault("nul_byte", "a NUL character", QUARANTINED["nul_byte"].advice)
        for name, position in self._positions.items():
            fault = self._fault(name, record.cells[position], record)
            if fault:
                yield position, fault

    def _fault(self, name: str, cell: str, record: Record) -> CellFault | None:
        match name:
            case "id":
                return fault_in_id(cell) or self._fault_of_repeated_id(cell, record.line)
            case "currency":
                return fault_in_currency(cell)
            case "amount":
                return fault_in_amount(cell, record.cells[self._positions["currency"]])
            case "booking_date" | "value_date":
                return fault_in_day(cell, name)
            case "kind":
                return fault_in_kind(cell, self._kinds)
            case "base_amount":
                return fault_in_base_amount(cell)
            case "rate":
                return fault_in_rate(cell)
        return None

    def _fault_of_repeated_id(self, identifier: str, line: int) -> CellFault | None:
        first = self._line_of_id.setdefault(identifier, line)
        if first == line:
            return None
        return CellFault("duplicate_id", f"the id stands in line {first} already", QUARANTINED["duplicate_id"].advice)


def _findings(text: str, record: Record, rules: _RowRules, file: str) -> list[Finding]:
    """Everything wrong with one row, from left to right."""
    if record.broken:
        place = place_at(text, record, record.broken.start, file)
        return [_row_finding("broken_quotes", record.broken.what, place, text, record)]
    if len(record.cells) != rules.width:
        return [_finding_of_width(text, record, rules.width, file)]
    return [
        Finding(fault.code, fault.what, cell_place(text, record, position, file), record.cells[position], fault.advice)
        for position, fault in sorted(rules.faults(record))
    ]


def _finding_of_width(text: str, record: Record, width: int, file: str) -> Finding:
    """Located at the first cell too many, or at the last one there is."""
    position = min(width, len(record.cells) - 1)
    what = f"the row has {len(record.cells)} cells and the header {width}"
    return _row_finding("wrong_cell_count", what, cell_place(text, record, position, file), text, record)


def _row_finding(code: str, what: str, place: Place, text: str, record: Record) -> Finding:
    return Finding(code, what, place, first_line_of(text, record), QUARANTINED[code].advice)


def _table(header: Header, rows: Sequence[Record], file: str) -> LineTable:
    """The good rows as columns of plain lists."""
    columns = dict.fromkeys(COLUMNS, [""] * len(rows))
    columns |= {name: [record.cells[place] for record in rows] for place, name in enumerate(header.names)}
    amounts = zip(columns["amount"], columns["currency"], strict=True)
    return LineTable(
        id=columns["id"],
        account=coded(columns["account"]),
        currency=coded(columns["currency"]),
        kind=coded(columns["kind"]),
        minor_units=np.array([minor_units_of(text, exponent_of(code)) for text, code in amounts], dtype=np.int64),
        booking_day=_day_numbers(columns["booking_date"]),
        value_day=_day_numbers(columns["value_date"]),
        reference=columns["reference"],
        counterparty=columns["counterparty"],
        counterparty_account=columns["counterparty_account"],
        batch=columns["batch"],
        description=columns["description"],
        settles=_unless_empty([settles_text(text) for text in columns["settles"]]),
        base_amount=_unless_empty(columns["base_amount"]),
        rate=_unless_empty(columns["rate"]),
        files=(file_name(file),),
        file=np.zeros(len(rows), dtype=np.int32),
        line=np.array([record.line for record in rows], dtype=np.int32),
        column=np.ones(len(rows), dtype=np.int32),
        extra={name: columns[name] for name in header.extra} or None,
    )


def _unless_empty(texts: list[str]) -> list[str] | None:
    return texts if any(texts) else None


def _day_numbers(texts: Sequence[str]) -> Int32Column:
    numbers = {text: day_number(day_of_text(text) if text else None) for text in set(texts)}
    return np.array([numbers[text] for text in texts], dtype=np.int32)

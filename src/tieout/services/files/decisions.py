"""Reads a file of decisions: a CSV of ours with the columns action, statement, ledger and reason, in any order."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from tieout.contracts.csv_records import Record, cell_place, place_at, records
from tieout.contracts.csv_text import canonical_text
from tieout.contracts.reading import Source, bytes_of
from tieout.kernel.catalogue import QUARANTINED, REFUSED
from tieout.kernel.errors import Finding, Place, Refused
from tieout.kernel.names import did_you_mean

Action: TypeAlias = Literal["confirm", "reject", "ignore"]

ACTIONS: tuple[Action, ...] = ("confirm", "reject", "ignore")
COLUMNS = ("action", "statement", "ledger", "reason")
_REQUIRED = COLUMNS[:3]
# A quarter of a million decisions.
SIZE_MAX = 32 * 1024 * 1024
# Nobody corrects more than that before trying again.
FINDINGS_SHOWN_MAX = 20


class Cell(NamedTuple):
    """A cell with ids, as written, and where it stands."""

    text: str
    place: Place


class Decision(NamedTuple):
    """One row: what somebody decided about lines of either side."""

    action: Action
    statement: Cell
    ledger: Cell
    reason: str


def read_decisions(source: Source) -> list[Decision]:
    """The decisions of a file, in its order.

    Whether the lines exist is not looked at. Raises Refused with the first located findings when any row is bad.
    """
    if source.size > SIZE_MAX:
        what = f"the file has {source.size:,} bytes; more than {SIZE_MAX:,} are no decisions of people"
        raise Refused([Finding("too_large", what, Place(source.name))])
    text = canonical_text(bytes_of(source), source.name)
    rows = records(text)
    positions = _header(text, next(rows, None), source.name)
    found: list[Decision] = []
    bad: list[Finding] = []
    for record in rows:
        read = _row(text, record, positions, source.name)
        if isinstance(read, Decision):
            found.append(read)
        else:
            bad.append(read)
    if bad:
        raise Refused(bad[:FINDINGS_SHOWN_MAX], len(bad))
    return found


def _header(text: str, record: Record | None, file: str) -> dict[str, int]:
    """The position of each column. Raises Refused with everything that is wrong with the header."""
    if record is None:
        raise Refused([_missing("action", Place(file, 1, 1))])
    if record.broken:
        place = place_at(text, record, record.broken.start, file)
        raise Refused([_finding("broken_quotes", f"in the header, {record.broken.what}", place)])
    findings = list(_header_faults(text, record, file))
    if findings:
        raise Refused(findings)
    return {name: position for position, name in enumerate(record.cells)}


def _header_faults(text: str, record: Record, file: str) -> Iterator[Finding]:
    names = record.cells
    if len(names) == 1 and ";" in names[0]:
        what = "the columns are separated by semicolons, not by commas"
        yield _finding("wrong_separator", what, Place(file, record.line, 1), names[0])
        return
    for position, name in enumerate(names):
        place = cell_place(text, record, position, file)
        if name not in COLUMNS:
            yield Finding("unknown_column", "there is no such column", place, name, did_you_mean(name, COLUMNS))
        elif names.index(name) < position:
            yield _finding("duplicate_column", f'a second column is named "{name}"', place)
    yield from (_missing(name, Place(file, record.line, 1)) for name in _REQUIRED if name not in names)


def _missing(name: str, place: Place) -> Finding:
    advice = "the first row names the columns: action,statement,ledger,reason"
    return Finding("missing_column", f'the required column "{name}" is missing', place, advice=advice)


def _row(text: str, record: Record, positions: dict[str, int], file: str) -> Decision | Finding:
    if record.broken:
        return _finding("broken_quotes", record.broken.what, place_at(text, record, record.broken.start, file))
    if len(record.cells) != len(positions):
        what = f"the row has {len(record.cells)} cells and the header {len(positions)}"
        place = cell_place(text, record, min(len(positions), len(record.cells) - 1), file)
        return _finding("wrong_cell_count", what, place)
    action = record.cells[positions["action"]].strip()
    if action not in ACTIONS:
        place = cell_place(text, record, positions["action"], file)
        return Finding("unknown_action", "there is no such action", place, action, did_you_mean(action, ACTIONS))
    statement, ledger = (_cell(text, record, positions[name], file) for name in ("statement", "ledger"))
    reason = record.cells[positions["reason"]].strip() if "reason" in positions else ""
    return Decision(action, statement, ledger, reason)


def _cell(text: str, record: Record, position: int, file: str) -> Cell:
    return Cell(record.cells[position].strip(), cell_place(text, record, position, file))


def _finding(code: str, what: str, place: Place, excerpt: str = "") -> Finding:
    return Finding(code, what, place, excerpt, (REFUSED | QUARANTINED)[code].advice)


def reasons_of(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """The reasons of the confirmed ties, in their order; empty where none was given."""
    return tuple(decision.reason for decision in decisions if decision.action == "confirm")

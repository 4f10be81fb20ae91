"""Internal reconciliations: journal entry lines that cancel each other."""

from collections.abc import Mapping

from tieout.dialects.snapbooks.shapes_journal import write_line, write_sides
from tieout.dialects.snapbooks.values import amount_text, instant_text, user_of
from tieout.domain.lines import Line
from tieout.domain.match_records import AllocationRecord, StoredMatch

_ENTRIES_OF_ONE = 10_000


def write_internal(match: StoredMatch, lines: Mapping[int, Line], *, parts: frozenset[str]) -> dict[str, object]:
    """An internal reconciliation.

    lines: those of its entries by id. parts: what `with` asked for: entries, entries.journal_entry_line, created_by.
    """
    record = match.record
    by = user_of(record.prepared_by)
    written: dict[str, object] = {
        "id": record.id,
        "created_at": instant_text(record.created_at),
        "created_by_id": by,
        "client_account_id": record.entity_id,
        "sequence_number": record.id,
        "reconciliation_date": instant_text(record.created_at)[:10],
    }
    if "created_by" in parts:
        written["created_by"] = None if by is None else {"id": by}
    if "entries" in parts or "entries.journal_entry_line" in parts:
        with_line = "entries.journal_entry_line" in parts
        written["entries"] = [
            _entry(leg, lines[leg.line_id], record.id * _ENTRIES_OF_ONE + number, with_line=with_line)
            for number, leg in enumerate(match.allocations)
        ]
    return written


def _entry(leg: AllocationRecord, line: Line, entry_id: int, *, with_line: bool) -> dict[str, object]:
    whole = leg.minor_units == line.minor_units
    sides = write_sides(line) if whole else _part(leg)
    entry: dict[str, object] = {
        "id": entry_id,
        "journal_entry_id": line.parent_id,
        "journal_entry_line_id": line.id,
        **sides,
    }
    if with_line:
        entry["journal_entry_line"] = write_line(line)
    return entry


def _part(leg: AllocationRecord) -> dict[str, str | None]:
    """Debit and credit of a part of a line; nothing says how much of its foreign amount that is."""
    return {
        "debit": amount_text(max(leg.minor_units, 0), leg.currency),
        "credit": amount_text(max(-leg.minor_units, 0), leg.currency),
        "debit_fc": None,
        "credit_fc": None,
    }

"""The lines of a document as rows to add: columns for those that are new, next versions of those that were entered."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tieout.domain.kinds import Side
from tieout.domain.line_table import Int64Column, LineTable, TextColumn, texts_at
from tieout.domain.lines import Line, Origin
from tieout.kernel.dates import NO_DAY
from tieout.services.document_accounts import Owners
from tieout.services.document_reading import DocumentRead
from tieout.services.document_union import Union
from tieout.services.line_versions import next_version
from tieout.store.protocols import Condition, Reading, Writing

# How many ids one question to the store names.
IDS_ASKED_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Taking:
    """What every line of one document shares."""

    entity_id: int
    side: Side
    document_id: int
    statement_ids: Int64Column  # by statement
    now: int
    by: str


def add_new_lines(work: Writing, taking: Taking, read: DocumentRead, owners: Owners, union: Union) -> Sequence[int]:
    """Add the lines of a document that nothing told before, all at once; their ids, in the order of their rows."""
    rows = union.new_rows(len(read.table))
    if not len(rows):
        return ()
    every = len(rows) == len(read.table)
    ids = work.new_ids(Line, len(rows))
    table = read.table
    columns: dict[str, object] = {
        "entity_id": taking.entity_id,
        "id": ids,
        "version": 1,
        "deleted": False,
        "side": taking.side,
        "origin": str(Origin.DOCUMENT),
        "account_id": owners.of_lines[rows],
        "currency": _names(table.currency.codes[rows], table.currency.names),
        "kind": _names(table.kind.codes[rows], table.kind.names),
        "minor_units": table.minor_units[rows],
        "booking_day": table.booking_day[rows],
        "value_day": _days(table.value_day[rows]),
        "foreign_minor_units": None,
        "foreign_currency": "",
        "document_id": taking.document_id,
        "statement_id": None if taking.side == "ledger" else taking.statement_ids[read.statement_of[rows]],
        "place": _places(table.line[rows], table.column[rows]),
        "parent_id": None,
        "transfer_id": None,
        "paid_day": None,
        "extra": _extras(table, rows),
        "created_at": taking.now,
        "changed_at": taking.now,
        "changed_by": taking.by,
    }
    for name in _TEXTS:
        columns[name] = _texts(getattr(table, name), rows, every=every)
    columns["settles"] = _settled(work, taking.entity_id, table, rows, _id_of_row(rows, ids, union))
    work.add_many(Line, len(rows), columns)
    return ids


_TEXTS = (
    "reference",
    "counterparty",
    "counterparty_account",
    "batch",
    "description",
    "native_id",
    "rate",
)


def _id_of_row(rows: Int64Column, ids: Sequence[int], union: Union) -> Callable[[int], int]:
    """What gives our id of a row of the file: of its new line, or of the line that tells it already."""

    def id_of(row: int) -> int:
        return union.known[row] if row in union.known else ids[int(np.searchsorted(rows, row))]

    return id_of


def take_over_entered(work: Writing, taking: Taking, read: DocumentRead, union: Union) -> None:
    """Give every entered line that the bank tells a version with the bank's words; its id and its matches stay."""
    if not union.taken_over:
        return
    rows = np.array(sorted(union.taken_over), dtype=np.int64)
    table = read.table
    texts = {name: texts_at(getattr(table, name), rows) for name in _TEXTS}
    days, places = _days(table.value_day[rows]), _places(table.line[rows], table.column[rows])
    versions = []
    for number, row in enumerate(rows.tolist()):
        values: dict[str, Any] = {name: column[number] for name, column in texts.items()}
        values["kind"] = table.kind.at(row) or union.taken_over[row].kind
        values["value_day"] = None if days is None else _plain(days[number])
        values["place"] = places[number]
        values["origin"] = str(Origin.DOCUMENT)
        values["document_id"] = taking.document_id
        values["statement_id"] = int(taking.statement_ids[read.statement_of[row]])
        versions.append(next_version(union.taken_over[row], taking.now, taking.by, **values))
    work.add(*versions)


def _plain(day: Any) -> int | None:
    return None if day is None else int(day)


def _names(codes: Any, names: Sequence[str]) -> str | list[str]:
    """A column of few distinct texts; one text where it is the same on every line."""
    if len(names) == 1:
        return names[0]
    return [names[code] for code in codes.tolist()]


def _days(column: Any) -> Any:
    absent = column == NO_DAY
    if absent.all():
        return None
    if not absent.any():
        return column
    return [None if day == NO_DAY else day for day in column.tolist()]


def _places(lines: Any, columns: Any) -> list[str]:
    if len(lines) and (columns == columns[0]).all():
        end = f":{columns[0]}"
        return [str(line) + end for line in lines.tolist()]
    return [f"{line}:{column}" for line, column in zip(lines.tolist(), columns.tolist(), strict=True)]


def _texts(column: TextColumn | None, rows: Int64Column, *, every: bool) -> TextColumn | str:
    if column is None:
        return ""
    return column if every else texts_at(column, rows)


def _extras(table: LineTable, rows: Int64Column) -> str | list[str]:
    """What a file says beside our columns, as the `extra` of each line; one empty text where it says no more."""
    said: dict[int, dict[str, object]] = {}
    for name, column in _further(table).items():
        saying = _rows_with_text(column)
        for row, text in zip(saying.tolist(), texts_at(column, saying), strict=True):
            said.setdefault(row, {})[name] = text
    if table.reversal is not None:
        for row in np.flatnonzero(table.reversal).tolist():
            said.setdefault(row, {})["reversal"] = True
    if not said:
        return ""
    return _sparse({row: _json({"document": fields}) for row, fields in said.items()}, rows)


def _sparse(texts: Mapping[int, str], rows: Int64Column) -> list[str]:
    """The texts of some rows, of those rows that are asked for; the others are empty."""
    column = [""] * len(rows)
    given = np.array(sorted(texts), dtype=np.int64)
    asked = given[np.isin(given, rows, assume_unique=True)]
    for place, row in zip(np.searchsorted(rows, asked).tolist(), asked.tolist(), strict=True):
        column[place] = texts[row]
    return column


def _rows_with_text(column: TextColumn) -> Int64Column:
    """The rows of a column that say something, ascending."""
    if isinstance(column, list):
        return np.array([row for row, text in enumerate(column) if text], dtype=np.int64)
    return (column != "").arg_true().to_numpy().astype(np.int64)


def _further(table: LineTable) -> Mapping[str, TextColumn]:
    columns = {
        "base_amount": table.base_amount,
        "original_amount": table.original_amount,
        "original_currency": table.original_currency,
    }
    named = {f"column:{name}": column for name, column in (table.extra or {}).items()}
    return {name: column for name, column in {**columns, **named}.items() if column is not None}


def _json(fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _settled(
    view: Reading, entity_id: int, table: LineTable, rows: Int64Column, id_of_row: Callable[[int], int]
) -> str | list[str]:
    """The `settles` of each line with our ids for the file's own; one empty text where none settles anything.

    An id that neither the file nor the books have is left out: it ties nothing.
    """
    column = table.settles
    settling = np.zeros(0, dtype=np.int64) if column is None else _rows_with_text(column)
    if not len(settling):
        return ""
    texts = dict(zip(settling.tolist(), texts_at(column, settling), strict=True))
    wanted = {each for text in texts.values() for each in text.split()}
    own = zip(*_rows_of_ids(table, wanted), strict=True)
    found = {each: id_of_row(row) for each, row in own}
    others = sorted(wanted - set(found))
    for start in range(0, len(others), IDS_ASKED_MAX):
        asked = Condition("native_id", "in", others[start : start + IDS_ASKED_MAX])
        for now in view.lines(entity_id, asked, Condition("side", "=", "ledger")):
            found.setdefault(now.line.native_id, now.line.id)
    translated = {
        row: " ".join(str(found[each]) for each in text.split() if each in found) for row, text in texts.items()
    }
    return _sparse(translated, rows)


def _rows_of_ids(table: LineTable, wanted: set[str]) -> tuple[list[str], list[int]]:
    """Those of the ids that the file has, and their rows."""
    if isinstance(table.id, list):
        rows = [row for row, each in enumerate(table.id) if each in wanted]
    else:
        import polars

        rows = table.id.is_in(polars.Series(sorted(wanted), dtype=polars.String)).arg_true().to_list()
    return texts_at(table.id, rows), rows

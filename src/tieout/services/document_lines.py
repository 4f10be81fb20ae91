"""The lines of a document as rows to add: columns for those that are new, next versions of those that were entered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tieout.domain.kinds import Side
from tieout.domain.line_table import Int64Column, LineTable, TextColumn, texts_at, texts_of
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


def add_new_lines(work: Writing, taking: Taking, read: DocumentRead, owners: Owners, union: Union) -> int:
    """Add the lines of a document that nothing told before, all at once; how many they are."""
    rows = union.new_rows(len(read.table))
    if not len(rows):
        return 0
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
        "settles": "",
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
    if table.settles is not None:
        columns["settles"] = _settled(
            work, taking.entity_id, table, rows, dict(zip(rows.tolist(), ids, strict=True)) | union.known
        )
    work.add_many(Line, len(rows), columns)
    return len(rows)


_TEXTS = (
    "reference",
    "counterparty",
    "counterparty_account",
    "batch",
    "description",
    "native_id",
    "rate",
)


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
    return [f"{line}:{column}" for line, column in zip(lines.tolist(), columns.tolist(), strict=True)]


def _texts(column: TextColumn | None, rows: Int64Column, *, every: bool) -> TextColumn | str:
    if column is None:
        return ""
    return column if every else texts_at(column, rows)


def _extras(table: LineTable, rows: Int64Column) -> str | list[str]:
    """What a file says beside our columns, as the `extra` of each line; one empty text where it says no more."""
    said = {name: texts_of(column, len(table)) for name, column in _further(table).items()}
    said = {name: column for name, column in said.items() if any(column)}
    reversal = table.reversal
    if not said and (reversal is None or not reversal.any()):
        return ""
    texts = []
    for row in rows.tolist():
        fields: dict[str, object] = {name: column[row] for name, column in said.items() if column[row]}
        if reversal is not None and reversal[row]:
            fields["reversal"] = True
        texts.append(_json({"document": fields}) if fields else "")
    return texts


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


def _settled(view: Reading, entity_id: int, table: LineTable, rows: Int64Column, ids: Mapping[int, int]) -> list[str]:
    """The `settles` of each line with our ids for the file's own.

    ids: our id of each row of the file. An id that neither the file nor the books have is left out: it ties nothing.
    """
    settles = texts_at(table.settles, rows)
    wanted = {each for text in settles for each in text.split()}
    own = dict(zip(texts_of(table.id, len(table)), range(len(table)), strict=True))
    found = {each: ids[own[each]] for each in wanted if each in own and own[each] in ids}
    others = sorted(wanted - set(found))
    for start in range(0, len(others), IDS_ASKED_MAX):
        asked = Condition("native_id", "in", others[start : start + IDS_ASKED_MAX])
        for now in view.lines(entity_id, asked, Condition("side", "=", "ledger")):
            found.setdefault(now.line.native_id, now.line.id)
    return [" ".join(str(found[each]) for each in text.split() if each in found) for text in settles]

"""What a transaction wrote, until it becomes the body of one audit event."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from tieout.domain.lines import Line, StoredStatement
from tieout.domain.match_records import AdjustmentRecord, AllocationRecord, MatchRecord
from tieout.store.canonical import ColumnsDigest, said_row
from tieout.store.operational import OPERATIONAL
from tieout.store.sql.columns import column_types
from tieout.store.sql.rows import names_of
from tieout.store.sql.schema import NAMES, TABLES

# More rows than this, given as columns, are told by their range, count and digest.
ROWS_TOLD_MAX = 200

# Facts that come in bulk, the column that leads their key inside an entity, and whose sequence it is of.
BULK: Mapping[type[Any], tuple[str, type[Any]]] = {
    Line: ("id", Line),
    StoredStatement: ("id", StoredStatement),
    MatchRecord: ("id", MatchRecord),
    AllocationRecord: ("match_id", MatchRecord),
    AdjustmentRecord: ("match_id", MatchRecord),
}


class Collected:
    """Entries of one transaction, in the order they were written."""

    def __init__(self) -> None:
        self._entries: list[dict[str, Any]] = []
        self._fresh: dict[type[Any], list[range]] = {}
        self._ranges: dict[type[Any], list[tuple[int, int]]] = {}

    def handed_out(self, noun: type[Any], ids: range) -> None:
        """Identifiers that this transaction alone may use."""
        self._fresh.setdefault(noun, []).append(ids)

    def added(self, noun: type[Any], rows: Iterable[Sequence[Any]]) -> None:
        """Rows that were inserted one by one."""
        if noun not in OPERATIONAL:
            table, names = NAMES[noun], names_of(noun)
            self._entries += [{"do": "add", "table": table, "row": said_row(names, row)} for row in rows]

    def changed(self, noun: type[Any], row: Sequence[Any], values: Mapping[str, Any]) -> None:
        """A row that was `row` and has these values now."""
        if noun not in OPERATIONAL:
            was, now = said_row(names_of(noun), row), said_row(values.keys(), values.values())
            self._entries.append({"do": "change", "table": NAMES[noun], "was": was, "now": now})

    def removed(self, noun: type[Any], row: Sequence[Any]) -> None:
        """A row that is gone."""
        if noun not in OPERATIONAL:
            was = said_row(names_of(noun), row)
            self._entries.append({"do": "remove", "table": NAMES[noun], "was": was})

    def kept_bytes(self, entity_id: int, document_id: int, sha256: str) -> None:
        """The bytes of a document."""
        self._entries.append({"do": "keep bytes", "entity_id": entity_id, "document_id": document_id, "sha256": sha256})

    def added_many(self, noun: type[Any], count: int, columns: Mapping[str, Any]) -> None:
        """Rows that were inserted as columns, each a sequence or one value for all."""
        if noun in OPERATIONAL or not count:
            return
        ordered = [columns[name] for name in names_of(noun)]
        found = self._range(noun, columns) if count > ROWS_TOLD_MAX else None
        if found is None:
            self.added(noun, zip(*(_values(column, count) for column in ordered), strict=True))
            return
        digest = ColumnsDigest({name: kind for name, (kind, _) in column_types(noun).items()})
        digest.take(_in_key_order(noun, ordered, columns), count)
        self._ranges.setdefault(noun, []).append(found)
        self._entries.append(
            {
                "do": "add many",
                "table": NAMES[noun],
                "entity_id": columns["entity_id"],
                "first": found[0],
                "last": found[1],
                "rows": count,
                "digest": digest.hexdigest(),
            }
        )

    def _range(self, noun: type[Any], columns: Mapping[str, Any]) -> tuple[int, int] | None:
        """First and last identifier, where nobody else can ever have a row between them; None elsewhere."""
        if noun not in BULK or not isinstance(columns["entity_id"], int):
            return None
        leading, owner = BULK[noun]
        ids = np.asarray(columns[leading])
        if not ids.ndim or (noun is Line and columns["version"] != 1):
            return None
        first, last = int(ids.min()), int(ids.max())
        fresh = any(first in handed and last in handed for handed in self._fresh.get(owner, ()))
        apart = all(last < other[0] or first > other[1] for other in self._ranges.get(noun, ()))
        return (first, last) if fresh and apart else None

    def body(self) -> str | None:
        """The entries as the JSON text of an event; None where nothing was written."""
        return msgspec.json.encode(self._entries).decode() if self._entries else None


def _in_key_order(noun: type[Any], ordered: list[Any], columns: Mapping[str, Any]) -> list[Any]:
    """The columns sorted as the rows will be read again: by key."""
    keys = [np.asarray(columns[column.name]) for column in TABLES[noun].primary_key]
    varying = [key for key in keys if key.ndim]
    if len(varying) == 1 and bool(np.all(varying[0][:-1] < varying[0][1:])):
        return ordered
    order = np.lexsort(varying[::-1])
    if bool(np.all(order == np.arange(len(order)))):
        return ordered
    return [_taken(column, order) for column in ordered]


def _taken(column: Any, order: Any) -> Any:
    if isinstance(column, (str, bytes, int)) or column is None:
        return column
    if isinstance(column, np.ndarray):
        return column[order]
    return [column[row] for row in order.tolist()]


def _values(column: Any, count: int) -> Any:
    if isinstance(column, (str, bytes, int)) or column is None:
        return [column] * count
    return column.tolist() if hasattr(column, "tolist") else column

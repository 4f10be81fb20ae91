"""Writing: rows in, one audit event out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import and_, delete, insert, update

from tieout.store.operational import FACTS
from tieout.store.protocols import Condition, Order, Scalar, Scope
from tieout.store.sql.collecting import Collected
from tieout.store.sql.database import Database, mark
from tieout.store.sql.reading import SqlReading, page_values
from tieout.store.sql.rows import names_of, reader_of, require_texts, row_of
from tieout.store.sql.schema import DOCUMENT_BYTES, NAMES, TABLES
from tieout.store.sql.shapes import shape_of, values_of
from tieout.store.sql.using import add_uses

Noun = TypeVar("Noun")


class SqlWriting(SqlReading):
    """One transaction; what it collects becomes one event of its scope's chain."""

    def __init__(
        self,
        database: Database,
        connection: Any,
        scope: Scope,
        collected: Collected,
        touched: set[type[Any]] | None = None,
    ) -> None:
        super().__init__(database, connection)
        self.scope = scope
        self.collected = collected
        self.touched: set[type[Any]] = set() if touched is None else touched  # nouns with rows added or changed
        self.rolled_back = False

    def new_ids(self, noun: type[Any], count: int = 1) -> Sequence[int]:
        """Identifiers never given before, ascending; of one block when they are many."""
        ids = self.database.new_ids(self.connection, NAMES[noun], count)
        self.collected.handed_out(noun, ids)
        return ids

    def add(self, *nouns: object) -> None:
        """Insert rows. Raises Conflict and CannotKeep."""
        for noun, group in groupby(nouns, type):
            rows = [row_of(each) for each in group]
            statement = self.database.prepared(("add", noun), lambda noun=noun: insert(TABLES[noun]))  # type: ignore[misc]
            positions = [names_of(noun).index(name) for name in statement.names]
            for row in rows:
                values = [row[position] for position in positions]
                self.database.run(self.connection, statement.text, values)
            self.collected.added(noun, rows)
            self.touched.add(noun)

    def add_unless_kept(self, noun: object) -> bool:
        """Insert a row unless a key or unique index keeps one in its place; whether it was. Raises CannotKeep."""
        kind, row = type(noun), row_of(noun)
        statement = self.database.prepared(("add", kind), lambda: insert(TABLES[kind]))
        values = statement.values(dict(zip(names_of(kind), row, strict=True)))
        # Both engines spell it so; SQLAlchemy has one class for each.
        kept = self.database.run(self.connection, f"{statement.text} ON CONFLICT DO NOTHING", values)
        if not kept.rowcount:
            return False
        self.collected.added(kind, [row])
        self.touched.add(kind)
        return True

    def lock(
        self,
        noun: type[Noun],
        /,
        *conditions: Condition,
        order: Sequence[Order] = (),
        limit: int | None = None,
        wait: bool = True,
        **equal: Scalar,
    ) -> list[Noun]:
        """As `all`, as of now; nobody else changes these rows before the transaction ends.

        SQLite has one writer, who has locked everything. The order is this one even where another transaction is
        waited for, unless that one changes what is sorted by.
        """
        shape = shape_of(conditions, equal)
        paged = limit is not None

        def build() -> Any:
            return self._select(noun, shape, order, paged=paged).with_for_update(skip_locked=not wait)

        statement = self.database.prepared(("lock", noun, shape, tuple(order), paged, wait), build)
        values = values_of(self.database, conditions, equal) | page_values(limit, 0)
        return [*map(reader_of(noun), self.run(statement, values).fetchall())]

    def add_many(self, noun: type[Any], count: int, columns: Mapping[str, object]) -> None:
        """Insert `count` rows given as columns, each a sequence or one value. Raises Conflict and CannotKeep."""
        if not count:
            return
        columns = {name: _plain(column) for name, column in columns.items()}
        require_texts(noun, columns)
        self.database.insert_many(self.connection, TABLES[noun], count, columns)
        self.collected.added_many(noun, count, columns)
        self.touched.add(noun)

    def change(self, noun: object, **values: Scalar) -> bool:
        """Update the row of a noun that is no fact, if it still is as `noun` says; whether it was."""
        kind = type(noun)
        assert kind not in FACTS, kind
        row = row_of(noun)
        row_of(replace(noun, **values))  # type: ignore[type-var]
        absent = tuple(value is None for value in row)
        statement = self.database.prepared(
            ("change", kind, absent, tuple(values)),
            lambda: (
                update(TABLES[kind])
                .where(_same(kind, absent))
                .values({name: mark(TABLES[kind].c[name], f"n_{name}") for name in values})
            ),
        )
        named = _named(kind, row) | {f"n_{name}": value for name, value in values.items()}
        changed = bool(self.run(statement, named).rowcount)
        if changed:
            self.collected.changed(kind, row, values)
            self.touched.add(kind)
        return changed

    def remove(self, noun: object) -> bool:
        """Delete the row of a noun that is no fact, if it still is as `noun` says; whether it was."""
        kind = type(noun)
        assert kind not in FACTS, kind
        row = row_of(noun)
        absent = tuple(value is None for value in row)
        statement = self.database.prepared(
            ("remove", kind, absent), lambda: delete(TABLES[kind]).where(_same(kind, absent))
        )
        removed = bool(self.run(statement, _named(kind, row)).rowcount)
        if removed:
            self.collected.removed(kind, row)
        return removed

    def keep_bytes(self, entity_id: int, document_id: int, content: bytes) -> None:
        """Keep the bytes of a document. Raises Conflict."""
        statement = self.database.prepared("keep bytes", lambda: insert(DOCUMENT_BYTES))
        self.run(statement, {"entity_id": entity_id, "document_id": document_id, "content": content})
        self.collected.kept_bytes(entity_id, document_id, hashlib.sha256(content).hexdigest())

    def use(self, entity_id: int, uses: Mapping[int, tuple[int, int]]) -> list[int]:
        """Add to what live matches use of lines; the lines that have not that much left, then nothing is changed."""
        return add_uses(self, entity_id, uses)

    def operational(self) -> "SqlWriting":
        """The same transaction for rows that make no event."""
        return SqlWriting(self.database, self.connection, self.scope, Collected(), self.touched)

    def roll_back(self) -> None:
        """Leave nothing of this transaction; the `with` block then ends quietly."""
        self.rolled_back = True


def _plain(column: Any) -> Any:
    """Texts as a list, since each of them is looked at three times: checked, written and told; numbers as they are."""
    if hasattr(column, "to_list"):
        return column.to_list()
    return column.tolist() if isinstance(column, np.ndarray) and column.dtype.hasobject else column


def _same(noun: type[Any], absent: Iterable[bool]) -> Any:
    columns = [TABLES[noun].c[name] for name in names_of(noun)]
    return and_(
        *(
            column.is_(None) if is_absent else column == mark(column, f"w_{column.name}")
            for column, is_absent in zip(columns, absent, strict=True)
        )
    )


def _named(noun: type[Any], row: Sequence[Any]) -> dict[str, Any]:
    return {f"w_{name}": value for name, value in zip(names_of(noun), row, strict=True)}

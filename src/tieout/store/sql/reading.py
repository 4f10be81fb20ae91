"""Reading what is kept: nouns by their columns, lines as they count now, matches whole."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Select, bindparam, cast, func, select

from tieout.domain.kinds import Side
from tieout.domain.line_table import SMALL_LINES_MAX, LineTable
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.people import Entity
from tieout.store.audit_trail import TrailFault
from tieout.store.protocols import Condition, DeliveryState, LineNow, LineTotals, Order, Scalar, Scope
from tieout.store.sql import delivery_query, line_columns, match_page, match_query
from tieout.store.sql.asking import Asking
from tieout.store.sql.database import mark
from tieout.store.sql.line_query import OPEN, USED, line_column, lines_now
from tieout.store.sql.rows import names_of, reader_of
from tieout.store.sql.schema import AUDIT_HEADS, DOCUMENT_BYTES, LINES, TABLES
from tieout.store.sql.shapes import Shape, behind, clauses, key_values, ordering, shape_of, values_of
from tieout.store.sql.trail import trail_faults

Noun = TypeVar("Noun")

_BY_ID = (Order("id"),)


class SqlReading(Asking):
    """A consistent view of what is kept."""

    def one(self, noun: type[Noun], /, **equal: Scalar) -> Noun | None:
        """The noun whose columns equal these, or None; at most one may."""
        shape = shape_of((), equal)
        statement = self.database.prepared(("one", noun, shape), lambda: self._select(noun, shape))
        row = self.run(statement, {f"e_{name}": value for name, value in equal.items()}).fetchone()
        return None if row is None else reader_of(noun)(row)

    def all(
        self,
        noun: type[Noun],
        /,
        *conditions: Condition,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
        **equal: Scalar,
    ) -> list[Noun]:
        """Every noun that meets the conditions; in the order of its key where none is given."""
        shape = shape_of(conditions, equal)
        paged = limit is not None or offset > 0
        statement = self.database.prepared(
            ("all", noun, shape, tuple(order), paged), lambda: self._select(noun, shape, order, paged=paged)
        )
        values = values_of(self.database, conditions, equal) | page_values(limit, offset)
        return [*map(reader_of(noun), self.run(statement, values).fetchall())]

    def _select(
        self, noun: type[Any], shape: Shape, order: Sequence[Order] | None = None, *, paged: bool = False
    ) -> Select[Any]:
        table = TABLES[noun]
        found = select(*(table.c[name] for name in names_of(noun)))
        if shape.equal or shape.conditions:
            found = found.where(clauses(self.database, shape, table.c.__getitem__))
        if order is not None:
            keys = order or [Order(column.name) for column in table.primary_key]
            found = found.order_by(*ordering(keys, table.c.__getitem__))
        return _paged(found) if paged else found

    def count(self, noun: type[Any], /, *conditions: Condition, **equal: Scalar) -> int:
        """How many meet the conditions."""
        shape = shape_of(conditions, equal)

        def build() -> Select[Any]:
            found = select(func.count()).select_from(TABLES[noun])
            return found.where(clauses(self.database, shape, TABLES[noun].c.__getitem__))

        statement = self.database.prepared(("count", noun, shape), build)
        (count,) = self.run(statement, values_of(self.database, conditions, equal)).fetchone()
        return int(count)

    def document_bytes(self, entity_id: int, document_id: int) -> bytes:
        """The bytes of a document as they were received. Raises KeyError where none are kept."""
        columns = DOCUMENT_BYTES.c
        statement = self.database.prepared(
            "document bytes",
            lambda: select(columns.content).where(
                columns.entity_id == mark(columns.entity_id, "entity"),
                columns.document_id == mark(columns.document_id, "document"),
            ),
        )
        row = self.run(statement, {"entity": entity_id, "document": document_id}).fetchone()
        if row is None:
            raise KeyError(document_id)
        return bytes(row[0])

    def line(self, entity_id: int, line_id: int) -> LineNow | None:
        """The line as it counts now; None where there is none or it is deleted."""
        statement = self.database.prepared("line", lambda: lines_now().where(LINES.c.id == mark(LINES.c.id, "line")))
        row = self.run(statement, {"entity": entity_id, "line": line_id}).fetchone()
        return None if row is None else _line_now(row)

    def lines(
        self,
        entity_id: int,
        *conditions: Condition,
        open_only: bool = False,
        order: Sequence[Order] = _BY_ID,
        after: Sequence[int | str] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[LineNow]:
        """Lines as they count now, without deleted ones, in this order, behind the values `after` of its columns."""
        shape = shape_of(conditions, {})
        paged = limit is not None or offset > 0

        def build() -> Select[Any]:
            found = self._lines_where(shape, open_only=open_only).order_by(*ordering(order, line_column))
            if after is not None:
                found = found.where(behind(order, line_column))
            return _paged(found) if paged else found

        key = ("lines", shape, open_only, tuple(order), after is None, paged)
        values = {"entity": entity_id, **values_of(self.database, conditions, {}), **page_values(limit, offset)}
        found = self.run(self.database.prepared(key, build), values | key_values(after or ()))
        return [*map(_line_now, found.fetchall())]

    def line_totals(self, entity_id: int, *conditions: Condition, open_only: bool = False) -> LineTotals:
        """Count and sums of the lines as they count now."""
        shape = shape_of(conditions, {})

        def build() -> Select[Any]:
            sums = [cast(func.coalesce(func.sum(column), 0), BigInteger) for column in (LINES.c.minor_units, USED)]
            return self._lines_where(shape, func.count(), *sums, open_only=open_only)

        statement = self.database.prepared(("line totals", shape, open_only), build)
        values = {"entity": entity_id, **values_of(self.database, conditions, {})}
        return LineTotals(*self.run(statement, values).fetchone())

    def _lines_where(self, shape: Shape, *columns: Any, open_only: bool) -> Select[Any]:
        found = lines_now(*columns)
        if shape.conditions:
            found = found.where(clauses(self.database, shape, line_column))
        return found.where(OPEN) if open_only else found

    def entity_of(self, noun: type[Any], noun_id: int) -> int | None:
        """The entity of a row whose path carries an id alone; None where there is no such row."""
        columns = TABLES[noun].c
        # Bulky tables have no index that begins with the id: their key is asked once for every entity that there is.
        somewhere = columns.entity_id.in_(select(TABLES[Entity].c.id))
        statement = self.database.prepared(
            ("entity of", noun),
            lambda: select(columns.entity_id).where(columns.id == mark(columns.id, "id"), somewhere).limit(1),
        )
        row = self.run(statement, {"id": noun_id}).fetchone()
        return None if row is None else row[0]

    def line_table(self, entity_id: int, side: Side, *conditions: Condition) -> LineTable:
        """Open lines as columns for the engine: amounts are what is left, ids are decimal texts, accounts too."""
        shape = shape_of(conditions, {})
        statement = self.database.prepared(
            ("line table", shape),
            lambda: self._lines_where(shape, *line_columns.WANTED, open_only=True).where(
                LINES.c.side == mark(LINES.c.side, "side")
            ),
        )
        values = {"entity": entity_id, "side": side, **values_of(self.database, conditions, {})}
        given = statement.values(values)
        first = self.database.stream(self.connection, statement.text, given, SMALL_LINES_MAX + 1)
        with closing(first) as blocks:
            few: list[Any] = next(blocks, [])
        if len(few) <= SMALL_LINES_MAX:
            return line_columns.table_of_rows(few)
        many = self.database.column_blocks(self.connection, statement.text, given, line_columns.COLUMNS)
        return line_columns.table_of_blocks(many)

    def match(self, entity_id: int, match_id: int) -> StoredMatch | None:
        """One match with all that belongs to it."""
        return match_query.match(self, entity_id, match_id)

    def matches(
        self, entity_id: int, *, status: MatchStatus | None = None, after: int = 0, limit: int = 100
    ) -> list[StoredMatch]:
        """Matches by id, those above `after`, at most `limit`."""
        return match_query.matches(self, entity_id, status, after, limit)

    def matches_of(self, entity_id: int, line_ids: Iterable[int], status: MatchStatus) -> list[StoredMatch]:
        """Matches in this state that use any of these lines, by id."""
        return match_query.matches_of(self, entity_id, line_ids, status)

    def trail_faults(self, organisation_id: int) -> list[TrailFault]:
        """Everything that the audit chains of an organisation and its entities do not bear out."""
        return trail_faults(self, organisation_id)

    def match_page(
        self,
        entity_id: int,
        line_kind: str,
        status: MatchStatus,
        *conditions: Condition,
        limit: int,
        offset: int = 0,
    ) -> tuple[int, list[StoredMatch]]:
        """How many matches in this state have a line of this kind, and some of them by id."""
        return match_page.match_page(self, entity_id, line_kind, status, conditions, (limit, offset))

    def delivery_page(
        self,
        entity_id: int,
        integration_id: int,
        state: DeliveryState,
        *,
        of_batch: Sequence[Condition] = (),
        of_entry: Sequence[Condition] = (),
        limit: int,
        offset: int = 0,
    ) -> tuple[int, list[int]]:
        """How many settlement entries stand so with an integration, and the lines of some of them, ascending."""
        asked = delivery_query.Asked(entity_id, integration_id, state, tuple(of_batch), tuple(of_entry))
        return delivery_query.delivery_page(self, asked, limit, offset)

    def next_to_deliver(
        self, entity_id: int, integration_id: int, batch_id: int, state: DeliveryState, first: int
    ) -> int | None:
        """The first line of a batch from `first` on that stands so with an integration; None where there is none."""
        asked = delivery_query.Asked(entity_id, integration_id, state)
        found = delivery_query.lines_of_batch(self, asked, delivery_query.BatchFrom(batch_id, 0, first), 1)
        return found[0] if found else None

    def event_count(self, scope: Scope) -> int:
        """The length of an audit chain."""
        columns = AUDIT_HEADS.c
        statement = self.database.prepared(
            "event count", lambda: select(columns.sequence).where(columns.scope == mark(columns.scope, "scope"))
        )
        row = self.run(statement, {"scope": str(scope)}).fetchone()
        return 0 if row is None else row[0]


def _paged(found: Select[Any]) -> Select[Any]:
    return found.limit(bindparam("limit", type_=BigInteger())).offset(bindparam("offset", type_=BigInteger()))


def page_values(limit: int | None, offset: int) -> dict[str, int]:
    """What the marks of a paged query stand for."""
    return {"limit": 2**62 if limit is None else limit, "offset": offset}


def _line_now(row: Sequence[Any]) -> LineNow:
    return LineNow(reader_of(Line)(row[:-2]), row[-2], row[-1])

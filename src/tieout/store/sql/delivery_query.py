"""Which settlement entries an integration has not read, not resolved, or resolved: pages that count nothing.

How much of each batch was delivered is kept beside it, so that a total is a sum over batches, and a page begins where
the entries that were dealt with end. Batches whose lines do not lie behind the page are not looked into.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, func, select

from tieout.domain.settlements import BatchState, Delivery, DeliveryProgress, SettlementBatch, SettlementEntry
from tieout.store.protocols import Condition, DeliveryState
from tieout.store.sql.asking import Asking
from tieout.store.sql.database import Database, mark
from tieout.store.sql.schema import TABLES
from tieout.store.sql.shapes import clauses, shape_of, values_of

_BATCHES, _ENTRIES = TABLES[SettlementBatch], TABLES[SettlementEntry]
_DELIVERIES, _PROGRESS = TABLES[Delivery], TABLES[DeliveryProgress]


class Asked(NamedTuple):
    """Whose deliveries are asked for, how they stand, and what else must hold of batch and entry."""

    entity_id: int
    integration_id: int
    state: DeliveryState
    of_batch: tuple[Condition, ...] = ()
    of_entry: tuple[Condition, ...] = ()


class BatchFrom(NamedTuple):
    """A batch with entries that may stand as asked: how many, and the first line that may."""

    batch_id: int
    entries: int
    first: int


def delivery_page(reading: Asking, asked: Asked, limit: int, offset: int) -> tuple[int, list[int]]:
    """How many entries stand as asked, and the lines of some of them, ascending."""
    batches = _batches(reading, asked)
    total = _counted(reading, asked, batches) if asked.of_entry else sum(batch.entries for batch in batches)
    wanted, found = offset + limit, list[int]()
    for batch in batches:
        if len(found) >= wanted and found[wanted - 1] < batch.first:
            break
        found = sorted([*found, *lines_of_batch(reading, asked, batch, wanted)])[:wanted]
    return total, found[offset:]


def lines_of_batch(reading: Asking, asked: Asked, batch: BatchFrom, limit: int) -> list[int]:
    """The first lines of a batch that stand as asked, ascending."""
    database, columns, shape = reading.database, _ENTRIES.c, shape_of(asked.of_entry, {})

    def build() -> Select[Any]:
        return (
            select(columns.line_id)
            .where(
                columns.entity_id == mark(columns.entity_id, "entity"),
                columns.batch_id == mark(columns.batch_id, "batch"),
                columns.line_id >= mark(columns.line_id, "first"),
                _stands(asked.state),
                clauses(database, shape, columns.__getitem__),
            )
            .order_by(columns.line_id)
            .limit(bindparam("limit", type_=BigInteger()))
        )

    values = _values(reading, asked) | {"batch": batch.batch_id, "first": batch.first, "limit": limit}
    statement = database.prepared(("delivered lines", asked.state, shape), build)
    return [line_id for (line_id,) in reading.run(statement, values).fetchall()]


def _batches(reading: Asking, asked: Asked) -> list[BatchFrom]:
    """The batches that are shown and have entries that stand so, by their first line."""
    database, shape = reading.database, shape_of(asked.of_batch, {})

    def build() -> Select[Any]:
        entries, first = _entries_and_first(asked.state)
        return (
            select(_BATCHES.c.id, entries, first)
            .select_from(_BATCHES.outerjoin(_PROGRESS, _of_batch()))
            .where(
                _BATCHES.c.entity_id == mark(_BATCHES.c.entity_id, "entity"),
                _BATCHES.c.state != BatchState.OPEN.value,
                entries > 0,
                clauses(database, shape, _batch_column),
            )
        )

    values = _owner(asked) | values_of(database, asked.of_batch, {})
    rows = reading.run(database.prepared(("batches to deliver", asked.state, shape), build), values).fetchall()
    found = [BatchFrom(batch, int(entries), first) for batch, entries, first in rows if first is not None]
    return sorted(found, key=lambda batch: (batch.first, batch.batch_id))


def _entries_and_first(state: DeliveryState) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """How many entries of a batch stand so, and from which line on."""
    of_batch = and_(_ENTRIES.c.entity_id == _BATCHES.c.entity_id, _ENTRIES.c.batch_id == _BATCHES.c.id)
    lowest = select(func.min(_ENTRIES.c.line_id)).where(of_batch).scalar_subquery()
    progress = _PROGRESS.c
    if state == "resolved":
        return func.coalesce(progress.resolved, 0), lowest
    done, first = (
        (progress.touched, progress.unread_from) if state == "unread" else (progress.resolved, progress.unresolved_from)
    )
    return _BATCHES.c.entries - func.coalesce(done, 0), func.coalesce(first, lowest)


def _of_batch() -> ColumnElement[bool]:
    return and_(
        _PROGRESS.c.entity_id == _BATCHES.c.entity_id,
        _PROGRESS.c.integration_id == mark(_PROGRESS.c.integration_id, "integration"),
        _PROGRESS.c.batch_id == _BATCHES.c.id,
    )


def _batch_column(name: str) -> ColumnElement[Any]:
    if name == "closed_at":
        return func.coalesce(_BATCHES.c.finalized_at, _BATCHES.c.analyzed_at, type_=BigInteger())
    return _BATCHES.c[name]


def _counted(reading: Asking, asked: Asked, batches: Sequence[BatchFrom]) -> int:
    database, columns, shape = reading.database, _ENTRIES.c, shape_of(asked.of_entry, {})

    def build() -> Select[Any]:
        return select(func.count()).where(
            columns.entity_id == mark(columns.entity_id, "entity"),
            database.among(columns.batch_id, "batches", texts=False),
            _stands(asked.state),
            clauses(database, shape, columns.__getitem__),
        )

    values = _values(reading, asked) | {"batches": database.list_value([batch.batch_id for batch in batches])}
    (count,) = reading.run(database.prepared(("delivered count", asked.state, shape), build), values).fetchone()
    return int(count)


def _stands(state: DeliveryState) -> ColumnElement[bool]:
    """Whether the delivery of an entry stands so.

    It is looked up by its key, entry by entry: as a join, PostgreSQL reads all deliveries that there are before it
    knows how many they have become since it last counted.
    """
    columns = _DELIVERIES.c
    wanted = columns.line_id if state == "unread" else columns.resolved_at
    delivered = (
        select(wanted)
        .where(
            columns.entity_id == _ENTRIES.c.entity_id,
            columns.integration_id == mark(columns.integration_id, "integration"),
            columns.line_id == _ENTRIES.c.line_id,
        )
        .scalar_subquery()
    )
    return delivered.is_not(None) if state == "resolved" else delivered.is_(None)


def _values(reading: Asking, asked: Asked) -> dict[str, Any]:
    database: Database = reading.database
    return _owner(asked) | values_of(database, asked.of_entry, {})


def _owner(asked: Asked) -> dict[str, Any]:
    return {"entity": asked.entity_id, "integration": asked.integration_id}

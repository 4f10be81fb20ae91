"""Holds what is derived of settlements against its recomputation: entries of batches, and how far deliveries are."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from tieout.domain.settlements import Delivery, DeliveryProgress, SettlementBatch, SettlementEntry
from tieout.store.audit_trail import TrailFault
from tieout.store.sql.asking import Asking
from tieout.store.sql.schema import TABLES

_BATCHES, _ENTRIES = TABLES[SettlementBatch], TABLES[SettlementEntry]
_DELIVERIES, _PROGRESS = TABLES[Delivery], TABLES[DeliveryProgress]


def settlement_faults(asking: Asking, entity_id: int, most: int) -> Iterator[TrailFault]:
    """Batches that have another number of entries than they say, and deliveries that are further, or less far."""
    scope = f"entity:{entity_id}"
    for (batch,) in _all(asking, _miscounted(entity_id))[:most]:
        yield TrailFault(scope, "entries_differ", f"batch {batch} does not have as many entries as it says")
    told, kept = _recomputed(entity_id), _kept(entity_id)
    wrong = {row[:2] for pair in ((told, kept), (kept, told)) for row in _all(asking, pair[0].except_(pair[1]))}
    for integration, batch in sorted(wrong)[:most]:
        what = f"what integration {integration} read and resolved of batch {batch} is not the sum of its flags"
        yield TrailFault(scope, "delivery_differs", what)
    for integration, line in _all(asking, _passed_over(entity_id))[:most]:
        what = f"integration {integration} is not given line {line}, though it has not dealt with it"
        yield TrailFault(scope, "delivery_differs", what)


def _miscounted(entity_id: int) -> Select[Any]:
    of_batch = and_(_ENTRIES.c.entity_id == _BATCHES.c.entity_id, _ENTRIES.c.batch_id == _BATCHES.c.id)
    entries = select(func.count()).where(of_batch).correlate(_BATCHES).scalar_subquery()
    return select(_BATCHES.c.id).where(_BATCHES.c.entity_id == entity_id, _BATCHES.c.entries != entries)


def _recomputed(entity_id: int) -> Select[Any]:
    resolved = func.sum(case((_DELIVERIES.c.resolved_at.is_not(None), 1), else_=0))
    return (
        select(_DELIVERIES.c.integration_id, _ENTRIES.c.batch_id, func.count(), resolved)
        .select_from(_DELIVERIES.join(_ENTRIES, _of_entry()))
        .where(_DELIVERIES.c.entity_id == entity_id)
        .group_by(_DELIVERIES.c.integration_id, _ENTRIES.c.batch_id)
    )


def _kept(entity_id: int) -> Select[Any]:
    columns = _PROGRESS.c
    return select(columns.integration_id, columns.batch_id, columns.touched, columns.resolved).where(
        columns.entity_id == entity_id, columns.touched > 0
    )


def _passed_over(entity_id: int) -> Select[Any]:
    """Entries below the marks of an integration that it has not read, or not resolved."""
    of_batch = and_(_PROGRESS.c.entity_id == _ENTRIES.c.entity_id, _PROGRESS.c.batch_id == _ENTRIES.c.batch_id)
    delivered = and_(_of_entry(), _DELIVERIES.c.integration_id == _PROGRESS.c.integration_id)
    unread = and_(_ENTRIES.c.line_id < _PROGRESS.c.unread_from, _DELIVERIES.c.line_id.is_(None))
    unresolved = and_(_ENTRIES.c.line_id < _PROGRESS.c.unresolved_from, _DELIVERIES.c.resolved_at.is_(None))
    return (
        select(_PROGRESS.c.integration_id, _ENTRIES.c.line_id)
        .select_from(_PROGRESS.join(_ENTRIES, of_batch).outerjoin(_DELIVERIES, delivered))
        .where(_PROGRESS.c.entity_id == entity_id, or_(unread, unresolved))
    )


def _of_entry() -> Any:
    return and_(_DELIVERIES.c.entity_id == _ENTRIES.c.entity_id, _DELIVERIES.c.line_id == _ENTRIES.c.line_id)


def _all(asking: Asking, rows: Any) -> list[Any]:
    statement = asking.database.rendered(rows)
    return asking.database.run(asking.connection, statement.text, statement.values({})).fetchall()  # type: ignore[no-any-return]

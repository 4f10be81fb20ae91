"""Synced records: what both sides have, listed and paged in both directions, and pushed again by hand."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from tieout.contracts.platform import PlatformFault, Pulled
from tieout.domain.connections import ObjectType, SyncedRecord, SyncStatus
from tieout.domain.people import Capability, Principal
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.services.syncing.connection_rows import active_connection, current_connection
from tieout.services.syncing.opening import fault_denied, opened_platform
from tieout.services.syncing.outbox import want_again
from tieout.services.syncing.walking import pages_of
from tieout.store.protocols import Condition, Operator, Order, Reading, Scope

__all__ = (
    "Place",
    "RecordPage",
    "RecordQuery",
    "push_record",
    "read_platform",
    "synced_record",
    "synced_records",
)

# Where a page begins or ends: the value of the column that sorts, and the record's id.
Place: TypeAlias = tuple[int | str, int]
OrderBy: TypeAlias = Literal["created_at", "updated_at", "name", "id"]

LIMIT_MAX = 1_000
# What only the platform has, and that nothing of ours hangs on: gone there means gone.
_KEPT_AS_THEY_ARE = (ObjectType.PRODUCT, ObjectType.TAX_RATE, ObjectType.LEDGER_ACCOUNT)
# Pages of one direct reading: what lies further behind is reached by syncing.
_DIRECT_OBJECTS_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordQuery:
    """Which records, in which order, from where on.

    bounds: (created_at | updated_at, < <= > >=, microseconds). after, before: only records behind or in front of a
    place of the order, nearest first taken; at most one of the two.
    """

    object_type: str
    object_ids: tuple[str, ...] = ()
    status: str = ""  # SyncStatus; empty for any
    bounds: tuple[tuple[str, Operator, int], ...] = ()
    order_by: OrderBy = "created_at"
    descending: bool = False
    after: Place | None = None
    before: Place | None = None
    limit: int = 100


class RecordPage(NamedTuple):
    """Records in the order asked for, and whether there are more on either side."""

    records: tuple[SyncedRecord, ...] = ()
    more_after: bool = False
    more_before: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as conditions on the records of one connection."""

    view: Reading
    query: RecordQuery
    equal: dict[str, Any] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()

    def beyond(self, place: Place | None, *, forward: bool, limit: int) -> list[SyncedRecord]:
        """At most `limit` records on one side of a place, nearest first; from the end where there is no place."""
        descending = self.query.descending if forward else not self.query.descending
        column = self.query.order_by
        further: Operator = "<" if descending else ">"
        order = (Order(column, descending), Order("id", descending))
        if place is None:
            return self._found((), order, limit)
        value, record_id = place
        level = (Condition(column, "=", value), Condition("id", further, record_id))
        found = self._found(level, order, limit)
        if len(found) < limit:
            found += self._found((Condition(column, further, value),), order, limit - len(found))
        return found

    def _found(self, more: tuple[Condition, ...], order: tuple[Order, ...], limit: int) -> list[SyncedRecord]:
        return self.view.all(SyncedRecord, *self.conditions, *more, order=order, limit=limit, **self.equal)


def synced_records(context: Context, principal: Principal, entity_id: int, query: RecordQuery) -> RecordPage | Denied:
    """Records of the active connection, or of the last one where none is active. Needs READ.

    Tax rates, ledger accounts and products that the platform no longer has are left out; anything else that is gone
    there says so in its errors. Refused: not_allowed (object type, limit).
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    if query.object_type not in tuple(ObjectType):
        return denied("not_allowed", "object_type")
    if not 1 <= query.limit <= LIMIT_MAX:
        return denied("not_allowed", "limit")
    with context.store.reading() as view:
        connection = current_connection(view, entity_id)
        if connection is None:
            return RecordPage()
        asked = _asked(view, entity_id, connection.id, query)
        forward = query.before is None
        place = query.after if forward else query.before
        found = asked.beyond(place, forward=forward, limit=query.limit + 1)
        page = found[: query.limit] if forward else found[: query.limit][::-1]
        further, other = len(found) > query.limit, _any_behind(asked, page, place, forward=not forward)
        return RecordPage(tuple(page), *((further, other) if forward else (other, further)))


def _asked(view: Reading, entity_id: int, connection_id: int, query: RecordQuery) -> _Asked:
    conditions = tuple(Condition(*bound) for bound in query.bounds)
    if query.object_ids:
        conditions += (Condition("object_id", "in", query.object_ids),)
    equal: dict[str, Any] = {"entity_id": entity_id, "connection_id": connection_id, "object_type": query.object_type}
    if query.status:
        equal["status"] = query.status
    if query.object_type in _KEPT_AS_THEY_ARE:
        equal["gone"] = False
    return _Asked(view, query, equal, conditions)


def _any_behind(asked: _Asked, page: list[SyncedRecord], place: Place | None, *, forward: bool) -> bool:
    """Whether there is a record on the side that a page did not walk to."""
    if page:
        edge = page[-1] if forward else page[0]
        place = getattr(edge, asked.query.order_by), edge.id
    elif place is None:
        return False
    return bool(asked.beyond(place, forward=forward, limit=1))


def synced_record(context: Context, principal: Principal, entity_id: int, public_id: str) -> SyncedRecord | Denied:
    """One record by its public id, whichever connection it is of. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        return view.one(SyncedRecord, entity_id=entity_id, public_id=public_id) or denied("not_found", "record")


def push_record(context: Context, principal: Principal, entity_id: int, public_id: str) -> SyncedRecord | Denied:
    """Send a record whose push failed once more, in the background; one that waits already stays as it is.

    Needs PREPARE. Refused: not_found, state_differs (fact `state`: done, unknown, disconnected, or pulled for what the
    platform has from itself).
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "push_record", now) as work:
        record = work.one(SyncedRecord, entity_id=entity_id, public_id=public_id)
        if record is None:
            return denied("not_found", "record")
        if record.status == SyncStatus.PENDING:
            return record
        if record.status != SyncStatus.ERROR:
            return denied("state_differs", "record", state=record.status)
        active = active_connection(work, entity_id)
        if active is None or active.id != record.connection_id:
            return denied("state_differs", "connection", state="disconnected")
        return want_again(work, record, now, by) or denied("state_differs", "record", state="pulled")


def read_platform(
    context: Context, principal: Principal, entity_id: int, object_type: str, limit: int = 100, offset: int = 0
) -> list[Pulled] | Denied:
    """Objects as the platform has them now, read there without keeping anything; in the platform's order. Needs READ.

    Refused: state_differs (not connected), not_allowed (what this platform has not, or an offset beyond 10,000),
    platform_unavailable (facts `kind` and `message`).
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        connection = active_connection(view, entity_id)
    if connection is None:
        return denied("state_differs", "connection", state="disconnected")
    platform = context.platforms().get(connection.platform)
    if platform is not None and object_type not in platform.PULLS:
        return denied("not_allowed", "object_type")
    if not 1 <= limit <= LIMIT_MAX or not 0 <= offset <= _DIRECT_OBJECTS_MAX:
        return denied("not_allowed", "limit" if 0 <= offset <= _DIRECT_OBJECTS_MAX else "offset")
    try:
        with opened_platform(context, connection) as session:
            found: list[Pulled] = []
            for page in pages_of(session, object_type, ""):
                found += page.objects
                if len(found) >= offset + limit:
                    break
    except PlatformFault as fault:
        return fault_denied(fault)
    return found[offset : offset + limit]

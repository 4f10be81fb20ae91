"""How many records of a connection stand how."""

from collections import Counter

from tieout.domain.connections import Connection, ObjectType, SyncedRecord, SyncStatus
from tieout.domain.people import Capability, Principal
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted


def record_counts(
    context: Context, principal: Principal, entity_id: int, connection_id: int
) -> Counter[tuple[str, str]] | Denied:
    """How many records there are by object type and status, without those that are gone. Needs READ.

    Refused: not_found.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    counts: Counter[tuple[str, str]] = Counter()
    with context.store.reading() as view:
        if view.one(Connection, entity_id=entity_id, id=connection_id) is None:
            return denied("not_found", "connection")
        for object_type in ObjectType:
            for status in SyncStatus:
                counts[str(object_type), str(status)] = view.count(
                    SyncedRecord,
                    entity_id=entity_id,
                    connection_id=connection_id,
                    object_type=str(object_type),
                    status=str(status),
                    gone=False,
                )
    return +counts

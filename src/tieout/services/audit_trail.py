"""The audit chain as its readers see it, and whether it proves itself."""

from typing import NamedTuple

from tieout.domain.audit import AuditEvent
from tieout.domain.people import Capability, Principal
from tieout.services.context import Context, Denied
from tieout.services.permitting import not_permitted
from tieout.store.canonical import FIRST_DIGEST, event_digest
from tieout.store.protocols import Condition, Order, Scope

# Events are read in blocks, so that a chain of millions is never in memory at once.
_BLOCK = 5_000


class Verified(NamedTuple):
    """What came of checking a chain; `broken_at` is the first event that does not follow from what is before it."""

    events: int
    holds: bool
    broken_at: int | None
    last_digest: str  # hexadecimal; whoever keeps it can tell later that nothing before it changed


def events(
    context: Context, principal: Principal, entity_id: int, *, after: int = 0, limit: int = 100
) -> list[AuditEvent] | Denied:
    """Events of the entity's chain by sequence, those above `after`, at most `limit`. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    scope = str(Scope("entity", entity_id))
    with context.store.reading() as view:
        wanted = Condition("sequence", ">", after)
        return view.all(AuditEvent, wanted, order=(Order("sequence"),), limit=limit, scope=scope)


def verify_events(context: Context, principal: Principal, entity_id: int) -> Verified | Denied:
    """Compute every digest of the entity's chain anew. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    scope = str(Scope("entity", entity_id))
    digest, sequence = FIRST_DIGEST, 0
    with context.store.reading() as view:
        while True:
            wanted = Condition("sequence", ">", sequence)
            block = view.all(AuditEvent, wanted, order=(Order("sequence"),), limit=_BLOCK, scope=scope)
            for event in block:
                if not _follows(event, sequence, digest):
                    return Verified(events=sequence, holds=False, broken_at=event.sequence, last_digest=digest.hex())
                digest, sequence = event.digest, event.sequence
            if len(block) < _BLOCK:
                return Verified(events=sequence, holds=True, broken_at=None, last_digest=digest.hex())


def _follows(event: AuditEvent, sequence: int, digest: bytes) -> bool:
    computed = event_digest(digest, event.scope, event.sequence, event.at, event.actor, event.action, event.body)
    return (event.sequence, event.previous_digest, event.digest) == (sequence + 1, digest, computed)

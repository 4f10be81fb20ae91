"""Consuming systems: who fetches the settlements of an entity, whatever credentials it uses."""

from dataclasses import dataclass, replace

from tieout.domain.people import Capability, Grant, Principal
from tieout.domain.settlements import BatchState, DeliveryProgress, Integration, IntegrationUser, SettlementBatch
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.services.texts import text_refusals
from tieout.store.protocols import Condition, Reading, Scope, Writing

# The integration of every login that is assigned to none.
DEFAULT = "default"

# What was shown longer ago than this and is still unread: the consumer, which has to come every day, did not.
UNREAD_MAX = 26 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationNow:
    """An integration, and the users whose credentials act for it."""

    integration: Integration
    user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleUnread:
    """Entries that an integration has neither read nor resolved in the time it has for that."""

    integration: Integration
    entries: int
    since: int  # when the oldest of their batches was first shown, in microseconds since 1970 UTC


def create_integration(
    context: Context, principal: Principal, entity_id: int, name: str, *, unread_only: bool = True
) -> Integration | Denied:
    """A new consuming system; nothing counts as read by it. Needs CONFIGURE. Refused: required, too_long, exists."""
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "create_integration", at) as work:
        if refusals := _name_refusals(work, entity_id, name):
            return Denied(refusals)
        return _added(work, entity_id, name.strip(), at, unread_only=unread_only)


def change_integration(
    context: Context,
    principal: Principal,
    entity_id: int,
    integration_id: int,
    *,
    name: str | None = None,
    unread_only: bool | None = None,
) -> Integration | Denied:
    """The integration with another name, or another answer to calls that do not say whether they want unread ones.

    Needs CONFIGURE. Refused: not_found, required, too_long, exists; not_allowed for the name of the default one, which
    logins without an integration of their own are led to by that name.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "change_integration", at) as work:
        before = work.one(Integration, entity_id=entity_id, id=integration_id)
        if before is None:
            return denied("not_found", "integration")
        after = replace(
            before,
            name=before.name if name is None else name.strip(),
            unread_only=before.unread_only if unread_only is None else unread_only,
        )
        if after == before:
            return before
        if after.name != before.name:
            refusals = _name_refusals(work, entity_id, after.name)
            if before.name == DEFAULT:
                refusals = (*refusals, Refusal("not_allowed", "name"))
            if refusals:
                return Denied(refusals)
        work.change(before, name=after.name, unread_only=after.unread_only, updated_at=at)
        return replace(after, updated_at=at)


def integrations(context: Context, principal: Principal, entity_id: int) -> list[IntegrationNow] | Denied:
    """Every integration of an entity by id, with its users. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        assigned = view.all(IntegrationUser, entity_id=entity_id)
        return [
            IntegrationNow(
                integration=each,
                user_ids=tuple(user.user_id for user in assigned if user.integration_id == each.id),
            )
            for each in view.all(Integration, entity_id=entity_id)
        ]


def integration(context: Context, principal: Principal, entity_id: int, integration_id: int) -> Integration | Denied:
    """One integration. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        return view.one(Integration, entity_id=entity_id, id=integration_id) or denied("not_found", "integration")


def assign_user(
    context: Context, principal: Principal, entity_id: int, integration_id: int, user_id: int
) -> IntegrationUser | Denied:
    """Let the credentials of a user act for an integration, and for no other of the entity any more.

    Needs CONFIGURE. Refused: not_found for an integration that the entity has not, and for a user without a role in it.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "assign_integration_user", at) as work:
        refusals = []
        if work.one(Integration, entity_id=entity_id, id=integration_id) is None:
            refusals.append(Refusal("not_found", "integration"))
        if work.one(Grant, entity_id=entity_id, user_id=user_id) is None:
            refusals.append(Refusal("not_found", "user"))
        if refusals:
            return Denied(tuple(refusals))
        before = work.one(IntegrationUser, entity_id=entity_id, user_id=user_id)
        if before is not None and before.integration_id == integration_id:
            return before
        made = IntegrationUser(entity_id=entity_id, user_id=user_id, integration_id=integration_id, since=at)
        if before is None:
            work.add(made)
        else:
            work.change(before, integration_id=integration_id, since=at)
        return made


def integration_of(context: Context, principal: Principal) -> Integration | Denied:
    """The integration that a credential acts for.

    It is the one that the user is assigned to, in the first entity that it sees and is assigned in; for everybody else
    the default one of the first entity, which comes about when it is first asked for. Needs READ. Refused: not_found
    for a credential that sees no entity.
    """
    seen = sorted(principal.roles)
    if not seen:
        return denied("not_found", "entity")
    with context.store.glancing() as view:
        found = _assigned(view, principal, seen) or view.one(Integration, entity_id=seen[0], name=DEFAULT)
    return found or _default(context, principal, seen[0])


def stale_unread(context: Context, principal: Principal, entity_id: int) -> tuple[StaleUnread, ...] | Denied:
    """Integrations of an entity that leave entries unread for longer than a day and two hours. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    before = context.now() - UNREAD_MAX
    with context.store.reading() as view:
        shown = view.all(
            SettlementBatch,
            Condition("state", "!=", BatchState.OPEN),
            Condition("analyzed_at", "<=", before),
            entity_id=entity_id,
        )
        found = [_stale(view, each, shown) for each in view.all(Integration, entity_id=entity_id)]
    return tuple(each for each in found if each.entries)


def _stale(view: Reading, integration: Integration, shown: list[SettlementBatch]) -> StaleUnread:
    progress = view.all(DeliveryProgress, entity_id=integration.entity_id, integration_id=integration.id)
    touched = {each.batch_id: each.touched for each in progress}
    left = [(batch.entries - touched.get(batch.id, 0), batch.analyzed_at or 0) for batch in shown]
    since = min((at for entries, at in left if entries), default=0)
    return StaleUnread(integration=integration, entries=sum(entries for entries, _ in left), since=since)


def _assigned(view: Reading, principal: Principal, seen: list[int]) -> Integration | None:
    wanted = Condition("entity_id", "in", seen)
    for each in view.all(IntegrationUser, wanted, limit=1, user_id=principal.user_id):
        return view.one(Integration, entity_id=each.entity_id, id=each.integration_id)
    return None


def _default(context: Context, principal: Principal, entity_id: int) -> Integration:
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "create_integration", at) as work:
        found = work.one(Integration, entity_id=entity_id, name=DEFAULT)
        return found or _added(work, entity_id, DEFAULT, at, unread_only=True)


def _added(work: Writing, entity_id: int, name: str, at: int, *, unread_only: bool) -> Integration:
    made = Integration(
        entity_id=entity_id,
        id=work.new_ids(Integration)[0],
        name=name,
        unread_only=unread_only,
        created_at=at,
        updated_at=at,
    )
    work.add(made)
    return made


def _name_refusals(view: Reading, entity_id: int, name: str) -> tuple[Refusal, ...]:
    if found := text_refusals([("name", name)]):
        return tuple(found)
    if not name.strip():
        return (Refusal("required", "name"),)
    taken = view.one(Integration, entity_id=entity_id, name=name.strip())
    return () if taken is None else (Refusal("exists", "name"),)

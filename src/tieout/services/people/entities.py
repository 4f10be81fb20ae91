"""Entities: whose books are reconciled."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tieout.domain.people import NOBODY, OPERATOR, Capability, Entity, Grant, Principal, Role
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Refusal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context, Denied, denied
from tieout.services.people.governing import not_governing, owners
from tieout.services.people.texts import text_refusals
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Condition, Reading, Scope

_CHANGEABLE = ("name", "time_zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRequest:
    """A new entity."""

    name: str
    currency: str  # functional currency, ISO 4217; it never changes
    time_zone: str = "UTC"  # IANA name


def create_entity(context: Context, principal: Principal, request: EntityRequest) -> Entity | Denied:
    """A new entity, owned by who owns every other entity of the organisation."""
    at = context.now()
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "create_entity", at) as work:
        if refused := not_governing(work, principal):
            return refused
        if refusals := _refusals(request):
            return Denied(refusals)
        (entity_id,) = work.new_ids(Entity)
        made = Entity(
            id=entity_id,
            organisation_id=principal.organisation_id,
            public_id=uuid7(at, context.random_bytes(10)),
            name=request.name.strip(),
            currency=request.currency,
            time_zone=request.time_zone,
            created_at=at,
            updated_at=at,
        )
        governors = _governors(work, principal)
        work.add(made)
        work.add(*(Grant(entity_id=made.id, user_id=user, role=Role.OWNER, granted_at=at) for user in governors))
        return made


def change_entity(
    context: Context, principal: Principal, entity_id: int, changes: Mapping[str, str]
) -> Entity | Denied:
    """The entity with another name or time zone; its currency is what its books are in and stays."""
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "change_entity", at) as work:
        before = work.one(Entity, id=entity_id)
        if before is None:
            return denied("not_found", "entity")
        unknown = [Refusal("not_allowed", name) for name in sorted(set(changes) - set(_CHANGEABLE))]
        wanted = EntityRequest(
            name=changes.get("name", before.name),
            currency=before.currency,
            time_zone=changes.get("time_zone", before.time_zone),
        )
        if refusals := (*unknown, *_refusals(wanted)):
            return Denied(refusals)
        if (wanted.name.strip(), wanted.time_zone) == (before.name, before.time_zone):
            return before
        work.change(before, name=wanted.name.strip(), time_zone=wanted.time_zone, updated_at=at)
        return work.one(Entity, id=entity_id) or before


def entities(context: Context, principal: Principal) -> list[Entity]:
    """The entities that the principal sees, by id."""
    with context.store.reading() as view:
        return view.all(Entity, Condition("id", "in", sorted(principal.roles)))


def entity(context: Context, principal: Principal, entity_id: int) -> Entity | Denied:
    """One entity that the principal sees."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        return view.one(Entity, id=entity_id) or denied("not_found", "entity")


def entity_of_public_id(context: Context, principal: Principal, public_id: str) -> Entity | Denied:
    """The entity of a public id, if the principal sees it."""
    with context.store.glancing() as view:
        found = view.one(Entity, public_id=public_id)
    return found if found is not None and principal.sees(found.id) else denied("not_found", "entity")


def _refusals(request: EntityRequest) -> tuple[Refusal, ...]:
    found = [*text_refusals("name", request.name)]
    if not request.currency:
        found.append(Refusal("required", "currency"))
    elif request.currency not in EXPONENTS:
        found.append(Refusal("unknown_currency", "currency"))
    if not _is_time_zone(request.time_zone):
        found.append(Refusal("not_allowed", "time_zone"))
    return tuple(found)


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _governors(view: Reading, principal: Principal) -> list[int]:
    """The users who own every entity that the organisation has so far."""
    owned = [owners(view, entity.id) for entity in view.all(Entity, organisation_id=principal.organisation_id)]
    governors = frozenset.intersection(*owned) if owned else frozenset[int]()
    return sorted(governors | ({principal.user_id} - {OPERATOR, NOBODY}))

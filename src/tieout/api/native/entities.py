"""Entities: whose books are reconciled."""

import msgspec

from tieout.api.native.calling import Answer, Call, Given, named
from tieout.api.native.operations import Operation
from tieout.api.native.spelling import instant_text
from tieout.domain.people import Entity
from tieout.services.context import Denied
from tieout.services.people.entities import EntityRequest, change_entity, create_entity, entities, entity


class EntityBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new entity."""

    name: str
    currency: str
    time_zone: str = "UTC"


class EntityChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of an entity shall change."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    time_zone: str | msgspec.UnsetType = msgspec.UNSET


class EntityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An entity; `currency` is its functional currency."""

    id: int
    public_id: str
    name: str
    currency: str
    time_zone: str
    role: str  # of the token here
    created_at: str
    updated_at: str


class EntitiesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The entities that the token sees, by id."""

    entities: list[EntityAnswer]


def _list(call: Call) -> Answer:
    return EntitiesAnswer(entities=[_written(call, each) for each in entities(call.context, call.principal)])


def _create(call: Call) -> Answer:
    body = call.read(EntityBody)
    made = create_entity(
        call.context,
        call.principal,
        EntityRequest(name=body.name, currency=body.currency, time_zone=body.time_zone),
    )
    if isinstance(made, Denied):
        return made
    return Given(_written(call, made), 201, {"location": f"{call.asked.path}/{made.id}"})


def _show(call: Call) -> Answer:
    found = entity(call.context, call.principal, call.entity_id)
    return found if isinstance(found, Denied) else _written(call, found)


def _change(call: Call) -> Answer:
    changed = change_entity(call.context, call.principal, call.entity_id, named(call.read(EntityChanges)))
    return changed if isinstance(changed, Denied) else _written(call, changed)


def _written(call: Call, entity: Entity) -> EntityAnswer:
    return EntityAnswer(
        id=entity.id,
        public_id=entity.public_id,
        name=entity.name,
        currency=entity.currency,
        time_zone=entity.time_zone,
        role=str(call.principal.roles.get(entity.id, "")),
        created_at=instant_text(entity.created_at),
        updated_at=instant_text(entity.updated_at),
    )


OPERATIONS = (
    Operation("GET", "/entities", "the entities that the token sees", _list, gives=EntitiesAnswer),
    Operation("POST", "/entities", "a new entity", _create, EntityBody, EntityAnswer, 201),
    Operation("GET", "/entities/{entity_id}", "one entity", _show, gives=EntityAnswer),
    Operation("PATCH", "/entities/{entity_id}", "change name or time zone", _change, EntityChanges, EntityAnswer),
)

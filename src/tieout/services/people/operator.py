"""Whoever runs commands on the machine of the database: an owner of everything, under a name of its own."""

from tieout.domain.people import OPERATOR, Entity, Face, Principal, Role
from tieout.services.context import Context


def operator(context: Context, organisation_id: int) -> Principal:
    """The principal of a command: an owner of every entity that the organisation has now."""
    with context.store.reading() as view:
        entities = view.all(Entity, organisation_id=organisation_id)
    roles = {entity.id: Role.OWNER for entity in entities}
    return Principal(organisation_id=organisation_id, user_id=OPERATOR, face=Face.NATIVE, roles=roles)

"""Whether somebody may do something at all: asked first by every service."""

from tieout.domain.people import Capability, Principal
from tieout.services.context import Denied, denied


def not_permitted(principal: Principal, capability: Capability, entity_id: int) -> Denied | None:
    """Why not, or None. An entity that the principal does not see is answered as one that does not exist."""
    if not principal.sees(entity_id):
        return denied("not_found", "entity")
    if not principal.may(capability, entity_id):
        return denied("not_permitted", capability)
    return None

"""What reaches beyond one entity: only those who configure every entity of an organisation decide it."""

from tieout.domain.people import OPERATOR, Capability, Entity, Grant, Principal, Role, User
from tieout.services.context import Denied, denied
from tieout.store.protocols import Condition, Reading


def governs(view: Reading, principal: Principal) -> bool:
    """Whether the principal owns every entity of its organisation, of which there is at least one."""
    if principal.user_id == OPERATOR:
        return True
    entities = view.all(Entity, organisation_id=principal.organisation_id)
    return bool(entities) and all(principal.may(Capability.CONFIGURE, entity.id) for entity in entities)


def not_governing(view: Reading, principal: Principal) -> Denied | None:
    """Why not, or None."""
    return None if governs(view, principal) else denied("not_permitted", Capability.CONFIGURE)


def configured(principal: Principal) -> tuple[int, ...]:
    """The entities that the principal owns, ascending."""
    return tuple(sorted(entity for entity in principal.roles if principal.may(Capability.CONFIGURE, entity)))


def seen_user(view: Reading, principal: Principal, user_id: int) -> User | None:
    """The user, if the principal may know of it: itself, who has a role where it owns, everybody where it governs."""
    user = view.one(User, id=user_id)
    if user is None or user.organisation_id != principal.organisation_id:
        return None
    if user.id == principal.user_id or governs(view, principal):
        return user
    shared = view.count(Grant, Condition("entity_id", "in", configured(principal)), user_id=user_id)
    return user if shared else None


def owners(view: Reading, entity_id: int) -> frozenset[int]:
    """The users who own the entity and can sign in."""
    granted = [grant.user_id for grant in view.all(Grant, entity_id=entity_id, role=str(Role.OWNER))]
    able = view.all(User, Condition("id", "in", granted), disabled_at=None)
    return frozenset(user.id for user in able)

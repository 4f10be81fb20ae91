"""Grants: the role of a user in an entity."""

from tieout.domain.people import Capability, Grant, Principal, Role
from tieout.services.context import Context, Denied, denied
from tieout.services.people.governing import owners, seen_user
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Reading, Scope


def grant(context: Context, principal: Principal, entity_id: int, user_id: int, role: Role) -> Grant | Denied:
    """The user's role in the entity, put in place of the one before. Refused where no owner would be left."""
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    at = context.now()
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "grant", at) as work:
        if seen_user(work, principal, user_id) is None:
            return denied("not_found", "user")
        before = work.one(Grant, entity_id=entity_id, user_id=user_id)
        if before is None:
            made = Grant(entity_id=entity_id, user_id=user_id, role=str(role), granted_at=at)
            work.add(made)
            return made
        if before.role == role:
            return before
        if role is not Role.OWNER and _is_last_owner(work, entity_id, user_id):
            return denied("last_owner", "role")
        work.change(before, role=str(role), granted_at=at)
        return work.one(Grant, entity_id=entity_id, user_id=user_id) or before


def revoke_grant(context: Context, principal: Principal, entity_id: int, user_id: int) -> Grant | Denied:
    """The grant that was taken away. Refused where no owner would be left."""
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "revoke_grant", context.now()) as work:
        before = work.one(Grant, entity_id=entity_id, user_id=user_id)
        if before is None:
            return denied("not_found", "user")
        if _is_last_owner(work, entity_id, user_id):
            return denied("last_owner", "user")
        work.remove(before)
        return before


def grants(context: Context, principal: Principal, entity_id: int) -> list[Grant] | Denied:
    """Who has which role in the entity, by user."""
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    with context.store.reading() as view:
        return view.all(Grant, entity_id=entity_id)


def _is_last_owner(view: Reading, entity_id: int, user_id: int) -> bool:
    return owners(view, entity_id) == {user_id}

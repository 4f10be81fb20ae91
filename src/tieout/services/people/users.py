"""Users: who signs in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tieout.domain.people import OPERATOR, Capability, Grant, Principal, Role, User
from tieout.kernel.errors import Refusal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context, Denied, denied
from tieout.services.people.governing import configured, governs, not_governing, owners, seen_user
from tieout.services.people.passwords import password_fits, password_hash, password_refusals
from tieout.services.people.sessions import end_sessions_of
from tieout.services.people.texts import text_refusals
from tieout.store.errors import Conflict
from tieout.store.protocols import Condition, Reading, Scope

# RFC 5321 section 4.5.3.1: a path of 256 octets, angle brackets included.
EMAIL_LENGTH_MAX = 254

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRequest:
    """A new user with its roles by entity."""

    email: str  # compared in lower case
    name: str
    password: str = field(repr=False)
    roles: Mapping[int, Role]


def create_user(context: Context, principal: Principal, request: UserRequest) -> User | Denied:
    """A new user; whoever makes it owns every entity in which the user gets a role.

    An address that exists is refused even where its user is not seen: it is the name by which people sign in.
    """
    found = _refusals(principal, request)
    hashed = "" if found else password_hash(context.settings, request.password)
    try:
        return _create(context, principal, request, found, hashed)
    except Conflict:  # another organisation took the address at this moment
        return denied("exists", "email")


def _create(
    context: Context, principal: Principal, request: UserRequest, found: tuple[Refusal, ...], hashed: str
) -> User | Denied:
    at = context.now()
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "create_user", at) as work:
        if not request.roles and (refused := not_governing(work, principal)):
            return refused
        address = normal_email(request.email)
        if address.isprintable() and work.one(User, email=address) is not None:
            found = (*found, Refusal("exists", "email"))
        if found:
            return Denied(found)
        (user_id,) = work.new_ids(User)
        made = User(
            id=user_id,
            organisation_id=principal.organisation_id,
            public_id=uuid7(at, context.random_bytes(10)),
            email=address,
            name=request.name.strip(),
            password_hash=hashed,
            created_at=at,
            disabled_at=None,
        )
        work.add(made)
        for entity_id, role in sorted(request.roles.items()):
            work.add(Grant(entity_id=entity_id, user_id=made.id, role=str(role), granted_at=at))
        return made


def users(context: Context, principal: Principal) -> list[User]:
    """The users that the principal may know of, by id: itself, and those with a role in an entity that it owns."""
    with context.store.reading() as view:
        if governs(view, principal):
            return view.all(User, organisation_id=principal.organisation_id)
        granted = view.all(Grant, Condition("entity_id", "in", configured(principal)))
        known = {principal.user_id, *(grant.user_id for grant in granted)}
        return view.all(User, Condition("id", "in", sorted(known)), organisation_id=principal.organisation_id)


def user(context: Context, principal: Principal, user_id: int) -> User | Denied:
    """One user that the principal may know of."""
    with context.store.reading() as view:
        return seen_user(view, principal, user_id) or denied("not_found", "user")


def roles_of(context: Context, principal: Principal, user_id: int) -> dict[int, Role]:
    """The roles of a user by entity, as far as the principal owns those entities; its own wherever they are."""
    with context.store.reading() as view:
        granted = view.all(Grant, user_id=user_id)
    seen = principal.roles if user_id == principal.user_id else configured(principal)
    return {grant.entity_id: Role(grant.role) for grant in granted if grant.entity_id in seen}


def user_with_email(context: Context, email: str) -> User | None:
    """The user of an address, in whatever organisation; for commands, which act for none of them."""
    address = normal_email(email)
    if not address.isprintable():
        return None
    with context.store.reading() as view:
        return view.one(User, email=address)


def disable_user(context: Context, principal: Principal, user_id: int) -> User | Denied:
    """The user, who signs in no more and whose tokens are refused from now on; again changes nothing.

    It takes an owner of every entity of the organisation. Refused for the last owner of an entity.
    """
    return _set_disabled(context, principal, user_id, "disable_user")


def enable_user(context: Context, principal: Principal, user_id: int) -> User | Denied:
    """The user, who signs in again; its tokens that were not revoked count again too."""
    return _set_disabled(context, principal, user_id, "enable_user")


def _set_disabled(context: Context, principal: Principal, user_id: int, action: str) -> User | Denied:
    at = context.now()
    disable = action == "disable_user"
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, action, at) as work:
        if refused := not_governing(work, principal):
            return refused
        found = seen_user(work, principal, user_id)
        if found is None:
            return denied("not_found", "user")
        if (found.disabled_at is not None) == disable:
            return found
        if disable and (left := _left_without_owner(work, user_id)):
            return denied("last_owner", "user", entity=str(left[0]))
        work.change(found, disabled_at=at if disable else None)
        return work.one(User, id=user_id) or found


def change_password(
    context: Context, principal: Principal, user_id: int, password: str, *, old: str = ""
) -> User | Denied:
    """The user with a new password, signed out everywhere.

    Everybody changes their own, and says the old one; whoever runs commands changes anybody's without it. An owner
    changes nobody's: it could sign in as a second person then.
    """
    if principal.user_id not in (user_id, OPERATOR):
        return denied("not_permitted", Capability.CONFIGURE)
    with context.store.reading() as view:
        found = seen_user(view, principal, user_id)
    if found is None:
        return denied("not_found", "user")
    refusals = password_refusals(password)
    if principal.user_id != OPERATOR and not password_fits(context.settings, old, found.password_hash)[0]:
        refusals = (Refusal("credentials_wrong", "old"), *refusals)
    if refusals:
        return Denied(refusals)
    hashed = password_hash(context.settings, password)
    scope = Scope("organisation", found.organisation_id)
    with context.store.writing(scope, principal.name, "change_password", context.now()) as work:
        if not work.change(found, password_hash=hashed):
            return denied("changed_meanwhile", "user")
        end_sessions_of(work.operational(), user_id)
        return work.one(User, id=user_id) or found


def normal_email(email: str) -> str:
    """The address as it is kept and compared: no blanks around it, lower case."""
    return email.strip().lower()


def _refusals(principal: Principal, request: UserRequest) -> tuple[Refusal, ...]:
    found = [*text_refusals("email", request.email, EMAIL_LENGTH_MAX)]
    if not found and not _EMAIL.fullmatch(request.email.strip()):
        found.append(Refusal("not_allowed", "email"))
    found += (*text_refusals("name", request.name), *password_refusals(request.password))
    for entity_id in sorted(request.roles):
        if not principal.sees(entity_id):
            found.append(Refusal("not_found", f"roles[{entity_id}]"))
        elif not principal.may(Capability.CONFIGURE, entity_id):
            found.append(Refusal("not_permitted", f"roles[{entity_id}]"))
    return tuple(found)


def _left_without_owner(view: Reading, user_id: int) -> list[int]:
    """The entities that nobody would own who can sign in, were this user gone."""
    owned = view.all(Grant, user_id=user_id, role=str(Role.OWNER))
    return [grant.entity_id for grant in owned if owners(view, grant.entity_id) == {user_id}]

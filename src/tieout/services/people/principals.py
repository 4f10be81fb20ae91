"""From a credential to the principal that it stands for: asked once by every request."""

from contextlib import suppress

from tieout.domain.people import Face, Grant, Principal, Role, Session, Token, User
from tieout.services.context import Context
from tieout.services.people.token_texts import digest_of
from tieout.store.errors import Conflict
from tieout.store.protocols import Reading

# What a token's last use is kept as: a session row that never lets anybody in.
LAST_USE = "last_use"

# Last use is written at most this often for one token, in microseconds: a busy client costs one write a minute.
_LAST_USE_EVERY = 60_000_000
_NEVER = 2**53 - 1


def principal_of_token(context: Context, face: Face, token: str) -> Principal | None:
    """Whom a token of this face stands for; None where it is unknown, expired, revoked or of another face.

    Its entities are those of the token that its user has a role in now.
    """
    at = context.now()
    with context.store.reading() as view:
        kept = view.one(Token, digest=digest_of(token))
        if kept is None or kept.face != face or not counts(kept, at):
            return None
        roles = _roles(view, kept.user_id)
        used = view.one(Session, digest=kept.digest)
    if roles is None:
        return None
    if used is None or at - used.seen_at >= _LAST_USE_EVERY:
        _note_use(context, kept, used, at)
    return Principal(
        organisation_id=kept.organisation_id,
        user_id=kept.user_id,
        face=face,
        roles=narrowed(roles, kept),
        post=kept.post,
        token_id=kept.id,
    )


def principal_of_user(context: Context, user_id: int, face: Face) -> Principal | None:
    """Whom somebody who has signed in stands for; None where the user is unknown or disabled."""
    with context.store.reading() as view:
        return principal_in(view, user_id, face)


def principal_in(view: Reading, user_id: int, face: Face) -> Principal | None:
    """`principal_of_user` inside a view that is open already."""
    roles = _roles(view, user_id)
    found = view.one(User, id=user_id)
    if found is None or roles is None:
        return None
    return Principal(organisation_id=found.organisation_id, user_id=user_id, face=face, roles=roles)


def counts(token: Token, at: int) -> bool:
    """Whether a token is neither revoked nor expired at an instant."""
    return token.revoked_at is None and (token.expires_at is None or at < token.expires_at)


def narrowed(roles: dict[int, Role], token: Token) -> dict[int, Role]:
    """The roles that are left of a user's when it acts through a token."""
    if not token.entities:
        return roles
    return {entity: roles[entity] for entity in map(int, token.entities.split()) if entity in roles}


def _roles(view: Reading, user_id: int) -> dict[int, Role] | None:
    """The user's roles by entity; None where it cannot sign in."""
    found = view.one(User, id=user_id)
    if found is None or found.disabled_at is not None:
        return None
    return {grant.entity_id: Role(grant.role) for grant in view.all(Grant, user_id=user_id)}


def _note_use(context: Context, token: Token, used: Session | None, at: int) -> None:
    """Write down that the token is in use; of two that come at once, one does."""
    with suppress(Conflict), context.store.operating() as work:
        if used is not None:
            work.change(used, seen_at=at)
        else:
            work.add(
                Session(
                    digest=token.digest,
                    face=token.face,
                    purpose=LAST_USE,
                    organisation_id=token.organisation_id,
                    user_id=token.user_id,
                    facts="",
                    started_at=at,
                    seen_at=at,
                    expires_at=_NEVER,
                )
            )

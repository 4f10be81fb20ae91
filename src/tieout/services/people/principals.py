"""From a credential to the principal that it stands for: asked once by every request."""

from collections.abc import Mapping

from tieout.domain.people import Face, Grant, Principal, Role, Token, User
from tieout.services.context import Context
from tieout.services.known_tokens import KnownToken, TokenUse
from tieout.services.people.token_texts import digest_of
from tieout.store.protocols import Reading, Scope

# Last use is noted at most this often for one token, in microseconds: a busy client costs one write a minute.
LAST_USE_EVERY = 60_000_000

# Tokens that a process remembers; a kilobyte each.
_REMEMBERED_MAX = 10_000


def principal_of_token(context: Context, face: Face, token: str) -> Principal | None:
    """Whom a token of this face stands for; None where it is unknown, expired, revoked or of another face.

    Its entities are those of the token that its user has a role in now. It reads alone, so that no request waits for
    a writer: `last_uses.write_last_uses` writes down later that the token was used.
    """
    at = context.now()
    digest = digest_of(token)
    known = context.known_tokens.get(digest)
    if known is None or not _still(context, known):
        with context.store.reading() as view:
            known = _found(view, digest)
    if known is None or known.token.face != face or not counts(known.token, at):
        return None
    if at - known.use_noted_at >= LAST_USE_EVERY:
        known = known._replace(use_noted_at=at)
        context.token_uses[digest] = TokenUse(known.token, at)
    if len(context.known_tokens) >= _REMEMBERED_MAX:
        context.known_tokens.clear()
    context.known_tokens[digest] = known
    return Principal(
        organisation_id=known.token.organisation_id,
        user_id=known.token.user_id,
        face=face,
        roles=known.roles,
        post=known.token.post,
        token_id=known.token.id,
    )


def principal_of_user(context: Context, user_id: int, face: Face) -> Principal | None:
    """Whom somebody who has signed in stands for; None where the user is unknown or disabled."""
    with context.store.reading() as view:
        return principal_in(view, user_id, face)


def principal_in(view: Reading, user_id: int, face: Face) -> Principal | None:
    """`principal_of_user` inside a view that is open already."""
    found = view.one(User, id=user_id)
    if found is None or found.disabled_at is not None:
        return None
    roles = {grant.entity_id: Role(grant.role) for grant in view.all(Grant, user_id=user_id)}
    return Principal(organisation_id=found.organisation_id, user_id=user_id, face=face, roles=roles)


def counts(token: Token, at: int) -> bool:
    """Whether a token is neither revoked nor expired at an instant."""
    return token.revoked_at is None and (token.expires_at is None or at < token.expires_at)


def _still(context: Context, known: KnownToken) -> bool:
    """Whether nothing of the organisation changed since, so that what is remembered of a token is right."""
    with context.store.glancing() as view:
        return known.events == _events(view, known.token)


def _found(view: Reading, digest: bytes) -> KnownToken | None:
    token = view.one(Token, digest=digest)
    if token is None:
        return None
    principal = principal_in(view, token.user_id, Face(token.face))
    if principal is None:
        return None
    return KnownToken(token, _narrowed(principal.roles, token), _events(view, token), use_noted_at=0)


def _events(view: Reading, token: Token) -> int:
    return view.event_count(Scope("organisation", token.organisation_id))


def _narrowed(roles: Mapping[int, Role], token: Token) -> Mapping[int, Role]:
    """The roles that are left of a user's when it acts through a token."""
    if not token.entities:
        return roles
    return {entity: roles[entity] for entity in map(int, token.entities.split()) if entity in roles}

"""Tokens: credentials for one face, whose text is shown once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tieout.domain.people import OPERATOR, Capability, Face, Grant, Principal, Token
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.people.governing import configured, governs, seen_user
from tieout.services.people.last_uses import last_used_at
from tieout.services.people.principals import counts
from tieout.services.people.texts import text_refusals
from tieout.services.people.token_texts import digest_of, token_text
from tieout.store.protocols import Reading, Scope

# Ten years; a credential that shall live longer is a mistake or has no expiry at all.
DAYS_MAX = 3660

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
# People sign in to the desk; a token for it would be a password that never expires.
_WITHOUT_TOKENS = frozenset({Face.DESK})
# The vendor's tokens are good for a day.
_EXPIRING = frozenset({Face.SNAPBOOKS})


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token; its text is shown this once and kept nowhere."""

    text: str = field(repr=False)
    token: Token


class TokenNow(NamedTuple):
    """A token as its owner sees it."""

    token: Token
    last_used_at: int | None
    counts: bool  # neither revoked nor expired


def issue_token(
    context: Context,
    principal: Principal,
    user_id: int,
    face: Face,
    *,
    entities: Sequence[int] = (),
    post: bool = False,
    days: int | None = None,
    label: str = "",
) -> Issued | Denied:
    """A token by which a program acts as the user.

    entities: what it is narrowed to; empty for all of the user's, those granted later included. A token that somebody
    else issues, that a token issues, or that may `post`, is always narrowed: to entities that the issuer owns, or
    holds. post: only who owns those entities gives it. A token never issues one that outlives it or may do more.
    """
    at = context.now()
    action = "issue_token_with_post" if post else "issue_token"
    scope = Scope("organisation", principal.organisation_id)
    text = token_text(face, context.random_bytes)
    with context.store.writing(scope, principal.name, action, at) as work:
        if seen_user(work, principal, user_id) is None:
            return denied("not_found", "user")
        narrowing = _narrowing(work, principal, user_id, entities, post)
        found = _refusals(principal, face, days, label, post)
        if isinstance(narrowing, Denied) or found:
            return Denied((*(narrowing.refusals if isinstance(narrowing, Denied) else ()), *found))
        (token_id,) = work.new_ids(Token)
        made = Token(
            id=token_id,
            organisation_id=principal.organisation_id,
            user_id=user_id,
            face=str(face),
            digest=digest_of(text),
            label=label.strip(),
            entities=" ".join(map(str, narrowing)),
            post=post,
            created_at=at,
            expires_at=_expires_at(context, work, principal, face, days),
            revoked_at=None,
        )
        work.add(made)
        return Issued(text, made)


def revoke_token(context: Context, principal: Principal, token_id: int) -> Token | Denied:
    """The token, refused by its face from now on; again changes nothing.

    Everybody revokes their own; an owner those of others that act in entities of the owner's alone.
    """
    at = context.now()
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "revoke_token", at) as work:
        found = work.one(Token, id=token_id)
        seen = found and _seen(work, principal, found)
        if found is None or seen is None:
            return denied("not_found", "token")
        if found.user_id != principal.user_id and not set(_acting_in(work, found)) <= set(configured(principal)):
            return denied("not_permitted", Capability.CONFIGURE)
        if found.revoked_at is not None:
            return seen
        work.change(found, revoked_at=at)
        return replace(seen, revoked_at=at)


def tokens(context: Context, principal: Principal) -> list[TokenNow]:
    """The principal's own tokens, and those that act in entities that it owns, by id.

    `entities` of each names only what the principal sees.
    """
    at = context.now()
    with context.store.reading() as view:
        kept = view.all(Token, organisation_id=principal.organisation_id)
        seen = [token for each in kept if (token := _seen(view, principal, each)) is not None]
        return [TokenNow(token, last_used_at(context, view, token), counts(token, at)) for token in seen]


def _seen(view: Reading, principal: Principal, token: Token) -> Token | None:
    """The token as the principal may know of it; None where it may not."""
    if token.organisation_id != principal.organisation_id:
        return None
    if token.user_id == principal.user_id and principal.token_id is None:
        return token
    if governs(view, principal):
        return token
    own = token.user_id == principal.user_id
    known = set(principal.roles if own else configured(principal)).intersection(_acting_in(view, token))
    return replace(token, entities=" ".join(map(str, sorted(known)))) if known else None


def _acting_in(view: Reading, token: Token) -> tuple[int, ...]:
    """The entities in which a token acts, or would if its user had a role there."""
    if token.entities:
        return tuple(map(int, token.entities.split()))
    return tuple(grant.entity_id for grant in view.all(Grant, user_id=token.user_id))


def _narrowing(
    view: Reading, principal: Principal, user_id: int, entities: Sequence[int], post: bool
) -> Sequence[int] | Denied:
    """What the token is narrowed to, empty for not at all; or every reason against what was asked for."""
    own = principal.user_id == user_id
    held = {grant.entity_id for grant in view.all(Grant, user_id=user_id)}
    gives = set(principal.roles) if own and not post else set(configured(principal))
    unknown = [entity for entity in entities if entity not in principal.roles or entity not in held]
    not_owned = [entity for entity in entities if entity not in unknown and entity not in gives]
    if unknown or not_owned:
        refused = [Refusal("not_found", f"entities[{entity}]") for entity in unknown]
        return Denied((*refused, *(Refusal("not_permitted", f"entities[{entity}]") for entity in not_owned)))
    if entities:
        return sorted(set(entities))
    unbounded = own and principal.token_id is None
    if not post and (unbounded or principal.user_id == OPERATOR):
        return ()
    return sorted(held & gives) or denied("not_permitted", "post" if post else Capability.CONFIGURE)


def _refusals(principal: Principal, face: Face, days: int | None, label: str, post: bool) -> tuple[Refusal, ...]:
    found = [*text_refusals("label", label)] if label else []
    if face in _WITHOUT_TOKENS:
        found.append(Refusal("not_allowed", "face"))
    if days is not None and not 1 <= days <= DAYS_MAX:
        found.append(Refusal("not_allowed", "days", (("days_max", str(DAYS_MAX)),)))
    if post and not principal.post:
        found.append(Refusal("post_missing", "post"))
    return tuple(found)


def _expires_at(context: Context, view: Reading, principal: Principal, face: Face, days: int | None) -> int | None:
    """When the new token ends: never after the token that issues it."""
    ends = []
    if days is not None:
        ends.append(context.now() + days * _DAY)
    elif face in _EXPIRING:
        ends.append(context.now() + context.settings.token_hours * _HOUR)
    issuing = view.one(Token, id=principal.token_id) if principal.token_id is not None else None
    if issuing is not None and issuing.expires_at is not None:
        ends.append(issuing.expires_at)
    return min(ends, default=None)

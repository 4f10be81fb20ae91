"""Signing in for long: an access token for hours, and a refresh token that gives the next pair, once.

Everything that follows from one signing in is a family, kept as one session row that knows the refresh token that
counts. Each renewal puts another in its place. An older one that comes again was copied: its family ends, access
tokens included, and whoever it is signs in again.
Source: RFC 9700, section 4.14.2 (refresh token rotation).
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from tieout.domain.people import Face, Principal, Session, User
from tieout.services.context import Context
from tieout.services.known_tokens import KnownFamily
from tieout.services.people.principals import principal_in
from tieout.services.people.sessions import remove_ended
from tieout.services.people.signed_tokens import signed_claims, signed_token
from tieout.store.protocols import Reading, Scope, Writing

# A session row of this purpose is a family; its `facts` name the refresh token that counts.
FAMILY = "family"

# A client that runs every day renews every day; one that was away for a month signs in again.
REFRESH_DAYS = 30

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_NAME_BYTES = 16
# Families that a process remembers.
_REMEMBERED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What signing in or renewing gives."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_seconds: int  # how long the access token is good


class Presented(NamedTuple):
    """An access token of ours that somebody shows."""

    organisation_id: int
    user_id: int
    principal: Principal | None  # whom it stands for; None where it has ended, or its user is disabled
    disabled: bool  # the user is


class Holder(NamedTuple):
    """Whose a token is, by what it says itself."""

    organisation_id: int
    user_id: int


def holder_of_refresh(context: Context, face: Face, refresh: str) -> Holder | None:
    """Whose refresh token this is, whether it counts or not; None where it is none of ours, or of another face."""
    claims = _claims(context, face, refresh, "refresh")
    return None if claims is None else Holder(claims["org"], int(claims["sub"]))


def start_family(context: Context, face: Face, user_id: int, access_seconds: int) -> TokenPair | None:
    """The first tokens of somebody who has signed in; None where the user is unknown or disabled."""
    at = context.now()
    family, refresh = _name(context), _name(context)
    with context.store.operating() as work:
        user = work.one(User, id=user_id)
        if user is None or user.disabled_at is not None:
            return None
        remove_ended(work, at)
        work.add(
            Session(
                digest=_digest(family),
                face=str(face),
                purpose=FAMILY,
                organisation_id=user.organisation_id,
                user_id=user_id,
                facts=refresh,
                started_at=at,
                seen_at=at,
                expires_at=at + REFRESH_DAYS * _DAY,
            )
        )
    claims = {"sub": str(user_id), "org": user.organisation_id, "sid": family}
    return _pair(context, face, claims, refresh, access_seconds)


def renew(context: Context, face: Face, refresh: str, access_seconds: int) -> TokenPair | None:
    """The next pair for a refresh token, which counts no more then.

    None where it is none of ours, has ended, or was used before; the last ends its family.
    """
    claims = _claims(context, face, refresh, "refresh")
    if claims is None:
        return None
    following = _name(context)
    while True:
        with context.store.operating() as work:
            kept = _family(work, face, claims)
            if kept is None or context.now() >= kept.expires_at:
                return None
            if kept.facts != claims["jti"]:
                if work.remove(kept):
                    return None
            elif principal_in(work, kept.user_id, face) is None:
                return None
            elif _turned(work, kept, following, context.now()):
                return _pair(context, face, claims, following, access_seconds)


def presented(context: Context, face: Face, access: str) -> Presented | None:
    """Whose access token this is, ended or not; None where it is none of ours, or of another face."""
    claims = _claims(context, face, access, "access")
    if claims is None:
        return None
    at, holder = context.now(), Holder(claims["org"], int(claims["sub"]))
    kept, principal = _standing(context, face, claims, holder)
    counts = kept is not None and at < kept.expires_at and at < claims["exp"] * _SECOND
    return Presented(*holder, principal if counts else None, disabled=principal is None)


def _standing(
    context: Context, face: Face, claims: dict[str, Any], holder: Holder
) -> tuple[Session | None, Principal | None]:
    """The family of a token, and whom its holder stands for now.

    Everything that says the second is written to the organisation's chain: while that has the same length, what was
    found before is right.
    """
    digest = _digest(claims["sid"])
    with context.store.glancing() as view:
        kept = _family(view, face, claims)
        events = view.event_count(Scope("organisation", holder.organisation_id))
    known = context.known_families.get(digest)
    if known is not None and known.events == events:
        return kept, known.principal
    with context.store.reading() as view:
        events = view.event_count(Scope("organisation", holder.organisation_id))
        principal = principal_in(view, holder.user_id, face)
    if principal is not None:
        if len(context.known_families) >= _REMEMBERED_MAX:
            context.known_families.clear()
        context.known_families[digest] = KnownFamily(principal, events)
    return kept, principal


def _turned(work: Writing, kept: Session, following: str, at: int) -> bool:
    """Whether the family goes on under the next refresh token; not where another request turned it meanwhile."""
    return work.change(kept, facts=following, seen_at=at, expires_at=at + REFRESH_DAYS * _DAY)


def _pair(context: Context, face: Face, claims: dict[str, Any], refresh: str, access_seconds: int) -> TokenPair:
    """Both tokens of a family: `claims` say whose, `refresh` names the refresh token."""
    at = context.now() // _SECOND
    owner = {name: claims[name] for name in ("sub", "org", "sid")}
    access = owner | {"use": "access", "jti": _name(context), "iat": at, "exp": at + access_seconds}
    following = owner | {"use": "refresh", "jti": refresh, "iat": at, "exp": at + REFRESH_DAYS * 86_400}
    key = _key(context, face)
    return TokenPair(signed_token(key, access), signed_token(key, following), access_seconds)


def _claims(context: Context, face: Face, token: str, use: str) -> dict[str, Any] | None:
    claims = signed_claims(_key(context, face), token)
    return claims if claims is not None and claims["use"] == use else None


def _family(view: Reading, face: Face, claims: dict[str, Any]) -> Session | None:
    return view.one(Session, digest=_digest(claims["sid"]), face=str(face), purpose=FAMILY)


def _key(context: Context, face: Face) -> bytes:
    return context.sealer.signing_key(f"{face} tokens")


def _name(context: Context) -> str:
    return context.random_bytes(_NAME_BYTES).hex()


def _digest(family: str) -> bytes:
    return sha256(f"family {family}".encode()).digest()

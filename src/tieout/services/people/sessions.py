"""Sessions: somebody signed in for a while, or half way in. Operational rows, kept by digest like tokens."""

from typing import NamedTuple

from tieout.domain.people import Face, Principal, Session, User
from tieout.services.context import Context
from tieout.services.people.last_uses import LAST_USE
from tieout.services.people.principals import principal_in
from tieout.services.people.token_texts import digest_of, token_text
from tieout.store.protocols import Condition, Writing

SIGNED_IN = "session"

# Wrong attempts are counted in a row of this purpose; it never lets anybody in.
WRONG_ATTEMPTS = "wrong_attempts"

_COUNTING = frozenset({LAST_USE, WRONG_ATTEMPTS})
_MINUTE = 60_000_000
# A use is written down when this part of the idle time has passed since the last one: once a minute for an hour.
_WRITTEN_EVERY_PART = 60
_REMOVED_AT_ONCE = 20


class SignedIn(NamedTuple):
    """A session that counts, and whom it stands for."""

    session: Session
    principal: Principal


def start_session(
    context: Context,
    face: Face,
    purpose: str,
    user_id: int,
    facts: str = "",
    idle_minutes: int | None = None,
) -> str | None:
    """The token of a new session; None where the user is unknown or disabled.

    purpose: "session", or the step before it; facts: JSON text that the step needs. idle_minutes: unused for so long,
    it ends; the process's setting where it is not given.
    """
    at = context.now()
    idle = (idle_minutes or context.settings.session_idle_minutes) * _MINUTE
    token = token_text(face, context.random_bytes)
    with context.store.operating() as work:
        found = work.one(User, id=user_id)
        if found is None or found.disabled_at is not None:
            return None
        remove_ended(work, at)
        work.add(
            Session(
                digest=digest_of(token),
                face=str(face),
                purpose=purpose,
                organisation_id=found.organisation_id,
                user_id=user_id,
                facts=facts,
                started_at=at,
                seen_at=at,
                expires_at=at + idle,
            )
        )
    return token


def session_of(context: Context, face: Face, purpose: str, token: str) -> SignedIn | None:
    """The session of a token, whose idle time begins anew; None where there is none of this face and purpose."""
    at = context.now()
    with context.store.reading() as view:
        kept = view.one(Session, digest=digest_of(token))
        if (
            kept is None
            or purpose in _COUNTING
            or (kept.face, kept.purpose) != (face, purpose)
            or at >= kept.expires_at
        ):
            return None
        principal = principal_in(view, kept.user_id, face)
    if principal is None:
        return None
    idle = kept.expires_at - kept.seen_at
    if (at - kept.seen_at) * _WRITTEN_EVERY_PART >= idle:
        with context.store.operating() as work:
            work.change(kept, seen_at=at, expires_at=at + idle)
    return SignedIn(kept, principal)


def end_session(context: Context, face: Face, purpose: str, token: str) -> bool:
    """Whether there was such a session; it is gone now. Of two who end it, one is told so: a step is taken once."""
    with context.store.operating() as work:
        kept = work.one(Session, digest=digest_of(token))
        if kept is None or purpose in _COUNTING or (kept.face, kept.purpose) != (face, purpose):
            return False
        return work.remove(kept)


def end_sessions_of(work: Writing, user_id: int) -> None:
    """Sign a user out everywhere."""
    for kept in work.all(Session, user_id=user_id):
        if kept.purpose not in _COUNTING:
            work.remove(kept)


def remove_ended(work: Writing, at: int) -> None:
    """Forget some of the rows that have ended; every row that is added calls it, so that they never pile up."""
    for kept in work.all(Session, Condition("expires_at", "<=", at), limit=_REMOVED_AT_ONCE):
        work.remove(kept)

"""Signing in: a password, checked so that nobody can guess many."""

import json
from hashlib import sha256

from tieout.domain.people import Face, Session, User
from tieout.services.context import Context, Denied, denied
from tieout.services.people.passwords import password_fits
from tieout.services.people.sessions import WRONG_ATTEMPTS
from tieout.services.people.users import normal_email
from tieout.store.protocols import Scope

PASSWORD = "password"  # noqa: S105 what is guessed, not a password

_MINUTE = 60_000_000
# What may be guessed at: each has a count of its own, so that a right password does not forgive wrong memorable words.
_GUESSED = (PASSWORD, "memorable_word")


def check_password(context: Context, email: str, password: str) -> User | Denied:
    """The user whose address and password these are.

    Refused with credentials_wrong, alike for an unknown address, a wrong password and a disabled user; and with
    account_locked while too many wrong attempts lie inside the window, right password or not.
    """
    with context.store.reading() as view:
        found = view.one(User, email=normal_email(email))
    if found is None:
        password_fits(context.settings, password, "")
        return denied("credentials_wrong")
    if locked := note_attempt(context, found, PASSWORD):
        return locked
    fits, stronger = password_fits(context.settings, password, found.password_hash)
    if not fits or found.disabled_at is not None:
        return denied("credentials_wrong")
    forget_attempts(context, found, PASSWORD)
    if stronger is not None:
        _keep_hash(context, found, stronger)
    return found


def note_attempt(context: Context, user: User, guessed: str) -> Denied | None:
    """Count one attempt, before it is known whether it is right; account_locked where no more are accepted.

    guessed: "password" or "memorable_word". Attempts that come at the same moment are counted one after another: each
    replaces the list that it has read, or reads it again.
    """
    if any(_full(context, _attempts(context, user, each)) for each in _GUESSED):
        return denied("account_locked")
    while True:
        kept = _attempts(context, user, guessed)
        if _full(context, kept):
            return denied("account_locked")
        if _add_attempt(context, user, guessed, kept):
            return None


def forget_attempts(context: Context, user: User, guessed: str) -> None:
    """The attempt was right: the ones before it count no more."""
    with context.store.operating() as work:
        kept = work.one(Session, digest=_row_of(user, guessed))
        if kept is not None:
            work.remove(kept)


def _attempts(context: Context, user: User, guessed: str) -> Session | None:
    with context.store.reading() as view:
        return view.one(Session, digest=_row_of(user, guessed))


def _full(context: Context, kept: Session | None) -> bool:
    return len(_recent(context, kept)) >= context.settings.wrong_attempts_max


def _recent(context: Context, kept: Session | None) -> list[int]:
    """The instants of the attempts inside the window."""
    if kept is None:
        return []
    begin = context.now() - context.settings.wrong_attempts_minutes * _MINUTE
    attempts: list[int] = json.loads(kept.facts)
    return [at for at in attempts if at > begin]


def _add_attempt(context: Context, user: User, guessed: str, kept: Session | None) -> bool:
    """Whether nobody else has counted an attempt since `kept` was read."""
    at = context.now()
    attempts = json.dumps([*_recent(context, kept), at])
    until = at + context.settings.wrong_attempts_minutes * _MINUTE
    with context.store.operating() as work:
        if kept is not None:
            return work.change(kept, facts=attempts, seen_at=at, expires_at=until)
        if work.one(Session, digest=_row_of(user, guessed)) is not None:
            return False
        work.add(
            Session(
                digest=_row_of(user, guessed),
                face=str(Face.DESK),
                purpose=WRONG_ATTEMPTS,
                organisation_id=user.organisation_id,
                user_id=user.id,
                facts=attempts,
                started_at=at,
                seen_at=at,
                expires_at=until,
            )
        )
    return True


def _row_of(user: User, guessed: str) -> bytes:
    return sha256(f"wrong attempts at the {guessed} of user:{user.id}".encode()).digest()


def _keep_hash(context: Context, user: User, stronger: str) -> None:
    """Keep the password under the cost that the settings now ask for."""
    scope = Scope("organisation", user.organisation_id)
    with context.store.writing(scope, f"user:{user.id}", "strengthen_password_hash", context.now()) as work:
        work.change(user, password_hash=stronger)

"""Signing in: a password, checked so that nobody can guess many."""

import json
from hashlib import sha256

from tieout.domain.people import Face, Session, User
from tieout.services.context import Context, Denied, denied
from tieout.services.people.passwords import password_fits
from tieout.services.people.sessions import WRONG_ATTEMPTS, remove_ended
from tieout.services.people.users import normal_email, user_with_email
from tieout.store.errors import Conflict
from tieout.store.protocols import Scope

# What may be guessed at: each has a count of its own, so that a right password does not forgive wrong memorable words.
PASSWORD = "password"  # noqa: S105 the name of what is guessed
MEMORABLE_WORD = "memorable_word"

_MINUTE = 60_000_000


def check_password(context: Context, email: str, password: str) -> User | Denied:
    """The user whose address and password these are.

    Refused with credentials_wrong, alike for an unknown address, a wrong password and a disabled user; and with
    account_locked while too many wrong attempts lie inside the window, right password or not, user or not.
    """
    address = normal_email(email)
    found = user_with_email(context, email)
    if _locked(context, address):
        return denied("account_locked")
    fits, stronger = password_fits(context.settings, password, found.password_hash if found else "")
    if found is None or not fits or found.disabled_at is not None:
        return _note(context, address, PASSWORD) or denied("credentials_wrong")
    if _locked(context, address):  # of many guesses at the same moment, only the first few are listened to
        return denied("account_locked")
    forget_attempts(context, found, PASSWORD)
    if stronger is not None:
        _keep_hash(context, found, stronger)
    return found


def note_attempt(context: Context, user: User, guessed: str) -> Denied | None:
    """Count one attempt before it is known whether it is right; account_locked where no more are accepted.

    guessed: PASSWORD or MEMORABLE_WORD. Call `forget_attempts` when it was right.
    """
    return _note(context, user.email, guessed)


def forget_attempts(context: Context, user: User, guessed: str) -> None:
    """The attempt was right: the ones before it count no more."""
    with context.store.operating() as work:
        kept = work.one(Session, digest=_row_of(user.email, guessed))
        if kept is not None:
            work.remove(kept)


def _note(context: Context, address: str, guessed: str) -> Denied | None:
    """`note_attempt` for an address.

    Attempts that come at the same moment are counted one after another: each replaces the list that it has read, or
    reads it again.
    """
    while True:
        kept = _attempts(context, address, guessed)
        if _full(context, kept):
            return denied("account_locked")
        if _add_attempt(context, address, guessed, kept):
            return None


def _locked(context: Context, address: str) -> bool:
    return any(_full(context, _attempts(context, address, each)) for each in (PASSWORD, MEMORABLE_WORD))


def _attempts(context: Context, address: str, guessed: str) -> Session | None:
    with context.store.reading() as view:
        return view.one(Session, digest=_row_of(address, guessed))


def _full(context: Context, kept: Session | None) -> bool:
    return len(_recent(context, kept)) >= context.settings.wrong_attempts_max


def _recent(context: Context, kept: Session | None) -> list[int]:
    """The instants of the attempts inside the window."""
    if kept is None:
        return []
    begin = context.now() - context.settings.wrong_attempts_minutes * _MINUTE
    attempts: list[int] = json.loads(kept.facts)
    return [at for at in attempts if at > begin]


def _add_attempt(context: Context, address: str, guessed: str, kept: Session | None) -> bool:
    """Whether nobody else has counted an attempt since `kept` was read."""
    at = context.now()
    attempts = json.dumps([*_recent(context, kept), at])
    until = at + context.settings.wrong_attempts_minutes * _MINUTE
    try:
        with context.store.operating() as work:
            if kept is not None:
                return work.change(kept, facts=attempts, seen_at=at, expires_at=until)
            work.add(_counting(address, guessed, attempts, at, until))
            remove_ended(work, at)
    except Conflict:
        return False
    return True


def _counting(address: str, guessed: str, attempts: str, at: int, until: int) -> Session:
    """The row that counts attempts: it belongs to an address, of a user or not, and lets nobody in."""
    return Session(
        digest=_row_of(address, guessed),
        face=str(Face.DESK),
        purpose=WRONG_ATTEMPTS,
        organisation_id=0,
        user_id=0,
        facts=attempts,
        started_at=at,
        seen_at=at,
        expires_at=until,
    )


def _row_of(address: str, guessed: str) -> bytes:
    return sha256(f"wrong attempts at the {guessed} of {address}".encode(errors="surrogatepass")).digest()


def _keep_hash(context: Context, user: User, stronger: str) -> None:
    """Keep the password under the cost that the settings now ask for."""
    scope = Scope("organisation", user.organisation_id)
    with context.store.writing(scope, f"user:{user.id}", "strengthen_password_hash", context.now()) as work:
        work.change(user, password_hash=stronger)

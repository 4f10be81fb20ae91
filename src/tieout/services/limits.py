"""How often a credential may call: so many times in every sliding minute, not at all while it is locked for misuse.

Calls are rows, so that processes of one database keep a limit together. A log has as many places as calls are allowed
in its window, and a call takes the place of the one that lies longest ago: only when that one lies a whole window back.
So every place is taken at most once in any window, wherever the window begins, and no lock is held: of two processes
that take one place, the second finds it changed and looks again.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, TypeVar

from tieout.domain.work import CallMade, CredentialBlock, UsageDay
from tieout.services.context import Context
from tieout.store.errors import Conflict
from tieout.store.protocols import Condition, Order, Writing

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

# Koncili's page on its black list: 500 faulty calls in an hour lock for an hour, 1,000 calls meanwhile lock for good.
FAULTY_MAX = 500
LOCKED_CALLS_MAX = 1_000

# The log of faulty calls; no endpoint has such a name.
FAULTY = "(faulty)"
_DAY = 24 * HOUR

Told = TypeVar("Told")


class Allowed(NamedTuple):
    """The call is answered."""


class TooMany(NamedTuple):
    """The call comes too early."""

    retry_after_seconds: (
        int  # whoever waits for so long is let through, unless another of the same credential was first
    )


class Locked(NamedTuple):
    """The credential is locked for misuse."""

    until: int | None  # None: until somebody unblocks it
    retry_after_seconds: int | None


Taken: TypeAlias = Allowed | TooMany | Locked


class Caller(NamedTuple):
    """Who calls what."""

    organisation_id: int
    credential: str  # "user:7": everybody signs in as often as they like, and has one limit
    endpoint: str


def credential_of(user_id: int) -> str:
    """The credential of a user, whatever tokens it holds."""
    return f"user:{user_id}"


def take_call(context: Context, organisation_id: int, credential: str, endpoint: str, per_minute: int | None) -> Taken:
    """Whether a call may be answered now; it is counted, and so is one that may not.

    per_minute: how many are answered in any 60 seconds; None for an endpoint without a limit. Only calls that are
    answered take part of it, so that whoever waits as told gets through. Every 429 counts as a faulty call.
    Where the process's `call_limits` are off, every call may be answered and none is counted.
    """
    if context.settings.call_limits == "off":
        return Allowed()
    caller = Caller(organisation_id, credential, endpoint)
    return _settled(context, lambda work: _taken(work, caller, per_minute, context.now()))


def seconds_to_wait(
    context: Context, organisation_id: int, credential: str, endpoint: str, per_minute: int
) -> int | None:
    """How long a call of ours to somebody who limits us must wait; None where it may be made now, and is counted.

    The side of whoever calls: nothing is a fault, nobody is locked, and no usage is kept.
    """
    if context.settings.call_limits == "off":
        return None
    caller = Caller(organisation_id, credential, endpoint)

    def free_at(work: Writing) -> tuple[int | None, int]:
        at = context.now()
        return _free_at(work, caller, per_minute, MINUTE, at), at

    free, at = _settled(context, free_at)
    return None if free is None else _seconds(free - at)


def note_answer(context: Context, organisation_id: int, credential: str, endpoint: str, status: int) -> None:
    """Count an answer that was faulty, 400 to 499; the 500th of an hour locks the credential for the next hour."""
    if 400 <= status < 500 and context.settings.call_limits != "off":
        caller = Caller(organisation_id, credential, endpoint)
        _settled(context, lambda work: _faulty(work, caller, context.now()))


def _settled(context: Context, count: Callable[[Writing], Told]) -> Told:
    """What counting gives, done again where another process counted at the same moment."""
    while True:
        try:
            with context.store.operating() as work:
                return count(work)
        except Conflict:
            continue


def _taken(work: Writing, caller: Caller, per_minute: int | None, at: int) -> Taken:
    locked = _locked(work, caller, at)
    if locked is not None:
        _add_usage(work, caller, at, calls=1, blocked=1)
        return locked
    free_at = None if per_minute is None else _free_at(work, caller, per_minute, MINUTE, at)
    if free_at is None:
        _add_usage(work, caller, at, calls=1)
        return Allowed()
    _add_usage(work, caller, at, calls=1, refused=1, faulty=1)
    _note_faulty(work, caller, at)
    return TooMany(_seconds(free_at - at))


def _faulty(work: Writing, caller: Caller, at: int) -> None:
    _add_usage(work, caller, at, faulty=1)
    _note_faulty(work, caller, at)


def _locked(work: Writing, caller: Caller, at: int) -> Locked | None:
    """The lock that a call runs into; calls while it lasts are counted, and a thousand make it last for good."""
    kept = work.one(CredentialBlock, credential=caller.credential)
    if kept is None:
        return None
    if kept.until is not None and at >= kept.until:
        _require(work.remove(kept))
        return None
    asked = kept.asked + 1
    until = None if asked >= LOCKED_CALLS_MAX else kept.until
    _require(work.change(kept, asked=asked, until=until))
    return Locked(until, None if until is None else _seconds(until - at))


def _note_faulty(work: Writing, caller: Caller, at: int) -> None:
    faulty = caller._replace(endpoint=FAULTY)
    _free_at(work, faulty, FAULTY_MAX, HOUR, at)
    recent = work.count(
        CallMade, Condition("at", ">", at - HOUR), credential=faulty.credential, endpoint=faulty.endpoint
    )
    if recent < FAULTY_MAX or work.one(CredentialBlock, credential=caller.credential) is not None:
        return
    work.add(
        CredentialBlock(
            organisation_id=caller.organisation_id,
            credential=caller.credential,
            since=at,
            until=at + HOUR,
            asked=0,
        )
    )


def _free_at(work: Writing, caller: Caller, places: int, window: int, at: int) -> int | None:
    """When a place of the log is free; None where one is, which this call has taken now. Raises Conflict."""
    kept = work.count(CallMade, credential=caller.credential, endpoint=caller.endpoint)
    if kept < places:
        work.add(CallMade(credential=caller.credential, endpoint=caller.endpoint, at=at, number=kept + 1))
        return None
    (oldest,) = work.all(
        CallMade,
        order=(Order("at"), Order("number")),
        limit=1,
        credential=caller.credential,
        endpoint=caller.endpoint,
    )
    if at < oldest.at + window:
        return oldest.at + window
    _require(work.change(oldest, at=at))
    return None


def _add_usage(
    work: Writing, caller: Caller, at: int, *, calls: int = 0, refused: int = 0, faulty: int = 0, blocked: int = 0
) -> None:
    on_day = at // _DAY
    kept = work.one(
        UsageDay,
        organisation_id=caller.organisation_id,
        credential=caller.credential,
        endpoint=caller.endpoint,
        on_day=on_day,
    )
    if kept is None:
        work.add(
            UsageDay(**caller._asdict(), on_day=on_day, calls=calls, refused=refused, faulty=faulty, blocked=blocked)
        )
        return
    _require(
        work.change(
            kept,
            calls=kept.calls + calls,
            refused=kept.refused + refused,
            faulty=kept.faulty + faulty,
            blocked=kept.blocked + blocked,
        )
    )


def _require(changed: bool) -> None:
    """Pass when the row was still as it was read. Raises Conflict."""
    if not changed:
        raise Conflict("the row was changed by another process meanwhile")


def _seconds(microseconds: int) -> int:
    """Whole seconds, rounded up, at least one."""
    return max(1, -(-microseconds // SECOND))

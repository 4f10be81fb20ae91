"""One effect for one Idempotency-Key: the answer is kept in the transaction of its effect, and given again.

A key is claimed in a transaction of its own before the work begins, so that a second request sees that the first is
still running. The work's own transaction then turns the claim into the answer, only if the claim still stands: whoever
lost it (because it took longer than the lease) leaves nothing behind.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Final, NamedTuple, TypeAlias

from tieout.domain.audit import RequestKept
from tieout.services.context import Context
from tieout.services.held_store import HeldStore
from tieout.store.protocols import Condition

# Claims have this status; answers of HTTP begin at 100.
_RUNNING: Final = 0
KEPT_MICROSECONDS: Final = 24 * 3_600_000_000
# A claim older than this belongs to a process that died.
LEASE_MICROSECONDS: Final = 600_000_000
RETRY_AFTER_SECONDS: Final = 1
# One sweep forgets at most this many, so that it never holds the store for long.
_FORGOTTEN_AT_ONCE: Final = 500


class Kept(NamedTuple):
    """An answer as it was given."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class FieldsDiffer(NamedTuple):
    """The key was used for another request; these top-level fields of it differ."""

    names: tuple[str, ...]


class StillRunning(NamedTuple):
    """The first request with this key has not been answered yet."""

    retry_after_seconds: int


Outcome: TypeAlias = Kept | FieldsDiffer | StillRunning


class Request(NamedTuple):
    """What a key is used for."""

    principal: str
    route: str  # method and path
    key: str
    fields: Mapping[str, bytes]  # the request's top-level fields as they were sent


def once(context: Context, request: Request, work: Callable[[Context], Kept]) -> Outcome:
    """The answer of `work`, run for this key at most once in 24 hours.

    work: does its effect through the context that it is handed. An answer of 500 or above, and an exception, leave
    neither effect nor key behind.
    """
    digests = json.dumps(
        {name: hashlib.sha256(field).hexdigest() for name, field in request.fields.items()}, sort_keys=True
    )
    claimed = _claim(context, request, digests)
    if not isinstance(claimed, RequestKept):
        return claimed
    held = HeldStore(context.store)
    with ExitStack() as otherwise:
        otherwise.callback(_release, context, claimed)
        otherwise.callback(held.abandon)
        kept = work(replace(context, store=held))
        if kept.status >= 500:
            return kept
        if kept.status >= 400:
            held.abandon()
        stands = held.keep(lambda operational: operational.change(claimed, **_columns(kept)))
        otherwise.pop_all()
        return kept if stands else StillRunning(RETRY_AFTER_SECONDS)


def forget_old_answers(context: Context) -> int:
    """Remove answers older than 24 hours, some hundred at a time; how many went."""
    with context.store.operating() as work:
        ended = Condition("at", "<", context.now() - KEPT_MICROSECONDS)
        old = work.all(RequestKept, ended, limit=_FORGOTTEN_AT_ONCE)
        return sum(work.remove(each) for each in old)


def _claim(context: Context, request: Request, digests: str) -> RequestKept | Outcome:
    """The claim, or the answer that another request left or will leave."""
    at = context.now()
    claim = RequestKept(
        principal=request.principal,
        route=request.route,
        key=request.key,
        fields=digests,
        status=_RUNNING,
        body=b"",
        headers="{}",
        at=at,
    )
    with context.store.operating() as work:
        found = work.one(RequestKept, principal=claim.principal, route=claim.route, key=claim.key)
        if found is None:
            work.add(claim)
            return claim
        lasts = LEASE_MICROSECONDS if found.status == _RUNNING else KEPT_MICROSECONDS
        if at - found.at >= lasts:
            taken = work.change(found, fields=digests, status=_RUNNING, body=b"", headers="{}", at=at)
            return claim if taken else StillRunning(RETRY_AFTER_SECONDS)
    if found.fields != digests:
        return FieldsDiffer(_differing(found.fields, digests))
    if found.status == _RUNNING:
        return StillRunning(RETRY_AFTER_SECONDS)
    return Kept(found.status, found.body, json.loads(found.headers))


def _differing(before: str, now: str) -> tuple[str, ...]:
    one: dict[str, str] = json.loads(before)
    other: dict[str, str] = json.loads(now)
    return tuple(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name)))


def _columns(kept: Kept) -> dict[str, int | bytes | str]:
    return {"status": kept.status, "body": kept.body, "headers": json.dumps(dict(kept.headers), sort_keys=True)}


def _release(context: Context, claimed: RequestKept) -> None:
    """Take back a claim that is still ours."""
    with context.store.operating() as work:
        if work.one(RequestKept, principal=claimed.principal, route=claimed.route, key=claimed.key) == claimed:
            work.remove(claimed)

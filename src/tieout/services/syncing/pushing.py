"""Sending what the outbox holds: noted as sent before the call, settled after it, no call inside a transaction.

Whoever finds an intent `sent` when a job begins knows that its worker is gone and that the outcome is open: the
platform is asked by the intent's key, again and again, and only what it says ends that. What a platform says of a push
is itself checked by that key: a success of which nothing is there was none, and a refusal of what is there was one.
"""

import json
from typing import Any, Literal, NamedTuple

from tieout.contracts.platform import PlatformFault, PlatformSession, Pushed
from tieout.domain.connections import Connection, ConnectionStatus, Intent, SyncedRecord, SyncStatus
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.job_holds import Again, Later, require_held
from tieout.services.syncing.composing import composed
from tieout.services.syncing.connection_rows import actor_of, never_looked_at
from tieout.services.syncing.opening import opened_platform
from tieout.services.syncing.outbox import queue_push
from tieout.services.syncing.settling import (
    deauthorise,
    settle_done,
    settle_error,
    settle_unknown,
    settle_waiting,
)
from tieout.store.protocols import Condition, Reading, Scope, Writing

# A working day of an hour each, behind the first short ones: who repairs a platform needs no longer.
ATTEMPTS_MAX = 20
# What another push has to do first is done within seconds, or not at all.
_WAIT_SECONDS = 5


class _Parcel(NamedTuple):
    """An intent with what it is about, as one transaction saw them."""

    intent: Intent
    record: SyncedRecord
    connection: Connection


class _Outcome(NamedTuple):
    """What is known of a push: it is there, it was declined, nothing is there, or nobody can say."""

    kind: Literal["done", "refused", "nothing", "unknown"]
    told: str
    pushed: Pushed | None = None
    retry_after: int | None = None
    unauthorised: bool = False


def run_push(context: Context, job: Job) -> str:
    """Send one intent, or find out what became of it; the state of its record as JSON text.

    Raises Again where the platform cannot be reached or its answer leaves the outcome open, Later where another object
    has to be there first, and LeaseLost.
    """
    with context.store.reading() as view:
        parcel = _parcel(view, job)
    if (answer := _over(parcel)) is not None:
        return answer
    outcome: _Outcome | str | None = None
    try:
        with opened_platform(context, parcel.connection) as session:
            outcome = _sent(context, job, parcel, session)
    except PlatformFault as fault:
        if outcome is None:
            outcome = _not_opened(parcel, fault)
    return outcome if isinstance(outcome, str) else _written(context, job, parcel.connection, outcome)


def _not_opened(parcel: _Parcel, fault: PlatformFault) -> _Outcome:
    """What is known where no session came to be: nothing happened now, and what was sent before stays open."""
    kind: Literal["nothing", "unknown"] = "nothing" if parcel.intent.state == "pending" else "unknown"
    return _Outcome(kind, fault.message, None, fault.retry_after, fault.kind == "unauthorised")


def give_up_push(context: Context, job: Job, message: str) -> None:
    """Say of a record whose job ended for good why it was not sent; one whose outcome is open stays so."""
    with context.store.reading() as view:
        parcel = _parcel(view, job)
    now, by = context.now(), actor_of(parcel.connection)
    with context.store.writing(Scope("entity", job.entity_id), by, "give_up_push", now) as work:
        parcel = _parcel(work, job)
        if parcel.intent.state == "pending":
            settle_error(work, parcel.intent, parcel.record, "not_sent", message, now)
        elif parcel.intent.state == "sent":
            settle_unknown(work, parcel.intent, parcel.record, message, now)


def requeue_live(work: Writing, connection: Connection, now: int, by: str) -> int:
    """See to it that everything that waits or is open has a job; how much that is."""
    states = Condition("state", "in", ("pending", "sent", "unknown"))
    live = work.all(Intent, states, entity_id=connection.entity_id, connection_id=connection.id)
    for intent in live:
        queue_push(work, intent, now, by)
    return len(live)


def _parcel(view: Reading, job: Job) -> _Parcel:
    intent = view.one(Intent, entity_id=job.entity_id, id=json.loads(job.request)["intent"])
    assert intent is not None, "intents are not removed"
    record = view.one(SyncedRecord, entity_id=job.entity_id, id=intent.record_id)
    assert record is not None, "records are not removed"
    connection = view.one(Connection, entity_id=job.entity_id, id=intent.connection_id)
    assert connection is not None, "connections are not removed"
    return _Parcel(intent, record, connection)


def _over(parcel: _Parcel) -> str | None:
    """The answer of a job that has nothing to do; None where it has."""
    if parcel.intent.state in ("done", "error", "cancelled") or parcel.connection.status != ConnectionStatus.CONNECTED:
        return json.dumps({"record": parcel.record.status, "connection": parcel.connection.status})
    return None


def _sent(context: Context, job: Job, parcel: _Parcel, session: PlatformSession) -> _Outcome | str:
    """What is known after asking or sending; a text where there was nothing to send."""
    if parcel.intent.state != "pending":
        outcome = _asked(parcel, session)
        if outcome.kind != "nothing":
            return outcome
        # It is certain that nothing is there, so it is sent once more, under the same key.
        _write_waiting(context, job, parcel.connection, outcome.told)
    body = _noted_sent(context, job, parcel.connection)
    if isinstance(body, str):
        return body
    try:
        session.push(parcel.record.object_type, parcel.intent.key, body)
    except PlatformFault as fault:
        return _after_fault(parcel, session, fault)
    return _asked(parcel, session)


def _after_fault(parcel: _Parcel, session: PlatformSession, fault: PlatformFault) -> _Outcome:
    unauthorised = fault.kind == "unauthorised"
    if unauthorised or fault.kind in ("unavailable", "settings"):
        return _Outcome("nothing", fault.message, None, fault.retry_after, unauthorised)
    found = _asked(parcel, session)
    if found.kind == "done":
        return found
    if fault.kind == "refused" and found.kind == "nothing":
        return _Outcome("refused", fault.message)
    # What is not there now may still be on its way: it is asked for again before anything is sent again.
    return _Outcome("unknown", fault.message, None, fault.retry_after, found.unauthorised)


def _asked(parcel: _Parcel, session: PlatformSession) -> _Outcome:
    """What the platform has under the key."""
    try:
        found = session.find(parcel.record.object_type, parcel.intent.key)
    except PlatformFault as fault:
        told = f"asked what became of it: {fault.message}"
        return _Outcome("unknown", told, None, fault.retry_after, fault.kind == "unauthorised")
    if found is None:
        return _Outcome("nothing", "the platform says that it has nothing under this key")
    return _Outcome("done", "found under its key", found)


def _noted_sent(context: Context, job: Job, connection: Connection) -> dict[str, Any] | str:
    """The body that is sent now, noted before it is; or the answer of a job that has nothing to send.

    Raises Later where something else has to be there first, and LeaseLost.
    """
    now = context.now()
    with context.store.writing(Scope("entity", job.entity_id), actor_of(connection), "send", now) as work:
        require_held(work, job)
        parcel = _parcel(work, job)
        if (answer := _over(parcel)) is not None:
            return answer
        if never_looked_at(parcel.connection):
            raise Later("the first pull has to tell which tax rates, customers and vendors there are", _WAIT_SECONDS)
        kept = json.loads(parcel.intent.body or "{}")
        found = composed(work, parcel.connection, parcel.record, kept.get("draft") or {})
        if found.waits:
            raise Later(found.message, _WAIT_SECONDS)
        if found.body is None:
            settle_error(work, parcel.intent, parcel.record, found.code, found.message, now)
            return json.dumps({"record": str(SyncStatus.ERROR)})
        text = json.dumps({**kept, "sent": found.body}, ensure_ascii=False, sort_keys=True)
        work.change(parcel.intent, state="sent", sent_at=now, body=text)
        return dict(found.body)


def _write_waiting(context: Context, job: Job, connection: Connection, evidence: str) -> None:
    now = context.now()
    with context.store.writing(Scope("entity", job.entity_id), actor_of(connection), "settle", now) as work:
        require_held(work, job)
        parcel = _parcel(work, job)
        if parcel.intent.state in ("sent", "unknown"):
            settle_waiting(work, parcel.intent, parcel.record, evidence, now)


def _written(context: Context, job: Job, connection: Connection, outcome: _Outcome) -> str:
    """Write an outcome down. Raises Again where the job has to come back, and LeaseLost."""
    now = context.now()
    with context.store.writing(Scope("entity", job.entity_id), actor_of(connection), "settle", now) as work:
        require_held(work, job)
        parcel = _parcel(work, job)
        if outcome.unauthorised and parcel.connection.status == ConnectionStatus.CONNECTED:
            deauthorise(work, parcel.connection, outcome.told, now)
        if parcel.intent.state in ("pending", "sent", "unknown"):
            _settle(work, parcel, outcome, now)
        status = _parcel(work, job).record.status
    if status in (SyncStatus.PENDING, SyncStatus.UNKNOWN) and not outcome.unauthorised:
        raise Again(outcome.told, outcome.retry_after)
    return json.dumps({"record": status})


def _settle(work: Writing, parcel: _Parcel, outcome: _Outcome, now: int) -> None:
    intent, record, _ = parcel
    if outcome.pushed is not None:
        settle_done(work, intent, record, outcome.pushed, outcome.told, now)
    elif outcome.kind == "refused":
        settle_error(work, intent, record, "refused", outcome.told, now)
    elif outcome.kind == "unknown":
        settle_unknown(work, intent, record, outcome.told, now)
    elif intent.state != "pending":
        settle_waiting(work, intent, record, outcome.told, now)

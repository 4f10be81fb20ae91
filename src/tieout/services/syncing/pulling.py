"""Pulling from a platform: each type of object from where it ended last, then what was edited or deleted meanwhile.

Every page is one transaction with the cursor that it moves, under the hold of its job: killed anywhere, the next run
goes on behind the last whole page. A fault in one type of object does not cost the others; it is told on the
connection, and the schedule goes on.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tieout.contracts.platform import PlatformFault, PlatformSession, Pulled, SpanSum
from tieout.domain.connections import Connection, ConnectionStatus, SyncCursor, SyncedRecord, SyncStatus
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.job_holds import Again, keep_hold, require_held
from tieout.services.syncing.connection_rows import actor_of, errors_text, shown_instant
from tieout.services.syncing.inheriting import inherit
from tieout.services.syncing.opening import opened_platform
from tieout.services.syncing.pulling_jobs import keep_schedule
from tieout.services.syncing.pushing import requeue_live
from tieout.services.syncing.settling import deauthorise
from tieout.services.syncing.taking import NOT_TAKEN, Taking
from tieout.services.syncing.walking import pages_of
from tieout.services.syncing.windows import (
    ACCOUNTS,
    VANISHED,
    accounts_read,
    changed_spans,
    is_posting,
    keep_windows,
    not_seen,
    still_there,
    vanished_at_once,
    windows_of,
)
from tieout.store.protocols import Condition, Order, Scope, Writing

# The schedule asks again anyway; within one run a platform that is away gets some minutes.
ATTEMPTS_MAX = 5
_RECORDS_AT_ONCE = 200


class Vanished(PlatformFault):
    """Most of what was there is gone: what else the platform shows is not believed either, before it is seen again."""


class _Run:
    """One pull of one connection."""

    def __init__(self, context: Context, job: Job, connection: Connection) -> None:
        self.context, self.job, self.connection = context, job, connection
        self.counts: Counter[str] = Counter()
        self.faults: list[PlatformFault] = []

    def writing(self, action: str, change: Callable[[Writing, Connection], None]) -> None:
        """One transaction under the hold of the job, while the connection stands. Raises LeaseLost."""
        scope = Scope("entity", self.connection.entity_id)
        with self.context.store.writing(scope, actor_of(self.connection), action, self.context.now()) as work:
            require_held(work, self.job)
            now = work.one(Connection, entity_id=self.connection.entity_id, id=self.connection.id)
            assert now is not None, "connections are not removed"
            if now.status != ConnectionStatus.CONNECTED:
                raise PlatformFault("refused", f"the connection is {now.status}")
            change(work, now)

    def take(self, object_type: str, objects: Sequence[Pulled], cursor: str | None) -> None:
        """Take objects in, and move the cursor behind them, in one transaction; None leaves the cursor."""

        def change(work: Writing, connection: Connection) -> None:
            for each, count in Taking(self.context, work, connection).take(objects).items():
                self.counts[f"{object_type} {each}"] += count
            if cursor is not None:
                _move(work, connection, object_type, cursor, self.context.now())

        self.writing("pull", change)
        keep_hold(self.context, self.job, done=sum(self.counts.values()))


def run_pull(context: Context, job: Job) -> str:
    """Pull everything of a connection; what became of it as JSON text.

    Raises Again where the platform cannot be reached, and LeaseLost.
    """
    with context.store.reading() as view:
        wanted = json.loads(job.request)["connection"]
        connection = view.one(Connection, entity_id=job.entity_id, id=wanted)
    if connection is None or connection.status != ConnectionStatus.CONNECTED:
        return json.dumps({"connection": connection.status if connection else "removed"})
    run = _Run(context, job, connection)
    inherit(context, job, connection)
    try:
        with opened_platform(context, connection) as session:
            for object_type in context.platforms()[connection.platform].PULLS:
                _pull_type(run, session, object_type)
                if run.faults and _ends_it(run.faults[-1]):
                    break
    except PlatformFault as fault:
        run.faults.append(fault)
    return _ended(run)


def _ends_it(fault: PlatformFault) -> bool:
    """Whether the other types of object are not worth asking for after this."""
    return isinstance(fault, Vanished) or fault.kind in ("unauthorised", "unavailable", "settings")


def give_up_pull(context: Context, job: Job, message: str) -> None:
    """Say on the connection why its pull ended for good; the schedule goes on."""
    with context.store.reading() as view:
        wanted = json.loads(job.request)["connection"]
        connection = view.one(Connection, entity_id=job.entity_id, id=wanted)
    assert connection is not None, "connections are not removed"
    now, by = context.now(), actor_of(connection)
    with context.store.writing(Scope("entity", job.entity_id), by, "give_up_pull", now) as work:
        found = work.one(Connection, entity_id=job.entity_id, id=connection.id)
        assert found is not None, "connections are not removed"
        if found.status == ConnectionStatus.CONNECTED:
            work.change(found, errors=errors_text([message]), updated_at=shown_instant(now))


def _pull_type(run: _Run, session: PlatformSession, object_type: str) -> None:
    """All of one type of object; its fault is kept, and the next type goes on."""
    try:
        _pull(run, session, object_type)
    except PlatformFault as fault:
        run.faults.append(fault)


def _pull(run: _Run, session: PlatformSession, object_type: str) -> None:
    with run.context.store.reading() as view:
        key: dict[str, Any] = {"entity_id": run.connection.entity_id, "connection_id": run.connection.id}
        kept = view.one(SyncCursor, object_type=object_type, **key)
        before = windows_of(view, run.connection, object_type)
        accounts = accounts_read(view, run.connection)
        had = view.count(SyncedRecord, Condition("platform_object_id", "!=", ""), object_type=object_type, **key)
    # Looked at before reading: what changes meanwhile is noticed the next time.
    spans = dict(session.spans(object_type))
    seen: set[str] = set()
    for page in pages_of(session, object_type, kept.cursor if kept else ""):
        run.take(object_type, page.objects, page.cursor)
        seen.update(each.platform_object_id for each in page.objects)
    others = is_posting(object_type) and before.get(ACCOUNTS) != accounts
    changed = changed_spans(before, spans)
    if kept is None:
        # From the first object on: everything was just read.
        _compare(run, session, object_type, spans, changed, seen, known=had)
    elif changed or others:
        for page in pages_of(session, object_type, ""):
            run.take(object_type, page.objects, None)
            seen.update(each.platform_object_id for each in page.objects)
        _compare(run, session, object_type, spans, changed, seen, known=had)
    looked = {**spans, ACCOUNTS: accounts} if is_posting(object_type) else spans
    run.writing("look", lambda work, now: keep_windows(work, now, object_type, looked, run.context.now()))


def _compare(
    run: _Run,
    session: PlatformSession,
    object_type: str,
    spans: dict[str, SpanSum],
    changed: Sequence[str],
    seen: set[str],
    *,
    known: int,
) -> None:
    """Let go what a whole reading no longer shows, where the platform can tell. Raises PlatformFault."""
    if not spans and not changed:
        return
    seen |= still_there(session, object_type, changed, spans, seen)
    with run.context.store.reading() as view:
        gone = not_seen(view, run.connection, object_type, seen)
        waited = windows_of(view, run.connection, object_type).get(VANISHED)
    vanished = vanished_at_once(object_type, gone, known)
    if vanished is not None and vanished != waited:
        kept, looked_at = {VANISHED: vanished}, run.context.now()
        run.writing("look", lambda work, now: keep_windows(work, now, object_type, kept, looked_at, whole=False))
        told = f"{vanished.objects} of {known} {object_type}s are gone at once: nothing was deleted here yet"
        raise Vanished("malformed", f"{told}; sync once more if they really are")
    for place in range(0, len(gone), _RECORDS_AT_ONCE):
        _drop(run, gone[place : place + _RECORDS_AT_ONCE])
    run.counts[f"{object_type} gone"] += len(gone)


def _drop(run: _Run, gone: Sequence[SyncedRecord]) -> None:
    def change(work: Writing, connection: Connection) -> None:
        taking = Taking(run.context, work, connection)
        for record in gone:
            taking.drop(record)

    run.writing("pull", change)


def _move(work: Writing, connection: Connection, object_type: str, cursor: str, now: int) -> None:
    kept = work.one(
        SyncCursor, entity_id=connection.entity_id, connection_id=connection.id, object_type=str(object_type)
    )
    if kept is not None:
        work.change(kept, cursor=cursor, moved_at=now)
        return
    work.add(
        SyncCursor(
            entity_id=connection.entity_id,
            connection_id=connection.id,
            object_type=str(object_type),
            cursor=cursor,
            moved_at=now,
        )
    )


def _try_again(run: _Run) -> None:
    """Take in what could not be taken before: its period may be open now."""
    after = 0
    while True:
        with run.context.store.reading() as view:
            waiting = view.all(
                SyncedRecord,
                Condition("id", ">", after),
                Condition("platform_object_id", "!=", ""),
                order=(Order("id"),),
                limit=_RECORDS_AT_ONCE,
                entity_id=run.connection.entity_id,
                connection_id=run.connection.id,
                status=str(SyncStatus.ERROR),
            )
        if not waiting:
            return
        after = waiting[-1].id
        _take_again(run, [record for record in waiting if json.loads(record.errors).get("code") == NOT_TAKEN])


def _take_again(run: _Run, records: Sequence[SyncedRecord]) -> None:
    def change(work: Writing, connection: Connection) -> None:
        taking = Taking(run.context, work, connection)
        for record in records:
            if record.gone:
                taking.drop(record)
            else:
                run.counts[f"{record.object_type} taken later"] += taking.take_again(record)

    if records:
        run.writing("pull", change)


def _ended(run: _Run) -> str:
    """Write down how the pull ended. Raises Again where it should go on soon."""
    fatal = next((fault for fault in run.faults if fault.kind in ("unauthorised", "unavailable")), None)
    # A file that cannot be read is a fault of each type that it holds: once is enough to be told.
    told = list(dict.fromkeys(fault.message for fault in run.faults))
    at = shown_instant(run.context.now())

    def change(work: Writing, connection: Connection) -> None:
        if fatal is not None and fatal.kind == "unauthorised":
            deauthorise(work, connection, fatal.message, run.context.now())
            return
        pulled_at = connection.last_pull_at if told else at
        work.change(connection, errors=errors_text(told), last_pull_at=pulled_at, updated_at=at)
        requeue_live(work, connection, run.context.now(), actor_of(connection))
        keep_schedule(work, connection, run.context.now(), actor_of(connection))

    try:
        if fatal is None:
            _try_again(run)
        run.writing("pulled", change)
    except PlatformFault as ended:
        told.append(ended.message)
    if fatal is not None and fatal.kind == "unavailable":
        raise Again(fatal.message, fatal.retry_after)
    return json.dumps({"objects": dict(sorted(run.counts.items())), "errors": told}, ensure_ascii=False)

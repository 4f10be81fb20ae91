"""The worker's side of jobs: claim them under a lease, keep the lease, give them back, end them.

Every claim takes the next number as its fence. What a worker writes of a job it writes only while the row is running
under that very fence; whoever lost a job notices it here, and nothing of the row changes.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.job_holds import lease_length
from tieout.store.errors import Conflict
from tieout.store.protocols import Condition, Order, Scalar, Writing

_SECOND = 1_000_000
_OLDEST_DUE = (Order("due_at"), Order("id"))
_LONGEST_GONE = (Order("lease_until"), Order("id"))
_BY_ID = (Order("id"),)
# A job whose key is running elsewhere is looked at again after this long.
_PUT_OFF = _SECOND
# Between looking for a job of the same key and taking its place, another may be queued; hardly so often.
_TRIES_MAX = 5
# Whoever queued a job asks for its answer sooner, or not at all.
_KEPT = 30 * 24 * 3600 * _SECOND
_FORGOTTEN_AT_ONCE = 1_000


Done = TypeVar("Done")


class Ended(NamedTuple):
    """How a job ended, or that it waits again; `values` are what its row says from now on."""

    job: Job
    values: Mapping[str, Scalar]


def jobs_wait(context: Context) -> bool:
    """Whether a job is due, or its worker is gone: asked before a claim, which on SQLite keeps writers waiting."""
    now = context.now()
    with context.store.glancing() as view:
        due = view.all(Job, Condition("due_at", "<=", now), order=_OLDEST_DUE, limit=1, state="queued")
        gone = Condition("lease_until", "<", now)
        return bool(due or view.all(Job, gone, order=_LONGEST_GONE, limit=1, state="running"))


def claim_jobs(context: Context, worker: str, count: int, lease_seconds: Callable[[str], int]) -> list[Job]:
    """At most `count` jobs, now running: those that are due, oldest first, before them those whose worker is gone.

    Each counts one attempt more. lease_seconds: by kind, for how long a job is held. Several workers never get the same
    one: rows that another is claiming are left out.
    """
    now = context.now()
    with context.store.operating() as work:
        lost = Condition("lease_until", "<", now)
        gone = work.lock(Job, lost, order=_LONGEST_GONE, limit=count, wait=False, state="running")
        due = Condition("due_at", "<=", now)
        waiting = work.lock(Job, due, order=_OLDEST_DUE, limit=count, wait=False, state="queued")
        free = [*gone, *_apart(work, waiting, now)][:count]
        return [_claimed(work, each, worker, now, lease_seconds(each.kind)) for each in free]


def _apart(work: Writing, waiting: Sequence[Job], now: int) -> list[Job]:
    """Those whose key no running job has; the others are put off, so that they do not stand in the way."""
    keys = sorted({each.joined_by for each in waiting} - {""})
    if not keys:
        return [*waiting]
    running = work.all(Job, Condition("joined_by", "in", keys), state="running")
    taken = {each.joined_by for each in running}
    for each in waiting:
        if each.joined_by in taken:
            work.change(each, due_at=now + _PUT_OFF)
    return [each for each in waiting if each.joined_by not in taken]


def _claimed(work: Writing, free: Job, worker: str, now: int, lease_seconds: int) -> Job:
    values: dict[str, Scalar] = {
        "state": "running",
        "attempts": free.attempts + 1,
        "fence": free.fence + 1,
        "started_at": now,
        "lease_until": now + lease_seconds * _SECOND,
        "worker": worker,
    }
    changed = work.change(free, **values)
    assert changed, "the row is locked"
    return replace(free, **values)  # type: ignore[arg-type]


def extend_leases(context: Context, running: Iterable[Job]) -> None:
    """Hold these jobs for as long again, those that this worker still holds.

    A row that is locked belongs to the effect of its job, which is being written: nobody can claim it then.
    """
    by_id = {each.id: each for each in running}
    now = context.now()
    with context.store.operating() as work:
        ids = Condition("id", "in", sorted(by_id))
        for row in work.lock(Job, ids, order=_BY_ID, wait=False, state="running"):
            if row.fence == by_id[row.id].fence:
                work.change(row, lease_until=now + lease_length(by_id[row.id]))


def given_back(job: Job) -> Ended:
    """A claimed job that was not begun: it waits as before, and the claim was no attempt."""
    return Ended(job, {"state": "queued", "attempts": job.attempts - 1, "started_at": None, "worker": ""})


def end_jobs(context: Context, ended: Sequence[Ended]) -> list[Job]:
    """Write how jobs ended; gives back those that this worker no longer held, of which nothing was written."""
    return until_free(lambda: _end_jobs(context, ended))


def until_free(write: Callable[[], Done]) -> Done:
    """What `write` gives, tried again where a job of the same key took its place in the queue in between."""
    for _ in range(_TRIES_MAX - 1):
        try:
            return write()
        except Conflict:
            continue  # it is seen now
    return write()


def _end_jobs(context: Context, ended: Sequence[Ended]) -> list[Job]:
    ids = Condition("id", "in", sorted(each.job.id for each in ended))
    with context.store.operating() as work:
        rows = {row.id: row for row in work.lock(Job, ids, order=_BY_ID)}
        return [each.job for each in ended if not _write_end(work, rows.get(each.job.id), each, context.now())]


def _write_end(work: Writing, row: Job | None, ended: Ended, now: int) -> bool:
    """Whether the worker still held the job, or the job had ended itself together with its effect."""
    if row is None or row.fence != ended.job.fence:
        return False
    if row.state != "running":
        return row.state == "done"
    if ended.values["state"] == "queued":
        take_waiting_in(work, row, now)
    return work.change(row, **{**ended.values, "lease_until": 0})


def take_waiting_in(work: Writing, row: Job, now: int) -> None:
    """End a job of the same key that was queued meanwhile: what it is for is done when `row` runs again."""
    if not row.joined_by:
        return
    for later in work.lock(Job, state="queued", joined_by=row.joined_by):
        work.change(later, state="done", answer=json.dumps({"joined": row.id}), finished_at=now)


def forget_old_jobs(context: Context) -> int:
    """Remove jobs that were done a month ago, some thousand at a time; how many went. Dead letters stay."""
    with context.store.operating() as work:
        ended = Condition("finished_at", "<", context.now() - _KEPT)
        old = work.all(Job, ended, order=_BY_ID, limit=_FORGOTTEN_AT_ONCE, state="done")
        return sum(work.remove(each) for each in old)

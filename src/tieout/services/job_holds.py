"""What a job that runs may do with its own row: keep its hold, tell how far it is, end with its effect, wait.

A worker may stall for longer than its lease and wake up while another has the job. The fence tells: it grows with every
claim, and whoever has a lower one than the row changes nothing any more.
"""

import json

from tieout.domain.work import Job
from tieout.kernel.errors import TieoutError
from tieout.services.context import Context
from tieout.store.protocols import Writing


class Again(TieoutError):
    """A job cannot end now, and may later: its worker gives it back to the queue as long as attempts are left.

    after_seconds: how long the other side asked to wait (Retry-After); None leaves it to the growing waits of the
    worker.
    """

    code = "again"

    def __init__(self, message: str, after_seconds: int | None = None) -> None:
        self.after_seconds = after_seconds
        super().__init__(message)


class Later(TieoutError):
    """A job goes on later, though nothing failed: a limit of calls a minute is reached, say. It counts no attempt."""

    code = "later"

    def __init__(self, message: str, after_seconds: int) -> None:
        self.after_seconds = after_seconds
        super().__init__(message)


class GivenUp(TieoutError):
    """A job cannot end, and no further attempt changes that: it becomes a dead letter with this message."""

    code = "given_up"


class LeaseLost(TieoutError):
    """Another worker has this job by now; whoever held it before changes nothing any more."""

    code = "lease_lost"

    def __init__(self, job: Job) -> None:
        self.job = job
        super().__init__(f"job {job.id} ({job.kind}) is no longer held by {job.worker or 'this worker'}")


def keep_hold(context: Context, job: Job, done: int | None = None, of: int | None = None) -> None:
    """Hold a job for as long again as when it was claimed, and tell how far it is: `done` of `of`, None where unknown.

    It is one small transaction: fit for every page or step, not for every line. The worker keeps the hold of a job that
    runs by itself as long as the process lives; a job calls this to be seen going on, and to notice that it was lost.
    Raises LeaseLost.
    """
    with context.store.operating() as work:
        held = require_held(work, job)
        values = {"lease_until": context.now() + lease_length(job)}
        if done is None and of is None:
            work.change(held, **values)
        else:
            work.change(held, progress=_progress(done, of), **values)


def require_held(work: Writing, job: Job) -> Job:
    """The row of a job that is still held by whoever claimed it as `job`, locked until the transaction ends.

    Called first inside the transaction of a job's effect, so that a worker that stalled changes nothing.
    Raises LeaseLost, which leaves nothing of the transaction.
    """
    rows = work.operational().lock(Job, entity_id=job.entity_id, id=job.id)
    if not rows or rows[0].state != "running" or rows[0].fence != job.fence:
        raise LeaseLost(job)
    return rows[0]


def end_held(work: Writing, job: Job, answer: str, now: int) -> None:
    """End a job inside the transaction of its effect, so that the effect is there exactly when the job is done.

    A job whose effect is not idempotent ends itself so: killed before, it leaves nothing; killed after, it is not run
    again. answer: what `run` gives too. Raises LeaseLost.
    """
    held = require_held(work, job)
    work.operational().change(held, state="done", answer=answer, finished_at=now, lease_until=0, fault="")


def lease_length(job: Job) -> int:
    """For how long a claimed job is held, in microseconds."""
    assert job.started_at is not None, "a job that was claimed has begun"
    return job.lease_until - job.started_at


def _progress(done: int | None, of: int | None) -> str:
    return json.dumps({name: number for name, number in (("done", done), ("of", of)) if number is not None})

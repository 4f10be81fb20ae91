"""Jobs as rows: queued with the change that needs them, claimed by one worker, finished with an answer."""

import json
from collections.abc import Mapping
from dataclasses import replace

from tieout.domain.people import Capability, Principal
from tieout.domain.work import Job
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Condition, Order, Writing

# After ten minutes without an end the worker of a job is gone: no document takes that long.
RUNNING_MAX = 10 * 60 * 1_000_000


def queue_job(work: Writing, entity_id: int, kind: str, request: Mapping[str, object], now: int, by: str) -> Job:
    """A job in the transaction of the change that needs it; `request` must be fit for JSON."""
    job = Job(
        entity_id=entity_id,
        id=work.new_ids(Job)[0],
        kind=kind,
        state="queued",
        request=json.dumps(dict(request), ensure_ascii=False, sort_keys=True),
        answer="",
        created_at=now,
        created_by=by,
        started_at=None,
        finished_at=None,
    )
    work.operational().add(job)
    return job


def job(context: Context, principal: Principal, entity_id: int, job_id: int) -> Job | Denied:
    """One job as it stands."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.one(Job, entity_id=entity_id, id=job_id) or denied("not_found", "job")


def claim_job(context: Context) -> Job | None:
    """The oldest job that waits, or whose worker is gone, as running; None where there is none.

    One of several workers gets it: the row changes only as long as it is as it was seen.
    """
    now = context.now()
    with context.store.operating() as work:
        for job_now in _waiting(work, now):
            if work.change(job_now, state="running", started_at=now):
                return replace(job_now, state="running", started_at=now)
    return None


def _waiting(work: Writing, now: int) -> list[Job]:
    by_age = (Order("id"),)
    left = Condition("started_at", "<", now - RUNNING_MAX)
    return [
        *work.all(Job, state="queued", order=by_age, limit=10),
        *work.all(Job, left, state="running", order=by_age, limit=10),
    ]


def finish_job(context: Context, running: Job, state: str, answer: str) -> None:
    """Note how a job ended: done or failed, with its answer as JSON text."""
    with context.store.operating() as work:
        work.change(running, state=state, answer=answer, finished_at=context.now())

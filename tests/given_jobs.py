"""Jobs of kinds that only tests have, and an empty queue to begin with."""

import json
from collections.abc import Callable

import pytest

from tieout.domain.work import Job
from tieout.services import jobs
from tieout.services.context import Context
from tieout.services.job_claims import claim_jobs
from tieout.services.job_rows import queue_job
from tieout.services.jobs import Runner, lease_seconds

KIND = "count"


def given_empty_queue(context: Context) -> None:
    """Nobody waits for the jobs of the tests before."""
    with context.store.operating() as work:
        left = [each for state in ("queued", "running") for each in work.all(Job, state=state)]
        for each in left:
            work.change(each, state="failed", lease_until=0)


def given_kind(monkeypatch: pytest.MonkeyPatch, run: Callable[[Context, Job], str], **runner: object) -> None:
    """Jobs of the kind `count` are run like this."""
    monkeypatch.setattr(jobs, "RUNNERS", {**jobs.RUNNERS, KIND: Runner(run, **runner)})  # type: ignore[arg-type]


def queued(context: Context, entity_id: int, number: int = 0, *, due_at: int = 0, joined_by: str = "") -> Job:
    """A job that waits."""
    with context.store.operating() as work:
        request = {"number": number}
        return queue_job(work, entity_id, KIND, request, context.now(), "somebody", due_at=due_at, joined_by=joined_by)


def claimed(context: Context, worker: str = "first", count: int = 1) -> list[Job]:
    """Jobs that a worker of this name holds now."""
    return claim_jobs(context, worker, count, lease_seconds)


def job_now(context: Context, job: Job) -> Job:
    """A job as it is kept."""
    with context.store.reading() as view:
        found = view.one(Job, entity_id=job.entity_id, id=job.id)
    assert found is not None, job
    return found


def message_of(failed: Job) -> str:
    """What the answer of a failed job says."""
    return str(json.loads(failed.answer)["message"])

"""Jobs: what goes on after its request was answered, how far it is, and dead letters that are retried."""

import json
from typing import Any

import msgspec

from tieout.api.native.calling import Answer, Call
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import instant_text, maybe_instant_text
from tieout.domain.work import Job
from tieout.services.context import Denied
from tieout.services.dead_letters import STATES, jobs, retry_job
from tieout.services.jobs import job


class JobProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is that tells it."""

    done: int | None = None
    of: int | None = None


class JobAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Work that goes on after its request was answered; `answer` is there when it has ended.

    `fault` is why the last attempt did not end: of a failed job, which is tried no more, and of one that waits until
    `due_at` for its next attempt.
    """

    id: int
    kind: str
    state: str  # queued, running, done, failed
    answer: dict[str, Any] | None
    progress: JobProgress | None
    fault: str | None
    attempts: int
    created_at: str
    created_by: str
    due_at: str
    started_at: str | None
    finished_at: str | None


class JobsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of jobs; `next` is the cursor of the page behind it."""

    jobs: list[JobAnswer]
    next: str | None


def written_job(kept: Job) -> JobAnswer:
    """A job in the words of this API."""
    return JobAnswer(
        id=kept.id,
        kind=kept.kind,
        state=kept.state,
        answer=json.loads(kept.answer) if kept.answer else None,
        progress=msgspec.json.decode(kept.progress, type=JobProgress) if kept.progress else None,
        fault=kept.fault or None,
        attempts=kept.attempts,
        created_at=instant_text(kept.created_at),
        created_by=kept.created_by,
        due_at=instant_text(kept.due_at or kept.created_at),
        started_at=maybe_instant_text(kept.started_at),
        finished_at=maybe_instant_text(kept.finished_at),
    )


def _list(call: Call) -> Answer:
    found = jobs(
        call.context,
        call.principal,
        call.entity_id,
        state=call.asked.query.choice("state", None, STATES),
        kind=call.asked.query.text("kind", None),
        after=after_of(call),
        limit=limit_of(call),
    )
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.id)
    return JobsAnswer(jobs=[written_job(each) for each in found], next=cursor)


def _show(call: Call) -> Answer:
    found = job(call.context, call.principal, call.entity_id, call.number("job_id"))
    return found if isinstance(found, Denied) else written_job(found)


def _retry(call: Call) -> Answer:
    again = retry_job(call.context, call.principal, call.entity_id, call.number("job_id"))
    return again if isinstance(again, Denied) else written_job(again)


_JOBS = "/entities/{entity_id}/jobs"
_NARROWED = (
    Parameter("state", "queued, running, done or failed", {"type": "string", "enum": [*STATES]}),
    Parameter("kind", "read_document, match, ..."),
)

OPERATIONS = (
    Operation("GET", _JOBS, "jobs by id", _list, gives=JobsAnswer, parameters=(*_NARROWED, *PAGING)),
    Operation("GET", f"{_JOBS}/{{job_id}}", "how far a job is", _show, gives=JobAnswer),
    Operation("POST", f"{_JOBS}/{{job_id}}/retry", "queue a failed job once more", _retry, gives=JobAnswer),
)

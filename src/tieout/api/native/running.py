"""Runs of the engine, the plans that they follow, the jobs that they may be, and the audit chain of it all."""

import json
from typing import Any

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.match_shapes import RunAnswer, RunBody, written_run
from tieout.api.native.operations import PREFIX, Operation
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import instant_text, maybe_instant_text
from tieout.contracts.http_answers import bytes_answer
from tieout.domain.audit import AuditEvent
from tieout.domain.work import Job
from tieout.services.audit_trail import events, verify_events
from tieout.services.context import Denied, denied
from tieout.services.files.plan_files import plan_names, plan_text
from tieout.services.jobs import job
from tieout.services.matching_jobs import queue_matching
from tieout.services.proposing import propose_matches


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that comes with tieout."""

    name: str


class PlansAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The plans that come with tieout."""

    plans: list[PlanRow]


class JobAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Work that goes on after its request was answered; `answer` is there when it is done."""

    id: int
    kind: str
    state: str  # queued, running, done, failed
    answer: dict[str, Any] | None
    created_at: str
    created_by: str
    started_at: str | None
    finished_at: str | None


class RunOrJob(msgspec.Struct, frozen=True, kw_only=True):
    """What a run gave, or the job that does it."""

    run: RunAnswer | None
    job: JobAnswer | None


class EventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One business change, bound to the one before it by its digest."""

    sequence: int
    at: str
    actor: str
    action: str
    body: Any
    previous_digest: str
    digest: str


class EventsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of events; `next` is the cursor of the page behind it."""

    events: list[EventAnswer]
    next: str | None


class VerifiedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether every event follows from the one before it."""

    events: int
    holds: bool
    broken_at: int | None
    last_digest: str


def _propose(call: Call) -> Answer:
    body = call.read(RunBody)
    if not body.wait:
        queued = queue_matching(call.context, call.principal, call.entity_id, body.account_ids)
        if isinstance(queued, Denied):
            return queued
        where = f"{PREFIX}/entities/{call.entity_id}/jobs/{queued.id}"
        return Given(RunOrJob(run=None, job=_job(queued)), 202, {"location": where})
    run = propose_matches(call.context, call.principal, call.entity_id, account_ids=body.account_ids)
    return run if isinstance(run, Denied) else RunOrJob(run=written_run(run), job=None)


def _show_job(call: Call) -> Answer:
    found = job(call.context, call.principal, call.entity_id, call.number("job_id"))
    return found if isinstance(found, Denied) else _job(found)


def _job(kept: Job) -> JobAnswer:
    return JobAnswer(
        id=kept.id,
        kind=kept.kind,
        state=kept.state,
        answer=json.loads(kept.answer) if kept.answer else None,
        created_at=instant_text(kept.created_at),
        created_by=kept.created_by,
        started_at=maybe_instant_text(kept.started_at),
        finished_at=maybe_instant_text(kept.finished_at),
    )


def _list_plans(_: Call) -> Answer:
    return PlansAnswer(plans=[PlanRow(name=name) for name in plan_names()])


def _show_plan(call: Call) -> Answer:
    name = call.asked.names["name"]
    if name not in plan_names():
        return denied("not_found", "plan")
    return bytes_answer(plan_text(name).encode(), "application/toml")


def _list_events(call: Call) -> Answer:
    found = events(call.context, call.principal, call.entity_id, after=after_of(call), limit=limit_of(call))
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.sequence)
    return EventsAnswer(events=[_event(each) for each in found], next=cursor)


def _event(event: AuditEvent) -> EventAnswer:
    return EventAnswer(
        sequence=event.sequence,
        at=instant_text(event.at),
        actor=event.actor,
        action=event.action,
        body=msgspec.Raw(event.body.encode()),
        previous_digest=event.previous_digest.hex(),
        digest=event.digest.hex(),
    )


def _verify(call: Call) -> Answer:
    verified = verify_events(call.context, call.principal, call.entity_id)
    return verified if isinstance(verified, Denied) else VerifiedAnswer(**verified._asdict())


_EVENTS = "/entities/{entity_id}/events"

OPERATIONS = (
    Operation("POST", "/entities/{entity_id}/matches/propose", "run the engine", _propose, RunBody, RunOrJob),
    Operation("GET", "/entities/{entity_id}/jobs/{job_id}", "how far a job is", _show_job, gives=JobAnswer),
    Operation("GET", "/plans", "the plans that come with tieout", _list_plans, gives=PlansAnswer),
    Operation("GET", "/plans/{name}", "a plan as TOML", _show_plan, plain="application/toml"),
    Operation("GET", _EVENTS, "the audit chain, oldest first", _list_events, gives=EventsAnswer, parameters=PAGING),
    Operation("GET", f"{_EVENTS}/verification", "whether the chain holds", _verify, gives=VerifiedAnswer),
)

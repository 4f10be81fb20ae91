"""Runs of the engine, the plans that they follow, and the audit chain of it all."""

from typing import Any

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.jobs import JobAnswer, written_job
from tieout.api.native.match_shapes import RunAnswer, RunBody, written_run
from tieout.api.native.operations import PREFIX, Operation
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import instant_text
from tieout.contracts.http_answers import bytes_answer
from tieout.domain.audit import AuditEvent
from tieout.services.audit_trail import events, verify_events
from tieout.services.context import Denied, denied
from tieout.services.files.plan_files import plan_names, plan_text
from tieout.services.matching_jobs import queue_matching
from tieout.services.proposing import propose_matches


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that comes with tieout."""

    name: str


class PlansAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The plans that come with tieout."""

    plans: list[PlanRow]


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
        return Given(RunOrJob(run=None, job=written_job(queued)), 202, {"location": where})
    run = propose_matches(call.context, call.principal, call.entity_id, account_ids=body.account_ids)
    return run if isinstance(run, Denied) else RunOrJob(run=written_run(run), job=None)


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
    Operation("GET", "/plans", "the plans that come with tieout", _list_plans, gives=PlansAnswer),
    Operation("GET", "/plans/{name}", "a plan as TOML", _show_plan, plain="application/toml"),
    Operation("GET", _EVENTS, "the audit chain, oldest first", _list_events, gives=EventsAnswer, parameters=PAGING),
    Operation("GET", f"{_EVENTS}/verification", "whether the chain holds", _verify, gives=VerifiedAnswer),
)

"""Schedules as people make, see and change them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tieout.domain.people import Capability, Principal
from tieout.domain.work import Schedule, ScheduleState
from tieout.kernel.errors import Refusal
from tieout.kernel.names import nearest
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.services.scheduled_kinds import SCHEDULED
from tieout.services.schedules import (
    ScheduleRequest,
    add_schedule,
    plan_again,
    schedule_refusals,
    take_schedule_out,
    time_refusals,
)
from tieout.store.protocols import Condition, Order, Reading, Scope, Writing


@dataclass(frozen=True, slots=True)
class ScheduleNow:
    """A schedule, when it runs next, and the job that it queued last."""

    schedule: Schedule
    next_at: int | None  # None while it is paused
    last_job_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChange:
    """What changes of a schedule; None leaves it as it is. `cron` and `every_minutes` replace each other."""

    cron: str | None = None
    every_minutes: int | None = None
    time_zone: str | None = None
    paused: bool | None = None


def create_schedule(
    context: Context, principal: Principal, entity_id: int, request: ScheduleRequest, acting: Principal | None = None
) -> ScheduleNow | Denied:
    """A schedule of a kind that people may schedule. Needs CONFIGURE.

    acting: in whose name its jobs run, with the rights that they have then; whoever makes it when None.

    Refused: required, too_long, not_allowed and both_given as `schedule_refusals`, not_allowed for the kind (fact
    `nearest`) and what is asked of it, exists where the entity has a schedule of this name.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    found = schedule_refusals(request)
    checked = SCHEDULED[request.kind](acting or principal, request.request) if request.kind in SCHEDULED else None
    if checked is None:
        facts = (("nearest", nearest(request.kind, SCHEDULED) or ""),)
        found.append(Refusal("not_allowed" if request.kind else "required", "kind", facts))
    elif isinstance(checked, tuple):
        found += checked
    if found or not isinstance(checked, dict):
        return Denied(tuple(found))
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "create_schedule", now) as work:
        if work.one(Schedule, entity_id=entity_id, name=request.name.strip()) is not None:
            return denied("exists", "name")
        made = add_schedule(work, entity_id, replace(request, request=checked, joined_by=""), now, principal.name)
        return _now(work, made)


def change_schedule(
    context: Context, principal: Principal, entity_id: int, schedule_id: int, change: ScheduleChange
) -> ScheduleNow | Denied:
    """The schedule as it is from now on, its next time planned anew. Needs CONFIGURE.

    Refused: not_found, and as `create_schedule`.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "change_schedule", now) as work:
        before = work.one(Schedule, entity_id=entity_id, id=schedule_id)
        if before is None:
            return denied("not_found", "schedule")
        values = _values(before, change)
        if found := time_refusals(values["cron"], values["every_minutes"], values["time_zone"]):
            return Denied(tuple(found))
        if all(getattr(before, name) == value for name, value in values.items()):
            return _now(work, before)
        return _now(work, plan_again(work, before, **values, updated_at=now))


def _values(before: Schedule, change: ScheduleChange) -> dict[str, Any]:
    cron, every_minutes = before.cron, before.every_minutes
    if change.cron is not None or change.every_minutes is not None:
        cron, every_minutes = " ".join((change.cron or "").split()), change.every_minutes or 0
    return {
        "cron": cron,
        "every_minutes": every_minutes,
        "time_zone": before.time_zone if change.time_zone is None else change.time_zone,
        "paused": before.paused if change.paused is None else change.paused,
    }


def remove_schedule(context: Context, principal: Principal, entity_id: int, schedule_id: int) -> Schedule | Denied:
    """Remove a schedule; a job that it has queued is run all the same. Needs CONFIGURE. Refused: not_found."""
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    with context.store.writing(Scope("entity", entity_id), principal.name, "remove_schedule", context.now()) as work:
        found = work.one(Schedule, entity_id=entity_id, id=schedule_id)
        if found is None:
            return denied("not_found", "schedule")
        take_schedule_out(work, found)
        return found


def schedules(
    context: Context, principal: Principal, entity_id: int, *, after: int = 0, limit: int = 100
) -> list[ScheduleNow] | Denied:
    """The schedules of an entity by id, those above `after`. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        behind = Condition("id", ">", after)
        found = view.all(Schedule, behind, order=(Order("id"),), limit=limit, entity_id=entity_id)
        return [_now(view, each) for each in found]


def schedule(context: Context, principal: Principal, entity_id: int, schedule_id: int) -> ScheduleNow | Denied:
    """One schedule. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        found = view.one(Schedule, entity_id=entity_id, id=schedule_id)
        return denied("not_found", "schedule") if found is None else _now(view, found)


def entity_of_schedule(context: Context, schedule_id: int) -> int | None:
    """The entity of a schedule, for whoever may see every entity; None where there is no such schedule."""
    with context.store.glancing() as view:
        return view.entity_of(Schedule, schedule_id)


def asked_of(found: Schedule) -> Mapping[str, Any]:
    """What the jobs of a schedule are asked for."""
    request: Mapping[str, Any] = json.loads(found.request)
    return request


def _now(view: Reading | Writing, found: Schedule) -> ScheduleNow:
    state = view.one(ScheduleState, entity_id=found.entity_id, schedule_id=found.id)
    assert state is not None, "a schedule has a state as long as it is there"
    return ScheduleNow(found, None if found.paused else state.next_at, state.last_job_id)

"""Schedules: what queues jobs by itself, every so many minutes or at minutes of a local clock.

A schedule whose time passed while no worker ran is run once, not once for each time that was missed. Its jobs are
joined: while one waits no second is queued, and none begins while another runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tieout.domain.people import Entity
from tieout.domain.work import Schedule, ScheduleState
from tieout.kernel.errors import Refusal
from tieout.services.context import Context
from tieout.services.job_rows import queue_job
from tieout.services.schedule_times import is_cron, is_time_zone, local_minute, next_by_cron, next_by_minutes
from tieout.services.texts import text_refusals
from tieout.store.protocols import Condition, Order, Writing

# A year: what comes more seldom is no schedule but a date.
MINUTES_MAX = 366 * 24 * 60
_NAME_LENGTH_MAX = 255
# Schedules of one moment; the rest comes in the next round.
_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRequest:
    """A schedule to make: jobs of `kind` with this request, by `cron` or `every_minutes`, one of the two.

    cron: the five fields of crontab(5). time_zone: empty for the entity's. joined_by: the key of its jobs, where others
    of the same are queued by hand; empty for one of its own.
    """

    name: str
    kind: str
    request: Mapping[str, object] = field(default_factory=dict)
    cron: str = ""
    every_minutes: int = 0
    time_zone: str = ""
    joined_by: str = ""


def schedule_refusals(request: ScheduleRequest) -> list[Refusal]:
    """What is wrong with the name and the times of a schedule."""
    found = text_refusals([("name", request.name)])
    if not request.name.strip():
        found.append(Refusal("required", "name"))
    elif len(request.name) > _NAME_LENGTH_MAX:
        found.append(Refusal("too_long", "name", (("most", str(_NAME_LENGTH_MAX)),)))
    return found + time_refusals(request.cron, request.every_minutes, request.time_zone)


def time_refusals(cron: str, every_minutes: int, time_zone: str) -> list[Refusal]:
    """What is wrong with the times of a schedule; an empty time zone is the entity's."""
    found = []
    if cron and every_minutes:
        found.append(Refusal("both_given", "cron"))
    elif cron and not is_cron(cron):
        found.append(Refusal("not_allowed", "cron", (("value", cron),)))
    elif not cron and not 1 <= every_minutes <= MINUTES_MAX:
        found.append(Refusal("not_allowed" if every_minutes else "required", "every_minutes"))
    if time_zone and not is_time_zone(time_zone):
        found.append(Refusal("not_allowed", "time_zone", (("value", time_zone),)))
    return found


def add_schedule(work: Writing, entity_id: int, request: ScheduleRequest, now: int, by: str) -> Schedule:
    """A schedule in the transaction of the change that needs it; its first time lies behind `now`.

    The request has no `schedule_refusals`, and no schedule of the entity has its name.
    """
    entity = work.one(Entity, id=entity_id)
    assert entity is not None, "a schedule is of an entity that there is"
    (schedule_id,) = work.new_ids(Schedule)
    made = Schedule(
        entity_id=entity_id,
        id=schedule_id,
        name=request.name.strip(),
        kind=request.kind,
        request=json.dumps(dict(request.request), ensure_ascii=False, sort_keys=True),
        cron=" ".join(request.cron.split()),
        every_minutes=request.every_minutes,
        time_zone=request.time_zone or entity.time_zone,
        paused=False,
        joined_by=request.joined_by or f"schedule:{schedule_id}",
        created_at=now,
        created_by=by,
        updated_at=now,
    )
    work.add(made)
    state = ScheduleState(
        entity_id=entity_id, schedule_id=made.id, next_at=next_time(made, now, now), last_key="", last_job_id=None
    )
    work.operational().add(state)
    return made


def remove_schedules(work: Writing, entity_id: int, name: str) -> int:
    """Remove the schedule of this name, in the transaction of a change that ends what it was for; 0 where none is."""
    found = work.all(Schedule, entity_id=entity_id, name=name)
    for each in found:
        take_schedule_out(work, each)
    return len(found)


def take_schedule_out(work: Writing, schedule: Schedule) -> None:
    """Remove a schedule; a job that it has queued already is run all the same."""
    operational = work.operational()
    for state in operational.lock(ScheduleState, entity_id=schedule.entity_id, schedule_id=schedule.id):
        operational.remove(state)
    work.remove(schedule)


def next_time(schedule: Schedule, planned_at: int, after: int) -> int:
    """When a schedule that was planned for `planned_at` runs next, behind `after`."""
    if schedule.cron:
        return next_by_cron(schedule.cron, schedule.time_zone, after)
    return next_by_minutes(schedule.every_minutes, planned_at, after)


def run_due_schedules(context: Context) -> int:
    """Queue a job of every schedule whose time has come; how many were queued.

    Workers that ask at once share the schedules between them: rows that one holds the others leave out.
    """
    now = context.now()
    due, by_time = Condition("next_at", "<=", now), (Order("next_at"), Order("schedule_id"))
    with context.store.glancing() as view:
        if not view.all(ScheduleState, due, order=by_time, limit=1):
            return 0
    with context.store.operating() as work:
        states = work.lock(ScheduleState, due, order=by_time, limit=_AT_ONCE, wait=False)
        return sum(_run_due(work, state, now) for state in states)


def _run_due(work: Writing, state: ScheduleState, now: int) -> bool:
    schedule = work.one(Schedule, entity_id=state.entity_id, id=state.schedule_id)
    if schedule is None:
        work.remove(state)
        return False
    following = next_time(schedule, state.next_at, now)
    key = local_minute(state.next_at, schedule.time_zone)
    # A zone or clock that was set back may plan a local minute that has run.
    if schedule.paused or (schedule.cron and key == state.last_key):
        work.change(state, next_at=following)
        return False
    request: dict[str, Any] = json.loads(schedule.request)
    queued = queue_job(
        work,
        schedule.entity_id,
        schedule.kind,
        request,
        now,
        schedule.created_by,
        joined_by=schedule.joined_by,
    )
    work.change(state, next_at=following, last_key=key, last_job_id=queued.id)
    return True


def plan_again(work: Writing, before: Schedule, **values: Any) -> Schedule:
    """Change a schedule, and plan its next time by what it says now; `values` has `updated_at`."""
    after = replace(before, **values)
    work.change(before, **values)
    operational = work.operational()
    for state in operational.lock(ScheduleState, entity_id=before.entity_id, schedule_id=before.id):
        operational.change(state, next_at=next_time(after, after.updated_at, after.updated_at))
    return after

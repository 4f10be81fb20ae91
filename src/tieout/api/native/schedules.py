"""Schedules: what queues jobs by itself, and when."""

from typing import Any

import msgspec

from tieout.api.native.calling import Answer, Call, Given, named
from tieout.api.native.operations import Operation
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import instant_text, maybe_instant_text
from tieout.services.context import Denied
from tieout.services.schedule_changes import (
    ScheduleChange,
    ScheduleNow,
    asked_of,
    change_schedule,
    create_schedule,
    remove_schedule,
    schedule,
    schedules,
)
from tieout.services.schedules import ScheduleRequest


class ScheduledRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every job of a schedule is asked for: `match` takes the accounts, all where none are named."""

    account_ids: list[int] | None = None


class ScheduleBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new schedule: `cron`, the five fields of crontab, or `every_minutes`; without a time zone the entity's."""

    name: str
    kind: str = "match"
    request: ScheduledRequest = ScheduledRequest()
    cron: str = ""
    every_minutes: int = 0
    time_zone: str = ""


class ScheduleChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a schedule shall change; `cron` and `every_minutes` replace each other."""

    cron: str | msgspec.UnsetType = msgspec.UNSET
    every_minutes: int | msgspec.UnsetType = msgspec.UNSET
    time_zone: str | msgspec.UnsetType = msgspec.UNSET
    paused: bool | msgspec.UnsetType = msgspec.UNSET


class ScheduleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule; `next_at` is absent while it is paused."""

    id: int
    name: str
    kind: str
    request: dict[str, Any]
    cron: str | None
    every_minutes: int | None
    time_zone: str
    paused: bool
    next_at: str | None
    last_job_id: int | None
    created_at: str
    created_by: str
    updated_at: str


class SchedulesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of schedules; `next` is the cursor of the page behind it."""

    schedules: list[ScheduleAnswer]
    next: str | None


def _list(call: Call) -> Answer:
    found = schedules(call.context, call.principal, call.entity_id, after=after_of(call), limit=limit_of(call))
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.schedule.id)
    return SchedulesAnswer(schedules=[_written(each) for each in found], next=cursor)


def _create(call: Call) -> Answer:
    body = call.read(ScheduleBody)
    request = ScheduleRequest(
        name=body.name,
        kind=body.kind,
        request={"account_ids": body.request.account_ids},
        cron=body.cron,
        every_minutes=body.every_minutes,
        time_zone=body.time_zone,
    )
    made = create_schedule(call.context, call.principal, call.entity_id, request)
    if isinstance(made, Denied):
        return made
    return Given(_written(made), 201, {"location": f"{call.asked.path}/{made.schedule.id}"})


def _show(call: Call) -> Answer:
    found = schedule(call.context, call.principal, call.entity_id, call.number("schedule_id"))
    return found if isinstance(found, Denied) else _written(found)


def _change(call: Call) -> Answer:
    change = ScheduleChange(**named(call.read(ScheduleChanges)))
    changed = change_schedule(call.context, call.principal, call.entity_id, call.number("schedule_id"), change)
    return changed if isinstance(changed, Denied) else _written(changed)


def _remove(call: Call) -> Answer:
    removed = remove_schedule(call.context, call.principal, call.entity_id, call.number("schedule_id"))
    return removed if isinstance(removed, Denied) else Given(None, 204)


def _written(now: ScheduleNow) -> ScheduleAnswer:
    kept = now.schedule
    return ScheduleAnswer(
        id=kept.id,
        name=kept.name,
        kind=kept.kind,
        request=dict(asked_of(kept)),
        cron=kept.cron or None,
        every_minutes=kept.every_minutes or None,
        time_zone=kept.time_zone,
        paused=kept.paused,
        next_at=maybe_instant_text(now.next_at),
        last_job_id=now.last_job_id,
        created_at=instant_text(kept.created_at),
        created_by=kept.created_by,
        updated_at=instant_text(kept.updated_at),
    )


_SCHEDULES = "/entities/{entity_id}/schedules"
_SCHEDULE = f"{_SCHEDULES}/{{schedule_id}}"

OPERATIONS = (
    Operation("GET", _SCHEDULES, "schedules by id", _list, gives=SchedulesAnswer, parameters=PAGING),
    Operation("POST", _SCHEDULES, "a new schedule", _create, ScheduleBody, ScheduleAnswer, 201),
    Operation("GET", _SCHEDULE, "one schedule, and when it runs next", _show, gives=ScheduleAnswer),
    Operation("PATCH", _SCHEDULE, "change when it runs, or pause it", _change, ScheduleChanges, ScheduleAnswer),
    Operation("DELETE", _SCHEDULE, "remove it; queued jobs are run", _remove, status=204),
)

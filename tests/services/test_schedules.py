"""Schedules queue jobs by themselves: each time once, a missed time once, and never while another waits."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.given_documents import done, refused
from tests.given_jobs import KIND, given_empty_queue, given_kind, queued
from tests.given_store import Clock, Office, given_office
from tieout.domain.work import Job, Schedule, ScheduleState
from tieout.services.context import Context
from tieout.services.jobs import run_queued
from tieout.services.schedule_changes import (
    ScheduleChange,
    ScheduleNow,
    change_schedule,
    create_schedule,
    entity_of_schedule,
    remove_schedule,
    schedule,
    schedules,
)
from tieout.services.schedules import ScheduleRequest, add_schedule, remove_schedules, run_due_schedules
from tieout.store.protocols import Scope


def instant(text: str) -> int:
    """Microseconds since 1970 of an ISO 8601 text in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def given_schedule(context: Context, office: Office, **fields: Any) -> Schedule:
    """A schedule of jobs that only tests have."""
    request = ScheduleRequest(**{"name": "Nightly", "kind": KIND, "request": {"number": 7}, **fields})
    scope = Scope("entity", office.entity_id)
    with context.store.writing(scope, office.owner.name, "given_schedule", context.now()) as work:
        return add_schedule(work, office.entity_id, request, context.now(), office.owner.name)


def given_no_schedules(context: Context) -> None:
    """What tests before left is due no more."""
    with context.store.operating() as work:
        for state in work.all(ScheduleState):
            work.remove(state)


def jobs_of(context: Context, office: Office) -> list[Job]:
    """The jobs of an office by id."""
    with context.store.reading() as view:
        return view.all(Job, entity_id=office.entity_id)


def shown(now: ScheduleNow) -> tuple[str, int, bool, int | None]:
    """When a schedule runs."""
    return now.schedule.cron, now.schedule.every_minutes, now.schedule.paused, now.next_at


def test_a_schedule_queues_a_job_at_every_time_of_its_clock(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_no_schedules(context)
    given_kind(monkeypatch, lambda *_: "{}")
    office = given_office(context)
    made = given_schedule(context, office, cron="30 6 * * *")
    counts = []

    for at in ("2026-01-16T05:29:59", "2026-01-16T05:30", "2026-01-16T05:31", "2026-01-17T05:30"):
        clock.now = instant(at)
        counts.append(run_due_schedules(context))
        run_queued(context)

    assert made.time_zone == "Europe/Oslo"
    assert counts == [0, 1, 0, 1]
    assert [(each.kind, json.loads(each.request), each.created_by) for each in jobs_of(context, office)] == [
        (KIND, {"number": 7}, office.owner.name)
    ] * 2


def test_half_past_two_is_run_once_in_the_night_in_which_the_clocks_go_back(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_no_schedules(context)
    given_kind(monkeypatch, lambda *_: "{}")
    office = given_office(context)
    clock.now = instant("2026-10-24T12:00")
    given_schedule(context, office, cron="30 2 * * *")

    for _ in range(4 * 24):
        clock.forward(minutes=15)
        run_due_schedules(context)
        run_queued(context)

    assert [each.created_at for each in jobs_of(context, office)] == [instant("2026-10-25T00:30")]


def test_a_clock_of_the_machine_that_is_set_back_runs_nothing_twice(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_no_schedules(context)
    given_kind(monkeypatch, lambda *_: "{}")
    office = given_office(context)
    made = given_schedule(context, office, cron="30 6 * * *")
    clock.now = instant("2026-01-16T05:30")
    run_due_schedules(context)
    run_queued(context)

    clock.now = instant("2026-01-16T05:00")
    done(change_schedule(context, office.owner, office.entity_id, made.id, ScheduleChange(time_zone="Europe/Paris")))
    clock.now = instant("2026-01-16T05:30")

    assert run_due_schedules(context) == 0
    assert len(jobs_of(context, office)) == 1


def test_times_that_were_missed_are_run_once(context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    given_no_schedules(context)
    given_kind(monkeypatch, lambda *_: "{}")
    office = given_office(context)
    hourly = given_schedule(context, office, name="Hourly", every_minutes=60)
    given_schedule(context, office, cron="30 6 * * *")

    clock.forward(days=3, minutes=10)
    count = run_due_schedules(context)

    following = done(schedule(context, office.reader, office.entity_id, hourly.id)).next_at
    assert (count, run_due_schedules(context)) == (2, 0)
    assert following == clock.now + 50 * 60_000_000


def test_while_a_job_of_a_schedule_waits_no_second_is_queued(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_no_schedules(context)
    given_kind(monkeypatch, lambda *_: "{}")
    office = given_office(context)
    made = given_schedule(context, office, every_minutes=1, joined_by=f"feed:{office.entity_id}")

    for _ in range(5):
        clock.forward(minutes=1)
        run_due_schedules(context)
    by_hand = queued(context, office.entity_id, joined_by=f"feed:{office.entity_id}")

    (waiting,) = jobs_of(context, office)
    assert waiting.id == by_hand.id == done(schedule(context, office.reader, office.entity_id, made.id)).last_job_id


def test_a_schedule_is_made_changed_paused_and_removed(context: Context, clock: Clock) -> None:
    given_no_schedules(context)
    office = given_office(context)
    request = ScheduleRequest(name=" At night ", kind="match", cron="30  4 * * mon-fri", time_zone="Europe/Lisbon")

    made = done(create_schedule(context, office.owner, office.entity_id, request))
    listed = done(schedules(context, office.reader, office.entity_id))
    schedule_id = made.schedule.id
    hourly = done(
        change_schedule(context, office.owner, office.entity_id, schedule_id, ScheduleChange(every_minutes=60))
    )
    same = done(change_schedule(context, office.owner, office.entity_id, schedule_id, ScheduleChange(every_minutes=60)))
    paused = done(change_schedule(context, office.owner, office.entity_id, schedule_id, ScheduleChange(paused=True)))
    clock.forward(days=1)
    nothing = run_due_schedules(context)
    resumed = done(change_schedule(context, office.owner, office.entity_id, schedule_id, ScheduleChange(paused=False)))
    removed = done(remove_schedule(context, office.owner, office.entity_id, schedule_id))

    assert listed == [made]
    assert (made.schedule.name, made.schedule.cron, made.next_at) == (
        "At night",
        "30 4 * * mon-fri",
        instant("2026-01-16T04:30"),
    )
    assert json.loads(made.schedule.request)["user_id"] == office.owner.user_id
    assert hourly == same
    assert shown(hourly) == ("", 60, False, instant("2026-01-15T13:00"))
    assert (shown(paused), nothing) == (("", 60, True, None), 0)
    assert shown(resumed) == ("", 60, False, clock.now + 3_600_000_000)
    assert removed.id == schedule_id
    assert entity_of_schedule(context, schedule_id) is None
    assert refused(schedule(context, office.reader, office.entity_id, schedule_id)) == [("not_found", "schedule")]


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"name": " "}, [("required", "name")]),
        ({"name": "n" * 256}, [("too_long", "name")]),
        ({"cron": "every day"}, [("not_allowed", "cron")]),
        ({"cron": "0 0 31 2 *"}, [("not_allowed", "cron")]),
        ({"cron": ""}, [("required", "every_minutes")]),
        ({"cron": "", "every_minutes": -1}, [("not_allowed", "every_minutes")]),
        ({"every_minutes": 5}, [("both_given", "cron")]),
        ({"time_zone": "Mars/Olympus"}, [("not_allowed", "time_zone")]),
        ({"kind": "macth"}, [("not_allowed", "kind")]),
        ({"kind": "read_document"}, [("not_allowed", "kind")]),
        ({"request": {"document": 1}}, [("not_allowed", "request.document")]),
        ({"request": {"account_ids": ["1"]}}, [("not_allowed", "request.account_ids")]),
        ({"name": "", "kind": "", "cron": "x"}, [("required", "name"), ("not_allowed", "cron"), ("required", "kind")]),
    ],
)
def test_a_schedule_that_could_not_run_is_refused(
    context: Context, fields: dict[str, Any], codes: list[tuple[str, str]]
) -> None:
    office = given_office(context)
    request = ScheduleRequest(**{"name": "At night", "kind": "match", "cron": "30 4 * * *", **fields})

    assert refused(create_schedule(context, office.owner, office.entity_id, request)) == codes
    assert done(schedules(context, office.reader, office.entity_id)) == []


def test_only_an_owner_makes_schedules_and_names_are_given_once(context: Context) -> None:
    office = given_office(context)
    request = ScheduleRequest(name="At night", kind="match", cron="30 4 * * *")
    made = done(create_schedule(context, office.owner, office.entity_id, request)).schedule
    change = ScheduleChange(cron="", every_minutes=0)

    assert refused(create_schedule(context, office.owner, office.entity_id, request)) == [("exists", "name")]
    for somebody, code in (
        (office.approver, ("not_permitted", "configure")),
        (office.stranger, ("not_found", "entity")),
    ):
        assert refused(create_schedule(context, somebody, office.entity_id, request)) == [code]
        assert refused(change_schedule(context, somebody, office.entity_id, made.id, change)) == [code]
        assert refused(remove_schedule(context, somebody, office.entity_id, made.id)) == [code]
    assert refused(schedules(context, office.stranger, office.entity_id)) == [("not_found", "entity")]
    changed = change_schedule(context, office.owner, office.entity_id, made.id, change)
    assert refused(changed) == [("required", "every_minutes")]


def test_a_schedule_goes_with_what_it_was_for(context: Context, clock: Clock) -> None:
    given_no_schedules(context)
    office = given_office(context)
    given_schedule(context, office, name="feed 7", every_minutes=5)
    kept = given_schedule(context, office, name="feed 8", every_minutes=5)

    with context.store.writing(Scope("entity", office.entity_id), "somebody", "remove_feed", clock.now) as work:
        removed = [remove_schedules(work, office.entity_id, name) for name in ("feed 7", "feed 7")]

    assert removed == [1, 0]
    assert [each.schedule for each in done(schedules(context, office.reader, office.entity_id))] == [kept]
    with context.store.reading() as view:
        assert [each.schedule_id for each in view.all(ScheduleState, entity_id=office.entity_id)] == [kept.id]


def test_what_a_person_scheduled_is_matched_in_their_name(context: Context, clock: Clock) -> None:
    given_empty_queue(context)
    given_no_schedules(context)
    office = given_office(context)
    request = ScheduleRequest(name="At night", kind="match", cron="30 4 * * *")
    done(create_schedule(context, office.owner, office.entity_id, request))

    clock.forward(days=1)
    run_due_schedules(context)
    run_queued(context)

    (ran,) = jobs_of(context, office)
    assert (ran.state, ran.created_by) == ("done", office.owner.name)
    assert json.loads(ran.answer)["statement_lines"] == 0

"""Jobs and schedules over the native API."""

import json

import pytest

from tests.api.given_server import Native
from tests.given_jobs import KIND, given_empty_queue, given_kind, queued
from tieout.services.job_claims import claim_jobs
from tieout.services.job_holds import Again, keep_hold
from tieout.services.jobs import lease_seconds, run_queued


def faulty(*_: object) -> str:
    """A run that fails every time."""
    raise Again("the platform answered 503")


def test_a_dead_letter_is_found_by_its_state_and_retried(served: Native, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(served.context)
    given_kind(monkeypatch, faulty)
    letter = queued(served.context, served.office.entity_id, 1)
    run_queued(served.context)
    waiting = queued(served.context, served.office.entity_id, 2)

    listed = served.client.ask("GET", f"{served.entity}/jobs?state=failed&kind={KIND}").json["jobs"]
    shown = served.client.ask("GET", f"{served.entity}/jobs/{letter.id}").json
    again = served.client.ask("POST", f"{served.entity}/jobs/{letter.id}/retry")
    twice = served.client.ask("POST", f"{served.entity}/jobs/{letter.id}/retry")

    assert listed == [shown]
    assert (shown["fault"], shown["attempts"]) == ("the platform answered 503", 1)
    assert shown["answer"] == {"code": "fault", "message": "the platform answered 503"}
    assert (again.status, again.json["state"], again.json["attempts"]) == (200, "queued", 0)
    assert (twice.status, twice.code) == (409, "state_differs")
    pages = served.client.ask("GET", f"{served.entity}/jobs?limit=1").json
    behind = served.client.ask("GET", f"{served.entity}/jobs?limit=5&cursor={pages['next']}").json
    assert [each["id"] for each in (*pages["jobs"], *behind["jobs"])] == [letter.id, waiting.id]


def test_a_job_that_runs_shows_how_far_it_is(served: Native, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(served.context)
    given_kind(monkeypatch, faulty)
    job = queued(served.context, served.office.entity_id)
    (held,) = claim_jobs(served.context, "worker", 1, lease_seconds)

    keep_hold(served.context, held, 300, 1_000)

    shown = served.client.ask("GET", f"{served.entity}/jobs/{job.id}").json
    assert (shown["state"], shown["progress"], shown["answer"]) == ("running", {"done": 300, "of": 1_000}, None)


def test_a_schedule_is_made_read_changed_and_removed(served: Native) -> None:
    where = f"{served.entity}/schedules"
    account_ids = [served.given_account()]
    when = "30 4 * * mon-fri"

    made = served.client.ask("POST", where, name="At night", cron=when, request={"account_ids": account_ids})
    one = f"{where}/{made.json['id']}"
    changed = served.client.ask("PATCH", one, every_minutes=60)
    paused = served.client.ask("PATCH", one, paused=True)
    listed = served.client.ask("GET", where).json
    shown = served.client.ask("GET", one).json
    removed = served.client.ask("DELETE", one)

    assert made.status == 201
    assert made.headers["location"].endswith(one)
    assert (made.json["cron"], made.json["time_zone"]) == (when, "Europe/Oslo")
    assert made.json["next_at"] == "2026-01-16T03:30:00.000000Z"
    assert made.json["request"]["account_ids"] == account_ids
    assert (changed.json["cron"], changed.json["every_minutes"]) == (None, 60)
    assert (paused.json["paused"], paused.json["next_at"]) == (True, None)
    assert listed == {"schedules": [shown], "next": None}
    assert json.dumps(shown) == json.dumps(paused.json)
    assert removed.status == 204
    assert (served.client.ask("GET", one).status, served.client.ask("DELETE", one).status) == (404, 404)


def test_a_schedule_that_could_not_run_is_refused_with_every_reason(served: Native) -> None:
    where = f"{served.entity}/schedules"

    wrong = served.client.ask("POST", where, name="", kind="macth", cron="daily", time_zone="Mars")
    unknown = served.client.ask("POST", where, name="x", cron="* * * * *", request={"document": 1})
    by_reader = served.client_of(served.office.reader).ask("POST", where, name="x", cron="* * * * *")

    assert wrong.status == 422
    assert [each["concerns"] for each in wrong.json["findings"]] == ["name", "cron", "time_zone", "kind"]
    assert unknown.status == 400
    assert (by_reader.status, by_reader.code) == (403, "not_permitted")

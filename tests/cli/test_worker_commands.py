"""`tieout job` and `tieout schedule` as whoever runs the server types them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.test_people_commands import ADA, PASSWORD, Typed
from tests.given_jobs import KIND, claimed, given_kind, queued
from tieout import app
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.job_holds import Again, keep_hold
from tieout.services.jobs import run_queued
from tieout.services.schedules import run_due_schedules

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """The command, over a database with an entity that Ada owns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIEOUT_PASSWORD_MEMORY_KIBIBYTES", "8")
    command = Typed(capsys, monkeypatch)
    assert command("migrate")[0] == 0
    command("entity", "add", "Nordic AS", "--currency", "NOK", "--time-zone", "Europe/Oslo")
    command("user", "add", ADA, "--name", "Ada Berg", "--role", "1=owner", typed=f"{PASSWORD}\n")
    return command


@contextmanager
def opened() -> Iterator[Context]:
    """What services are handed, over the database of the folder."""
    with app.opened(app.process_settings()) as context:
        yield context


def given_a_dead_letter_and_one_that_runs(monkeypatch: pytest.MonkeyPatch) -> tuple[Job, Job]:
    """A job that failed for good, and one that is at line 300 of 1,000."""

    def run(_context: Context, _job: Job) -> str:
        raise Again("the bank's host does not answer")

    given_kind(monkeypatch, run)
    with opened() as context:
        letter = queued(context, 1, 7)
        run_queued(context)
        running = queued(context, 1, 8)
        keep_hold(context, claimed(context)[0], 300, 1_000)
    return letter, running


def test_dead_letters_and_progress_are_seen_and_a_dead_letter_is_retried(
    office: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, running = given_a_dead_letter_and_one_that_runs(monkeypatch)

    listed = office.told("job", "list")
    table = office("job", "list", "--entity", "1")[1]
    (shown,) = [office("job", "show", str(letter.id), "--json")]
    plain = office("job", "show", str(letter.id))[1].splitlines()
    retried = [office("job", "retry", str(letter.id))[0], office("job", "retry", str(letter.id))]

    assert [(row["id"], row["state"], row["progress"]) for row in listed] == [
        (running.id, "running", "300 of 1000"),
        (letter.id, "failed", None),
    ]
    assert "300 of 1000" in table
    assert "the bank's host does not answer" in table
    assert json.loads(shown[1])["request"] == {"number": 7}
    assert plain[:4] == ["id         1", "entity     1", f"kind       {KIND}", "state      failed"]
    assert 'answer     {"code": "fault", "message": "the bank\'s host does not answer"}' in plain
    assert retried == [0, (2, "", "job: its state does not allow this\n")]
    assert [row["state"] for row in office.told("job", "list", "--state", "queued")] == ["queued"]
    assert office.told("job", "list", "--kind", "match") == []


def test_a_job_or_a_state_that_there_is_not_is_told(office: Typed) -> None:
    assert office("job", "show", "99") == (2, "", "there is no job 99; see tieout job list\n")
    assert office("job", "list", "--state", "fialed") == (
        2, "", '--state: there is no state "fialed"; did you mean "failed"?\n'
    )  # fmt: skip
    assert office("job", "list", "--entity", "9") == (2, "", "there is no entity 9; see tieout entity list\n")
    assert office("job")[0] == 2


def test_a_schedule_is_added_listed_changed_and_removed(office: Typed) -> None:
    fields = ("--entity", "1", "--user", ADA)

    added = office("schedule", "add", "At night", *fields, "--cron", "30 4 * * mon-fri")
    (first,) = office.told("schedule", "list")
    changed = [office("schedule", "change", "1", "--every", "60")[0], office("schedule", "change", "1", "--pause")[0]]
    (then,) = office.told("schedule", "list", "--entity", "1")
    table = office("schedule", "list")[1]
    removed = office("schedule", "remove", "1")

    assert added == (0, "1\n", "")
    assert (first["runs"], first["time zone"], first["paused"]) == ("30 4 * * mon-fri", "Europe/Oslo", False)
    assert str(first["next"]).endswith((":30:00Z",))
    assert changed == [0, 0]
    assert (then["runs"], then["paused"], then["next"]) == ("every 60 minutes", True, None)
    assert "every 60 minutes" in table
    assert removed == (0, "", "")
    assert office("schedule", "remove", "1") == (2, "", "there is no schedule 1; see tieout schedule list\n")


def test_what_a_schedule_needs_is_told(office: Typed) -> None:
    fields = ("--entity", "1", "--user", ADA)

    no_times = office("schedule", "add", "At night", *fields)
    wrong = office("schedule", "add", "At night", *fields, "--cron", "every day", "--time-zone", "Oslo")
    nobody = office("schedule", "add", "At night", "--entity", "1", "--user", "bob@nordic.example", "--every", "5")

    assert no_times == (2, "", "say when it runs, with --cron or --every\n")
    cron, time_zone = wrong[2].splitlines()
    assert cron.startswith("cron: this value is not one of those allowed; give minute, hour, day, month and day of ")
    assert time_zone == "time_zone: this value is not one of those allowed; give one like Europe/Oslo"
    assert nobody == (2, "", "there is no user bob@nordic.example; see tieout user list\n")


def test_a_scheduled_run_of_the_engine_acts_as_its_user(office: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    office("schedule", "add", "Often", "--entity", "1", "--user", ADA, "--every", "1")
    with opened() as context:
        later = context.now() + 61_000_000
    monkeypatch.setattr(app, "_microseconds", lambda: later)

    with opened() as context:
        counts = (run_due_schedules(context), run_queued(context))

    (ran,) = office.told("job", "list", "--state", "done")
    assert counts == (1, 1)
    assert (ran["kind"], ran["fault"]) == ("match", None)

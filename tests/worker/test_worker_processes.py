"""`tieout worker` in processes of its own: killed at any step, ended by signals, several on one database."""

import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.given_documents import done
from tests.given_jobs import given_empty_queue, job_now, queued
from tests.given_store import given_office
from tieout.cli import main
from tieout.domain.notes import Note
from tieout.services.context import Context
from tieout.services.jobs import job as job_of
from tieout.store.sql.store import SqlStore

pytestmark = pytest.mark.slow

# `tieout worker`, with jobs that write one note each and stop for good at the step that their number names.
_CHILD = """
import sys, threading
from tieout.domain.notes import Note
from tieout.services import jobs
from tieout.services.job_holds import end_held
from tieout.store.protocols import Scope

noted = threading.Event()
stops, numbers = sys.argv.pop(1) == "stops", {'"number": 1': 1, '"number": 2': 2, '"number": 3': 3}

def here(number, step):
    sys.stdout.write(f"{step} {number}\\n")
    sys.stdout.flush()
    if stops:
        threading.Event().wait()

def run(context, job):
    number = next(number for text, number in numbers.items() if text in job.request)
    if number == 1:
        here(number, "before its effect")
    if number == 2 and stops:
        noted.wait()
    with context.store.writing(Scope("entity", job.entity_id), "job", "note", context.now()) as work:
        end_held(work, job, "{}", context.now())
        (note_id,) = work.new_ids(Note)
        work.add(Note(entity_id=job.entity_id, id=note_id, extra="{}", created_at=0, created_by=str(number)))
        if number == 2:
            here(number, "inside its effect")
    if number == 3:
        noted.set()
        here(number, "behind its effect")
    return "{}"

jobs.RUNNERS = {**jobs.RUNNERS, "count": jobs.Runner(run, lease_seconds=1)}
from tieout.cli import main
sys.exit(main(["worker", *sys.argv[1:]]))
"""


@contextmanager
def worker(store: SqlStore, mode: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A worker of this database that has begun."""
    url = store.database.engine.url
    address = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
    environment = {**os.environ, "TIEOUT_SECRET_KEY": b64encode(bytes(32)).decode(), "TIEOUT_WORKER_STOP_SECONDS": "1"}
    command = [sys.executable, "-c", _CHILD, mode, "--database", address, *options]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=Path(__file__).parent
    )
    try:
        told(running, f"tieout works on {store.name}, ")
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()


def told(running: subprocess.Popen[str], beginning: str) -> str:
    """The next line that a worker prints, which begins like this."""
    assert running.stdout is not None
    line = running.stdout.readline()
    assert line.startswith(beginning), line + (running.stderr.read() if running.stderr and not line else "")
    return line.strip()


def notes(context: Context, entity_id: int) -> list[str]:
    """The numbers of the jobs that had an effect, as often as they had one."""
    with context.store.reading() as view:
        return sorted(each.created_by for each in view.all(Note, entity_id=entity_id))


def test_a_worker_that_is_killed_at_any_step_leaves_each_job_to_be_done_once(context: Context, store: SqlStore) -> None:
    given_empty_queue(context)
    entity_id = given_office(context).entity_id
    jobs = [queued(context, entity_id, number) for number in (1, 2, 3)]

    with worker(store, "stops", "--threads", "3") as killed:
        stopped = {told(killed, "") for _ in jobs}
        killed.kill()
        killed.communicate()
    left = notes(context, entity_id)
    with worker(store, "goes on", "--threads", "1") as other:
        again = [told(other, "") for _ in range(2)]
        other.send_signal(signal.SIGTERM)
        other.communicate(timeout=30)

    assert stopped == {"before its effect 1", "inside its effect 2", "behind its effect 3"}
    assert left == ["3"]
    assert sorted(again) == ["before its effect 1", "inside its effect 2"]
    assert other.returncode == 0
    assert [job_now(context, job).state for job in jobs] == ["done"] * 3
    assert [job_now(context, job).fence for job in jobs] == [2, 2, 1]
    assert notes(context, entity_id) == ["1", "2", "3"]


@pytest.mark.parametrize(("by", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_worker_that_is_told_to_end_gives_back_what_does_not_end(
    context: Context, store: SqlStore, by: signal.Signals, status: int
) -> None:
    if store.name != "sqlite":
        pytest.skip("signals are the same whatever the store")
    given_empty_queue(context)
    office = given_office(context)
    job = queued(context, office.entity_id, 1)

    with worker(store, "stops", "--threads", "1") as running:
        told(running, "before its effect 1")
        running.send_signal(by)
        _, complaints = running.communicate(timeout=30)

    waiting = done(job_of(context, office.reader, office.entity_id, job.id))
    assert running.returncode == status
    assert re.fullmatch(rf"jobs that had not ended .* go to another: {job.id} \(count\)\n", complaints)
    assert (waiting.state, waiting.attempts, waiting.fence) == ("queued", 0, 1)


def test_a_worker_needs_a_database_that_is_there_and_has_its_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    absent = main(["worker", "--database", "sqlite:///books.db"])
    told_absent = capsys.readouterr().err
    Path("books.db").touch()
    empty = main(["worker", "--database", "sqlite:///books.db"])

    assert (absent, empty) == (2, 2)
    assert (
        told_absent == "books.db: there is no database; make it with tieout migrate, or name another with --database\n"
    )
    assert "run `tieout migrate`" in capsys.readouterr().err

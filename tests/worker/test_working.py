"""A worker beside the answers of a server: begins what is queued, ends what runs, and outlives what breaks."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from tests.given_jobs import KIND, given_empty_queue, given_kind, job_now, queued
from tests.given_store import NOON, given_context, given_office
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.job_rows import queue_job
from tieout.store.sql.store import SqlStore, open_store
from tieout.worker.background import working

pytestmark = pytest.mark.slow

LONG = 30.0


def moving(context: Context, step: int = 1_000) -> Context:
    """The context with a clock that goes on by so many microseconds whenever it is looked at."""
    moments = iter(range(NOON, 2**62, step))
    lock = threading.Lock()

    def now() -> int:
        with lock:
            return next(moments)

    return replace(context, now=now)


def until(context: Context, there: Callable[[], bool]) -> None:
    """Wait until it is so, looking whenever a job changed; in vain for half a minute at most."""
    changed = threading.Event()
    with context.store.watching(Job, changed.set):
        while not there():
            assert changed.wait(LONG), "nothing happens any more"
            changed.clear()


def given_jobs(context: Context, count: int) -> list[Job]:
    """Jobs that were queued together."""
    entity_id = given_office(context).entity_id
    with context.store.operating() as work:
        return [
            queue_job(work, entity_id, KIND, {"number": number}, context.now(), "somebody") for number in range(count)
        ]


def states(context: Context, jobs: list[Job]) -> Counter[str]:
    """How many of these jobs are in each state."""
    return Counter(job_now(context, job).state for job in jobs)


def test_what_is_queued_while_nothing_is_to_be_done_is_begun_and_ended(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: '{"answer": 42}')
    context = moving(context)

    with working(context, 1, LONG):
        job = queued(context, given_office(context).entity_id)
        until(context, lambda: job_now(context, job).state == "done")

    assert job_now(context, job).answer == '{"answer": 42}'


def test_two_workers_of_one_database_run_every_job_once(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    run: list[int] = []
    given_kind(monkeypatch, lambda _, job: run.append(job.id) or "{}")  # type: ignore[func-returns-value]
    context = moving(context)
    jobs = given_jobs(context, 300)

    with working(context, 2, LONG), working(context, 2, LONG):
        until(context, lambda: states(context, jobs[-1:]) == {"done": 1} and len(run) == 300)

    assert sorted(run) == [each.id for each in jobs]
    assert states(context, jobs) == {"done": 300}


def test_a_slow_job_keeps_no_other_waiting_that_another_worker_could_run(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    context = moving(context)
    jobs = given_jobs(context, 200)
    slow, free = jobs[150], threading.Event()
    given_kind(monkeypatch, lambda _, job: str(job.id != slow.id or free.wait(LONG)).lower())

    with working(context, 1, LONG):
        until(context, lambda: job_now(context, slow).state == "running")
        with working(context, 1, LONG):
            until(context, lambda: states(context, jobs) == {"done": 199, "running": 1})
        free.set()

    assert states(context, jobs) == {"done": 200}
    assert all(job_now(context, job).attempts == 1 for job in jobs)


def test_a_job_that_breaks_its_thread_is_a_dead_letter_and_the_next_is_run(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OfALibrary(Exception):
        """What none of our errors is derived from."""

    def run(_context: Context, job: Job) -> str:
        if job.id == jobs[0].id:
            raise OfALibrary("deep inside")
        return "{}"

    given_empty_queue(context)
    given_kind(monkeypatch, run)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    context = moving(context)
    jobs = given_jobs(context, 3)

    with working(context, 1, LONG):
        until(context, lambda: states(context, jobs) == {"failed": 1, "done": 2})

    assert "OfALibrary at test_working.py" in job_now(context, jobs[0]).fault


def test_a_worker_that_is_stopped_ends_what_runs_and_begins_nothing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    context = moving(context)
    begun, free = threading.Event(), threading.Event()

    def run(_context: Context, _job: Job) -> str:
        begun.set()
        assert free.wait(LONG)
        return "{}"

    given_kind(monkeypatch, run)
    jobs = given_jobs(context, 3)

    with working(context, 1, LONG):
        assert begun.wait(LONG)
        free_later = threading.Timer(0.1, free.set)
        free_later.start()

    assert states(context, jobs) == {"done": 1, "queued": 2}
    assert [job_now(context, job).attempts for job in jobs] == [1, 0, 0]


def test_what_does_not_end_in_time_goes_to_another_worker_and_can_change_nothing_here(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    context = moving(context)
    begun, free, ended = threading.Event(), threading.Event(), threading.Event()

    def run(_context: Context, job: Job) -> str:
        if job.fence == 1:
            begun.set()
            free.wait(LONG)
            ended.set()
            return '"late"'
        return '"in time"'

    given_kind(monkeypatch, run)
    (job,) = given_jobs(context, 1)

    with working(context, 1, 0):
        assert begun.wait(LONG)
    given_back = job_now(context, job)
    with working(context, 1, LONG):
        until(context, lambda: job_now(context, job).state == "done")
    free.set()

    assert ended.wait(LONG)
    assert (given_back.state, given_back.attempts, given_back.fault) == ("queued", 0, "")
    assert job_now(context, job).answer == '"in time"'


def test_a_process_without_a_worker_leaves_jobs_to_others(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: "{}")
    (job,) = given_jobs(context, 1)

    with working(context, 0, LONG):
        pass

    assert job_now(context, job).state == "queued"


def test_a_lease_is_kept_while_the_job_runs(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    free = threading.Event()
    given_kind(monkeypatch, lambda *_: str(free.wait(LONG)).lower(), lease_seconds=1)
    context = moving(context, step=40_000)
    (job,) = given_jobs(context, 1)

    with working(context, 1, LONG), working(context, 1, LONG):
        until(context, lambda: job_now(context, job).state == "running")
        first = job_now(context, job).lease_until
        until(context, lambda: job_now(context, job).lease_until > first + 1_000_000)
        free.set()
        until(context, lambda: job_now(context, job).state == "done")

    assert job_now(context, job).fence == 1


def test_a_worker_outlives_a_database_that_closes_its_connections(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.name == "sqlite":
        pytest.skip("SQLite has no connections that anybody could close")
    context = given_context(store, "outlives")
    given_empty_queue(context)
    url = store.database.engine.url
    doomed = open_store(url.update_query_dict({"application_name": "doomed"}).render_as_string(hide_password=False))
    closed = threading.Event()

    def run(_context: Context, job: Job) -> str:
        if job.id == jobs[1].id and not closed.is_set():
            closed.set()
            with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'"
                )
        return "{}"

    given_kind(monkeypatch, run)
    jobs = given_jobs(context, 3)

    with working(moving(replace(context, store=doomed)), 1, LONG):
        until(replace(context, store=doomed), lambda: states(context, jobs) == {"done": 3})
    doomed.close()

    assert closed.is_set()

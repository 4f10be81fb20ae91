"""The worker through the real table of jobs: small jobs a second, and how soon an idle worker begins one.

Promised on two cores: 1,000 small jobs a second on PostgreSQL and 300 on SQLite, queued beforehand, each claimed under
a lease, run in a thread and ended with its answer; an idle worker ends one within 50 ms after its own process queued
it. `with_effect` are jobs that write a row of their own in a transaction that requires the hold and ends the job.
"""

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.serving import context_over, database, disk_sync_milliseconds, office, percentile
from tieout.domain.notes import Note
from tieout.domain.work import Job
from tieout.services import jobs
from tieout.services.context import Context
from tieout.services.job_holds import end_held
from tieout.services.job_rows import queue_job
from tieout.services.jobs import Runner
from tieout.worker.background import working

ENGINES = ("sqlite", "postgresql")
_JOBS, _QUEUED_AT_ONCE, _ALONE = 6_000, 500, 100
_THREADS = 2
_STOP_SECONDS = 60


def figures() -> dict[str, object]:
    """Every figure by its name, the engine of the store first."""
    found: dict[str, object] = {"disk_sync_ms": round(disk_sync_milliseconds(tempfile.gettempdir()), 3)}
    for engine in ENGINES:
        with database(engine) as url, context_over(url) as context, _kinds():
            entity_id = office(context).entities[0]
            found[f"{engine}_jobs_per_second"] = round(_rate(context, entity_id, "small", _JOBS))
            found[f"{engine}_jobs_with_effect_per_second"] = round(_rate(context, entity_id, "effect", _JOBS // 4))
            alone = _alone(context, entity_id)
            found[f"{engine}_alone_median_ms"] = round(statistics.median(alone) * 1000, 1)
            found[f"{engine}_alone_p99_ms"] = round(percentile(alone, 0.99) * 1000, 1)
    return found


@contextmanager
def _kinds() -> Iterator[None]:
    """Two kinds of jobs that nobody else needs."""
    known = jobs.RUNNERS
    small = Runner(lambda _context, job: json.dumps({"job": job.id}))
    jobs.RUNNERS = {**known, "small": small, "effect": Runner(_with_effect)}
    try:
        yield
    finally:
        jobs.RUNNERS = known


def _with_effect(context: Context, job: Job) -> str:
    """Write a row and end the job in one transaction."""
    answer, now = json.dumps({"job": job.id}), context.now()
    with context.store.operating() as work:
        end_held(work, job, answer, now)
        (note_id,) = work.new_ids(Note)
        work.add(Note(entity_id=job.entity_id, id=note_id, extra=job.request, created_at=now, created_by="benchmark"))
    return answer


def _rate(context: Context, entity_id: int, kind: str, count: int) -> float:
    """Jobs a second from the moment that the worker begins until the last has ended."""
    for start in range(0, count, _QUEUED_AT_ONCE):
        with context.store.operating() as work:
            for number in range(start, min(start + _QUEUED_AT_ONCE, count)):
                queue_job(work, entity_id, kind, {"number": number}, context.now(), "benchmark")
    started = time.perf_counter()
    with working(context, _THREADS, _STOP_SECONDS):
        _until(context, lambda: not _left(context))
        seconds = time.perf_counter() - started
    with context.store.glancing() as view:
        failed = view.count(Job, state="failed")
    assert not failed, f"{failed} jobs failed"
    return count / seconds


def _alone(context: Context, entity_id: int) -> list[float]:
    """Seconds from queueing one job to its end, while nothing else is to be done."""
    found = []
    with working(context, _THREADS, _STOP_SECONDS):
        for number in range(_ALONE):
            started = time.perf_counter()
            with context.store.operating() as work:
                queue_job(work, entity_id, "small", {"number": number}, context.now(), "benchmark")
            _until(context, lambda: not _left(context))
            found.append(time.perf_counter() - started)
    return found


def _left(context: Context) -> bool:
    """Whether a job waits or runs."""
    with context.store.glancing() as view:
        return any(view.all(Job, state=state, limit=1) for state in ("queued", "running"))


def _until(context: Context, there: Callable[[], bool]) -> None:
    """Wait until it is so, looking whenever a job changed."""
    changed = threading.Event()
    with context.store.watching(Job, changed.set):
        while not there():
            changed.wait(1)
            changed.clear()

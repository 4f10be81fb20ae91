"""A worker that goes on beside the answers of a server or by itself: jobs, schedules, and what is swept up."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.idempotency import forget_old_answers
from tieout.services.job_claims import forget_old_jobs
from tieout.services.people.last_uses import write_last_uses
from tieout.services.schedules import run_due_schedules
from tieout.worker.crew import FAULTS_OUTLIVED, LOG, PAUSE_SECONDS, Crew
from tieout.worker.every import Every

# While the database does not answer, it is asked again after 1, 2, 4, ... seconds.
_BACKOFF_SECONDS_MAX = 30
_SWEEP_SECONDS = 600


def worker_name(context: Context) -> str:
    """A name that no other worker of the database has: where it runs, and chance."""
    return f"{socket.gethostname()}:{context.random_bytes(4).hex()}"


@contextmanager
def working(context: Context, threads: int, stop_seconds: float) -> Iterator[threading.Thread]:
    """Run jobs in so many threads until the block ends; those that run then are waited for so many seconds.

    threads: 0 leaves jobs and schedules to other processes and writes down alone what this one remembers.
    """
    stopping = threading.Event()
    crew = Crew(context, worker_name(context), threads) if threads else None
    thread = threading.Thread(target=_work, args=(context, crew, stopping), name="tieout worker", daemon=True)
    with nullcontext() if crew is None else context.store.watching(Job, crew.exchange.call):
        thread.start()
        try:
            yield thread
        finally:
            stopping.set()
            _stop(crew, thread, stop_seconds)


def work_until_ended(context: Context, threads: int, stop_seconds: float, tell: Callable[[], None]) -> None:
    """Run jobs until Ctrl-C (KeyboardInterrupt, as always) or SIGTERM (returns). tell: is called when it begins.

    Raises RuntimeError where the worker ended by itself, which its log explains.
    """
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    before = signal.signal(signal.SIGTERM, end)
    try:
        with working(context, threads, stop_seconds) as worker:
            tell()
            while not ended.wait(PAUSE_SECONDS):
                if not worker.is_alive():
                    raise RuntimeError("the worker ended by itself")
    finally:
        signal.signal(signal.SIGTERM, before)


def _work(context: Context, crew: Crew | None, stopping: threading.Event) -> None:
    rounds = [
        Every(1, lambda: write_last_uses(context)),
        *([Every(1, lambda: run_due_schedules(context))] if crew else []),
        Every(_SWEEP_SECONDS, lambda: forget_old_answers(context)),
        Every(_SWEEP_SECONDS, lambda: forget_old_jobs(context)),
    ]
    faults = 0
    while not stopping.is_set():
        try:
            more = _round(crew, rounds)
            faults = 0
        except FAULTS_OUTLIVED as fault:
            LOG.error("the worker goes on after a fault: %s", fault, exc_info=None if faults else fault)
            stopping.wait(min(2**faults, _BACKOFF_SECONDS_MAX))
            faults, more = faults + 1, True
        if not more:
            _pause(crew, stopping)


def _round(crew: Crew | None, rounds: list[Every]) -> bool:
    for each in rounds:
        each.run_when_due(time.monotonic())
    return crew is not None and crew.look()


def _pause(crew: Crew | None, stopping: threading.Event) -> None:
    if crew is None:
        stopping.wait(PAUSE_SECONDS)
    else:
        crew.exchange.wait(crew.pause_seconds())


def _stop(crew: Crew | None, thread: threading.Thread, seconds: float) -> None:
    if crew is None:
        thread.join()
        return
    crew.exchange.call()
    thread.join()
    try:
        crew.stop(seconds)
    except FAULTS_OUTLIVED as fault:
        LOG.error("what ended last could not be written, and is done again when its leases run out: %s", fault)

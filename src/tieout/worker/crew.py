"""Threads that run jobs, and what one more does for them: claim jobs, keep their leases, write how they ended.

That one alone asks the table of jobs, for all threads at once. While it writes, other jobs end, and the next
transaction takes them together: quick jobs are claimed and ended by the dozen. A slow one is claimed alone, and what
was claimed ahead of need is given back as soon as it would have to wait.
"""

import logging
import sys
import threading
import time
from collections.abc import Sequence

from tieout.domain.work import Job
from tieout.kernel.errors import FAULTS, TieoutError
from tieout.services.context import Context
from tieout.services.job_claims import Ended, claim_jobs, end_jobs, extend_leases, given_back, jobs_wait
from tieout.services.job_holds import lease_length
from tieout.services.jobs import broken_off, lease_seconds, run_job
from tieout.worker.exchange import Exchange

# Jobs that another process queued are begun this late.
PAUSE_SECONDS = 0.5
# One transaction claims so many in some ten milliseconds.
AHEAD_MAX = 64
# Threads that emptied their queue in less were given too little.
_QUICK_SECONDS = 0.1
_SLOW_SECONDS = 0.5
# A job that runs for a day hangs: its lease is kept no longer, and another worker tries.
_HELD_MICROSECONDS_MAX = 24 * 60 * 60 * 1_000_000

# A fault in a job or of the database must not end the worker.
FAULTS_OUTLIVED: tuple[type[Exception], ...] = (TieoutError, OSError, *FAULTS)

LOG = logging.getLogger("tieout")


class Crew:
    """One worker of a database under one name: so many jobs at once, each in a thread."""

    def __init__(self, context: Context, name: str, threads: int) -> None:
        self.exchange = Exchange()
        self._context, self._name, self._size = context, name, threads
        self._threads: list[threading.Thread] = []
        self._ahead = 0
        self._claimed_at = 0.0
        self._more = False
        self._extended_at: dict[int, int] = {}  # by job, when its lease was written last

    def look(self) -> bool:
        """One round: write what ended, keep leases, claim what there are hands for; whether more may be waiting."""
        self._write_ended()
        self._keep_leases()
        if self.exchange.waiting_count() and self.exchange.still_seconds() > _SLOW_SECONDS:
            self._ahead = 0
            self._write([given_back(each) for each in self.exchange.take_back()])
        self._man()
        return self._claim()

    def pause_seconds(self) -> float:
        """How long nothing has to be done unless somebody calls."""
        return min([PAUSE_SECONDS, *(lease_length(each) / 3_000_000 for each in self.exchange.running())])

    def stop(self, seconds: float) -> None:
        """Begin no more jobs; wait for those that run, and give back what has not ended after so many seconds."""
        until = time.monotonic() + seconds
        self._write([given_back(each) for each in self.exchange.close()])
        while (running := self.exchange.running()) and time.monotonic() < until:
            self.exchange.wait(min(self.pause_seconds(), until - time.monotonic()))
            self._write_ended()
            self._keep_leases()
        self._write_ended()
        if running:
            LOG.warning("jobs that had not ended when the worker was stopped go to another: %s", _named(running))
            self._write([given_back(each) for each in running])

    def _man(self) -> None:
        """As many threads as there shall be: one that a job broke is replaced."""
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        while len(self._threads) < self._size:
            thread = threading.Thread(target=self._run, name="tieout job", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        """Run one job after another in a thread of its own."""
        while (job := self.exchange.take()) is not None:
            ended: Ended | None = None
            try:
                ended = self._ended(job)
            except FAULTS_OUTLIVED:
                # Not even its end could be told: the lease runs out, and the job is begun once more.
                LOG.exception("job %d (%s) broke off", job.id, job.kind)
            finally:
                self.exchange.end(job, ended)

    def _ended(self, job: Job) -> Ended | None:
        """How a job ended. What no fault of ours is, as an error of a library, ends the thread once it is told."""
        try:
            return run_job(self._context, job)
        finally:
            fault = sys.exc_info()[1]
            if fault is not None and not isinstance(fault, FAULTS_OUTLIVED):
                self._write([broken_off(self._context, job, fault)])

    def _claim(self) -> bool:
        room = self._size - len(self.exchange.running()) + self._ahead - self.exchange.waiting_count()
        if room <= 0 or not (self._more or jobs_wait(self._context)):
            return False
        claimed = claim_jobs(self._context, self._name, room, lease_seconds)
        took, self._claimed_at = time.monotonic() - self._claimed_at, time.monotonic()
        full = self._more = len(claimed) == room
        if full and took < _QUICK_SECONDS:
            self._ahead = min(AHEAD_MAX, max(4, self._ahead * 2))
        elif took > _SLOW_SECONDS:
            self._ahead //= 2
        self.exchange.put(claimed)
        return full

    def _keep_leases(self) -> None:
        now = self._context.now()
        running = self.exchange.running()
        begun = {each.id: self._extended_at.get(each.id, each.started_at or 0) for each in running}
        old = [each for each in running if now - begun[each.id] >= lease_length(each) // 3]
        kept = [each for each in old if now - (each.started_at or 0) < _HELD_MICROSECONDS_MAX]
        if kept:
            extend_leases(self._context, kept)
            begun.update(dict.fromkeys((each.id for each in kept), now))
        self._extended_at = begun

    def _write_ended(self) -> None:
        self._write(self.exchange.ended())

    def _write(self, ended: Sequence[Ended]) -> None:
        if not ended:
            return
        try:
            lost = end_jobs(self._context, ended)
        except FAULTS_OUTLIVED:
            self.exchange.not_written(ended)
            raise
        if lost:
            LOG.warning("jobs that went to another worker meanwhile: %s", _named(lost))


def _named(jobs: Sequence[Job]) -> str:
    return ", ".join(f"{each.id} ({each.kind})" for each in jobs)

"""Where the thread that claims jobs and the threads that run them meet."""

import threading
import time
from collections import deque
from collections.abc import Sequence

from tieout.domain.work import Job
from tieout.services.job_claims import Ended


class Exchange:
    """Jobs that were claimed and wait, those that run, and how they ended; fit for any number of threads."""

    def __init__(self) -> None:
        lock = threading.Lock()
        self._news = threading.Condition(lock)  # for the claiming thread
        self._jobs_there = threading.Condition(lock)  # for the others
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Job] = {}
        self._ended: list[Ended] = []
        self._called = False
        self._closed = False
        self._moved_at = 0.0

    def call(self) -> None:
        """Wake the claiming thread: there is something to look at."""
        with self._news:
            self._called = True
            self._news.notify()

    def wait(self, seconds: float) -> bool:
        """Wait for a call at most so long; whether there was one."""
        with self._news:
            called = self._news.wait_for(lambda: self._called, seconds)
            self._called = False
            return called

    def put(self, claimed: Sequence[Job]) -> None:
        """Jobs to be run, in this order."""
        with self._jobs_there:
            self._waiting.extend(claimed)
            self._moved_at = time.monotonic()
            self._jobs_there.notify(len(claimed))

    def take(self) -> Job | None:
        """The next job to run, waited for; None when no more are to be run."""
        with self._jobs_there:
            self._jobs_there.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            taken = self._waiting.popleft()
            self._running[taken.id] = taken
            self._moved_at = time.monotonic()
            return taken

    def end(self, job: Job, ended: Ended | None) -> None:
        """A job runs no longer; None where nothing is to be written of it."""
        with self._news:
            self._running.pop(job.id, None)
            if ended is not None:
                self._ended.append(ended)
            self._called = True
            self._news.notify()

    def ended(self) -> list[Ended]:
        """What is to be written, each once."""
        with self._news:
            taken, self._ended = self._ended, []
            return taken

    def not_written(self, ended: Sequence[Ended]) -> None:
        """Put back what could not be written."""
        with self._news:
            self._ended = [*ended, *self._ended]

    def running(self) -> list[Job]:
        """The jobs that run now."""
        with self._news:
            return [*self._running.values()]

    def waiting_count(self) -> int:
        """How many jobs wait for a thread."""
        with self._news:
            return len(self._waiting)

    def still_seconds(self) -> float:
        """For how long no job was put or taken."""
        with self._news:
            return time.monotonic() - self._moved_at

    def take_back(self) -> list[Job]:
        """The jobs that wait for a thread; they wait here no longer."""
        with self._news:
            taken = [*self._waiting]
            self._waiting.clear()
            return taken

    def close(self) -> list[Job]:
        """Let every thread end when its job has; the jobs that were not begun."""
        with self._jobs_there:
            self._closed = True
            self._jobs_there.notify_all()
        return self.take_back()

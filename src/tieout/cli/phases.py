"""Which part of the work goes on, on a terminal, once it takes long: a moving bar where its length is not known."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tieout.cli import progress
from tieout.contracts.reading import Source

if TYPE_CHECKING:
    from rich.progress import Progress


class Work(NamedTuple):
    """How work tells what it does: sources are watched while they are read, everything else is a phase."""

    watch: Callable[[Source], Source]
    tell: Callable[[str], None]  # the phase that begins, like "matching"


@contextmanager
def work_progress() -> Iterator[Work]:
    """Ways to tell how work goes on: bars on standard error, and nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield Work(lambda source: source, lambda _: None)
        return
    with progress.reading_bar() as reading:
        phases = _Phases()

        def tell(phase: str) -> None:
            reading.stop()
            phases.tell(phase)

        try:
            yield Work(reading.watch, tell)
        finally:
            phases.stop()


class _Phases:
    """One line with the name of the phase and a moving bar; it appears late and disappears at the end."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._timer: threading.Timer | None = None
        self._progress: Progress | None = None
        self._phase = 0  # counts them, so that a timer that comes late shows nothing
        self._lock = threading.Lock()

    def tell(self, phase: str) -> None:
        """Name the phase that begins."""
        self.stop()
        rest = self._begun + progress.SECONDS_BEFORE_BAR - time.monotonic()
        if rest <= 0:
            self._show(phase, self._phase)
            return
        self._timer = threading.Timer(rest, self._show, (phase, self._phase))
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Remove the line."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._phase += 1
            shown, self._progress, self._timer = self._progress, None, None
        if shown is not None:
            shown.stop()

    def _show(self, phase: str, number: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        with self._lock:
            if number == self._phase:
                self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
                self._progress.add_task(phase, total=None)
                self._progress.start()

"""Work that goes on beside the answers: queued jobs, and answers kept under keys that nobody may ask for any more."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tieout.kernel.errors import FAULTS, TieoutError
from tieout.services.context import Context
from tieout.services.idempotency import forget_old_answers
from tieout.services.jobs import run_queued
from tieout.services.people.last_uses import write_last_uses

# Jobs of other processes of the same database are seen this late.
_PAUSE_SECONDS = 1
_SWEEP_MICROSECONDS = 600_000_000

# The database may come back, and one job must not end all others.
_FAULTS: tuple[type[Exception], ...] = (TieoutError, OSError, *FAULTS)

_LOG = logging.getLogger("tieout")


@contextmanager
def working(context: Context) -> Iterator[None]:
    """Run jobs in a thread of their own until the block ends; the one that runs then is waited for."""
    stopping = threading.Event()
    thread = threading.Thread(target=_work, args=(context, stopping), name="tieout jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _work(context: Context, stopping: threading.Event) -> None:
    swept_at = 0
    while not stopping.wait(_PAUSE_SECONDS):
        try:
            run_queued(context)
            write_last_uses(context)
            if context.now() - swept_at >= _SWEEP_MICROSECONDS:
                forget_old_answers(context)
                swept_at = context.now()
        except _FAULTS as fault:
            _LOG.error("a job could not be run: %s", fault, exc_info=fault)

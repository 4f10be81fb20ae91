"""Work that goes on after its request was answered: run one job after another until none waits."""

import json
from collections.abc import Callable, Mapping

from tieout.domain.books import Job
from tieout.kernel.errors import FAULTS, TieoutError, place_of
from tieout.services.context import Context
from tieout.services.intake import read_document
from tieout.services.job_rows import claim_job, finish_job, job, queue_job

__all__ = ("job", "queue_job", "run_queued")

# What runs a job of each kind: it gives the answer as JSON text.
RUNNERS: Mapping[str, Callable[[Context, Job], str]] = {"read_document": read_document}

# A fault in one job must not cost the others; it is told in the job.
_FAULTS: tuple[type[Exception], ...] = (TieoutError, OSError, *FAULTS)


def run_queued(context: Context) -> int:
    """Run every job that waits, oldest first; how many were run.

    A job that fails is `failed`, with the fault as its answer; it is not tried again.
    """
    count = 0
    while (claimed := claim_job(context)) is not None:
        state, answer = _run(context, claimed)
        finish_job(context, claimed, state, answer)
        count += 1
    return count


def _run(context: Context, claimed: Job) -> tuple[str, str]:
    try:
        return "done", RUNNERS[claimed.kind](context, claimed)
    except _FAULTS as fault:
        told = {"code": "fault", "message": f"tieout itself failed ({type(fault).__name__} at {place_of(fault)})"}
        return "failed", json.dumps(told)

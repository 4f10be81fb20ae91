"""Work that goes on after its request was answered: run one job after another until none waits."""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tieout.domain.books import Job
from tieout.kernel.errors import FAULTS, TieoutError, place_of
from tieout.services.context import Context
from tieout.services.intake import give_up_document, read_document
from tieout.services.job_rows import claim_job, finish_job, job, queue_job

__all__ = ("RUNNERS", "Runner", "job", "queue_job", "run_queued")

# A fault in one job must not cost the others; it is told in the job.
_FAULTS: tuple[type[Exception], ...] = (TieoutError, OSError, *FAULTS)


class Runner(NamedTuple):
    """How jobs of one kind are run: `run` gives the answer as JSON text, `give_up` is told of a fault that it had."""

    run: Callable[[Context, Job], str]
    give_up: Callable[[Context, Job, str], None]


RUNNERS: Mapping[str, Runner] = {"read_document": Runner(read_document, give_up_document)}


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
    runner = RUNNERS[claimed.kind]
    try:
        return "done", runner.run(context, claimed)
    except _FAULTS as fault:
        message = f"tieout itself failed ({type(fault).__name__} at {place_of(fault)})"
        runner.give_up(context, claimed, message)
        return "failed", json.dumps({"code": "fault", "message": message})

"""Work that goes on after its request was answered: run one job after another until none waits."""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tieout.domain.work import Job
from tieout.kernel.errors import FAULTS, TieoutError, place_of
from tieout.services.context import Context
from tieout.services.intake import give_up_document, read_document
from tieout.services.job_rows import claim_job, finish_job, job, queue_job
from tieout.services.matching_jobs import KIND as MATCHING
from tieout.services.matching_jobs import run_matching

__all__ = ("RUNNERS", "Runner", "job", "queue_job", "run_queued")

# A fault in one job must not cost the others; it is told in the job.
_FAULTS: tuple[type[Exception], ...] = (TieoutError, OSError, *FAULTS)


class Runner(NamedTuple):
    """How jobs of one kind are run: `run` gives the answer as JSON text.

    give_up: is told of a fault that a job had, where something beside the job waits for its end.
    """

    run: Callable[[Context, Job], str]
    give_up: Callable[[Context, Job, str], None] | None = None


# Every kind that is ever queued stands here: whoever runs jobs needs nothing else imported.
RUNNERS: Mapping[str, Runner] = {
    "read_document": Runner(read_document, give_up_document),
    MATCHING: Runner(run_matching),
}


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
    runner = RUNNERS.get(claimed.kind)
    if runner is None:
        return _failed(f'this tieout knows no job of the kind "{claimed.kind}"; another version queued it: ask again')
    try:
        return "done", runner.run(context, claimed)
    except _FAULTS as fault:
        message = f"tieout itself failed ({type(fault).__name__} at {place_of(fault)})"
        if runner.give_up is not None:
            runner.give_up(context, claimed, message)
        return _failed(message)


def _failed(message: str) -> tuple[str, str]:
    return "failed", json.dumps({"code": "fault", "message": message}, ensure_ascii=False)

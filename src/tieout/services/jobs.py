"""Work that goes on after its request was answered: what each kind of job does, and how one is run to its end."""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tieout.domain.work import Job
from tieout.kernel.errors import FAULTS, TieoutError, place_of
from tieout.services.context import Context
from tieout.services.feeds.feeds import FETCH
from tieout.services.feeds.fetching import FETCH_ATTEMPTS_MAX, fetch_feed
from tieout.services.intake import give_up_document, read_document
from tieout.services.job_claims import Ended, claim_jobs, end_jobs
from tieout.services.job_holds import Again, GivenUp, Later, LeaseLost
from tieout.services.job_rows import job, queue_job
from tieout.services.job_waits import wait_before
from tieout.services.matching_jobs import KIND as MATCHING
from tieout.services.matching_jobs import run_matching
from tieout.services.settlements.analysing_jobs import KIND as ANALYSIS
from tieout.services.settlements.analysing_jobs import run_analysis
from tieout.services.syncing.outbox import PUSH
from tieout.services.syncing.pulling import ATTEMPTS_MAX as PULL_ATTEMPTS_MAX
from tieout.services.syncing.pulling import give_up_pull, run_pull
from tieout.services.syncing.pulling_jobs import PULL
from tieout.services.syncing.pushing import ATTEMPTS_MAX as PUSH_ATTEMPTS_MAX
from tieout.services.syncing.pushing import give_up_push, run_push
from tieout.store.errors import StoreUnreachable

__all__ = ("RUNNERS", "Runner", "job", "lease_seconds", "queue_job", "run_job", "run_queued")

LEASE_SECONDS = 600
# A job whose worker was gone so often ends its workers itself: it takes more memory than there is, say.
LOST_MAX = 5

# A fault in one job must not cost the others; it is told in the job.
_FAULTS: tuple[type[Exception], ...] = (TieoutError, OSError, *FAULTS)


class Runner(NamedTuple):
    """How jobs of one kind are run: `run` gives the answer as JSON text.

    A job may be run more than once: its worker may be gone before the end was written. What must happen once happens in
    one transaction that begins with `require_held`, and either finds out by itself that it has happened or ends with
    `end_held`. `run` raises Again where another attempt may do better, Later where nothing failed but time must
    pass, and GivenUp where no attempt ever will.
    give_up: is told of a fault that ended a job for good, where something beside the job waits for its end.
    attempts_max: how often a job is begun before a fault that may pass ends it for good.
    lease_seconds: this long after its worker was last alive, a job goes to another.
    retries_faults: an unforeseen fault is one that may pass.
    """

    run: Callable[[Context, Job], str]
    give_up: Callable[[Context, Job, str], None] | None = None
    attempts_max: int = 1
    lease_seconds: int = LEASE_SECONDS
    retries_faults: bool = False


# Every kind that is ever queued stands here: whoever runs jobs needs nothing else imported.
RUNNERS: Mapping[str, Runner] = {
    "read_document": Runner(read_document, give_up_document),
    MATCHING: Runner(run_matching),
    ANALYSIS: Runner(run_analysis),
    FETCH: Runner(fetch_feed, attempts_max=FETCH_ATTEMPTS_MAX),
    PULL: Runner(run_pull, give_up_pull, attempts_max=PULL_ATTEMPTS_MAX),
    PUSH: Runner(run_push, give_up_push, attempts_max=PUSH_ATTEMPTS_MAX),
}


def lease_seconds(kind: str) -> int:
    """For how long a job of this kind is held without a sign of life."""
    return RUNNERS[kind].lease_seconds if kind in RUNNERS else LEASE_SECONDS


def run_queued(context: Context) -> int:
    """Run every job that is due in this thread, oldest first, until none is; how many were run."""
    count = 0
    while claimed := claim_jobs(context, "run_queued", 1, lease_seconds):
        ended = [each for each in (run_job(context, one) for one in claimed) if each is not None]
        end_jobs(context, ended)
        count += 1
    return count


def run_job(context: Context, claimed: Job) -> Ended | None:
    """Run a claimed job: how it ended, to be written by `end_jobs`; None where it was lost to another worker.

    A fault that may pass puts it back into the queue while attempts are left; any other makes it a dead letter.
    """
    runner = RUNNERS.get(claimed.kind)
    if runner is None:
        message = f'this tieout knows no job of the kind "{claimed.kind}"; another version queued it: ask again'
        return _failed(context, claimed, message)
    if claimed.attempts > max(runner.attempts_max, LOST_MAX):
        begun = claimed.attempts - 1
        message = (
            f"begun {begun} times, its worker was gone before it ended; look for what ends the process, then retry it"
        )
        return _given_up(context, claimed, runner, message)
    try:
        answer = runner.run(context, claimed)
    except LeaseLost:
        return None
    except (Again, GivenUp, Later) as said:
        return _not_ended(context, claimed, runner, said)
    except StoreUnreachable as fault:
        # No fault of the job: it is tried again as if its worker had gone, which the database could not tell either.
        return _queued_again(context, claimed, str(fault), wait_before(claimed.attempts, None, context.random_bytes))
    except _FAULTS as fault:
        return broken_off(context, claimed, fault)
    return Ended(claimed, {"state": "done", "answer": answer, "finished_at": context.now(), "fault": ""})


def _not_ended(context: Context, claimed: Job, runner: Runner, said: Again | GivenUp | Later) -> Ended:
    """What becomes of a job that says itself why it does not end now."""
    match said:
        case Later():
            return _later(context, claimed, str(said), said.after_seconds)
        case Again():
            return _again(context, claimed, runner, str(said), said.after_seconds)
    return _given_up(context, claimed, runner, str(said))


def broken_off(context: Context, claimed: Job, fault: BaseException) -> Ended:
    """How a job ended that raised what nobody foresaw: tried again where its kind says so, a dead letter otherwise."""
    runner = RUNNERS[claimed.kind]
    message = f"tieout itself failed ({type(fault).__name__} at {place_of(fault)})"
    if runner.retries_faults:
        return _again(context, claimed, runner, message, None)
    return _given_up(context, claimed, runner, message)


def _later(context: Context, claimed: Job, message: str, after_seconds: int) -> Ended:
    due_at = context.now() + wait_before(1, after_seconds, context.random_bytes)
    return Ended(
        claimed,
        {"state": "queued", "fault": message, "due_at": due_at, "attempts": claimed.attempts - 1, "worker": ""},
    )


def _again(context: Context, claimed: Job, runner: Runner, message: str, after_seconds: int | None) -> Ended:
    if claimed.attempts >= runner.attempts_max:
        return _given_up(context, claimed, runner, message)
    return _queued_again(context, claimed, message, wait_before(claimed.attempts, after_seconds, context.random_bytes))


def _queued_again(context: Context, claimed: Job, message: str, wait: int) -> Ended:
    return Ended(claimed, {"state": "queued", "fault": message, "due_at": context.now() + wait, "worker": ""})


def _given_up(context: Context, claimed: Job, runner: Runner, message: str) -> Ended:
    if runner.give_up is not None:
        runner.give_up(context, claimed, message)
    return _failed(context, claimed, message)


def _failed(context: Context, claimed: Job, message: str) -> Ended:
    answer = json.dumps({"code": "fault", "message": message}, ensure_ascii=False)
    return Ended(claimed, {"state": "failed", "answer": answer, "finished_at": context.now(), "fault": message})

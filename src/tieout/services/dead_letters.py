"""Jobs as people look at them: those that wait, run, are done, and failed for good until somebody retries."""

from dataclasses import replace

from tieout.domain.people import Capability, Principal
from tieout.domain.work import Job
from tieout.services.context import Context, Denied, denied
from tieout.services.job_claims import take_waiting_in, until_free
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Condition, Order

STATES = ("queued", "running", "done", "failed")


def jobs(
    context: Context,
    principal: Principal,
    entity_id: int,
    *,
    state: str | None = None,
    kind: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[Job] | Denied:
    """Jobs of an entity by id, those above `after`; of one state or kind where they are named. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    if state is not None and state not in STATES:
        return denied("not_allowed", "state", value=state)
    named = [Condition(name, "=", value) for name, value in (("state", state), ("kind", kind)) if value is not None]
    with context.store.reading() as view:
        behind = Condition("id", ">", after)
        return view.all(Job, behind, *named, order=(Order("id"),), limit=limit, entity_id=entity_id)


def entity_of_job(context: Context, job_id: int) -> int | None:
    """The entity of a job, for whoever may see every entity; None where there is no such job."""
    with context.store.glancing() as view:
        return view.entity_of(Job, job_id)


def retry_job(context: Context, principal: Principal, entity_id: int, job_id: int) -> Job | Denied:
    """Queue a dead letter once more, with all its attempts before it. Needs PREPARE.

    Another job of its key that waits is taken into it. Refused: not_found; state_differs (fact `state`) for a job that
    waits, runs or is done.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused

    def retry() -> Job | Denied:
        now = context.now()
        with context.store.operating() as work:
            found = work.lock(Job, entity_id=entity_id, id=job_id)
            if not found:
                return denied("not_found", "job")
            (letter,) = found
            if letter.state != "failed":
                return denied("state_differs", "job", state=letter.state)
            take_waiting_in(work, letter, now)
            again = replace(letter, state="queued", answer="", finished_at=None, due_at=now, attempts=0, worker="")
            work.change(letter, state="queued", answer="", finished_at=None, due_at=now, attempts=0, worker="")
            return again

    return until_free(retry)

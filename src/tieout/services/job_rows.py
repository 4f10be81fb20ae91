"""Jobs as rows: queued with the change that needs them, looked at while they wait, run and end."""

import json
from collections.abc import Mapping
from dataclasses import replace

from tieout.domain.people import Capability, Principal
from tieout.domain.work import Job
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Writing


def queue_job(
    work: Writing,
    entity_id: int,
    kind: str,
    request: Mapping[str, object],
    now: int,
    by: str,
    *,
    due_at: int = 0,
    joined_by: str = "",
) -> Job:
    """A job in the transaction of the change that needs it; `request` must be fit for JSON.

    due_at: not to be started before; 0 for at once, behind those that wait already. joined_by: where a job of this key
    is queued already it is given back instead of a second one, brought forward to `due_at` unless it waits after a
    fault. Jobs of one key never run beside each other.
    """
    operational = work.operational()
    due_at = due_at or now
    asked = Job(
        entity_id=entity_id,
        id=work.new_ids(Job)[0],
        kind=kind,
        state="queued",
        request=json.dumps(dict(request), ensure_ascii=False, sort_keys=True),
        answer="",
        created_at=now,
        created_by=by,
        started_at=None,
        finished_at=None,
        due_at=due_at,
        joined_by=joined_by,
    )
    while not operational.add_unless_kept(asked):
        assert joined_by, "ids are never given twice"
        # None where it was begun since: then there is room for the new one.
        for queued in operational.lock(Job, state="queued", joined_by=joined_by):
            return _brought_forward(operational, queued, due_at)
    return asked


def _brought_forward(work: Writing, queued: Job, due_at: int) -> Job:
    if due_at >= queued.due_at or queued.fault:
        return queued
    work.change(queued, due_at=due_at)
    return replace(queued, due_at=due_at)


def job(context: Context, principal: Principal, entity_id: int, job_id: int) -> Job | Denied:
    """One job as it stands."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.one(Job, entity_id=entity_id, id=job_id) or denied("not_found", "job")

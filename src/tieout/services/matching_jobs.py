"""Runs of the engine that go on after their request was answered."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from tieout.domain.people import Capability, Face, Principal
from tieout.domain.work import Job
from tieout.services.context import Context, Denied
from tieout.services.job_rows import queue_job
from tieout.services.people.principals import principal_of_user
from tieout.services.permitting import not_permitted
from tieout.services.proposing import propose_matches

KIND = "match"


def queue_matching(
    context: Context, principal: Principal, entity_id: int, account_ids: Sequence[int] | None = None
) -> Job | Denied:
    """A job that proposes matches as `propose_matches` does, for whoever asks now. Needs PREPARE."""
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    with context.store.operating() as work:
        asked = matching_request(principal, account_ids)
        return queue_job(work, entity_id, KIND, asked, context.now(), principal.name)


def matching_request(principal: Principal, account_ids: Sequence[int] | None) -> dict[str, object]:
    """What such a job is asked for: who acts, and the accounts, None for all."""
    return {
        "user_id": principal.user_id,
        "face": str(principal.face),
        "post": principal.post,
        "account_ids": None if account_ids is None else list(account_ids),
    }


def run_matching(context: Context, job: Job) -> str:
    """Run the engine for such a job: the run as JSON text, or the refusals.

    Whoever asked acts with the role that they have when it runs, and with no more than they had.
    """
    asked = json.loads(job.request)
    found = principal_of_user(context, asked["user_id"], Face(asked["face"]))
    if found is None:
        return _refused(("not_permitted",))
    principal = replace(found, post=asked["post"])
    run = propose_matches(context, principal, job.entity_id, account_ids=asked["account_ids"])
    return _refused(run.codes) if isinstance(run, Denied) else json.dumps(asdict(run))


def _refused(codes: Sequence[str]) -> str:
    return json.dumps({"refusals": list(codes)})

"""Analysing after something came in, for whoever sent it."""

import json
from dataclasses import asdict

from tieout.domain.work import Job
from tieout.services.context import Context, Denied
from tieout.services.people.acting import principal_said
from tieout.services.settlements.analysing import analyse
from tieout.services.settlements.queueing import KIND

__all__ = ["KIND", "run_analysis"]


def run_analysis(context: Context, job: Job) -> str:
    """Analyse the account of such a job: what came of it as JSON text, or the refusals.

    Whoever sent what came in acts with the role that they have when it runs, and with no more than they had.
    """
    asked = json.loads(job.request)
    principal = principal_said(context, asked["acting"]) if asked["acting"] else None
    if principal is None:
        return json.dumps({"refusals": ["not_permitted"]})
    found = analyse(context, principal, job.entity_id, asked["account"])
    return json.dumps({"refusals": list(found.codes)} if isinstance(found, Denied) else asdict(found))

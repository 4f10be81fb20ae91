"""The job that analyses an account after something came into it: at most one waits, however much comes."""

from collections.abc import Mapping

from tieout.domain.work import Job
from tieout.services.job_rows import queue_job
from tieout.store.protocols import Writing

KIND = "analyse_settlements"


def queue_analysis(
    work: Writing, entity_id: int, account_id: int, acting: Mapping[str, object], now: int, by: str
) -> Job:
    """Queue it in the transaction of what came in; acting: who asks, as people.acting says; empty for nobody known."""
    asked = {"account": account_id, "acting": dict(acting)}
    return queue_job(work, entity_id, KIND, asked, now, by, joined_by=f"{KIND}:{entity_id}:{account_id}")

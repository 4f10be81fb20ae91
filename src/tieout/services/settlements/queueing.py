"""The job that analyses an account after something came into it: at most one waits, however much comes."""

from collections.abc import Collection, Mapping

from tieout.domain.settlements import BatchState, SettlementBatch
from tieout.domain.work import Job
from tieout.services.job_rows import queue_job
from tieout.store.protocols import Condition, Reading, Writing

KIND = "analyse_settlements"


def queue_analysis(
    work: Writing, entity_id: int, account_id: int, acting: Mapping[str, object], now: int, by: str
) -> Job:
    """Queue it in the transaction of what came in; acting: who asks, as people.acting says; empty for nobody known."""
    asked = {"account": account_id, "acting": dict(acting)}
    return queue_job(work, entity_id, KIND, asked, now, by, joined_by=f"{KIND}:{entity_id}:{account_id}")


def waiting_accounts(view: Reading, entity_id: int, currencies: Collection[str]) -> tuple[int, ...]:
    """The clearing accounts with a batch in one of the currencies that may close once its payout or orders are there.

    Entries that their provider has not paid out wait for the provider alone.
    """
    of_currencies = Condition("currency", "in", sorted(currencies))
    unfinished = Condition("state", "!=", BatchState.FINALIZED), Condition("number", "!=", "")
    found = view.all(SettlementBatch, of_currencies, *unfinished, entity_id=entity_id)
    return tuple(sorted({batch.account_id for batch in found}))

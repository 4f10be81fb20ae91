"""Batches as they are kept: found or opened, their figures moved by what comes in, goes out or changes hands."""

from collections.abc import Sequence
from dataclasses import replace

from tieout.domain.settlements import (
    BatchState,
    Delivery,
    DeliveryProgress,
    SettlementBatch,
    SettlementEntry,
    SignRule,
)
from tieout.store.protocols import Condition, Writing

# How many ids one question to the store names.
IDS_ASKED_MAX = 5_000
# What taking, receiving and analysing may change of a batch.
_FIGURES = (
    "state",
    "sign_rule",
    "entries",
    "entries_minor_units",
    "carried_minor_units",
    "payout_minor_units",
    "payout_day",
    "payout_line_id",
    "gap_minor_units",
    "start_day",
    "end_day",
    "analyzed_at",
    "finalized_at",
)


def new_batch(
    work: Writing, entity_id: int, account_id: int, *, number: str, channel: str, currency: str, at: int
) -> SettlementBatch:
    """An open batch without entries, with an id of its own, not yet added."""
    return SettlementBatch(
        entity_id=entity_id,
        id=work.new_ids(SettlementBatch)[0],
        account_id=account_id,
        document_id=None,
        statement_id=None,
        number=number,
        channel=channel,
        currency=currency,
        state=BatchState.OPEN,
        sign_rule=SignRule.AS_RECEIVED,
        entries=0,
        entries_minor_units=0,
        carried_minor_units=0,
        payout_minor_units=None,
        payout_day=None,
        payout_line_id=None,
        gap_minor_units=None,
        start_day=None,
        end_day=None,
        created_at=at,
        updated_at=at,
        analyzed_at=None,
        finalized_at=None,
    )


def keep_batch(work: Writing, before: SettlementBatch, after: SettlementBatch, at: int) -> SettlementBatch:
    """The batch as it is kept now. One that was finalised and whose figures changed is only analysed again."""
    if after == before:
        return before
    if before.state == after.state == BatchState.FINALIZED:
        after = replace(after, state=BatchState.ANALYZED, finalized_at=None)
    after = replace(after, updated_at=at)
    changed = {name: getattr(after, name) for name in _FIGURES if getattr(after, name) != getattr(before, name)}
    kept = work.change(before, **changed, updated_at=at)
    assert kept, "a batch is changed under the lock of its entity"
    return after


def gap_of(batch: SettlementBatch) -> int | None:
    """payout - (entries + carried); None where nothing says a payout and nothing was carried.

    With everything carried on, a payout that is absent is zero.
    """
    if batch.payout_minor_units is None and not batch.carried_minor_units:
        return None
    return (batch.payout_minor_units or 0) - batch.entries_minor_units - batch.carried_minor_units


def entries_of_lines(work: Writing, entity_id: int, line_ids: Sequence[int]) -> dict[int, SettlementEntry]:
    """The entries of these lines, by line."""
    found: dict[int, SettlementEntry] = {}
    for start in range(0, len(line_ids), IDS_ASKED_MAX):
        of_them = Condition("line_id", "in", list(line_ids[start : start + IDS_ASKED_MAX]))
        found |= {entry.line_id: entry for entry in work.all(SettlementEntry, of_them, entity_id=entity_id)}
    return found


def recount_deliveries(work: Writing, entity_id: int, batch_ids: Sequence[int]) -> None:
    """Count anew how far every integration is with these batches: entries went from one to another."""
    for batch_id in batch_ids:
        line_ids = [entry.line_id for entry in work.all(SettlementEntry, entity_id=entity_id, batch_id=batch_id)]
        deliveries: list[Delivery] = []
        for start in range(0, len(line_ids), IDS_ASKED_MAX):
            of_them = Condition("line_id", "in", line_ids[start : start + IDS_ASKED_MAX])
            deliveries += work.all(Delivery, of_them, entity_id=entity_id)
        for progress in work.all(DeliveryProgress, entity_id=entity_id, batch_id=batch_id):
            work.operational().remove(progress)
        for integration_id in sorted({each.integration_id for each in deliveries}):
            own = [each for each in deliveries if each.integration_id == integration_id]
            work.operational().add(
                DeliveryProgress(
                    entity_id=entity_id,
                    integration_id=integration_id,
                    batch_id=batch_id,
                    touched=len(own),
                    resolved=sum(each.resolved_at is not None for each in own),
                    unread_from=0,
                    unresolved_from=0,
                )
            )

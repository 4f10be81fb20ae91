"""Settlements as people look at them: batches with what keeps them open, entries with their lines."""

from dataclasses import dataclass

from tieout.domain.people import Capability, Principal
from tieout.domain.settlements import BatchState, SettlementBatch, SettlementEntry
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.services.settlements.closing import closing_refusals
from tieout.services.settlements.payouts import arrived, payout_lines
from tieout.store.protocols import Condition, LineNow, Order

_AFTER = "line_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchNow:
    """A batch, the lines by which it was paid out, and everything that keeps it from being finalised."""

    batch: SettlementBatch
    payout_line_ids: tuple[int, ...]
    refusals: tuple[Refusal, ...]  # none of one that is finalised


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNow:
    """An entry with its line as it counts now."""

    entry: SettlementEntry
    now: LineNow


def batches(
    context: Context,
    principal: Principal,
    entity_id: int,
    *,
    account_id: int | None = None,
    state: BatchState | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[SettlementBatch] | Denied:
    """Batches by id, those above `after`, of one account and in one state where these are named. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    wanted = [Condition("id", ">", after)]
    wanted += [] if account_id is None else [Condition("account_id", "=", account_id)]
    wanted += [] if state is None else [Condition("state", "=", state)]
    with context.store.reading() as view:
        return view.all(SettlementBatch, *wanted, order=(Order("id"),), limit=limit, entity_id=entity_id)


def batch(context: Context, principal: Principal, entity_id: int, batch_id: int) -> BatchNow | Denied:
    """One batch with what keeps it open. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        found = view.one(SettlementBatch, entity_id=entity_id, id=batch_id)
        if found is None:
            return denied("not_found", "batch")
        payouts = payout_lines(view, entity_id, [found]).get(found.id, [])
        refusals = closing_refusals(found, payouts, arrived(view, entity_id, payouts))
    ids = tuple(sorted(now.line.id for now in payouts))
    return BatchNow(batch=found, payout_line_ids=ids, refusals=refusals)


def entries(
    context: Context,
    principal: Principal,
    entity_id: int,
    *,
    batch_id: int | None = None,
    order_code: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[EntryNow] | Denied:
    """Entries by line, those above `after`, of one batch and one order where these are named. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    wanted = [Condition(_AFTER, ">", after)]
    wanted += [] if batch_id is None else [Condition("batch_id", "=", batch_id)]
    wanted += [] if order_code is None else [Condition("order_code", "=", order_code)]
    with context.store.reading() as view:
        found = view.all(SettlementEntry, *wanted, order=(Order(_AFTER),), limit=limit, entity_id=entity_id)
        ids = Condition("id", "in", [entry.line_id for entry in found])
        lines = {now.line.id: now for now in view.lines(entity_id, ids)} if found else {}
    return [EntryNow(entry=entry, now=lines[entry.line_id]) for entry in found if entry.line_id in lines]

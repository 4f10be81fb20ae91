"""When a batch is analysed, when it is finalised, and what keeps it from being so."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from tieout.domain.settlements import BatchState, SettlementBatch
from tieout.kernel.errors import Refusal
from tieout.store.protocols import LineNow


def next_state(
    batch: SettlementBatch, payouts: Sequence[LineNow], arrived_lines: Collection[int], at: int
) -> SettlementBatch:
    """The batch after it was looked at: analysed, finalised where nothing keeps it from that.

    Entries that wait for a payout of their provider stay as they are, hidden, unless balances prove them.
    """
    if not batch.number and batch.gap_minor_units is None:
        return batch
    analysed = replace(batch, analyzed_at=batch.analyzed_at or at)
    if closing_refusals(batch, payouts, arrived_lines):
        return replace(analysed, state=BatchState.ANALYZED, finalized_at=None)
    if batch.state == BatchState.FINALIZED:
        return batch
    return replace(analysed, state=BatchState.FINALIZED, finalized_at=at)


def closing_refusals(
    batch: SettlementBatch, payouts: Sequence[LineNow], arrived_lines: Collection[int]
) -> tuple[Refusal, ...]:
    """Everything that keeps a batch from being finalised.

    required: entries are not paid out yet (number), nothing says what was paid (payout) or, between two balances, what
    was carried (carried), or no rule of signs ties it (sign_rule). residual_remains: entries, payout and carried
    balance do not close to zero (fact `minor_units`).
    unpaid: a payout line is not tied to a line of the bank (fact `line`).
    """
    facts = (("batch", str(batch.id)),)
    found = []
    if not batch.number:
        found.append(Refusal("required", "number", facts))
    if not batch.sign_rule:
        found.append(Refusal("required", "sign_rule", facts))
    if batch.gap_minor_units is None:
        found.append(Refusal("required", "payout" if batch.payout_minor_units is None else "carried", facts))
    elif batch.gap_minor_units:
        found.append(Refusal("residual_remains", batch.currency, (("minor_units", str(batch.gap_minor_units)),)))
    if batch.payout_minor_units and not payouts:
        found.append(Refusal("unpaid", "payout", facts))
    found += [
        Refusal("unpaid", "payout", (("line", str(now.line.id)),))
        for now in payouts
        if now.line.id not in arrived_lines
    ]
    return tuple(found)

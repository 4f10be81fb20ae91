"""Entries that go from the batch where they waited into the one that names their payout."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tieout.domain.settlements import SettlementBatch, SettlementEntry
from tieout.services.line_versions import latest_version, next_version
from tieout.services.settlements.batches import keep_batch, recount_deliveries
from tieout.store.protocols import Writing


def move_entries(
    work: Writing, batch: SettlementBatch, moved: Mapping[int, SettlementEntry], amounts: Mapping[int, int], at: int
) -> None:
    """Let entries go into a batch whose figures count them already; what was delivered of them stays so.

    moved, amounts: by line the entry as it was, and its effect in minor units. The batches that they leave lose them;
    one that balances prove goes on to carry what it has.
    """
    if not moved:
        return
    entity_id = batch.entity_id
    for entry in moved.values():
        work.change(entry, batch_id=batch.id)
    counts = Counter(entry.batch_id for entry in moved.values())
    for left_id, count in counts.items():
        left = work.one(SettlementBatch, entity_id=entity_id, id=left_id)
        assert left is not None, "an entry is of a batch"
        gone = sum(amounts[line_id] for line_id, entry in moved.items() if entry.batch_id == left_id)
        after = replace(left, entries=left.entries - count, entries_minor_units=left.entries_minor_units - gone)
        if left.gap_minor_units is not None:
            after = balanced(after, left.gap_minor_units)
        keep_batch(work, left, after, at)
    recount_deliveries(work, entity_id, sorted({*counts, batch.id}))


def balanced(batch: SettlementBatch, gap: int | None) -> SettlementBatch:
    """The batch with what balances say was carried: whatever its entries and its payout leave, but for the gap."""
    if gap is None:
        return replace(batch, carried_minor_units=0, gap_minor_units=None)
    carried = (batch.payout_minor_units or 0) - batch.entries_minor_units - gap
    return replace(batch, carried_minor_units=carried, gap_minor_units=gap)


def name_batch(work: Writing, entity_id: int, line_id: int, number: str, at: int, by: str) -> None:
    """Give a line that named no batch a version that does."""
    last = latest_version(work, entity_id, line_id)
    if number and last is not None and not last.batch:
        work.add(next_version(last, at, by, batch=number))

"""What of the settlements a consuming system may see: batches that are analysed or finalised, and their entries."""

from collections.abc import Collection

from tieout.domain.settlements import BatchState, Integration, SettlementBatch, SettlementEntry
from tieout.store.protocols import Condition, Reading


def shown_batches(view: Reading, entity_id: int, batch_ids: Collection[int]) -> list[SettlementBatch]:
    """Those of the batches that are shown, by id."""
    of_them = Condition("id", "in", sorted(batch_ids))
    return view.all(SettlementBatch, of_them, Condition("state", "!=", BatchState.OPEN), entity_id=entity_id)


def entries_of(view: Reading, integration: Integration, line_ids: Collection[int]) -> list[SettlementEntry]:
    """The entries of these lines in the entity of an integration, by line; shown or not."""
    if not line_ids:
        return []
    return view.all(SettlementEntry, Condition("line_id", "in", sorted(line_ids)), entity_id=integration.entity_id)

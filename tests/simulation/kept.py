"""Everything that is kept of one entity, read row by row, and what follows from it by the plainest means."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tests.simulation.kept_outside import Outside, outside_of
from tieout.domain.accounts import Account, PeriodLock
from tieout.domain.books import Invoice, JournalEntry
from tieout.domain.lines import Document, Line, LineUse
from tieout.domain.match_records import AdjustmentRecord, AllocationRecord, MatchRecord, StateRecord
from tieout.domain.reconciling import Clearing, Reconciliation, ReconciliationStep
from tieout.store.protocols import Reading, Scope

# Rows that are only ever added.
FACTS = ("versions", "matches", "allocations", "adjustments", "states", "steps")
POSTED = (
    "customer_payment", "supplier_payment", "customer_batch_payment", "supplier_batch_payment",
    "journal_entry_line", "bank_transfer", "bank_entry",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """The rows of one entity at one moment, in the order of their keys."""

    accounts: Sequence[Account]
    locks: Sequence[PeriodLock]
    versions: Sequence[Line]
    uses: Sequence[LineUse]
    documents: Sequence[Document]
    matches: Sequence[MatchRecord]
    allocations: Sequence[AllocationRecord]
    adjustments: Sequence[AdjustmentRecord]
    states: Sequence[StateRecord]
    invoices: Sequence[Invoice]
    entries: Sequence[JournalEntry]
    reconciliations: Sequence[Reconciliation]
    clearings: Sequence[Clearing]
    steps: Sequence[ReconciliationStep]
    outside: Outside
    events: int

    @cached_property
    def latest(self) -> Mapping[int, Line]:
        """The last version of every line, deleted ones too."""
        found: dict[int, Line] = {}
        for version in self.versions:
            if version.id not in found or version.version > found[version.id].version:
                found[version.id] = version
        return found

    @cached_property
    def lines(self) -> Mapping[int, Line]:
        """The lines that there are."""
        return {line.id: line for line in self.latest.values() if not line.deleted}

    @cached_property
    def statuses(self) -> Mapping[int, str]:
        """Where every match stands: as its last state says, or as it was born."""
        found = {match.id: match.born for match in self.matches}
        for state in sorted(self.states, key=lambda each: (each.match_id, each.number)):
            found[state.match_id] = state.state
        return found

    @cached_property
    def live(self) -> Sequence[AllocationRecord]:
        """The allocations of confirmed matches."""
        return [leg for leg in self.allocations if self.statuses[leg.match_id] == "confirmed"]

    @cached_property
    def used(self) -> Mapping[int, int]:
        """What confirmed matches use of each line that they use."""
        found: defaultdict[int, int] = defaultdict(int)
        for leg in self.live:
            found[leg.line_id] += leg.minor_units
        return dict(found)

    def left(self, line_id: int) -> int:
        """What no confirmed match uses of a line."""
        return self.lines[line_id].minor_units - self.used.get(line_id, 0)

    def legs(self, match_id: int) -> Sequence[AllocationRecord]:
        """The allocations of a match."""
        return [leg for leg in self.allocations if leg.match_id == match_id]

    def chain(self, account_id: int) -> Sequence[Reconciliation]:
        """The reconciliations of an account in their order."""
        own = [each for each in self.reconciliations if each.account_id == account_id]
        return sorted(own, key=lambda each: (each.end_day, each.id))

    def locked(self, account_id: int) -> int:
        """The last day that is locked for an account; a day before all others where none is."""
        days = [lock.through_day for lock in self.locks if lock.enabled and lock.account_id in (0, account_id)]
        return max(days, default=-1)

    def closed(self, account_id: int) -> int:
        """The last day that is locked for an account, or that a completed reconciliation of it ends."""
        ends = [each.end_day for each in self.chain(account_id) if each.done]
        return max([self.locked(account_id), *ends])


def kept_of(view: Reading, entity_id: int, organisation_id: int) -> Kept:
    """What is kept of an entity; events are those of its organisation as well."""
    return Kept(
        accounts=view.all(Account, entity_id=entity_id),
        locks=view.all(PeriodLock, entity_id=entity_id),
        versions=view.all(Line, entity_id=entity_id),
        uses=view.all(LineUse, entity_id=entity_id),
        documents=view.all(Document, entity_id=entity_id),
        matches=view.all(MatchRecord, entity_id=entity_id),
        allocations=view.all(AllocationRecord, entity_id=entity_id),
        adjustments=view.all(AdjustmentRecord, entity_id=entity_id),
        states=view.all(StateRecord, entity_id=entity_id),
        invoices=view.all(Invoice, entity_id=entity_id),
        entries=view.all(JournalEntry, entity_id=entity_id),
        reconciliations=view.all(Reconciliation, entity_id=entity_id),
        clearings=view.all(Clearing, entity_id=entity_id),
        steps=view.all(ReconciliationStep, entity_id=entity_id),
        outside=outside_of(view, entity_id, organisation_id),
        events=view.event_count(Scope("entity", entity_id)) + view.event_count(Scope("organisation", organisation_id)),
    )


def is_movement(line: Line) -> bool:
    """Whether a line moves money on its account: what the bank says, and what is posted to it."""
    return line.side == "statement" or line.kind in POSTED

"""What is kept of an entity's dealings with providers, consuming systems and its accounting platform, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tieout.domain.books import Difference
from tieout.domain.connections import Connection, Counterparty, Intent, SyncCursor, SyncedRecord, SyncWindow
from tieout.domain.people import Secret
from tieout.domain.settlements import (
    Delivery,
    DeliveryProgress,
    Integration,
    IntegrationUser,
    SettlementBatch,
    SettlementEntry,
)
from tieout.domain.work import Job, Schedule
from tieout.store.protocols import Reading

# Rows of which no event tells.
OPERATIONAL = ("progress", "jobs")


@dataclass(frozen=True)
class Outside:
    """The rows of one entity at one moment, in the order of their keys."""

    batches: Sequence[SettlementBatch]
    told: Sequence[SettlementEntry]
    integrations: Sequence[Integration]
    logins: Sequence[IntegrationUser]
    deliveries: Sequence[Delivery]
    progress: Sequence[DeliveryProgress]
    differences: Sequence[Difference]
    parties: Sequence[Counterparty]
    connections: Sequence[Connection]
    records: Sequence[SyncedRecord]
    intents: Sequence[Intent]
    cursors: Sequence[SyncCursor]
    windows: Sequence[SyncWindow]
    schedules: Sequence[Schedule]
    secrets: Sequence[tuple[str, str]]  # owner and name
    jobs: Sequence[Job]

    @cached_property
    def batch_of(self) -> Mapping[int, SettlementBatch]:
        """Batches by id."""
        return {batch.id: batch for batch in self.batches}

    @cached_property
    def shown(self) -> Sequence[SettlementEntry]:
        """The entries that consuming systems may see, by line."""
        return sorted(
            (entry for entry in self.told if self.batch_of[entry.batch_id].state != "open"),
            key=lambda entry: entry.line_id,
        )

    @cached_property
    def connected(self) -> Sequence[Connection]:
        """The connections whose platform may be asked."""
        return [each for each in self.connections if each.status == "connected"]

    @cached_property
    def intent_of(self) -> Mapping[int, Intent]:
        """By record what shall happen to it."""
        return {intent.record_id: intent for intent in self.intents}

    def of_own(self, object_type: str, own_id: int) -> Sequence[SyncedRecord]:
        """The records of one of our rows."""
        return [each for each in self.records if (each.object_type, each.own_id) == (object_type, own_id)]

    def flags(self, integration_id: int) -> Mapping[int, Delivery]:
        """By line what an integration did with it."""
        return {each.line_id: each for each in self.deliveries if each.integration_id == integration_id}


def outside_of(view: Reading, entity_id: int, organisation_id: int) -> Outside:
    """What is kept of an entity; secrets are those of its organisation."""
    return Outside(
        batches=view.all(SettlementBatch, entity_id=entity_id),
        told=view.all(SettlementEntry, entity_id=entity_id),
        integrations=view.all(Integration, entity_id=entity_id),
        logins=view.all(IntegrationUser, entity_id=entity_id),
        deliveries=view.all(Delivery, entity_id=entity_id),
        progress=view.all(DeliveryProgress, entity_id=entity_id),
        differences=view.all(Difference, entity_id=entity_id),
        parties=view.all(Counterparty, entity_id=entity_id),
        connections=view.all(Connection, entity_id=entity_id),
        records=view.all(SyncedRecord, entity_id=entity_id),
        intents=view.all(Intent, entity_id=entity_id),
        cursors=view.all(SyncCursor, entity_id=entity_id),
        windows=view.all(SyncWindow, entity_id=entity_id),
        schedules=view.all(Schedule, entity_id=entity_id),
        secrets=[(each.owner, each.name) for each in view.all(Secret, organisation_id=organisation_id)],
        jobs=view.all(Job, entity_id=entity_id),
    )

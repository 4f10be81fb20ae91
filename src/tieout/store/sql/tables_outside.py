"""The tables of what goes in and out by itself: settlements, connections, and work in the background."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint

from tieout.domain.connections import Connection, Counterparty, Intent, SyncCursor, SyncedRecord, SyncWindow
from tieout.domain.feeds import Feed, FetchedEntry
from tieout.domain.people import ApiClient
from tieout.domain.settlements import (
    Delivery,
    DeliveryProgress,
    Integration,
    IntegrationUser,
    SettlementBatch,
    SettlementEntry,
)
from tieout.domain.work import CallMade, CredentialBlock, Job, Schedule, ScheduleState, UsageDay
from tieout.store.sql.table_parts import a_currency, noun_table, one_of, partial_index, rows_of

_KEY = ("entity_id", "id")

OUTSIDE_TABLES: Mapping[type[Any], Table] = {
    Job: noun_table("jobs", Job, _KEY, UniqueConstraint("id"), one_of("state", "queued", "running", "done", "failed")),
    Schedule: noun_table("schedules", Schedule, _KEY, UniqueConstraint("id")),
    ScheduleState: noun_table("schedule_states", ScheduleState, ("entity_id", "schedule_id"), Index(None, "next_at")),
    CallMade: noun_table("calls_made", CallMade, ("credential", "endpoint", "number")),
    UsageDay: noun_table("usage_days", UsageDay, ("organisation_id", "credential", "endpoint", "on_day")),
    CredentialBlock: noun_table("credential_blocks", CredentialBlock, ("credential",)),
    ApiClient: noun_table(
        "api_clients", ApiClient, ("id",), UniqueConstraint("public_id"), rows_of("organisations", "organisation_id")
    ),
    SettlementBatch: noun_table(
        "settlement_batches",
        SettlementBatch,
        _KEY,
        UniqueConstraint("id"),
        one_of("state", "open", "analyzed", "finalized"),
        one_of("sign_rule", "", "as_received", "by_type"),
        a_currency(),
        rows_of("accounts", "entity_id", "account_id"),
        Index(None, "entity_id", "account_id", "number"),
    ),
    SettlementEntry: noun_table(
        "settlement_entries",
        SettlementEntry,
        ("entity_id", "line_id"),
        UniqueConstraint("line_id"),
        rows_of("settlement_batches", "entity_id", "batch_id"),
        Index(None, "entity_id", "batch_id", "line_id"),
        Index(None, "entity_id", "order_code"),
    ),
    Integration: noun_table(
        "integrations",
        Integration,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("entity_id", "name"),
        rows_of("entities", "entity_id"),
    ),
    IntegrationUser: noun_table(
        "integration_users",
        IntegrationUser,
        ("entity_id", "user_id"),
        rows_of("integrations", "entity_id", "integration_id"),
        rows_of("users", "user_id"),
    ),
    Delivery: noun_table(
        "deliveries",
        Delivery,
        ("entity_id", "integration_id", "line_id"),
        CheckConstraint("read_at IS NOT NULL OR resolved_at IS NOT NULL", name="flags"),
        rows_of("integrations", "entity_id", "integration_id"),
    ),
    DeliveryProgress: noun_table(
        "delivery_progress",
        DeliveryProgress,
        ("entity_id", "integration_id", "batch_id"),
        CheckConstraint("0 <= resolved AND resolved <= touched", name="touched"),
    ),
    Feed: noun_table(
        "feeds",
        Feed,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("entity_id", "name"),
        one_of("state", "active", "paused", "deauthorized", "removed"),
        rows_of("accounts", "entity_id", "account_id"),
    ),
    FetchedEntry: noun_table(
        "fetched_entries",
        FetchedEntry,
        ("entity_id", "feed_id", "vendor_id"),
        rows_of("feeds", "entity_id", "feed_id"),
        Index(None, "entity_id", "line_id"),
    ),
    Connection: noun_table(
        "connections",
        Connection,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("public_id"),
        one_of("status", "pending_auth", "connected", "disconnected", "deauthorized"),
        rows_of("entities", "entity_id"),
    ),
    Counterparty: noun_table(
        "counterparties",
        Counterparty,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("public_id"),
        one_of("role", "customer", "vendor"),
        rows_of("entities", "entity_id"),
    ),
    SyncedRecord: noun_table(
        "synced_records",
        SyncedRecord,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("public_id"),
        UniqueConstraint("entity_id", "connection_id", "object_type", "object_id"),
        one_of("status", "pending", "done", "error", "unknown"),
        rows_of("connections", "entity_id", "connection_id"),
        Index(None, "entity_id", "object_type", "created_at"),
        Index(None, "entity_id", "object_type", "updated_at"),
        # What is looked up by a parameter finds no partial index on SQLite.
        Index(None, "entity_id", "platform_object_id"),
    ),
    Intent: noun_table(
        "intents",
        Intent,
        _KEY,
        UniqueConstraint("id"),
        UniqueConstraint("key"),
        one_of("state", "pending", "sent", "done", "error", "unknown", "cancelled"),
        rows_of("synced_records", "entity_id", "record_id"),
        Index(None, "entity_id", "record_id"),
    ),
    SyncCursor: noun_table(
        "sync_cursors",
        SyncCursor,
        ("entity_id", "connection_id", "object_type"),
        rows_of("connections", "entity_id", "connection_id"),
    ),
    SyncWindow: noun_table(
        "sync_windows",
        SyncWindow,
        ("entity_id", "connection_id", "object_type", "span"),
        rows_of("connections", "entity_id", "connection_id"),
    ),
}

partial_index("ix_jobs_due", [OUTSIDE_TABLES[Job].c.due_at, OUTSIDE_TABLES[Job].c.id], "state = 'queued'")
partial_index("ix_jobs_failed", [OUTSIDE_TABLES[Job].c.entity_id, OUTSIDE_TABLES[Job].c.id], "state = 'failed'")
partial_index("ix_jobs_leased", [OUTSIDE_TABLES[Job].c.lease_until, OUTSIDE_TABLES[Job].c.id], "state = 'running'")
partial_index(
    "uq_jobs_joined_by", [OUTSIDE_TABLES[Job].c.joined_by], "state = 'queued' AND joined_by <> ''", unique=True
)
# Y4: at most one active connection per entity.
partial_index("uq_connections_active", [OUTSIDE_TABLES[Connection].c.entity_id], "status = 'connected'", unique=True)
# Y5: ids on both sides are a bijection; the other direction is a constraint of the table.
_record = OUTSIDE_TABLES[SyncedRecord].c
partial_index(
    "uq_synced_records_platform_object",
    [_record.entity_id, _record.connection_id, _record.object_type, _record.platform_object_id],
    "platform_object_id <> ''",
    unique=True,
)
partial_index("ix_synced_records_own_id", [_record.entity_id, _record.own_id], "own_id IS NOT NULL")
# Y2: one effect at a time per object.
partial_index(
    "uq_intents_live",
    [OUTSIDE_TABLES[Intent].c.entity_id, OUTSIDE_TABLES[Intent].c.record_id],
    "state = 'pending' OR state = 'sent' OR state = 'unknown'",
    unique=True,
)

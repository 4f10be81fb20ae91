"""Connections to accounting platforms, synced records, the outbox, and what an invoice needs to be pushed."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT

revision = "s008_connections"
down_revision = "s007_settlements"


def upgrade() -> None:
    """Make the tables."""
    _connections()
    _counterparties()
    _synced_records()
    _synced_record_indexes()
    _intents()
    _sync_cursors()
    _sync_windows()
    _invoices()
    _invoice_lines()


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", TEXT, nullable=False),
        sa.Column("platform", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("settings", TEXT, nullable=False),
        sa.Column("business", TEXT, nullable=False),
        sa.Column("errors", TEXT, nullable=False),
        sa.Column("last_pull_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status = 'pending_auth' OR status = 'connected' OR status = 'disconnected' OR status = 'deauthorized'",
            name=op.f("ck_connections_status"),
        ),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_connections_entity_id")),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_connections")),
        sa.UniqueConstraint("id", name=op.f("uq_connections_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_connections_public_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_connections_active",
        "connections",
        ["entity_id"],
        unique=True,
        sqlite_where=sa.text("status = 'connected'"),
        postgresql_where=sa.text("status = 'connected'"),
    )


def _counterparties() -> None:
    op.create_table(
        "counterparties",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("tax_number", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role = 'customer' OR role = 'vendor'", name=op.f("ck_counterparties_role")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_counterparties_entity_id")),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_counterparties")),
        sa.UniqueConstraint("id", name=op.f("uq_counterparties_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_counterparties_public_id")),
        sqlite_with_rowid=False,
    )


def _synced_records() -> None:
    op.create_table(
        "synced_records",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", TEXT, nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("object_type", TEXT, nullable=False),
        sa.Column("object_id", TEXT, nullable=False),
        sa.Column("own_id", sa.BigInteger(), nullable=True),
        sa.Column("platform_object_id", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("errors", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("last_pulled_at", sa.BigInteger(), nullable=True),
        sa.Column("object_updated_at", sa.BigInteger(), nullable=True),
        sa.Column("platform_updated_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status = 'pending' OR status = 'done' OR status = 'error' OR status = 'unknown'",
            name=op.f("ck_synced_records_status"),
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "connection_id"],
            ["connections.entity_id", "connections.id"],
            name=op.f("fk_synced_records_entity_id"),
        ),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_synced_records")),
        sa.UniqueConstraint(
            "entity_id",
            "connection_id",
            "object_type",
            "object_id",
            name=op.f("uq_synced_records_entity_id_connection_id_object_type_object_id"),
        ),
        sa.UniqueConstraint("id", name=op.f("uq_synced_records_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_synced_records_public_id")),
        sqlite_with_rowid=False,
    )


def _synced_record_indexes() -> None:
    op.create_index(
        op.f("ix_synced_records_entity_id_object_type_created_at"),
        "synced_records",
        ["entity_id", "object_type", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_synced_records_entity_id_object_type_updated_at"),
        "synced_records",
        ["entity_id", "object_type", "updated_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_synced_records_entity_id_platform_object_id"),
        "synced_records",
        ["entity_id", "platform_object_id"],
        unique=False,
    )
    op.create_index(
        "uq_synced_records_platform_object",
        "synced_records",
        ["entity_id", "connection_id", "object_type", "platform_object_id"],
        unique=True,
        sqlite_where=sa.text("platform_object_id <> ''"),
        postgresql_where=sa.text("platform_object_id <> ''"),
    )
    op.create_index(
        "ix_synced_records_own_id",
        "synced_records",
        ["entity_id", "own_id"],
        unique=False,
        sqlite_where=sa.text("own_id IS NOT NULL"),
        postgresql_where=sa.text("own_id IS NOT NULL"),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("evidence", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state = 'pending' OR state = 'sent' OR state = 'done' OR state = 'error' OR state = 'unknown'"
            " OR state = 'cancelled'",
            name=op.f("ck_intents_state"),
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "record_id"],
            ["synced_records.entity_id", "synced_records.id"],
            name=op.f("fk_intents_entity_id"),
        ),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_intents")),
        sa.UniqueConstraint("id", name=op.f("uq_intents_id")),
        sa.UniqueConstraint("key", name=op.f("uq_intents_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_intents_entity_id_record_id"), "intents", ["entity_id", "record_id"], unique=False)
    op.create_index(
        "uq_intents_live",
        "intents",
        ["entity_id", "record_id"],
        unique=True,
        sqlite_where=sa.text("state = 'pending' OR state = 'sent' OR state = 'unknown'"),
        postgresql_where=sa.text("state = 'pending' OR state = 'sent' OR state = 'unknown'"),
    )


def _sync_cursors() -> None:
    op.create_table(
        "sync_cursors",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("object_type", TEXT, nullable=False),
        sa.Column("cursor", TEXT, nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id", "connection_id"],
            ["connections.entity_id", "connections.id"],
            name=op.f("fk_sync_cursors_entity_id"),
        ),
        sa.PrimaryKeyConstraint("entity_id", "connection_id", "object_type", name=op.f("pk_sync_cursors")),
        sqlite_with_rowid=False,
    )


def _sync_windows() -> None:
    op.create_table(
        "sync_windows",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("object_type", TEXT, nullable=False),
        sa.Column("span", TEXT, nullable=False),
        sa.Column("objects", sa.BigInteger(), nullable=False),
        sa.Column("checksum", TEXT, nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id", "connection_id"],
            ["connections.entity_id", "connections.id"],
            name=op.f("fk_sync_windows_entity_id"),
        ),
        sa.PrimaryKeyConstraint("entity_id", "connection_id", "object_type", "span", name=op.f("pk_sync_windows")),
        sqlite_with_rowid=False,
    )


def _invoices() -> None:
    op.add_column("invoices", sa.Column("counterparty_id", sa.BigInteger(), nullable=True))


def _invoice_lines() -> None:
    op.add_column("invoice_lines", sa.Column("price_minor_units", sa.BigInteger(), nullable=True))
    op.add_column("invoice_lines", sa.Column("tax_rate_value", sa.BigInteger(), nullable=True))
    op.add_column("invoice_lines", sa.Column("vat_rate_id", TEXT, nullable=False, server_default=sa.text("''")))

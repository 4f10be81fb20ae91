"""Settlement batches and entries, who has fetched them from us, and feeds that fetch them for us."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT

revision = "s007_settlements"
down_revision = "s006_notes"


def upgrade() -> None:
    """Make the tables."""
    _settlement_batches()
    _settlement_entries()
    _integrations()
    _integration_users()
    _deliveries()
    _delivery_progress()
    _feeds()
    _fetched_entries()


def _settlement_batches() -> None:
    op.create_table(
        "settlement_batches",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("sign_rule", TEXT, nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("entries_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("carried_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("payout_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("payout_day", sa.Integer(), nullable=True),
        sa.Column("payout_line_id", sa.BigInteger(), nullable=True),
        sa.Column("gap_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("start_day", sa.Integer(), nullable=True),
        sa.Column("end_day", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("analyzed_at", sa.BigInteger(), nullable=True),
        sa.Column("finalized_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_settlement_batches_currency")),
        sa.CheckConstraint(
            "sign_rule = '' OR sign_rule = 'as_received' OR sign_rule = 'by_type'",
            name=op.f("ck_settlement_batches_sign_rule"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR state = 'analyzed' OR state = 'finalized'", name=op.f("ck_settlement_batches_state")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "account_id"],
            ["accounts.entity_id", "accounts.id"],
            name=op.f("fk_settlement_batches_entity_id"),
        ),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_settlement_batches")),
        sa.UniqueConstraint("id", name=op.f("uq_settlement_batches_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_settlement_batches_entity_id_account_id_number"),
        "settlement_batches",
        ["entity_id", "account_id", "number"],
        unique=False,
    )


def _settlement_entries() -> None:
    op.create_table(
        "settlement_entries",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("order_code", TEXT, nullable=False),
        sa.Column("entry_type", TEXT, nullable=False),
        sa.Column("received", TEXT, nullable=False),
        sa.Column("original_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("expected_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("expected_day", sa.Integer(), nullable=True),
        sa.Column("released_day", sa.Integer(), nullable=True),
        sa.Column("plot_number", sa.BigInteger(), nullable=True),
        sa.Column("plots_quantity", sa.BigInteger(), nullable=True),
        sa.Column("facts", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id", "batch_id"],
            ["settlement_batches.entity_id", "settlement_batches.id"],
            name=op.f("fk_settlement_entries_entity_id"),
        ),
        sa.PrimaryKeyConstraint("entity_id", "line_id", name=op.f("pk_settlement_entries")),
        sa.UniqueConstraint("line_id", name=op.f("uq_settlement_entries_line_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_settlement_entries_entity_id_batch_id_line_id"),
        "settlement_entries",
        ["entity_id", "batch_id", "line_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_settlement_entries_entity_id_order_code"),
        "settlement_entries",
        ["entity_id", "order_code"],
        unique=False,
    )


def _integrations() -> None:
    op.create_table(
        "integrations",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("unread_only", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_integrations_entity_id")),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_integrations")),
        sa.UniqueConstraint("entity_id", "name", name=op.f("uq_integrations_entity_id_name")),
        sa.UniqueConstraint("id", name=op.f("uq_integrations_id")),
        sqlite_with_rowid=False,
    )


def _integration_users() -> None:
    op.create_table(
        "integration_users",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("integration_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entity_id", "integration_id"],
            ["integrations.entity_id", "integrations.id"],
            name=op.f("fk_integration_users_entity_id"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_integration_users_user_id")),
        sa.PrimaryKeyConstraint("entity_id", "user_id", name=op.f("pk_integration_users")),
        sqlite_with_rowid=False,
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("integration_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("read_at IS NOT NULL OR resolved_at IS NOT NULL", name=op.f("ck_deliveries_flags")),
        sa.ForeignKeyConstraint(
            ["entity_id", "integration_id"],
            ["integrations.entity_id", "integrations.id"],
            name=op.f("fk_deliveries_entity_id"),
        ),
        sa.PrimaryKeyConstraint("entity_id", "integration_id", "line_id", name=op.f("pk_deliveries")),
        sqlite_with_rowid=False,
    )


def _delivery_progress() -> None:
    op.create_table(
        "delivery_progress",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("integration_id", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("touched", sa.BigInteger(), nullable=False),
        sa.Column("resolved", sa.BigInteger(), nullable=False),
        sa.Column("unread_from", sa.BigInteger(), nullable=False),
        sa.Column("unresolved_from", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("0 <= resolved AND resolved <= touched", name=op.f("ck_delivery_progress_touched")),
        sa.PrimaryKeyConstraint("entity_id", "integration_id", "batch_id", name=op.f("pk_delivery_progress")),
        sqlite_with_rowid=False,
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("connector", TEXT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("settings", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("fault", TEXT, nullable=False),
        sa.Column("last_ended_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state = 'active' OR state = 'paused' OR state = 'deauthorized' OR state = 'removed'",
            name=op.f("ck_feeds_state"),
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "account_id"], ["accounts.entity_id", "accounts.id"], name=op.f("fk_feeds_entity_id")
        ),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("entity_id", "name", name=op.f("uq_feeds_entity_id_name")),
        sa.UniqueConstraint("id", name=op.f("uq_feeds_id")),
        sqlite_with_rowid=False,
    )


def _fetched_entries() -> None:
    op.create_table(
        "fetched_entries",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("feed_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_id", TEXT, nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column("left_out", TEXT, nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entity_id", "feed_id"], ["feeds.entity_id", "feeds.id"], name=op.f("fk_fetched_entries_entity_id")
        ),
        sa.PrimaryKeyConstraint("entity_id", "feed_id", "vendor_id", name=op.f("pk_fetched_entries")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_fetched_entries_entity_id_line_id"), "fetched_entries", ["entity_id", "line_id"], unique=False
    )

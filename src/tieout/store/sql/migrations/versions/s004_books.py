"""Invoices, journal entries, differences and jobs."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT

revision = "s004_books"
down_revision = "s003_matches"


def upgrade() -> None:
    """Make the tables."""
    _invoices()
    _invoice_lines()
    _journal_entries()
    _differences()
    _jobs()


def _invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", TEXT, nullable=False),
        sa.Column("direction", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("issue_day", sa.Integer(), nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_invoices"),
        sa.UniqueConstraint("id", name=op.f("uq_invoices_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invoices_public_id")),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_invoices_currency")),
        sa.CheckConstraint("direction = 'receivable' OR direction = 'payable'", name=op.f("ck_invoices_direction")),
        sa.CheckConstraint("status = 'open' OR status = 'cancelled'", name=op.f("ck_invoices_status")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_invoices_entity_id")),
        sqlite_with_rowid=False,
    )


def _invoice_lines() -> None:
    op.create_table(
        "invoice_lines",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("quantity", TEXT, nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("account_code", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "invoice_id", "number", name="pk_invoice_lines"),
        sa.ForeignKeyConstraint(
            ["entity_id", "invoice_id"], ["invoices.entity_id", "invoices.id"], name=op.f("fk_invoice_lines_entity_id")
        ),
        sqlite_with_rowid=False,
    )


def _journal_entries() -> None:
    op.create_table(
        "journal_entries",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sequence_number", sa.BigInteger(), nullable=False),
        sa.Column("booking_day", sa.Integer(), nullable=False),
        sa.Column("memo", TEXT, nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("cancelled_by", TEXT, nullable=False),
        sa.Column("cancellation_entry_id", sa.BigInteger(), nullable=True),
        sa.Column("cancellation_reason", TEXT, nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_journal_entries"),
        sa.UniqueConstraint("id", name=op.f("uq_journal_entries_id")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_journal_entries_entity_id")),
        sqlite_with_rowid=False,
    )


def _differences() -> None:
    op.create_table(
        "differences",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("resolution", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_differences"),
        sa.UniqueConstraint("id", name=op.f("uq_differences_id")),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_differences_currency")),
        sa.CheckConstraint("state = 'open' OR state = 'resolved'", name=op.f("ck_differences_state")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_differences_entity_id")),
        sqlite_with_rowid=False,
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("request", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_jobs"),
        sa.UniqueConstraint("id", name=op.f("uq_jobs_id")),
        sa.CheckConstraint(
            "state = 'queued' OR state = 'running' OR state = 'done' OR state = 'failed'", name=op.f("ck_jobs_state")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_jobs_queued",
        "jobs",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )

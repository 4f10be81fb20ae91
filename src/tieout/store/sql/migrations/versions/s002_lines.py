"""Accounts, documents, statements and lines."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT

revision = "s002_lines"
down_revision = "s001_people"


def upgrade() -> None:
    """Make the tables."""
    _accounts()
    _period_locks()
    _documents()
    _document_bytes()
    _statements()
    _lines()
    _indexes_of_lines()
    _line_uses()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("starting_day", sa.Integer(), nullable=True),
        sa.Column("starting_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("reconcile_day", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("origin_day", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_accounts"),
        sa.UniqueConstraint("id", name=op.f("uq_accounts_id")),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_accounts_currency")),
        sa.CheckConstraint("kind = 'bank' OR kind = 'provider' OR kind = 'book'", name=op.f("ck_accounts_kind")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_accounts_entity_id")),
        sqlite_with_rowid=False,
    )


def _period_locks() -> None:
    op.create_table(
        "period_locks",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("through_day", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "account_id", name="pk_period_locks"),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_period_locks_entity_id")),
        sqlite_with_rowid=False,
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("format", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("received_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_documents"),
        sa.UniqueConstraint("entity_id", "sha256", "account_id", name=op.f("uq_documents_entity_id_sha256_account_id")),
        sa.UniqueConstraint("id", name=op.f("uq_documents_id")),
        sa.CheckConstraint("state = 'queued' OR state = 'read' OR state = 'refused'", name=op.f("ck_documents_state")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_documents_entity_id")),
        sqlite_with_rowid=False,
    )


def _document_bytes() -> None:
    op.create_table(
        "document_bytes",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "document_id", name="pk_document_bytes"),
        sa.ForeignKeyConstraint(
            ["entity_id", "document_id"],
            ["documents.entity_id", "documents.id"],
            name=op.f("fk_document_bytes_entity_id"),
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Compressing the bytes of a large document takes longer than everything else that is done with it.
        op.execute("ALTER TABLE document_bytes ALTER COLUMN content SET STORAGE EXTERNAL")


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("opening_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("opening_day", sa.Integer(), nullable=True),
        sa.Column("closing_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("closing_day", sa.Integer(), nullable=True),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("movement_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=True),
        sa.Column("gap_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_statements"),
        sa.UniqueConstraint("id", name=op.f("uq_statements_id")),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_statements_currency")),
        sa.ForeignKeyConstraint(
            ["entity_id", "document_id"], ["documents.entity_id", "documents.id"], name=op.f("fk_statements_entity_id")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_statements_entity_id_account_id_closing_day",
        "statements",
        ["entity_id", "account_id", "closing_day"],
        unique=False,
    )


def _lines() -> None:
    op.create_table(
        "lines",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("booking_day", sa.Integer(), nullable=False),
        sa.Column("value_day", sa.Integer(), nullable=True),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("counterparty", TEXT, nullable=False),
        sa.Column("counterparty_account", TEXT, nullable=False),
        sa.Column("batch", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("native_id", TEXT, nullable=False),
        sa.Column("settles", TEXT, nullable=False),
        sa.Column("foreign_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("foreign_currency", TEXT, nullable=False),
        sa.Column("rate", TEXT, nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("transfer_id", sa.BigInteger(), nullable=True),
        sa.Column("paid_day", sa.Integer(), nullable=True),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", "version", name="pk_lines"),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_lines_currency")),
        sa.CheckConstraint("id >= 1", name=op.f("ck_lines_id")),
        sa.CheckConstraint(
            "origin = 'document' OR origin = 'feed' OR origin = 'entered'", name=op.f("ck_lines_origin")
        ),
        sa.CheckConstraint("side = 'statement' OR side = 'ledger'", name=op.f("ck_lines_side")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_lines_version")),
        sqlite_with_rowid=False,
    )


def _indexes_of_lines() -> None:
    op.create_index(
        "ix_lines_entity_id_account_id_booking_day",
        "lines",
        ["entity_id", "account_id", "booking_day"],
        unique=False,
    )
    op.create_index(
        "ix_lines_later",
        "lines",
        ["entity_id", "id", "version"],
        unique=False,
        sqlite_where=sa.text("version > 1"),
        postgresql_where=sa.text("version > 1"),
    )
    op.create_index(
        "ix_lines_parent_id",
        "lines",
        ["entity_id", "parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(
        "ix_lines_transfer_id",
        "lines",
        ["entity_id", "transfer_id"],
        unique=False,
        sqlite_where=sa.text("transfer_id IS NOT NULL"),
        postgresql_where=sa.text("transfer_id IS NOT NULL"),
    )


def _line_uses() -> None:
    op.create_table(
        "line_uses",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("used_minor_units", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "line_id", name="pk_line_uses"),
        sa.CheckConstraint(
            "(used_minor_units >= 0 AND used_minor_units <= minor_units)"
            " OR (used_minor_units <= 0 AND used_minor_units >= minor_units)",
            name=op.f("ck_line_uses_within"),
        ),
        sqlite_with_rowid=False,
    )

"""Audit chains, kept answers, blocks of identifiers; and the triggers on facts."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT
from tieout.store.sql.triggers import trigger_statements

revision = "s005_chains"
down_revision = "s004_books"

# Only ever added to.
_FACTS = (
    "adjustments",
    "allocations",
    "audit_events",
    "lines",
    "match_states",
    "matches",
    "reconciliation_steps",
    "statements",
    "document_bytes",
)


def upgrade() -> None:
    """Make the tables."""
    _audit_events()
    _requests_kept()
    _id_blocks()
    _audit_heads()
    for statement in trigger_statements(op.get_context().dialect.name, _FACTS):
        op.execute(statement)


def _audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("previous_digest", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "sequence", name="pk_audit_events"),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_audit_events_sequence")),
    )


def _requests_kept() -> None:
    op.create_table(
        "requests_kept",
        sa.Column("principal", TEXT, nullable=False),
        sa.Column("route", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("headers", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "route", "key", name="pk_requests_kept"),
    )


def _id_blocks() -> None:
    op.create_table(
        "id_blocks",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("next_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_id_blocks"),
        sqlite_with_rowid=False,
    )


def _audit_heads() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_audit_heads"),
        sqlite_with_rowid=False,
    )

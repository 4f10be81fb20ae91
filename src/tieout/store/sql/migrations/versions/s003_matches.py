"""Matches and reconciliations."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT

revision = "s003_matches"
down_revision = "s002_lines"


def upgrade() -> None:
    """Make the tables."""
    _matches()
    _allocations()
    _adjustments()
    _match_states()
    _reconciliations()
    _reconciliation_steps()
    _clearings()


def _matches() -> None:
    op.create_table(
        "matches",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("matcher", TEXT, nullable=False),
        sa.Column("born", TEXT, nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("prepared_by", TEXT, nullable=False),
        sa.Column("plan", TEXT, nullable=False),
        sa.Column("answers", sa.BigInteger(), nullable=False),
        sa.Column("searched_fully", sa.Boolean(), nullable=False),
        sa.Column("steps", sa.BigInteger(), nullable=False),
        sa.Column("accidental_hits", TEXT, nullable=False),
        sa.Column("evidence", TEXT, nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_matches"),
        sa.CheckConstraint("born = 'proposed' OR born = 'confirmed'", name=op.f("ck_matches_born")),
        sa.CheckConstraint("kind = 'across' OR kind = 'within'", name=op.f("ck_matches_kind")),
        sqlite_with_rowid=False,
    )


def _allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("match_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("line_version", sa.BigInteger(), nullable=False),
        sa.Column("side", TEXT, nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "match_id", "line_id", name="pk_allocations"),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_allocations_currency")),
        sa.CheckConstraint("line_version >= 1", name=op.f("ck_allocations_line_version")),
        sa.CheckConstraint("minor_units <> 0", name=op.f("ck_allocations_minor_units")),
        sa.CheckConstraint("side = 'statement' OR side = 'ledger'", name=op.f("ck_allocations_side")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_allocations_entity_id_line_id", "allocations", ["entity_id", "line_id"], unique=False)


def _adjustments() -> None:
    op.create_table(
        "adjustments",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("match_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("minor_units", sa.BigInteger(), nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("rate", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "match_id", "number", name="pk_adjustments"),
        sa.CheckConstraint("currency <> ''", name=op.f("ck_adjustments_currency")),
        sa.CheckConstraint(
            "type = 'fee' OR type = 'bank_charge' OR type = 'tax' OR type = 'withholding_tax' OR type = 'discount'"
            " OR type = 'interest' OR type = 'exchange' OR type = 'rounding' OR type = 'write_off'",
            name=op.f("ck_adjustments_type"),
        ),
        sqlite_with_rowid=False,
    )


def _match_states() -> None:
    op.create_table(
        "match_states",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("match_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "match_id", "number", name="pk_match_states"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_match_states_number")),
        sa.CheckConstraint(
            "state = 'confirmed' OR state = 'rejected' OR state = 'undone'", name=op.f("ck_match_states_state")
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "match_id"], ["matches.entity_id", "matches.id"], name=op.f("fk_match_states_entity_id")
        ),
        sqlite_with_rowid=False,
    )


def _reconciliations() -> None:
    op.create_table(
        "reconciliations",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("start_day", sa.Integer(), nullable=False),
        sa.Column("start_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("end_day", sa.Integer(), nullable=False),
        sa.Column("end_minor_units", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("agreed_with_previous", sa.Boolean(), nullable=True),
        sa.Column("per_statement", TEXT, nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_reconciliations"),
        sa.UniqueConstraint("id", name=op.f("uq_reconciliations_id")),
        sa.CheckConstraint(
            "per_statement = '' OR per_statement = 'agrees' OR per_statement = 'differs'"
            " OR per_statement = 'no_statement'",
            name=op.f("ck_reconciliations_per_statement"),
        ),
        sa.ForeignKeyConstraint(
            ["entity_id", "account_id"],
            ["accounts.entity_id", "accounts.id"],
            name=op.f("fk_reconciliations_entity_id"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reconciliations_entity_id_account_id_end_day",
        "reconciliations",
        ["entity_id", "account_id", "end_day"],
        unique=False,
    )
    op.create_index(
        "uq_reconciliations_in_progress",
        "reconciliations",
        ["entity_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("NOT done"),
        postgresql_where=sa.text("NOT done"),
    )


def _reconciliation_steps() -> None:
    op.create_table(
        "reconciliation_steps",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("reconciliation_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "reconciliation_id", "number", name="pk_reconciliation_steps"),
        sa.CheckConstraint(
            "step = 'completed' OR step = 'reopened' OR step = 'corrected' OR step = 'deleted' OR step = 'imported'",
            name=op.f("ck_reconciliation_steps_step"),
        ),
        sqlite_with_rowid=False,
    )


def _clearings() -> None:
    op.create_table(
        "clearings",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("reconciliation_id", sa.BigInteger(), nullable=False),
        sa.Column("completed_minor_units", sa.BigInteger(), nullable=True),
        sa.Column("completed_day", sa.Integer(), nullable=True),
        sa.Column("completed_account_id", sa.BigInteger(), nullable=True),
        sa.Column("ticked_at", sa.BigInteger(), nullable=False),
        sa.Column("ticked_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "line_id", name="pk_clearings"),
        sa.ForeignKeyConstraint(
            ["entity_id", "reconciliation_id"],
            ["reconciliations.entity_id", "reconciliations.id"],
            name=op.f("fk_clearings_entity_id"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_clearings_entity_id_reconciliation_id", "clearings", ["entity_id", "reconciliation_id"], unique=False
    )

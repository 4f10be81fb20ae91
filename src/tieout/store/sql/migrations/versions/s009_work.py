"""Jobs with leases, schedules, limited calls, and programs that sign in by themselves."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT

revision = "s009_work"
down_revision = "s008_connections"


def upgrade() -> None:
    """Make the tables."""
    _jobs()
    _schedules()
    _schedule_states()
    _calls_made()
    _usage_days()
    _credential_blocks()
    _api_clients()


def _jobs() -> None:
    op.add_column("jobs", sa.Column("due_at", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("jobs", sa.Column("attempts", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("jobs", sa.Column("fence", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("jobs", sa.Column("lease_until", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("jobs", sa.Column("worker", TEXT, nullable=False, server_default=sa.text("''")))
    op.add_column("jobs", sa.Column("progress", TEXT, nullable=False, server_default=sa.text("''")))
    op.add_column("jobs", sa.Column("joined_by", TEXT, nullable=False, server_default=sa.text("''")))
    op.add_column("jobs", sa.Column("fault", TEXT, nullable=False, server_default=sa.text("''")))
    op.drop_index(op.f("ix_jobs_queued"), table_name="jobs", sqlite_where=sa.text("state = 'queued'"))
    op.create_index(
        "ix_jobs_due",
        "jobs",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_jobs_failed",
        "jobs",
        ["entity_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_jobs_leased",
        "jobs",
        ["lease_until", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index(
        "uq_jobs_joined_by",
        "jobs",
        ["joined_by"],
        unique=True,
        sqlite_where=sa.text("state = 'queued' AND joined_by <> ''"),
        postgresql_where=sa.text("state = 'queued' AND joined_by <> ''"),
    )


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("request", TEXT, nullable=False),
        sa.Column("cron", TEXT, nullable=False),
        sa.Column("every_minutes", sa.BigInteger(), nullable=False),
        sa.Column("time_zone", TEXT, nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("joined_by", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("id", name=op.f("uq_schedules_id")),
        sqlite_with_rowid=False,
    )


def _schedule_states() -> None:
    op.create_table(
        "schedule_states",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("schedule_id", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("last_key", TEXT, nullable=False),
        sa.Column("last_job_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("entity_id", "schedule_id", name=op.f("pk_schedule_states")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_schedule_states_next_at"), "schedule_states", ["next_at"], unique=False)


def _calls_made() -> None:
    op.create_table(
        "calls_made",
        sa.Column("credential", TEXT, nullable=False),
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("credential", "endpoint", "number", name=op.f("pk_calls_made")),
        sqlite_with_rowid=False,
    )


def _usage_days() -> None:
    op.create_table(
        "usage_days",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("credential", TEXT, nullable=False),
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("on_day", sa.Integer(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("faulty", sa.BigInteger(), nullable=False),
        sa.Column("blocked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "credential", "endpoint", "on_day", name=op.f("pk_usage_days")),
        sqlite_with_rowid=False,
    )


def _credential_blocks() -> None:
    op.create_table(
        "credential_blocks",
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("credential", TEXT, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("credential", name=op.f("pk_credential_blocks")),
        sqlite_with_rowid=False,
    )


def _api_clients() -> None:
    op.create_table(
        "api_clients",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_api_clients_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_clients")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_clients_public_id")),
        sqlite_with_rowid=False,
    )

"""Notes: what a face says about lines without tying them."""

import sqlalchemy as sa
from alembic import op

from tieout.store.sql.columns import TEXT

revision = "s006_notes"
down_revision = "s005_chains"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "notes",
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("extra", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "id", name="pk_notes"),
        sa.UniqueConstraint("id", name=op.f("uq_notes_id")),
        sa.ForeignKeyConstraint(["entity_id"], ["entities.id"], name=op.f("fk_notes_entity_id")),
        sqlite_with_rowid=False,
    )

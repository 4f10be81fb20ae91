"""Bringing a database to the schema that this program knows."""

from sqlalchemy import inspect, text

from tieout.store.sql.database import Database
from tieout.store.sql.schema import metadata
from tieout.store.sql.triggers import FACT_TABLES, trigger_statements


def migrate(database: Database) -> None:
    """Make every table, index and trigger that is not there yet."""
    with database.engine.begin() as connection:
        if inspect(connection).has_table("lines"):
            return
        metadata.create_all(connection)
        for statement in trigger_statements(database.name, FACT_TABLES):
            connection.execute(text(statement))

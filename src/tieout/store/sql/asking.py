"""Asking the database: prepared statements on one connection inside one transaction."""

from collections.abc import Mapping
from typing import Any

from tieout.store.sql.database import Database, Prepared


class Asking:
    """One connection inside one transaction."""

    def __init__(self, database: Database, connection: Any) -> None:
        self.database = database
        self.connection = connection

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Any:
        """Execute a prepared statement with these values by name; the driver's cursor."""
        return self.database.run(self.connection, statement.text, statement.values(values))

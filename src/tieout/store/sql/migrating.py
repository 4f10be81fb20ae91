"""Bringing a database to the schema that this program knows."""

from pathlib import Path
from typing import Any, NamedTuple

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from tieout.store.errors import SchemaMissing, SchemaNewer
from tieout.store.sql.database import Database

# Every revision of the schema, oldest first. One that was released is never edited: a later one adds to it.
REVISIONS = {
    "s001_people": "tieout.store.sql.migrations.versions.s001_people",
    "s002_lines": "tieout.store.sql.migrations.versions.s002_lines",
    "s003_matches": "tieout.store.sql.migrations.versions.s003_matches",
    "s004_books": "tieout.store.sql.migrations.versions.s004_books",
    "s005_chains": "tieout.store.sql.migrations.versions.s005_chains",
    "s006_notes": "tieout.store.sql.migrations.versions.s006_notes",
    "s007_settlements": "tieout.store.sql.migrations.versions.s007_settlements",
    "s008_connections": "tieout.store.sql.migrations.versions.s008_connections",
    "s009_work": "tieout.store.sql.migrations.versions.s009_work",
}
LATEST = [*REVISIONS][-1]

# What two processes that start at once agree on, so that one of them migrates and the other finds it done.
_POSTGRESQL_LOCK = "SELECT pg_advisory_xact_lock(7_465_656_975)"


class SchemaState(NamedTuple):
    """The revision a database has, empty for none, and the one this program needs."""

    found: str
    needed: str

    @property
    def current(self) -> bool:
        """Whether nothing needs to be migrated."""
        return self.found == self.needed


def schema_state(database: Database) -> SchemaState:
    """Which schema the database has. Raises SchemaNewer for one that this program does not know."""
    engine = _engine(database)
    with engine.connect() as connection:
        return _state(connection)


def require_current(database: Database) -> None:
    """Pass when the database has the schema that this program needs. Raises SchemaNewer and SchemaMissing."""
    state = schema_state(database)
    if not state.current:
        raise SchemaMissing(*state)


def migrate(database: Database) -> SchemaState:
    """Bring the database to the schema that this program needs, in one transaction; the state it had before.

    Raises SchemaNewer, and changes nothing then.
    """
    with _engine(database).begin() as connection:
        if database.name == "postgresql":
            connection.exec_driver_sql(_POSTGRESQL_LOCK)
        state = _state(connection)
        if not state.current:
            _upgrade(connection)
    return state


def _state(connection: Connection) -> SchemaState:
    found = MigrationContext.configure(connection).get_current_revision() or ""
    if found and found not in REVISIONS:
        raise SchemaNewer(found, LATEST)
    return SchemaState(found, LATEST)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _: MigrationContext) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(config, script, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection)
        environment.run_migrations()


def _engine(database: Database) -> Engine:
    """An engine of its own: definitions of tables belong into SQLAlchemy's transactions."""
    engine = create_engine(database.engine.url, poolclass=NullPool)
    if database.name == "sqlite":
        event.listen(engine, "connect", _without_implicit_transactions)
        event.listen(engine, "begin", _begin_at_once)
    return engine


def _without_implicit_transactions(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout = 60000")


def _begin_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

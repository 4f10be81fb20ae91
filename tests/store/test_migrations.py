"""The schema comes about step by step, and is then the one that the program knows."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tieout.store.errors import SchemaMissing, SchemaNewer
from tieout.store.sql import migrations
from tieout.store.sql.migrating import LATEST, REVISIONS, SchemaState, migrate, require_current, schema_state
from tieout.store.sql.store import SqlStore, open_store
from tieout.store.sql.table_parts import metadata


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_migrated_database_is_what_the_program_knows(store: SqlStore) -> None:
    engine = create_engine(store.database.engine.url, poolclass=NullPool)

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []


def test_every_revision_is_known_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    config.set_main_option("path_separator", "os")

    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert revisions[::-1] == [*REVISIONS]


def test_a_new_database_is_behind_until_it_is_migrated(tmp_path: Path) -> None:
    database = open_store(f"sqlite:///{tmp_path}/new.db").database

    with pytest.raises(SchemaMissing, match=r"the database has schema none, .* run `tieout migrate`"):
        require_current(database)

    assert migrate(database) == SchemaState("", LATEST)
    assert schema_state(database).current
    require_current(database)


def test_migrating_again_changes_nothing(store: SqlStore) -> None:
    assert migrate(store.database) == SchemaState(LATEST, LATEST)


def test_a_database_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    database = open_store(f"sqlite:///{tmp_path}/newer.db").database
    migrate(database)
    with create_engine(database.engine.url, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 's999_later'"))

    with pytest.raises(SchemaNewer, match=r"has schema s999_later, this program knows schemas up to .* install"):
        migrate(database)

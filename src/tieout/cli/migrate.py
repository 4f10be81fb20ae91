"""`tieout migrate`: the database brought to the schema that this program needs."""

from tieout.cli.database import Database
from tieout.cli.output import write
from tieout.kernel.errors import UsageError


def migrate(*, database: Database = None) -> None:
    """Bring the database to the schema of this program, or make it. `tieout serve` does so when it starts.

    What is kept stays; another process may go on reading and writing. A database of a newer tieout is refused.
    For example: tieout migrate --database sqlite:///books.db
    """
    from tieout import app
    from tieout.services.process_settings import sqlite_path

    settings = app.process_settings(database=database)
    path = sqlite_path(settings.database)
    if path is not None and not path.parent.is_dir():
        raise UsageError(f"{path.parent}: there is no such folder; make it, or name another database")
    before = app.migrate(settings)
    if before.current:
        said = f"schema {before.found}: nothing to do"
    else:
        said = f"schema {before.needed}, {f'from {before.found}' if before.found else 'made new'}"
    write(f"{said}\n".encode())

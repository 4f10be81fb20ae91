"""`tieout verify`: whether a written result, or all that a database keeps, still proves itself."""

from collections.abc import Mapping
from typing import Annotated

import typer

from tieout.cli.database import Database, opened
from tieout.cli.exit_status import DIFFERENCES_REMAIN, DONE
from tieout.cli.output import complain, write
from tieout.kernel.errors import UsageError


def verify(
    folder: Annotated[
        str | None,
        typer.Argument(metavar="DIR", help="A folder that tieout reconcile --out wrote; the database when not given."),
    ] = None,
    *,
    database: Database = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with JSON.")] = False,
) -> None:
    """Check again what was kept, from nothing but itself: a result that was written, or a whole database.

    Of a result: digests, certificates, conservation, balances. Of a database: audit chains, rows against their events,
    certificates, conservation. Exit status 1 when there is a fault.
    For example: tieout verify result, or: tieout verify --database sqlite:///books.db
    """
    if folder is not None and database is not None:
        raise UsageError("give a folder or a database to verify, not both")
    where, found = _of_folder(folder) if folder is not None else _of_database(database)
    faults = found["faults"]
    assert isinstance(faults, tuple), "both verifications end in their faults"
    if as_json:
        import json

        write((json.dumps(found, indent=2) + "\n").encode())
    else:
        counts = ", ".join(
            f"{count:,} {name.replace('_', ' ')}" for name, count in found.items() if isinstance(count, int)
        )
        said = f"{len(faults):,} faults" if faults else "every equation holds"
        write(f"{counts}: {said}\n".encode())
    for fault in faults:
        complain(f"{where}: {fault}")
    raise typer.Exit(DIFFERENCES_REMAIN if faults else DONE)


def _of_folder(folder: str) -> tuple[str, Mapping[str, object]]:
    from tieout.app import verify as verify_folder

    return folder, verify_folder(folder)._asdict()


def _of_database(database: str | None) -> tuple[str, Mapping[str, object]]:
    """What was found, under a name of the database that holds no password."""
    from tieout.services.process_settings import sqlite_path
    from tieout.services.verify_store import verify_store

    with opened(database) as context:
        path = sqlite_path(context.settings.database)
        return str(path or context.store.name), verify_store(context)._asdict()

"""`tieout demo`: what a reconciliation looks like, and every API to try it with, on the example company."""

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.database import Database
from tieout.cli.output import show, write
from tieout.kernel.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tieout.services.context import Context

CREDENTIALS = "tieout-demo-credentials.json"
LEDGER = "ledger"


def demo(
    *,
    _once: Annotated[bool, typer.Option("--once", help="Stop when the result is printed.")] = False,
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help="The address to listen on; 127.0.0.1 by default.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="8000 by default; 0 lets the system choose."),
    ] = None,
    database: Database = None,
    credentials: Annotated[
        Path, typer.Option("--credentials", metavar="FILE", help="Where to write how each API is reached.")
    ] = Path(CREDENTIALS),
) -> None:
    """Reconcile the example company, then serve it over every API until Ctrl-C.

    Without --database everything is forgotten in the end. For example: tieout demo --once
    """
    from rich.console import Group

    from tieout.cli.result_table import result_table
    from tieout.lab.demo import RESULT_FOLDER, company_folder, reconcile_company

    result = reconcile_company()
    show(Group(result_table(result, RESULT_FOLDER), _where_to_look(company_folder())))
    if not _once:
        with tempfile.TemporaryDirectory(prefix="tieout-demo-") as folder:
            ledger = Path(folder) / LEDGER if database is None else _kept_ledger()
            _serve(host, port, database or f"sqlite:///{folder}/tieout.db", ledger, credentials)


def _kept_ledger() -> Path:
    """Where the ledger stands beside a database that is kept. Raises UsageError where one stands already."""
    ledger = Path(f"tieout-demo-{LEDGER}")
    if ledger.exists():
        raise UsageError(f"{ledger}: the ledger of another demo is there; move it away, or start in another folder")
    return ledger


def _serve(host: str | None, port: int | None, database: str, ledger: Path, file: Path) -> None:
    from tieout import app
    from tieout.lab.demo import company_folder
    from tieout.lab.office.credentials import write_credentials
    from tieout.lab.office.opening import open_office

    told: dict[str, object] = {}

    def prepare(context: "Context", address: str) -> None:
        _require_empty(context)
        told.update(open_office(context, company_folder(), ledger, address))

    def tell(address: str) -> None:
        write_credentials(file, told)
        write(_served(address, file, ledger).encode())

    app.serve(app.process_settings(host=host, port=port, database=database), tell, prepare)


def _require_empty(context: "Context") -> None:
    from tieout.services.people.organisations import organisations

    if organisations(context):
        raise UsageError(
            "--database: this database is in use; the demo fills an empty one, or its own without the option"
        )


def _served(address: str, file: Path, ledger: Path) -> str:
    name = shlex.quote(str(file))
    read = f"$(.venv/bin/python -c \"import json; print(json.load(open('{file}'))['native']['token'])\")"
    return (
        f"\nserving the example company at {address} until Ctrl-C\n"
        f"browse the native API: {address}/docs\n"
        f"users, passwords and tokens of every API: {name}\n"
        f"the plain-text ledger that it syncs with: {ledger}\n"
        f'for example: curl -H "Authorization: Bearer {read}" {address}/tieout/v1/entities\n'
    )


def _where_to_look(company: Path) -> "RenderableType":
    """The way on: the story behind the figures, and the command that gives them again."""
    from rich.text import Text

    folder = shlex.quote(str(company))
    command = f"tieout reconcile --ledger {folder}/books/*.csv --statement {folder}/bank/*"
    return Text(f"the story, case by case: {company / 'README.md'}\nthe same by hand: {command}")

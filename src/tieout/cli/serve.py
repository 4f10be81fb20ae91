"""`tieout serve`: the APIs and what runs beside them, in one process."""

from typing import Annotated

import typer

from tieout.cli.database import Database
from tieout.cli.output import write


def serve(
    host: Annotated[
        str | None, typer.Option("--host", metavar="HOST", help="The address to listen on; 127.0.0.1 by default.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="8000 by default; 0 lets the system choose."),
    ] = None,
    database: Database = None,
    no_worker: Annotated[
        bool,
        typer.Option("--no-worker", help="Leave jobs and schedules to `tieout worker`, in processes of their own."),
    ] = False,
) -> None:
    """Serve every API over one database, which is brought to this program's schema first.

    For example: tieout serve --port 8000 --database sqlite:///books.db
    """
    from tieout import app

    def tell(address: str) -> None:
        write(f"tieout serves {address}\nnative API: {address}/tieout/v1, to browse: {address}/docs\n".encode())

    app.serve(app.process_settings(host=host, port=port, database=database), tell, worker=not no_worker)

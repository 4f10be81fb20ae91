"""`tieout worker`: jobs and schedules of a database, in a process of their own."""

from typing import Annotated

import typer

from tieout.cli.database import Database, require_there
from tieout.cli.output import write


def worker(
    database: Database = None,
    threads: Annotated[
        int | None, typer.Option("--threads", metavar="N", min=1, max=32, help="Jobs at once; 2 by default.")
    ] = None,
) -> None:
    """Run jobs and schedules beside `tieout serve`, until Ctrl-C or SIGTERM; any number of workers share a database.

    For example: tieout worker --threads 4 --database postgresql://tieout@localhost/tieout
    """
    from tieout import app

    def tell(engine: str, jobs: int) -> None:
        write(f"tieout works on {engine}, {jobs} {'job' if jobs == 1 else 'jobs'} at once\n".encode())

    settings = app.process_settings(database=database, worker_threads=threads)
    require_there(settings)
    app.work(settings, tell)

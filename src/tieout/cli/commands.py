"""Every command of `tieout`, and how one is run.

A command is one function of a few lines: its options, a call that it imports when it runs, and what it prints. Nothing
heavy is imported at the top, so that `tieout --help` answers at once.
"""

from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from tieout.cli import lab
from tieout.cli.connection import connection
from tieout.cli.demo import demo
from tieout.cli.entity import entity
from tieout.cli.exit_status import DONE, INTERRUPTED, MISSING, REFUSED
from tieout.cli.feed import feed
from tieout.cli.integration import integration
from tieout.cli.job import job
from tieout.cli.migrate import migrate
from tieout.cli.output import accept_every_character, complain, show, write
from tieout.cli.plan import plan
from tieout.cli.reconcile import reconcile
from tieout.cli.schedule import schedule
from tieout.cli.serve import serve
from tieout.cli.several_values import SeveralValuesCommand
from tieout.cli.token import token
from tieout.cli.user import user
from tieout.cli.verify import verify
from tieout.cli.worker import worker
from tieout.kernel.errors import FAULTS, Missing, Refused, TieoutError, place_of
from tieout.kernel.version import VERSION

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Tie what the books say to what banks, marketplaces and payment providers say, and prove every match."""
    if version:
        write(f"tieout {VERSION}\n".encode())
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Bank files, or zip archives of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON array, one element per file.")] = False,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="Read the files with this reading option.")
    ] = None,
) -> None:
    """Say what each file is, its statements, and whether the balances prove them.

    For example: tieout check may.sta june.xml year.zip
    """
    from tieout.app import check as check_paths
    from tieout.cli.progress import reading_progress

    with reading_progress() as watch:
        checked = check_paths(files, profile, watch=watch)
    if as_json:
        from tieout.contracts.check_json import write_check

        write(write_check(checked))
    else:
        from tieout.cli.check_table import check_table

        show(check_table(checked))
    for finding in checked.refused:
        complain(str(finding))
    raise typer.Exit(REFUSED if checked.refused else DONE)


app.command(cls=SeveralValuesCommand)(reconcile)
app.command()(verify)
app.add_typer(plan, name="plan")
app.command()(migrate)
app.add_typer(entity, name="entity")
app.add_typer(user, name="user")
app.add_typer(token, name="token")
app.add_typer(integration, name="integration")
app.add_typer(feed, name="feed")
app.add_typer(connection, name="connection")
app.command()(serve)
app.command()(worker)
app.add_typer(job, name="job")
app.add_typer(schedule, name="schedule")
app.command()(demo)
app.command()(lab.generate)
app.command()(lab.score)
app.command()(lab.bench)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    arguments: what stands after `tieout`; those of this process when None.
    Whatever goes wrong becomes messages on standard error, never a traceback.
    """
    accept_every_character()
    try:
        return int(get_command(app).main(arguments, prog_name="tieout", standalone_mode=False) or DONE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except typer.TyperException as misuse:
        complain(_usage_message(misuse))
    except Missing as missing:
        complain(str(missing))
        return MISSING
    except Refused as refused:
        complain(str(refused))
        if refused.count > len(refused.findings):
            complain(f"and {refused.count - len(refused.findings)} more")
    except (TieoutError, OSError) as error:
        complain(str(error))
    except FAULTS as fault:
        complain(f"tieout itself failed: {type(fault).__name__} at {place_of(fault)}: {fault}; please report it")
    return REFUSED


def _usage_message(misuse: typer.TyperException) -> str:
    context: typer.Context | None = getattr(misuse, "ctx", None)
    command = context.command_path if context else "tieout"
    message = misuse.format_message().replace(": Value error, ", ": ").rstrip(".")
    return f"{command}: {message}; see {command} --help"

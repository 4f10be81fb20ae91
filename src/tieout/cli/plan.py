"""`tieout plan`: plans as TOML."""

from typing import Annotated

import typer

from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write

plan = typer.Typer()


@plan.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Plans: which matchers run, in which order and within which limits."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@plan.command()
def show(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A plan that comes with tieout.")] = "default",
) -> None:
    """Print a plan that comes with tieout; a copy of it is a plan file for --plan.

    For example: tieout plan show default > ours.toml
    """
    from tieout.services.files.plan_files import plan_text

    write(plan_text(name).encode())

"""`tieout demo`: what a reconciliation looks like, on the example company."""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.output import show

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType


def demo(
    *,
    _once: Annotated[bool, typer.Option("--once", help="Stop when the result is printed.")] = False,
) -> None:
    """Reconcile the example company: two banks, four accounts, three months, every hard case on purpose.

    For example: tieout demo --once
    """
    from rich.console import Group

    from tieout.cli.result_table import result_table
    from tieout.lab.demo import RESULT_FOLDER, company_folder, reconcile_company

    result = reconcile_company()
    show(Group(result_table(result, RESULT_FOLDER), _where_to_look(company_folder())))


def _where_to_look(company: "Path") -> "RenderableType":
    """The way on: the story behind the figures, and the command that gives them again."""
    from rich.text import Text

    folder = shlex.quote(str(company))
    command = f"tieout reconcile --ledger {folder}/books/*.csv --statement {folder}/bank/*"
    return Text(f"the story, case by case: {company / 'README.md'}\nthe same by hand: {command}")

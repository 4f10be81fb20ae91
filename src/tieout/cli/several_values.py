"""Options that take several values one after another, as a shell glob gives them: --ledger a.csv b.csv."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from typer._click.core import Context

# The options of `tieout reconcile` that take several files.
SEVERAL = ("--ledger", "--statement")


class SeveralValuesCommand(TyperCommand):
    """A command whose options of SEVERAL take every value up to the next option."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Read the arguments as if the option stood before each of its values. Raises BadParameter."""
        try:
            return super().parse_args(ctx, spread(args))
        except _NoValue as none:
            raise typer.BadParameter("name at least one file", ctx=ctx, param_hint=none.option) from None


class _NoValue(Exception):
    def __init__(self, option: str) -> None:
        self.option = option
        super().__init__(option)


def spread(arguments: Sequence[str]) -> list[str]:
    """The arguments with the option of SEVERAL repeated before each of its values."""
    found: list[str] = []
    option = ""
    for place, argument in enumerate(arguments):
        name, mark, _ = argument.partition("=")
        if argument in SEVERAL:
            following = arguments[place + 1 : place + 2]
            if not following or _is_option(following[0]):
                raise _NoValue(argument)
            option = argument
        elif _is_option(argument):
            option = name if name in SEVERAL and mark else ""
            found.append(argument)
        else:
            found += [option, argument] if option else [argument]
    return found


def _is_option(argument: str) -> bool:
    return argument.startswith("-") and argument != "-"

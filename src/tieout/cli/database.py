"""The database that a command works on: which one, and what services answer over it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

import typer

from tieout.kernel.errors import Refusal, UsageError

if TYPE_CHECKING:
    from tieout.services.context import Context, Denied

Answer = TypeVar("Answer")

Database: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="URL", help="sqlite:///FILE, a file, or postgresql://...; TIEOUT_DATABASE when not given."
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]

# What to do about a rule, where its words alone do not say it.
_ADVICE = {
    "currency": "give the three letters of ISO 4217, for example NOK",
    "email": "an address has one @ and no blanks",
    "label": "keep to characters that can be printed",
    "password": "give at least 8 characters",
    "time_zone": "give a name of the time zone database, for example Europe/Oslo",
    "days": "give 1 to 3660",
    "face": "people sign in to the desk; give another face",
    "value": "see tieout entity settings",
}


@contextmanager
def opened(database: str | None) -> "Iterator[Context]":
    """What services are handed, over the database of the option or of the settings of the process."""
    from tieout import app

    with app.opened(app.process_settings(database=database)) as context:
        yield context


def accepted(answer: "Answer | Denied") -> Answer:
    """The answer of a service. Raises UsageError with every reason, one line each, where it refused."""
    from tieout.services.context import Denied

    if isinstance(answer, Denied):
        raise UsageError("\n".join(map(_said, answer.refusals)))
    return answer


def _said(refusal: Refusal) -> str:
    from tieout.domain.rules import RULES

    said = f"{refusal.concerns}: {RULES[refusal.code]}" if refusal.concerns else RULES[refusal.code]
    advice = _ADVICE.get(refusal.concerns) if refusal.code in ("not_allowed", "unknown_currency") else None
    return f"{said}; {advice}" if advice else said

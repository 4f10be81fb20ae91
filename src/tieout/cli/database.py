"""The database that a command works on: which one, and what services answer over it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

import typer

from tieout.kernel.errors import Refusal, UsageError

if TYPE_CHECKING:
    from tieout.contracts.settings import ProcessSettings
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
    "time_zone": "give one like Europe/Oslo",
    "days": "give 1 to 3660",
    "cron": 'give minute, hour, day, month and day of the week, for example "30 6 * * mon-fri"',
    "every_minutes": "give 1 to 527040",
    "face": "people sign in to the desk; give another face",
    "value": "see tieout entity settings",
}


@contextmanager
def opened(database: str | None) -> "Iterator[Context]":
    """What services are handed, over the database of the option or of the settings of the process.

    Raises UsageError where there is no such file, and SchemaMissing where it was not migrated: only `tieout migrate`
    and `tieout serve` make a database.
    """
    from tieout import app

    settings = app.process_settings(database=database)
    require_there(settings)
    with app.opened(settings) as context:
        app.require_current(context)
        yield context


def require_there(settings: "ProcessSettings") -> None:
    """Pass unless the database is a file that is not there. Raises UsageError."""
    from tieout.services.process_settings import sqlite_path

    path = sqlite_path(settings.database)
    if path is not None and not path.exists():
        raise UsageError(f"{path}: there is no database; make it with tieout migrate, or name another with --database")


def accepted(answer: "Answer | Denied") -> Answer:
    """The answer of a service. Raises UsageError with every reason, one line each, where it refused."""
    from tieout.services.context import Denied

    if isinstance(answer, Denied):
        raise UsageError("\n".join(map(_said, answer.refusals)))
    return answer


def _said(refusal: Refusal) -> str:
    from tieout.domain.rules import RULES

    said = f"{refusal.concerns}: {RULES[refusal.code]}" if refusal.concerns else RULES[refusal.code]
    if message := refusal.fact("message"):
        said = f"{said}: {message}"
    advice = _ADVICE.get(refusal.concerns) if refusal.code in ("not_allowed", "unknown_currency") else None
    return f"{said}; {advice}" if advice else said

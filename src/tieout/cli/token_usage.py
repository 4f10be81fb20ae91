"""`tieout token usage` and `tieout token unblock`: what was called of vendors' APIs, and who is locked for misuse."""

from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.user import known

if TYPE_CHECKING:
    from tieout.domain.people import Principal
    from tieout.domain.work import CredentialBlock
    from tieout.services.context import Context

_DAY = 86_400_000_000
_HEADINGS = ("credential", "endpoint", "day", "calls", "too many", "faulty", "blocked", "locked until")


def usage(
    *,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=3660, help="How many days back.")] = 30,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """List what was called of APIs whose calls are limited: how often, how often too early, and who is locked.

    For example: tieout token usage --days 7
    """
    from tieout.cli.people_tables import answer_with
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    with opened(database) as context:
        rows = [row for each in organisations(context) for row in _rows(context, operator(context, each.id), days)]
    answer_with(rows, _HEADINGS, as_json=as_json)


def unblock(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The user whose calls are locked.")],
    *,
    database: Database = None,
) -> None:
    """Let a user call again that is locked for misuse, as the vendor's support would.

    For example: tieout token unblock erp@nordic.example
    """
    from tieout.services.usage import unblock as unblock_user

    with opened(database) as context:
        principal, found = known(context, email)
        accepted(unblock_user(context, principal, found.id))


def _rows(context: "Context", principal: "Principal", days: int) -> list[dict[str, object]]:
    from tieout.kernel.dates import day_text
    from tieout.services.limits import credential_of
    from tieout.services.people.users import users
    from tieout.services.usage import blocks
    from tieout.services.usage import usage as usage_of

    emails = {credential_of(each.id): each.email for each in users(context, principal)}
    locked = {block.credential: _until(block) for block in blocks(context, principal)}
    from_day = context.now() // _DAY - days + 1
    return [
        {
            "credential": emails.get(each.credential, each.credential),
            "endpoint": each.endpoint,
            "day": day_text(each.on_day),
            "calls": each.calls,
            "too many": each.refused,
            "faulty": each.faulty,
            "blocked": each.blocked,
            "locked until": locked.get(each.credential),
        }
        for each in usage_of(context, principal, from_day)
    ]


def _until(block: "CredentialBlock") -> str:
    from tieout.cli.people_tables import instant

    return instant(block.until) or "tieout token unblock"

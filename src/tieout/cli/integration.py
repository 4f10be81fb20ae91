"""`tieout integration`: the systems that fetch settlements, and whose credentials act for them."""

from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.entity import principal_over
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.cli.user import known
from tieout.kernel.errors import UsageError

if TYPE_CHECKING:
    from tieout.domain.people import Principal
    from tieout.services.context import Context

integration = typer.Typer()

_ID = typer.Argument(metavar="ID", help="The id of an integration, as `tieout integration list` shows it.")
_UNREAD = "What a call gets that does not say: unread settlements, or all that are unresolved."
_HEADINGS = ("id", "entity", "name", "unread only", "users", "unread for over a day")


@integration.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Integrations: systems that fetch settlements and say what they have read and resolved."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@integration.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    *,
    entity_id: Annotated[int, typer.Option("--entity", metavar="ID", help="Whose settlements it fetches.")],
    unread_only: Annotated[bool, typer.Option("--unread-only/--read-too", help=_UNREAD)] = True,
    database: Database = None,
) -> None:
    """Add an integration, which has read nothing yet, and print its id.

    For example: tieout integration add "ERP" --entity 3
    """
    from tieout.services.settlements.integrations import create_integration

    with opened(database) as context:
        principal = principal_over(context, entity_id)
        made = accepted(create_integration(context, principal, entity_id, name, unread_only=unread_only))
    write(f"{made.id}\n".encode())


@integration.command("list")
def list_integrations(*, as_json: AsJson = False, database: Database = None) -> None:
    """List the integrations: whose credentials act for each, and what it has left unread for over a day.

    For example: tieout integration list --json
    """
    from tieout.cli.people_tables import answer_with

    with opened(database) as context:
        rows = [row for principal in _principals(context) for row in _rows(context, principal)]
    answer_with(rows, _HEADINGS, as_json=as_json)


@integration.command()
def change(
    integration_id: Annotated[int, _ID],
    *,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Another name.")] = None,
    unread_only: Annotated[bool | None, typer.Option("--unread-only/--read-too", help=_UNREAD)] = None,
    database: Database = None,
) -> None:
    """Change an integration; what it has read and resolved stays.

    For example: tieout integration change 2 --read-too
    """
    from tieout.services.settlements.integrations import change_integration

    with opened(database) as context:
        principal, entity_id = _owner(context, integration_id)
        accepted(change_integration(context, principal, entity_id, integration_id, name=name, unread_only=unread_only))


@integration.command()
def assign(
    integration_id: Annotated[int, _ID],
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The user that the system signs in as.")],
    *,
    database: Database = None,
) -> None:
    """Let a user's credentials act for an integration, and for no other of its entity.

    For example: tieout integration assign 2 erp@nordic.example
    """
    from tieout.services.settlements.integrations import assign_user

    with opened(database) as context:
        principal, entity_id = _owner(context, integration_id)
        _, found = known(context, email)
        accepted(assign_user(context, principal, entity_id, integration_id, found.id))


def _principals(context: "Context") -> "list[Principal]":
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    return [operator(context, each.id) for each in organisations(context)]


def _rows(context: "Context", principal: "Principal") -> list[dict[str, object]]:
    from tieout.services.people.users import users
    from tieout.services.settlements.integrations import integrations, stale_unread

    emails = {each.id: each.email for each in users(context, principal)}
    rows: list[dict[str, object]] = []
    for entity_id in sorted(principal.roles):
        stale = {each.integration.id: each.entries for each in accepted(stale_unread(context, principal, entity_id))}
        rows += [
            {
                "id": kept.id,
                "entity": entity_id,
                "name": kept.name,
                "unread only": kept.unread_only,
                "users": [emails[user_id] for user_id in user_ids],
                "unread for over a day": stale.get(kept.id, 0),
            }
            for kept, user_ids in (
                (each.integration, each.user_ids) for each in accepted(integrations(context, principal, entity_id))
            )
        ]
    return rows


def _owner(context: "Context", integration_id: int) -> "tuple[Principal, int]":
    """Who the command is in the organisation of an integration, and its entity. Raises UsageError."""
    from tieout.services.settlements.integrations import integrations

    for principal in _principals(context):
        for entity_id in principal.roles:
            if any(
                each.integration.id == integration_id for each in accepted(integrations(context, principal, entity_id))
            ):
                return principal, entity_id
    raise UsageError(f"there is no integration {integration_id}; see tieout integration list")

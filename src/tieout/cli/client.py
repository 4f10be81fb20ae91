"""`tieout token client`: programs that sign in by themselves, for every entity of their organisation."""

from typing import Annotated

import typer

from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.entity import principal_over
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.kernel.errors import UsageError

client = typer.Typer()

_ENTITY = typer.Option("--entity", metavar="ID", help="An entity of the organisation whose client it is.")


@client.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Clients: programs that sign in by themselves, as Monite's client credentials do.

    For example: tieout token client create "ERP" --entity 3
    """
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@client.command()
def create(
    label: Annotated[str, typer.Argument(metavar="LABEL", help="What it is for.")],
    *,
    entity_id: Annotated[int, _ENTITY],
    database: Database = None,
) -> None:
    """Make a client and print its id and its secret, this once: only a digest is kept.

    It owns every entity of the organisation, those that come later too.

    For example: tieout token client create "ERP" --entity 3
    """
    from tieout.services.people.api_clients import create_client

    with opened(database) as context:
        made = accepted(create_client(context, principal_over(context, entity_id), label))
    write(f"client_id {made.client.public_id}\nclient_secret {made.secret}\n".encode())


@client.command("list")
def list_clients(*, as_json: AsJson = False, database: Database = None) -> None:
    """List the clients of every organisation.

    For example: tieout token client list --json
    """
    from tieout.cli.people_tables import answer_with, instant
    from tieout.services.people.api_clients import api_clients
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    with opened(database) as context:
        rows = [
            {
                "client id": each.public_id,
                "organisation": owner.name,
                "label": each.label,
                "since": instant(each.created_at),
                "revoked": instant(each.revoked_at),
            }
            for owner in organisations(context)
            for each in api_clients(context, operator(context, owner.id))
        ]
    answer_with(rows, ("client id", "organisation", "label", "since", "revoked"), as_json=as_json)


@client.command()
def revoke(
    public_id: Annotated[str, typer.Argument(metavar="CLIENT_ID", help="As tieout token client list shows it.")],
    *,
    database: Database = None,
) -> None:
    """Refuse a client, and every token that it was given, from now on.

    For example: tieout token client revoke 018f2c4e-7c1a-7b11-9d1c-0c3f6a1be001
    """
    from tieout.services.people.api_clients import api_clients, revoke_client
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    with opened(database) as context:
        for each in organisations(context):
            principal = operator(context, each.id)
            if any(kept.public_id == public_id for kept in api_clients(context, principal)):
                accepted(revoke_client(context, principal, public_id))
                return
    raise UsageError(f"there is no client {public_id}; see tieout token client list")

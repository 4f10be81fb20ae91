"""`tieout entity`: whose books are reconciled, and what its organisation decided."""

from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.kernel.errors import UsageError

if TYPE_CHECKING:
    from tieout.domain.people import Organisation, Principal
    from tieout.services.context import Context

entity = typer.Typer()

_ENTITY = typer.Option("--entity", metavar="ID", help="The id of an entity, as `tieout entity list` shows it.")


@entity.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Entities: whose books are reconciled, and what was decided for them."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@entity.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the legal entity.")],
    *,
    currency: Annotated[str, typer.Option(metavar="CODE", help="Its functional currency, for good.")],
    time_zone: Annotated[str, typer.Option(metavar="NAME", help="Its time zone, for schedules.")] = "UTC",
    organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="The organisation it joins; needed where there are several.")
    ] = None,
    new_organisation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Found this organisation, and put the entity into it.")
    ] = None,
    database: Database = None,
) -> None:
    """Add an entity, and print its id. Whoever owns every other entity of its organisation owns it too.

    For example: tieout entity add "Nordic Supplies AS" --currency NOK --time-zone Europe/Oslo
    """
    from tieout.services.people.entities import EntityRequest, create_entity

    with opened(database) as context:
        principal = _principal(context, name, organisation, new_organisation)
        request = EntityRequest(name=name, currency=currency, time_zone=time_zone)
        made = accepted(create_entity(context, principal, request))
    write(f"{made.id}\n".encode())


@entity.command("list")
def list_entities(*, as_json: AsJson = False, database: Database = None) -> None:
    """List the entities with their organisations.

    For example: tieout entity list --json
    """
    from tieout.cli.people_tables import answer_with
    from tieout.services.people.entities import entities
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    with opened(database) as context:
        rows = [
            {
                "id": each.id,
                "name": each.name,
                "currency": each.currency,
                "time zone": each.time_zone,
                "organisation": owner.name,
                "public id": each.public_id,
            }
            for owner in organisations(context)
            for each in entities(context, operator(context, owner.id))
        ]
    answer_with(rows, ("id", "name", "currency", "time zone", "organisation"), as_json=as_json)


@entity.command()
def change(
    entity_id: Annotated[int, typer.Argument(metavar="ID", help="The id of the entity.")],
    *,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Its new name.")] = None,
    time_zone: Annotated[str | None, typer.Option(metavar="NAME", help="Its new time zone.")] = None,
    database: Database = None,
) -> None:
    """Change the name or the time zone of an entity; its currency stays.

    For example: tieout entity change 3 --time-zone Europe/Oslo
    """
    from tieout.services.people.entities import change_entity

    changes = {name: value for name, value in (("name", name), ("time_zone", time_zone)) if value is not None}
    with opened(database) as context:
        accepted(change_entity(context, principal_over(context, entity_id), entity_id, changes))


@entity.command("set")
def set_value(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What is decided, for example four_eyes.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The decision.")],
    *,
    entity_id: Annotated[int, _ENTITY],
    whole: Annotated[bool, typer.Option("--organisation", help="For every entity of its organisation.")] = False,
    database: Database = None,
) -> None:
    """Decide a business setting for an entity, or for every entity of its organisation that has not decided itself.

    For example: tieout entity set four_eyes on --entity 3 --organisation
    """
    from tieout.kernel.names import did_you_mean
    from tieout.services.people.settings import KNOWN, set_setting

    if name not in KNOWN:
        raise UsageError(f'there is no setting "{name}"; {did_you_mean(name, KNOWN)}')
    with opened(database) as context:
        principal = principal_over(context, entity_id)
        accepted(set_setting(context, principal, name, value, entity_id=0 if whole else entity_id))


@entity.command()
def settings(*, entity_id: Annotated[int, _ENTITY], as_json: AsJson = False, database: Database = None) -> None:
    """List the business settings that count in an entity.

    For example: tieout entity settings --entity 3
    """
    from tieout.cli.people_tables import answer_with
    from tieout.services.people.settings import KNOWN, setting

    with opened(database) as context:
        organisation_id = principal_over(context, entity_id).organisation_id
        with context.store.reading() as view:
            rows = [
                {
                    "name": name,
                    "value": setting(view, organisation_id, entity_id, name),
                    "meaning": known.meaning,
                }
                for name, known in sorted(KNOWN.items())
            ]
    answer_with(rows, ("name", "value", "meaning"), as_json=as_json)


def principal_over(context: "Context", entity_id: int) -> "Principal":
    """Who the command is in the organisation of an entity. Raises UsageError for an entity that is not there."""
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    for each in organisations(context):
        principal = operator(context, each.id)
        if principal.sees(entity_id):
            return principal
    raise UsageError(f"there is no entity {entity_id}; see tieout entity list")


def _principal(context: "Context", entity_name: str, named: str | None, founded: str | None) -> "Principal":
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import create_organisation, organisations

    there = organisations(context)
    if founded is not None and named is not None:
        raise UsageError("--organisation joins one, --new-organisation founds one; give one of them")
    if founded is not None or not (there or named):
        return operator(context, accepted(create_organisation(context, founded or entity_name)).id)
    return operator(context, _joined(there, named).id)


def _joined(there: "list[Organisation]", named: str | None) -> "Organisation":
    from tieout.kernel.names import did_you_mean

    if named is None and len(there) == 1:
        return there[0]
    names = [each.name for each in there]
    if named is None:
        raise UsageError(f"name the organisation with --organisation: there are {', '.join(sorted(names))}")
    same = [each for each in there if each.name == named]
    if len(same) == 1:
        return same[0]
    if same:
        raise UsageError(f'{len(same)} organisations are called "{named}"; add the entity over the API of one of them')
    raise UsageError(f'there is no organisation "{named}"; {did_you_mean(named, names) if names else "found it first"}')

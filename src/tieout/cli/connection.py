"""`tieout connection`: links to accounting platforms, what is synced with them, and what could not be sent."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.asking import asked
from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.entity import principal_over
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.kernel.errors import UsageError

if TYPE_CHECKING:
    from tieout.contracts.platform import Platform
    from tieout.domain.connections import Connection, SyncedRecord
    from tieout.services.context import Context

connection = typer.Typer()

_CONNECTION = typer.Argument(metavar="ID", help="The id of a connection, as `tieout connection list` shows it.")
_ENTITY = typer.Option("--entity", metavar="ID", help="The id of an entity, as `tieout entity list` shows it.")
_HEADINGS = ("id", "public id", "platform", "status", "business", "last pull", "errors")
_RECORD_HEADINGS = ("record", "type", "object", "there", "name", "status", "errors")


@connection.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Connections: the accounting platforms that entities' books really stand in."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@connection.command()
def add(
    platform: Annotated[str, typer.Argument(metavar="PLATFORM", help="Which it is: journal, tryton, ...")],
    *,
    entity_id: Annotated[int, _ENTITY],
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting of the platform; again for more."),
    ] = None,
    public_id: Annotated[
        str | None, typer.Option("--connection", metavar="ID", help="Tell this connection, instead of a new one.")
    ] = None,
    database: Database = None,
) -> None:
    """Connect an entity to its accounting platform, and print the connection's id.

    Its secrets are asked for, one after another. It is synced at once and every day from then on, by a worker.

    For example: tieout connection add journal --entity 3 --set folder=/srv/books --set format=hledger
    """
    from tieout.services.context import Denied
    from tieout.services.syncing.connections import (
        configure_connection,
        connection_of_public_id,
        create_connection,
        disconnect,
    )

    with opened(database) as context:
        found = _platform(context, platform)
        settings = _settings(found, dict(map(_setting, setting or ())))
        secrets = {each.name: asked(each.name) for each in found.FIELDS if each.secret}
        principal = principal_over(context, entity_id)
        if public_id is None:
            _require_unconnected(context, entity_id)
        kept = (
            accepted(create_connection(context, principal, entity_id))
            if public_id is None
            else accepted(connection_of_public_id(context, principal, entity_id, public_id))
        )
        told = configure_connection(context, principal, entity_id, kept.id, platform, settings, _given(secrets))
        if isinstance(told, Denied) and public_id is None:
            # Nothing is left of what was made for nothing.
            disconnect(context, principal, entity_id, kept.id)
        connected = accepted(told)
    write(f"{connected.id}\n".encode())


@connection.command("list")
def list_connections(
    *,
    entity_id: Annotated[int, _ENTITY],
    every: Annotated[bool, typer.Option("--all", help="Also those that were ended.")] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """List the connections of an entity, and how each is.

    For example: tieout connection list --entity 3
    """
    from tieout.cli.people_tables import answer_with
    from tieout.services.syncing.connections import connections

    with opened(database) as context:
        principal = principal_over(context, entity_id)
        rows = [_row(each) for each in accepted(connections(context, principal, entity_id, disconnected=every))]
    answer_with(rows, _HEADINGS, as_json=as_json)


@connection.command()
def show(
    connection_id: Annotated[int, _CONNECTION],
    *,
    entity_id: Annotated[int, _ENTITY],
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Show one connection, and how many of its records stand how.

    For example: tieout connection show 1 --entity 3
    """
    from tieout.cli.people_tables import answer_with
    from tieout.services.syncing.connections import connection as one_connection
    from tieout.services.syncing.record_counts import record_counts

    with opened(database) as context:
        principal = principal_over(context, entity_id)
        found = accepted(one_connection(context, principal, entity_id, connection_id))
        counts = accepted(record_counts(context, principal, entity_id, connection_id))
    rows = [{"name": name, "value": value} for name, value in _row(found).items()]
    rows += [{"name": f"{kind} {status}", "value": str(count)} for (kind, status), count in sorted(counts.items())]
    answer_with(rows, ("name", "value"), as_json=as_json)


@connection.command()
def sync(
    connection_id: Annotated[int, _CONNECTION], *, entity_id: Annotated[int, _ENTITY], database: Database = None
) -> None:
    """Sync now, and print the id of the job that a worker runs; see `tieout job show`.

    For example: tieout connection sync 1 --entity 3
    """
    from tieout.services.syncing.connections import sync_connection

    with opened(database) as context:
        job = accepted(sync_connection(context, principal_over(context, entity_id), entity_id, connection_id))
    write(f"{job.id}\n".encode())


@connection.command("disconnect")
def end(
    connection_id: Annotated[int, _CONNECTION], *, entity_id: Annotated[int, _ENTITY], database: Database = None
) -> None:
    """End a connection: nothing is sent any more, and its secrets are erased; what was pulled stays.

    For example: tieout connection disconnect 1 --entity 3
    """
    from tieout.services.syncing.connections import disconnect

    with opened(database) as context:
        accepted(disconnect(context, principal_over(context, entity_id), entity_id, connection_id))


@connection.command()
def records(
    object_type: Annotated[str, typer.Argument(metavar="TYPE", help="receivable, bill, payment_record, ...")],
    *,
    entity_id: Annotated[int, _ENTITY],
    status: Annotated[str, typer.Option(metavar="STATUS", help="pending, done, error or unknown alone.")] = "",
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """List the synced records of one type, the last hundred changed first.

    For example: tieout connection records receivable --entity 3 --status error
    """
    from tieout.cli.people_tables import answer_with
    from tieout.domain.connections import ObjectType
    from tieout.kernel.names import did_you_mean
    from tieout.services.syncing.synced_records import RecordQuery, synced_records

    types = [str(each) for each in ObjectType]
    if object_type not in types:
        raise UsageError(f"{object_type}: there is no such type; {did_you_mean(object_type, types)}")
    query = RecordQuery(object_type=object_type, status=status, order_by="updated_at", descending=True)
    with opened(database) as context:
        page = accepted(synced_records(context, principal_over(context, entity_id), entity_id, query))
    answer_with([_record_row(each) for each in page.records], _RECORD_HEADINGS, as_json=as_json)


@connection.command()
def push(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Its public id, as `records` shows it.")],
    *,
    entity_id: Annotated[int, _ENTITY],
    database: Database = None,
) -> None:
    """Send a record whose push failed once more; a worker does it.

    For example: tieout connection push 019aa3c0-7f00-7000-8000-000000000001 --entity 3
    """
    from tieout.services.syncing.synced_records import push_record

    with opened(database) as context:
        pushed = accepted(push_record(context, principal_over(context, entity_id), entity_id, record))
    write(f"{pushed.status}\n".encode())


def _platform(context: "Context", name: str) -> "Platform":
    from tieout.kernel.names import did_you_mean

    known = context.platforms()
    if name not in known:
        raise UsageError(f'there is no platform "{name}"; {did_you_mean(name, known)}')
    return known[name]


def _given(secrets: dict[str, str]) -> dict[str, str]:
    """The secrets that somebody typed; the others stay as they are."""
    return {name: clear for name, clear in secrets.items() if clear}


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise UsageError(f"--set {text}: write NAME=VALUE, for example format=hledger")
    return name, value


def _settings(platform: "Platform", given: dict[str, str]) -> dict[str, str]:
    """Settings under names that the platform has, each path on this machine as a whole one. Raises UsageError."""
    from tieout.kernel.names import did_you_mean

    known = {field.name: field for field in platform.FIELDS if not field.secret}
    for name in given:
        if name not in known:
            raise UsageError(f"--set {name}: {platform.TITLE} has no such setting; {did_you_mean(name, known)}")
    return {name: str(Path(value).absolute()) if known[name].local else value for name, value in given.items()}


def _require_unconnected(context: "Context", entity_id: int) -> None:
    """Pass where the entity has no books yet. Raises UsageError that says how to end the connection it has."""
    from tieout.services.syncing.connections import connections

    for kept in accepted(connections(context, principal_over(context, entity_id), entity_id)):
        if kept.status == "connected":
            ending = f"tieout connection disconnect {kept.id} --entity {entity_id}"
            raise UsageError(
                f"entity {entity_id} is connected already, by connection {kept.id}; end that first: {ending}"
            )


def _row(kept: "Connection") -> dict[str, object]:
    from tieout.cli.people_tables import instant
    from tieout.services.syncing.connections import business_of, error_messages

    return {
        "id": kept.id,
        "public id": kept.public_id,
        "platform": kept.platform or None,
        "status": kept.status,
        "business": business_of(kept).name or None,
        "last pull": instant(kept.last_pull_at),
        "errors": _joined(error_messages(kept)),
    }


def _record_row(kept: "SyncedRecord") -> dict[str, object]:
    import json

    errors = json.loads(kept.errors)
    return {
        "record": kept.public_id,
        "type": kept.object_type,
        "object": kept.object_id,
        "there": kept.platform_object_id or None,
        "name": kept.name or None,
        "status": kept.status,
        "errors": _joined([f"{errors['code']}: {errors['message']}"] if errors else []),
    }


def _joined(messages: Sequence[str]) -> str | None:
    return "; ".join(messages) or None

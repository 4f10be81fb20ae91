"""`tieout feed`: what is fetched from outside every day."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.asking import asked
from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.entity import principal_over
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.kernel.errors import UsageError

if TYPE_CHECKING:
    from tieout.contracts.connector import Connector
    from tieout.services.context import Context
    from tieout.services.feeds.feeds import FeedNow

feed = typer.Typer()

_FEED = typer.Argument(metavar="ID", help="The id of a feed, as `tieout feed list` shows it.")
_ENTITY = typer.Option("--entity", metavar="ID", help="The id of an entity, as `tieout entity list` shows it.")


@feed.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Feeds: settlements that are fetched every day, stored, marked read, and marked resolved once they are cleared."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@feed.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the feed is called.")],
    *,
    connector: Annotated[str, typer.Option(metavar="NAME", help="Whom it is fetched from, for example koncili.")],
    entity_id: Annotated[int, _ENTITY],
    account_id: Annotated[int, typer.Option("--account", metavar="ID", help="The provider's clearing account.")],
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting of the connector; again for more."),
    ] = None,
    cron: Annotated[str, typer.Option(metavar="FIELDS", help="When, in the entity's own time.")] = "30 6 * * *",
    database: Database = None,
) -> None:
    """Fetch settlements every day from now on, and print the feed's id. Its secrets are asked for, one after another.

    For example: tieout feed add marketplaces --connector koncili --entity 3 --account 12 --set email=erp@shop.example
    """
    from tieout.services.feeds.feeds import FeedRequest, create_feed

    with opened(database) as context:
        principal = principal_over(context, entity_id)
        request = FeedRequest(
            name=name,
            connector=connector,
            account_id=account_id,
            settings=dict(map(_setting, setting or ())),
            secrets={secret: asked(secret) for secret in _secrets(_connector(context, connector))},
            cron=cron,
        )
        made = accepted(create_feed(context, principal, entity_id, request))
    write(f"{made.id}\n".encode())


@feed.command("list")
def list_feeds(*, entity_id: Annotated[int, _ENTITY], as_json: AsJson = False, database: Database = None) -> None:
    """List the feeds of an entity and how far each is.

    For example: tieout feed list --entity 3
    """
    from tieout.cli.people_tables import answer_with
    from tieout.services.feeds.feeds import feeds

    with opened(database) as context:
        rows = [_row(each) for each in accepted(feeds(context, principal_over(context, entity_id), entity_id))]
    answer_with(rows, _HEADINGS, as_json=as_json)


_HEADINGS = ("id", "name", "connector", "state", "stored", "read", "resolved", "left out", "last run", "fault")


def _row(now: "FeedNow") -> dict[str, object]:
    from tieout.cli.people_tables import instant

    return {
        "id": now.feed.id,
        "name": now.feed.name,
        "connector": now.feed.connector,
        "state": now.feed.state,
        "stored": now.stored,
        "read": now.read,
        "resolved": now.resolved,
        "left out": now.left_out,
        "last run": instant(now.feed.last_ended_at),
        "fault": now.feed.fault or None,
    }


@feed.command("left-out")
def list_left_out(
    feed_id: Annotated[int, _FEED],
    *,
    entity_id: Annotated[int, _ENTITY],
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """List the entries that could not be taken in, each with its reason.

    For example: tieout feed left-out 1 --entity 3
    """
    from tieout.cli.people_tables import answer_with, instant
    from tieout.services.feeds.feeds import left_out

    with opened(database) as context:
        found = accepted(left_out(context, principal_over(context, entity_id), entity_id, feed_id))
        rows = [{"entry": each.vendor_id, "reason": each.left_out, "since": instant(each.stored_at)} for each in found]
    answer_with(rows, ("entry", "reason", "since"), as_json=as_json)


@feed.command()
def run(feed_id: Annotated[int, _FEED], *, entity_id: Annotated[int, _ENTITY], database: Database = None) -> None:
    """Fetch now, and print the id of the job that a worker runs; see `tieout job show`.

    For example: tieout feed run 1 --entity 3
    """
    from tieout.services.feeds.feeds import run_feed

    with opened(database) as context:
        job = accepted(run_feed(context, principal_over(context, entity_id), entity_id, feed_id))
    write(f"{job.id}\n".encode())


@feed.command()
def pause(feed_id: Annotated[int, _FEED], *, entity_id: Annotated[int, _ENTITY], database: Database = None) -> None:
    """Fetch nothing until it is resumed.

    For example: tieout feed pause 1 --entity 3
    """
    from tieout.services.feeds.feeds import pause_feed

    with opened(database) as context:
        accepted(pause_feed(context, principal_over(context, entity_id), entity_id, feed_id))


@feed.command()
def resume(
    feed_id: Annotated[int, _FEED],
    *,
    entity_id: Annotated[int, _ENTITY],
    new_secrets: Annotated[bool, typer.Option("--new-secrets", help="Ask for its secrets anew.")] = False,
    setting: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Another setting; again for more.")
    ] = None,
    database: Database = None,
) -> None:
    """Fetch again, with new secrets and settings where the old ones are refused.

    For example: tieout feed resume 1 --entity 3 --new-secrets
    """
    from tieout.services.feeds.feeds import feed as one_feed
    from tieout.services.feeds.feeds import resume_feed

    with opened(database) as context:
        principal = principal_over(context, entity_id)
        found = accepted(one_feed(context, principal, entity_id, feed_id))
        names = _secrets(_connector(context, found.feed.connector)) if new_secrets else ()
        secrets = {secret: asked(secret) for secret in names}
        settings = dict(map(_setting, setting or ()))
        accepted(resume_feed(context, principal, entity_id, feed_id, secrets, settings))


@feed.command()
def remove(feed_id: Annotated[int, _FEED], *, entity_id: Annotated[int, _ENTITY], database: Database = None) -> None:
    """Fetch no more, erase the secrets, and free the name; what was fetched stays.

    For example: tieout feed remove 1 --entity 3
    """
    from tieout.services.feeds.feeds import remove_feed

    with opened(database) as context:
        accepted(remove_feed(context, principal_over(context, entity_id), entity_id, feed_id))


def _connector(context: "Context", name: str) -> "Connector":
    from tieout.kernel.names import did_you_mean

    known = context.connectors()
    if name not in known:
        raise UsageError(f'there is no connector "{name}"; {did_you_mean(name, known)}')
    return known[name]


def _secrets(connector: "Connector") -> Sequence[str]:
    return [each.name for each in connector.FIELDS if each.secret]


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise UsageError(f"--set {text}: write NAME=VALUE, for example email=erp@shop.example")
    return name, value

"""`tieout schedule`: what queues jobs by itself, and when."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.database import AsJson, Database, accepted, opened
from tieout.cli.entity import principal_over
from tieout.cli.exit_status import REFUSED
from tieout.cli.output import complain, write
from tieout.kernel.errors import UsageError

if TYPE_CHECKING:
    from tieout.domain.people import Principal
    from tieout.services.context import Context
    from tieout.services.schedule_changes import ScheduleNow

schedule = typer.Typer()

_ScheduleId = Annotated[int, typer.Argument(metavar="ID", help="The id of the schedule.")]
_Cron = Annotated[
    str | None, typer.Option(metavar="FIELDS", help='Minute, hour, day, month, day of the week: "30 6 * * mon-fri".')
]
_Minutes = Annotated[int | None, typer.Option("--every", metavar="MINUTES", help="Instead: every so many minutes.")]
_TimeZone = Annotated[str | None, typer.Option(metavar="NAME", help="Whose clock it goes by; the entity's by default.")]


@schedule.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Schedules: what queues jobs by itself, and when."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@schedule.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    *,
    entity_id: Annotated[int, typer.Option("--entity", metavar="ID", help="The entity it works for.")],
    user: Annotated[str, typer.Option(metavar="EMAIL", help="The user in whose name its jobs run.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help="What its jobs do: match proposes matches.")] = "match",
    account: Annotated[
        list[int] | None, typer.Option(metavar="ID", help="Only in this account; again for more.")
    ] = None,
    cron: _Cron = None,
    every: _Minutes = None,
    time_zone: _TimeZone = None,
    database: Database = None,
) -> None:
    """Add a schedule, and print its id.

    For example: tieout schedule add "Match at night" --entity 3 --user ada@nordic.example --cron "30 4 * * mon-fri"
    """
    from tieout.cli.user import known
    from tieout.domain.people import Face
    from tieout.services.people.principals import principal_of_user
    from tieout.services.schedule_changes import create_schedule
    from tieout.services.schedules import ScheduleRequest

    if not cron and not every:
        raise UsageError("say when it runs, with --cron or --every")
    request = ScheduleRequest(
        name=name,
        kind=kind,
        request={"account_ids": account} if account else {},
        cron=cron or "",
        every_minutes=every or 0,
        time_zone=time_zone or "",
    )
    with opened(database) as context:
        acting = principal_of_user(context, known(context, user)[1].id, Face.NATIVE)
        if acting is None or not acting.sees(entity_id):
            raise UsageError(f"--user {user}: this user is disabled, or has no role in entity {entity_id}")
        made = accepted(create_schedule(context, principal_over(context, entity_id), entity_id, request, acting))
    write(f"{made.schedule.id}\n".encode())


@schedule.command("list")
def list_schedules(
    *,
    entity_id: Annotated[
        int | None, typer.Option("--entity", metavar="ID", help="Of one entity alone; of every entity when not given.")
    ] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """List the schedules: what they do, when they run next, and the job that they queued last.

    For example: tieout schedule list
    """
    from tieout.cli.people_tables import answer_with, instant
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    with opened(database) as context:
        if entity_id is None:
            principals = [operator(context, each.id) for each in organisations(context)]
            wanted = [(principal, entity) for principal in principals for entity in sorted(principal.roles)]
        else:
            wanted = [(principal_over(context, entity_id), entity_id)]
        rows = [
            {
                "id": now.schedule.id,
                "entity": entity,
                "name": now.schedule.name,
                "kind": now.schedule.kind,
                "runs": now.schedule.cron or _every(now.schedule.every_minutes),
                "time zone": now.schedule.time_zone,
                "paused": now.schedule.paused,
                "next": instant(now.next_at),
                "last job": now.last_job_id,
            }
            for principal, entity in wanted
            for now in _schedules(context, principal, entity)
        ]
    headings = ("id", "entity", "name", "kind", "runs", "time zone", "paused", "next", "last job")
    answer_with(rows, headings, as_json=as_json)


@schedule.command()
def change(
    schedule_id: _ScheduleId,
    *,
    cron: _Cron = None,
    every: _Minutes = None,
    time_zone: _TimeZone = None,
    paused: Annotated[bool | None, typer.Option("--pause/--resume", help="Queue nothing until it is resumed.")] = None,
    database: Database = None,
) -> None:
    """Change when a schedule runs, pause it or resume it.

    For example: tieout schedule change 2 --every 60
    """
    from tieout.services.schedule_changes import ScheduleChange, change_schedule

    changed = ScheduleChange(cron=cron, every_minutes=every, time_zone=time_zone, paused=paused)
    with opened(database) as context:
        principal, entity_id = _found(context, schedule_id)
        accepted(change_schedule(context, principal, entity_id, schedule_id, changed))


@schedule.command()
def remove(schedule_id: _ScheduleId, *, database: Database = None) -> None:
    """Remove a schedule; a job that it has queued is run all the same.

    For example: tieout schedule remove 2
    """
    from tieout.services.schedule_changes import remove_schedule

    with opened(database) as context:
        principal, entity_id = _found(context, schedule_id)
        accepted(remove_schedule(context, principal, entity_id, schedule_id))


def _every(minutes: int) -> str:
    return "every minute" if minutes == 1 else f"every {minutes} minutes"


def _schedules(context: "Context", principal: "Principal", entity_id: int) -> "Iterator[ScheduleNow]":
    from tieout.services.schedule_changes import schedules

    after = 0
    while page := accepted(schedules(context, principal, entity_id, after=after)):
        yield from page
        after = page[-1].schedule.id


def _found(context: "Context", schedule_id: int) -> "tuple[Principal, int]":
    """Who the command is where a schedule belongs, and the entity. Raises UsageError."""
    from tieout.services.schedule_changes import entity_of_schedule

    entity_id = entity_of_schedule(context, schedule_id)
    if entity_id is None:
        raise UsageError(f"there is no schedule {schedule_id}; see tieout schedule list")
    return principal_over(context, entity_id), entity_id

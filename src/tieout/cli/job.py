"""`tieout job`: what goes on in the background, and what failed there."""

import json
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
    from tieout.domain.work import Job
    from tieout.services.context import Context

job = typer.Typer()

_Entity = Annotated[
    int | None, typer.Option("--entity", metavar="ID", help="Of one entity alone; of every entity when not given.")
]
_JobId = Annotated[int, typer.Argument(metavar="ID", help="The id of the job.")]


@job.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Jobs: what goes on in the background, and what failed there."""
    if context.invoked_subcommand is None:
        complain(context.get_help())
        raise typer.Exit(REFUSED)


@job.command("list")
def list_jobs(
    *,
    entity_id: _Entity = None,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help="queued, running, done or failed; all but done when not given.")
    ] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="read_document, match, ...")] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """List jobs, those that failed among them: they stay until somebody retries them.

    For example: tieout job list --state failed
    """
    from tieout.cli.people_tables import answer_with
    from tieout.kernel.names import did_you_mean
    from tieout.services.dead_letters import STATES

    if state is not None and state not in STATES:
        raise UsageError(f'--state: there is no state "{state}"; {did_you_mean(state, STATES)}')
    with opened(database) as context:
        wanted = (state,) if state else tuple(each for each in STATES if each != "done")
        rows = [_row(each) for each in _jobs(context, entity_id, wanted, kind)]
    answer_with(rows, ("id", "entity", "kind", "state", "attempts", "progress", "due", "fault"), as_json=as_json)


@job.command()
def show(job_id: _JobId, *, as_json: AsJson = False, database: Database = None) -> None:
    """Show one job with what it was asked for and what it answered.

    For example: tieout job show 12
    """
    from tieout.cli.people_tables import instant

    with opened(database) as context:
        _, found = _found(context, job_id)
    told = {
        **_row(found),
        "request": json.loads(found.request),
        "answer": json.loads(found.answer) if found.answer else None,
        "queued by": found.created_by,
        "queued": instant(found.created_at),
        "started": instant(found.started_at),
        "finished": instant(found.finished_at),
        "worker": found.worker,
    }
    if as_json:
        write((json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())
        return
    width = max(map(len, told))
    lines = [f"{name:{width}}  {_shown(value)}\n" for name, value in told.items()]
    write("".join(lines).encode())


@job.command()
def retry(job_id: _JobId, *, database: Database = None) -> None:
    """Queue a job that failed once more.

    For example: tieout job retry 12
    """
    from tieout.services.dead_letters import retry_job

    with opened(database) as context:
        principal, found = _found(context, job_id)
        accepted(retry_job(context, principal, found.entity_id, job_id))


def _jobs(context: "Context", entity_id: int | None, states: tuple[str, ...], kind: str | None) -> "Iterator[Job]":
    """The jobs of one entity or of all, page by page."""
    from tieout.services.dead_letters import jobs
    from tieout.services.people.operator import operator
    from tieout.services.people.organisations import organisations

    if entity_id is None:
        principals = [operator(context, each.id) for each in organisations(context)]
        wanted = [(principal, entity) for principal in principals for entity in sorted(principal.roles)]
    else:
        wanted = [(principal_over(context, entity_id), entity_id)]
    for principal, entity in wanted:
        for state in states:
            after = 0
            while page := accepted(jobs(context, principal, entity, state=state, kind=kind, after=after)):
                yield from page
                after = page[-1].id


def _found(context: "Context", job_id: int) -> "tuple[Principal, Job]":
    """A job with who the command is there. Raises UsageError."""
    from tieout.services.dead_letters import entity_of_job
    from tieout.services.jobs import job as job_now

    entity_id = entity_of_job(context, job_id)
    if entity_id is None:
        raise UsageError(f"there is no job {job_id}; see tieout job list")
    principal = principal_over(context, entity_id)
    return principal, accepted(job_now(context, principal, entity_id, job_id))


def _row(found: "Job") -> dict[str, object]:
    from tieout.cli.people_tables import instant

    progress = json.loads(found.progress) if found.progress else {}
    return {
        "id": found.id,
        "entity": found.entity_id,
        "kind": found.kind,
        "state": found.state,
        "attempts": found.attempts,
        "progress": " of ".join(str(progress[name]) for name in ("done", "of") if name in progress) or None,
        "due": instant(found.due_at or found.created_at),
        "fault": found.fault or None,
    }


def _shown(value: object) -> str:
    from tieout.kernel.errors import printable

    if value is None or value == "":
        return "-"
    return printable(json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value))

"""The jobs that pull from a connection: one at a time, by hand and by a schedule."""

from tieout.domain.connections import Connection
from tieout.domain.people import Entity
from tieout.domain.work import Job, Schedule
from tieout.services.job_rows import queue_job
from tieout.services.people.settings import SYNC_MINUTES, setting
from tieout.services.schedules import ScheduleRequest, add_schedule, remove_schedules
from tieout.store.protocols import Condition, Writing

PULL = "pull_connection"


def queue_pull(work: Writing, connection: Connection, now: int, by: str) -> Job:
    """The sync of a connection that runs, else the one that waits, else a new one."""
    key = _key(connection)
    for running in work.all(Job, Condition("joined_by", "=", key), entity_id=connection.entity_id, state="running"):
        return running
    return queue_job(work, connection.entity_id, PULL, {"connection": connection.id}, now, by, joined_by=key)


def keep_schedule(work: Writing, connection: Connection, now: int, by: str) -> None:
    """Let a connection be synced every so many minutes as the entity's setting says; nothing where it is already."""
    entity = work.one(Entity, id=connection.entity_id)
    assert entity is not None, "a connection belongs to an entity"
    minutes = int(setting(work, entity.organisation_id, entity.id, SYNC_MINUTES))
    name = schedule_name(connection)
    kept = work.one(Schedule, entity_id=connection.entity_id, name=name)
    if kept is not None and kept.every_minutes == minutes:
        return
    remove_schedules(work, connection.entity_id, name)
    request = ScheduleRequest(
        name=name,
        kind=PULL,
        request={"connection": connection.id},
        every_minutes=minutes,
        joined_by=_key(connection),
    )
    add_schedule(work, connection.entity_id, request, now, by)


def schedule_name(connection: Connection) -> str:
    """What the schedule of a connection is called among those of its entity."""
    return f"sync of connection {connection.id}"


def _key(connection: Connection) -> str:
    return f"pull:{connection.id}"

"""A connection to books that the entity was connected to before goes on with what is known of them.

Otherwise everything there would be new: each invoice and each posting a second time.
"""

from dataclasses import replace

from tieout.domain.connections import Connection, SyncedRecord, SyncWindow
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.job_holds import require_held
from tieout.services.syncing.connection_rows import actor_of
from tieout.store.protocols import Condition, Order, Scope, Writing

_RECORDS_AT_ONCE = 500


def inherit(context: Context, job: Job, connection: Connection) -> int:
    """Take over the records of ended connections to the same books; how many. Raises LeaseLost.

    The same books: the same platform with the same settings, secrets aside.
    """
    with context.store.reading() as view:
        ended = [
            before.id
            for before in view.all(Connection, entity_id=connection.entity_id, order=(Order("id"),))
            if before.id != connection.id
            and (before.platform, before.settings) == (connection.platform, connection.settings)
            and view.count(SyncedRecord, entity_id=connection.entity_id, connection_id=before.id)
        ]
    return sum(_taken_over(context, job, connection, before) for before in ended)


def _taken_over(context: Context, job: Job, connection: Connection, before: int) -> int:
    count, scope = 0, Scope("entity", connection.entity_id)
    while True:
        with context.store.writing(scope, actor_of(connection), "inherit", context.now()) as work:
            require_held(work, job)
            page = work.all(
                SyncedRecord,
                Condition("connection_id", "=", before),
                order=(Order("id"),),
                limit=_RECORDS_AT_ONCE,
                entity_id=connection.entity_id,
            )
            for record in page:
                work.change(record, connection_id=connection.id)
            if not page:
                _windows_taken_over(work, connection, before)
        count += len(page)
        if not page:
            return count


def _windows_taken_over(work: Writing, connection: Connection, before: int) -> None:
    """What was seen last counts for this connection; it reads everything once all the same."""
    for window in work.all(SyncWindow, entity_id=connection.entity_id, connection_id=before):
        work.remove(window)
        work.add(replace(window, connection_id=connection.id))

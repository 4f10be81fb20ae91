"""The outbox: what shall happen on a platform, kept in the transaction of the change that wants it.

A record has one intent and one key for as long as it lives, and every push of it carries that key: whatever is doubled,
delayed or tried again on the way, the platform has one object of it.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from tieout.domain.connections import Connection, Intent, SyncedRecord, SyncStatus
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context
from tieout.services.job_rows import queue_job
from tieout.services.syncing.connection_rows import shown_instant
from tieout.store.protocols import Reading, Writing

PUSH = "push_record"


def pushes(context: Context, connection: Connection, object_type: str) -> bool:
    """Whether objects of this type can be made on the connection's platform."""
    platform = context.platforms().get(connection.platform)
    return platform is not None and object_type in platform.PUSHES


def want(
    context: Context,
    work: Writing,
    connection: Connection,
    object_type: str,
    *,
    object_id: str = "",
    own_id: int | None,
    name: str,
    draft: Mapping[str, object] | None = None,
    now: int,
    by: str,
) -> SyncedRecord:
    """A new record that waits to be pushed, with the intent and the job of it.

    object_id: public id of our object; empty gives the record's own. draft: what only the change itself knows of the
    body; the rest is composed when it is sent.
    """
    public_id, at = uuid7(now, context.random_bytes(10)), shown_instant(now)
    record = SyncedRecord(
        entity_id=connection.entity_id,
        id=work.new_ids(SyncedRecord)[0],
        public_id=public_id,
        connection_id=connection.id,
        object_type=object_type,
        object_id=object_id or public_id,
        own_id=own_id,
        platform_object_id="",
        status=str(SyncStatus.PENDING),
        errors="{}",
        content="",
        name=name,
        gone=False,
        created_at=at,
        updated_at=at,
        last_pulled_at=None,
        object_updated_at=at,
        platform_updated_at=None,
    )
    work.add(record)
    _intend(work, record, json.dumps({"draft": draft}, ensure_ascii=False, sort_keys=True) if draft else "", now, by)
    return record


def want_again(work: Writing, record: SyncedRecord, now: int, by: str) -> SyncedRecord | None:
    """The record as it waits once more, under the key it had; None where it never was to be pushed."""
    before = intent_of(work, record)
    if before is None:
        return None
    at = shown_instant(now)
    work.change(record, status=str(SyncStatus.PENDING), errors="{}", updated_at=at)
    work.change(before, connection_id=record.connection_id, state="pending", evidence="", sent_at=None, settled_at=None)
    queue_push(work, before, now, by)
    return replace(record, status=str(SyncStatus.PENDING), errors="{}", updated_at=at)


def intent_of(view: Reading, record: SyncedRecord) -> Intent | None:
    """What was to happen to a record on its platform; None where nothing ever was."""
    return view.one(Intent, entity_id=record.entity_id, record_id=record.id)


def _intend(work: Writing, record: SyncedRecord, body: str, now: int, by: str) -> None:
    intent = Intent(
        entity_id=record.entity_id,
        id=work.new_ids(Intent)[0],
        connection_id=record.connection_id,
        record_id=record.id,
        action="create",
        key=record.public_id,
        body=body,
        state="pending",
        evidence="",
        created_at=now,
        created_by=by,
        sent_at=None,
        settled_at=None,
    )
    work.add(intent)
    queue_push(work, intent, now, by)


def queue_push(work: Writing, intent: Intent, now: int, by: str) -> None:
    """Queue the job that sends an intent; one that waits for it already is joined."""
    queue_job(work, intent.entity_id, PUSH, {"intent": intent.id}, now, by, joined_by=f"push:{intent.id}")

"""Synced records: what both sides have, and what became of each push."""

from typing import Any

import msgspec

from tieout.api.native.calling import Answer, Call
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import instant_text, maybe_instant_text
from tieout.domain.connections import ObjectType, SyncedRecord, SyncStatus
from tieout.services.context import Denied
from tieout.services.syncing.synced_records import RecordQuery, push_record, synced_record, synced_records

_TYPES = tuple(str(each) for each in ObjectType)
_STATUSES = tuple(str(each) for each in SyncStatus)


class RecordAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one object on both sides; `content` is what the platform said last."""

    id: int
    public_id: str
    connection_id: int
    object_type: str
    object_id: str
    own_id: int | None
    platform_object_id: str
    status: str  # pending, done, error, unknown
    error_code: str
    error_message: str
    content: Any
    gone: bool
    created_at: str
    updated_at: str
    last_pulled_at: str | None


class RecordsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of synced records; `next` is the cursor of the page behind it."""

    synced_records: list[RecordAnswer]
    next: str | None


def _list(call: Call) -> Answer:
    object_type = call.asked.query.choice("object_type", "receivable", _TYPES)
    query = RecordQuery(
        object_type=object_type,
        status=call.asked.query.choice("status", "", _STATUSES),
        order_by="id",
        after=(after_of(call), after_of(call)),
        limit=limit_of(call),
    )
    found = synced_records(call.context, call.principal, call.entity_id, query)
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found.records, lambda each: each.id)
    return RecordsAnswer(synced_records=[_written(each) for each in found.records], next=cursor)


def _show(call: Call) -> Answer:
    found = synced_record(call.context, call.principal, call.entity_id, call.asked.names["record_id"])
    return found if isinstance(found, Denied) else _written(found)


def _push(call: Call) -> Answer:
    pushed = push_record(call.context, call.principal, call.entity_id, call.asked.names["record_id"])
    return pushed if isinstance(pushed, Denied) else _written(pushed)


def _written(kept: SyncedRecord) -> RecordAnswer:
    errors = msgspec.json.decode(kept.errors, type=dict[str, str])
    return RecordAnswer(
        id=kept.id,
        public_id=kept.public_id,
        connection_id=kept.connection_id,
        object_type=kept.object_type,
        object_id=kept.object_id,
        own_id=kept.own_id,
        platform_object_id=kept.platform_object_id,
        status=kept.status,
        error_code=errors.get("code", ""),
        error_message=errors.get("message", ""),
        content=msgspec.Raw(kept.content.encode()) if kept.content else None,
        gone=kept.gone,
        created_at=instant_text(kept.created_at),
        updated_at=instant_text(kept.updated_at),
        last_pulled_at=maybe_instant_text(kept.last_pulled_at),
    )


_RECORDS = "/entities/{entity_id}/synced-records"
_RECORD = f"{_RECORDS}/{{record_id}}"
_TYPE = Parameter(
    "object_type", "what the records are of", {"type": "string", "enum": list(_TYPES), "default": "receivable"}
)
_STATUS = Parameter("status", "those that stand so alone", {"type": "string", "enum": list(_STATUSES)})

OPERATIONS = (
    Operation(
        "GET", _RECORDS, "synced records of one type", _list, gives=RecordsAnswer, parameters=(_TYPE, _STATUS, *PAGING)
    ),
    Operation("GET", _RECORD, "one synced record, by its public id", _show, gives=RecordAnswer),
    Operation("POST", f"{_RECORD}/push", "send it once more, where its push failed", _push, gives=RecordAnswer),
)

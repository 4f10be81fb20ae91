"""How a push ended, written down: what is known of it, and what that makes of its intent and its record.

Y1: pending becomes done, error or unknown, and unknown is left only with evidence.
"""

import json
from typing import Any

from tieout.contracts.platform import Pushed
from tieout.domain.connections import Connection, ConnectionStatus, Intent, SyncedRecord, SyncStatus
from tieout.services.syncing.connection_rows import errors_text, shown_instant
from tieout.store.protocols import Writing

# What people did here while a push was on its way stays told of its record.
_SAID_HERE = ("cancelled_here", "undone_here")
MESSAGE_LENGTH_MAX = 2_000


def error_text(code: str, message: str) -> str:
    """The errors of a record as they are kept."""
    return json.dumps({"code": code, "message": message[:MESSAGE_LENGTH_MAX]}, ensure_ascii=False)


def settle_done(work: Writing, intent: Intent, record: SyncedRecord, pushed: Pushed, evidence: str, now: int) -> None:
    """The platform has the object, under an id of its own; Y5: no other record has that. evidence: what showed it."""
    if (other := _holder(work, record, pushed.platform_object_id)) is not None:
        named = f"{record.object_type} {pushed.platform_object_id}"
        message = f"the platform says that this is {named}, which record {other.public_id} is already"
        settle_error(work, intent, record, "id_taken", message, now)
        return
    told = {"evidence": evidence, "platform_object_id": pushed.platform_object_id}
    work.change(intent, state="done", evidence=json.dumps(told, ensure_ascii=False, sort_keys=True), settled_at=now)
    said = json.loads(record.errors).get("code") in _SAID_HERE
    _change(
        work,
        record,
        now,
        status=str(SyncStatus.DONE),
        errors=record.errors if said else "{}",
        platform_object_id=pushed.platform_object_id,
        platform_updated_at=None if pushed.updated_at is None else shown_instant(pushed.updated_at),
    )


def _holder(work: Writing, record: SyncedRecord, platform_object_id: str) -> SyncedRecord | None:
    """Another record of the connection that is this object of the platform."""
    found = work.one(
        SyncedRecord,
        entity_id=record.entity_id,
        connection_id=record.connection_id,
        object_type=record.object_type,
        platform_object_id=platform_object_id,
    )
    return None if found is None or found.id == record.id else found


def settle_error(work: Writing, intent: Intent, record: SyncedRecord, code: str, message: str, now: int) -> None:
    """Nothing is there, and nothing will be before somebody acts."""
    work.change(intent, state="error", evidence=error_text(code, message), settled_at=now)
    _change(work, record, now, status=str(SyncStatus.ERROR), errors=error_text(code, message))


def settle_unknown(work: Writing, intent: Intent, record: SyncedRecord, message: str, now: int) -> None:
    """It may have happened: the platform is asked until it says."""
    work.change(intent, state="unknown", evidence=error_text("outcome_unknown", message))
    _change(work, record, now, status=str(SyncStatus.UNKNOWN), errors=error_text("outcome_unknown", message))


def settle_waiting(work: Writing, intent: Intent, record: SyncedRecord, evidence: str, now: int) -> None:
    """It waits again, since nothing is there. evidence: what showed it."""
    work.change(intent, state="pending", evidence=error_text("not_there", evidence), sent_at=None)
    said = json.loads(record.errors).get("code") in _SAID_HERE
    _change(work, record, now, status=str(SyncStatus.PENDING), errors=record.errors if said else "{}")


def deauthorise(work: Writing, connection: Connection, message: str, now: int) -> None:
    """The platform does not take our credentials: nothing is asked or sent before somebody gives others."""
    work.change(
        connection,
        status=str(ConnectionStatus.DEAUTHORIZED),
        errors=errors_text([message]),
        updated_at=shown_instant(now),
    )


def _change(work: Writing, record: SyncedRecord, now: int, **values: Any) -> None:
    work.change(record, **values, updated_at=shown_instant(now))

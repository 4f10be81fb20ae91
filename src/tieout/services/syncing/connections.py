"""Connections to accounting platforms: made, told where and how, looked at, synced on demand, ended."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tieout.contracts.platform import Business, PlatformFault
from tieout.domain.connections import Connection, ConnectionStatus, Intent, SyncedRecord, SyncStatus
from tieout.domain.people import Capability, Entity, Principal
from tieout.domain.work import Job
from tieout.kernel.errors import Refusal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context, Denied, denied
from tieout.services.people.secrets import erase_secrets, keep_secret
from tieout.services.permitting import not_permitted
from tieout.services.schedules import remove_schedules
from tieout.services.syncing.connection_rows import (
    active_connection,
    business_of,
    error_messages,
    errors_text,
    owner_of,
    secrets_of,
    settings_of,
    shown_instant,
)
from tieout.services.syncing.opening import fault_denied, given_refusals, local_refusals, with_defaults
from tieout.services.syncing.pulling_jobs import keep_schedule, queue_pull, schedule_name
from tieout.services.syncing.pushing import requeue_live
from tieout.store.protocols import Condition, Order, Reading, Scope, Writing

__all__ = (
    "business_of",
    "configure_connection",
    "connection",
    "connection_of_public_id",
    "connections",
    "create_connection",
    "disconnect",
    "error_messages",
    "settings_of",
    "sync_connection",
)


def create_connection(context: Context, principal: Principal, entity_id: int) -> Connection | Denied:
    """A connection that waits to be told which platform it is and how to sign in there. Needs CONFIGURE.

    Refused: exists (fact `connection`, its public id) while the entity is connected.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "create_connection", now) as work:
        if active := active_connection(work, entity_id):
            return denied("exists", "connection", connection=active.public_id)
        made = Connection(
            entity_id=entity_id,
            id=work.new_ids(Connection)[0],
            public_id=uuid7(now, context.random_bytes(10)),
            platform="",
            status=str(ConnectionStatus.PENDING_AUTH),
            settings="{}",
            business="",
            errors="[]",
            last_pull_at=None,
            created_at=shown_instant(now),
            created_by=principal.name,
            updated_at=shown_instant(now),
        )
        work.add(made)
        return made


def configure_connection(
    context: Context,
    principal: Principal,
    entity_id: int,
    connection_id: int,
    platform: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
) -> Connection | Denied:
    """Tell a connection which platform it is and how to sign in; it is asked at once, and synced from then on.

    A connection that the platform no longer takes, or whose password changed, is told again in the same way; secrets
    that are not given stay as they are. Needs CONFIGURE. Refused: not_found, not_allowed (a path on this machine too,
    that lies below none of the process's `ledger_folders`), required, exists (another connection is active),
    state_differs (it is disconnected, or had another platform), currency_differs (the books are in another currency),
    platform_unavailable (facts `kind` and `message`).
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    with context.store.reading() as view:
        before = view.one(Connection, entity_id=entity_id, id=connection_id)
        if before is None:
            return denied("not_found", "connection")
        if refusals := _standing_refusals(view, before, platform):
            return Denied(refusals)
    found = context.platforms()
    kept = secrets_of(context, before, found[platform]) if platform in found and before.platform == platform else {}
    if refusals := given_refusals(found, platform, settings, secrets, kept):
        return Denied(refusals)
    if refusals := local_refusals(context, principal, found[platform], settings):
        return Denied(refusals)
    try:
        with found[platform].opened(with_defaults(found[platform], settings), {**kept, **secrets}) as session:
            business = session.business()
    except PlatformFault as fault:
        _note_fault(context, before, fault, principal.name)
        return fault_denied(fault)
    for name, clear in secrets.items():
        sealed = keep_secret(context, principal, owner_of(connection_id), name, clear, entity_id=entity_id)
        if isinstance(sealed, Denied):
            return sealed
    told = replace(before, platform=platform, settings=json.dumps(dict(settings), sort_keys=True))
    answer = _connected(context, told, business, principal.name)
    if isinstance(answer, Denied) and before.status == ConnectionStatus.PENDING_AUTH:
        erase_secrets(context, principal, owner_of(connection_id))
    return answer


def _standing_refusals(view: Reading, before: Connection, platform: str) -> tuple[Refusal, ...]:
    """Why this connection cannot be told anything now."""
    found = []
    if before.status == ConnectionStatus.DISCONNECTED:
        found.append(Refusal("state_differs", "connection", (("state", before.status),)))
    if before.platform not in ("", platform):
        found.append(Refusal("state_differs", "platform", (("state", before.platform),)))
    active = active_connection(view, before.entity_id)
    if active is not None and active.id != before.id:
        found.append(Refusal("exists", "connection", (("connection", active.public_id),)))
    return tuple(found)


def _connected(context: Context, told: Connection, business: Business, by: str) -> Connection | Denied:
    """The connection as its platform took it, with the schedule that keeps it in step and the first sync queued."""
    now = context.now()
    values: dict[str, Any] = {
        "platform": told.platform,
        "settings": told.settings,
        "business": json.dumps(business._asdict(), ensure_ascii=False, sort_keys=True),
        "status": str(ConnectionStatus.CONNECTED),
        "errors": "[]",
        "updated_at": shown_instant(now),
    }
    with context.store.writing(Scope("entity", told.entity_id), by, "configure_connection", now) as work:
        before = work.one(Connection, entity_id=told.entity_id, id=told.id)
        entity = work.one(Entity, id=told.entity_id)
        assert before is not None, "connections are not removed"
        assert entity is not None, "a principal sees only entities that exist"
        if refusals := _standing_refusals(work, before, told.platform):
            return Denied(refusals)
        if business.base_currency and business.base_currency != entity.currency:
            return denied("currency_differs", "base_currency", currency=entity.currency)
        work.change(before, **values)
        connected: Connection = replace(before, **values)
        keep_schedule(work, connected, now, by)
        queue_pull(work, connected, now, by)
        requeue_live(work, connected, now, by)
        return connected


def _note_fault(context: Context, before: Connection, fault: PlatformFault, by: str) -> None:
    """Keep what a platform said to those who look at the connection."""
    now = context.now()
    with context.store.writing(Scope("entity", before.entity_id), by, "note_fault", now) as work:
        connection_now = work.one(Connection, entity_id=before.entity_id, id=before.id)
        assert connection_now is not None, "connections are not removed"
        work.change(connection_now, errors=errors_text([fault.message]), updated_at=shown_instant(now))


def connections(
    context: Context, principal: Principal, entity_id: int, *, disconnected: bool = False
) -> list[Connection] | Denied:
    """Connections by id, without those that were ended unless asked for. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    wanted = () if disconnected else (Condition("status", "!=", str(ConnectionStatus.DISCONNECTED)),)
    with context.store.reading() as view:
        return view.all(Connection, *wanted, order=(Order("id"),), entity_id=entity_id)


def connection(context: Context, principal: Principal, entity_id: int, connection_id: int) -> Connection | Denied:
    """One connection. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        return view.one(Connection, entity_id=entity_id, id=connection_id) or denied("not_found", "connection")


def connection_of_public_id(
    context: Context, principal: Principal, entity_id: int, public_id: str
) -> Connection | Denied:
    """One connection by its public id. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        return view.one(Connection, entity_id=entity_id, public_id=public_id) or denied("not_found", "connection")


def sync_connection(context: Context, principal: Principal, entity_id: int, connection_id: int) -> Job | Denied:
    """Pull from a connection's platform now; while that goes on, asking again gives the same job. Needs PREPARE.

    Refused: not_found, state_differs (fact `state`) where it is not connected.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "sync_connection", now) as work:
        found = work.one(Connection, entity_id=entity_id, id=connection_id)
        if found is None:
            return denied("not_found", "connection")
        if found.status != ConnectionStatus.CONNECTED:
            return denied("state_differs", "connection", state=found.status)
        return queue_pull(work, found, now, by)


def disconnect(context: Context, principal: Principal, entity_id: int, connection_id: int) -> Connection | Denied:
    """End a connection: nothing is sent any more and its secrets are erased; an ended one stays so. Needs CONFIGURE.

    What waits to be sent is cancelled; what is on its way ends as it ends, and its records say so. Refused: not_found.
    """
    if refused := not_permitted(principal, Capability.CONFIGURE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "disconnect", now) as work:
        before = work.one(Connection, entity_id=entity_id, id=connection_id)
        if before is None:
            return denied("not_found", "connection")
        ended = before
        if before.status != ConnectionStatus.DISCONNECTED:
            state, at = str(ConnectionStatus.DISCONNECTED), shown_instant(now)
            work.change(before, status=state, errors="[]", updated_at=at)
            _cancel_waiting(work, before, now)
            remove_schedules(work, entity_id, schedule_name(before))
            ended = replace(before, status=state, errors="[]", updated_at=at)
    erase_secrets(context, principal, owner_of(connection_id))
    return ended


def _cancel_waiting(work: Writing, before: Connection, now: int) -> None:
    """Cancel every intent that was not sent; its record says why nothing happened."""
    told = json.dumps({"code": "disconnected", "message": "the connection was ended before this was sent"})
    waiting = work.all(Intent, entity_id=before.entity_id, connection_id=before.id, state="pending")
    for intent in waiting:
        work.change(intent, state="cancelled", settled_at=now)
        record = work.one(SyncedRecord, entity_id=before.entity_id, id=intent.record_id)
        assert record is not None, "an intent belongs to a record"
        work.change(record, status=str(SyncStatus.ERROR), errors=told, updated_at=shown_instant(now))

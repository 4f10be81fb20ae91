"""What changes of the books want on the platform: asked in their transaction, so that neither is there alone.

A connected entity's invoices go there, and the money that a confirmed match says has come: against an invoice that the
platform has as a payment record, against entries of the platform's own books as a match. What was there before the
connection is not sent afterwards.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tieout.domain.books import Invoice
from tieout.domain.connections import Connection, Counterparty, Intent, ObjectType, SyncedRecord, SyncStatus
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.matches import MatchKind
from tieout.services.context import Context
from tieout.services.instalments import is_instalment
from tieout.services.syncing.connection_rows import active_connection, shown_instant
from tieout.services.syncing.differing import open_difference
from tieout.services.syncing.drafts import Leg, match_draft, payment_drafts
from tieout.services.syncing.outbox import intent_of, pushes, want
from tieout.store.protocols import Condition, Reading, Writing

# The object types of our documents and parties on the platform.
INVOICE_TYPES: Mapping[str, ObjectType] = {"receivable": ObjectType.RECEIVABLE, "payable": ObjectType.BILL}
PARTY_TYPES: Mapping[str, ObjectType] = {"customer": ObjectType.CUSTOMER, "vendor": ObjectType.VENDOR}

_OF_MATCHES = (str(ObjectType.PAYMENT_RECORD), str(ObjectType.MATCH))
# Matches of one run are looked at so many at a time.
_MATCHES_AT_ONCE = 500


def want_invoice(context: Context, work: Writing, invoice: Invoice, now: int, by: str) -> None:
    """Send an invoice of ours, after the customer or vendor that it names, where the platform has not got that."""
    connection = active_connection(work, invoice.entity_id)
    object_type = INVOICE_TYPES[invoice.direction]
    if connection is None or not pushes(context, connection, object_type):
        return
    if invoice.counterparty_id is not None:
        party = work.one(Counterparty, entity_id=invoice.entity_id, id=invoice.counterparty_id)
        assert party is not None, "an invoice names a party that is kept"
        want_party(context, work, party, now, by)
    want(
        context, work, connection, object_type,
        object_id=invoice.public_id, own_id=invoice.id, name=invoice.number, now=now, by=by,
    )  # fmt: skip


def want_party(context: Context, work: Writing, party: Counterparty, now: int, by: str) -> None:
    """Send a customer or vendor of ours, once."""
    connection = active_connection(work, party.entity_id)
    object_type = PARTY_TYPES[party.role]
    if connection is None or not pushes(context, connection, object_type):
        return
    if record_of(work, connection, object_type, party.id) is None:
        want(
            context, work, connection, object_type,
            object_id=party.public_id, own_id=party.id, name=party.name, now=now, by=by,
        )  # fmt: skip


def want_matches(context: Context, work: Writing, entity_id: int, matches: Iterable[StoredMatch], by: str) -> None:
    """Send what confirmed matches say, in the transaction that confirmed them."""
    connection = active_connection(work, entity_id)
    if connection is None or not any(pushes(context, connection, each) for each in _OF_MATCHES):
        return
    now = context.now()
    for stored in matches:
        if stored.status is MatchStatus.CONFIRMED and stored.record.kind == MatchKind.ACROSS:
            _want_match(context, work, connection, stored, now, by)


def want_matches_between(
    context: Context, work: Writing, entity_id: int, first_id: int | None, last_id: int | None, by: str
) -> None:
    """As `want_matches`, of all that one run confirmed at once."""
    if first_id is None or last_id is None or active_connection(work, entity_id) is None:
        return
    after = first_id - 1
    while page := work.matches(entity_id, status=MatchStatus.CONFIRMED, after=after, limit=_MATCHES_AT_ONCE):
        want_matches(context, work, entity_id, (each for each in page if each.record.id <= last_id), by)
        after = page[-1].record.id
        if after >= last_id:
            return


def _want_match(
    context: Context, work: Writing, connection: Connection, stored: StoredMatch, now: int, by: str
) -> None:
    legs = _legs(work, stored)
    ledger = [leg for leg in legs if leg.line.side == "ledger"]
    entries = records_of(work, connection, ObjectType.JOURNAL_LINE, [leg.line.id for leg in ledger])
    if len(entries) == len(ledger):
        drafts: Sequence[tuple[ObjectType, Mapping[str, object]]] = [(ObjectType.MATCH, match_draft(stored, legs))]
    else:
        invoices = _invoices(work, connection, ledger)
        payments = payment_drafts(stored, legs, invoices)
        drafts = [(ObjectType.PAYMENT_RECORD, draft) for draft in payments]
    for object_type, draft in drafts:
        if pushes(context, connection, object_type):
            want(
                context, work, connection, object_type,
                own_id=stored.record.id, name=str(draft["reference"]), draft=draft, now=now, by=by,
            )  # fmt: skip


def _legs(view: Reading, stored: StoredMatch) -> list[Leg]:
    ids = [leg.line_id for leg in stored.allocations]
    lines = {now.line.id: now.line for now in view.lines(stored.record.entity_id, Condition("id", "in", ids))}
    return [Leg(lines[leg.line_id], leg.minor_units) for leg in stored.allocations]


def _invoices(view: Reading, connection: Connection, ledger: Sequence[Leg]) -> dict[int, Invoice]:
    """The invoices among the legs that the platform has or shall have, by id."""
    ids = sorted({leg.line.parent_id for leg in ledger if is_instalment(leg.line) and leg.line.parent_id is not None})
    if not ids:
        return {}
    found = view.all(Invoice, Condition("id", "in", ids), entity_id=connection.entity_id)
    known = {
        record.own_id
        for object_type in INVOICE_TYPES.values()
        for record in records_of(view, connection, object_type, ids).values()
    }
    return {each.id: each for each in found if each.id in known}


def record_of(view: Reading, connection: Connection, object_type: str, own_id: int) -> SyncedRecord | None:
    """The record of one of our rows; None where the platform has nothing to do with it."""
    return records_of(view, connection, object_type, [own_id]).get(own_id)


def records_of(
    view: Reading, connection: Connection, object_type: str, own_ids: Sequence[int]
) -> dict[int, SyncedRecord]:
    """The records of our rows, by their id."""
    if not own_ids:
        return {}
    wanted: dict[str, Any] = {"entity_id": connection.entity_id, "connection_id": connection.id}
    found = view.all(SyncedRecord, Condition("own_id", "in", list(own_ids)), object_type=str(object_type), **wanted)
    return {record.own_id: record for record in found if record.own_id is not None}


def invoice_not_wanted(work: Writing, invoice: Invoice, now: int) -> None:
    """Take back what an invoice that was cancelled here wanted of the platform."""
    object_type = str(INVOICE_TYPES[invoice.direction])
    for record in work.all(SyncedRecord, entity_id=invoice.entity_id, object_type=object_type, own_id=invoice.id):
        take_back(work, record, "cancelled_here", "the invoice was cancelled here; cancel it there too", now)


def match_not_wanted(work: Writing, stored: StoredMatch, now: int, by: str) -> None:
    """Take back what a match that was undone wanted of the platform; what is there already is a difference."""
    types = Condition("object_type", "in", _OF_MATCHES)
    for record in work.all(SyncedRecord, types, entity_id=stored.record.entity_id, own_id=stored.record.id):
        named = f"{record.object_type} {record.platform_object_id}".strip()
        told = f"the match was undone here; undo {named} in the accounting system too"
        if take_back(work, record, "undone_here", told, now):
            money = sum(leg.minor_units for leg in stored.allocations if leg.side == "statement")
            currency = next(leg.currency for leg in stored.allocations if leg.side == "statement")
            subject = f"match:{stored.record.id}"
            open_difference(work, stored.record.entity_id, subject, money, currency, told, now, by)


def take_back(work: Writing, record: SyncedRecord, code: str, message: str, now: int) -> bool:
    """Cancel what was not sent yet; of what may be there already say so. Whether it may be there."""
    intent: Intent | None = intent_of(work, record)
    told = json.dumps({"code": code, "message": message}, ensure_ascii=False)
    at = shown_instant(now)
    if intent is not None and intent.state == "pending":
        work.change(intent, state="cancelled", settled_at=now)
        work.change(record, status=str(SyncStatus.ERROR), errors=told, updated_at=at)
        return False
    work.change(record, errors=told, updated_at=at)
    return record.status in (SyncStatus.DONE, SyncStatus.UNKNOWN, SyncStatus.PENDING)

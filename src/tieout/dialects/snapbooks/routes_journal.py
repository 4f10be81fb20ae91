"""Journal entries with their lines."""

from dataclasses import replace
from typing import Any, TypeVar

import msgspec
from starlette.responses import Response

from tieout.dialects.snapbooks.answers import gone, listed, page_of, shown
from tieout.dialects.snapbooks.calling import Here, Refused, given_fields, refuse, require
from tieout.dialects.snapbooks.parameters import days_between
from tieout.dialects.snapbooks.shapes_journal import (
    JournalEntryBody,
    JournalEntryChange,
    own_fields,
    read_day,
    read_lines,
    search_text,
    write_journal_entry,
)
from tieout.domain.books import JournalEntry
from tieout.domain.people import Entity
from tieout.kernel.errors import Refusal
from tieout.services.context import Denied
from tieout.services.journal import (
    JournalEntryNow,
    JournalRequest,
    cancel_journal_entry,
    change_journal_entry,
    count_journal_entries,
    delete_journal_entry,
    enter_journal_entry,
    journal_entries,
    journal_entry,
)
from tieout.services.lines import Condition
from tieout.services.owning import entity_of_journal_entry

Noun = TypeVar("Noun")

PER_PAGE = 100


def list_journal_entries(here: Here) -> Response:
    """A page of the client account's journal entries by id, lines included."""
    account = here.asked_client_account()
    query = here.asked.query
    page = page_of(query, PER_PAGE)
    chosen = days_between(query, "date_from", "date_to")
    part = search_text(query.text("relation_type", None), query.optional_whole("relation_id"))
    if part:
        chosen.append(Condition("extra", "contains", part))
    found = require(
        journal_entries(here.context, here.principal, account.id, *chosen, limit=page.size, offset=page.offset)
    )
    records = require(count_journal_entries(here.context, here.principal, account.id, *chosen))
    return listed([write_journal_entry(each) for each in found], page, records)


def show_journal_entry(here: Here) -> Response:
    """One journal entry."""
    return shown(write_journal_entry(_entry(here)[1]))


def create_journal_entry(here: Here) -> Response:
    """A new journal entry: balanced, unless it is a draft."""
    body = here.body(JournalEntryBody)
    account = here.client_account(body.client_account_id)
    day, refusals = read_day(body.booking_date)
    lines, wrong = read_lines(body.lines, account.currency)
    if refusals or wrong:
        raise Refused(*refusals, *wrong)
    request = JournalRequest(
        booking_day=day,
        lines=lines,
        sequence_number=body.sequence_number,
        memo=body.memo or "",
        draft=body.is_draft,
        extra=own_fields("", msgspec.structs.asdict(body)),
    )
    entry, entered = _accepted(enter_journal_entry(here.context, here.principal, account.id, request))
    return shown(write_journal_entry(JournalEntryNow(entry, tuple(entered))), 201)


def replace_journal_entry(here: Here) -> Response:
    """A journal entry with these fields and no others; client account and sequence number stay what they are."""
    account, found = _entry(here)
    body = here.body(JournalEntryBody)
    here.client_account(body.client_account_id)
    if body.client_account_id != account.id:
        raise Refused(Refusal("not_allowed", "client_account_id"))
    if body.sequence_number not in (None, found.entry.sequence_number):
        raise Refused(Refusal("not_allowed", "sequence_number"))
    given = msgspec.structs.asdict(body)
    return _changed(here, account, found.entry, {**given, "memo": body.memo or ""})


def change_journal_entry_in_part(here: Here) -> Response:
    """A journal entry with some fields changed, or reversed by another entry where `cancelled` becomes true."""
    account, found = _entry(here)
    body = here.body(JournalEntryChange)
    given = given_fields(body)
    cancelled = given.pop("cancelled", bool(found.entry.cancelled_by))
    reason = given.pop("cancellation_reason", None)
    if cancelled != bool(found.entry.cancelled_by):
        if given or not cancelled:
            raise Refused(Refusal("not_allowed", "cancelled"))
        _accepted(cancel_journal_entry(here.context, here.principal, account.id, found.entry.id, reason or ""))
        return show_journal_entry(here)
    return _changed(here, account, found.entry, given)


def _changed(here: Here, account: Entity, entry: JournalEntry, given: dict[str, Any]) -> Response:
    changes: dict[str, object] = {"extra": own_fields(entry.extra, given)}
    refusals: list[Refusal] = []
    if "booking_date" in given:
        changes["booking_day"], refusals = read_day(given["booking_date"])
    if "lines" in given:
        changes["lines"], wrong = read_lines(given["lines"], account.currency)
        refusals += wrong
    if "memo" in given:
        changes["memo"] = given["memo"] or ""
    if "is_draft" in given:
        changes["draft"] = given["is_draft"]
    if refusals:
        raise Refused(*refusals)
    changed = _accepted(change_journal_entry(here.context, here.principal, account.id, entry.id, changes))
    return shown(write_journal_entry(changed))


# The columns of an entry and its lines, as the vendor calls them here.
_FIELDS = {"account_id": "general_ledger_account_id", "booking_day": "date", "minor_units": "debit"}


def _accepted(answer: Noun | Denied) -> Noun:
    """What a service of journal entries answered. Raises Refused in the words of an entry's fields."""
    if not isinstance(answer, Denied):
        return answer
    raise Refused(*(replace(each, concerns=_field(each.concerns)) for each in answer.refusals))


def _field(concerns: str) -> str:
    path, dot, column = concerns.rpartition(".")
    return f"{path}{dot}{_FIELDS.get(column, column)}"


def remove_journal_entry(here: Here) -> Response:
    """Delete a journal entry none of whose lines is reconciled."""
    account, found = _entry(here)
    _accepted(delete_journal_entry(here.context, here.principal, account.id, found.entry.id))
    return gone()


def _entry(here: Here) -> tuple[Entity, JournalEntryNow]:
    number = here.named("journal_entry")
    entity_id = entity_of_journal_entry(here.context, here.principal, number)
    if entity_id is None:
        refuse("not_found", "journal_entry")
    found = require(journal_entry(here.context, here.principal, entity_id, number))
    return here.client_account(entity_id), found

"""Journal entries and their lines: debit and credit on the wire, one signed amount in the core."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from tieout.contracts.exact_json import Amount
from tieout.dialects.snapbooks.values import amount_text, day_of, instant_text, minor_units, rate_text, six, user_of
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.lines import Line
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Refusal
from tieout.services.journal import JournalEntryNow, JournalLineRequest

FACE = "snapbooks"
# What the core has no columns for; kept as given. Relation type follows relation id, so that both can be searched.
OWN_FIELDS = ("voucher_id", "relation_id", "relation_type")


class JournalLineBody(msgspec.Struct, frozen=True):
    """A line of a journal entry as it is sent: debit or credit in the client account's currency."""

    general_ledger_account_id: int
    debit: Amount | None = None
    credit: Amount | None = None
    debit_fc: Amount | None = None
    credit_fc: Amount | None = None
    currency_code: str | None = None
    exchange_rate: Amount | None = None
    description: str | None = None


class JournalEntryBody(msgspec.Struct, frozen=True):
    """A journal entry as it is made or replaced."""

    client_account_id: int
    lines: list[JournalLineBody]
    booking_date: str = msgspec.field(name="date")
    sequence_number: int | None = None
    memo: str | None = None
    is_draft: bool = False
    voucher_id: int | None = None
    relation_type: str | None = None
    relation_id: int | None = None


class JournalEntryChange(msgspec.Struct, frozen=True):
    """The fields of a journal entry that change; the others stay as they are. `cancelled` true reverses it."""

    booking_date: str | msgspec.UnsetType = msgspec.field(default=msgspec.UNSET, name="date")
    lines: list[JournalLineBody] | msgspec.UnsetType = msgspec.UNSET
    memo: str | msgspec.UnsetType | None = msgspec.UNSET
    is_draft: bool | msgspec.UnsetType = msgspec.UNSET
    voucher_id: int | msgspec.UnsetType | None = msgspec.UNSET
    relation_type: str | msgspec.UnsetType | None = msgspec.UNSET
    relation_id: int | msgspec.UnsetType | None = msgspec.UNSET
    cancelled: bool | msgspec.UnsetType = msgspec.UNSET
    cancellation_reason: str | msgspec.UnsetType | None = msgspec.UNSET


def read_lines(lines: list[JournalLineBody], functional: str) -> tuple[tuple[JournalLineRequest, ...], list[Refusal]]:
    """The lines of an entry for the core, and everything that does not fit."""
    read, refusals = [], []
    for number, line in enumerate(lines):
        request, found = _read_line(line, functional, f"lines[{number}]")
        read.append(request)
        refusals += found
    return tuple(read), refusals


def _read_line(body: JournalLineBody, functional: str, where: str) -> tuple[JournalLineRequest, list[Refusal]]:
    amount, refusals = _signed(body.debit, body.credit, functional, f"{where}.debit")
    if body.debit is None and body.credit is None:
        refusals.append(Refusal("required", f"{where}.debit"))
    foreign: int | None = None
    currency = body.currency_code or functional
    if currency != functional:
        foreign, found = _signed(body.debit_fc, body.credit_fc, currency, f"{where}.debit_fc")
        refusals += found
    request = JournalLineRequest(
        account_id=body.general_ledger_account_id,
        minor_units=amount,
        description=body.description or "",
        foreign_minor_units=foreign,
        foreign_currency="" if foreign is None else currency,
        rate="" if foreign is None or body.exchange_rate is None else rate_text(body.exchange_rate),
    )
    return request, refusals


def _signed(debit: Amount | None, credit: Amount | None, currency: str, where: str) -> tuple[int, list[Refusal]]:
    """Debit less credit."""
    total, refusals = 0, []
    for sign, text in ((1, debit), (-1, credit)):
        if text is not None:
            amount, found = minor_units(text, currency, "")
            total += sign * amount
            refusals += [Refusal(each.code, where, each.facts) for each in found]
    return total, refusals


def read_day(text: str) -> tuple[int, list[Refusal]]:
    """The day that an entry is booked on."""
    return day_of(text, "date")


def own_fields(before: str, given: Mapping[str, Any]) -> str:
    """What the core has no columns for, with what is given put over what was there."""
    kept = {name: extra_of(before, FACE).get(name) for name in OWN_FIELDS}
    return with_extra(before, FACE, {**kept, **{name: given[name] for name in OWN_FIELDS if name in given}})


def search_text(relation_type: str | None, relation_id: int | None) -> str:
    """The part of `extra` that entries with these relations have; empty where nothing is asked for."""
    if relation_type is None and relation_id is None:
        return ""
    if relation_type is None:
        return f'"relation_id":{relation_id},"relation_type":'
    said = json.dumps(relation_type, ensure_ascii=False)
    if relation_id is None:
        return f'"relation_type":{said},"voucher_id":'
    return f'"relation_id":{relation_id},"relation_type":{said},"voucher_id":'


def write_journal_entry(now: JournalEntryNow) -> dict[str, object]:
    """A journal entry with its lines."""
    entry = now.entry
    own = extra_of(entry.extra, FACE)
    return {
        "id": entry.id,
        "created_at": instant_text(entry.created_at),
        "created_by_id": user_of(entry.created_by),
        "updated_at": instant_text(entry.updated_at),
        "updated_by_id": user_of(entry.updated_by),
        "client_account_id": entry.entity_id,
        "sequence_number": entry.sequence_number,
        "date": day_text(entry.booking_day),
        "memo": entry.memo,
        "cancelled": bool(entry.cancelled_by),
        "cancelled_by_id": user_of(entry.cancelled_by),
        "cancellation_entry_id": entry.cancellation_entry_id,
        "cancellation_reason": entry.cancellation_reason or None,
        "is_draft": entry.draft,
        **{name: own.get(name) for name in OWN_FIELDS},
        "lines": [write_line(line) for line in now.lines],
    }


def write_line(line: Line) -> dict[str, object]:
    """One line of a journal entry; dimensions are not kept."""
    foreign = line.foreign_minor_units
    return {
        "id": line.id,
        "journal_entry_id": line.parent_id,
        "general_ledger_account_id": line.account_id,
        **write_sides(line),
        "currency_code": line.foreign_currency if foreign is not None else line.currency,
        "exchange_rate": six(line.rate) if line.rate else (None if foreign is not None else six("1")),
        "description": line.description,
        "dimensions": [],
    }


def write_sides(line: Line) -> dict[str, str | None]:
    """Debit and credit of a line in the client account's currency, and in a foreign one where it has that."""
    foreign, currency = line.foreign_minor_units, line.foreign_currency
    return {
        "debit": amount_text(max(line.minor_units, 0), line.currency),
        "credit": amount_text(max(-line.minor_units, 0), line.currency),
        "debit_fc": None if foreign is None else amount_text(max(foreign, 0), currency),
        "credit_fc": None if foreign is None else amount_text(max(-foreign, 0), currency),
    }

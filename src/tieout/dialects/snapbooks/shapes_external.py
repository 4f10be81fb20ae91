"""External reconciliations: what was stated, kept beside the match or note, and how all of them are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tieout.contracts.exact_json import Amount
from tieout.dialects.snapbooks.values import amount_text, instant_text, rate_text, six, user_of
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.match_records import AllocationRecord, StoredMatch
from tieout.domain.notes import Note

FACE = "snapbooks"
BANK_TRANSACTION, JOURNAL_LINE = "bank_transaction", "journal_entry_line"
EXTERNAL_TYPES, INTERNAL_TYPES = (BANK_TRANSACTION,), (JOURNAL_LINE,)
RELATION_TYPES = (*EXTERNAL_TYPES, *INTERNAL_TYPES)
# Entries are numbered inside their reconciliation; this many numbers are kept for each.
_ENTRIES_OF_ONE = 10_000


class EntryBody(msgspec.Struct, frozen=True):
    """An entry as it is sent."""

    relation_type: str
    relation_id: int
    relation_line_id: int
    amount: Amount
    currency_code: str
    exchange_rate: Amount


class ExternalBody(msgspec.Struct, frozen=True):
    """An external reconciliation as it is sent; fields that only the vendor sets are passed over."""

    client_account_id: int
    external_type: str
    internal_type: str
    internal_id: int
    sequence_number: int
    entries: list[EntryBody]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the signed part of a record, in its currency, and what one unit of that is worth."""

    relation_type: str
    relation_id: int
    relation_line_id: int  # kept and given back; it names nothing of ours
    minor_units: int
    currency: str
    rate: str  # exact decimal text, without zeros at the end


@dataclass(frozen=True, slots=True)
class Stated:
    """What a client said of one external reconciliation."""

    external_type: str
    internal_type: str
    internal_id: int
    sequence_number: int
    entries: tuple[Entry, ...]


def write_extra(stated: Stated) -> str:
    """What is kept of it beside the match or note."""
    entries = [
        {
            "relation_type": entry.relation_type,
            "relation_id": entry.relation_id,
            "relation_line_id": entry.relation_line_id,
            "minor_units": entry.minor_units,
            "currency": entry.currency,
            "rate": entry.rate,
        }
        for entry in stated.entries
    ]
    fields = {
        "external_type": stated.external_type,
        "internal_type": stated.internal_type,
        "internal_id": stated.internal_id,
        "sequence_number": stated.sequence_number,
        "entries": entries,
    }
    return with_extra("", FACE, fields)


def read_extra(extra: str) -> Stated | None:
    """What was stated; None where another face made it."""
    fields = extra_of(extra, FACE)
    if not fields:
        return None
    entries = tuple(Entry(**entry) for entry in fields.pop("entries"))
    return Stated(**fields, entries=entries)


def stated_by(external: StoredMatch | Note, functional: str) -> Stated:
    """What was stated of a match or note, or what a match that another face made comes to in these terms.

    functional: the currency of the client account, in which a rate is 1.
    """
    extra = external.extra if isinstance(external, Note) else external.record.extra
    stated = read_extra(extra)
    if stated is not None:
        return stated
    assert not isinstance(external, Note), "only this face makes notes"
    rates = {leg.currency: leg.rate for leg in external.adjustments if leg.rate}
    return Stated(
        external_type=BANK_TRANSACTION,
        internal_type=JOURNAL_LINE,
        internal_id=next((leg.line_id for leg in external.allocations if leg.side == "ledger"), 0),
        sequence_number=external.record.id,
        entries=tuple(_entry_of(leg, rates, functional) for leg in external.allocations),
    )


def _entry_of(leg: AllocationRecord, rates: Mapping[str, str], functional: str) -> Entry:
    return Entry(
        relation_type=BANK_TRANSACTION if leg.side == "statement" else JOURNAL_LINE,
        relation_id=leg.line_id,
        relation_line_id=leg.line_id,
        minor_units=leg.minor_units,
        currency=leg.currency,
        rate="1" if leg.currency == functional else rate_text(rates.get(leg.currency, "1")),
    )


def write_external(external: StoredMatch | Note, client_account_id: int, functional: str) -> dict[str, object]:
    """An external reconciliation with its entries."""
    head = external if isinstance(external, Note) else external.record
    by = external.created_by if isinstance(external, Note) else external.record.prepared_by
    stated = stated_by(external, functional)
    return {
        "id": head.id,
        "created_at": instant_text(head.created_at),
        "created_by_id": user_of(by),
        "client_account_id": client_account_id,
        "external_type": stated.external_type,
        "internal_type": stated.internal_type,
        "internal_id": stated.internal_id,
        "sequence_number": stated.sequence_number,
        "entries": [
            write_entry(entry, head.id * _ENTRIES_OF_ONE + number) for number, entry in enumerate(stated.entries)
        ],
    }


def write_entry(entry: Entry, entry_id: int) -> dict[str, object]:
    """One entry under its id."""
    return {
        "id": entry_id,
        "relation_type": entry.relation_type,
        "relation_id": entry.relation_id,
        "relation_line_id": entry.relation_line_id,
        "amount": amount_text(entry.minor_units, entry.currency),
        "currency_code": entry.currency,
        "exchange_rate": six(entry.rate),
    }


def read_entry(written: Mapping[str, Any]) -> Entry:
    """An entry as it was written."""
    body = msgspec.convert(written, EntryBody, dec_hook=lambda kind, value: kind(value))
    return Entry(
        relation_type=body.relation_type,
        relation_id=body.relation_id,
        relation_line_id=body.relation_line_id,
        minor_units=body.amount.minor_units(body.currency_code),
        currency=body.currency_code,
        rate=rate_text(body.exchange_rate),
    )


def line_ids(stated: Stated) -> Sequence[int]:
    """The lines that a reconciliation is about, the internal one first, each once."""
    return list(dict.fromkeys([stated.internal_id, *(entry.relation_id for entry in stated.entries)]))

"""Settlements on the wire of the native API."""

from collections.abc import Mapping, Sequence

import msgspec

from tieout.api.native.spelling import (
    Reader,
    amount_text,
    day_written,
    instant_text,
    maybe_amount_text,
    maybe_day_text,
    maybe_instant_text,
)
from tieout.contracts.exact_json import Amount
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.settlements import SettlementBatch, SettlementEntry
from tieout.kernel.dates import day_of_number
from tieout.kernel.errors import Refusal
from tieout.services.settlements.analysing import Analysis
from tieout.services.settlements.delivery import DeliveredEntry
from tieout.services.settlements.looking import BatchNow, EntryNow
from tieout.services.settlements.receiving import EntriesReceived, ReceivedEntry


class KeepingOpen(msgspec.Struct, frozen=True, kw_only=True):
    """Why a batch is not finalised."""

    code: str
    concerns: str
    facts: Mapping[str, str]


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A batch: entries and what was carried are its payout, but for the gap."""

    id: int
    account_id: int
    document_id: int | None
    statement_id: int | None
    number: str
    channel: str
    currency: str
    state: str  # open, analyzed, finalized
    sign_rule: str  # as_received, by_type; empty while nothing decides
    entries: int
    entries_amount: str
    carried: str  # brought in positive, left for later negative
    payout: str | None
    payout_date: str | None
    payout_line_id: int | None
    gap: str | None
    start_date: str | None
    end_date: str | None
    created_at: str
    updated_at: str
    analyzed_at: str | None
    finalized_at: str | None
    keeps_open: list[KeepingOpen] | msgspec.UnsetType = msgspec.UNSET  # where one batch was asked for


class BatchesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of batches; `next` is the cursor of the page behind it."""

    settlement_batches: list[BatchAnswer]
    next: str | None


class EntryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An entry: the value as the provider wrote it, and beside it what it does to the payout."""

    line_id: int
    batch_id: int
    account_id: int
    channel: str
    order_code: str
    entry_type: str
    kind: str
    received: str
    effect: str
    currency: str
    booking_date: str
    original: str | None
    expected: str | None
    expected_date: str | None
    released_date: str | None
    plot_number: int | None
    plots_quantity: int | None
    facts: str  # JSON text, by the provider's own field names
    tied: bool | msgspec.UnsetType = msgspec.UNSET
    read_at: str | msgspec.UnsetType | None = msgspec.UNSET  # of a delivery
    resolved_at: str | msgspec.UnsetType | None = msgspec.UNSET


class EntriesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of entries; `next` is the cursor of the page behind it."""

    settlement_entries: list[EntryAnswer]
    next: str | None


class DeliveriesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Entries on a list of an integration, and how many there are in all."""

    total: int
    deliveries: list[EntryAnswer]


class AnalyseBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which provider account to analyse; every one where none is named."""

    account_id: int | None = None


class AnalysisAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of analysing: matches, batches and differences."""

    confirmed: int
    proposed: int
    ambiguous: int
    analysed: int
    finalized: int
    reopened: int
    raised: int
    resolved: int
    untold: int  # shortfalls beyond a thousand, which become differences as others are resolved


class EntryBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry as the provider tells it; `received` has the sign that it wrote, whatever it means."""

    native_id: str
    kind: str  # sale, refund, fee, tax, chargeback, ..., payout
    booking_date: str
    entry_type: str
    received: str  # empty while the provider waits
    order_code: str = ""
    channel: str = ""
    original: Amount | None = None
    expected: Amount | None = None
    expected_date: str | None = None
    released_date: str | None = None
    plot_number: int | None = None
    plots_quantity: int | None = None
    description: str = ""
    counterparty: str = ""


class EntriesBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to 10,000 entries of one batch of a provider account, kept all or none."""

    account_id: int
    currency: str  # of the account
    entries: list[EntryBody]
    batch_number: str = ""
    payout: Amount | None = None
    payout_date: str | None = None
    carried: Amount | None = None


class ReceivedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The batch, and the line of each entry by the provider's identifier."""

    batch: BatchAnswer
    line_ids: Mapping[str, int]
    new: int
    released: int
    held: list[str]  # told with another value while a match holds the line


def written_batch(batch: SettlementBatch, keeps_open: Sequence[Refusal] | None = None) -> BatchAnswer:
    """A batch as it is shown; keeps_open: why it is not finalised, where that was asked."""
    return BatchAnswer(
        id=batch.id,
        account_id=batch.account_id,
        document_id=batch.document_id,
        statement_id=batch.statement_id,
        number=batch.number,
        channel=batch.channel,
        currency=batch.currency,
        state=batch.state,
        sign_rule=batch.sign_rule,
        entries=batch.entries,
        entries_amount=amount_text(batch.entries_minor_units, batch.currency),
        carried=amount_text(batch.carried_minor_units, batch.currency),
        payout=maybe_amount_text(batch.payout_minor_units, batch.currency),
        payout_date=maybe_day_text(batch.payout_day),
        payout_line_id=batch.payout_line_id,
        gap=maybe_amount_text(batch.gap_minor_units, batch.currency),
        start_date=maybe_day_text(batch.start_day),
        end_date=maybe_day_text(batch.end_day),
        created_at=instant_text(batch.created_at),
        updated_at=instant_text(batch.updated_at),
        analyzed_at=maybe_instant_text(batch.analyzed_at),
        finalized_at=maybe_instant_text(batch.finalized_at),
        keeps_open=msgspec.UNSET
        if keeps_open is None
        else [KeepingOpen(code=each.code, concerns=each.concerns, facts=dict(each.facts)) for each in keeps_open],
    )


def written_batch_now(found: BatchNow) -> BatchAnswer:
    """A batch with what keeps it open."""
    return written_batch(found.batch, found.refusals)


def written_entry(found: EntryNow) -> EntryAnswer:
    """An entry with its line."""
    line = found.now.line
    shown = _entry(found.entry, line.kind, line.minor_units, line.currency, line.booking_day)
    return msgspec.structs.replace(shown, tied=found.now.tied)


def written_delivery(found: DeliveredEntry) -> EntryAnswer:
    """An entry with what an integration did with it."""
    line = found.line
    shown = _entry(found.entry, line.kind, line.minor_units, line.currency, line.booking_day)
    read_at, resolved_at = maybe_instant_text(found.read_at), maybe_instant_text(found.resolved_at)
    return msgspec.structs.replace(shown, read_at=read_at, resolved_at=resolved_at)


def _entry(entry: SettlementEntry, kind: str, minor_units: int, currency: str, booking_day: int) -> EntryAnswer:
    return EntryAnswer(
        line_id=entry.line_id,
        batch_id=entry.batch_id,
        account_id=entry.account_id,
        channel=entry.channel,
        order_code=entry.order_code,
        entry_type=entry.entry_type,
        kind=kind,
        received=entry.received,
        effect=amount_text(minor_units, currency),
        currency=currency,
        booking_date=day_written(booking_day),
        original=maybe_amount_text(entry.original_minor_units, currency),
        expected=maybe_amount_text(entry.expected_minor_units, currency),
        expected_date=maybe_day_text(entry.expected_day),
        released_date=maybe_day_text(entry.released_day),
        plot_number=entry.plot_number,
        plots_quantity=entry.plots_quantity,
        facts=entry.facts,
    )


def written_analysis(found: Analysis) -> AnalysisAnswer:
    """What came of analysing; nothing was tied where there is no provider account."""
    run = found.matching
    return AnalysisAnswer(
        confirmed=run.confirmed if run else 0,
        proposed=run.proposed if run else 0,
        ambiguous=run.ambiguous if run else 0,
        analysed=found.analysed,
        finalized=found.finalized,
        reopened=found.reopened,
        raised=found.raised,
        resolved=found.resolved,
        untold=found.untold,
    )


def entries_received(body: EntriesBody, reader: Reader) -> EntriesReceived:
    """The entries that a body tells; what cannot be read stands in the reader's refusals."""
    return EntriesReceived(
        account_id=body.account_id,
        batch_number=body.batch_number,
        entries=[_received(each, body.currency, place, reader) for place, each in enumerate(body.entries)],
        payout_minor_units=reader.maybe_amount(body.payout, body.currency, "payout"),
        payout_day=reader.maybe_day(body.payout_date, "payout_date"),
        carried_minor_units=reader.amount(body.carried, body.currency, "carried"),
    )


def _received(body: EntryBody, currency: str, place: int, reader: Reader) -> ReceivedEntry:
    where = f"entries[{place}]."
    expected, released = (
        reader.maybe_day(day, f"{where}{name}")
        for name, day in (("expected_date", body.expected_date), ("released_date", body.released_date))
    )
    facts = EntryFacts(
        entry_type=body.entry_type,
        received=body.received,
        order_code=body.order_code,
        channel=body.channel,
        original_minor_units=reader.maybe_amount(body.original, currency, f"{where}original"),
        expected_minor_units=reader.maybe_amount(body.expected, currency, f"{where}expected"),
        expected_date=None if expected is None else day_of_number(expected),
        released_date=None if released is None else day_of_number(released),
        plot_number=body.plot_number,
        plots_quantity=body.plots_quantity,
    )
    return ReceivedEntry(
        native_id=body.native_id,
        kind=body.kind,
        day=reader.day(body.booking_date, f"{where}booking_date"),
        facts=facts,
        description=body.description,
        counterparty=body.counterparty,
    )

"""Invoices and journal entries on the wire of the native API."""

from collections.abc import Sequence

import msgspec

from tieout.api.native.line_shapes import LineAnswer
from tieout.api.native.spelling import (
    Reader,
    amount_text,
    day_written,
    instant_text,
    maybe_amount_text,
)
from tieout.contracts.exact_json import Amount
from tieout.domain.books import Invoice, JournalEntry
from tieout.domain.lines import Line
from tieout.services.invoices import InvoiceLineRequest, InvoiceRequest
from tieout.services.journal import JournalLineRequest, JournalRequest


class InvoiceLineBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one line of an invoice is for; amounts signed as the invoice, without tax."""

    description: str
    amount: Amount
    quantity: str = "1"
    tax: Amount | None = None
    account_code: str = ""
    price: Amount | None = None  # of one, without tax
    tax_rate_value: int | None = None  # hundredths of a percent: 2500 is 25 %
    vat_rate_id: str = ""  # public id of the accounting platform's tax rate


class InstalmentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One open item of an invoice."""

    due_date: str
    amount: Amount


class InvoiceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invoice; a payable's amounts are negative. Without instalments one is due on the issue date."""

    direction: str  # receivable, payable
    currency: str
    issue_date: str
    number: str = ""
    counterparty: str = ""
    counterparty_id: int | None = None
    counterparty_account: str = ""
    description: str = ""
    account_id: int = 0
    lines: list[InvoiceLineBody] = []
    instalments: list[InstalmentBody] = []


class PaymentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an instalment was paid, and with how much, signed as the instalment."""

    paid_date: str
    amount: Amount


class JournalLineBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a journal entry: debit positive, credit negative, in the functional currency."""

    account_id: int
    amount: Amount
    description: str = ""
    reference: str = ""
    counterparty: str = ""
    foreign_amount: Amount | None = None
    foreign_currency: str = ""
    rate: str = ""


class JournalBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A journal entry; its lines add up to zero unless it is a draft."""

    booking_date: str
    lines: list[JournalLineBody]
    sequence_number: int | None = None
    memo: str = ""
    draft: bool = False


class CancellationBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an entry is reversed, and on which day; its own where none is given."""

    reason: str
    booking_date: str | None = None


class InvoiceLineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice."""

    number: int
    description: str
    quantity: str
    amount: str
    tax: str
    account_code: str
    price: str | None
    tax_rate_value: int | None
    vat_rate_id: str


class InvoiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice in a list."""

    id: int
    public_id: str
    direction: str
    number: str
    counterparty: str
    counterparty_id: int | None
    currency: str
    issue_date: str
    amount: str
    tax: str
    status: str
    created_at: str
    updated_at: str


class InvoiceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice with its lines, and its instalments as the open items that they are."""

    invoice: InvoiceRow
    lines: list[InvoiceLineAnswer]
    instalments: list[LineAnswer]


class InvoicesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of invoices; `next` is the cursor of the page behind it."""

    invoices: list[InvoiceRow]
    next: str | None


class JournalLineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a journal entry."""

    id: int
    account_id: int
    amount: str
    currency: str
    description: str
    reference: str
    counterparty: str
    foreign_amount: str | None
    foreign_currency: str
    rate: str


class JournalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A journal entry with its lines."""

    id: int
    sequence_number: int
    booking_date: str
    memo: str
    draft: bool
    cancelled_by: str
    cancellation_entry_id: int | None
    cancellation_reason: str
    lines: list[JournalLineAnswer]
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str


class JournalEntriesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of journal entries; `next` is the cursor of the page behind it."""

    journal_entries: list[JournalAnswer]
    next: str | None


def invoice_request(body: InvoiceBody, reader: Reader) -> InvoiceRequest:
    """The body in the core's words; what cannot be read is left with the reader."""
    lines = tuple(
        InvoiceLineRequest(
            description=each.description,
            minor_units=reader.amount(each.amount, body.currency, f"lines[{place}].amount"),
            quantity=each.quantity,
            tax_minor_units=reader.amount(each.tax, body.currency, f"lines[{place}].tax"),
            account_code=each.account_code,
            price_minor_units=reader.maybe_amount(each.price, body.currency, f"lines[{place}].price"),
            tax_rate_value=each.tax_rate_value,
            vat_rate_id=each.vat_rate_id,
        )
        for place, each in enumerate(body.lines)
    )
    instalments = tuple(
        (
            reader.day(each.due_date, f"instalments[{place}].due_date"),
            reader.amount(each.amount, body.currency, f"instalments[{place}].amount"),
        )
        for place, each in enumerate(body.instalments)
    )
    return InvoiceRequest(
        direction=body.direction,
        currency=body.currency,
        issue_day=reader.day(body.issue_date, "issue_date"),
        number=body.number,
        counterparty=body.counterparty,
        counterparty_id=body.counterparty_id,
        counterparty_account=body.counterparty_account,
        description=body.description,
        account_id=body.account_id,
        lines=lines,
        instalments=instalments,
    )


def journal_request(body: JournalBody, currency: str, reader: Reader) -> JournalRequest:
    """The body in the core's words; currency: the functional one. What cannot be read is left with the reader."""
    return JournalRequest(
        booking_day=reader.day(body.booking_date, "booking_date"),
        sequence_number=body.sequence_number,
        memo=body.memo,
        draft=body.draft,
        lines=tuple(
            JournalLineRequest(
                account_id=each.account_id,
                minor_units=reader.amount(each.amount, currency, f"lines[{place}].amount"),
                description=each.description,
                reference=each.reference,
                counterparty=each.counterparty,
                foreign_minor_units=reader.maybe_amount(
                    each.foreign_amount, each.foreign_currency, f"lines[{place}].foreign_amount"
                ),
                foreign_currency=each.foreign_currency,
                rate=each.rate,
            )
            for place, each in enumerate(body.lines)
        ),
    )


def written_invoice(invoice: Invoice) -> InvoiceRow:
    """An invoice as the API shows it."""
    return InvoiceRow(
        id=invoice.id,
        public_id=invoice.public_id,
        direction=invoice.direction,
        number=invoice.number,
        counterparty=invoice.counterparty,
        counterparty_id=invoice.counterparty_id,
        currency=invoice.currency,
        issue_date=day_written(invoice.issue_day),
        amount=amount_text(invoice.minor_units, invoice.currency),
        tax=amount_text(invoice.tax_minor_units, invoice.currency),
        status=invoice.status,
        created_at=instant_text(invoice.created_at),
        updated_at=instant_text(invoice.updated_at),
    )


def written_entry(entry: JournalEntry, lines: Sequence[Line]) -> JournalAnswer:
    """A journal entry as the API shows it."""
    return JournalAnswer(
        id=entry.id,
        sequence_number=entry.sequence_number,
        booking_date=day_written(entry.booking_day),
        memo=entry.memo,
        draft=entry.draft,
        cancelled_by=entry.cancelled_by,
        cancellation_entry_id=entry.cancellation_entry_id,
        cancellation_reason=entry.cancellation_reason,
        lines=[_journal_line(each) for each in lines],
        created_at=instant_text(entry.created_at),
        created_by=entry.created_by,
        updated_at=instant_text(entry.updated_at),
        updated_by=entry.updated_by,
    )


def _journal_line(line: Line) -> JournalLineAnswer:
    return JournalLineAnswer(
        id=line.id,
        account_id=line.account_id,
        amount=amount_text(line.minor_units, line.currency),
        currency=line.currency,
        description=line.description,
        reference=line.reference,
        counterparty=line.counterparty,
        foreign_amount=maybe_amount_text(line.foreign_minor_units, line.foreign_currency),
        foreign_currency=line.foreign_currency,
        rate=line.rate,
    )

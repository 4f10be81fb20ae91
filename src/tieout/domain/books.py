"""Documents of the books: invoices with their lines, journal entries, and differences that somebody must explain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A receivable or payable; its instalments are lines of kind receivable or payable whose `parent_id` it is."""

    entity_id: int
    id: int
    public_id: str
    direction: str  # receivable, payable
    number: str
    counterparty: str
    currency: str
    issue_day: int
    minor_units: int  # signed as its instalments: a payable is negative
    tax_minor_units: int
    status: str  # open, cancelled
    extra: str
    created_at: int
    updated_at: int
    counterparty_id: int | None = None  # the customer or vendor, where it is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line of an invoice."""

    entity_id: int
    invoice_id: int
    number: int
    description: str
    quantity: str  # exact decimal text
    minor_units: int
    tax_minor_units: int
    account_code: str
    price_minor_units: int | None = None  # of one, without tax, positive; None where nobody said
    tax_rate_value: int | None = None  # hundredths of a percent: 2500 is 25 %
    vat_rate_id: str = ""  # public id of the accounting platform's tax rate


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """A journal entry; its lines are ledger lines of kind journal_entry_line whose `parent_id` it is."""

    entity_id: int
    id: int
    sequence_number: int
    booking_day: int
    memo: str
    draft: bool
    cancelled_by: str  # empty while it stands
    cancellation_entry_id: int | None
    cancellation_reason: str
    extra: str
    created_at: int
    created_by: str
    updated_at: int
    updated_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A residual or an outstanding line that somebody must explain."""

    entity_id: int
    id: int
    subject: str  # "match:12", "line:9", "reconciliation:4", "batch:7"
    minor_units: int
    currency: str
    reason: str
    owner: str
    state: str  # open, resolved
    resolution: str
    created_at: int
    created_by: str
    resolved_at: int | None
    resolved_by: str

"""Bills and invoices on the wire, as they are read from the accounting system at the moment of asking."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tieout.contracts.platform import Pulled
from tieout.dialects.monite.wire import Decimal, decimal, required_decimal
from tieout.kernel.currencies import EXPONENTS, exponent_of
from tieout.kernel.money import decimal_text, exact_sum

# The vendor's words for what an invoice or bill is in the accounting system.
_STATUSES = {"open": "open", "paid": "paid", "cancelled": "void"}


class TaxRateReference(msgspec.Struct, frozen=True):
    """A tax rate, by the accounting system's own id."""

    id: str | None


class DocumentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an invoice or bill."""

    description: str | None
    discount_amount: Decimal | None
    discount_percentage: Decimal | None
    ledger_account_id: str | None
    quantity: Decimal | None
    tax_rate_reference: TaxRateReference | None = msgspec.field(name="tax_rate_ref")
    unit_amount: Decimal | None


class VendorReference(msgspec.Struct, frozen=True):
    """Who sent a bill, by the accounting system's own id."""

    id: str
    name: str | None


class CustomerReference(msgspec.Struct, frozen=True):
    """Whom an invoice was sent to, by the accounting system's own id."""

    id: str
    company_name: str | None


class PayableAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A bill in the accounting system."""

    id: str
    amount_due: Decimal | None
    currency: str | None
    currency_rate: Decimal | None
    due_date: str | None
    invoice_number: str | None
    lines: list[DocumentLine]
    memo: str | None
    posted_date: str | None
    purchase_order_references: list[VendorReference] | None = msgspec.field(name="purchase_order_refs")
    status: str  # open, draft, partially_paid, paid, unknown, void
    subtotal: Decimal | None
    tax_amount: Decimal | None
    total_amount: Decimal
    vendor_reference: VendorReference | None = msgspec.field(name="vendor_ref")


class PayablesAnswer(msgspec.Struct, frozen=True):
    """Some bills of the accounting system."""

    listed: list[PayableAnswer] = msgspec.field(name="data")


class ReceivableAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice in the accounting system."""

    id: str
    currency: str | None
    currency_rate: Decimal | None
    customer_reference: CustomerReference | None = msgspec.field(name="customer_ref")
    due_date: str | None
    invoice_number: str | None
    lines: list[DocumentLine]
    memo: str | None
    pass_through: dict[str, Any] | None
    posted_date: str | None


class ReceivablesAnswer(msgspec.Struct, frozen=True):
    """Some invoices of the accounting system."""

    listed: list[ReceivableAnswer] = msgspec.field(name="data")


def write_payable(bill: Pulled, ledger_accounts: Mapping[str, str]) -> PayableAnswer:
    """A bill. ledger_accounts: by nominal code the id that the list of ledger accounts shows."""
    content = bill.content
    counterparty = content.get("counterparty")
    return PayableAnswer(
        id=bill.platform_object_id,
        amount_due=required_decimal("0") if content.get("status") == "paid" else None,
        currency=content.get("currency"),
        currency_rate=None,
        due_date=_due_date(content),
        invoice_number=content.get("number"),
        lines=_lines(content, ledger_accounts),
        memo=None,
        posted_date=content.get("issue_date"),
        purchase_order_references=None,
        status=_STATUSES.get(content.get("status") or "", "unknown"),
        subtotal=_subtotal(content),
        tax_amount=decimal(content.get("tax")),
        total_amount=required_decimal(content["total"]),
        vendor_reference=VendorReference(counterparty, content.get("counterparty_name")) if counterparty else None,
    )


def write_receivable(invoice: Pulled, ledger_accounts: Mapping[str, str]) -> ReceivableAnswer:
    """An invoice. ledger_accounts: by nominal code the id that the list of ledger accounts shows."""
    content = invoice.content
    counterparty = content.get("counterparty")
    return ReceivableAnswer(
        id=invoice.platform_object_id,
        currency=content.get("currency"),
        currency_rate=None,
        customer_reference=CustomerReference(counterparty, content.get("counterparty_name")) if counterparty else None,
        due_date=_due_date(content),
        invoice_number=content.get("number"),
        lines=_lines(content, ledger_accounts),
        memo=None,
        pass_through=None,
        posted_date=content.get("issue_date"),
    )


def _due_date(content: Mapping[str, Any]) -> str | None:
    """The last due day: from then on all of it is due."""
    return max((each["due_date"] for each in content.get("instalments") or () if each.get("due_date")), default=None)


def _lines(content: Mapping[str, Any], ledger_accounts: Mapping[str, str]) -> list[DocumentLine]:
    return [
        DocumentLine(
            description=line.get("description"),
            discount_amount=None,
            discount_percentage=None,
            ledger_account_id=ledger_accounts.get(line.get("account") or ""),
            quantity=decimal(line.get("quantity")),
            tax_rate_reference=TaxRateReference(line["tax_rate"]) if line.get("tax_rate") else None,
            unit_amount=decimal(line.get("price")),
        )
        for line in content.get("lines") or ()
    ]


def _subtotal(content: Mapping[str, Any]) -> msgspec.Raw | None:
    """The lines without tax; None in what is no currency with decimals of its own."""
    currency = content.get("currency")
    if currency not in EXPONENTS:
        return None
    exponent = exponent_of(currency)
    total = exact_sum((line["amount"] for line in content.get("lines") or ()), exponent)
    return None if total is None else decimal(decimal_text(total, exponent))

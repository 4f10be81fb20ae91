"""A book entry of a bank account as the vendor shows it: type 0 to 6, paid in or paid out, and what it leads to.

The two sides of a transfer carry one id in both accounts. Source: the vendor's pages and its live answers (README.md).
"""

from dataclasses import dataclass

from tieout.dialects.kashflow.amounts import on_the_wire
from tieout.dialects.kashflow.shapes_reconciliations import EntryShown
from tieout.dialects.kashflow.shapes_transactions import TransactionShown
from tieout.domain.account_amounts import amount_in
from tieout.domain.accounts import Account
from tieout.domain.extra import extra_of
from tieout.domain.lines import Line
from tieout.domain.people import Face
from tieout.services.lines import LineNow

# What the type codes 0 to 6 stand for in the core.
KINDS = (
    "bank_entry",
    "customer_payment",
    "supplier_payment",
    "customer_batch_payment",
    "supplier_batch_payment",
    "journal_entry_line",
    "bank_transfer",
)
TRANSFER = KINDS.index("bank_transfer")
CUSTOMER_TYPES = (1, 3)
SUPPLIER_TYPES = (2, 4)

# Fields that only the vendor's clients know, by attribute of the shape.
KEPT = (
    "money_type",
    "vat_able",
    "vat_amount",
    "vat_rate",
    "project_number",
    "vat_paid",
    "customer_code",
    "supplier_code",
    "feed_transaction_id",
    "disallowed",
)

_LABELS = (
    "Bank Transaction",
    "Sale",
    "Purchase",
    "Invoice Bulk Payment",
    "Receipt Bulk Payment",
    "Journal",
    "Bank Transfer",
)
_ENTITY_NAMES = (
    "banktransaction",
    "invoice",
    "purchase",
    "invoicebatchpayment",
    "purchasebatchpayment",
    "journal",
    "banktransaction",
)
_EDIT_PAGES = (
    "editBankTX",
    "viewInvoice",
    "viewReceipt",
    "viewBulkPayment",
    "viewBulkPayment",
    "viewJournal",
    "editBankTransfer",
)
_RESOURCE_DIGITS_MAX = 15


@dataclass(frozen=True, slots=True)
class Placed:
    """A book entry inside the account that it is shown in."""

    now: LineNow
    account: Account
    originating_account_id: int  # of a transfer, the account that it left; otherwise its own

    @property
    def line(self) -> Line:
        """Its version that counts."""
        return self.now.line

    @property
    def wire_id(self) -> int:
        """The id that both sides of a transfer share; otherwise the line's own."""
        return wire_id_of(self.line)

    @property
    def signed(self) -> int:
        """Ten-thousandths that it moves on the account; positive is paid in."""
        return on_the_wire(amount_in(self.line, self.account.currency), self.account.currency)

    @property
    def payment_type(self) -> int:
        """0 to 6, by what was paid."""
        return KINDS.index(self.line.kind)

    @property
    def transaction_type(self) -> int:
        """As the payment type; a transfer is 0 in the account that it left and 6 in the other."""
        left = self.line.transfer_id is not None and self.originating_account_id == self.line.account_id
        return 0 if left else self.payment_type


def wire_id_of(line: Line) -> int:
    """The id that the vendor's clients know a line by."""
    return line.id if line.transfer_id is None else line.transfer_id


def transaction_shown(entry: Placed, balance: int | None = None) -> TransactionShown:
    """As a transaction of its account. balance: after it, in ten-thousandths; None leaves it out."""
    line, signed = entry.line, entry.signed
    kept = {name: value for name, value in extra_of(line.extra, Face.KASHFLOW).items() if name in KEPT}
    by_customer = entry.payment_type in CUSTOMER_TYPES
    by_supplier = entry.payment_type in SUPPLIER_TYPES
    return TransactionShown(
        id=entry.wire_id,
        booking_day=line.booking_day,
        comment=line.description,
        account_id=entry.originating_account_id,
        paid_in=max(signed, 0),
        paid_out=max(-signed, 0),
        balance=balance,
        type=_label(entry),
        transaction_type=entry.transaction_type,
        transaction_number=entry.wire_id,
        reconciled=entry.now.cleared_in is not None,
        reconciled_id=entry.now.cleared_in or 0,
        resource_number=_resource_number(line),
        entity_name=_ENTITY_NAMES[entry.payment_type],
        edit_link=_edit_link(entry),
        customer_name=line.counterparty if by_customer or kept.get("customer_code") else "",
        supplier_name=line.counterparty if by_supplier or kept.get("supplier_code") else "",
        customer_supplier_name=line.counterparty,
        payment_id=entry.wire_id,
        **kept,
    )


def entry_shown(entry: Placed, balance: int) -> EntryShown:
    """As a transaction inside a reconciliation. balance: after it, in ten-thousandths."""
    line, signed = entry.line, entry.signed
    return EntryShown(
        id=entry.wire_id,
        payment_id=entry.wire_id,
        booking_day=line.booking_day,
        type=_label(entry),
        payment_type=entry.payment_type,
        transaction_type=entry.transaction_type,
        payee=line.counterparty,
        comment=line.description,
        paid_in=max(signed, 0),
        paid_out=max(-signed, 0),
        balance=balance,
        reconciled=entry.now.cleared_in is not None,
        reconciled_id=entry.now.cleared_in or 0,
        edit_link=_edit_link(entry),
        entity_name=_ENTITY_NAMES[entry.payment_type],
        resource_number=_resource_number(line),
    )


def _label(entry: Placed) -> str:
    label = _LABELS[entry.payment_type]
    return f"{label} - {entry.line.counterparty}" if label in ("Sale", "Purchase") else label


def _resource_number(line: Line) -> int | None:
    digits = line.reference
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _RESOURCE_DIGITS_MAX else None


def _edit_link(entry: Placed) -> str:
    number = _resource_number(entry.line) if entry.payment_type in (1, 2) else None
    return f"/{_EDIT_PAGES[entry.payment_type]}.asp?id={number or entry.wire_id}"

"""The kinds of lines and the role that follows from them."""

from typing import Literal

Side = Literal["statement", "ledger"]

# A line of the books that waits for money. An empty kind in a ledger file is an open item too.
OPEN_ITEM_KINDS = ("", "receivable", "payable", "order")

# A line that is already posted to the bank's book account.
BOOK_ENTRY_KINDS = (
    "customer_payment",
    "supplier_payment",
    "customer_batch_payment",
    "supplier_batch_payment",
    "journal_entry_line",
    "bank_transfer",
    "bank_entry",
)

LEDGER_KINDS = OPEN_ITEM_KINDS + BOOK_ENTRY_KINDS

# An empty kind in a statement file is a bank line; the others are what a payment provider reports.
STATEMENT_KINDS = (
    "",
    "sale",
    "refund",
    "fee",
    "tax",
    "chargeback",
    "chargeback_reversed",
    "reserve_hold",
    "reserve_release",
    "exchange",
    "carry_over",
    "payout",
    "adjustment",
)


def kinds_of(side: Side) -> tuple[str, ...]:
    """The kinds that lines of this side may have."""
    return STATEMENT_KINDS if side == "statement" else LEDGER_KINDS


def is_book_entry(kind: str) -> bool:
    """Whether a ledger line of this kind is already posted, so that a bank line is tied to it before open items."""
    return kind in BOOK_ENTRY_KINDS

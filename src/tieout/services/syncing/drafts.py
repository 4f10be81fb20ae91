"""What a confirmed match says to a platform, as far as it is known when it is confirmed: pure.

A draft names our own rows; ids and codes of the platform are put in when it is sent. Where a platform could not book
what the match says without somebody's choice, the draft says why instead, and nothing is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tieout.domain.books import Invoice
from tieout.domain.lines import Line
from tieout.domain.match_records import StoredMatch
from tieout.kernel.currencies import exponent_of
from tieout.kernel.dates import day_text
from tieout.kernel.money import decimal_text

# The key of a draft under which it says why nothing can be sent.
BY_HAND = "by_hand"


class Leg(NamedTuple):
    """A line as it counts now, with what the match uses of it, signed."""

    line: Line
    minor_units: int


def payment_drafts(
    stored: StoredMatch, legs: Sequence[Leg], invoices: Mapping[int, Invoice]
) -> Iterator[dict[str, object]]:
    """One payment record for each invoice that the match pays, by invoice.

    Amounts are positive where they pay, whichever way the money goes. A fee or another leg that ends a residual makes
    the cash less than what is settled: with one invoice the payment is the cash, with several nobody can say whose.
    """
    money = [leg for leg in legs if leg.line.side == "statement"]
    for invoice_id in sorted(invoices):
        invoice = invoices[invoice_id]
        paid = [leg for leg in legs if leg.line.side == "ledger" and leg.line.parent_id == invoice_id]
        whole = len(paid) + len(money) == len(legs)
        cash = sum(leg.minor_units for leg in (money if stored.adjustments else paid))
        sign = 1 if invoice.direction == "receivable" else -1
        yield {
            "invoice_id": invoice_id,
            "invoice_type": invoice.direction,
            "date": day_text(max(leg.line.booking_day for leg in money)),
            "amount": decimal_text(sign * cash, exponent_of(invoice.currency)),
            "currency": invoice.currency,
            "account_id": money[0].line.account_id,
            "reference": money[0].line.reference or invoice.number,
            BY_HAND: _not_sendable(stored, legs, money, whole=whole),
        }


def _not_sendable(stored: StoredMatch, legs: Sequence[Leg], money: Sequence[Leg], *, whole: bool) -> str:
    """Why a payment cannot be booked from this match alone; empty where it can."""
    if len({leg.line.currency for leg in legs}) > 1:
        return "the money came in another currency than the invoice: book the payment there, with its exchange"
    if len({leg.line.account_id for leg in money}) > 1:
        return "the money came on several accounts: book the payments there"
    if stored.adjustments and not whole:
        kinds = ", ".join(sorted({each.type.replace("_", " ") for each in stored.adjustments}))
        return f"several documents were paid together, less {kinds}: book there what each of them got"
    return ""


def match_draft(stored: StoredMatch, legs: Sequence[Leg]) -> dict[str, object]:
    """Statement lines that entries of the platform's books are the other side of: what it may tick as reconciled."""
    money = [leg for leg in legs if leg.line.side == "statement"]
    total = sum(leg.minor_units for leg in money)
    one_account = len({leg.line.account_id for leg in money}) == 1
    return {
        "date": day_text(max(leg.line.booking_day for leg in money)),
        "account_id": money[0].line.account_id,
        "amount": decimal_text(total, exponent_of(money[0].line.currency)),
        "statement": [
            {
                "date": day_text(leg.line.booking_day),
                "amount": decimal_text(leg.minor_units, exponent_of(leg.line.currency)),
                "reference": leg.line.reference or None,
                "description": leg.line.description or None,
            }
            for leg in money
        ],
        "lines": [leg.line.id for leg in legs if leg.line.side == "ledger"],
        "reference": f"match {stored.record.id}",
        BY_HAND: "" if one_account else "the lines are of several bank accounts: reconcile them there",
    }

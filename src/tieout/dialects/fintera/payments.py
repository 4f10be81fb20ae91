"""What a paid account's cash is: the vendor shows an amount and a total, and only one of them is what was paid.

The page of 2013 shows two rows of 3000.0 and 2000.0 that both say total_amount 5000.0 and are reconciled with 5000.0 in
all; recordings of 2017 have equal figures; the page of payable accounts defines total_amount as the nominal amount plus
fine and interest less discount. So the total counts where it is that sum, and otherwise the amount (2026-11-20).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tieout.domain.extra import extra_of
from tieout.domain.lines import Line
from tieout.domain.people import Face

# Fine (multa; no boleto amount), interest and discount, as the vendor calls them.
ADDED = ("ticket_amount", "interest_amount")
TAKEN = ("discount_amount",)
PARTS = ADDED + TAKEN
TAXES = "financial_account_taxes_attributes"


class Payment(NamedTuple):
    """One payment as it was told: unsigned minor units."""

    day: int
    total: int  # as stated
    cash: int  # what counts
    counts: str  # which field that is: total_amount, amount


def payment_of(day: int, total: int, amount: int, kept: Mapping[str, Any]) -> Payment:
    """Decide whether the stated total or the amount is the cash; kept: fine, interest, discount, taxes."""
    added = sum(kept.get(name) or 0 for name in ADDED)
    taken = sum(kept.get(name) or 0 for name in TAKEN) + sum(tax["minor_units"] for tax in kept.get(TAXES) or ())
    explained = total == amount + added - taken
    return Payment(day, total, total if explained else amount, "total_amount" if explained else "amount")


def payment_told(line: Line) -> Payment | None:
    """The payment that this face was told of, if it is the one that the line carries; None for any other."""
    told = extra_of(line.extra, Face.FINTERA).get("payment")
    if told is None or line.paid_day is None:
        return None
    payment = Payment(**told)
    cash = -line.minor_units if line.minor_units < 0 else line.minor_units
    return payment if (payment.day, payment.cash) == (line.paid_day, cash) else None


def counted_field(line: Line) -> str:
    """Which of the vendor's fields a reconcile sums for this account."""
    told = payment_told(line)
    return "total_amount" if told is None else told.counts

"""What is pushed, as docs/platforms.md tells it, read into shapes; what does not fit is refused with its place."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from tieout.contracts.platform import PlatformFault
from tieout.kernel.currencies import UnknownCurrency, exponent_of
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals, decimal_text, minor_units_of


class CounterpartyBody(msgspec.Struct, frozen=True, kw_only=True):
    """A customer or vendor."""

    name: str
    tax_number: str | None = None
    email: str | None = None


class InstalmentBody(msgspec.Struct, frozen=True, kw_only=True):
    """What is due on one day."""

    due_date: datetime.date
    amount: str


class LineBody(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice or bill."""

    description: str
    amount: str  # without tax
    tax_amount: str = "0"
    quantity: str | None = None
    price: str | None = None
    tax_rate: str | None = None  # id of ours
    account: str | None = None  # nominal code


class InvoiceBody(msgspec.Struct, frozen=True, kw_only=True):
    """A receivable or bill."""

    number: str
    currency: str
    issue_date: datetime.date
    instalments: tuple[InstalmentBody, ...]
    total: str
    tax: str
    lines: tuple[LineBody, ...]
    counterparty: str | None = None
    counterparty_name: str = ""
    counterparty_tax_number: str | None = None


class PaymentBody(msgspec.Struct, frozen=True, kw_only=True):
    """Money for an invoice or bill; positive pays it."""

    invoice: str
    paid_on: datetime.date = msgspec.field(name="date")
    amount: str
    currency: str
    account: str
    reference: str | None = None


class StatementLineBody(msgspec.Struct, frozen=True, kw_only=True):
    """One movement as the bank reports it."""

    booked_on: datetime.date = msgspec.field(name="date")
    amount: str
    reference: str | None = None
    description: str | None = None


class MatchBody(msgspec.Struct, frozen=True, kw_only=True):
    """Statement lines that are tied to journal lines."""

    matched_on: datetime.date = msgspec.field(name="date")
    bank_account: str
    amount: str
    ledger: tuple[str, ...]
    statement: tuple[StatementLineBody, ...] = ()
    reference: str | None = None


Shape = TypeVar("Shape")


def read_body(body: Mapping[str, Any], shape: type[Shape]) -> Shape:
    """The body in its shape. Raises PlatformFault refused."""
    try:
        return msgspec.convert(dict(body), shape)
    except msgspec.ValidationError as fault:
        raise refused(str(fault)) from None


def exact(amount: str, currency: str) -> Decimal:
    """An amount of a body with the decimals of its currency. Raises PlatformFault refused."""
    try:
        exponent = exponent_of(currency)
        return Decimal(decimal_text(minor_units_of(amount, exponent), exponent))
    except (UnknownCurrency, NotAnAmount, TooManyDecimals, AmountOutOfRange) as fault:
        raise refused(str(fault)) from None


def refused(why: str) -> PlatformFault:
    """The ledger says no, and nothing has happened."""
    return PlatformFault("refused", why)

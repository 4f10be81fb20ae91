"""What a platform's objects say, read strictly: amounts exact, days real, sums that add up. Pure.

The keys of each object type stand in docs/platforms.md.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from tieout.domain.connections import ObjectType
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NotADay, day_number, day_of_text
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals, minor_units_of


class Misfit(TieoutError):
    """An object of a platform does not say what an object of its type says."""

    code = "misfit"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class PartyContent(msgspec.Struct, frozen=True):
    """A customer or vendor."""

    name: str
    tax_number: str | None = None
    email: str | None = None


class _Instalment(msgspec.Struct, frozen=True):
    due_date: str
    amount: str


class _Line(msgspec.Struct, frozen=True):
    description: str | None
    amount: str
    tax_amount: str
    quantity: str | None = None
    price: str | None = None
    tax_rate: str | None = None
    account: str | None = None


class _Invoice(msgspec.Struct, frozen=True):
    number: str | None
    currency: str
    issue_date: str
    instalments: list[_Instalment]
    total: str
    tax: str
    status: str
    lines: list[_Line]
    counterparty: str | None = None
    counterparty_name: str | None = None


class _JournalLine(msgspec.Struct, frozen=True):
    account: str | None
    booking_date: str
    amount: str
    currency: str
    description: str | None = None
    reference: str | None = None
    counterparty: str | None = None
    entry: str | None = None


class _TaxRate(msgspec.Struct, frozen=True):
    name: str
    status: str
    direction: str
    effective_tax_rate: int
    total_tax_rate: int | None = None


class _Named(msgspec.Struct, frozen=True):
    name: str


class _LedgerAccount(msgspec.Struct, frozen=True):
    name: str
    nominal_code: str | None = None


class LineContent(NamedTuple):
    """One line of a document, signed as ours."""

    description: str
    quantity: str
    minor_units: int
    tax_minor_units: int
    price_minor_units: int | None
    tax_rate: str  # the platform's id; empty without one
    account_code: str


class InvoiceContent(NamedTuple):
    """A document of the platform; amounts signed as ours, a bill is negative."""

    direction: str  # receivable, payable
    number: str
    counterparty: str  # the platform's id; empty without one
    counterparty_name: str
    currency: str
    issue_day: int
    instalments: tuple[tuple[int, int], ...]  # due day and amount
    minor_units: int
    tax_minor_units: int
    status: str  # open, paid, cancelled
    lines: tuple[LineContent, ...]


class EntryContent(NamedTuple):
    """One posting of the platform's books; debit is positive."""

    booking_day: int
    minor_units: int
    currency: str
    description: str
    reference: str
    counterparty: str


_SHAPES: Mapping[str, type[msgspec.Struct]] = {
    ObjectType.PRODUCT: _Named,
    ObjectType.CUSTOMER: PartyContent,
    ObjectType.VENDOR: PartyContent,
    ObjectType.RECEIVABLE: _Invoice,
    ObjectType.BILL: _Invoice,
    ObjectType.TAX_RATE: _TaxRate,
    ObjectType.LEDGER_ACCOUNT: _LedgerAccount,
    ObjectType.JOURNAL_LINE: _JournalLine,
}


def content_text(content: Mapping[str, Any]) -> str:
    """An object's content as it is kept: equal contents are equal texts. Raises Misfit for what is no JSON."""
    try:
        return json.dumps(dict(content), ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as fault:
        raise Misfit(f"this is no JSON: {fault}") from None


def name_of(object_type: str, content: Mapping[str, Any]) -> str:
    """What an object is listed by: its name, or the number of a document."""
    found = content.get("name") or content.get("number") or ""
    return found if isinstance(found, str) and object_type != ObjectType.JOURNAL_LINE else ""


def require_shape(object_type: str, content: Mapping[str, Any]) -> msgspec.Struct | None:
    """The content in the shape of its type; None for a type that has none. Raises Misfit."""
    shape = _SHAPES.get(object_type)
    if shape is None:
        return None
    try:
        return msgspec.convert(dict(content), shape)
    except msgspec.ValidationError as misfit:
        raise Misfit(str(misfit)) from None


def party_of(content: Mapping[str, Any]) -> PartyContent:
    """A customer or vendor. Raises Misfit."""
    found = require_shape(ObjectType.CUSTOMER, content)
    assert isinstance(found, PartyContent), "a customer has this shape"
    return found


def invoice_of(object_type: str, content: Mapping[str, Any]) -> InvoiceContent:
    """A receivable or bill whose parts add up. Raises Misfit."""
    found = require_shape(object_type, content)
    assert isinstance(found, _Invoice), "a receivable or bill has this shape"
    bill = object_type == ObjectType.BILL
    money = _Money(found.currency, -1 if bill else 1)
    if found.status not in ("open", "paid", "cancelled"):
        raise Misfit(f'status: "{found.status}" is none of open, paid, cancelled')
    read = InvoiceContent(
        direction="payable" if bill else "receivable",
        number=found.number or "",
        counterparty=found.counterparty or "",
        counterparty_name=found.counterparty_name or "",
        currency=found.currency,
        issue_day=_day(found.issue_date, "issue_date"),
        instalments=tuple(
            (_day(each.due_date, f"instalments[{place}].due_date"), money.of(each.amount, f"instalments[{place}]"))
            for place, each in enumerate(found.instalments)
        ),
        minor_units=money.of(found.total, "total"),
        tax_minor_units=money.of(found.tax, "tax"),
        status=found.status,
        lines=tuple(_line(each, money, f"lines[{place}]") for place, each in enumerate(found.lines)),
    )
    _require_sums(read)
    return read


def account_code_of(content: Mapping[str, Any]) -> str:
    """The code of the account that a posting is on; empty where it has none."""
    found = content.get("account")
    return found if isinstance(found, str) else ""


def entry_of(content: Mapping[str, Any]) -> EntryContent:
    """One posting. Raises Misfit."""
    found = require_shape(ObjectType.JOURNAL_LINE, content)
    assert isinstance(found, _JournalLine), "a journal line has this shape"
    return EntryContent(
        booking_day=_day(found.booking_date, "booking_date"),
        minor_units=_Money(found.currency, 1).of(found.amount, "amount"),
        currency=found.currency,
        description=found.description or "",
        reference=found.reference or "",
        counterparty=found.counterparty or "",
    )


class _Money(NamedTuple):
    """How amounts of one document are read."""

    currency: str
    sign: int

    def of(self, text: str, where: str) -> int:
        """Minor units, signed as ours. Raises Misfit."""
        exponent = EXPONENTS.get(self.currency)
        if exponent is None:
            raise Misfit(f'currency: "{self.currency}" is no currency of ISO 4217')
        try:
            return self.sign * minor_units_of(text, exponent)
        except (NotAnAmount, TooManyDecimals, AmountOutOfRange) as fault:
            raise Misfit(f"{where}: {fault}") from None


def _day(text: str, where: str) -> int:
    try:
        return day_number(day_of_text(text))
    except NotADay as fault:
        raise Misfit(f"{where}: {fault}") from None


def _line(line: _Line, money: _Money, where: str) -> LineContent:
    price = None if line.price is None else _price(line.price, money.currency)
    return LineContent(
        description=line.description or "",
        quantity=line.quantity or "1",
        minor_units=money.of(line.amount, f"{where}.amount"),
        tax_minor_units=money.of(line.tax_amount, f"{where}.tax_amount"),
        price_minor_units=price,
        tax_rate=line.tax_rate or "",
        account_code=line.account or "",
    )


def _price(text: str, currency: str) -> int | None:
    """The price of one in minor units; None where it has more decimals than money has, as prices may."""
    try:
        return minor_units_of(text, EXPONENTS[currency])
    except (NotAnAmount, TooManyDecimals, AmountOutOfRange):
        return None


def _require_sums(read: InvoiceContent) -> None:
    """Pass when instalments and lines add up to what the document says. Raises Misfit."""
    sums: Sequence[tuple[str, int, int]] = (
        ("instalments", sum(amount for _, amount in read.instalments), read.minor_units),
        ("lines with their tax", sum(each.minor_units + each.tax_minor_units for each in read.lines), read.minor_units),
        ("tax of the lines", sum(each.tax_minor_units for each in read.lines), read.tax_minor_units),
    )
    for what, found, said in sums:
        if found != said and (read.lines or what == "instalments"):
            raise Misfit(f"the {what} add up to {found} minor units, the document says {said}")

"""Payable and receivable accounts (Contas a Pagar, Contas a Receber): our instalments."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from tieout.dialects.fintera.amounts import write_amount
from tieout.dialects.fintera.fields import Given
from tieout.dialects.fintera.links import Addresses, link, reconciled_with, reconciliations
from tieout.dialects.fintera.moments import write_day, write_moment
from tieout.dialects.fintera.payments import PARTS, TAXES, payment_told
from tieout.dialects.fintera.refusals import BLANK, NOT_A_DAY, NOT_IN_LIST
from tieout.dialects.fintera.values import DayText, DecimalText, SymbolText
from tieout.domain.extra import extra_of
from tieout.domain.lines import Line
from tieout.domain.people import Face
from tieout.kernel.dates import day_text
from tieout.services.instalments import nominal_minor_units
from tieout.services.lines import LineNow

_KEPT_TEXTS = ("observation", "competency_month")
_KEPT_IDS = ("category_id", "classification_center_id", "person_id")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_TAXES_MAX = 50
NEGATIVE = "deve ser maior ou igual a 0"


class Direction(NamedTuple):
    """Payable or receivable: the words that differ."""

    kind: str  # of the core's lines
    plural: str  # in paths
    names: tuple[str, str, str]  # of the states 1, 2 and 3
    pay: str  # the action, and its relation
    undo: str
    title: str  # for people

    @property
    def singular(self) -> str:
        """The name around one of them."""
        return self.plural.removesuffix("s")

    @property
    def sign(self) -> int:
        """What turns the vendor's amounts into ours: a payable is money out."""
        return -1 if self.kind == "payable" else 1


PAYABLE = Direction(
    "payable", "payable_accounts", ("unpaid", "paid", "reconciled"), "pay", "undo_payment", "Conta a Pagar"
)
RECEIVABLE = Direction(
    "receivable",
    "receivable_accounts",
    ("unreceived", "received", "reconciled"),
    "receive",
    "undo_receivement",
    "Conta a Receber",
)
DIRECTIONS = {direction.kind: direction for direction in (PAYABLE, RECEIVABLE)}


class FinancialAccountGiven(NamedTuple):
    """What a request says of an account, amounts in unsigned minor units; None where it says nothing."""

    due_day: int | None
    amount: int | None
    occurred_day: int | None
    total: int | None
    description: str | None
    document: str | None
    expected_account_id: int | None
    kept: dict[str, Any]  # what only this vendor keeps


def read_financial_account(given: Given, currency: str) -> FinancialAccountGiven:
    """The fields of a request; faults are left in `given`."""
    kept: dict[str, Any] = {name: given.text(name) for name in _KEPT_TEXTS if name in given}
    kept |= {name: given.whole(name) for name in _KEPT_IDS if name in given}
    kept |= {name: _not_negative(given, name, currency) for name in PARTS if name in given}
    for name in ("document_emission_date", "reminded_at"):
        if name in given:
            kept[name] = given.day(name)
    if (remind := given.truth("remind")) is not None:
        kept["remind"] = remind
    if TAXES in given:
        kept[TAXES] = _taxes(given, currency)
    month = kept.get("competency_month")
    if month is not None and _MONTH.fullmatch(month) is None:
        given.fault("competency_month", NOT_IN_LIST)
    amount = _not_negative(given, "amount", currency)
    return FinancialAccountGiven(
        due_day=given.day("due_date"),
        amount=_not_negative(given, "nominal_amount", currency) if amount is None else amount,
        occurred_day=given.day("occurred_at"),
        total=_not_negative(given, "total_amount", currency),
        description=(given.text("description") or "") if "description" in given else None,
        document=(given.text("document") or "") if "document" in given else None,
        expected_account_id=(given.whole("expected_deposit_account_id") or 0)
        if "expected_deposit_account_id" in given
        else None,
        kept=kept,
    )


def require_new(given: Given, told: FinancialAccountGiven) -> None:
    """Note what a new account lacks; the competency month follows from the due date where it is not given."""
    given.required("due_date", told.due_day, NOT_A_DAY)
    if told.due_day is None and not told.kept.get("competency_month"):
        given.fault("competency_month", BLANK)
    given.required("amount", told.amount)
    require_payment(given, told, optional=True)


def require_payment(given: Given, told: FinancialAccountGiven, *, optional: bool = False) -> None:
    """Note what a payment lacks: it needs its day and its total; optional: none at all is fine too."""
    if optional and told.occurred_day is None and told.total is None:
        return
    given.required("occurred_at", told.occurred_day)
    given.required("total_amount", told.total)


def _not_negative(given: Given, name: str, currency: str) -> int | None:
    amount = given.amount(name, currency)
    if amount is not None and amount < 0:
        given.fault(name, NEGATIVE)
    return amount


def _taxes(given: Given, currency: str) -> list[dict[str, Any]]:
    """Withheld taxes; their own fields are nowhere documented, an amount and a tax id are what they need."""
    taxes = []
    for each in given.nested(TAXES)[:_TAXES_MAX]:
        minor_units = _not_negative(each, "amount", currency)
        each.required("amount", minor_units)
        taxes.append({"tax_id": each.whole("tax_id"), "minor_units": minor_units})
        for message in each.faults.get("amount", []) + each.faults.get("tax_id", []):
            given.fault(TAXES, message)
    return taxes


class Around(NamedTuple):
    """What the shape of an account needs beside its line."""

    transactions: Sequence[Line] = ()  # that it is reconciled with, as they count now
    since: int = 0  # when the latest of these reconciles was confirmed
    siblings: Sequence[int] = ()  # ids of its recurrence or parcels in order of due date, its own included


def status_of(now: LineNow) -> int:
    """1 waits for money, 2 is paid, 3 is wholly tied; there is no 0."""
    if now.tied:
        return 3
    return 1 if now.line.paid_day is None else 2


def write_financial_account(now: LineNow, around: Around, addresses: Addresses) -> dict[str, Any]:
    """One account with every field that the vendor ever sent, those of 2013 and those of 2017."""
    line, kept = now.line, extra_of(now.line.extra, Face.FINTERA)
    direction, status = DIRECTIONS[line.kind], status_of(now)
    nominal = write_amount(direction.sign * nominal_minor_units(line), line.currency)
    taxes = [_tax(tax, line.currency) for tax in kept.get(TAXES) or ()]
    return {
        "id": line.id,
        "entity_id": line.entity_id,
        "status": status,
        "status_name": SymbolText(direction.names[status - 1]),
        "due_date": write_day(line.booking_day),
        "occurred_at": _occurred_at(now, around),
        "amount": nominal,
        **{name: _part(kept.get(name), line.currency) for name in PARTS},
        "nominal_amount": nominal,
        "total_amount": _total(now, direction),
        "description": line.description or None,
        "document": line.reference or None,
        "document_emission_date": _day(kept.get("document_emission_date")),
        "observation": kept.get("observation"),
        "remind": bool(kept.get("remind")),
        "reminded_at": _day(kept.get("reminded_at")),
        "category_id": kept.get("category_id"),
        "classification_center_id": kept.get("classification_center_id"),
        "expected_deposit_account_id": _expected_account(line, around),
        "financial_transaction_id": around.transactions[0].id if len(around.transactions) == 1 else None,
        "person_id": kept.get("person_id"),
        "created_at": write_moment(line.created_at),
        "updated_at": write_moment(max(line.changed_at, around.since)),
        "competency_month": kept.get("competency_month") or day_text(line.booking_day)[:7],
        **_recurrence(line, kept, around),
        "attachment_id_list": [],
        TAXES: taxes,
        "tax_charges": taxes,
        "reconciliations": reconciliations(
            [reconciled_with(each.id, addresses.transaction(each.account_id, each.id)) for each in around.transactions],
            (),
        ),
        "links": _links(line, direction, status, around, addresses),
    }


def _occurred_at(now: LineNow, around: Around) -> DayText | None:
    """The day of payment; of an account tied without one, the last day of the money."""
    if now.line.paid_day is not None:
        return write_day(now.line.paid_day)
    days = [each.booking_day for each in around.transactions]
    return write_day(max(days)) if now.tied and days else None


def _total(now: LineNow, direction: Direction) -> DecimalText | None:
    if now.line.paid_day is None and not now.tied:
        return None
    told = payment_told(now.line)
    minor_units = direction.sign * now.line.minor_units if told is None else told.total
    return write_amount(minor_units, now.line.currency)


def _part(minor_units: int | None, currency: str) -> DecimalText | None:
    return None if minor_units is None else write_amount(minor_units, currency)


def _day(day: int | None) -> DayText | None:
    return None if day is None else write_day(day)


def _tax(tax: dict[str, Any], currency: str) -> dict[str, Any]:
    return {"tax_id": tax["tax_id"], "amount": write_amount(tax["minor_units"], currency)}


def _expected_account(line: Line, around: Around) -> int | None:
    """Where the money was seen, or else where it is expected."""
    if around.transactions:
        return around.transactions[0].account_id
    return line.account_id or None


def _recurrence(line: Line, kept: dict[str, Any], around: Around) -> dict[str, Any]:
    recurrent = bool(kept.get("recurrent"))
    parcelled = len(around.siblings) > 1 and not recurrent
    return {
        "recurrence_id": line.parent_id if recurrent or parcelled else None,
        "recurrent": recurrent,
        "parcelled": parcelled,
        "recurrence_period": kept.get("recurrence_period", "monthly") if recurrent or parcelled else None,
        "number_of_parcels": len(around.siblings) if parcelled else None,
        "current_parcel": around.siblings.index(line.id) + 1 if parcelled else None,
    }


def _links(line: Line, direction: Direction, status: int, around: Around, addresses: Addresses) -> list[dict[str, str]]:
    own = addresses.financial_account(direction.plural, line.id)
    found = [link("self", own), link("destroy", own, "delete")]
    if status == 1:
        found.append(link(direction.pay, f"{own}/{direction.pay}", "put"))
    elif status == 2:
        found.append(link(direction.undo, f"{own}/{direction.undo}", "put"))
    if len(around.siblings) > 1:
        place = around.siblings.index(line.id)
        if place:
            found.append(link("previous", addresses.financial_account(direction.plural, around.siblings[place - 1])))
        if place + 1 < len(around.siblings):
            found.append(link("next", addresses.financial_account(direction.plural, around.siblings[place + 1])))
        found.append(link("destroy_recurrence", f"{own}/recurrence", "delete"))
    return found

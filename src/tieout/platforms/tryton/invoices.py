"""Invoices of Tryton in our words: what a customer owes is a receivable, what we owe a vendor is a bill."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.contents import INSTANT_FIELDS
from tieout.platforms.tryton.marks import key_of
from tieout.platforms.tryton.values import Row, day_text, decimal_of, decimal_text

INVOICE_FIELDS = (
    *INSTANT_FIELDS,
    *("type", "number", "reference", "state", "invoice_date", "total_amount", "tax_amount"),
    *("party", "party.name", "currency.code"),
    *("lines.type", "lines.description", "lines.quantity", "lines.unit_price", "lines.amount", "lines.note"),
    *("lines.account.code", "lines.taxes", "lines.taxes.rate", "lines.taxes.childs.rate", "currency.digits"),
    *("lines_to_pay.maturity_date", "lines_to_pay.debit", "lines_to_pay.credit"),
    *("lines_to_pay.amount_second_currency", "lines_to_pay.second_currency"),
)

_STATUS = {"posted": "open", "paid": "paid", "cancelled": "cancelled"}


def invoice_content(_: Books, row: Row) -> Mapping[str, Any]:
    """A receivable or bill; amounts are as the invoice states them, so a credit note is negative.

    The number is that of the document: a vendor's own, and ours where we made it; else the one that Tryton gave.
    """
    numbered_outside = row["type"] == "in" or bool(invoice_key(row))
    goods = _goods(row)
    return {
        "number": (row["reference"] if numbered_outside else None) or row["number"] or "",
        "counterparty": str(row["party"]),
        "counterparty_name": row["party."]["name"] or "",
        "currency": row["currency."]["code"],
        "issue_date": day_text(row["invoice_date"]),
        "instalments": _instalments(row),
        "total": decimal_text(row["total_amount"]),
        "tax": decimal_text(row["tax_amount"]),
        "status": _STATUS[row["state"]],
        "lines": [_line(line, tax) for line, tax in zip(goods, _taxes(row, goods), strict=True)],
    }


def invoice_key(row: Row) -> str:
    """Our key, where we made the invoice."""
    return next(filter(None, (key_of(line["note"]) for line in row["lines."])), "")


def _goods(row: Row) -> Sequence[Row]:
    """Lines that carry an amount, in the order of the invoice; titles, comments and subtotals carry none."""
    lines = {line["id"]: line for line in row["lines."]}
    ordered = row.get("lines") or sorted(lines)
    return [lines[line_id] for line_id in ordered if lines[line_id]["type"] == "line"]


def _line(line: Row, tax: Decimal) -> Mapping[str, Any]:
    taxes = line["taxes"]
    return {
        "description": line["description"] or "",
        "quantity": f"{_plain(decimal_of(line['quantity'])):f}",
        "price": decimal_text(line["unit_price"]),
        "amount": decimal_text(line["amount"]),
        "tax_amount": f"{tax:f}",
        "tax_rate": str(taxes[0]) if len(taxes) == 1 else None,
        "account": (line["account."] or {}).get("code") or None,
    }


def _plain(number: Decimal) -> Decimal:
    """Without zeros at the end, which floats have: 2.0 is 2."""
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def _taxes(row: Row, goods: Sequence[Row]) -> Sequence[Decimal]:
    """What of the invoice's tax each line bears: Tryton keeps the whole alone, so it is divided by what they would.

    Exactly the whole: each line gets what the lines up to it bear, rounded, less what those before it got.
    """
    whole, smallest = decimal_of(row["tax_amount"]), Decimal(1).scaleb(-row["currency."]["digits"])
    weights = [decimal_of(line["amount"]) * _rate(line) for line in goods]
    if whole and not sum(weights):
        weights = [Decimal(1)] + [Decimal(0)] * (len(goods) - 1)
    upto = [
        (whole * reached / (sum(weights) or 1)).quantize(smallest)
        for reached in accumulate(weights, initial=Decimal(0))
    ]
    return [after - before for before, after in pairwise(upto)]


def _rate(line: Row) -> Decimal:
    """The rates of a line's taxes and of what those consist of, together."""
    taxes = line["taxes."]
    return sum((decimal_of(each["rate"]) for tax in taxes for each in (tax, *tax["childs."])), Decimal(0))


def _instalments(row: Row) -> Sequence[Mapping[str, Any]]:
    """What is to be paid when, soonest first; the whole on its day where the moves say nothing any more."""
    due = [
        {"due_date": day_text(line["maturity_date"]) or day_text(row["invoice_date"]), "amount": _amount(line, row)}
        for line in row["lines_to_pay."]
    ]
    if not due:
        return [{"due_date": day_text(row["invoice_date"]), "amount": decimal_text(row["total_amount"])}]
    return sorted(due, key=lambda each: (str(each["due_date"]), str(each["amount"])))


def _amount(line: Row, row: Row) -> str:
    """What a line asks for, in the currency and with the sign of the invoice."""
    if line["second_currency"] is not None:
        debit = decimal_of(line["amount_second_currency"])
    else:
        debit = decimal_of(line["debit"]) - decimal_of(line["credit"])
    return f"{debit if row['type'] == 'out' else -debit:f}"

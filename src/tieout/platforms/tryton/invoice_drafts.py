"""The values of a draft invoice as Tryton's own client would send them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tieout.contracts.platform import PlatformFault
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.marks import mark_of
from tieout.platforms.tryton.parties import party_id_of
from tieout.platforms.tryton.payment_terms import payment_term_id
from tieout.platforms.tryton.values import one_line, told_day, told_decimal, wire_day, wire_decimal

# What follows from the party and the type, by Tryton's own rules.
_FOLLOWING = ("account", "invoice_address", "journal", "party_tax_identifier")
_DEFAULT_ACCOUNTS = {"out": "default_category_account_revenue", "in": "default_category_account_expense"}

# What Tryton's prices carry unless it is configured otherwise.
_PRICE_DECIMALS = 4


def draft_values(books: Books, kind: str, key: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A draft with its lines, the key in the note of the first. Raises PlatformFault (refused)."""
    issued = told_day(body["issue_date"])
    if not body["lines"]:
        raise PlatformFault("refused", "the invoice has no lines: Tryton keeps none without")
    values: dict[str, Any] = {
        "company": books.company_id,
        "type": kind,
        "party": party_id_of(books, body),
        "currency": books.currency_id(body["currency"]),
        "invoice_date": wire_day(issued),
    }
    following = books.server.read("model.account.invoice.on_change", values, ["type", "party"])
    values |= {name: following[name] for name in _FOLLOWING if following.get(name) is not None}
    if "invoice_address" not in values:
        values["invoice_address"] = _new_address(books, values["party"])
    values |= _terms(books, body, issued)
    values["reference"] = one_line(body.get("number")) or None
    values["lines"] = [["create", _lines(books, kind, values["currency"], key, body["lines"])]]
    return values


def _new_address(books: Books, party_id: int) -> int:
    (made,) = books.server.prepare("model.party.address.create", [{"party": party_id}])
    return int(made)


def _terms(books: Books, body: Mapping[str, Any], issued: date) -> Mapping[str, Any]:
    """When it is to be paid. Raises PlatformFault (refused) where the instalments are not the whole."""
    instalments = [(told_day(each["due_date"]), told_decimal(each["amount"])) for each in body["instalments"]]
    total = told_decimal(body["total"])
    asked = sum((amount for _, amount in instalments), Decimal(0))
    if instalments and asked != total:
        raise PlatformFault("refused", f"the instalments come to {asked:f}, the invoice to {total:f}")
    if any(amount * total <= 0 for _, amount in instalments) and total:
        raise PlatformFault("refused", "an instalment that gives money back is nothing that Tryton can split off")
    if len(instalments) <= 1:
        due = instalments[0][0] if instalments else issued
        return {"payment_term": None, "payment_term_date": wire_day(due)}
    positive = [(due, amount if total > 0 else -amount) for due, amount in instalments]
    return {"payment_term": payment_term_id(books, body["currency"], issued, positive)}


def _lines(
    books: Books, kind: str, currency_id: int, key: str, told: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    codes = {line["account"] for line in told if line.get("account")}
    accounts = {code: books.account_id(code) for code in sorted(codes)}
    default = None if all(line.get("account") for line in told) else _default_account(books, kind)
    lines: list[Mapping[str, Any]] = []
    for line in told:
        quantity, price = _quantity_and_price(line)
        lines.append(
            {
                "type": "line",
                "company": books.company_id,
                "currency": currency_id,
                "description": line.get("description") or "",
                "quantity": wire_decimal(quantity),
                "unit_price": wire_decimal(price),
                "account": accounts[line["account"]] if line.get("account") else default,
                "taxes": [["add", [int(line["tax_rate"])]]] if line.get("tax_rate") else [],
                "note": mark_of(key) if not lines else None,
            }
        )
    return lines


def _quantity_and_price(line: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """As told where they give the amount exactly and fit Tryton's prices; else once the amount."""
    amount = told_decimal(line["amount"])
    if line.get("quantity") is None or line.get("price") is None:
        return Decimal(1), amount
    quantity, price = told_decimal(line["quantity"]), told_decimal(line["price"])
    fits = price == round(price, _PRICE_DECIMALS)
    return (quantity, price) if fits and quantity * price == amount else (Decimal(1), amount)


def _default_account(books: Books, kind: str) -> int:
    name = _DEFAULT_ACCOUNTS[kind]
    rows = books.server.rows("account.configuration", [], [name])
    if rows and rows[0].get(name):
        return int(rows[0][name])
    raise PlatformFault("refused", "a line names no account, and Tryton has no default one for its kind of invoice")

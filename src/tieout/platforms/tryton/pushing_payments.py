"""A payment put into Tryton's books: a statement of one line for one invoice, which Tryton then calls paid."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tieout.contracts.platform import PlatformFault, Pushed
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.statements import (
    BankLine,
    Part,
    Plan,
    find_statement,
    is_validated,
    journal_of,
    push_statement,
)
from tieout.platforms.tryton.values import Row, decimal_of, told_day, told_decimal

_FIELDS = ("type", "state", "number", "amount_to_pay", "account", "party", "currency.code")


def push_payment(books: Books, key: str, body: Mapping[str, Any]) -> Pushed:
    """The payment, posted once; `amount` is what of the invoice is paid, with its sign. Raises PlatformFault."""
    if made := find_statement(books, key):
        return made
    invoice = _invoice(books, str(body["invoice"]))
    journal = journal_of(books, body["account"])
    paid = told_decimal(body["amount"])
    if not is_validated(books, key):
        _require_payable(invoice, journal, paid, body)
    money_in = paid if invoice["type"] == "out" else -paid
    day, reference = told_day(body["date"]), body.get("reference") or ""
    part = Part(0, money_in, invoice["account"], invoice["party"], invoice["id"])
    plan = Plan(key, journal, day, [BankLine(day, money_in, reference, "")], [part])
    return push_statement(books, plan, tie=lambda _: None)


def _invoice(books: Books, told: str) -> Row:
    domain = [("id", "=", int(told) if told.isascii() and told.isdecimal() else -1), ("company", "=", books.company_id)]
    for row in books.server.rows("account.invoice", domain, _FIELDS):
        return row
    raise PlatformFault("refused", f"Tryton has no invoice {told} any more; sync and push again")


def _require_payable(invoice: Row, journal: Row, paid: Decimal, body: Mapping[str, Any]) -> None:
    """Pass when so much is still to be paid, in the currency of the bank. Raises PlatformFault (refused)."""
    number, left = invoice["number"], decimal_of(invoice["amount_to_pay"])
    if invoice["state"] != "posted":
        raise PlatformFault("refused", f"invoice {number} is {invoice['state']} in Tryton: nothing is to be paid")
    currencies = {body["currency"], invoice["currency."]["code"], journal["currency."]["code"]}
    if len(currencies) > 1:
        message = f"payment, invoice {number} and journal {journal['name']} differ in currency"
        raise PlatformFault("refused", f"{message}: {', '.join(sorted(currencies))}")
    between = 0 < paid <= left if left > 0 else left <= paid < 0
    if not between:
        raise PlatformFault("refused", f"invoice {number} has {left:f} left to be paid in Tryton, not {paid:f}")

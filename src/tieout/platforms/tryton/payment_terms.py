"""Several instalments of one invoice: Tryton splits what is to be paid by a payment term alone, so one is made."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.values import wire_decimal


def payment_term_id(books: Books, currency: str, issued: date, instalments: Sequence[tuple[date, Decimal]]) -> int:
    """A term that splits as told, by days from the day of issue; the same split uses the same term again.

    instalments: due day and amount, all positive: Tryton gives them the sign of the invoice.
    """
    ordered = sorted(instalments)
    parts = [f"{amount:f} after {(due - issued).days} days" for due, amount in ordered]
    name = f"tieout {currency}: {', '.join(parts)}"
    for row in books.server.rows("account.invoice.payment_term", [("name", "=", name)], ["name"]):
        return int(row["id"])
    currency_id = books.currency_id(currency)
    lines = [_part(due, amount, issued, currency_id) for due, amount in ordered[:-1]]
    lines.append({"type": "remainder", "relativedeltas": _after(ordered[-1][0], issued)})
    values = {"name": name, "lines": [["create", [{**line, "sequence": at} for at, line in enumerate(lines, 1)]]]}
    (made,) = books.server.prepare("model.account.invoice.payment_term.create", [values])
    return int(made)


def _part(due: date, amount: Decimal, issued: date, currency_id: int) -> dict[str, Any]:
    told = wire_decimal(amount)
    return {"type": "fixed", "amount": told, "currency": currency_id, "relativedeltas": _after(due, issued)}


def _after(due: date, issued: date) -> list[Any]:
    return [["create", [{"days": (due - issued).days, "weeks": 0, "months": 0}]]]

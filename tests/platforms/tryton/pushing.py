"""What tests push into Tryton, and what they look at afterwards."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from tests.platforms.tryton.office import BANK, DUE, RECEIVABLE, Office
from tieout.contracts.platform import PlatformFault, PlatformSession, Pulled

_numbers = count(1)


def new_key() -> str:
    """A key that nothing was made under."""
    return f"tieout-pushing-{next(_numbers)}"


def plain_invoice(**others: Any) -> dict[str, Any]:
    """A receivable of one line over 80.00 without tax, to the customer."""
    line = {"description": "Work", "quantity": None, "price": None, "amount": "80.00", "tax_amount": "0.00"}
    return {
        "number": "W-1",
        "counterparty": None,
        "counterparty_name": "Nordlys Kafé",
        "counterparty_tax_number": None,
        "currency": "NOK",
        "issue_date": "2026-10-05",
        "instalments": [{"due_date": DUE, "amount": "80.00"}],
        "total": "80.00",
        "tax": "0.00",
        "lines": [{**line, "tax_rate": None, "account": None}],
        **others,
    }


def payment(invoice_id: str | int, amount: str, **others: Any) -> dict[str, Any]:
    """A payment of an invoice through the bank."""
    told = {"invoice": str(invoice_id), "date": "2026-10-20", "amount": amount, "currency": "NOK"}
    return {**told, "account": BANK, "reference": "R", **others}


def match(ledger: list[int], *amounts: str, **others: Any) -> dict[str, Any]:
    """Bank lines of these amounts matched with these journal lines."""
    lines = [
        {"date": f"2026-10-{20 + at}", "amount": amount, "reference": f"B{at}", "description": "Paid"}
        for at, amount in enumerate(amounts)
    ]
    told = {"date": "2026-10-29", "bank_account": BANK, "amount": "", "reference": "match"}
    return {**told, "statement": lines, "ledger": [str(line) for line in ledger], **others}


def refusal(place: Office, session: PlatformSession, object_type: str, body: Mapping[str, Any]) -> str:
    """In which words a push is refused that leaves nothing behind."""
    key = new_key()
    before = place.desk.ids("account.move.line")
    with pytest.raises(PlatformFault) as fault:
        session.push(object_type, key, body)
    assert fault.value.kind == "refused"
    assert session.find(object_type, key) is None
    assert place.desk.ids("account.move.line") == before
    return fault.value.message


def pulled(session: PlatformSession, object_type: str, record_id: str | int) -> Pulled:
    """One object as it is pulled: by the cursor of a run that was read up to just before it."""
    (found,) = session.pull(object_type, f'{{"until":1,"after":{int(record_id) - 1}}}', 1).objects
    assert found.platform_object_id == str(record_id)
    return found


def owed_line(place: Office, invoice_id: int) -> int:
    """The journal line of what a customer owes for an invoice."""
    (row,) = place.desk.rows("account.invoice", ["move"], ["id", "=", invoice_id])
    account = place.accounts[RECEIVABLE]
    return place.desk.ids("account.move.line", ["move", "=", row["move"]], ["account", "=", account])[0]


def state(place: Office, invoice_id: int | str) -> str:
    """What Tryton says of an invoice."""
    return str(place.desk.rows("account.invoice", ["state"], ["id", "=", int(invoice_id)])[0]["state"])


def drafts(place: Office) -> list[int]:
    """Statements and invoices that somebody began."""
    return [
        *place.desk.ids("account.invoice", ["state", "in", ["draft", "validated"]], ["lines.note", "like", "tieout %"]),
        *place.desk.ids("account.statement", ["state", "!=", "posted"]),
    ]


def bank_balance(place: Office) -> int:
    """What the bank account comes to, in minor units."""
    lines = place.desk.rows("account.move.line", ["debit", "credit"], ["account", "=", place.accounts[BANK]])
    return sum(_cents(line["debit"]) - _cents(line["credit"]) for line in lines)


def _cents(amount: Mapping[str, Any]) -> int:
    whole, _, cents = amount["decimal"].partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])

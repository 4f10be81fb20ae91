"""Tryton for the conformance suite of platforms: one company on a real server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from tests.conformance.platforms import GivenPlatform, Wrong
from tests.platforms.tryton.desk import behind_its_back, day
from tests.platforms.tryton.office import BANK, COSTS, DUE, RECEIVABLE, SALES, Office, entry, invoice, office

SLOW = True

_numbers = count(1)
_spare_entries: list[int] = []


@contextmanager
def in_tryton(_: Path) -> Iterator[GivenPlatform]:
    """A company that has done some business; the tests of one process share it."""
    place = office()
    if not _spare_entries:
        _spare_entries.append(entry(place, "2026-07-15", BANK, SALES, "12.00", "Booked twice"))
    yield GivenPlatform(
        settings=place.settings,
        secrets=place.secrets,
        wrong=_wrong(place),
        body=lambda object_type, _: body_of(place, object_type),
        refused=lambda object_type, _: _refused(place, object_type),
        edit=lambda: edit_an_entry(place),
        delete=lambda: delete_an_entry(place, _spare_entries.pop()),
    )


GIVEN = {"": in_tryton}


def body_of(place: Office, object_type: str) -> Mapping[str, Any]:
    """Something that Tryton takes, like nothing it has."""
    number = next(_numbers)
    match object_type:
        case "customer" | "vendor":
            return {"name": f"Party {number}", "tax_number": f"NO{number:09}", "email": f"p{number}@party.example"}
        case "receivable" | "bill":
            return _invoice(place, object_type, number)
        case "payment_record":
            return _payment(place, number)
    return _match(place, number)


def edit_an_entry(place: Office) -> None:
    """Put off by a day what a customer owes from August: what a posted move lets its user change."""
    (row,) = place.desk.rows(
        "account.move.line",
        ["maturity_date"],
        ["account", "=", place.accounts[RECEIVABLE]],
        ["date", "=", day("2026-08-03")],
    )
    due = row["maturity_date"]
    later = date(due["year"], due["month"], due["day"]) + timedelta(days=1)
    place.desk.change("account.move.line", row["id"], maturity_date=day(later.isoformat()))


def delete_an_entry(place: Office, move_id: int) -> None:
    """Take a posted move away, which Tryton lets nobody do: as when a database is repaired by hand."""
    behind_its_back(
        place.server.file,
        f"DELETE FROM account_move_line WHERE move = {move_id}",
        f"DELETE FROM account_move WHERE id = {move_id}",
    )


def _invoice(place: Office, object_type: str, number: int) -> dict[str, Any]:
    selling = object_type == "receivable"
    tax, account = (place.sales_tax, SALES) if selling else (place.purchase_tax, COSTS)
    lines = [
        _line("Notebooks", "3", "40.00", "120.00", "30.00", str(tax), account),
        _line("Delivery", "1", "15.00", "15.00", "0.00", None, account),
    ]
    return {
        "number": f"T-{number}",
        "counterparty": str(place.customer if selling else place.vendor),
        "counterparty_name": "Nordlys Kafé" if selling else "Papir & Penn",
        "counterparty_tax_number": None,
        "currency": "NOK",
        "issue_date": "2026-10-05",
        "instalments": [{"due_date": "2097-12-31", "amount": "65.00"}, {"due_date": DUE, "amount": "100.00"}],
        "total": "165.00",
        "tax": "30.00",
        "lines": lines,
    }


def _line(
    description: str, quantity: str, price: str, amount: str, tax_amount: str, tax_rate: str | None, account: str
) -> dict[str, Any]:
    return {
        "description": description,
        "quantity": quantity,
        "price": price,
        "amount": amount,
        "tax_amount": tax_amount,
        "tax_rate": tax_rate,
        "account": account,
    }


def _payment(place: Office, number: int) -> dict[str, Any]:
    owed = invoice(place, "out", "2026-10-05", "165.00", f"P-{number}")
    return {
        "invoice": str(owed),
        "date": "2026-11-04",
        "amount": "165.00",
        "currency": "NOK",
        "account": BANK,
        "reference": f"R-{number}",
    }


def _match(place: Office, number: int) -> dict[str, Any]:
    move_id = entry(place, "2026-10-20", BANK, SALES, "88.00", f"Sale {number}")
    lines = place.desk.ids("account.move.line", ["move", "=", move_id], ["account", "=", place.accounts[BANK]])
    bank = {"date": "2026-10-21", "amount": "88.00", "reference": f"B-{number}", "description": "Sale by card"}
    return {
        "date": "2026-10-21",
        "bank_account": BANK,
        "amount": "88.00",
        "statement": [bank],
        "ledger": [str(line) for line in lines],
        "reference": f"match {number}",
    }


def _refused(place: Office, object_type: str) -> Mapping[str, Any]:
    body = dict(body_of(place, object_type))
    match object_type:
        case "customer" | "vendor":
            return {**body, "name": ""}
        case "receivable" | "bill":
            instalments = [{"due_date": DUE, "amount": "170.00"}]
            return {**body, "total": "170.00", "tax": "35.00", "instalments": instalments}
        case "payment_record":
            return {**body, "amount": "165.01"}
    return {**body, "statement": [{**body["statement"][0], "amount": "88.01"}]}


def _wrong(place: Office) -> list[Wrong]:
    def but(**others: str) -> dict[str, str]:
        return {**place.settings, **others}

    return [
        Wrong("unauthorised", place.settings, {"password": "another password"}),
        Wrong("unauthorised", but(user="nobody"), place.secrets),
        Wrong("settings", but(database="nowhere"), place.secrets),
        Wrong("settings", but(company="Somebody else AS"), place.secrets),
        Wrong("settings", but(url="no address"), place.secrets),
        Wrong("unavailable", but(url="http://127.0.0.1:9"), place.secrets),
    ]

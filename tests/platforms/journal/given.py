"""Ledger folders of both flavours, for the conformance suite and for the platform's own tests."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from tests.conformance.platforms import Body, Given, GivenPlatform, Wrong
from tieout.contracts.platform import PlatformSession

HERE = Path(__file__).parent
SUFFIXES = {"hledger": ".journal", "beancount": ".beancount"}
_numbers = count(2001)


def copied(flavour: str, folder: Path) -> Path:
    """A ledger of its own in a new folder below this one: that of a coffee roastery, with three months."""
    return Path(shutil.copytree(HERE / flavour, folder / f"ledger {flavour}"))


def settings_of(flavour: str, ledger: Path) -> dict[str, str]:
    """What a connection is told."""
    return {"folder": str(ledger), "format": flavour, "main": ""}


def invoice_body(number: str = "2001", **different: Any) -> dict[str, Any]:
    """A receivable of one line with its tax, due in two parts."""
    return {
        "number": number,
        "counterparty": "C-1",
        "counterparty_name": "Kafé Fontene AS",
        "counterparty_tax_number": "987654321",
        "currency": "NOK",
        "issue_date": "2026-11-20",
        "instalments": [
            {"due_date": "2026-12-04", "amount": "1000.00"},
            {"due_date": "2027-01-04", "amount": "250.00"},
        ],
        "total": "1250.00",
        "tax": "250.00",
        "lines": [
            {
                "description": "Coffee beans",
                "quantity": "20",
                "price": "50.00",
                "amount": "1000.00",
                "tax_amount": "250.00",
                "tax_rate": "V25",
                "account": "3000",
            }
        ],
        **different,
    }


def bill_body(number: str = "B-2001", **different: Any) -> dict[str, Any]:
    """A bill of one line with its tax."""
    line = {**invoice_body()["lines"][0], "tax_rate": "I25", "account": "4300"}
    named = {"counterparty": "V-1", "counterparty_name": "Bønnehandel Import AS", "counterparty_tax_number": None}
    return {**invoice_body(number), **named, "lines": [line], **different}


def payment_body(invoice: str, **different: Any) -> dict[str, Any]:
    """Money for a whole invoice of invoice_body."""
    return {
        "invoice": invoice,
        "date": "2026-12-04",
        "amount": "1250.00",
        "currency": "NOK",
        "account": "1920",
        "reference": "KID 20015",
        **different,
    }


def match_body(ledger_lines: list[str], **different: Any) -> dict[str, Any]:
    """One statement line that cleared some journal lines of the bank account."""
    statement = {"date": "2026-11-02", "amount": "300.00", "reference": "4711", "description": "Kafé Fontene; cups"}
    return {
        "date": "2026-11-20",
        "bank_account": "1920",
        "amount": "300.00",
        "statement": [statement],
        "ledger": ledger_lines,
        "reference": None,
        **different,
    }


def every_kind_pushed(session: PlatformSession) -> None:
    """One object of each type that can be pushed."""
    session.push("customer", "key-customer", {"name": "Ødegård & Co", "tax_number": "NO 1", "email": "post@o.example"})
    session.push("vendor", "key-vendor", {"name": "Papir; konvolutt | AS", "tax_number": None, "email": None})
    invoice = session.push("receivable", "key-invoice", invoice_body("2001", counterparty="key-customer"))
    session.push("bill", "key-bill", bill_body("B;9|1", counterparty="key-vendor"))
    session.push("payment_record", "key-payment", payment_body(invoice.platform_object_id))
    session.push("match", "key-match", match_body(list(session.ids("journal_line", "2026-12"))[:1]))
    session.push("receivable", "key-credit", credit_note_body())


def credit_note_body() -> dict[str, Any]:
    """An invoice the other way round, in a month before."""
    line = {**invoice_body()["lines"][0], "amount": "-80.00", "tax_amount": "-20.00", "quantity": None, "price": None}
    instalments = [{"due_date": "2026-10-20", "amount": "-100.00"}]
    sums = {"total": "-100.00", "tax": "-20.00"}
    return invoice_body("K-2002", issue_date="2026-10-20", instalments=instalments, lines=[line], **sums)


@contextmanager
def _given(flavour: str, folder: Path) -> Iterator[GivenPlatform]:
    ledger = copied(flavour, folder)
    settings = settings_of(flavour, ledger)
    entries = ledger / f"2026{SUFFIXES[flavour]}"
    yield GivenPlatform(
        settings=settings,
        secrets={},
        wrong=(
            Wrong("settings", {**settings, "folder": str(ledger / "nowhere")}, {}),
            Wrong("settings", {**settings, "folder": "relative"}, {}),
            Wrong("settings", {**settings, "format": "ledgr"}, {}),
            Wrong("settings", {**settings, "main": "other.journal"}, {}),
        ),
        body=_body,
        refused=_refused,
        edit=partial(_replaced, entries, "45.00", "46.00"),
        delete=partial(_without_block, entries, "Charges of October"),
    )


def _body(object_type: str, session: PlatformSession) -> Body:
    number = str(next(_numbers))
    match object_type:
        case "receivable":
            return invoice_body(number)
        case "bill":
            return bill_body(number)
        case "payment_record":
            return payment_body(
                session.push("receivable", f"tieout-given-{number}", invoice_body(number)).platform_object_id
            )
        case "match":
            return match_body([session.ids("journal_line", "2026-11")[0]])
        case _:
            return {"name": f"Counterparty {number}", "tax_number": number, "email": None}


def _refused(object_type: str, session: PlatformSession) -> Body:
    body: Mapping[str, Any] = _body(object_type, session)
    wrong: Mapping[str, Mapping[str, Any]] = {
        "receivable": {"total": "1250.01"},
        "bill": {"counterparty": "V-404"},
        "payment_record": {"invoice": "no-such-invoice"},
        "match": {"ledger": ["no-such-line"]},
    }
    return {**body, **wrong.get(object_type, {"name": ""})}


def _replaced(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def _without_block(path: Path, named: str) -> None:
    blocks = path.read_text("utf-8").split("\n\n")
    path.write_text("\n\n".join(block for block in blocks if named not in block), "utf-8")


GIVEN: Mapping[str, Given] = {flavour: partial(_given, flavour) for flavour in SUFFIXES}
SLOW = True

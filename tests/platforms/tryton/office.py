"""A small company in Tryton: a short chart, a year, one bank, two taxes, and some business done."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.platforms.tryton.desk import Desk, day, decimal
from tests.platforms.tryton.server import DATABASE, PASSWORD, Served, served

COMPANY, CUSTOMER, VENDOR = "Fjord Books AS", "Nordlys Kafé", "Papir & Penn"
# Long after anybody runs these tests: Tryton warns of every due day that is past, which costs as much as posting.
DUE = "2098-01-31"

RECEIVABLE, BANK, CLEARING, PAYABLE, TAX, SALES, COSTS = "1500", "1920", "1940", "2400", "2700", "3000", "4000"


@dataclass(frozen=True)
class Office:
    """The company with what tests refer to."""

    server: Served
    desk: Desk
    company_id: int
    currency_id: int
    accounts: dict[str, int]  # by nominal code
    sales_tax: int  # 25 %
    purchase_tax: int  # 25 %, which is another one
    customer: int
    vendor: int

    @property
    def settings(self) -> dict[str, str]:
        """What a connection to it is told."""
        return {"url": self.server.url, "database": DATABASE, "user": "admin", "company": ""}

    @property
    def secrets(self) -> dict[str, str]:
        """What it is told and keeps sealed."""
        return {"password": PASSWORD}


@cache
def office() -> Office:
    """The company of this process."""
    server = served(_found)
    return _office(Desk(server.url, DATABASE, "admin", PASSWORD), server)


def _office(desk: Desk, server: Served) -> Office:
    """The company as it was founded."""

    def only(model: str, field: str, value: str) -> int:
        (found,) = desk.ids(model, [field, "=", value])
        return found

    company_id = only("company.company", "party.name", COMPANY)
    accounts = desk.rows("account.account", ["code"], ["code", "!=", None], ["company", "=", company_id])
    return Office(
        server,
        desk,
        company_id,
        currency_id=only("currency.currency", "code", "NOK"),
        accounts={row["code"]: row["id"] for row in accounts},
        sales_tax=only("account.tax", "name", "VAT 25 sale"),
        purchase_tax=only("account.tax", "name", "VAT 25 purchase"),
        customer=only("party.party", "name", CUSTOMER),
        vendor=only("party.party", "name", VENDOR),
    )


def _found(url: str) -> None:
    """Found the company on a server that has none."""
    desk = Desk(url, DATABASE, "admin", PASSWORD)
    _without_reports(desk)
    currency_id = _currency(desk, "NOK", "1")
    _currency(desk, "EUR", "0.1")
    party = desk.make("party.party", name=COMPANY, addresses=[["create", [{}]]])
    company_id = desk.make("company.company", party=party, currency=currency_id, timezone="Europe/Oslo")
    desk.change("res.user", 1, companies=[["add", [company_id]]], company=company_id)
    desk.prefer()
    accounts = _chart(desk, company_id)
    _year(desk, company_id)
    statements = desk.ids("account.journal", ["type", "=", "statement"])[0]
    desk.make(
        "account.statement.journal",
        name="Bank",
        journal=statements,
        currency=currency_id,
        company=company_id,
        validation="balance",
        account=accounts[BANK],
    )
    for kind in ("sale", "purchase"):
        _tax(desk, company_id, accounts[TAX], kind)
    _party(desk, CUSTOMER, "post@nordlys.example")
    _party(desk, VENDOR, "")
    _business(_office(desk, Served(url, Path())))


def invoice(
    place: Office,
    kind: str,
    issued: str,
    amount: str,
    reference: str,
    *amounts: str,
    tax: int | None = None,
    currency: int | None = None,
    party: int | None = None,
    posted: bool = True,
) -> int:
    """An invoice with a line for each amount; kind: out or in."""
    party = party or (place.customer if kind == "out" else place.vendor)
    currency = currency or place.currency_id
    head = {"type": kind, "party": party, "company": place.company_id, "currency": currency}
    following = place.desk.call("model.account.invoice.on_change", head, ["type", "party"])
    line = {
        "type": "line",
        "company": place.company_id,
        "currency": currency,
        "quantity": decimal("1"),
        "account": place.accounts[SALES if kind == "out" else COSTS],
        "description": "Books",
        "taxes": [["add", [tax]]] if tax else [],
    }
    made = place.desk.make(
        "account.invoice",
        **head,
        **{name: following[name] for name in ("account", "invoice_address", "journal")},
        invoice_date=day(issued),
        payment_term_date=day(DUE),
        reference=reference,
        lines=[["create", [{**line, "unit_price": decimal(each)} for each in (amount, *amounts)]]],
    )
    if posted:
        place.desk.post("account.invoice", made)
    return made


def entry(place: Office, booked: str, debit: str, credit: str, amount: str, text: str) -> int:
    """A posted move of two lines."""
    period = place.desk.ids(
        "account.period",
        ["start_date", "<=", day(booked)],
        ["end_date", ">=", day(booked)],
        ["company", "=", place.company_id],
    )[0]
    lines = [
        {"account": place.accounts[debit], "debit": decimal(amount), "credit": decimal("0")},
        {"account": place.accounts[credit], "debit": decimal("0"), "credit": decimal(amount)},
    ]
    made = place.desk.make(
        "account.move",
        company=place.company_id,
        period=period,
        date=day(booked),
        description=text,
        journal=place.desk.ids("account.journal", ["type", "=", "general"])[0],
        lines=[["create", lines]],
    )
    place.desk.post("account.move", made)
    return made


def _without_reports(desk: Desk) -> None:
    """Tryton prints each invoice that it posts; an empty page is as good here, and there at once."""
    for report in desk.ids("ir.action.report", ["model", "=", "account.invoice"]):
        desk.change(
            "ir.action.report",
            report,
            report_content_custom={"__class__": "bytes", "base64": ""},
            template_extension="txt",
            extension="",
        )


def _currency(desk: Desk, code: str, rate: str) -> int:
    rates = [["create", [{"date": day("2020-01-01"), "rate": decimal(rate)}]]]
    kept: dict[str, Any] = {"name": code, "code": code, "symbol": code, "digits": 2, "rounding": decimal("0.01")}
    return desk.make("currency.currency", **kept, rates=rates)


def _chart(desk: Desk, company_id: int) -> dict[str, int]:
    """One account of each kind; the bank can be reconciled, as whoever has matches sent to Tryton sets it up."""
    kinds: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
        RECEIVABLE: ("balance", {"receivable": True, "assets": True}, {"party_required": True, "reconcile": True}),
        BANK: ("balance", {"assets": True}, {"reconcile": True}),
        CLEARING: ("balance", {"assets": True}, {}),
        PAYABLE: ("balance", {"payable": True, "debt": True}, {"party_required": True, "reconcile": True}),
        TAX: ("balance", {"debt": True}, {}),
        SALES: ("income", {"revenue": True}, {}),
        COSTS: ("income", {"expense": True}, {}),
    }
    accounts = {}
    for code, (statement, marks, rules) in kinds.items():
        kind = desk.make("account.account.type", name=code, statement=statement, company=company_id, **marks)
        accounts[code] = desk.make(
            "account.account", name=f"Account {code}", code=code, company=company_id, type=kind, **rules
        )
    desk.change(
        "account.configuration",
        1,
        default_account_receivable=accounts[RECEIVABLE],
        default_account_payable=accounts[PAYABLE],
        default_category_account_revenue=accounts[SALES],
        default_category_account_expense=accounts[COSTS],
    )
    return accounts


def _year(desk: Desk, company_id: int) -> None:
    moves, invoices = (
        desk.make(
            "ir.sequence.strict",
            name=name,
            company=company_id,
            sequence_type=desk.ids("ir.sequence.type", ["name", "=", name])[0],
        )
        for name in ("Account Move", "Invoice")
    )
    numbered = ("out_invoice_sequence", "in_invoice_sequence", "out_credit_note_sequence", "in_credit_note_sequence")
    sequences = {"company": company_id, **dict.fromkeys(numbered, invoices)}
    year = desk.make(
        "account.fiscalyear",
        name="2026",
        company=company_id,
        move_sequence=moves,
        start_date=day("2026-01-01"),
        end_date=day("2026-12-31"),
        invoice_sequences=[["create", [sequences]]],
    )
    desk.call("model.account.fiscalyear.create_period", [year])


def _tax(desk: Desk, company_id: int, account_id: int, kind: str) -> int:
    group = desk.make("account.tax.group", name=f"VAT on {kind}s", code=kind, kind=kind)
    return desk.make(
        "account.tax",
        name=f"VAT 25 {kind}",
        description=f"VAT 25 % {kind}",
        type="percentage",
        rate=decimal("0.25"),
        company=company_id,
        group=group,
        invoice_account=account_id,
        credit_note_account=account_id,
    )


def _party(desk: Desk, name: str, email: str) -> int:
    contacts = [["create", [{"type": "email", "value": email}]]] if email else []
    return desk.make("party.party", name=name, addresses=[["create", [{}]]], contact_mechanisms=contacts)


def _business(founded: Office) -> None:
    """An invoice each way and two entries, in two months, and something to sell."""
    unit = founded.desk.ids("product.uom", ["name", "=", "Unit"])[0]
    founded.desk.make(
        "product.template",
        name="Notebook",
        type="goods",
        default_uom=unit,
        products=[["create", [{}, {}]]],
    )
    invoice(founded, "out", "2026-08-03", "400.00", "")
    invoice(founded, "in", "2026-08-04", "120.00", "V-17")
    entry(founded, "2026-08-10", BANK, SALES, "75.50", "Cash sale")
    entry(founded, "2026-09-11", COSTS, BANK, "31.00", "Postage")

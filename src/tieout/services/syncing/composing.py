"""Bodies of pushes: our rows in the platform's ids and codes, put together when they are sent."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tieout.domain.accounts import Account
from tieout.domain.books import Invoice, InvoiceLine
from tieout.domain.connections import Connection, Counterparty, ObjectType, SyncedRecord, SyncStatus
from tieout.domain.match_records import MatchStatus
from tieout.domain.people import Entity
from tieout.domain.tax_mapping import Direction, LineTax, RateThere, TaxMapping, map_tax_rates
from tieout.kernel.currencies import exponent_of
from tieout.kernel.dates import day_text
from tieout.kernel.money import decimal_text
from tieout.services.instalments import instalments_of, nominal_minor_units
from tieout.services.people.settings import PAYMENTS_ACCOUNT, PRODUCTS_ACCOUNT, setting
from tieout.services.syncing.drafts import BY_HAND
from tieout.services.syncing.wanting import INVOICE_TYPES, PARTY_TYPES, record_of, records_of
from tieout.store.protocols import Order, Reading


class Composed(NamedTuple):
    """A body, or why there is none: nothing can be sent before somebody acts, or before something else was sent."""

    body: Mapping[str, Any] | None = None
    code: str = ""
    message: str = ""
    waits: bool = False


def composed(view: Reading, connection: Connection, record: SyncedRecord, draft: Mapping[str, Any]) -> Composed:
    """What is sent for a record; draft: what the change itself said of it."""
    if draft.get(BY_HAND):
        return Composed(code="by_hand", message=draft[BY_HAND])
    if (taken_back := _taken_back(view, record)) is not None:
        return taken_back
    match record.object_type:
        case ObjectType.RECEIVABLE | ObjectType.BILL:
            return _invoice(view, connection, record)
        case ObjectType.CUSTOMER | ObjectType.VENDOR:
            return _party(view, record)
        case ObjectType.PAYMENT_RECORD:
            return _payment(view, connection, draft)
        case ObjectType.MATCH:
            return _match(view, connection, draft)
    return Composed(code="not_sendable", message=f"a {record.object_type} is not sent to platforms")


def _taken_back(view: Reading, record: SyncedRecord) -> Composed | None:
    """Why an object is sent no more: it was cancelled or undone here, however its push came to wait."""
    match record.object_type:
        case ObjectType.RECEIVABLE | ObjectType.BILL:
            invoice = view.one(Invoice, entity_id=record.entity_id, id=record.own_id)
            if invoice is not None and invoice.status == "cancelled":
                return Composed(code="cancelled_here", message="the invoice was cancelled here before it was sent")
        case ObjectType.PAYMENT_RECORD | ObjectType.MATCH:
            stored = view.match(record.entity_id, record.own_id or 0)
            if stored is None or stored.status != MatchStatus.CONFIRMED:
                return Composed(code="undone_here", message="the match was undone here before it was sent")
    return None


def _party(view: Reading, record: SyncedRecord) -> Composed:
    party = view.one(Counterparty, entity_id=record.entity_id, id=record.own_id)
    assert party is not None, "customers and vendors are not removed"
    return Composed({"name": party.name, "tax_number": party.tax_number or None, "email": party.email or None})


def _invoice(view: Reading, connection: Connection, record: SyncedRecord) -> Composed:
    invoice = view.one(Invoice, entity_id=record.entity_id, id=record.own_id)
    assert invoice is not None, "invoices are not removed"
    party, there = None, None
    if invoice.counterparty_id is not None:
        party = view.one(Counterparty, entity_id=record.entity_id, id=invoice.counterparty_id)
        assert party is not None, "customers and vendors are not removed"
        there = record_of(view, connection, PARTY_TYPES[party.role], party.id)
        if (missing := _missing(there, f'{party.role} "{party.name}"')) is not None:
            return missing
    lines = view.all(InvoiceLine, order=(Order("number"),), entity_id=invoice.entity_id, invoice_id=invoice.id)
    lines = lines or [_only_line(invoice)]
    direction: Direction = "sales" if invoice.direction == "receivable" else "purchases"
    asked = [LineTax(each.number, each.vat_rate_id, each.tax_rate_value, each.tax_minor_units) for each in lines]
    mapped = map_tax_rates(asked, rates_there(view, connection), direction)
    if mapped.problems:
        return Composed(code="tax_not_mapped", message="; ".join(mapped.problems))
    body = {
        **_head(invoice, party),
        "counterparty": there.platform_object_id if there else None,
        "instalments": _instalments(view, invoice),
        "lines": _lines(view, connection, invoice, lines, mapped),
    }
    return Composed(body)


def _missing(there: SyncedRecord | None, what: str) -> Composed | None:
    """Why an object that another names cannot be named yet; None where it can."""
    if there is not None and there.platform_object_id:
        return None
    if there is not None and there.status in (SyncStatus.PENDING, SyncStatus.UNKNOWN):
        return Composed(message=f"{what} is on its way", waits=True)
    return Composed(code="not_there", message=f"the platform has not got {what}; push that first")


def _only_line(invoice: Invoice) -> InvoiceLine:
    """What an invoice without lines is for: its whole amount."""
    return InvoiceLine(
        entity_id=invoice.entity_id,
        invoice_id=invoice.id,
        number=1,
        description=invoice.number or invoice.counterparty,
        quantity="1",
        minor_units=invoice.minor_units - invoice.tax_minor_units,
        tax_minor_units=invoice.tax_minor_units,
        account_code="",
    )


def _head(invoice: Invoice, party: Counterparty | None) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "counterparty_name": invoice.counterparty,
        "counterparty_tax_number": (party.tax_number or None) if party else None,
        "currency": invoice.currency,
        "issue_date": day_text(invoice.issue_day),
        "total": _amount(invoice, invoice.minor_units),
        "tax": _amount(invoice, invoice.tax_minor_units),
    }


def _instalments(view: Reading, invoice: Invoice) -> list[dict[str, str]]:
    found = sorted(instalments_of(view, invoice), key=lambda now: (now.line.booking_day, now.line.id))
    return [
        {"due_date": day_text(now.line.booking_day), "amount": _amount(invoice, nominal_minor_units(now.line))}
        for now in found
    ]


def _lines(
    view: Reading, connection: Connection, invoice: Invoice, lines: list[InvoiceLine], mapped: TaxMapping
) -> list[dict[str, Any]]:
    default = chosen_account(view, connection, PRODUCTS_ACCOUNT)
    exponent = exponent_of(invoice.currency)
    return [
        {
            "description": each.description,
            "quantity": each.quantity,
            "price": None if each.price_minor_units is None else decimal_text(each.price_minor_units, exponent),
            "amount": _amount(invoice, each.minor_units),
            "tax_amount": _amount(invoice, each.tax_minor_units),
            "tax_rate": rate,
            "account": each.account_code or default,
        }
        for each, rate in zip(lines, mapped.platform_object_ids, strict=True)
    ]


def _amount(invoice: Invoice, minor_units: int) -> str:
    """Positive in both directions, as platforms have it; negative on credit notes."""
    sign = 1 if invoice.direction == "receivable" else -1
    return decimal_text(sign * minor_units, exponent_of(invoice.currency))


def rates_there(view: Reading, connection: Connection) -> list[RateThere]:
    """The tax rates that the platform has."""
    found = view.all(
        SyncedRecord,
        order=(Order("id"),),
        entity_id=connection.entity_id,
        connection_id=connection.id,
        object_type=str(ObjectType.TAX_RATE),
        status=str(SyncStatus.DONE),
        gone=False,
    )
    return [_rate(record, json.loads(record.content)) for record in found]


def _rate(record: SyncedRecord, content: Mapping[str, Any]) -> RateThere:
    return RateThere(
        public_id=record.public_id,
        platform_object_id=record.platform_object_id,
        name=content["name"],
        effective_tax_rate=content["effective_tax_rate"],
        direction=content["direction"],
        active=content["status"] == "active",
    )


def chosen_account(view: Reading, connection: Connection, name: str) -> str | None:
    """The code of the ledger account that an entity's setting chooses, as the platform has it; None without one."""
    entity = view.one(Entity, id=connection.entity_id)
    assert entity is not None, "a connection belongs to an entity"
    public_id = setting(view, entity.organisation_id, entity.id, name)
    record = view.one(SyncedRecord, entity_id=entity.id, public_id=public_id) if public_id else None
    if record is None or record.connection_id != connection.id or record.object_type != ObjectType.LEDGER_ACCOUNT:
        return None
    code = json.loads(record.content)["nominal_code"]
    return code if isinstance(code, str) else None


def _payment(view: Reading, connection: Connection, draft: Mapping[str, Any]) -> Composed:
    invoice = view.one(Invoice, entity_id=connection.entity_id, id=draft["invoice_id"])
    assert invoice is not None, "invoices are not removed"
    there = record_of(view, connection, INVOICE_TYPES[invoice.direction], invoice.id)
    if (missing := _missing(there, f'{invoice.direction} "{invoice.number}"')) is not None:
        return missing
    account = _bank_code(view, connection, draft["account_id"])
    if isinstance(account, Composed):
        return account
    kept = {name: draft[name] for name in ("date", "amount", "currency", "reference")}
    return Composed({**kept, "invoice": there.platform_object_id if there else None, "account": account})


def _match(view: Reading, connection: Connection, draft: Mapping[str, Any]) -> Composed:
    account = _bank_code(view, connection, draft["account_id"])
    if isinstance(account, Composed):
        return account
    entries = records_of(view, connection, ObjectType.JOURNAL_LINE, draft["lines"])
    if any(line_id not in entries or entries[line_id].gone for line_id in draft["lines"]):
        return Composed(code="not_there", message="the platform no longer has an entry of this match")
    kept = {name: draft[name] for name in ("date", "amount", "statement", "reference")}
    ledger = [entries[line_id].platform_object_id for line_id in draft["lines"]]
    return Composed({**kept, "bank_account": account, "ledger": ledger})


def _bank_code(view: Reading, connection: Connection, account_id: int) -> str | Composed:
    account = view.one(Account, entity_id=connection.entity_id, id=account_id)
    assert account is not None, "accounts are not removed"
    code = account.code or chosen_account(view, connection, PAYMENTS_ACCOUNT)
    if not code:
        told = f'account "{account.name}" has no code in the chart of accounts; give it the one that it has there'
        return Composed(code="account_without_code", message=told)
    return code

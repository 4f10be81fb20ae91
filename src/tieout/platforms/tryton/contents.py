"""Accounts, taxes, parties and products of Tryton in our words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.marks import is_mark, party_key_of
from tieout.platforms.tryton.values import Row, decimal_of, decimal_text

INSTANT_FIELDS = ("create_date", "write_date")
ACCOUNT_FIELDS = (
    *INSTANT_FIELDS,
    *("name", "code", "closed", "balance", "currency.code", "second_currency.code"),
    *("type.name", "type.statement", "type.assets", "type.debt", "type.receivable", "type.payable"),
    *("type.revenue", "type.expense"),
)
TAX_FIELDS = (
    *INSTANT_FIELDS,
    *("name", "description", "active", "type", "rate", "end_date", "group.kind"),
    *("childs.name", "childs.type", "childs.rate", "childs.update_unit_price"),
)
PARTY_FIELDS = (*INSTANT_FIELDS, "name", "email", "tax_identifier.code", "identifiers.code")
PRODUCT_FIELDS = (*INSTANT_FIELDS, "name")

_DIRECTIONS = {"sale": "sales", "purchase": "purchases"}


def account_content(books: Books, row: Row) -> Mapping[str, Any]:
    """A ledger account."""
    is_bank_account = row["id"] in books.bank_account_ids
    second = row["second_currency."]
    return {
        "name": row["name"],
        "type": "asset" if is_bank_account else _account_type(row["type."]),
        "subtype": row["type."]["name"],
        "status": "inactive" if row["closed"] else "active",
        "nominal_code": row["code"] or None,
        "currency": second["code"] if second else row["currency."]["code"],
        "current_balance": decimal_text(row["balance"]),
        "is_bank_account": is_bank_account,
    }


def _account_type(told: Row) -> str:
    """What an account is in the statements that Tryton makes; `balance` where its type tells no more than that."""
    if told["statement"] == "off-balance":
        return "off_balance"
    if told["statement"] == "income":
        return "income" if told["revenue"] else "expense"
    if told["receivable"] or told["assets"]:
        return "asset"
    return "liability" if told["payable"] or told["debt"] else "balance"


def tax_content(_: Books, row: Row) -> Mapping[str, Any]:
    """A tax with what it consists of; rates are whole hundredths of a percent, half up where it has more digits."""
    components = [_component(child) for child in row["childs."]] or [_component(row)]
    effective = _hundredths(sum((decimal_of(part["rate"]) for part in row["childs."]), decimal_of(row["rate"])))
    return {
        "code": row["name"],
        "name": row["description"] or row["name"],
        "status": "active" if row["active"] else "inactive",
        "direction": _DIRECTIONS.get((row["group."] or {}).get("kind") or "", "both"),
        "effective_tax_rate": effective,
        "total_tax_rate": effective,
        "components": components,
    }


def _component(row: Row) -> Mapping[str, Any]:
    return {
        "name": row["name"],
        "rate": _hundredths(decimal_of(row["rate"])),
        "is_compound": bool(row.get("update_unit_price")),
    }


def _hundredths(rate: Decimal) -> int:
    """0.25 is 2500; half a hundredth goes up, so 0.09975 is 998."""
    return int(rate * 10_000 + Decimal("0.5")) if rate >= 0 else -_hundredths(-rate)


def party_content(_: Books, row: Row) -> Mapping[str, Any]:
    """A customer or vendor; the first identifier where Tryton does not know that it is one of taxes."""
    codes = [each["code"] for each in row["identifiers."] if not is_mark(each["code"])]
    return {
        "name": row["name"] or "",
        "tax_number": (row["tax_identifier."] or {}).get("code") or next(iter(codes), None),
        "email": row["email"] or None,
    }


def party_key(object_type: str, row: Row) -> str:
    """Our key, where we made the party as this type of object."""
    keys = (party_key_of(object_type, each["code"]) for each in row["identifiers."])
    return next(filter(None, keys), "")


def product_content(_: Books, row: Row) -> Mapping[str, Any]:
    """Something that is sold or bought."""
    return {"name": row["name"] or ""}

"""Deposit accounts: our bank and provider accounts."""

from typing import Any, NamedTuple

from tieout.dialects.fintera.amounts import write_amount
from tieout.dialects.fintera.currencies import read_currency, write_currency
from tieout.dialects.fintera.fields import Given
from tieout.dialects.fintera.links import Addresses, link
from tieout.dialects.fintera.moments import write_day, write_moment
from tieout.dialects.fintera.refusals import SPELLED
from tieout.domain.accounts import Account
from tieout.domain.extra import extra_of
from tieout.domain.people import Face
from tieout.kernel.currencies import UnknownCurrency

# What a deposit account is that came in through another face: recorded bank accounts and cash boxes alike have 2.
TYPE_OTHERWISE = 2
_TEXTS = ("description", "logo_image_url")


class DepositAccountGiven(NamedTuple):
    """What a request says of a deposit account: columns of the core, and what only this vendor keeps."""

    columns: dict[str, Any]  # of Account: name, currency, starting_minor_units, archived
    kept: dict[str, Any]


def read_deposit_account(given: Given, currency: str) -> DepositAccountGiven:
    """The fields of a request; faults are left in `given`.

    currency: of the account, or of the entity where the account is new and names none.
    """
    columns: dict[str, Any] = {}
    if "name" in given:
        columns["name"] = (given.text("name") or "").strip()
    columns["currency"] = currency = _currency(given) or currency
    if "initial_balance" in given:
        columns["starting_minor_units"] = given.amount("initial_balance", currency) or 0
    if (archive := given.truth("archive")) is not None:
        columns["archived"] = archive
    kept: dict[str, Any] = {name: given.text(name) for name in _TEXTS if name in given}
    if (type_id := given.whole("deposit_account_type_id")) is not None:
        kept["deposit_account_type_id"] = type_id
    return DepositAccountGiven(columns, kept)


def _currency(given: Given) -> str | None:
    number = given.whole("currency_id")
    if number is None:
        return None
    try:
        return read_currency(number)
    except UnknownCurrency:
        given.fault("currency", SPELLED["unknown_currency"].message)
        return None


def write_deposit_account(
    account: Account, balance_minor_units: int, last_day: int | None, addresses: Addresses
) -> dict[str, Any]:
    """One deposit account with its balance by the bank's lines, in its own currency."""
    kept = extra_of(account.extra, Face.FINTERA)
    starting = account.starting_minor_units
    return {
        "id": account.id,
        "archived_at": None if account.archived_at is None else write_moment(account.archived_at),
        "bank_account_id": None,
        "created_at": write_moment(account.created_at),
        "currency_id": write_currency(account.currency),
        "deposit_account_type_id": kept.get("deposit_account_type_id", TYPE_OTHERWISE),
        "description": kept.get("description"),
        "entity_id": account.entity_id,
        "force_destroy": False,
        "imported_from_sync": False,
        "initial_balance": write_amount(starting, account.currency) if starting else None,
        "last_transaction_date": None if last_day is None else write_day(last_day),
        "name": account.name,
        "updated_at": write_moment(account.updated_at),
        "calculated_balance": write_amount(balance_minor_units, account.currency),
        "logo_image_url": kept.get("logo_image_url") or "logos/logo-money-account.png",
        "links": [link("self", addresses.deposit_account(account.id))],
    }

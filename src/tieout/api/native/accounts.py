"""Accounts: opened, changed, archived, and what they hold."""

from typing import Any, get_args

import msgspec

from tieout.api.native.calling import Answer, Call, Given, named
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.spelling import (
    Reader,
    amount_text,
    instant_text,
    maybe_day_text,
    maybe_instant_text,
)
from tieout.contracts.exact_json import Amount
from tieout.contracts.http_faults import RequestFault, bad_parameter
from tieout.domain.accounts import Account, AccountKind
from tieout.domain.kinds import Side
from tieout.services.accounts import (
    AccountRequest,
    account,
    accounts,
    balance,
    change_account,
    open_account,
    remove_account,
)
from tieout.services.context import Denied

Changed = msgspec.UnsetType
SIDES = get_args(Side)


class AccountBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to open; the starting balance is in its currency."""

    kind: str  # bank, provider, book
    name: str
    currency: str
    code: str = ""
    number: str = ""
    starting_date: str | None = None
    starting_balance: Amount | None = None


class AccountChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of an account shall change; what is not named stays."""

    name: str | Changed = msgspec.UNSET
    code: str | Changed = msgspec.UNSET
    number: str | Changed = msgspec.UNSET
    starting_date: str | Changed | None = msgspec.UNSET
    starting_balance: Amount | Changed = msgspec.UNSET
    reconcile_date: str | Changed | None = msgspec.UNSET
    archived: bool | Changed = msgspec.UNSET


class AccountAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An account."""

    id: int
    kind: str
    name: str
    currency: str
    code: str
    number: str
    starting_date: str | None
    starting_balance: str
    reconcile_date: str | None  # through which day it was last reconciled
    archived_at: str | None
    created_at: str
    updated_at: str


class AccountsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts by id."""

    accounts: list[AccountAnswer]


class BalanceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Starting balance and lines of one side."""

    account_id: int
    side: str
    as_of: str | None
    balance: str
    currency: str


def written_account(account: Account) -> AccountAnswer:
    """An account as the API shows it."""
    return AccountAnswer(
        id=account.id,
        kind=account.kind,
        name=account.name,
        currency=account.currency,
        code=account.code,
        number=account.number,
        starting_date=maybe_day_text(account.starting_day),
        starting_balance=amount_text(account.starting_minor_units, account.currency),
        reconcile_date=maybe_day_text(account.reconcile_day),
        archived_at=maybe_instant_text(account.archived_at),
        created_at=instant_text(account.created_at),
        updated_at=instant_text(account.updated_at),
    )


def _list(call: Call) -> Answer:
    kinds = call.asked.query.all("kind")
    if set(kinds) - set(AccountKind):
        raise RequestFault(bad_parameter("kind", f"this must be one of {', '.join(AccountKind)}", "not_allowed"))
    archived = call.asked.query.flag("archived", absent=False)
    found = accounts(call.context, call.principal, call.entity_id, kinds=kinds, archived=archived)
    return found if isinstance(found, Denied) else AccountsAnswer(accounts=[written_account(each) for each in found])


def _open(call: Call) -> Answer:
    body, reader = call.read(AccountBody), Reader()
    request = AccountRequest(
        kind=body.kind,
        name=body.name,
        currency=body.currency,
        code=body.code,
        number=body.number,
        starting_day=reader.maybe_day(body.starting_date, "starting_date"),
        starting_minor_units=reader.amount(body.starting_balance, body.currency, "starting_balance"),
    )
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    made = open_account(call.context, call.principal, call.entity_id, request)
    if isinstance(made, Denied):
        return made
    return Given(written_account(made), 201, {"location": f"{call.asked.path}/{made.id}"})


def _show(call: Call) -> Answer:
    found = account(call.context, call.principal, call.entity_id, call.number("account_id"))
    return found if isinstance(found, Denied) else written_account(found)


def _change(call: Call) -> Answer:
    body = call.read(AccountChanges)
    before = account(call.context, call.principal, call.entity_id, call.number("account_id"))
    if isinstance(before, Denied):
        return before
    reader = Reader()
    changes = _changes(body, before.currency, reader)
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    changed = change_account(call.context, call.principal, call.entity_id, before.id, changes)
    return changed if isinstance(changed, Denied) else written_account(changed)


def _changes(body: AccountChanges, currency: str, reader: Reader) -> dict[str, Any]:
    changes = named(body)
    for name, field in (("starting_day", "starting_date"), ("reconcile_day", "reconcile_date")):
        if field in changes:
            changes[name] = reader.maybe_day(changes.pop(field), field)
    if "starting_balance" in changes:
        balance_told = changes.pop("starting_balance")
        changes["starting_minor_units"] = reader.amount(balance_told, currency, "starting_balance")
    return changes


def _remove(call: Call) -> Answer:
    removed = remove_account(call.context, call.principal, call.entity_id, call.number("account_id"))
    return removed if isinstance(removed, Denied) else Given(None, 204)


def _balance(call: Call) -> Answer:
    side: Side = "ledger" if call.asked.query.choice("side", "statement", SIDES) == "ledger" else "statement"
    through = call.asked.query.day("as_of")
    found = account(call.context, call.principal, call.entity_id, call.number("account_id"))
    if isinstance(found, Denied):
        return found
    held = balance(call.context, call.principal, call.entity_id, found.id, side, through)
    if isinstance(held, Denied):
        return held
    return BalanceAnswer(
        account_id=found.id,
        side=side,
        as_of=maybe_day_text(through),
        balance=amount_text(held, found.currency),
        currency=found.currency,
    )


_ACCOUNTS = "/entities/{entity_id}/accounts"
_ACCOUNT = f"{_ACCOUNTS}/{{account_id}}"
_KIND = Parameter("kind", "bank, provider or book; may be repeated", {"type": "string", "enum": list(AccountKind)})
_ARCHIVED = Parameter("archived", "archived ones too", {"type": "boolean"})
_SIDE = Parameter("side", "which side's lines", {"type": "string", "enum": list(SIDES)})
_AS_OF = Parameter("as_of", "through which day", {"type": "string", "format": "date"})

OPERATIONS = (
    Operation("GET", _ACCOUNTS, "the accounts", _list, gives=AccountsAnswer, parameters=(_KIND, _ARCHIVED)),
    Operation("POST", _ACCOUNTS, "open an account", _open, AccountBody, AccountAnswer, 201),
    Operation("GET", _ACCOUNT, "one account", _show, gives=AccountAnswer),
    Operation("PATCH", _ACCOUNT, "change or archive an account", _change, AccountChanges, AccountAnswer),
    Operation("DELETE", _ACCOUNT, "remove an account without lines", _remove, status=204),
    Operation("GET", f"{_ACCOUNT}/balance", "what it holds", _balance, gives=BalanceAnswer, parameters=(_SIDE, _AS_OF)),
)

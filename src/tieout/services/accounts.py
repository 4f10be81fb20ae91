"""Accounts: opened, changed, archived, and what they hold at a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tieout.domain.accounts import Account, AccountKind, PeriodLock
from tieout.domain.lines import Document, Line, StoredStatement
from tieout.domain.people import Capability, Principal
from tieout.domain.reconciling import Reconciliation
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.account_balances import balance
from tieout.services.context import Context, Denied, denied
from tieout.services.days import is_day
from tieout.services.permitting import not_permitted
from tieout.services.texts import text_refusals
from tieout.store.protocols import Condition, Order, Reading, Scope, Writing

__all__ = (
    "CHANGEABLE",
    "AccountRequest",
    "account",
    "account_of_number",
    "accounts",
    "balance",
    "change_account",
    "new_account",
    "open_account",
    "plain_number",
    "remove_account",
)

CHANGEABLE = ("name", "code", "number", "starting_day", "starting_minor_units", "reconcile_day", "archived", "extra")
# What reconciliations start from: whoever may close may say it.
_NEEDS_CLOSE = frozenset({"starting_day", "starting_minor_units", "reconcile_day"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRequest:
    """An account to open; amounts in minor units of `currency`, days since 1970-01-01."""

    kind: str  # AccountKind
    name: str
    currency: str
    code: str = ""  # in the chart of accounts
    number: str = ""  # IBAN or local number
    starting_day: int | None = None
    starting_minor_units: int = 0
    extra: str = ""


def open_account(context: Context, principal: Principal, entity_id: int, request: AccountRequest) -> Account | Denied:
    """A new account. Needs PREPARE.

    Refused: required, not_allowed, unknown_currency, bad_date, amount_out_of_range, too_long, and exists (fact
    `account`) where an account that is not archived has this number and currency.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "open_account", now) as work:
        account = new_account(work, entity_id, request, now)
        if refusals := [*_refusals(account), *_number_taken(work, account)]:
            work.roll_back()
            return Denied(tuple(refusals))
        work.add(account)
        return account


def new_account(work: Writing, entity_id: int, request: AccountRequest, now: int) -> Account:
    """The account that a request asks for, with an id of its own, not yet added."""
    return Account(
        entity_id=entity_id,
        id=work.new_ids(Account)[0],
        kind=request.kind,
        name=request.name,
        code=request.code,
        number=request.number,
        currency=request.currency,
        starting_day=request.starting_day,
        starting_minor_units=request.starting_minor_units,
        reconcile_day=None,
        archived_at=None,
        extra=request.extra,
        created_at=now,
        updated_at=now,
    )


def change_account(
    context: Context, principal: Principal, entity_id: int, account_id: int, changes: Mapping[str, object]
) -> Account | Denied:
    """Change the fields named in CHANGEABLE; `archived` is True or False.

    Needs PREPARE, and CLOSE where the changes differ in what reconciliations start from: starting day and amount,
    reconcile day, which is also where the first reconciliation starts as long as there is none. Refused as
    open_account, and not_found, not_allowed for another field, changed_meanwhile.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if unknown := sorted(set(changes).difference(CHANGEABLE)):
        return Denied(tuple(Refusal("not_allowed", name) for name in unknown))
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "change_account", now) as work:
        before = work.one(Account, entity_id=entity_id, id=account_id)
        if before is None:
            return denied("not_found", "account")
        values = _column_values(before, changes, now)
        if "reconcile_day" in values and not work.count(Reconciliation, entity_id=entity_id, account_id=account_id):
            values["origin_day"] = values["reconcile_day"]
        differing = {name for name, value in values.items() if getattr(before, name) != value}
        if differing & _NEEDS_CLOSE and (refused := not_permitted(principal, Capability.CLOSE, entity_id)):
            return refused
        if not differing:
            return before
        account: Account = replace(before, **values, updated_at=now)
        if refusals := [*_refusals(account), *_number_taken(work, account)]:
            return Denied(tuple(refusals))
        if not work.change(before, **values, updated_at=now):
            return denied("changed_meanwhile", "account")
        return account


def _column_values(before: Account, changes: Mapping[str, object], now: int) -> dict[str, Any]:
    values = dict(changes)
    if "archived" in values:
        archived_at = before.archived_at or now
        values["archived_at"] = archived_at if values.pop("archived") else None
    return values


def remove_account(context: Context, principal: Principal, entity_id: int, account_id: int) -> Account | Denied:
    """Remove an account that never had anything in it; one that had can be archived. Needs PREPARE.

    Refused: not_found, account_in_use (fact `by`: what is in it).
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    with context.store.writing(Scope("entity", entity_id), principal.name, "remove_account", context.now()) as work:
        account = work.one(Account, entity_id=entity_id, id=account_id)
        if account is None:
            return denied("not_found", "account")
        for noun, what in _IN_ACCOUNTS:
            if work.count(noun, entity_id=entity_id, account_id=account_id):
                return denied("account_in_use", "account", by=what)
        lock = work.one(PeriodLock, entity_id=entity_id, account_id=account_id)
        if lock is not None:
            work.remove(lock)
        if not work.remove(account):
            return denied("changed_meanwhile", "account")
        return account


_IN_ACCOUNTS: tuple[tuple[type[Any], str], ...] = (
    (Line, "lines"),
    (StoredStatement, "statements"),
    (Document, "documents"),
    (Reconciliation, "reconciliations"),
)


def accounts(
    context: Context, principal: Principal, entity_id: int, *, kinds: Sequence[str] = (), archived: bool = False
) -> list[Account] | Denied:
    """The accounts of the entity by id; all kinds unless some are named; archived ones only when asked for too."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    conditions = [Condition("kind", "in", tuple(kinds))] if kinds else []
    if not archived:
        conditions.append(Condition("archived_at", "=", None))
    with context.store.reading() as view:
        return view.all(Account, *conditions, order=(Order("id"),), entity_id=entity_id)


def account(context: Context, principal: Principal, entity_id: int, account_id: int) -> Account | Denied:
    """One account, archived or not."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.one(Account, entity_id=entity_id, id=account_id) or denied("not_found", "account")


def _refusals(account: Account) -> list[Refusal]:
    found = text_refusals((name, getattr(account, name)) for name in ("name", "code", "number", "extra"))
    if not account.name.strip():
        found.append(Refusal("required", "name"))
    if account.kind not in tuple(AccountKind):
        found.append(Refusal("not_allowed", "kind"))
    if account.currency not in EXPONENTS:
        found.append(Refusal("unknown_currency", "currency"))
    for name in ("starting_day", "reconcile_day"):
        day = getattr(account, name)
        if day is not None and not is_day(day):
            found.append(Refusal("bad_date", name))
    if not -MINOR_UNITS_MAX <= account.starting_minor_units <= MINOR_UNITS_MAX:
        found.append(Refusal("amount_out_of_range", "starting_minor_units"))
    return found


def _number_taken(view: Reading, account: Account) -> list[Refusal]:
    if not account.number or account.archived_at is not None:
        return []
    taken = account_of_number(
        view.all(Account, entity_id=account.entity_id, currency=account.currency), account.number, account.currency
    )
    if taken is None or taken.id == account.id:
        return []
    return [Refusal("exists", "number", (("account", str(taken.id)),))]


def plain_number(number: str) -> str:
    """An account number as it is compared: without blanks, dots and hyphens, in capitals."""
    return "".join(mark for mark in number.upper() if mark not in " .-\t\u00a0")


def account_of_number(among: Sequence[Account], number: str, currency: str) -> Account | None:
    """The account with this number and currency, archived ones aside; of several the oldest. Empty finds none."""
    plain = plain_number(number)
    found = [
        each
        for each in among
        if plain and each.archived_at is None and each.currency == currency and plain_number(each.number) == plain
    ]
    return min(found, key=lambda each: each.id, default=None)

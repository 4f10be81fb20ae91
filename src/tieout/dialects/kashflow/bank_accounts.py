"""Bank accounts of a company as the vendor shows them: the account itself, its lock and its balance in the books."""

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.dialects.kashflow.amounts import on_the_wire
from tieout.dialects.kashflow.answers import refuse
from tieout.dialects.kashflow.entries import KINDS
from tieout.dialects.kashflow.serving import Here, named, require
from tieout.dialects.kashflow.shapes_accounts import AccountShown, PaymentType
from tieout.domain.accounts import Account, AccountKind, PeriodLock
from tieout.domain.extra import extra_of
from tieout.domain.people import Face
from tieout.services.accounts import account, accounts, balance
from tieout.services.lines import Condition, count_lines
from tieout.services.period_locks import EVERY_ACCOUNT, locks

# Fields that only the vendor's clients know, by attribute of the shape; payment types by their number.
KEPT = (
    "is_default",
    "paid_in_first",
    "on_dashboard",
    "note",
    "lock_overridden",
    "order",
    "period",
    "icon_id",
)
KEPT_PAYMENT_TYPES = ("invoice_payment_type", "purchase_payment_type")


def account_named(here: Here) -> Account:
    """The bank account in the path. Raises Refused (404): other kinds of accounts are none."""
    found = require(account(here.context, here.principal, here.company, named(here.asked, "account_id", "account")))
    return found if found.kind == AccountKind.BANK else refuse("not_found", "account")


def accounts_listed(here: Here, *, archived: bool) -> list[AccountShown]:
    """Every bank account of the company, by id."""
    found = require(accounts(here.context, here.principal, here.company, kinds=[AccountKind.BANK], archived=archived))
    return accounts_shown(here, found)


def accounts_shown(here: Here, of: Sequence[Account]) -> list[AccountShown]:
    """Accounts with what is computed of them."""
    default = default_account_id(here)
    kept = require(locks(here.context, here.principal, here.company))
    return [_shown(here, each, lock_shown(kept, each.id), is_default=each.id == default) for each in of]


def lock_of(here: Here, of: Account) -> tuple[int, bool]:
    """`lock_shown` of one account."""
    return lock_shown(require(locks(here.context, here.principal, here.company)), of.id)


def lock_shown(kept: Sequence[PeriodLock], account_id: int) -> tuple[int, bool]:
    """Day and state of an account's lock: the company's own counts too; day 0 where there never was one."""
    enabled = [each.through_day for each in kept if each.enabled and each.account_id in (EVERY_ACCOUNT, account_id)]
    own = [each.through_day for each in kept if each.account_id == account_id]
    return max(enabled or own, default=0), bool(enabled)


def default_account_id(here: Here) -> int:
    """The account that was made the default one; without any the oldest; 0 where there is no account."""
    found = require(accounts(here.context, here.principal, here.company, kinds=[AccountKind.BANK]))
    chosen = [each.id for each in found if extra_of(each.extra, Face.KASHFLOW).get("is_default")]
    return min(chosen or [each.id for each in found], default=0)


def book_entries_of(account_id: int) -> tuple[Condition, ...]:
    """The conditions on the lines that are transactions of an account."""
    return (
        Condition("account_id", "=", account_id),
        Condition("side", "=", "ledger"),
        Condition("kind", "in", KINDS),
    )


def balance_on_the_wire(here: Here, of: Account, through_day: int | None = None) -> int:
    """The balance in the books at the end of a day, in ten-thousandths."""
    held = require(balance(here.context, here.principal, here.company, of.id, "ledger", through_day))
    return on_the_wire(held, of.currency)


def _shown(here: Here, of: Account, lock: tuple[int, bool], *, is_default: bool) -> AccountShown:
    kept = extra_of(of.extra, Face.KASHFLOW)
    lines = require(count_lines(here.context, here.principal, here.company, *book_entries_of(of.id))).lines
    return AccountShown(
        id=of.id,
        name=of.name,
        code=of.code,
        lock_enabled=lock[1],
        lock_day=lock[0],
        reconcile_day=of.reconcile_day or 0,
        starting_day=of.starting_day or 0,
        starting_amount=on_the_wire(of.starting_minor_units, of.currency),
        is_archived=of.archived_at is not None,
        balance=balance_on_the_wire(here, of),
        is_empty=lines == 0,
        **_only_the_vendors(kept) | {"is_default": is_default},
    )


def _only_the_vendors(kept: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: kept[name] for name in KEPT if name in kept}
    return plain | {name: PaymentType(id=kept[name]) for name in KEPT_PAYMENT_TYPES if name in kept}

"""Bank accounts: listed, shown, made, edited and deleted."""

from tieout.dialects.kashflow.amounts import in_minor_units
from tieout.dialects.kashflow.answers import Answer, Refused, refuse
from tieout.dialects.kashflow.bank_accounts import (
    KEPT,
    KEPT_PAYMENT_TYPES,
    account_named,
    accounts_listed,
    accounts_shown,
    lock_of,
)
from tieout.dialects.kashflow.parameters import Parameters
from tieout.dialects.kashflow.serving import Here, body_as, require
from tieout.dialects.kashflow.shapes_accounts import (
    ACCOUNT,
    ACCOUNT_CHANGE,
    ACCOUNT_LISTED,
    ACCOUNT_PAGE,
    AccountChange,
    AccountPage,
)
from tieout.dialects.kashflow.wire import Repeated
from tieout.domain.accounts import Account, AccountKind
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.people import Face
from tieout.kernel.errors import Refusal
from tieout.services.accounts import AccountRequest, accounts, change_account, open_account, remove_account
from tieout.services.people.entities import entity
from tieout.services.period_locks import lock_period

# As the vendor pages accounts where nobody says how.
_PER_PAGE = 1_000
# Day and state of a lock that never was.
_UNLOCKED = (0, False)


def list_accounts(here: Here) -> Answer:
    """GET /bankaccounts: every account, as a bare array."""
    shown = accounts_listed(here, archived=Parameters(here.asked).flag("includearchivedaccounts") is True)
    members = tuple(ACCOUNT_LISTED.write(each) for each in shown)
    return Answer(200, Repeated(ACCOUNT.type_name, members), f"ArrayOf{ACCOUNT.type_name}")


def page_accounts(here: Here) -> Answer:
    """GET /bankaccounts/list: a page of them; `order` desc begins with the newest."""
    parameters = Parameters(here.asked, _PER_PAGE)
    shown = accounts_listed(here, archived=parameters.flag("includearchivedaccounts") is True)
    if parameters.text("order").lower() == "desc":
        shown.reverse()
    page = AccountPage(
        accounts=tuple(shown[parameters.offset : parameters.offset + parameters.per_page]),
        links=parameters.links(len(shown), sum(each.balance for each in shown)),
    )
    return Answer(200, ACCOUNT_PAGE.write(page), ACCOUNT_PAGE.type_name)


def show_account(here: Here) -> Answer:
    """GET /bankaccounts/{account_id}."""
    return _answer(here, account_named(here), 200)


def create_account(here: Here) -> Answer:
    """POST /bankaccounts: a new account in the company's currency."""
    given = body_as(here.asked, ACCOUNT_CHANGE)
    currency = require(entity(here.context, here.principal, here.company)).currency
    if given.name is None:
        refuse("required", "AccountName")
    _require_permitted(here, given, None, _UNLOCKED)
    request = AccountRequest(
        kind=AccountKind.BANK,
        name=given.name,
        currency=currency,
        code=given.code or "",
        starting_day=given.starting_day or None,
        starting_minor_units=_amount(given.starting_amount or 0, currency),
        extra=_extra("", given),
    )
    made = require(open_account(here.context, here.principal, here.company, request))
    after = {"reconcile_day": given.reconcile_day or None, "archived": bool(given.is_archived)}
    changed = require(change_account(here.context, here.principal, here.company, made.id, after))
    _lock(here, made.id, given, _UNLOCKED)
    _unmake_other_defaults(here, made.id, given)
    return _answer(here, changed, 201)


def edit_account(here: Here) -> Answer:
    """PUT /bankaccounts/{account_id}: what the body names; the rest stays."""
    before = account_named(here)
    given = body_as(here.asked, ACCOUNT_CHANGE)
    if given == AccountChange(id=given.id):
        refuse("nothing_given", "AccountName and the other fields")
    if given.id not in (None, before.id):
        refuse("not_allowed", "Id")
    lock = lock_of(here, before)
    _require_permitted(here, given, before, lock)
    changed = require(change_account(here.context, here.principal, here.company, before.id, _changes(given, before)))
    _lock(here, before.id, given, lock)
    _unmake_other_defaults(here, before.id, given)
    return _answer(here, changed, 200)


def delete_account(here: Here) -> Answer:
    """DELETE /bankaccounts/{account_id}: only one that nothing was ever entered in."""
    found = account_named(here)
    require(remove_account(here.context, here.principal, here.company, found.id))
    return Answer(204)


def _answer(here: Here, of: Account, status: int) -> Answer:
    (shown,) = accounts_shown(here, [of])
    return Answer(status, ACCOUNT.write(shown), ACCOUNT.type_name)


def _changes(given: AccountChange, before: Account) -> dict[str, object]:
    changes: dict[str, object] = {"extra": _extra(before.extra, given)}
    if given.name is not None:
        changes["name"] = given.name
    if given.code is not None:
        changes["code"] = given.code
    if given.is_archived is not None:
        changes["archived"] = given.is_archived
    # The vendor's day 0, 1970-01-01, stands for a day that is not set.
    if given.starting_day is not None:
        changes["starting_day"] = given.starting_day or None
    if given.reconcile_day is not None:
        changes["reconcile_day"] = given.reconcile_day or None
    if given.starting_amount is not None:
        changes["starting_minor_units"] = _amount(given.starting_amount, before.currency)
    return changes


def _amount(ten_thousandths: int, currency: str) -> int:
    found = in_minor_units(ten_thousandths, currency)
    return refuse(found, "StartingAmount") if isinstance(found, str) else found


def _extra(before: str, given: AccountChange) -> str:
    """What only the vendor's clients know, put over what was kept of it."""
    fields = {name: getattr(given, name) for name in KEPT if getattr(given, name) is not None}
    for name in KEPT_PAYMENT_TYPES:
        if (chosen := getattr(given, name)) is not None:
            fields[name] = chosen.id
    return with_extra(before, Face.KASHFLOW, fields) if fields else before


def _require_permitted(here: Here, given: AccountChange, before: Account | None, lock: tuple[int, bool]) -> None:
    """Pass where a lock or a day reconciled through is not touched, or may be: nothing is changed in halves."""
    touched = []
    if given.reconcile_day is not None and given.reconcile_day != ((before and before.reconcile_day) or 0):
        touched.append(Refusal("not_permitted", "ReconcileDate"))
    if _wanted_lock(given, lock) is not None:
        touched.append(Refusal("not_permitted", "TransactionLockDate"))
    if touched and not here.full_access:
        raise Refused(touched)


def _wanted_lock(given: AccountChange, lock: tuple[int, bool]) -> tuple[int, bool] | None:
    """Day and state of the lock that is asked for; None where it stays as it is shown."""
    wanted = (
        lock[0] if given.lock_day is None else given.lock_day,
        lock[1] if given.lock_enabled is None else given.lock_enabled,
    )
    return None if wanted == lock else wanted


def _lock(here: Here, account_id: int, given: AccountChange, lock: tuple[int, bool]) -> None:
    if (wanted := _wanted_lock(given, lock)) is not None:
        day, enabled = wanted
        require(lock_period(here.context, here.principal, here.company, account_id, day, enabled=enabled))


def _unmake_other_defaults(here: Here, account_id: int, given: AccountChange) -> None:
    """One account is the default one: who was before is not any more."""
    if not given.is_default:
        return
    for other in require(accounts(here.context, here.principal, here.company, kinds=[AccountKind.BANK], archived=True)):
        if other.id != account_id and extra_of(other.extra, Face.KASHFLOW).get("is_default"):
            extra = with_extra(other.extra, Face.KASHFLOW, {"is_default": False})
            require(change_account(here.context, here.principal, here.company, other.id, {"extra": extra}))

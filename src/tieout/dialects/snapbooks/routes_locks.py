"""Period locks: up to which day nothing changes, the same fact that every other face reads."""

import msgspec
from starlette.responses import Response

from tieout.dialects.snapbooks.answers import gone, listed, page_of, shown
from tieout.dialects.snapbooks.calling import Here, Refused, refuse, require
from tieout.dialects.snapbooks.values import day_of, instant_text
from tieout.domain.accounts import PeriodLock
from tieout.kernel.dates import day_text
from tieout.services.owning import entity_of_account
from tieout.services.period_locks import EVERY_ACCOUNT, lock_period, locks

PER_PAGE = 100


class PeriodLockBody(msgspec.Struct, frozen=True):
    """A lock as it is set: of the whole client account, or of one account in it."""

    client_account_id: int
    locked_to: str
    general_ledger_account_id: int | None = None


def list_locks(here: Here) -> Response:
    """The locks of a client account that are on."""
    account = here.asked_client_account()
    page = page_of(here.asked.query, PER_PAGE)
    found = [lock for lock in require(locks(here.context, here.principal, account.id)) if lock.enabled]
    some = found[page.offset : page.offset + page.size]
    return listed([write_lock(lock) for lock in some], page, len(found))


def set_lock(here: Here) -> Response:
    """Lock, or move a lock that there is."""
    body = here.body(PeriodLockBody)
    account = here.client_account(body.client_account_id)
    day, refusals = day_of(body.locked_to, "locked_to")
    if refusals:
        raise Refused(*refusals)
    of_account = EVERY_ACCOUNT if body.general_ledger_account_id is None else body.general_ledger_account_id
    lock = require(lock_period(here.context, here.principal, account.id, of_account, day, enabled=True))
    return shown(write_lock(lock), 201)


def delete_lock(here: Here) -> Response:
    """Switch a lock off."""
    number = here.named("period_lock")
    lock = _lock(here, number)
    if lock is None:
        refuse("not_found", "period_lock")
    require(lock_period(here.context, here.principal, lock.entity_id, lock.account_id, lock.through_day, enabled=False))
    return gone()


def lock_id(lock: PeriodLock) -> int:
    """The vendor's id of a lock: even for that of an account, odd for that of a whole client account."""
    return lock.entity_id * 2 + 1 if lock.account_id == EVERY_ACCOUNT else lock.account_id * 2


def _lock(here: Here, number: int) -> PeriodLock | None:
    of, is_whole = divmod(number, 2)
    entity_id = of if is_whole else entity_of_account(here.context, here.principal, of)
    if entity_id is None or not here.principal.sees(entity_id):
        return None
    found = require(locks(here.context, here.principal, entity_id))
    return next((lock for lock in found if lock.enabled and lock_id(lock) == number), None)


def write_lock(lock: PeriodLock) -> dict[str, object]:
    """A period lock."""
    return {
        "id": lock_id(lock),
        "client_account_id": lock.entity_id,
        "general_ledger_account_id": lock.account_id or None,
        "locked_to": day_text(lock.through_day),
        "updated_at": instant_text(lock.changed_at),
    }

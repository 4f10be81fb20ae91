"""Up to which day nothing changes: period locks, and what completed reconciliations close."""

from dataclasses import dataclass

from tieout.domain.accounts import Account, PeriodLock
from tieout.domain.people import Capability, Principal
from tieout.domain.reconciling import Reconciliation
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.days import is_day
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Condition, Order, Reading, Scope

# The account of a lock that holds for every account of the entity.
EVERY_ACCOUNT = 0


@dataclass(frozen=True, slots=True)
class LockedDays:
    """The enabled locks of an entity at one moment: by account the last locked day; 0 is every account."""

    through: dict[int, int]

    def of(self, account_id: int) -> int | None:
        """The later of the account's and the entity's last locked day; None where nothing is locked."""
        days = [self.through[each] for each in (EVERY_ACCOUNT, account_id) if each in self.through]
        return max(days, default=None)

    def refusals(self, account_id: int, day: int, concerns: str) -> list[Refusal]:
        """`period_locked` where the day of the account is locked, with the last locked day as fact."""
        through = self.of(account_id)
        if through is None or day > through:
            return []
        return [Refusal("period_locked", concerns, (("through", day_text(through)),))]


def locked_days(view: Reading, entity_id: int) -> LockedDays:
    """Every enabled lock of the entity."""
    locks = view.all(PeriodLock, entity_id=entity_id, enabled=True)
    return LockedDays({lock.account_id: lock.through_day for lock in locks})


def locked_through(view: Reading, entity_id: int, account_id: int) -> int | None:
    """The last locked day of an account: the later of its own and the entity's enabled lock; None without one."""
    return locked_days(view, entity_id).of(account_id)


def closed_through(view: Reading, entity_id: int, account_id: int) -> int | None:
    """The end day of the account's last completed reconciliation; None where none is complete."""
    last = view.all(
        Reconciliation, order=(Order("end_day", descending=True),), limit=1,
        entity_id=entity_id, account_id=account_id, done=True,
    )  # fmt: skip
    return last[0].end_day if last else None


def lock_period(
    context: Context, principal: Principal, entity_id: int, account_id: int, through_day: int, enabled: bool
) -> PeriodLock | Denied:
    """Lock an account (0: every account) up to and including a day, move its lock, or switch it off.

    Needs CLOSE. Refused: not_found, bad_date, changed_meanwhile.
    """
    if refused := not_permitted(principal, Capability.CLOSE, entity_id):
        return refused
    if not is_day(through_day):
        return denied("bad_date", "through_day")
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "lock_period", now) as work:
        if account_id != EVERY_ACCOUNT and work.one(Account, entity_id=entity_id, id=account_id) is None:
            return denied("not_found", "account")
        lock = PeriodLock(
            entity_id=entity_id, account_id=account_id, through_day=through_day, enabled=enabled, changed_at=now
        )
        before = work.one(PeriodLock, entity_id=entity_id, account_id=account_id)
        if before is None:
            work.add(lock)
        elif not work.change(before, through_day=through_day, enabled=enabled, changed_at=now):
            return denied("changed_meanwhile", "period_lock")
        return lock


def locks(context: Context, principal: Principal, entity_id: int) -> list[PeriodLock] | Denied:
    """Every lock of the entity, those switched off included, by account."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.all(PeriodLock, Condition("entity_id", "=", entity_id), order=(Order("account_id"),))

"""What people decide around the lines: period locks, and differences that somebody must explain."""

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import Reader, amount_text, day_written, instant_text, maybe_instant_text
from tieout.contracts.exact_json import Amount
from tieout.domain.accounts import PeriodLock
from tieout.domain.books import Difference
from tieout.services.context import Denied
from tieout.services.differences import (
    DifferenceRequest,
    difference,
    differences,
    raise_difference,
    resolve_difference,
)
from tieout.services.lines import Condition
from tieout.services.period_locks import lock_period, locks


class LockBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Through which day nothing changes in an account, 0 for every account."""

    through_date: str
    account_id: int = 0
    enabled: bool = True


class LockAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A period lock; account 0 is every account."""

    account_id: int
    through_date: str
    enabled: bool
    changed_at: str


class LocksAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The period locks of the entity, those switched off included."""

    period_locks: list[LockAnswer]


class DifferenceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A residual or an outstanding line that somebody must explain."""

    subject: str  # match:12, line:9, reconciliation:4
    amount: Amount
    currency: str
    reason: str
    owner: str = ""


class ResolutionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the difference came about, or that it is written off."""

    resolution: str
    write_off: bool = False


class DifferenceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A difference."""

    id: int
    subject: str
    amount: str
    currency: str
    reason: str
    owner: str
    state: str
    resolution: str
    created_at: str
    created_by: str
    resolved_at: str | None
    resolved_by: str


class DifferencesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of differences; `next` is the cursor of the page behind it."""

    differences: list[DifferenceAnswer]
    next: str | None


def _list_locks(call: Call) -> Answer:
    found = locks(call.context, call.principal, call.entity_id)
    return found if isinstance(found, Denied) else LocksAnswer(period_locks=[_lock(each) for each in found])


def _lock_period(call: Call) -> Answer:
    body, reader = call.read(LockBody), Reader()
    through = reader.day(body.through_date, "through_date")
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    kept = lock_period(call.context, call.principal, call.entity_id, body.account_id, through, enabled=body.enabled)
    return kept if isinstance(kept, Denied) else _lock(kept)


def _lock(lock: PeriodLock) -> LockAnswer:
    return LockAnswer(
        account_id=lock.account_id,
        through_date=day_written(lock.through_day),
        enabled=lock.enabled,
        changed_at=instant_text(lock.changed_at),
    )


def _list(call: Call) -> Answer:
    state = call.asked.query.choice("state", None, ("open", "resolved"))
    conditions = [Condition("id", ">", after_of(call)), *([Condition("state", "=", state)] if state else [])]
    found = differences(call.context, call.principal, call.entity_id, *conditions, limit=limit_of(call))
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.id)
    return DifferencesAnswer(differences=[_written(each) for each in found], next=cursor)


def _raise(call: Call) -> Answer:
    body, reader = call.read(DifferenceBody), Reader()
    minor_units = reader.amount(body.amount, body.currency, "amount")
    if reader.refusals:
        return Denied(tuple(reader.refusals))
    request = DifferenceRequest(
        subject=body.subject,
        minor_units=minor_units,
        currency=body.currency,
        reason=body.reason,
        owner=body.owner,
    )
    made = raise_difference(call.context, call.principal, call.entity_id, request)
    if isinstance(made, Denied):
        return made
    return Given(_written(made), 201, {"location": f"{call.asked.path}/{made.id}"})


def _show(call: Call) -> Answer:
    found = difference(call.context, call.principal, call.entity_id, call.number("difference_id"))
    return found if isinstance(found, Denied) else _written(found)


def _resolve(call: Call) -> Answer:
    body, wanted = call.read(ResolutionBody), call.number("difference_id")
    resolved = resolve_difference(
        call.context, call.principal, call.entity_id, wanted, body.resolution, write_off=body.write_off
    )
    return resolved if isinstance(resolved, Denied) else _written(resolved)


def _written(kept: Difference) -> DifferenceAnswer:
    return DifferenceAnswer(
        id=kept.id,
        subject=kept.subject,
        amount=amount_text(kept.minor_units, kept.currency),
        currency=kept.currency,
        reason=kept.reason,
        owner=kept.owner,
        state=kept.state,
        resolution=kept.resolution,
        created_at=instant_text(kept.created_at),
        created_by=kept.created_by,
        resolved_at=maybe_instant_text(kept.resolved_at),
        resolved_by=kept.resolved_by,
    )


_LOCKS = "/entities/{entity_id}/period-locks"
_DIFFERENCES = "/entities/{entity_id}/differences"
_DIFFERENCE = f"{_DIFFERENCES}/{{difference_id}}"
_STATE = Parameter("state", "open or resolved ones", {"type": "string", "enum": ["open", "resolved"]})

OPERATIONS = (
    Operation("GET", _LOCKS, "the period locks", _list_locks, gives=LocksAnswer),
    Operation("PUT", _LOCKS, "lock a period, move its lock or switch it off", _lock_period, LockBody, LockAnswer),
    Operation(
        "GET", _DIFFERENCES, "differences by identifier", _list, gives=DifferencesAnswer, parameters=(_STATE, *PAGING)
    ),
    Operation("POST", _DIFFERENCES, "raise a difference", _raise, DifferenceBody, DifferenceAnswer, 201),
    Operation("GET", _DIFFERENCE, "one difference", _show, gives=DifferenceAnswer),
    Operation("POST", f"{_DIFFERENCE}/resolve", "explain it", _resolve, ResolutionBody, DifferenceAnswer),
)

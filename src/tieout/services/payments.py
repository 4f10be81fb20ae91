"""Open items that somebody says are paid, before any bank line shows it, and taking that back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tieout.domain.extra import with_extra
from tieout.domain.kinds import OPEN_ITEM_KINDS
from tieout.domain.lines import Line
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.context import Context, Denied, denied
from tieout.services.days import is_day
from tieout.services.instalments import nominal_minor_units, with_nominal
from tieout.services.line_changes import holds_of
from tieout.services.line_requests import LineRequest
from tieout.services.line_versions import next_version
from tieout.services.period_locks import locked_days
from tieout.services.permitting import not_permitted
from tieout.store.protocols import LineNow, Reading, Scope, Writing


def pay_instalment(
    context: Context,
    principal: Principal,
    entity_id: int,
    line_id: int,
    paid_day: int,
    minor_units: int,
    *,
    told: Mapping[str, Any] | None = None,
) -> Line | Denied:
    """Say that an open item was paid on a day: its amount becomes the cash, signed as the line; it stays open.

    told: what the principal's face alone keeps of the payment. What the item asked for before is kept and comes back
    with undo_payment. Needs PREPARE. Refused: not_found, already_paid,
    line_frozen (fact `match`), period_locked, bad_date, amount_zero, amount_out_of_range, and direction_differs where
    the cash goes the other way.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "pay_instalment", now) as work:
        found = _open_item(work, entity_id, line_id)
        if found is None:
            return denied("not_found", "line")
        line = found.line
        refusals = cash_refusals(line, minor_units)
        if line.paid_day is not None:
            refusals.append(Refusal("already_paid", "line", (("line", str(line.id)),)))
        refusals += _held(work, found) + day_refusals(work, entity_id, line, paid_day)
        if refusals:
            return Denied(tuple(refusals))
        extra = with_extra(line.extra, principal.face, told) if told else line.extra
        paid = paid_version(replace(line, extra=extra), paid_day, minor_units, now, by)
        work.add(paid)
        return paid


def paid_version(line: Line, paid_day: int, minor_units: int, now: int, by: str) -> Line:
    """The next version of an unpaid open item: paid on a day with so much cash, what it asked for kept beside it."""
    values: dict[str, Any] = {"paid_day": paid_day, "minor_units": minor_units, "extra": with_nominal(line)}
    return next_version(line, now, by, **values)


def undo_payment(context: Context, principal: Principal, entity_id: int, line_id: int) -> Line | Denied:
    """Take back that an open item was paid: it asks again for what it asked for before. Needs PREPARE.

    Refused: not_found, unpaid, line_frozen (fact `match`), period_locked.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "undo_payment", now) as work:
        found = _open_item(work, entity_id, line_id)
        if found is None:
            return denied("not_found", "line")
        line = found.line
        refusals = _held(work, found)
        if line.paid_day is None:
            refusals.append(Refusal("unpaid", "line", (("line", str(line.id)),)))
        else:
            refusals += day_refusals(work, entity_id, line, line.paid_day)
        if refusals:
            return Denied(tuple(refusals))
        unpaid = next_version(line, now, by, paid_day=None, minor_units=nominal_minor_units(line))
        work.add(unpaid)
        return unpaid


def _open_item(work: Writing, entity_id: int, line_id: int) -> LineNow | None:
    found = work.line(entity_id, line_id)
    if found is None or found.line.side != "ledger" or found.line.kind not in OPEN_ITEM_KINDS:
        return None
    return found


def _held(work: Writing, found: LineNow) -> list[Refusal]:
    holds = holds_of(work, found.line.entity_id, [found])
    return [Refusal("line_frozen", "line", holds.facts(found.line))] if holds.matches else []


def cash_refusals(line: Line | LineRequest, minor_units: int) -> list[Refusal]:
    """Why this much cash cannot pay an open item."""
    if minor_units == 0:
        return [Refusal("amount_zero", "minor_units")]
    if not -MINOR_UNITS_MAX <= minor_units <= MINOR_UNITS_MAX:
        return [Refusal("amount_out_of_range", "minor_units")]
    if line.minor_units and (line.minor_units < 0) != (minor_units < 0):
        return [Refusal("direction_differs", "minor_units")]
    return []


def day_refusals(view: Reading, entity_id: int, line: Line | LineRequest, paid_day: int) -> list[Refusal]:
    """Why an open item cannot be paid, or stop being paid, on a day."""
    if not is_day(paid_day):
        return [Refusal("bad_date", "paid_day")]
    return locked_days(view, entity_id).refusals(line.account_id, paid_day, "paid_day")

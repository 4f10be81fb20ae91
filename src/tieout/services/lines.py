"""Lines of both sides: entered, edited, deleted, restored and found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tieout.domain.lines import Line, Origin
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.instalments import follow
from tieout.services.line_changes import (
    EDITABLE,
    Holds,
    delete_refusals,
    edit_refusals,
    holds_of,
    is_part_of_entry,
    with_other_sides,
)
from tieout.services.line_columns import BulkAnswer, LineColumns, enter_line_columns
from tieout.services.line_requests import LINES_MAX, REFUSALS_SHOWN_MAX, Ground, LineRequest, ground_of, line_refusals
from tieout.services.line_versions import first_version, latest_version, next_version
from tieout.services.permitting import not_permitted
from tieout.services.transfers import enter_transfer
from tieout.store.protocols import Condition, LineNow, LineTotals, Order, Scope, Writing

__all__ = (
    "EDITABLE",
    "BulkAnswer",
    "Condition",
    "Deleted",
    "LineColumns",
    "LineNow",
    "LineRequest",
    "LineTotals",
    "Order",
    "count_lines",
    "delete_lines",
    "edit_line",
    "enter_line_columns",
    "enter_lines",
    "enter_transfer",
    "find_lines",
    "line",
    "restore_line",
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """Which lines went, ascending, and why others stayed: `concerns` is the place in the call, fact `line` the id."""

    deleted: tuple[int, ...]
    refused: tuple[Refusal, ...] = ()


def enter_lines(
    context: Context,
    principal: Principal,
    entity_id: int,
    requests: Sequence[LineRequest],
    origin: Origin = Origin.ENTERED,
) -> list[Line] | Denied:
    """New lines, all or none, in the order given. Needs PREPARE.

    Refused with `concerns` such as "lines[3].currency": required, not_allowed, not_found, unknown_currency,
    currency_differs, amount_out_of_range, bad_date, too_long, account_archived, period_locked, and too_many.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if len(requests) > LINES_MAX:
        return denied("too_many", "lines", most=str(LINES_MAX))
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "enter_lines", now) as work:
        ground = ground_of(work, entity_id)
        refusals = [
            refusal
            for place, request in enumerate(requests)
            for refusal in line_refusals(request, ground, f"lines[{place}].")
        ]
        if refusals:
            return Denied(tuple(refusals[:REFUSALS_SHOWN_MAX]), len(refusals))
        return add_lines(work, entity_id, requests, origin, now, by)


def add_lines(
    work: Writing, entity_id: int, requests: Sequence[LineRequest], origin: Origin, now: int, by: str
) -> list[Line]:
    """Add lines that broke no rule, inside a transaction."""
    if not requests:
        return []
    ids = work.new_ids(Line, len(requests))
    lines = [
        first_version(request, entity_id=entity_id, line_id=line_id, origin=origin, now=now, by=by)
        for line_id, request in zip(ids, requests, strict=True)
    ]
    work.add(*lines)
    return lines


def edit_line(
    context: Context, principal: Principal, entity_id: int, line_id: int, changes: Mapping[str, object]
) -> Line | Denied:
    """A new version of a line with the fields of EDITABLE that are named; as it was where nothing differs.

    The other side of an own transfer follows in amount and day, an invoice its instalment. Needs PREPARE. Refused:
    not_found, not_allowed for another field, line_not_entered, line_frozen (fact `match`), period_locked for the old
    and the new day, part_of_entry, already_paid, instalments_differ, and as enter_lines.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if unknown := sorted(set(changes).difference(EDITABLE)):
        return Denied(tuple(Refusal("not_allowed", name) for name in unknown))
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "edit_line", now) as work:
        found = work.line(entity_id, line_id)
        if found is None:
            return denied("not_found", "line")
        before = found.line
        values: dict[str, Any] = dict(changes)
        if replace(before, **values) == before:
            return before
        moved = [(before, next_version(before, now, by, **values))]
        moved += _mirrored(work, found, moved[0][1], now, by)
        refusals = _edit_refusals(work, entity_id, moved)
        if refusals:
            return Denied(tuple(refusals))
        work.add(*(after for _, after in moved))
        follow(work, (after for _, after in moved), now)
        return moved[0][1]


def _mirrored(work: Writing, found: LineNow, after: Line, now: int, by: str) -> list[tuple[Line, Line]]:
    """The other side of an own transfer as it was and as it follows; nothing where it need not."""
    pairs = []
    for other in with_other_sides(work, after.entity_id, [found])[1:]:
        moved = replace(other.line, minor_units=-after.minor_units, booking_day=after.booking_day)
        if moved != other.line:
            values = {"minor_units": moved.minor_units, "booking_day": moved.booking_day}
            pairs.append((other.line, next_version(other.line, now, by, **values)))
    return pairs


def _edit_refusals(work: Writing, entity_id: int, moved: Sequence[tuple[Line, Line]]) -> list[Refusal]:
    ground = ground_of(work, entity_id)
    lines = work.lines(entity_id, Condition("id", "in", [before.id for before, _ in moved]))
    holds = holds_of(work, entity_id, lines)
    found: list[Refusal] = []
    for before, after in moved:
        found += [each for each in edit_refusals(work, ground, before, after, holds) if each not in found]
    return found


def delete_lines(
    context: Context, principal: Principal, entity_id: int, line_ids: Sequence[int], *, partial: bool = False
) -> Deleted | Denied:
    """Delete lines: each gets a last version that says so, and can be restored. Needs PREPARE.

    The other side of an own transfer goes with it. partial: True lets those go that may, and says why the others
    stay; False deletes all or none. Refused: not_found, line_twice, line_not_entered, line_frozen (fact `match`),
    period_locked, part_of_entry, too_many.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if len(line_ids) > LINES_MAX:
        return denied("too_many", "lines", most=str(LINES_MAX))
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "delete_lines", now) as work:
        found = with_other_sides(work, entity_id, work.lines(entity_id, Condition("id", "in", list(line_ids))))
        places = {line_id: place for place, line_id in reversed(list(enumerate(line_ids)))}
        refused_lines = _not_deletable(ground_of(work, entity_id), holds_of(work, entity_id, found), found, places)
        refusals = [*_unknown_or_twice(line_ids, found), *(each for some in refused_lines.values() for each in some)]
        if refusals and not partial:
            return Denied(tuple(refusals[:REFUSALS_SHOWN_MAX]), len(refusals))
        going = [now_line.line for now_line in found if _key(now_line.line) not in refused_lines]
        work.add(*(next_version(line, now, by, deleted=True) for line in going))
        follow(work, going, now)
        return Deleted(tuple(sorted(line.id for line in going)), tuple(refusals))


def _key(line: Line) -> int:
    """What goes or stays together: both sides of an own transfer, otherwise one line."""
    return line.id if line.transfer_id is None else -line.transfer_id


def _not_deletable(
    ground: Ground, holds: Holds, found: Sequence[LineNow], places: Mapping[int, int]
) -> dict[int, list[Refusal]]:
    given = {_key(now.line): places[now.line.id] for now in reversed(found) if now.line.id in places}
    refused: dict[int, list[Refusal]] = {}
    for now in found:
        refusals = delete_refusals(now.line, ground, holds, f"lines[{given[_key(now.line)]}]")
        if refusals:
            refused.setdefault(_key(now.line), []).extend(refusals)
    return refused


def _unknown_or_twice(line_ids: Sequence[int], found: Sequence[LineNow]) -> list[Refusal]:
    known = {now.line.id for now in found}
    seen: set[int] = set()
    refusals = []
    for place, line_id in enumerate(line_ids):
        facts = (("line", str(line_id)),)
        if line_id in seen:
            refusals.append(Refusal("line_twice", f"lines[{place}]", facts))
        elif line_id not in known:
            refusals.append(Refusal("not_found", f"lines[{place}]", facts))
        seen.add(line_id)
    return refusals


def restore_line(context: Context, principal: Principal, entity_id: int, line_id: int) -> Line | Denied:
    """The last state of a deleted line as a new version; a line that is there stays as it is. Needs PREPARE.

    The other side of an own transfer comes back with it. Refused: not_found, part_of_entry, and as enter_lines.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "restore_line", now) as work:
        last = latest_version(work, entity_id, line_id)
        if last is None:
            return denied("not_found", "line")
        if not last.deleted:
            return last
        if is_part_of_entry(last):
            return denied("part_of_entry", "line", journal_entry=str(last.parent_id))
        ground = ground_of(work, entity_id)
        back = [next_version(each, now, by, deleted=False) for each in _deleted_together(work, last)]
        refusals: list[Refusal] = []
        for each in back:
            refusals += [refusal for refusal in line_refusals(each, ground) if refusal not in refusals]
        if refusals:
            return Denied(tuple(refusals))
        work.add(*back)
        follow(work, back, now)
        return back[0]


def _deleted_together(work: Writing, last: Line) -> list[Line]:
    """The deleted line, and the other side of an own transfer where that is deleted too."""
    if last.transfer_id is None:
        return [last]
    versions = work.all(Line, entity_id=last.entity_id, transfer_id=last.transfer_id)
    latest = {each.id: each for each in sorted(versions, key=lambda each: each.version)}
    return [last, *(each for each in latest.values() if each.deleted and each.id != last.id)]


def line(context: Context, principal: Principal, entity_id: int, line_id: int) -> LineNow | Denied:
    """One line as it counts now, with what is tied and cleared of it."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.line(entity_id, line_id) or denied("not_found", "line")


def find_lines(
    context: Context,
    principal: Principal,
    entity_id: int,
    *conditions: Condition,
    open_only: bool = False,
    order: Sequence[Order] = (Order("id"),),
    after: Sequence[int | str] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[LineNow] | Denied:
    """Lines as they count now: conditions, order and paging as store.protocols.Reading.lines has them."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.lines(
            entity_id, *conditions, open_only=open_only, order=order, after=after, limit=limit, offset=offset
        )


def count_lines(
    context: Context, principal: Principal, entity_id: int, *conditions: Condition, open_only: bool = False
) -> LineTotals | Denied:
    """Count and sums of the lines that find_lines would give without a limit."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.line_totals(entity_id, *conditions, open_only=open_only)

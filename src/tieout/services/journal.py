"""Journal entries: balanced, posted or drafted, reversed rather than unmade.

The lines of a draft exist as deleted versions: they have their ids, and are in no list, no balance and no match until
the entry is posted, which gives each a version that is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tieout.domain.books import JournalEntry
from tieout.domain.extra import extra_of, with_extra
from tieout.domain.lines import Line, Origin
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.journal_rules import JournalLineRequest, JournalRequest, entry_refusals, line_request
from tieout.services.line_changes import holds_of
from tieout.services.line_requests import LineRequest, ground_of
from tieout.services.line_versions import first_version, next_version
from tieout.services.permitting import not_permitted
from tieout.store.protocols import Condition, Order, Reading, Scope, Writing

__all__ = (
    "JournalEntryNow",
    "JournalLineRequest",
    "JournalRequest",
    "cancel_journal_entry",
    "change_journal_entry",
    "count_journal_entries",
    "delete_journal_entry",
    "enter_journal_entry",
    "journal_entries",
    "journal_entry",
)

# What the core itself keeps beside its columns.
_CORE = "core"
_CHANGEABLE = ("booking_day", "memo", "draft", "lines", "extra")


@dataclass(frozen=True, slots=True)
class JournalEntryNow:
    """A journal entry with its lines by id; a draft's lines too."""

    entry: JournalEntry
    lines: tuple[Line, ...]


def enter_journal_entry(
    context: Context, principal: Principal, entity_id: int, request: JournalRequest
) -> tuple[JournalEntry, list[Line]] | Denied:
    """A journal entry and its lines, in the order given. Needs PREPARE.

    Refused: entry_unbalanced (fact `gap`), exists for a sequence number that is taken, required, bad_date, too_many,
    and for its lines as enter_lines. Only the lines of a draft may be out of balance or in a locked period.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "enter_journal_entry", now) as work:
        ground = ground_of(work, entity_id)
        requests = [line_request(line, request.booking_day, ground.currency) for line in request.lines]
        refusals = entry_refusals(
            requests, ground, booking_day=request.booking_day, draft=request.draft,
            texts=(("memo", request.memo), ("extra", request.extra)),
        )  # fmt: skip
        refusals += _number_refusals(work, entity_id, request.sequence_number)
        if refusals:
            return Denied(tuple(refusals))
        entry = _new_entry(work, entity_id, request, now, by)
        lines = _new_lines(work, entry, requests, now, by)
        work.add(entry, *lines)
        return entry, lines


def _number_refusals(view: Reading, entity_id: int, number: int | None) -> list[Refusal]:
    if number is None or not view.count(JournalEntry, entity_id=entity_id, sequence_number=number):
        return []
    return [Refusal("exists", "sequence_number")]


def _new_entry(work: Writing, entity_id: int, request: JournalRequest, now: int, by: str) -> JournalEntry:
    number = request.sequence_number
    return JournalEntry(
        entity_id=entity_id,
        id=work.new_ids(JournalEntry)[0],
        sequence_number=_next_number(work, entity_id) if number is None else number,
        booking_day=request.booking_day,
        memo=request.memo,
        draft=request.draft,
        cancelled_by="",
        cancellation_entry_id=None,
        cancellation_reason="",
        extra=request.extra,
        created_at=now,
        created_by=by,
        updated_at=now,
        updated_by=by,
    )


def _next_number(view: Reading, entity_id: int) -> int:
    last = view.all(JournalEntry, order=(Order("sequence_number", descending=True),), limit=1, entity_id=entity_id)
    return last[0].sequence_number + 1 if last else 1


def _new_lines(work: Writing, entry: JournalEntry, requests: Sequence[LineRequest], now: int, by: str) -> list[Line]:
    if not requests:
        return []
    ids = work.new_ids(Line, len(requests))
    return [
        replace(
            first_version(
                replace(request, parent_id=entry.id),
                entity_id=entry.entity_id, line_id=line_id, origin=Origin.ENTERED, now=now, by=by,
            ),
            deleted=entry.draft,
        )
        for line_id, request in zip(ids, requests, strict=True)
    ]  # fmt: skip


def change_journal_entry(
    context: Context, principal: Principal, entity_id: int, entry_id: int, changes: Mapping[str, object]
) -> JournalEntryNow | Denied:
    """Change booking_day, memo, extra, draft (False posts it), lines (a tuple of JournalLineRequest replaces all).

    Needs PREPARE. Refused: not_found, not_allowed for another field, for making a posted entry a draft and for lines
    or day of a cancelled one; entry_in_use (fact `match`) where lines or day change while a match uses a line;
    period_locked for the old and the new day; and as enter_journal_entry.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if unknown := sorted(set(changes).difference(_CHANGEABLE)):
        return Denied(tuple(Refusal("not_allowed", name) for name in unknown))
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "change_journal_entry", now) as work:
        before = work.one(JournalEntry, entity_id=entity_id, id=entry_id)
        if before is None:
            return denied("not_found", "journal_entry")
        values: dict[str, Any] = {name: value for name, value in changes.items() if name != "lines"}
        after: JournalEntry = replace(before, **values, updated_at=now, updated_by=by)
        old = _lines_of(work, before)
        given: Any = changes.get("lines")
        new = _changed_lines(work, before, after, old, given, now, by)
        if isinstance(new, Denied):
            return new
        work.add(*new)
        if not work.change(before, **values, updated_at=now, updated_by=by):
            work.roll_back()
            return denied("changed_meanwhile", "journal_entry")
        return JournalEntryNow(after, tuple(_lines_of(work, after)))


def _changed_lines(
    work: Writing,
    before: JournalEntry,
    after: JournalEntry,
    old: Sequence[Line],
    given: Sequence[JournalLineRequest] | None,
    now: int,
    by: str,
) -> list[Line] | Denied:
    """The versions that an entry's change adds; none where only words of it change."""
    if given is None and before.booking_day == after.booking_day and before.draft == after.draft:
        return []
    ground = ground_of(work, before.entity_id)
    if given is None:
        requests = [_request_of(line, after.booking_day) for line in old]
    else:
        requests = [line_request(line, after.booking_day, ground.currency) for line in given]
    refusals = entry_refusals(
        requests, ground, booking_day=after.booking_day, draft=after.draft,
        texts=(("memo", after.memo), ("extra", after.extra)),
    )  # fmt: skip
    if after.draft and not before.draft:
        refusals.append(Refusal("not_allowed", "draft"))
    if before.cancelled_by:
        refusals.append(Refusal("not_allowed", "lines"))
    if not before.draft:
        refusals += [each for each in _going_refusals(work, before, old) if each not in refusals]
    if refusals:
        return Denied(tuple(refusals))
    if given is None:
        values: dict[str, Any] = {"deleted": after.draft, "booking_day": after.booking_day}
        return [next_version(line, now, by, **values) for line in old]
    gone = [next_version(line, now, by, deleted=True, extra=_replaced(line)) for line in old]
    return gone + _new_lines(work, after, requests, now, by)


def _replaced(line: Line) -> str:
    """The `extra` of a line whose entry has other lines now: not even a draft shows it again."""
    return with_extra(line.extra, _CORE, {"replaced": True})


def _request_of(line: Line, booking_day: int) -> LineRequest:
    same = {name: getattr(line, name) for name in LineRequest.__dataclass_fields__}
    return LineRequest(**{**same, "booking_day": booking_day, "parent_id": None})


def _going_refusals(view: Reading, entry: JournalEntry, lines: Sequence[Line]) -> list[Refusal]:
    """Why the lines of a posted entry may not change or go."""
    ground = ground_of(view, entry.entity_id)
    now = view.lines(entry.entity_id, Condition("id", "in", [line.id for line in lines]))
    holds = holds_of(view, entry.entity_id, now)
    found = [
        Refusal("entry_in_use", f"lines[{place}]", holds.facts(line))
        for place, line in enumerate(lines)
        if line.id in holds.matches
    ]
    for place, line in enumerate(lines):
        found += ground.locked.refusals(line.account_id, line.booking_day, f"lines[{place}].booking_day")
    return found


def cancel_journal_entry(
    context: Context,
    principal: Principal,
    entity_id: int,
    entry_id: int,
    reason: str,
    booking_day: int | None = None,
) -> tuple[JournalEntry, JournalEntryNow] | Denied:
    """Reverse an entry: the cancelled entry, and the new one whose lines are its opposite, on its day or a later one.

    What is tied to the entry stays tied. Needs PREPARE. Refused: not_found, not_allowed for a draft and for one that
    is cancelled already, bad_date, period_locked, too_long.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "cancel_journal_entry", now) as work:
        before = work.one(JournalEntry, entity_id=entity_id, id=entry_id)
        if before is None:
            return denied("not_found", "journal_entry")
        if before.draft or before.cancelled_by:
            return denied("not_allowed", "draft" if before.draft else "cancelled")
        day = before.booking_day if booking_day is None else booking_day
        opposite = [_opposite(line, day) for line in _lines_of(work, before)]
        ground, texts = ground_of(work, entity_id), (("reason", reason),)
        if refusals := entry_refusals(opposite, ground, booking_day=day, draft=False, texts=texts):
            return Denied(tuple(refusals))
        request = JournalRequest(booking_day=day, lines=(), memo=f"{before.sequence_number}: {reason}")
        reversal = _new_entry(work, entity_id, request, now, by)
        lines = _new_lines(work, reversal, opposite, now, by)
        work.add(reversal, *lines)
        values: dict[str, Any] = {
            "cancelled_by": by, "cancellation_entry_id": reversal.id, "cancellation_reason": reason,
            "updated_at": now, "updated_by": by,
        }  # fmt: skip
        if not work.change(before, **values):
            work.roll_back()
            return denied("changed_meanwhile", "journal_entry")
        return replace(before, **values), JournalEntryNow(reversal, tuple(lines))


def _opposite(line: Line, booking_day: int) -> LineRequest:
    request = _request_of(line, booking_day)
    foreign = request.foreign_minor_units
    return replace(request, minor_units=-request.minor_units, foreign_minor_units=None if foreign is None else -foreign)


def delete_journal_entry(
    context: Context, principal: Principal, entity_id: int, entry_id: int
) -> JournalEntry | Denied:
    """Delete an entry with its lines. Needs PREPARE.

    Refused: not_found, entry_in_use (fact `match`) where a match uses a line, period_locked, and not_allowed for an
    entry that was reversed: both stay.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "delete_journal_entry", now) as work:
        entry = work.one(JournalEntry, entity_id=entity_id, id=entry_id)
        if entry is None:
            return denied("not_found", "journal_entry")
        lines = _lines_of(work, entry)
        refusals = [] if entry.draft else _going_refusals(work, entry, lines)
        if entry.cancelled_by or work.count(JournalEntry, entity_id=entity_id, cancellation_entry_id=entry.id):
            refusals.append(Refusal("not_allowed", "cancelled"))
        if refusals:
            return Denied(tuple(refusals))
        work.add(*(next_version(line, now, by, deleted=True) for line in lines if not line.deleted))
        if not work.remove(entry):
            work.roll_back()
            return denied("changed_meanwhile", "journal_entry")
        return entry


def journal_entry(context: Context, principal: Principal, entity_id: int, entry_id: int) -> JournalEntryNow | Denied:
    """One entry with its lines."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        entry = view.one(JournalEntry, entity_id=entity_id, id=entry_id)
        return (
            denied("not_found", "journal_entry")
            if entry is None
            else JournalEntryNow(entry, tuple(_lines_of(view, entry)))
        )


def journal_entries(
    context: Context,
    principal: Principal,
    entity_id: int,
    *conditions: Condition,
    order: Sequence[Order] = (Order("id"),),
    limit: int | None = None,
    offset: int = 0,
) -> list[JournalEntryNow] | Denied:
    """Entries with their lines; conditions and order are on the columns of JournalEntry."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        found = view.all(JournalEntry, *conditions, order=order, limit=limit, offset=offset, entity_id=entity_id)
        lines = _lines_by_entry(view, entity_id, [entry.id for entry in found])
        return [JournalEntryNow(entry, tuple(_that_count(entry, lines.get(entry.id, [])))) for entry in found]


def count_journal_entries(
    context: Context, principal: Principal, entity_id: int, *conditions: Condition
) -> int | Denied:
    """How many entries `journal_entries` would give without a limit."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.count(JournalEntry, *conditions, entity_id=entity_id)


def _lines_of(view: Reading, entry: JournalEntry) -> list[Line]:
    return _that_count(entry, _lines_by_entry(view, entry.entity_id, [entry.id]).get(entry.id, []))


def _lines_by_entry(view: Reading, entity_id: int, entry_ids: Sequence[int]) -> dict[int, list[Line]]:
    """By entry every version of its lines, oldest first."""
    found: dict[int, list[Line]] = {}
    if entry_ids:
        parents = Condition("parent_id", "in", list(entry_ids))
        for line in view.all(Line, parents, entity_id=entity_id, kind="journal_entry_line"):
            assert line.parent_id is not None, "that is what was asked for"
            found.setdefault(line.parent_id, []).append(line)
    return found


def _that_count(entry: JournalEntry, versions: Sequence[Line]) -> list[Line]:
    """The last version of each line, by id, deleted ones only of a draft."""
    latest: dict[int, Line] = {}
    for line in versions:
        if line.id not in latest or latest[line.id].version < line.version:
            latest[line.id] = line
    lines = [latest[key] for key in sorted(latest)]
    return [line for line in lines if not line.deleted or (entry.draft and not extra_of(line.extra, _CORE))]

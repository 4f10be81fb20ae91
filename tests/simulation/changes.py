"""What one change may do, as faults found by comparing the rows before and after it."""

from collections.abc import Iterator
from dataclasses import fields, replace

from tests.simulation.changes_outside import is_explained, outside_faults
from tests.simulation.kept import FACTS, Kept, is_movement
from tests.simulation.kept_outside import OPERATIONAL, Outside
from tieout.domain.lines import Line

_STEPS_OF_A_MATCH = {
    (None, "proposed"),
    (None, "confirmed"),
    ("proposed", "confirmed"),
    ("proposed", "rejected"),
    ("confirmed", "undone"),
}
_GROUPS = [each.name for each in fields(Kept) if each.name not in ("events", "outside")]
_OUTSIDE = [each.name for each in fields(Outside) if each.name not in OPERATIONAL]
# What undoing a match may change beside the match and its lines; `is_explained` says how.
_FOLLOWING = {"batches", "records", "intents", "differences"}


def change_faults(
    before: Kept, after: Kept, *, refused: bool, four_eyes: bool, whole: bool = True, platform: bool = False
) -> list[str]:
    """Everything that one call of a service did and may not do.

    whole: it was one transaction; otherwise several, each of which may leave an event. platform: it followed an
    accounting platform, whose edits undo matches and change what is tied.
    """
    return [
        *(_trace_faults(before, after, refused=refused) if whole else _silent_faults(before, after)),
        *(f"rows of {name} were changed" for name in FACTS if not _only_added(before, after, name)),
        *_step_faults(before, after),
        *(() if platform else _undo_faults(before, after)),
        *outside_faults(before, after, platform=platform),
        *_closed_faults(before, after),
        *_locked_faults(before, after),
        *_chain_faults(before, after),
        *(_second_person_faults(before, after) if four_eyes else ()),
    ]


def _changed(before: Kept, after: Kept) -> list[str]:
    inside = [name for name in _GROUPS if getattr(before, name) != getattr(after, name)]
    return inside + [name for name in _OUTSIDE if getattr(before.outside, name) != getattr(after.outside, name)]


def _silent_faults(before: Kept, after: Kept) -> Iterator[str]:
    """Whatever changed in several transactions, the chain has grown."""
    if _changed(before, after) and after.events == before.events:
        yield f"a change of {_changed(before, after)} wrote no event"


def _trace_faults(before: Kept, after: Kept, *, refused: bool) -> Iterator[str]:
    """A refusal leaves nothing behind, a change one event."""
    changed, events = _changed(before, after), after.events - before.events
    if refused and (changed or events):
        yield f"what was refused left {events} events, and changes in {changed}"
    if events > 1 or (changed and not events):
        yield f"a change of {changed} wrote {events} events"


def _only_added(before: Kept, after: Kept, name: str) -> bool:
    return set(getattr(before, name)) <= set(getattr(after, name))


def _step_faults(before: Kept, after: Kept) -> Iterator[str]:
    """A match takes only the steps that there are."""
    for match_id, step in _moved(before, after).items():
        if step not in _STEPS_OF_A_MATCH:
            yield f"match {match_id} went from {step[0]} to {step[1]}"


def _undo_faults(before: Kept, after: Kept) -> Iterator[str]:
    """M8: undoing touches nothing but the match, what it used, and what follows from either outside."""
    undone = [match_id for match_id, step in _moved(before, after).items() if step[1] == "undone"]
    if undone:
        freed = {leg.line_id: leg.minor_units for leg in before.allocations if leg.match_id in undone}
        expected = {line: used - freed.get(line, 0) for line, used in before.used.items()}
        if {line: used for line, used in expected.items() if used} != after.used:
            yield f"undoing {undone} left {after.used} of {before.used}"
        if not set(_changed(before, after)) <= {"states", "uses", *_FOLLOWING} or len(undone) > 1:
            yield f"undoing {undone} changed {_changed(before, after)}"
        elif not is_explained(before, after, undone[0]):
            yield f"undoing {undone} changed more of the outside than what it was about"


def _moved(before: Kept, after: Kept) -> dict[int, tuple[str | None, str]]:
    return {
        match_id: (before.statuses.get(match_id), status)
        for match_id, status in after.statuses.items()
        if before.statuses.get(match_id) != status
    }


def _closed_faults(before: Kept, after: Kept) -> Iterator[str]:
    """P8: nothing is tied or freed whose lines on an account lie all in its closed or locked days."""
    for match_id, (_, status) in _moved(before, after).items():
        if status not in ("confirmed", "undone"):
            continue
        lines = [after.latest[leg.line_id] for leg in after.legs(match_id)]
        movements = [line for line in lines if is_movement(line)]
        for account_id in {line.account_id for line in movements} if movements else {0}:
            last = max(
                line.booking_day for line in movements or lines if not movements or line.account_id == account_id
            )
            through = before.closed(account_id) if account_id else before.locked(0)
            if last <= through:
                yield f"match {match_id} was {status} in days of account {account_id} closed through {through}"


def _locked_faults(before: Kept, after: Kept) -> Iterator[str]:
    """No line changes in locked days, but for what a bank's document brings and what only a face keeps."""
    for line in after.versions:
        known = before.latest.get(line.id)
        if known is not None and line.version <= known.version:
            continue
        if _is_evidence(after, line) or (known is not None and _said_nothing(known, line)):
            continue
        for day, account_id in _days_touched(known, line):
            if day <= before.locked(account_id):
                yield f"line {line.id} was changed on day {day}, locked through {before.locked(account_id)}"


def _is_evidence(after: Kept, line: Line) -> bool:
    """Whether the outside itself says a line: a document, or a provider's feed."""
    providers = {account.id for account in after.accounts if account.kind == "provider"}
    sent = line.origin == "document" or (line.origin == "feed" and line.account_id in providers)
    return line.side == "statement" and sent


def _said_nothing(known: Line, line: Line) -> bool:
    same = {name: getattr(known, name) for name in ("version", "extra", "changed_at", "changed_by")}
    return replace(line, **same) == known


def _days_touched(known: Line | None, line: Line) -> list[tuple[int, int]]:
    """Days and accounts that a new version has to do with; a payment has to do with the day it is paid."""
    if known is not None and known.paid_day != line.paid_day:
        paid = line.paid_day if line.paid_day is not None else known.paid_day
        return [(paid, line.account_id)] if paid is not None else []
    both = [known, line] if known is not None and not known.deleted else [line]
    return [(each.booking_day, each.account_id) for each in both if each is not None]


def _chain_faults(before: Kept, after: Kept) -> Iterator[str]:
    """P4: only the latest reconciliation of an account changes its end, is reopened or deleted."""
    now = {each.id: each for each in after.reconciliations}
    for was in before.reconciliations:
        found = now.get(was.id)
        stayed = found is not None and found.done >= was.done
        end = None if found is None else (found.end_day, found.end_minor_units)
        if not (stayed and end == (was.end_day, was.end_minor_units)) and was != before.chain(was.account_id)[-1]:
            yield f"reconciliation {was.id} was changed and is not the latest"


def _second_person_faults(before: Kept, after: Kept) -> Iterator[str]:
    """Under four-eyes nobody makes final what they prepared."""
    by = {state.match_id: state.by for state in after.states if state.state == "confirmed"}
    for match in after.matches:
        newly = after.statuses[match.id] == "confirmed" and before.statuses.get(match.id) != "confirmed"
        if newly and not match.automatic and by.get(match.id, match.prepared_by) == match.prepared_by:
            yield f"match {match.id} was prepared and confirmed by {match.prepared_by}"
    done = {each.id for each in before.reconciliations if each.done}
    for each in after.reconciliations:
        prepared = {each.created_by} | {
            line.ticked_by for line in before.clearings if line.reconciliation_id == each.id
        }
        if each.done and each.id not in done and each.completed_by in prepared:
            yield f"reconciliation {each.id} was completed by {each.completed_by}, who prepared it"

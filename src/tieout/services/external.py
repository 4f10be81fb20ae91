"""Bank lines tied to journal entry lines, whoever tied them, and what a face only notes about such lines."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tieout.domain.match_records import MatchRecord, MatchStatus, StoredMatch
from tieout.domain.notes import Note
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.match_rules import period_refusals
from tieout.services.matching import undo_match
from tieout.services.permitting import not_permitted
from tieout.services.texts import text_refusals
from tieout.store.protocols import Condition, Reading, Scope

JOURNAL_LINE = "journal_entry_line"
External: TypeAlias = StoredMatch | Note
LIVE = MatchStatus.CONFIRMED
_ACROSS, _WITHIN = Condition("kind", "=", "across"), Condition("kind", "=", "within")


class Choice(NamedTuple):
    """Some of what there is."""

    wants: Callable[[External], bool]
    line_ids: Sequence[int] | None = None  # only matches that use one of these lines come into question; None: all


def make_note(
    context: Context, principal: Principal, entity_id: int, line_ids: Sequence[int], extra: str
) -> Note | Denied:
    """Keep what a face says about lines; it ties nothing. Needs PREPARE.

    Refused: line_unknown, too_long, and period_locked, period_closed as for a match of these lines.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "make_note", now) as work:
        found = {number: work.line(entity_id, number) for number in dict.fromkeys(line_ids)}
        refusals = [Refusal("line_unknown", str(number)) for number, line in found.items() if line is None]
        refusals += text_refusals([("extra", extra)])
        refusals += period_refusals(work, entity_id, [each.line for each in found.values() if each is not None])
        if refusals:
            return Denied(tuple(refusals))
        note = Note(
            entity_id=entity_id,
            id=work.new_ids(MatchRecord)[0],
            extra=extra,
            created_at=now,
            created_by=principal.name,
        )
        work.add(note)
        return note


def remove_external(
    context: Context,
    principal: Principal,
    entity_id: int,
    external_id: int,
    lines_of: Callable[[Note], Sequence[int]],
) -> External | Denied:
    """Undo the match, or remove the note, with this id.

    lines_of: the lines that a note is about. A note needs PREPARE, a match CONFIRM. Refused: not_found for what is
    neither a live match of a bank line and a journal line nor a note, period_locked, period_closed.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    note = _removed_note(context, principal, entity_id, external_id, lines_of)
    if note is not None:
        return note
    with context.store.reading() as view:
        of_id = Condition("id", "=", external_id)
        _, found = view.match_page(entity_id, JOURNAL_LINE, LIVE, _ACROSS, of_id, limit=1)
    if not found:
        return denied("not_found", "external_reconciliation")
    undone = undo_match(context, principal, entity_id, external_id, "deleted")
    if isinstance(undone, Denied) and undone.codes == ("state_differs",):
        return denied("not_found", "external_reconciliation")
    return undone


def _removed_note(
    context: Context, principal: Principal, entity_id: int, note_id: int, lines_of: Callable[[Note], Sequence[int]]
) -> Note | Denied | None:
    """The note that was removed; None where there is none."""
    with context.store.writing(Scope("entity", entity_id), principal.name, "remove_note", context.now()) as work:
        note = work.one(Note, entity_id=entity_id, id=note_id)
        if note is None:
            return None
        lines = [work.line(entity_id, number) for number in lines_of(note)]
        if refusals := period_refusals(work, entity_id, [each.line for each in lines if each is not None]):
            return Denied(refusals)
        return note if work.remove(note) else None


def external_page(
    context: Context,
    principal: Principal,
    entity_id: int,
    choice: Choice | None,
    *conditions: Condition,
    limit: int,
    offset: int,
) -> tuple[int, list[External]] | Denied:
    """How many live matches of bank lines with journal lines and notes there are, and a page of them by id.

    conditions: on `created_at`. choice: which of them; None for all. Needs READ.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        notes = view.all(Note, *conditions, entity_id=entity_id)
        if choice is not None:
            found = _chosen(view, entity_id, choice, conditions, notes)
            return len(found), found[offset : offset + limit]
        # Of the matches before the page at most as many as there are notes can lie on it.
        first = max(0, offset - len(notes))
        total, matches = view.match_page(
            entity_id, JOURNAL_LINE, LIVE, _ACROSS, *conditions, limit=offset - first + limit, offset=first
        )
    merged: list[External] = sorted([*matches, *notes], key=_id_of)
    return total + len(notes), merged[offset - first : offset - first + limit]


def _chosen(
    view: Reading, entity_id: int, choice: Choice, conditions: Sequence[Condition], notes: Sequence[Note]
) -> list[External]:
    """Every note and every match of the choice, by id."""
    if choice.line_ids is not None:
        ids = [match.record.id for match in view.matches_of(entity_id, choice.line_ids, LIVE)]
        conditions = [Condition("id", "in", ids), *conditions]
    count, _ = view.match_page(entity_id, JOURNAL_LINE, LIVE, _ACROSS, *conditions, limit=1)
    _, matches = view.match_page(entity_id, JOURNAL_LINE, LIVE, _ACROSS, *conditions, limit=count)
    found: list[External] = [*matches, *notes]
    return sorted((each for each in found if choice.wants(each)), key=_id_of)


def internal_page(
    context: Context,
    principal: Principal,
    entity_id: int,
    line_ids: Sequence[int] | None,
    *conditions: Condition,
    limit: int,
    offset: int,
) -> tuple[int, list[StoredMatch]] | Denied:
    """How many live matches of journal lines with each other there are, and a page of them by id. Needs READ.

    line_ids: only those that use one of these lines; None for all. conditions: on columns of MatchRecord.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        if line_ids is not None:
            ids = [match.record.id for match in view.matches_of(entity_id, line_ids, LIVE)]
            conditions = (*conditions, Condition("id", "in", ids))
        return view.match_page(entity_id, JOURNAL_LINE, LIVE, _WITHIN, *conditions, limit=limit, offset=offset)


def remove_internal(context: Context, principal: Principal, entity_id: int, match_id: int) -> StoredMatch | Denied:
    """Undo a live match of journal lines with each other. Needs CONFIRM.

    Refused: not_found for what is none, period_locked, period_closed.
    """
    found = internal_page(context, principal, entity_id, None, Condition("id", "=", match_id), limit=1, offset=0)
    if isinstance(found, Denied):
        return found
    if not found[0]:
        return denied("not_found", "reconciliation")
    undone = undo_match(context, principal, entity_id, match_id, "deleted")
    if isinstance(undone, Denied) and undone.codes == ("state_differs",):
        return denied("not_found", "reconciliation")
    return undone


def _id_of(external: External) -> int:
    return external.id if isinstance(external, Note) else external.record.id

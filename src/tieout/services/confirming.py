"""What people decide about proposals: a confirmed one ties its lines, a rejected one is not found again."""

from tieout.domain.lines import Line
from tieout.domain.match_records import AllocationRecord, MatchStatus, StateRecord, StoredMatch
from tieout.domain.matches import MatchState
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.match_rules import Wanted, lost, person_refusals, tie_refusals, uses_of, wanted_of
from tieout.services.permitting import not_permitted
from tieout.services.stored_matches import match_of
from tieout.services.syncing.wanting import want_matches
from tieout.store.protocols import Reading, Scope, Writing


def confirm_match(
    context: Context, principal: Principal, entity_id: int, match_id: int, reason: str = ""
) -> StoredMatch | Denied:
    """Make a proposed match final; every rule is asked again on the lines as they count now. Needs CONFIRM.

    Where two confirm matches of one line at once, one wins, and the other is told which match holds the line.
    Refused: not_found, state_differs, changed_meanwhile where a line is no longer what was proposed, and as
    `make_match`.
    """
    if refused := not_permitted(principal, Capability.CONFIRM, entity_id):
        return refused
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "confirm_match", now) as work:
        stored = work.match(entity_id, match_id)
        if stored is None:
            return denied("not_found", "match")
        if stored.status is not MatchStatus.PROPOSED:
            return state_differs(stored)
        match = match_of(stored)._replace(state=MatchState.CONFIRMED)
        wanted = wanted_of(work, principal, entity_id, match)
        record = stored.record
        refusals = (
            *person_refusals(work, principal, entity_id, record.prepared_by, automatic=record.automatic),
            *tie_refusals(work, entity_id, wanted),
            *_changed(work, stored, wanted),
        )
        if refusals:
            return Denied(refusals)
        over = work.use(entity_id, uses_of(wanted))
        if over:
            refusals = lost(work, entity_id, over)
            work.roll_back()
            return Denied(refusals)
        confirmed = with_state(work, stored, MatchStatus.CONFIRMED, reason, now, principal)
        want_matches(context, work, entity_id, [confirmed], principal.name)
        return confirmed


def reject_match(
    context: Context, principal: Principal, entity_id: int, match_id: int, reason: str = ""
) -> StoredMatch | Denied:
    """Say that a proposed match is none; the engine does not find it again while its lines stay as they are.

    Needs PREPARE: it ties nothing. Refused: not_found, state_differs.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "reject_match", now) as work:
        stored = work.match(entity_id, match_id)
        if stored is None:
            return denied("not_found", "match")
        if stored.status is not MatchStatus.PROPOSED:
            return state_differs(stored)
        return with_state(work, stored, MatchStatus.REJECTED, reason, now, principal)


def state_differs(stored: StoredMatch) -> Denied:
    """The refusal of a match that is in another state, with that state."""
    return denied("state_differs", "match", match=str(stored.record.id), state=stored.status)


def with_state(
    work: Writing, stored: StoredMatch, status: MatchStatus, reason: str, at: int, principal: Principal
) -> StoredMatch:
    """Append a state to a match and give it back as it now is."""
    state = StateRecord(
        entity_id=stored.record.entity_id,
        match_id=stored.record.id,
        number=len(stored.states) + 1,
        state=status,
        reason=reason,
        at=at,
        by=principal.name,
    )
    work.add(state)
    return StoredMatch(stored.record, status, stored.allocations, stored.adjustments, (*stored.states, state))


def _changed(view: Reading, stored: StoredMatch, wanted: Wanted) -> list[Refusal]:
    """Lines whose amount, day, currency or account is no longer what the proposal was made on."""
    found = []
    for leg in stored.allocations:
        now = wanted.lines.get(leg.line_id)
        if now is not None and now.line.version != leg.line_version and _differs(now.line, _proposed_on(view, leg)):
            found.append(Refusal("changed_meanwhile", str(leg.line_id), (("version", str(now.line.version)),)))
    return found


def _proposed_on(view: Reading, leg: AllocationRecord) -> Line | None:
    return view.one(Line, entity_id=leg.entity_id, id=leg.line_id, version=leg.line_version)


def _differs(line: Line, before: Line | None) -> bool:
    return before is None or _frozen_facts(line) != _frozen_facts(before)


def _frozen_facts(line: Line) -> tuple[int, str, int, int]:
    return line.minor_units, line.currency, line.booking_day, line.account_id

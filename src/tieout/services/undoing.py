"""Taking a confirmed match back: its lines are open again, in any order, and nothing else is touched."""

from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.services.confirming import state_differs, with_state
from tieout.services.context import Context, Denied, denied
from tieout.services.match_requests import FreedLine, UndoPreview
from tieout.services.match_rules import Wanted, period_refusals, uses_of, wanted_of
from tieout.services.permitting import not_permitted
from tieout.services.settlements.payouts import come_apart
from tieout.services.stored_matches import match_of
from tieout.services.syncing.wanting import match_not_wanted
from tieout.store.protocols import Reading, Scope


def undo_match(
    context: Context, principal: Principal, entity_id: int, match_id: int, reason: str = ""
) -> StoredMatch | Denied:
    """Undo a confirmed match: what it used of its lines is open again. Needs CONFIRM.

    The engine does not tie the same lines again by itself while they stay as they are.
    Refused: not_found, state_differs, period_closed, period_locked.
    """
    if refused := not_permitted(principal, Capability.CONFIRM, entity_id):
        return refused
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "undo_match", now) as work:
        stored = work.match(entity_id, match_id)
        if stored is None:
            return denied("not_found", "match")
        if stored.status is not MatchStatus.CONFIRMED:
            return state_differs(stored)
        wanted = wanted_of(work, principal, entity_id, match_of(stored))
        if refusals := _refusals(work, entity_id, wanted):
            return Denied(refusals)
        short = work.use(entity_id, uses_of(wanted, -1))
        assert not short, "a live match uses what its allocations say"
        come_apart(work, entity_id, {leg.line_id for leg in stored.allocations}, now)
        match_not_wanted(work, stored, now, principal.name)
        return with_state(work, stored, MatchStatus.UNDONE, reason, now, principal)


def undo_preview(context: Context, principal: Principal, entity_id: int, match_id: int) -> UndoPreview | Denied:
    """What undoing a confirmed match would free, and why it may not be undone. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        stored = view.match(entity_id, match_id)
        if stored is None:
            return denied("not_found", "match")
        if stored.status is not MatchStatus.CONFIRMED:
            return UndoPreview(stored, (), state_differs(stored).refusals)
        wanted = wanted_of(view, principal, entity_id, match_of(stored))
        return UndoPreview(stored, _freed(stored, wanted), _refusals(view, entity_id, wanted))


def _refusals(view: Reading, entity_id: int, wanted: Wanted) -> tuple[Refusal, ...]:
    return period_refusals(view, entity_id, [each.line for each in wanted.in_order])


def _freed(stored: StoredMatch, wanted: Wanted) -> tuple[FreedLine, ...]:
    return tuple(
        FreedLine(
            line_id=leg.line_id,
            side=leg.side,
            minor_units=leg.minor_units,
            left_minor_units=wanted.lines[leg.line_id].left_minor_units + leg.minor_units,
            currency=leg.currency,
        )
        for leg in stored.allocations
    )

"""Matches of one entity: made, confirmed, rejected, undone and found."""

from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.people import Capability, Principal
from tieout.services.confirming import confirm_match, reject_match
from tieout.services.context import Context, Denied, denied
from tieout.services.making import make_match
from tieout.services.match_requests import (
    MATCH_LINES_MAX,
    AdjustmentRequest,
    AllocationRequest,
    FreedLine,
    MatchRequest,
    UndoPreview,
)
from tieout.services.permitting import not_permitted
from tieout.services.undoing import undo_match, undo_preview

__all__ = [
    "MATCH_LINES_MAX",
    "AdjustmentRequest",
    "AllocationRequest",
    "FreedLine",
    "MatchRequest",
    "UndoPreview",
    "confirm_match",
    "find_matches",
    "make_match",
    "match",
    "matches_of_lines",
    "reject_match",
    "undo_match",
    "undo_preview",
]


def match(context: Context, principal: Principal, entity_id: int, match_id: int) -> StoredMatch | Denied:
    """One match with its allocations, adjustments and states. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        found = view.match(entity_id, match_id)
    return denied("not_found", "match") if found is None else found


def find_matches(
    context: Context,
    principal: Principal,
    entity_id: int,
    *,
    status: MatchStatus | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[StoredMatch] | Denied:
    """Matches by id, those above `after`, at most `limit`, of one state or of all. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.matches(entity_id, status=status, after=after, limit=limit)


def matches_of_lines(
    context: Context,
    principal: Principal,
    entity_id: int,
    line_ids: list[int],
    status: MatchStatus = MatchStatus.CONFIRMED,
) -> list[StoredMatch] | Denied:
    """Matches in this state that use any of these lines, by id. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.matches_of(entity_id, line_ids, status)

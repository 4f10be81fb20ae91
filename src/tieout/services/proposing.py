"""The engine over the open lines of an entity: what has one answer is tied, the rest is proposed."""

from collections.abc import Sequence
from typing import NamedTuple

from tieout.domain.line_table import BoolColumn
from tieout.domain.match_records import MatchStatus
from tieout.domain.people import Capability, Principal
from tieout.domain.plans import Plan
from tieout.domain.results import Ambiguity
from tieout.matching.directions import Directions
from tieout.matching.engine import Outcome, run
from tieout.matching.proposals import LEDGER, STATEMENT
from tieout.services.closed_days import in_closed_days
from tieout.services.collecting import without_collecting
from tieout.services.context import Context, Denied
from tieout.services.engine_lines import EngineLines, changed_rows, directions_of, engine_lines, stored_matches
from tieout.services.files.reconcile_lines import ambiguities_of
from tieout.services.keeping_matches import Keeping, keep_matches
from tieout.services.match_columns import MatchColumns, match_columns
from tieout.services.match_requests import MatchingRun
from tieout.services.match_rules import may_confirm_alone
from tieout.services.permitting import not_permitted
from tieout.services.syncing.wanting import want_matches, want_matches_between
from tieout.store.protocols import Reading, Scope, Writing

__all__ = ["MatchingRun", "ambiguities", "propose_matches"]


class _Seen(NamedTuple):
    """What the engine was shown, and how long the entity's chain was then."""

    lines: EngineLines
    directions: Directions
    events: int
    confirms: bool  # whether only answers become final at once


@without_collecting()
def propose_matches(
    context: Context,
    principal: Principal,
    entity_id: int,
    *,
    plan: Plan | None = None,
    account_ids: Sequence[int] | None = None,
) -> MatchingRun | Denied:
    """Run a plan over the open lines of an entity, or of some of its accounts, and keep what it finds.

    plan: the process's own where none is given. Needs PREPARE. What is the only answer is confirmed where the
    principal may confirm alone (CONFIRM, a token that may post, no four eyes); everything else is proposed, once: a run
    over unchanged lines keeps nothing new. What people rejected or undid is not found again while its lines stay as
    they are. The engine runs outside any transaction; where the entity changed meanwhile, matches whose lines did are
    dropped, and matches wholly in closed or locked days always are.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    used = context.plan() if plan is None else plan
    with context.store.reading() as view:
        seen = _seen(view, principal, entity_id, account_ids)
    lines = seen.lines
    outcome = run(used, context.matchers(), lines.statement, lines.ledger, lines.settled, seen.directions)
    found = match_columns(outcome, used)
    found = found if seen.confirms else found.unconfirmed()
    now = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "propose_matches", now) as work:
        standing = _standing(work, entity_id, account_ids, seen, outcome, found)
        kept = found.kept(standing)
        keeping = Keeping(entity_id, principal.name, used.sha256, now)
        stored = keep_matches(work, keeping, kept, _waiting(work, entity_id, kept))
        if stored.confirmed:
            again = [match for each in stored.waited_confirmed if (match := work.match(entity_id, each))]
            want_matches(context, work, entity_id, again, principal.name)
            want_matches_between(context, work, entity_id, stored.first_id, stored.last_id, principal.name)
    return MatchingRun(
        plan=used.sha256,
        statement_lines=len(lines.statement),
        ledger_lines=len(lines.ledger),
        confirmed=stored.confirmed,
        proposed=stored.proposed,
        proposed_already=stored.waited_already,
        dropped=len(found) - len(kept),
        ambiguous=len(outcome.ambiguous),
        first_match_id=stored.first_id,
        last_match_id=stored.last_id,
    )


@without_collecting()
def ambiguities(
    context: Context,
    principal: Principal,
    entity_id: int,
    *,
    plan: Plan | None = None,
    account_ids: Sequence[int] | None = None,
) -> tuple[Ambiguity, ...] | Denied:
    """What has several answers among the open lines as they are now; ids are decimal texts. Needs READ.

    Nothing is kept of it: the same lines have the same answers, so that a run's count can be looked into at any time.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    used = context.plan() if plan is None else plan
    with context.store.reading() as view:
        lines = engine_lines(view, entity_id, account_ids)
        directions = directions_of(view, entity_id, lines)
    outcome = run(used, context.matchers(), lines.statement, lines.ledger, lines.settled, directions)
    return tuple(ambiguities_of(outcome))


def _seen(view: Reading, principal: Principal, entity_id: int, account_ids: Sequence[int] | None) -> _Seen:
    lines = engine_lines(view, entity_id, account_ids)
    confirms = may_confirm_alone(view, principal, entity_id)
    events = view.event_count(Scope("entity", entity_id))
    return _Seen(lines, directions_of(view, entity_id, lines), events, confirms)


def _standing(
    work: Writing,
    entity_id: int,
    account_ids: Sequence[int] | None,
    seen: _Seen,
    outcome: Outcome,
    found: MatchColumns,
) -> BoolColumn:
    """Matches that may be kept: no line of theirs changed since the engine saw it, nor do all lie in closed days."""
    keep = ~in_closed_days(work, entity_id, seen.lines, outcome, found)
    if work.event_count(Scope("entity", entity_id)) == seen.events:
        return keep
    now = engine_lines(work, entity_id, account_ids)
    problem = outcome.problem
    for side, before, after in (
        (STATEMENT, problem.statement.table, now.statement),
        (LEDGER, problem.ledger.table, now.ledger),
    ):
        these = found.side == side
        lost = changed_rows(before, after)[found.row[these]]
        keep[found.owner[these][lost]] = False
    return keep


def _waiting(work: Writing, entity_id: int, found: MatchColumns) -> dict[tuple[tuple[int, int], ...], int]:
    """Proposals that wait already, by line and amount of their legs; not asked for where nothing was found."""
    if not len(found):
        return {}
    waiting = {}
    for stored in stored_matches(work, entity_id, MatchStatus.PROPOSED):
        waiting[tuple(sorted((leg.line_id, leg.minor_units) for leg in stored.allocations))] = stored.record.id
    return waiting

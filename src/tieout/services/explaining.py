"""Why a match is what it is, and why lines are not tied to each other."""

from collections.abc import Mapping, Sequence

import numpy as np

from tieout.domain.exchange import realised, value_in
from tieout.domain.lines import Line
from tieout.domain.match_records import AllocationRecord, MatchStatus, StoredMatch
from tieout.domain.matches import AdjustmentType, Allocation, Match, MatchKind, MatchState, Realised
from tieout.domain.people import Capability, Entity, Principal
from tieout.kernel.money import Money
from tieout.matching.columns import prepare
from tieout.matching.evidence import codes_against, contradicting, supporting
from tieout.proofs.certificate import faults_of
from tieout.services.context import Context, Denied, denied
from tieout.services.equations import equations
from tieout.services.files.nearest import AGAINST_WORDS
from tieout.services.match_requests import PERSON, Explanation, WhyNot
from tieout.services.match_rules import Wanted, tie_refusals, wanted_of
from tieout.services.permitting import not_permitted
from tieout.services.stored_matches import evidence_of, line_amounts, match_of, side_of
from tieout.services.told_reasons import told_reasons
from tieout.store.protocols import Condition, Reading

__all__ = ["Explanation", "WhyNot", "explain", "why_not"]


def explain(context: Context, principal: Principal, entity_id: int, match_id: int) -> Explanation | Denied:
    """The equation of a match in minor units, checked anew, its reasons and evidence.

    Lines are taken in the version that the match used. Needs READ. Refused: not_found.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        stored = view.match(entity_id, match_id)
        if stored is None:
            return denied("not_found", "match")
        lines = _lines_used(view, stored)
        entity = view.one(Entity, id=entity_id)
    match, evidence = match_of(stored), evidence_of(stored.record)
    faults = faults_of(match, line_amounts(list(lines.values())))
    return Explanation(
        match=stored,
        equation=equations(match),
        holds=not faults,
        faults=tuple(str(fault) for fault in faults),
        reasons=told_reasons(stored, lines),
        supporting=tuple(evidence.get("for", ())),
        contradicting=tuple(evidence.get("against", ())),
        realised=None if entity is None else _realised(stored, lines, entity.currency),
    )


def _lines_used(view: Reading, stored: StoredMatch) -> dict[int, Line]:
    """By id the version of each line that the match used."""
    found = {}
    for leg in stored.allocations:
        line = view.one(Line, entity_id=leg.entity_id, id=leg.line_id, version=leg.line_version)
        if line is not None:
            found[leg.line_id] = line
    return found


def _realised(stored: StoredMatch, lines: Mapping[int, Line], functional: str) -> Realised | None:
    """M12: settled less carrying value, where a currency other than the functional one takes part."""
    if all(leg.currency == functional for leg in stored.allocations) or stored.record.kind != MatchKind.ACROSS:
        return None
    converted = [
        leg for leg in stored.adjustments if leg.type == AdjustmentType.EXCHANGE and leg.currency == functional
    ]
    values = {
        side: [_value(leg, lines, functional) for leg in stored.allocations if leg.side == side]
        for side in ("statement", "ledger")
    }
    if converted:
        # The leg says what the foreign side came to: it is negative where that side is the bank's.
        amount = converted[0].minor_units
        foreign_settled = all(leg.currency != functional for leg in stored.allocations if leg.side == "statement")
        if foreign_settled:
            values["statement"] = [-amount]
    return realised(values["statement"], values["ledger"], functional)


def _value(leg: AllocationRecord, lines: Mapping[int, Line], functional: str) -> int | None:
    line = lines.get(leg.line_id)
    return None if line is None else value_in(functional, Money(leg.minor_units, leg.currency), line.rate)


def why_not(
    context: Context,
    principal: Principal,
    entity_id: int,
    statement_line_ids: Sequence[int],
    ledger_line_ids: Sequence[int],
) -> WhyNot | Denied:
    """Every rule that refuses to tie what is left of these lines, what speaks against it, and matches that name them.

    Lines of one side alone are asked about as lines that cancel. Needs READ.
    """
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    asked = [*statement_line_ids, *ledger_line_ids]
    with context.store.reading() as view:
        wanted = _wanted(view, principal, entity_id, statement_line_ids, ledger_line_ids)
        named = [
            stored.record.id
            for status in (MatchStatus.PROPOSED, MatchStatus.CONFIRMED)
            for stored in view.matches_of(entity_id, asked, status)
        ]
        refusals = tie_refusals(view, entity_id, wanted)
        reasons = _against(view, entity_id, statement_line_ids, ledger_line_ids)
    return WhyNot(refusals, reasons, tuple(sorted(named)))


def _wanted(
    view: Reading, principal: Principal, entity_id: int, statement: Sequence[int], ledger: Sequence[int]
) -> Wanted:
    kind = MatchKind.ACROSS if statement and ledger else MatchKind.WITHIN
    legs = (Allocation("statement", str(line), 0, "") for line in statement)
    others = (Allocation("ledger", str(line), 0, "") for line in ledger)
    match = Match(0, kind, MatchState.CONFIRMED, PERSON, (*legs, *others))
    wanted = wanted_of(view, principal, entity_id, match)
    return wanted._replace(match=match._replace(allocations=tuple(_whole(leg, wanted) for leg in match.allocations)))


def _whole(leg: Allocation, wanted: Wanted) -> Allocation:
    """The leg with all that is left of its line."""
    now = wanted.lines.get(int(leg.line))
    if now is None or now.line.side != side_of(leg.side):
        return leg
    return leg._replace(minor_units=now.left_minor_units, currency=now.line.currency)


def _against(view: Reading, entity_id: int, statement: Sequence[int], ledger: Sequence[int]) -> tuple[str, ...]:
    """What the texts, parties and accounts of the open lines say against tying any of them, each said once."""
    if not statement or not ledger:
        return ()
    left = view.line_table(entity_id, "statement", Condition("id", "in", list(statement)))
    right = view.line_table(entity_id, "ledger", Condition("id", "in", list(ledger)))
    problem = prepare(left, right, frozenset())
    pairs = np.indices((len(left), len(right))).reshape(2, -1).astype(np.int64)
    bits = contradicting(problem, pairs[0], pairs[1], supporting(problem, pairs[0], pairs[1]))
    codes = dict.fromkeys(code for each in bits.tolist() for code in codes_against(each))
    return tuple(AGAINST_WORDS[code] for code in codes)

"""Matches as they are kept, in the form that the rules and the verifier read."""

import json
from collections.abc import Sequence
from typing import Any

from tieout.domain.kinds import Side
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchRecord, MatchStatus, StoredMatch
from tieout.domain.matches import Adjustment, AdjustmentType, Allocation, Match, MatchKind, MatchState
from tieout.proofs.certificate import LineAmounts


def side_of(text: str) -> Side:
    """The side that a stored word names."""
    return "statement" if text == "statement" else "ledger"


def match_of(stored: StoredMatch) -> Match:
    """A stored match as the rules read it, with line ids as decimal texts; confirmed unless it is proposed."""
    record = stored.record
    return Match(
        id=record.id,
        kind=MatchKind(record.kind),
        state=MatchState.PROPOSED if stored.status is MatchStatus.PROPOSED else MatchState.CONFIRMED,
        matcher=record.matcher,
        allocations=tuple(
            Allocation(side_of(each.side), str(each.line_id), each.minor_units, each.currency)
            for each in stored.allocations
        ),
        adjustments=tuple(
            Adjustment(
                AdjustmentType(each.type),
                each.minor_units,
                each.currency,
                each.account or None,
                each.rule or None,
                each.rate or None,
            )
            for each in stored.adjustments
        ),
        answers=record.answers,
        searched_fully=record.searched_fully,
        steps=record.steps,
    )


def line_amounts(lines: Sequence[Line]) -> LineAmounts:
    """What the verifier knows of these lines."""
    amounts: dict[Side, dict[str, tuple[int, str]]] = {"statement": {}, "ledger": {}}
    for line in lines:
        amounts[side_of(line.side)][str(line.id)] = (line.minor_units, line.currency)
    return amounts


def evidence_of(record: MatchRecord) -> dict[str, Any]:
    """What the engine, or the person, left to explain the match by."""
    found: dict[str, Any] = json.loads(record.evidence) if record.evidence else {}
    return found

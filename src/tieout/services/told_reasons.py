"""The reasons of a stored match in words: as the engine told them, or as a person gave them."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from tieout.domain.lines import Line
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.results import amount_text
from tieout.matching.evidence import Against, For
from tieout.matching.reasons import Told, reasons_for
from tieout.services.stored_matches import evidence_of


def told_reasons(stored: StoredMatch, lines: Mapping[int, Line]) -> tuple[str, ...]:
    """Why the match was made, then what people said of it later.

    lines: those of its allocations, as the match used them, by id.
    """
    evidence = evidence_of(stored.record)
    said = tuple(evidence.get("reasons", ()))
    if stored.record.automatic and not said:
        said = reasons_for(_told(stored, lines, evidence))
    return (*said, *(f"{state.state}: {state.reason}" for state in stored.states if state.reason))


def _told(stored: StoredMatch, lines: Mapping[int, Line], evidence: Mapping[str, Any]) -> Told:
    """What the engine knew, from the match as it is kept."""
    legs = stored.allocations
    count = [leg.side for leg in legs].count("statement")
    ledger_count = len(legs) - count
    shown = legs[-1] if count > 1 and ledger_count == 1 else legs[0]
    party = lines[legs[-1].line_id].counterparty or lines[shown.line_id].counterparty
    hits = stored.record.accidental_hits
    return Told(
        matcher=stored.record.matcher,
        supporting=_bits(evidence.get("for", ()), For),
        contradicting=_bits(evidence.get("against", ()), Against),
        confirmed=stored.record.born == MatchStatus.CONFIRMED,
        considered=evidence.get("considered", 0),
        chosen=ledger_count if ledger_count > 1 or count == 1 else count,
        party=party,
        amount=f"{amount_text(shown.minor_units, shown.currency)} {shown.currency}",
        rules=list(dict.fromkeys(leg.rule for leg in stored.adjustments if leg.rule)),
        partial=any(leg.minor_units != lines[leg.line_id].minor_units for leg in legs),
        action=evidence.get("action"),
        chance=float(hits) if hits else None,
        contested=evidence.get("contested", False),
    )


def _bits(codes: list[str], flags: type[For] | type[Against]) -> int:
    return reduce(lambda bits, code: bits | flags[code.upper()], codes, 0)

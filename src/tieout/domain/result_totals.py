"""What a reader of a result counts first: sums by matcher, and what is open by age."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tieout.domain.kinds import Side
from tieout.domain.matches import Match, MatchKind, MatchState
from tieout.domain.results import OpenLine

# The ages that a list of outstanding lines is grouped by, in days; the last group has no end.
AGE_LIMITS = (30, 60, 90)


@dataclass(slots=True)
class Turnover:
    """What moved, in minor units of one currency: in is positive, out negative."""

    money_in: int = 0
    money_out: int = 0
    adjustments: int = 0

    @property
    def moved(self) -> bool:
        """Whether money moved in this currency; a match in two currencies moves one and adjusts the other."""
        return bool(self.money_in or self.money_out)


@dataclass(slots=True)
class MatcherTotal:
    """The confirmed matches of one matcher; turnover by currency.

    `across` counts the statement side, `within` both legs, so that a transfer shows what left and what arrived.
    """

    matches: int = 0
    lines: int = 0
    turnover: dict[str, Turnover] = field(default_factory=dict)


@dataclass(slots=True)
class MatchTotals:
    """Counts and sums of all matches, and the first few of them to show."""

    by_matcher: dict[str, MatcherTotal] = field(default_factory=dict)
    confirmed: list[Match] = field(default_factory=list)
    proposed: list[Match] = field(default_factory=list)
    confirmed_count: int = 0
    proposed_count: int = 0


def match_totals(matches: Iterable[Match], confirmed_max: int, proposed_max: int) -> MatchTotals:
    """Walk the matches once; at most so many confirmed and proposed ones are kept, the first by id."""
    totals = MatchTotals()
    for match in matches:
        if match.state is MatchState.PROPOSED:
            totals.proposed_count += 1
            if totals.proposed_count <= proposed_max:
                totals.proposed.append(match)
            continue
        totals.confirmed_count += 1
        if totals.confirmed_count <= confirmed_max:
            totals.confirmed.append(match)
        total = totals.by_matcher.get(match.matcher)
        if total is None:
            total = totals.by_matcher[match.matcher] = MatcherTotal()
        _count(total, match)
    return totals


def _count(total: MatcherTotal, match: Match) -> None:
    total.matches += 1
    total.lines += len(match.allocations)
    across = match.kind is MatchKind.ACROSS
    for side, _, minor_units, currency in match.allocations:
        if across and side == "ledger":
            continue
        turnover = _of(total, currency)
        if minor_units < 0:
            turnover.money_out += minor_units
        else:
            turnover.money_in += minor_units
    for leg in match.adjustments:
        _of(total, leg.currency).adjustments += leg.minor_units


def _of(total: MatcherTotal, currency: str) -> Turnover:
    turnover = total.turnover.get(currency)
    if turnover is None:
        turnover = total.turnover[currency] = Turnover()
    return turnover


class AgeGroup(NamedTuple):
    """How many lines of one side and currency are open since so long, and what is left of them in all."""

    lines: int
    minor_units: int  # signed


def ageing(parts: Sequence[OpenLine]) -> dict[tuple[Side, str], list[AgeGroup]]:
    """Per side and currency, in order of appearance: one group per limit of AGE_LIMITS, then the older ones.

    A line without a known age counts as the oldest, since nobody may overlook it.
    """
    groups: dict[tuple[Side, str], tuple[list[int], list[int]]] = {}
    for side, _, remaining, currency, _, age, *_ in parts:
        known = groups.get((side, currency))
        if known is None:
            known = groups[side, currency] = ([0] * (len(AGE_LIMITS) + 1), [0] * (len(AGE_LIMITS) + 1))
        group = len(AGE_LIMITS) if age is None else bisect_left(AGE_LIMITS, age)
        known[0][group] += 1
        known[1][group] += remaining
    return {key: [AgeGroup(*pair) for pair in zip(*known, strict=True)] for key, known in groups.items()}

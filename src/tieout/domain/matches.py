"""Matches: lines tied to each other by allocations and adjustments, and the rules they obey."""

from collections import defaultdict
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from tieout.domain.kinds import Side
from tieout.kernel.errors import Refusal


class MatchKind(StrEnum):
    """`across`: statement lines to ledger lines. `within`: lines of one side that cancel."""

    ACROSS = "across"
    WITHIN = "within"


class MatchState(StrEnum):
    """Whether the match is tied or still somebody's decision."""

    CONFIRMED = "confirmed"
    PROPOSED = "proposed"


class AdjustmentType(StrEnum):
    """What an explicit leg that ends a residual is called in the books."""

    FEE = "fee"
    BANK_CHARGE = "bank_charge"
    TAX = "tax"
    WITHHOLDING_TAX = "withholding_tax"
    DISCOUNT = "discount"
    INTEREST = "interest"
    EXCHANGE = "exchange"
    ROUNDING = "rounding"
    WRITE_OFF = "write_off"


class Allocation(NamedTuple):
    """The signed amount of one line that one match uses; it has the line's sign."""

    side: Side
    line: str  # id, unique inside the side
    minor_units: int
    currency: str


class Adjustment(NamedTuple):
    """An explicit leg that ends a residual; a fee kept by the bank is negative."""

    type: AdjustmentType
    minor_units: int
    currency: str
    account: str | None = None  # where it posts, from the plan
    rule: str | None = None  # the name of the plan's rule that allowed it
    rate: str | None = None  # exact decimal text, on exchange legs


class Residual(NamedTuple):
    """The signed amount left over in a proposed match: statement minus ledger minus adjustments."""

    minor_units: int
    currency: str


class Realised(NamedTuple):
    """Settled value minus carrying value in the functional currency; None where it cannot be computed."""

    minor_units: int | None
    currency: str | None
    reason: str | None  # no_carrying_value where it is not computed


class Evidence(NamedTuple):
    """What speaks for and against a match, as stable codes in a fixed order."""

    supporting: tuple[str, ...] = ()
    contradicting: tuple[str, ...] = ()


class Match(NamedTuple):
    """Lines tied to each other, with everything needed to check and to understand it.

    `across`: per currency, statement allocations = ledger allocations + adjustments.
    `within`: per currency, allocations + adjustments = 0.
    """

    id: int
    kind: MatchKind
    state: MatchState
    matcher: str
    allocations: tuple[Allocation, ...]  # statement before ledger, then by booking day and id
    adjustments: tuple[Adjustment, ...] = ()
    realised: Realised | None = None  # only where two currencies or carrying values meet
    answers: int = 1  # how many answers the search found; it stops counting at 2
    searched_fully: bool = True  # False: a limit was reached, so there may be more answers
    steps: int = 0  # work the search used
    accidental_hits: float | None = None  # matches like this one to expect by chance; None where a reference agrees
    evidence: Evidence = Evidence()
    reasons: tuple[str, ...] = ()
    action: str | None = None  # what to do beside confirming, for a return of money already matched

    def lines(self, side: Side) -> tuple[str, ...]:
        """Ids of the lines of one side, in the order of the allocations."""
        return tuple(allocation.line for allocation in self.allocations if allocation.side == side)

    def residuals(self) -> tuple[Residual, ...]:
        """What is left over, per currency in alphabetical order; empty when the match is balanced."""
        left: defaultdict[str, int] = defaultdict(int)
        for allocation in self.allocations:
            taken = allocation.side == "ledger" and self.kind is MatchKind.ACROSS
            left[allocation.currency] += -allocation.minor_units if taken else allocation.minor_units
        for adjustment in self.adjustments:
            against = self.kind is MatchKind.ACROSS
            left[adjustment.currency] += -adjustment.minor_units if against else adjustment.minor_units
        return tuple(Residual(left[currency], currency) for currency in sorted(left) if left[currency])


class LineFacts(NamedTuple):
    """What the rules of a match need to know of a line; amounts in minor units."""

    minor_units: int  # what is still unallocated before this match, signed
    currency: str
    entity: str = ""


FactsOf = Callable[[Side, str], LineFacts | None]


def refusals(match: Match, facts_of: FactsOf) -> tuple[Refusal, ...]:
    """Every reason this match may not be confirmed; empty when it may.

    facts_of: the line behind (side, id), or None when there is no such line.
    Codes: line_unknown, line_twice, allocation_zero, allocation_sign, allocation_exceeds, currency_differs,
    entities_differ, side_missing, sides_mixed, too_few_lines, residual_remains.
    """
    found = [*_shape_refusals(match), *_twice(match)]
    entities: set[str] = set()
    for allocation in match.allocations:
        facts = facts_of(allocation.side, allocation.line)
        if facts is None:
            found.append(Refusal("line_unknown", allocation.line))
            continue
        entities.add(facts.entity)
        found += _allocation_refusals(allocation, facts)
    if len(entities) > 1:
        found.append(Refusal("entities_differ", "entity"))
    found += [Refusal("residual_remains", residual.currency) for residual in match.residuals()]
    return tuple(found)


def _shape_refusals(match: Match) -> list[Refusal]:
    statement, ledger = len(match.lines("statement")), len(match.lines("ledger"))
    if match.kind is MatchKind.ACROSS:
        missing = [side for side, count in (("statement", statement), ("ledger", ledger)) if not count]
        return [Refusal("side_missing", side) for side in missing]
    if statement and ledger:
        return [Refusal("sides_mixed", "ledger")]
    return [Refusal("too_few_lines", "statement" if statement else "ledger")] if statement + ledger < 2 else []


def _twice(match: Match) -> list[Refusal]:
    seen: set[tuple[Side, str]] = set()
    found = []
    for allocation in match.allocations:
        if (allocation.side, allocation.line) in seen:
            found.append(Refusal("line_twice", allocation.line))
        seen.add((allocation.side, allocation.line))
    return found


def _allocation_refusals(allocation: Allocation, facts: LineFacts) -> list[Refusal]:
    found = []
    if allocation.currency != facts.currency:
        found.append(Refusal("currency_differs", allocation.line))
    if allocation.minor_units == 0:
        found.append(Refusal("allocation_zero", allocation.line))
    elif (allocation.minor_units < 0) != (facts.minor_units < 0):
        found.append(Refusal("allocation_sign", allocation.line))
    elif not _within(allocation.minor_units, facts.minor_units):
        found.append(Refusal("allocation_exceeds", allocation.line))
    return found


def _within(part: int, whole: int) -> bool:
    return part <= whole if whole >= 0 else part >= whole

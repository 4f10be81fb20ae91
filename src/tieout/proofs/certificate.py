"""The certificate of a match: its equation in minor units, and a verifier that shares nothing with the engine.

Everything here is addition and comparison of whole numbers, so that an auditor can follow it line by line.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tieout.domain.kinds import Side
from tieout.domain.matches import Adjustment, AdjustmentType, Match, MatchKind, MatchState
from tieout.domain.results import amount_text
from tieout.kernel.currencies import EXPONENTS
from tieout.proofs.tied import TiedAmounts

# Signed minor units and currency of every line by its id, per side: all that the verifier knows of the lines.
LineAmounts: TypeAlias = Mapping[Side, Mapping[str, tuple[int, str]]]

_SIDES: tuple[Side, Side] = ("statement", "ledger")
# Looking a member up in its class costs as much as checking a leg.
_ACROSS, _PROPOSED, _EXCHANGE = MatchKind.ACROSS, MatchState.PROPOSED, AdjustmentType.EXCHANGE


class CertifiedLeg(NamedTuple):
    """What a match uses of one line, beside the whole amount of that line."""

    side: Side
    line: str
    minor_units: int
    currency: str
    line_total: int


class Certificate(NamedTuple):
    """The equation of one match.

    `across`: per currency, statement legs = ledger legs + adjustments. `within`: per currency, all of them add up to 0.
    """

    match: int
    kind: MatchKind
    legs: tuple[CertifiedLeg, ...]
    adjustments: tuple[Adjustment, ...]


class Fault(NamedTuple):
    """One reason why an equation does not hold; `match` is 0 where it concerns all matches together.

    Codes: side_missing, sides_mixed, too_few_lines, line_unknown, line_twice, line_total_differs, currency_differs,
    allocation_zero, allocation_sign, allocation_exceeds, unbalanced, conversion_differs, line_overused.
    """

    match: int
    code: str
    concerns: str  # the line or the currency
    what: str

    def __str__(self) -> str:
        """The fault as a sentence."""
        return f"match {self.match}: {self.what}" if self.match else self.what


def certificate_of(match: Match, lines: LineAmounts) -> Certificate:
    """The certificate of a match over these lines. Raises KeyError for a line that is not among them."""
    legs = tuple(
        CertifiedLeg(side, line, minor_units, currency, lines[side][line][0])
        for side, line, minor_units, currency in match.allocations
    )
    return Certificate(match.id, match.kind, legs, match.adjustments)


def faults_of(equation: Match | Certificate, lines: LineAmounts) -> tuple[Fault, ...]:
    """Every reason why the equation of one match does not hold over these lines; empty when it holds.

    lines: the lines as they came in, not what other matches leave of them: `Verifier` adds up several matches.
    """
    legs: tuple[_Leg, ...]
    if isinstance(equation, Match):
        number, legs = equation.id, equation.allocations
    else:
        number, legs = equation.match, equation.legs
    found = [*_shape_faults(equation.kind, [leg[0] for leg in legs])]
    for (side, line), count in Counter((leg[0], leg[1]) for leg in legs).items():
        if count > 1:
            found.append(("line_twice", line, f"{side} line {line} is used {count} times"))
    for leg in legs:
        found += _leg_faults(leg, lines)
    found += _balance_faults(equation.kind, legs, equation.adjustments)
    found += _conversion_faults(equation.adjustments)
    return tuple(Fault(number, *fault) for fault in found)


_Fault: TypeAlias = tuple[str, str, str]
_Leg: TypeAlias = tuple[Side, str, int, str] | tuple[Side, str, int, str, int]


def _shape_faults(kind: MatchKind, sides: list[Side]) -> Iterator[_Fault]:
    counts = Counter(sides)
    if kind is MatchKind.ACROSS:
        for side in _SIDES:
            if not counts[side]:
                yield "side_missing", side, f"no {side} line takes part"
    elif len(counts) > 1:
        yield "sides_mixed", "ledger", "lines of both sides in a match within one side"
    elif len(sides) < 2:
        yield "too_few_lines", "statement", "fewer than two lines in a match within one side"


def _leg_faults(leg: _Leg, lines: LineAmounts) -> Iterator[_Fault]:
    side, line, used, currency = leg[:4]
    known = lines[side].get(line)
    if known is None:
        yield "line_unknown", line, f"{side} line {line} is not among the lines"
        return
    whole, line_currency = known
    if len(leg) > 4 and leg[-1] != whole:
        yield "line_total_differs", line, f"{side} line {line} is not of the amount that the certificate states"
    if currency != line_currency:
        yield "currency_differs", line, f"{side} line {line} is in {line_currency}, not in {currency}"
    if not used:
        yield "allocation_zero", line, f"nothing of {side} line {line} is used"
    elif whole and (used < 0) != (whole < 0):
        yield "allocation_sign", line, f"the part of {side} line {line} has the other sign than the line"
    elif not (0 < used <= whole or whole <= used < 0):
        both = f"{amount_text(used, currency)} of {amount_text(whole, line_currency)} {currency}"
        yield "allocation_exceeds", line, f"{side} line {line} is used for {both}"


def _balance_faults(kind: MatchKind, legs: Iterable[_Leg], adjustments: Iterable[Adjustment]) -> Iterator[_Fault]:
    left: defaultdict[str, int] = defaultdict(int)
    across = kind is MatchKind.ACROSS
    for leg in legs:
        left[leg[3]] += -leg[2] if across and leg[0] == "ledger" else leg[2]
    for adjustment in adjustments:
        left[adjustment.currency] += -adjustment.minor_units if across else adjustment.minor_units
    for currency in sorted(left):
        if left[currency]:
            yield "unbalanced", currency, f"{amount_text(left[currency], currency)} {currency} is left over"


def _conversion_faults(adjustments: Iterable[Adjustment]) -> Iterator[_Fault]:
    """A conversion is two exchange legs at one rate, one of them the other converted and rounded once, half to even."""
    legs = [leg for leg in adjustments if leg.type is AdjustmentType.EXCHANGE]
    if not legs:
        return
    first, second = legs[0], legs[-1]
    if len(legs) != 2 or first.currency == second.currency or not first.rate or first.rate != second.rate:
        yield "conversion_differs", first.currency, "a conversion needs two exchange legs in two currencies at one rate"
    elif first.minor_units != _converted(second, first) and second.minor_units != _converted(first, second):
        legs_in_words = " and ".join(f"{amount_text(leg.minor_units, leg.currency)} {leg.currency}" for leg in legs)
        yield "conversion_differs", first.currency, f"{legs_in_words} are not one amount at the rate {first.rate}"


def _converted(leg: Adjustment, other: Adjustment) -> int:
    """What ends the leg, in minor units of the other's currency."""
    scale = Fraction(10) ** (EXPONENTS.get(other.currency, 2) - EXPONENTS.get(leg.currency, 2))
    return round(Fraction(leg.rate or "0") * -leg.minor_units * scale)


class Verifier:
    """Checks match after match, and that all of them together use no line beyond its amount.

    `tied` is what the confirmed matches use of each line, for the proofs that build on it.
    """

    def __init__(self, lines: LineAmounts) -> None:
        self.tied = TiedAmounts()
        self.confirmed = 0
        self._lines = lines
        self._statement, self._ledger = lines["statement"], lines["ledger"]
        self._faults: list[Fault] = []

    def take(self, match: Match) -> None:
        """Check one match; a proposed one uses nothing yet, and its residual is no fault."""
        if match.state is _PROPOSED:
            self._faults += [fault for fault in faults_of(match, self._lines) if fault.code != "unbalanced"]
            return
        self.confirmed += 1
        if not self._is_whole_pair(match) and not self._holds(match):
            self._faults += faults_of(match, self._lines)
        self.tied.tie(match)

    def _is_whole_pair(self, match: Match) -> bool:
        """Whether one whole statement line meets one whole ledger line of the same amount: most matches."""
        if len(match.allocations) != 2 or match.kind is not _ACROSS or match.adjustments:
            return False
        (side, line, used, currency), (other_side, other_line, other_used, other_currency) = match.allocations
        return (
            used == other_used != 0
            and side == "statement"
            and other_side == "ledger"
            and self._statement.get(line) == (used, currency)
            and self._ledger.get(other_line) == (other_used, other_currency)
            and currency == other_currency
        )

    def _holds(self, match: Match) -> bool:
        """Whether the equation is seen to hold at a glance; what is not, a conversion for one, `faults_of` decides."""
        across = match.kind is _ACROSS
        left: dict[str, int] = {}
        statement = 0
        for side, line, used, currency in match.allocations:
            if side == "statement":
                known, signed = self._statement.get(line), used
                statement += 1
            else:
                known, signed = self._ledger.get(line), -used if across else used
            if known is None or currency != known[1] or not (0 < used <= known[0] or known[0] <= used < 0):
                return False
            left[currency] = left.get(currency, 0) + signed
        for adjustment in match.adjustments:
            if adjustment.type is _EXCHANGE or adjustment.currency not in left:
                return False
            left[adjustment.currency] += -adjustment.minor_units if across else adjustment.minor_units
        count = len(match.allocations)
        shape = 0 < statement < count if across else count > 1 and statement in (0, count)
        return shape and not any(left.values()) and ((across and count == 2) or _each_once(match))

    def faults(self) -> tuple[Fault, ...]:
        """Every fault of the matches taken so far, then every line that they use beyond its amount."""
        return (*self._faults, *(fault for side in _SIDES for fault in self._overused(side)))

    def _overused(self, side: Side) -> Iterator[Fault]:
        whole_lines = self._lines[side]
        for line, used in self.tied.of(side).items():
            whole, currency = whole_lines.get(line, (used, ""))
            if used != whole and not (0 <= used < whole or whole < used <= 0):
                both = f"{amount_text(used, currency)} of {amount_text(whole, currency)} {currency}"
                what = f"{side} line {line} is used for {both} by all matches together"
                yield Fault(0, "line_overused", line, what)


def _each_once(match: Match) -> bool:
    return len({leg[:2] for leg in match.allocations}) == len(match.allocations)


def verify(matches: Iterable[Match], lines: LineAmounts) -> tuple[Fault, ...]:
    """Every fault of these matches, alone and together; empty when they all hold."""
    verifier = Verifier(lines)
    for match in matches:
        verifier.take(match)
    return verifier.faults()

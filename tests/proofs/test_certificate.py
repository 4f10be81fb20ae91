"""A certificate holds exactly when its equation does: every fault is found, and named."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tieout.domain.matches import Adjustment, AdjustmentType, Allocation, Match, MatchKind, MatchState
from tieout.proofs.certificate import LineAmounts, certificate_of, faults_of, verify

LINES: LineAmounts = {
    "statement": {
        "S1": (97_00, "NOK"),
        "S2": (-50_00, "NOK"),
        "S3": (50_00, "NOK"),
        "S4": (1_163_43, "NOK"),
        "S5": (0, "NOK"),
    },
    "ledger": {"L1": (60_00, "NOK"), "L2": (40_00, "NOK"), "L3": (101_00, "EUR"), "L4": (97_00, "JPY")},
}


def a_match(
    *allocations: tuple[str, int],
    adjustments: tuple[Adjustment, ...] = (),
    kind: MatchKind = MatchKind.ACROSS,
    state: MatchState = MatchState.CONFIRMED,
    number: int = 1,
) -> Match:
    """A match that uses lines by id, in their own currency."""
    legs = tuple(
        Allocation("statement", line, minor_units, LINES["statement"][line][1])
        if line.startswith("S")
        else Allocation("ledger", line, minor_units, LINES["ledger"].get(line, (0, "NOK"))[1])
        for line, minor_units in allocations
    )
    return Match(number, kind, state, "sum_of_many", legs, adjustments)


def fee(minor_units: int, currency: str = "NOK") -> Adjustment:
    """A fee, negative where the bank kept it."""
    return Adjustment(AdjustmentType.FEE, minor_units, currency, "6570", "card fee up to 3.5 %")


def exchange(minor_units: int, currency: str, rate: str = "11.5191") -> Adjustment:
    """One leg of a conversion."""
    return Adjustment(AdjustmentType.EXCHANGE, minor_units, currency, rate=rate)


WITH_FEE = a_match(("S1", 97_00), ("L1", 60_00), ("L2", 40_00), adjustments=(fee(-3_00),))
CANCELLING = a_match(("S2", -50_00), ("S3", 50_00), kind=MatchKind.WITHIN)
# 101.00 EUR at 11.5191 is 1163.4291 NOK, rounded once to 1163.43.
CONVERTED = a_match(
    ("S4", 1_163_43),
    ("L3", 101_00),
    adjustments=(exchange(1_163_43, "NOK"), exchange(-101_00, "EUR")),
)


@pytest.mark.parametrize("match", [WITH_FEE, CANCELLING, CONVERTED], ids=["fee", "within", "conversion"])
def test_a_match_whose_equation_holds_has_no_fault(match: Match) -> None:
    assert faults_of(match, LINES) == ()
    assert faults_of(certificate_of(match, LINES), LINES) == ()
    assert verify([match], LINES) == ()


@dataclass(frozen=True)
class Broken:
    """A match with one fault, and the code that names it."""

    match: Match
    code: str


BROKEN = {
    "the fee is one øre short": Broken(WITH_FEE._replace(adjustments=(fee(-2_99),)), "unbalanced"),
    "a leg is one øre short": Broken(
        a_match(("S1", 96_99), ("L1", 60_00), ("L2", 40_00), adjustments=(fee(-3_00),)), "unbalanced"
    ),
    "the legs cancel one øre short": Broken(
        a_match(("S2", -49_99), ("S3", 50_00), kind=MatchKind.WITHIN), "unbalanced"
    ),
    "a line is used twice": Broken(a_match(("S1", 97_00), ("L1", 57_00), ("L2", 20_00), ("L2", 20_00)), "line_twice"),
    "a leg has the other sign": Broken(
        a_match(("S1", 97_00), ("L1", -60_00), ("L2", 40_00), adjustments=(fee(117_00),)), "allocation_sign"
    ),
    "more is used than the line has": Broken(
        a_match(("S1", 97_00), ("L1", 60_00), ("L2", 40_01), adjustments=(fee(-3_01),)), "allocation_exceeds"
    ),
    "nothing is used of a line": Broken(
        a_match(("S1", 97_00), ("S5", 0), ("L1", 60_00), ("L2", 40_00), adjustments=(fee(-3_00),)), "allocation_zero"
    ),
    "something is used of a line of 0.00": Broken(
        a_match(("S1", 97_00), ("S5", 3_00), ("L1", 60_00), ("L2", 40_00)), "allocation_exceeds"
    ),
    "the ledger side is missing": Broken(a_match(("S2", -50_00), ("S3", 50_00)), "side_missing"),
    "sides are mixed within one": Broken(a_match(("S2", -50_00), ("L1", 50_00), kind=MatchKind.WITHIN), "sides_mixed"),
    "a line cancels alone": Broken(
        a_match(("S3", 50_00), adjustments=(fee(-50_00),), kind=MatchKind.WITHIN), "too_few_lines"
    ),
    "a line is unknown": Broken(a_match(("S1", 97_00), ("L9", 97_00)), "line_unknown"),
    "yen pay kroner": Broken(a_match(("S1", 97_00), ("L4", 97_00)), "unbalanced"),
    "the conversion has one leg": Broken(
        CONVERTED._replace(adjustments=(exchange(1_163_43, "NOK"), fee(-101_00, "EUR"))), "conversion_differs"
    ),
    "the conversion hides an øre": Broken(
        CONVERTED._replace(
            adjustments=(exchange(1_163_42, "NOK"), exchange(-101_00, "EUR"), fee(1)),
        ),
        "conversion_differs",
    ),
    "the legs state two rates": Broken(
        CONVERTED._replace(adjustments=(exchange(1_163_43, "NOK"), exchange(-101_00, "EUR", "11.52"))),
        "conversion_differs",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_match_whose_equation_does_not_hold_is_refused_with_its_reason(broken: Broken) -> None:
    faults = faults_of(broken.match, LINES)

    assert broken.code in [fault.code for fault in faults]
    assert set(faults) <= set(verify([broken.match], LINES))


def test_a_leg_in_another_currency_than_its_line_is_named() -> None:
    allocation = WITH_FEE.allocations[0]._replace(currency="SEK")

    faults = faults_of(WITH_FEE._replace(allocations=(allocation, *WITH_FEE.allocations[1:])), LINES)

    assert [fault.code for fault in faults] == ["currency_differs", "unbalanced", "unbalanced"]
    assert str(faults[0]) == "match 1: statement line S1 is in NOK, not in SEK"


def test_a_certificate_that_states_another_amount_of_its_line_is_refused() -> None:
    certificate = certificate_of(WITH_FEE, LINES)
    leg = certificate.legs[0]._replace(line_total=100_00)

    faults = faults_of(certificate._replace(legs=(leg, *certificate.legs[1:])), LINES)

    assert [fault.code for fault in faults] == ["line_total_differs"]


def test_what_is_left_over_is_said_with_its_sign() -> None:
    short = a_match(("S1", 97_00), ("L1", 60_00), ("L2", 40_00))

    assert [str(fault) for fault in faults_of(short, LINES)] == ["match 1: -3.00 NOK is left over"]


def test_two_matches_may_share_a_line_up_to_its_amount() -> None:
    first = a_match(("S3", 30_00), ("L1", 30_00))
    second = a_match(("S3", 20_00), ("L2", 20_00), number=2)

    assert verify([first, second], LINES) == ()


def test_two_matches_that_share_more_than_the_line_has_are_refused_together() -> None:
    first = a_match(("S3", 30_00), ("L1", 30_00))
    second = a_match(("S3", 20_01), ("L2", 20_01), number=2)

    faults = verify([first, second], LINES)

    assert [fault.code for fault in faults] == ["line_overused"]
    assert str(faults[0]) == "statement line S3 is used for 50.01 of 50.00 NOK by all matches together"


def test_a_proposed_match_may_leave_money_over_and_uses_nothing_yet() -> None:
    proposal = a_match(("S1", 97_00), ("L1", 60_00), ("L2", 40_00), state=MatchState.PROPOSED)

    assert verify([proposal, WITH_FEE._replace(id=2)], LINES) == ()


def test_a_proposed_match_may_not_use_more_than_a_line_has() -> None:
    proposal = a_match(("S1", 97_01), ("L1", 60_00), ("L2", 40_00), state=MatchState.PROPOSED)

    assert [fault.code for fault in verify([proposal], LINES)] == ["allocation_exceeds"]


def one_more(match: Match, leg: int) -> Match:
    """The match with one minor unit more on one allocation."""
    moved = match.allocations[leg]._replace(minor_units=match.allocations[leg].minor_units + 1)
    return match._replace(allocations=(*match.allocations[:leg], moved, *match.allocations[leg + 1 :]))


def one_less(match: Match, leg: int) -> Match:
    """The match with one minor unit less on one allocation."""
    moved = match.allocations[leg]._replace(minor_units=match.allocations[leg].minor_units - 1)
    return match._replace(allocations=(*match.allocations[:leg], moved, *match.allocations[leg + 1 :]))


@pytest.mark.parametrize("moved", [one_more, one_less], ids=["one more", "one less"])
@pytest.mark.parametrize("match", [WITH_FEE, CANCELLING, CONVERTED], ids=["fee", "within", "conversion"])
def test_a_match_of_which_any_leg_moves_by_one_minor_unit_is_refused(
    match: Match, moved: Callable[[Match, int], Match]
) -> None:
    for leg in range(len(match.allocations)):
        assert "unbalanced" in [fault.code for fault in verify([moved(match, leg)], LINES)]

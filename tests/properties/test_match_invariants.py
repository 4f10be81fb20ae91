"""What holds of every match, whatever the lines are: signs, sums, sides, and nothing used twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.given_lines import Line, confirmed, reconciled
from tests.properties.sides import Sides, sides
from tieout.domain.matches import AdjustmentType, LineFacts, Match, MatchKind, MatchState, refusals
from tieout.kernel.currencies import EXPONENTS
from tieout.proofs.certificate import faults_of, verify
from tieout.proofs.line_amounts import line_amounts


def by_id(company: Sides) -> dict[tuple[str, str], Line]:
    """Every line of both sides."""
    lines = {("statement", line.id): line for line in company.statement}
    return lines | {("ledger", line.id): line for line in company.ledger}


def signed_sums(match: Match) -> dict[str, int]:
    """Statement less ledger less adjustments, or all of them where lines of one side cancel; without the zeros."""
    against = -1 if match.kind is MatchKind.ACROSS else 1
    sums: Counter[str] = Counter()
    for side, _, minor_units, currency in match.allocations:
        sums[currency] += minor_units * (against if side == "ledger" else 1)
    for adjustment in match.adjustments:
        sums[adjustment.currency] += against * adjustment.minor_units
    return {currency: units for currency, units in sums.items() if units}


@given(sides())
def test_every_allocation_has_the_sign_of_its_line_and_all_together_never_exceed_it(company: Sides) -> None:
    lines = by_id(company)
    used: defaultdict[tuple[str, str], int] = defaultdict(int)

    for match in confirmed(reconciled(*company)):
        for side, line, minor_units, currency in match.allocations:
            used[side, line] += minor_units
            whole = lines[side, line]
            assert currency == whole.currency
            assert minor_units * whole.minor_units > 0

    for key, minor_units in used.items():
        assert min(lines[key].minor_units, 0) <= minor_units <= max(lines[key].minor_units, 0)


@given(sides())
def test_every_confirmed_match_balances_in_every_currency(company: Sides) -> None:
    for match in confirmed(reconciled(*company)):
        assert signed_sums(match) == {}


@given(sides())
def test_a_match_has_lines_of_both_sides_or_at_least_two_of_one_and_none_twice(company: Sides) -> None:
    for match in reconciled(*company).matches():
        statement, ledger = match.lines("statement"), match.lines("ledger")
        assert len({*statement}) == len(statement)
        assert len({*ledger}) == len(ledger)
        if match.kind is MatchKind.ACROSS:
            assert statement
            assert ledger
        else:
            assert not (statement and ledger)
            assert len(statement) + len(ledger) >= 2


@given(sides())
def test_the_rules_of_the_domain_and_the_verifier_accept_every_confirmed_match(company: Sides) -> None:
    result = reconciled(*company)
    amounts = line_amounts(result.statement, result.ledger)

    def facts_of(side: str, line: str) -> LineFacts | None:
        minor_units, currency = amounts[side][line]  # type: ignore[index]
        return LineFacts(minor_units, currency)

    assert verify(result.matches(), amounts) == ()
    assert [refusals(match, facts_of) for match in confirmed(result) if refusals(match, facts_of)] == []


@given(sides(), st.data())
def test_moving_any_leg_of_a_confirmed_match_by_one_minor_unit_breaks_its_certificate(
    company: Sides, choice: st.DataObject
) -> None:
    result = reconciled(*company)
    amounts = line_amounts(result.statement, result.ledger)
    step = choice.draw(st.sampled_from((1, -1)))

    for match in confirmed(result):
        for moved in (*moved_allocations(match, step), *moved_adjustments(match, step)):
            assert faults_of(moved, amounts) != ()
            assert verify([moved], amounts) != ()


def moved_allocations(match: Match, step: int) -> Iterable[Match]:
    """The match with each of its allocations moved in turn."""
    for place, leg in enumerate(match.allocations):
        changed = leg._replace(minor_units=leg.minor_units + step)
        yield match._replace(allocations=(*match.allocations[:place], changed, *match.allocations[place + 1 :]))


def moved_adjustments(match: Match, step: int) -> Iterable[Match]:
    """The match with each of its adjustments moved in turn."""
    for place, leg in enumerate(match.adjustments):
        changed = leg._replace(minor_units=leg.minor_units + step)
        yield match._replace(adjustments=(*match.adjustments[:place], changed, *match.adjustments[place + 1 :]))


@given(sides())
def test_a_conversion_rounds_once_and_says_what_the_rate_does_not(company: Sides) -> None:
    lines = by_id(company)
    for match in confirmed(reconciled(*company)):
        exchange = [leg for leg in match.adjustments if leg.type is AdjustmentType.EXCHANGE]
        if not exchange:
            continue
        local, foreign = exchange
        rate = Fraction(local.rate or "")
        scale = Fraction(10) ** (EXPONENTS[local.currency] - EXPONENTS[foreign.currency])
        paid = sum(leg.minor_units for leg in match.allocations if leg.side == "statement")
        rounding = [leg.minor_units for leg in match.adjustments if leg.type is AdjustmentType.ROUNDING]
        carrying = [lines["ledger", line].base_amount for line in match.lines("ledger")]

        assert local.minor_units == round(rate * -foreign.minor_units * scale)
        assert sum(rounding) == paid - local.minor_units
        assert match.realised is not None
        assert match.realised.minor_units == paid - sum(int(text.replace(".", "")) for text in carrying)


@given(sides())
def test_the_counts_of_a_result_are_those_of_its_matches(company: Sides) -> None:
    result = reconciled(*company)

    states = Counter(match.state for match in result.matches())

    assert states[MatchState.CONFIRMED] == result.matches_confirmed
    assert states[MatchState.PROPOSED] == result.matches_proposed
    assert [match.id for match in result.matches()] == list(range(1, sum(states.values()) + 1))

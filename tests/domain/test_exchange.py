"""A conversion rounds once, and says what the rounding left; a gain is settled less carrying value, or not computed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis.strategies import integers, sampled_from, tuples

from tieout.domain.exchange import converted, exchange_legs, rate_of, realised, value_in
from tieout.domain.matches import Adjustment, AdjustmentType, Allocation, Match, MatchKind, MatchState
from tieout.kernel.money import Money
from tieout.proofs.certificate import faults_of

EXCHANGE, ROUNDING = AdjustmentType.EXCHANGE, AdjustmentType.ROUNDING


def test_euros_on_the_bank_are_tied_to_kroner_in_the_books_by_one_leg_per_currency() -> None:
    legs, refusals = exchange_legs(Money(100_00, "EUR"), Money(1150_00, "NOK"), "11.50", "NOK")

    assert refusals == ()
    assert legs == (
        Adjustment(EXCHANGE, -1150_00, "NOK", rate="11.50"),
        Adjustment(EXCHANGE, 100_00, "EUR", rate="11.50"),
    )


def test_kroner_on_the_bank_are_tied_to_euros_in_the_books_by_one_leg_per_currency() -> None:
    legs, refusals = exchange_legs(Money(-1150_00, "NOK"), Money(-100_00, "EUR"), "11.5", "NOK")

    assert refusals == ()
    assert legs == (
        Adjustment(EXCHANGE, -1150_00, "NOK", rate="11.5"),
        Adjustment(EXCHANGE, 100_00, "EUR", rate="11.5"),
    )


def test_what_rounding_leaves_is_a_leg_of_its_own() -> None:
    legs, refusals = exchange_legs(Money(5, "EUR"), Money(57, "NOK"), "11.5", "NOK")

    assert refusals == ()
    assert legs[0].minor_units == -58, "57.5 rounds to the even 58"
    assert legs[2] == Adjustment(ROUNDING, 1, "NOK")


def test_a_rate_that_does_not_give_the_other_side_is_refused_with_both_figures() -> None:
    legs, refusals = exchange_legs(Money(100_00, "EUR"), Money(1160_00, "NOK"), "11.50", "NOK")

    assert legs == ()
    assert [refusal.code for refusal in refusals] == ["rate_differs"]
    assert (refusals[0].fact("converted"), refusals[0].fact("given")) == ("115000", "116000")


@pytest.mark.parametrize("rate", ["", "0", "0.00", "-1", "1e3", "11,5", "NaN", " 1", "1_0", "1." + "0" * 13])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    _, refusals = exchange_legs(Money(100_00, "EUR"), Money(1150_00, "NOK"), rate, "NOK")

    assert rate_of(rate) is None
    assert [refusal.code for refusal in refusals] == ["not_allowed"]


@pytest.mark.parametrize(("ledger", "into"), [("EUR", "EUR"), ("NOK", "USD")])
def test_a_rate_into_a_currency_of_neither_side_converts_nothing(ledger: str, into: str) -> None:
    _, refusals = exchange_legs(Money(100_00, "EUR"), Money(1150_00, ledger), "11.50", into)

    assert [refusal.code for refusal in refusals] == ["currency_differs"]


def test_currencies_without_decimals_are_converted_by_their_own_units() -> None:
    assert converted(Money(1_000, "JPY"), "KWD", "0.002") == 2_000
    assert converted(Money(2_500, "KWD"), "JPY", "500.2") == 1250  # 1250.5 is halfway: to the even


@given(
    amount=integers(-(10**12), 10**12).filter(bool),
    rate=integers(1, 10**9).map(lambda units: f"{units // 10**6}.{units % 10**6:06}"),
    currencies=sampled_from([("EUR", "NOK"), ("JPY", "NOK"), ("NOK", "KWD"), ("KWD", "JPY")]),
    given_and_side=tuples(integers(-1, 1), sampled_from(["statement", "ledger"])),
)
def test_every_conversion_balances_in_both_currencies_and_is_accepted_by_the_verifier(
    amount: int, rate: str, currencies: tuple[str, str], given_and_side: tuple[int, str]
) -> None:
    foreign, into = currencies
    off, foreign_side = given_and_side
    local = Money(converted(Money(amount, foreign), into, rate) + off, into)
    sides = (Money(amount, foreign), local) if foreign_side == "statement" else (local, Money(amount, foreign))

    legs, refusals = exchange_legs(*sides, rate, into)

    match = Match(
        id=1,
        kind=MatchKind.ACROSS,
        state=MatchState.CONFIRMED,
        matcher="person",
        allocations=(
            Allocation("statement", "S", sides[0].minor_units, sides[0].currency),
            Allocation("ledger", "L", sides[1].minor_units, sides[1].currency),
        ),
        adjustments=legs,
    )
    faults = faults_of(match, {"statement": {"S": _line(sides[0])}, "ledger": {"L": _line(sides[1])}})
    assert refusals == ()
    assert match.residuals() == ()
    assert {fault.code for fault in faults} <= {"allocation_zero"}, "an amount may round to nothing"


def _line(money: Money) -> tuple[int, str]:
    return money.minor_units, money.currency


@given(amount=integers(-(10**15), 10**15), rate=integers(1, 10**9))
def test_a_conversion_is_never_further_from_the_exact_value_than_half_a_minor_unit(amount: int, rate: int) -> None:
    exact = Fraction(rate, 10**6) * amount

    rounded = converted(Money(amount, "EUR"), "NOK", f"{rate // 10**6}.{rate % 10**6:06}")

    assert Fraction(-1, 2) <= rounded - exact <= Fraction(1, 2)


def test_a_gain_is_settled_less_carrying_value() -> None:
    assert realised([1160_00], [700_00, 450_00], "NOK").minor_units == 10_00
    assert realised([-1160_00], [-1150_00], "NOK").minor_units == -10_00


@pytest.mark.parametrize(
    ("settled", "carrying", "reason"),
    [
        ([100], [None], "no_carrying_value"),
        ([100], [], "no_carrying_value"),
        ([None], [100], "no_settled_value"),
        ([], [100], "no_settled_value"),
    ],
)
def test_a_gain_that_cannot_be_computed_is_never_zero(
    settled: list[int | None], carrying: list[int | None], reason: str
) -> None:
    gain = realised(settled, carrying, "NOK")

    assert (gain.minor_units, gain.reason) == (None, reason)


def test_a_part_of_a_line_is_worth_its_rate_and_nothing_without_one() -> None:
    assert value_in("NOK", Money(100_00, "EUR"), "11.5") == 1150_00
    assert value_in("NOK", Money(100_00, "NOK"), "") == 100_00
    assert value_in("NOK", Money(100_00, "EUR"), "") is None

"""Which residual a plan's rules explain, and by which typed leg."""

from hypothesis import given
from hypothesis.strategies import integers, sampled_from

from tieout.domain.matches import AdjustmentType
from tieout.domain.plans import AdjustmentRule
from tieout.matching.adjusting import allows, gross_bounds, leg_for, limit_of

CARD_FEE = AdjustmentRule(AdjustmentType.FEE, "card fee", percent_max="3.5", amount_max="50.00", account="6570")
DISCOUNT = AdjustmentRule(AdjustmentType.DISCOUNT, "early payment", percent_max="2")
BANK_CHARGE = AdjustmentRule(AdjustmentType.BANK_CHARGE, "returned payment", amount_max="50.00")
EXCHANGE = AdjustmentRule(AdjustmentType.EXCHANGE, "drift", percent_max="5")


def test_a_limit_is_the_smaller_of_percentage_and_amount() -> None:
    assert limit_of(CARD_FEE, 100_00, "NOK") == 3_50
    assert limit_of(CARD_FEE, 100_000_00, "NOK") == 50_00
    assert limit_of(BANK_CHARGE, 1_00, "NOK") == 50_00


def test_a_limit_follows_the_decimals_of_the_currency() -> None:
    assert limit_of(CARD_FEE, 1_000_000, "JPY") == 50
    assert limit_of(BANK_CHARGE, 1, "KWD") == 50_000


def test_a_percentage_is_rounded_down_so_that_nothing_above_it_passes() -> None:
    assert limit_of(DISCOUNT, 1_99, "NOK") == 3


def test_a_fee_is_a_cost_whether_money_comes_in_short_or_goes_out_long() -> None:
    assert allows(CARD_FEE, -3_00, 100_00, "NOK")
    assert allows(CARD_FEE, -3_00, -100_00, "NOK")
    assert not allows(CARD_FEE, 3_00, 100_00, "NOK")


def test_a_discount_is_what_was_not_paid_on_either_side() -> None:
    assert allows(DISCOUNT, -2_00, 100_00, "NOK")
    assert allows(DISCOUNT, 2_00, -100_00, "NOK")
    assert not allows(DISCOUNT, -2_00, -100_00, "NOK")


def test_nothing_left_over_needs_no_leg() -> None:
    assert not allows(CARD_FEE, 0, 100_00, "NOK")
    assert leg_for([CARD_FEE], 0, 100_00, "NOK") is None


def test_a_rule_that_is_hit_exactly_wins_over_one_that_merely_allows() -> None:
    leg = leg_for([CARD_FEE, DISCOUNT], -2_00, 100_00, "NOK")

    assert leg is not None
    assert (leg.type, leg.rule) == (AdjustmentType.DISCOUNT, "early payment")


def test_without_an_exact_hit_the_plan_decides_by_its_order() -> None:
    leg = leg_for([CARD_FEE, DISCOUNT], -1_50, 100_00, "NOK")

    assert leg is not None
    assert (leg.type, leg.minor_units, leg.account) == (AdjustmentType.FEE, -1_50, "6570")


def test_an_exchange_rule_explains_nothing_in_one_currency() -> None:
    assert leg_for([EXCHANGE], -1_00, 100_00, "NOK") is None
    assert gross_bounds([EXCHANGE], 100_00, "NOK") == (100_00, 100_00)


@given(gross=integers(1, 10_000_000), short=integers(0, 400_000), sign=sampled_from([1, -1]))
def test_every_gross_that_a_rule_explains_lies_between_the_bounds(gross: int, short: int, sign: int) -> None:
    paid = sign * gross - short

    low, high = gross_bounds([CARD_FEE, DISCOUNT], paid, "NOK")

    if leg_for([CARD_FEE, DISCOUNT], paid - sign * gross, sign * gross, "NOK") is not None:
        assert low <= sign * gross <= high

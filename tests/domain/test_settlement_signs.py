"""No sign is assumed: the rule is the one that ties the batch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.kinds import STATEMENT_KINDS
from tieout.domain.settlement_signs import ReportedValue, effect, ruling
from tieout.domain.settlements import SignRule

SALE = ReportedValue("sale", "SALE", 570_00)
COMMISSION = ReportedValue("fee", "COMISSION", 85_50)
COMMISSION_AS_DEBIT = ReportedValue("fee", "COMISSION", -85_50)

values = st.builds(
    ReportedValue, st.sampled_from(STATEMENT_KINDS[1:]), st.just("X"), st.integers(-(10**9), 10**9).filter(bool)
)


def test_a_commission_written_as_a_positive_value_is_taken_where_only_that_gives_the_payout() -> None:
    assert ruling([SALE, COMMISSION], 0, 484_50) is SignRule.BY_TYPE


def test_values_whose_own_signs_give_the_payout_are_taken_as_they_are() -> None:
    adjusted_up = ReportedValue("fee", "COMISSION", 1_00)

    assert ruling([SALE, COMMISSION_AS_DEBIT, adjusted_up], 0, 485_50) is SignRule.AS_RECEIVED


def test_two_rules_that_mean_the_same_are_one() -> None:
    assert ruling([SALE, COMMISSION_AS_DEBIT], 0, 484_50) is SignRule.AS_RECEIVED


def test_nothing_is_decided_where_neither_rule_gives_the_payout() -> None:
    assert ruling([SALE, COMMISSION], 0, 500_00) is None
    assert ruling([SALE, COMMISSION_AS_DEBIT], 0, 500_00) is None


def test_nothing_is_decided_where_both_rules_give_the_payout_in_different_ways() -> None:
    sale, refund = ReportedValue("sale", "SALE", -10_00), ReportedValue("refund", "RETURN_SALE", 10_00)

    assert ruling([sale, refund], 0, 0) is None


def test_nothing_is_decided_where_nothing_says_a_payout() -> None:
    assert ruling([SALE, COMMISSION], 0, None) is None


def test_what_is_carried_over_counts_as_it_is() -> None:
    assert ruling([SALE, COMMISSION], -84_50, 400_00) is SignRule.BY_TYPE


@pytest.mark.parametrize(
    ("kind", "entry_type", "sign"),
    [
        ("sale", "SALE", 1),
        ("fee", "COMISSION", -1),
        ("fee", "RETURN_COMISSION", 1),
        ("tax", "TAX", -1),
        ("refund", "RETURN_SALE", -1),
        ("chargeback", "CHARGEBACK", -1),
        ("chargeback_reversed", "CHARGEBACK_CANCEL", 1),
        ("reserve_hold", "HOLD", -1),
        ("reserve_release", "RELEASE", 1),
        ("payout", "TRANSFER", -1),
    ],
)
def test_a_kind_with_a_direction_says_the_sign_whatever_sign_was_written(kind: str, entry_type: str, sign: int) -> None:
    effects = {effect(SignRule.BY_TYPE, ReportedValue(kind, entry_type, amount)) for amount in (5_00, -5_00)}

    assert effects == {sign * 5_00}


@pytest.mark.parametrize("kind", ["adjustment", "exchange", "carry_over"])
def test_a_kind_without_a_direction_keeps_its_own_sign(kind: str) -> None:
    assert [effect(SignRule.BY_TYPE, ReportedValue(kind, "X", amount)) for amount in (5_00, -5_00)] == [5_00, -5_00]


@given(
    reported=st.lists(values, min_size=1, max_size=8), carried=st.integers(-1000, 1000), rule=st.sampled_from(SignRule)
)
def test_what_is_decided_gives_the_payout_and_the_other_rule_does_not_or_is_the_same(
    reported: list[ReportedValue], carried: int, rule: SignRule
) -> None:
    payout = sum(effect(rule, each) for each in reported) + carried

    decided = ruling(reported, carried, payout)

    effects = {each: [effect(each, value) for value in reported] for each in SignRule}
    (other,) = set(SignRule) - {rule}
    if sum(effects[other]) + carried != payout:
        assert decided is rule
    else:
        assert decided is (SignRule.AS_RECEIVED if effects[rule] == effects[other] else None)

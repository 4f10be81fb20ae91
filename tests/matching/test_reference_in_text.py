"""The bank's text says which documents, the amount decides: whole, short by a typed leg, converted, or in part."""

import pytest

from tests.given_lines import Line, a_plan, confirmed, proposed, reconciled, suggested, tied
from tieout.domain.matches import Adjustment, AdjustmentType, Realised

PLAN = a_plan(
    """
[[pass]]
matcher = "reference_in_text"
days = 45
[[pass.adjust]]
type = "discount"
name = "early-payment discount up to 3 %"
percent_max = "3"
account = "4700"
[[pass.adjust]]
type = "fee"
name = "card fee up to 5 %"
percent_max = "5"
amount_max = "50.00"
account = "6570"
[[pass.adjust]]
type = "exchange"
name = "exchange drift up to 5 %"
percent_max = "5"
account = "8060"
"""
)


def invoice(line: str, amount: str, number: str, currency: str = "NOK", base_amount: str = "") -> Line:
    """A document of 1 May with its number."""
    return Line(line, amount, 1, currency, reference=number, base_amount=base_amount)


def test_a_payment_that_names_its_document_in_its_text_ties() -> None:
    result = reconciled([Line("S1", "97.00", 9, description="thanks, INV 2026/01!")],
                        [invoice("L1", "97.00", "INV-2026-01")], PLAN)  # fmt: skip

    assert tied(result) == ["S1 = L1"]
    assert confirmed(result)[0].evidence.supporting == ("named",)


@pytest.mark.parametrize("text", ["INV-2026-011", "XINV202601Y", "20260101"])
def test_a_number_that_is_only_part_of_another_one_names_nothing(text: str) -> None:
    result = reconciled([Line("S1", "97.00", description=text)], [invoice("L1", "97.00", "INV-2026-01")], PLAN)

    assert tied(result) == []


def test_one_payment_of_two_documents_that_it_names_ties_both() -> None:
    ledger = [invoice("L1", "60.00", "INV-2026-01"), invoice("L2", "40.00", "INV-2026-02")]

    result = reconciled([Line("S1", "100.00", 9, description="INV-2026-01 INV-2026-02")], ledger, PLAN)

    assert tied(result) == ["S1 = L1 L2"]


def test_a_credit_note_that_is_named_comes_off() -> None:
    ledger = [invoice("L1", "60.00", "INV-2026-01"), invoice("L2", "-10.00", "CRN-2026-02")]

    result = reconciled([Line("S1", "50.00", 9, description="INV-2026-01 less CRN-2026-02")], ledger, PLAN)

    assert tied(result) == ["S1 = L1 L2"]


@pytest.mark.parametrize(
    ("paid", "leg"),
    [
        ("97.00", Adjustment(AdjustmentType.DISCOUNT, -3_00, "NOK", "4700", "early-payment discount up to 3 %")),
        ("95.50", Adjustment(AdjustmentType.FEE, -4_50, "NOK", "6570", "card fee up to 5 %")),
        ("95.00", Adjustment(AdjustmentType.FEE, -5_00, "NOK", "6570", "card fee up to 5 %")),
    ],
)
def test_what_a_payment_is_short_becomes_one_typed_leg_of_the_first_rule_that_allows_it(
    paid: str, leg: Adjustment
) -> None:
    result = reconciled(
        [Line("S1", paid, 9, description="INV-2026-01")], [invoice("L1", "100.00", "INV-2026-01")], PLAN
    )

    (match,) = confirmed(result)
    assert match.adjustments == (leg,)
    assert [leg.minor_units for leg in match.allocations] == [match.allocations[0].minor_units, 100_00]


def test_a_supplier_paid_short_by_a_discount_gets_a_leg_of_the_other_sign() -> None:
    result = reconciled([Line("S1", "-98.00", 9, description="F-77001")], [invoice("L1", "-100.00", "F-77001")], PLAN)

    assert [leg.minor_units for leg in confirmed(result)[0].adjustments] == [2_00]


def test_a_payment_that_is_short_by_more_than_the_rules_allow_is_part_of_the_document() -> None:
    result = reconciled(
        [Line("S1", "40.00", 9, description="INV-2026-01")], [invoice("L1", "100.00", "INV-2026-01")], PLAN
    )

    assert tied(result) == ["S1 = L1"]
    assert [leg.minor_units for leg in confirmed(result)[0].allocations] == [40_00, 40_00]
    assert [(part.line, part.remaining) for part in result.open_lines] == [("L1", 60_00)]


def test_two_part_payments_of_one_document_both_tie_up_to_its_amount() -> None:
    statement = [Line("S1", "40.00", 9, description="INV-2026-01"), Line("S2", "50.00", 12, description="INV-2026-01")]

    result = reconciled(statement, [invoice("L1", "100.00", "INV-2026-01")], PLAN)

    assert tied(result) == ["S1 = L1", "S2 = L1"]
    assert [(part.line, part.remaining) for part in result.open_lines] == [("L1", 10_00)]


def test_two_part_payments_that_together_pay_too_much_are_only_proposed() -> None:
    statement = [Line("S1", "60.00", 9, description="INV-2026-01"), Line("S2", "70.00", 12, description="INV-2026-01")]

    result = reconciled(statement, [invoice("L1", "100.00", "INV-2026-01")], PLAN)

    assert tied(result) == []
    assert suggested(result) == ["S1 = L1", "S2 = L1"]


def test_the_payment_that_is_exact_is_preferred_to_one_in_part() -> None:
    statement = [Line("S1", "40.00", 3, description="INV-2026-01"), Line("S2", "100.00", 12, description="INV-2026-01")]

    assert tied(reconciled(statement, [invoice("L1", "100.00", "INV-2026-01")], PLAN)) == ["S2 = L1"]


def test_more_money_than_the_document_asks_for_is_proposed_for_what_it_asks() -> None:
    result = reconciled(
        [Line("S1", "120.00", 9, description="INV-2026-01")], [invoice("L1", "100.00", "INV-2026-01")], PLAN
    )

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])
    (match,) = proposed(result)
    assert [leg.minor_units for leg in match.allocations] == [100_00, 100_00]
    assert match.evidence.contradicting == ("overpaid",)


def test_of_several_instalments_under_one_number_the_one_of_the_amount_is_paid() -> None:
    ledger = [invoice("L1", "40.00", "INV-2026-01"), invoice("L2", "60.00", "INV-2026-01")]

    assert tied(reconciled([Line("S1", "60.00", 9, description="INV-2026-01")], ledger, PLAN)) == ["S1 = L2"]


def test_two_equal_instalments_of_different_days_are_two_answers() -> None:
    ledger = [invoice("L1", "50.00", "INV-2026-01"), Line("L2", "50.00", 20, reference="INV-2026-01")]

    result = reconciled([Line("S1", "50.00", 9, description="INV-2026-01")], ledger, PLAN)

    assert tied(result) == []
    assert [(each.statement, each.answers, each.would_decide) for each in result.ambiguous] == [
        (("S1",), (("L1",), ("L2",)), "booking_date")
    ]


def test_a_document_that_is_named_and_not_paid_blocks_what_is_short() -> None:
    ledger = [invoice("L1", "60.00", "INV-2026-01"), invoice("L2", "40.00", "INV-2026-02")]

    result = reconciled([Line("S1", "60.00", 9, description="INV-2026-01 and INV-2026-02")], ledger, PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])
    assert proposed(result)[0].evidence.contradicting == ("names_other",)


def test_outside_the_window_a_named_document_is_proposed_only() -> None:
    result = reconciled([Line("S1", "97.00", "2026-07-01", description="INV-2026-01")],
                        [invoice("L1", "97.00", "INV-2026-01")], PLAN)  # fmt: skip

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])
    assert proposed(result)[0].evidence.contradicting == ("outside_window",)


def test_a_text_cut_by_the_bank_may_name_more_than_it_shows_so_a_part_is_only_proposed() -> None:
    text = "payment of INV-2026-01 and other".ljust(35, ".")

    result = reconciled([Line("S1", "40.00", 9, description=text)], [invoice("L1", "100.00", "INV-2026-01")], PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])
    assert proposed(result)[0].evidence.contradicting == ("text_cut",)


EURO = invoice("L1", "101.00", "INV-2026-01", currency="EUR", base_amount="1150.00")


def test_a_document_in_another_currency_is_paid_near_its_carrying_value_with_a_leg_per_currency() -> None:
    result = reconciled([Line("S1", "1163.43", 9, description="INV-2026-01")], [EURO], PLAN)

    (match,) = confirmed(result)
    assert [(leg.type, leg.minor_units, leg.currency, leg.rate) for leg in match.adjustments] == [
        ("exchange", 1_163_43, "NOK", "11.51910891"),
        ("exchange", -101_00, "EUR", "11.51910891"),
    ]
    assert match.realised == Realised(13_43, "NOK", None)


def test_what_the_stated_rate_cannot_say_exactly_is_a_rounding_leg() -> None:
    result = reconciled([Line("S1", "1163.43", 9, description="INV-2026-01", rate="11.5192")], [EURO], PLAN)

    assert [(leg.type, leg.minor_units, leg.currency) for leg in confirmed(result)[0].adjustments] == [
        ("exchange", 1_163_44, "NOK"),
        ("exchange", -101_00, "EUR"),
        ("rounding", -1, "NOK"),
    ]


@pytest.mark.parametrize("rate", ["0.0868", "11.4000"])
def test_a_stated_rate_that_does_not_give_the_amount_is_not_believed(rate: str) -> None:
    result = reconciled([Line("S1", "1163.43", 9, description="INV-2026-01", rate=rate)], [EURO], PLAN)

    assert [(leg.type, leg.minor_units, leg.rate) for leg in confirmed(result)[0].adjustments] == [
        ("exchange", 1_163_43, "11.51910891"),
        ("exchange", -101_00, "11.51910891"),
    ]


@pytest.mark.parametrize(
    ("paid", "currency", "base_amount"), [("16000", "JPY", "1150.50"), ("1163.43", "NOK", "1150.005")]
)
def test_a_carrying_value_in_other_decimals_than_the_banks_currency_is_none(
    paid: str, currency: str, base_amount: str
) -> None:
    payment = Line("S1", paid, 9, currency, description="INV-2026-01")

    assert tied(reconciled([payment], [EURO._replace(base_amount=base_amount)], PLAN)) == []


@pytest.mark.parametrize(
    ("paid", "document"),
    [
        pytest.param("1250.00", EURO, id="too far from the carrying value"),
        pytest.param("1163.43", EURO._replace(base_amount=""), id="no carrying value"),
        pytest.param("-1163.43", EURO, id="the other direction"),
    ],
)
def test_a_conversion_that_nothing_vouches_for_is_not_made(paid: str, document: Line) -> None:
    assert tied(reconciled([Line("S1", paid, 9, description="INV-2026-01")], [document], PLAN)) == []


def test_a_number_that_many_lines_share_names_no_document() -> None:
    ledger = [invoice(f"L{number}", f"{number}.00", "PROJECT-77") for number in range(1, 10)]

    assert tied(reconciled([Line("S1", "3.00", 9, description="PROJECT-77")], ledger, PLAN)) == []

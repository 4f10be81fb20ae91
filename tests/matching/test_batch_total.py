"""A payout is the sum of the lines that were paid out together, less what the provider kept."""

import pytest

from tests.given_lines import BANK, SAVINGS, Line, a_plan, confirmed, proposed, reconciled, suggested, tied
from tieout.domain.matches import Adjustment, AdjustmentType

PLAN = a_plan(
    """
[[pass]]
matcher = "batch_total"
days = 10
[[pass.adjust]]
type = "fee"
name = "payout fee up to 5 %"
percent_max = "5"
account = "6570"
"""
)
BATCH = "PO-00042"
ORDERS = [
    Line(f"L{number}", amount, 3, batch=BATCH, kind="order")
    for number, amount in enumerate(("60.00", "45.00", "-5.00"), 1)
]
# Enough other lines, so that an equal total is rare.
OTHERS = [Line(f"X{number:02d}", f"{1_000 + 37 * number}.{number:02d}", 3) for number in range(30)]


@pytest.mark.parametrize(
    "payout",
    [
        pytest.param(Line("S1", "100.00", 5, batch=BATCH), id="carried by the bank line"),
        pytest.param(Line("S1", "100.00", 5, description=f"Payout {BATCH}"), id="named in its text"),
    ],
)
def test_a_payout_that_carries_or_names_the_batch_ties_to_all_of_it(payout: Line) -> None:
    result = reconciled([payout], ORDERS, PLAN)

    assert tied(result) == ["S1 = L1 L2 L3"]
    assert confirmed(result)[0].evidence.supporting == ("batch",)


def test_what_the_provider_kept_of_the_payout_is_a_typed_leg() -> None:
    result = reconciled([Line("S1", "97.00", 5, batch=BATCH)], ORDERS, PLAN)

    (match,) = confirmed(result)
    assert match.adjustments == (Adjustment(AdjustmentType.FEE, -3_00, "NOK", "6570", "payout fee up to 5 %"),)


@pytest.mark.parametrize("paid", ["94.00", "101.00"])
def test_a_payout_that_no_rule_explains_is_proposed_with_what_is_left_over(paid: str) -> None:
    result = reconciled([Line("S1", paid, 5, batch=BATCH)], ORDERS, PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1 L2 L3"])
    (residual,) = proposed(result)[0].residuals()
    assert residual.minor_units == Line("", paid).minor_units - 100_00


def test_the_lines_of_a_provider_tie_to_a_batch_of_the_books_many_to_many() -> None:
    statement = [Line("S1", "105.00", 4, batch=BATCH, kind="sale"), Line("S2", "-5.00", 4, batch=BATCH, kind="refund")]

    assert tied(reconciled(statement, ORDERS, PLAN)) == ["S1 S2 = L1 L2 L3"]


def test_a_batch_further_away_than_the_window_is_proposed_only() -> None:
    result = reconciled([Line("S1", "100.00", "2026-06-30", batch=BATCH)], ORDERS, PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1 L2 L3"])
    assert proposed(result)[0].evidence.contradicting == ("outside_window",)


def test_without_the_name_of_the_batch_a_rare_total_is_enough() -> None:
    orders = [Line("L1", "6012.34", 3, batch=BATCH), Line("L2", "4550.11", 3, batch=BATCH)]
    others = [Line(f"S{number}", f"{100 + 41 * number}.{number:02d}", 5) for number in range(2, 60)]

    result = reconciled([Line("S1", "10562.45", 5), *others], [*orders, *OTHERS], PLAN)

    assert tied(result) == ["S1 = L1 L2"]


def test_a_total_that_chance_would_produce_as_well_is_proposed_only() -> None:
    result = reconciled([Line("S1", "100.00", 5), Line("S2", "90.00", 5), Line("S3", "110.00", 5)], ORDERS, PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1 L2 L3"])


def test_a_payout_that_names_another_open_batch_does_not_tie_to_one_of_equal_total() -> None:
    batches = [
        Line("L1", "100.11", 3, batch="PO-00001"),
        Line("L2", "200.22", 3, batch="PO-00001"),
        Line("L3", "150.00", 3, batch="PO-00002"),
        Line("L4", "260.00", 3, batch="PO-00002"),
    ]

    result = reconciled([Line("S1", "300.33", 5, description="payout PO-00002")], [*batches, *OTHERS], PLAN)

    assert tied(result) == []


def test_a_total_that_needs_more_than_64_bits_is_not_what_is_left_of_it() -> None:
    largest = "92233720368547758.07"
    orders = [Line("L1", largest, 3, batch=BATCH), Line("L2", largest, 3, batch=BATCH)]

    result = reconciled([Line("S1", "-0.02", 3, batch=BATCH)], orders, PLAN)

    assert tied(result) == []
    assert result.conservation.holds


def test_two_lines_that_equal_the_total_are_two_answers_and_neither_is_taken() -> None:
    result = reconciled([Line("S1", "100.00", 5), Line("S2", "100.00", 6)], ORDERS, PLAN)

    assert (tied(result), suggested(result)) == ([], [])


def test_a_payout_of_one_currency_does_not_tie_to_lines_of_another() -> None:
    orders = [line._replace(currency="EUR") for line in ORDERS]

    assert tied(reconciled([Line("S1", "100.00", 5, batch=BATCH)], orders, PLAN)) == []


def test_book_entries_of_a_batch_tie_only_on_their_own_account() -> None:
    entries = [line._replace(kind="customer_batch_payment", account=SAVINGS) for line in ORDERS]
    payout = Line("S1", "100.00", 5, batch=BATCH, account=BANK)

    assert tied(reconciled([payout], entries, PLAN)) == []
    assert tied(reconciled([payout._replace(account=SAVINGS)], entries, PLAN)) == ["S1 = L1 L2 L3"]

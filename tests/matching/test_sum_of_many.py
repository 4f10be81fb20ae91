"""Sums inside one counterparty: counted to two, with credit notes, with a fee where chance would not do it as well."""

import pytest

from tests.given_lines import Line, a_plan, confirmed, proposed, reconciled, suggested, tied

PLAN = a_plan('[[pass]]\nmatcher = "sum_of_many"\ndays = 45\nlines_max = 5')
WITH_FEE = a_plan(
    """
[[pass]]
matcher = "sum_of_many"
days = 45
lines_max = 5
[[pass.adjust]]
type = "fee"
name = "card fee up to 3.5 %"
percent_max = "3.5"
amount_max = "50.00"
account = "6570"
"""
)
NORDIC = "Nordic Timber AS"


def line(name: str, amount: str, day: int = 5, counterparty: str = NORDIC) -> Line:
    """A line of one party."""
    return Line(name, amount, day, counterparty=counterparty)


def test_one_payment_of_several_documents_of_its_party_ties_to_the_only_sum() -> None:
    ledger = [line("L1", "60.00"), line("L2", "40.00"), line("L3", "75.00")]

    result = reconciled([line("S1", "100.00")], ledger, PLAN)

    assert tied(result) == ["S1 = L1 L2"]
    assert confirmed(result)[0].reasons[0] == (f"the only 2 of 3 open lines of {NORDIC} that add up to 100.00 NOK")


def test_several_payments_of_one_document_tie_to_it() -> None:
    assert tied(reconciled([line("S1", "60.00"), line("S2", "40.00")], [line("L1", "100.00")], PLAN)) == ["S1 S2 = L1"]


def test_a_credit_note_takes_part_in_a_sum() -> None:
    ledger = [line("L1", "60.00"), line("L2", "-12.50"), line("L3", "75.00")]

    assert tied(reconciled([line("S1", "47.50")], ledger, PLAN)) == ["S1 = L1 L2"]


def test_two_sums_that_fit_are_both_named_and_neither_is_taken() -> None:
    ledger = [line("L1", "60.00"), line("L2", "40.00"), line("L3", "75.00"), line("L4", "25.00")]

    result = reconciled([line("S1", "100.00")], ledger, PLAN)

    assert tied(result) == []
    (ambiguity,) = result.ambiguous
    assert ambiguity.statement == ("S1",)
    assert sorted(ambiguity.answers) == [("L1", "L2"), ("L3", "L4")]


def test_interchangeable_lines_count_as_one_answer() -> None:
    ledger = [line("L1", "60.00"), line("L2", "40.00"), line("L3", "40.00")]

    assert tied(reconciled([line("S1", "100.00")], ledger, PLAN)) == ["S1 = L1 L2"]


def test_lines_of_different_days_are_not_interchangeable() -> None:
    ledger = [line("L1", "60.00"), line("L2", "40.00", 1), line("L3", "40.00", 2)]

    result = reconciled([line("S1", "100.00")], ledger, PLAN)

    assert tied(result) == []
    assert result.ambiguous[0].would_decide == "booking_date"


def test_an_open_line_that_has_nothing_to_do_with_it_makes_no_pair_more_certain() -> None:
    statement, ledger = [line("S1", "123.45", 31)], [line("L1", "123.45", 1)]

    alone = tied(reconciled(statement, ledger))
    with_another = tied(reconciled(statement, [*ledger, line("L2", "777.00", 1)]))

    assert alone == with_another == []


def test_a_sum_stays_inside_one_counterparty() -> None:
    ledger = [line("L1", "60.00"), line("L2", "40.00", counterparty="Quick Plumbing"), line("L3", "9.00")]

    assert tied(reconciled([line("S1", "100.00")], ledger, PLAN)) == []


def test_lines_without_a_counterparty_make_no_sum() -> None:
    ledger = [line("L1", "60.00", counterparty=""), line("L2", "40.00", counterparty="")]

    assert tied(reconciled([line("S1", "100.00", counterparty="")], ledger, PLAN)) == []


def test_a_line_outside_the_window_takes_no_part() -> None:
    ledger = [line("L1", "60.00"), Line("L2", "40.00", "2026-07-01", counterparty=NORDIC), line("L3", "9.00")]

    assert tied(reconciled([line("S1", "100.00")], ledger, PLAN)) == []


def test_a_sum_of_more_lines_than_the_plan_allows_is_not_made() -> None:
    amounts = ("100001.13", "200002.29", "400004.31", "800008.57", "1600016.03", "3200032.11")
    ledger = [line(f"L{number}", amount) for number, amount in enumerate(amounts, 1)]

    assert tied(reconciled([line("S1", "6300064.44")], ledger, PLAN)) == []
    assert tied(reconciled([line("S1", "3100032.33")], ledger, PLAN)) == ["S1 = L1 L2 L3 L4 L5"]


def test_two_payments_that_want_the_same_document_get_neither() -> None:
    ledger = [line("L1", "60.00"), line("L2", "40.00"), line("L3", "30.00")]

    result = reconciled([line("S1", "100.00"), line("S2", "70.00")], ledger, PLAN)

    assert tied(result) == []
    assert suggested(result) == ["S1 = L1 L2", "S2 = L2 L3"]


def test_a_sum_short_by_a_fee_among_few_lines_is_only_proposed_since_chance_does_it_too() -> None:
    result = reconciled([line("S1", "97.00")], [line("L1", "60.00"), line("L2", "40.00")], WITH_FEE)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1 L2"])
    (match,) = proposed(result)
    assert [leg.minor_units for leg in match.adjustments] == [-3_00]
    assert match.residuals() == ()
    assert "only proposed: about" in match.reasons[-1]


def test_a_search_that_stops_at_its_limit_says_that_there_may_be_more_and_confirms_nothing() -> None:
    ledger = [line(f"L{number}", f"{amount}.00") for number, amount in enumerate((60, 40, 36, 29, 7), 1)]
    said = set()

    for steps in range(1, 60):
        plan = a_plan(f'[[pass]]\nmatcher = "sum_of_many"\ndays = 45\nlines_max = 5\nsteps_max = {steps}')
        result = reconciled([line("S1", "36.00")], ledger, plan)
        assert tied(result) == []
        said |= {(len(each.answers), each.more) for each in result.ambiguous}

    assert said == {(0, True), (1, True), (2, True), (2, False)}


@pytest.mark.parametrize(("count", "found"), [(118, ["S1 = L900 L901"]), (119, [])])
def test_a_counterparty_with_too_many_lines_is_not_searched(count: int, found: list[str]) -> None:
    ledger = [line(f"L{number:03d}", f"{1_000_000 + 343 * number * number}.00") for number in range(count)]
    wanted = [line("L900", "61.37"), line("L901", "38.64")]

    result = reconciled([line("S1", "100.01")], [*wanted, *ledger], PLAN)

    assert [*tied(result), *suggested(result)] == found

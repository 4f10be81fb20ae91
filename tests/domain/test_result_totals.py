"""Sums by matcher and by age, as a reader would add them up."""

from tests.given_results import MATCHES, RESULT
from tieout.domain.result_totals import AgeGroup, Turnover, ageing, match_totals
from tieout.domain.results import OpenLine


def test_matches_across_count_the_money_of_the_statement_side() -> None:
    total = match_totals(MATCHES, 10, 10).by_matcher["sum_of_many"]

    assert (total.matches, total.lines) == (1, 3)
    assert total.turnover == {"NOK": Turnover(97_00, 0, -3_00)}


def test_matches_within_show_what_left_and_what_arrived() -> None:
    assert match_totals(MATCHES, 10, 10).by_matcher["reversal"].turnover == {"NOK": Turnover(45_00, -45_00, 0)}


def test_ledger_lines_that_cancel_are_counted_as_statement_lines_are() -> None:
    legs = tuple(allocation._replace(side="ledger") for allocation in MATCHES[1].allocations)

    totals = match_totals([MATCHES[1]._replace(allocations=legs)], 10, 10)

    assert totals.by_matcher["reversal"].turnover == {"NOK": Turnover(45_00, -45_00, 0)}


def test_a_match_in_two_currencies_moves_one_and_adjusts_both() -> None:
    turnover = match_totals(MATCHES, 10, 10).by_matcher["reference_in_text"].turnover

    assert {currency: moved.moved for currency, moved in turnover.items()} == {"NOK": True, "EUR": False}
    assert turnover["EUR"].adjustments == -100_00


def test_proposed_matches_are_counted_but_not_summed() -> None:
    totals = match_totals(MATCHES, 10, 10)

    assert (totals.confirmed_count, totals.proposed_count) == (4, 1)
    assert "resemblance" not in totals.by_matcher


def test_only_the_first_are_kept_and_all_are_counted() -> None:
    totals = match_totals((MATCHES[0]._replace(id=number) for number in range(1, 8)), 3, 0)

    assert [match.id for match in totals.confirmed] == [1, 2, 3]
    assert totals.confirmed_count == 7
    assert totals.by_matcher["sum_of_many"].matches == 7


def test_an_age_at_a_limit_belongs_to_the_younger_group() -> None:
    parts = [OpenLine("ledger", f"L{age}", 1, "NOK", 0, age) for age in (0, 30, 31, 60, 61, 90, 91)]

    assert [group.lines for group in ageing(parts)["ledger", "NOK"]] == [2, 2, 2, 1]


def test_a_line_of_unknown_age_counts_as_the_oldest() -> None:
    assert ageing([OpenLine("ledger", "L1", -5, "NOK", 0, None)])["ledger", "NOK"][-1] == AgeGroup(1, -5)


def test_sides_and_currencies_are_never_added_together() -> None:
    keys = list(ageing(RESULT.open_lines))

    assert keys == [("statement", "NOK"), ("statement", "JPY"), ("ledger", "NOK"), ("ledger", "JPY")]

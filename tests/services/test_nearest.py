"""Every open line names its nearest candidate and the first thing that keeps them apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.given_lines import SAVINGS, Line, a_plan, reconciled
from tests.properties.sides import Sides, sides
from tieout.domain.results import Result
from tieout.matching.evidence import Against
from tieout.services.files.closest import NONE, Keyed, closest
from tieout.services.files.nearest import AGAINST_WORDS

EQUAL_AMOUNTS = a_plan(
    '[[pass]]\nmatcher = "exact_reference"\ndays = 45\n[[pass]]\nmatcher = "amount_and_date"\ndays = 10'
)
SUMS = a_plan('[[pass]]\nmatcher = "sum_of_many"\ndays = 45')


def why(result: Result, line: str) -> tuple[str, str]:
    """Nearest candidate and reason of an open line."""
    (part,) = [part for part in result.open_lines if part.line == line]
    return part.nearest, part.why_not


def test_a_line_that_differs_in_amount_says_by_how_much_with_the_sign() -> None:
    statement = [Line("S1", "97.00", counterparty="Nordic AS")]
    ledger = [Line("L1", "100.00", counterparty="Nordic AS"), Line("L2", "97.10")]

    result = reconciled(statement, ledger, EQUAL_AMOUNTS)

    assert why(result, "S1") == ("L1", "amount differs by -3.00 NOK")
    assert why(result, "L1") == ("S1", "amount differs by 3.00 NOK")


def test_a_line_of_the_same_reference_is_nearer_than_one_of_the_same_party_or_amount() -> None:
    statement = [Line("S1", "97.00", reference="INV-2026-01", counterparty="Nordic AS")]
    ledger = [
        Line("L1", "500.00", reference="INV-2026-01"),
        Line("L2", "98.00", counterparty="Nordic AS"),
        Line("L3", "97.50"),
    ]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1") == ("L1", "amount differs by -403.00 NOK")


def test_without_reference_and_party_the_closest_amount_of_the_currency_is_nearest() -> None:
    statement = [Line("S1", "97.00")]
    ledger = [Line("L1", "90.00"), Line("L2", "99.00"), Line("L3", "97.00", currency="EUR")]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1")[0] == "L2"


def test_of_equal_amounts_the_line_booked_closest_is_nearest() -> None:
    statement = [Line("S1", "97.00", 15)]
    ledger = [Line("L1", "90.00", 1), Line("L2", "90.00", 13), Line("L3", "90.00", 18)]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1")[0] == "L2"


def test_a_line_outside_the_window_says_how_far_it_is() -> None:
    statement = [Line("S1", "97.00", 13)]
    ledger = [Line("L1", "97.00", 1)]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1") == ("L1", "12 days apart, the window is 10")


def test_a_candidate_that_is_tied_already_names_its_match() -> None:
    statement = [Line("S1", "97.00", 1, reference="INV-2026-01"), Line("S2", "97.00", 3, reference="INV-2026-99")]
    ledger = [Line("L1", "97.00", 1, reference="INV-2026-01")]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S2") == ("L1", "already tied in match 1")


def test_an_open_line_is_nearer_than_a_tied_one_unless_that_has_the_very_amount() -> None:
    statement = [Line("S1", "97.00", 1, reference="INV-2026-01"), Line("S2", "98.00", 3)]
    ledger = [Line("L1", "97.00", 1, reference="INV-2026-01"), Line("L2", "60.00", 1)]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S2") == ("L2", "amount differs by 38.00 NOK")


def test_an_open_item_that_a_book_entry_settles_says_so() -> None:
    statement = [Line("S1", "97.00", 1)]
    ledger = [
        Line("L1", "97.00", 1, kind="receivable", account="1500"),
        Line("L2", "40.00", 1, kind="customer_payment", settles="L1"),
    ]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1") == ("L1", "already settled in the books")


def test_names_that_have_nothing_in_common_are_the_reason() -> None:
    statement = [Line("S1", "97.00", counterparty="Nordic Timber AS")]
    ledger = [Line("L1", "97.00", counterparty="Quick Plumbing")]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1") == ("L1", "the names have nothing in common")


def test_a_book_entry_of_another_account_is_not_this_accounts() -> None:
    statement = [Line("S1", "97.00", counterparty="Nordic AS")]
    ledger = [Line("L1", "97.00", account=SAVINGS, kind="bank_entry", counterparty="Nordic AS")]

    assert why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1") == ("L1", f"posted on account {SAVINGS}")


def test_several_answers_are_said_on_both_sides() -> None:
    statement = [Line("S1", "97.00", 3, counterparty="Nordic AS")]
    ledger = [Line("L1", "97.00", 1, counterparty="Nordic AS"), Line("L2", "97.00", 2, counterparty="Nordic AS")]

    result = reconciled(statement, ledger, EQUAL_AMOUNTS)

    assert why(result, "S1") == ("L1", "two answers: see ambiguous")
    assert why(result, "L2") == ("S1", "one of two answers to S1: see ambiguous")


def test_a_proposed_match_is_named_with_what_keeps_it_from_being_confirmed() -> None:
    statement = [Line("S1", "97.00", 1, reference="INV-2026-01")]
    ledger = [Line("L1", "97.00", "2026-08-01", reference="INV-2026-01")]

    nearest, reason = why(reconciled(statement, ledger, EQUAL_AMOUNTS), "S1")

    assert nearest == "L1"
    assert reason == "proposed in match 1: the dates lie further apart than the plan allows"


def test_a_counterparty_with_too_many_lines_is_said_to_be_not_searched_further() -> None:
    statement = [Line("S1", "12345.67", 1, counterparty="Nordic AS")]
    ledger = [Line(f"L{number:03d}", f"{number}.00", 1, counterparty="Nordic AS") for number in range(1, 132)]

    assert why(reconciled(statement, ledger, SUMS), "S1") == (
        "L131",
        "not searched further: 131 open lines of this counterparty",
    )


def test_a_search_that_stopped_without_an_answer_names_the_nearest_line_and_that_it_stopped() -> None:
    plan = a_plan('[[pass]]\nmatcher = "sum_of_many"\ndays = 45\nsteps_max = 1')
    ledger = [Line(f"L{amount}", f"{amount}.00", counterparty="Nordic AS") for amount in (60, 41, 29, 7)]

    nearest, reason = why(reconciled([Line("S1", "36.00", counterparty="Nordic AS")], ledger, plan), "S1")

    assert nearest == "L41"
    assert reason.startswith("not searched further")


def test_a_line_of_zero_is_never_matched_and_says_so() -> None:
    result = reconciled([Line("S1", "0.00"), Line("S2", "5.00")], [Line("L1", "0.00")], EQUAL_AMOUNTS)

    assert why(result, "S1") == ("L1", "an amount of zero is never matched")
    assert why(result, "S2") == ("L1", "an amount of zero is never matched")


def test_a_currency_that_the_other_side_does_not_have_is_the_reason() -> None:
    result = reconciled([Line("S1", "5.00", currency="EUR")], [Line("L1", "5.00")], EQUAL_AMOUNTS)

    assert why(result, "S1") == ("", "no ledger line in EUR")
    assert why(reconciled([Line("S1", "5.00")], []), "S1") == ("", "no ledger line in NOK")


@pytest.mark.parametrize("code", [flag.name.lower() for flag in Against])
def test_every_kind_of_evidence_against_a_pair_has_words(code: str) -> None:
    assert AGAINST_WORDS[code]


@given(sides())
def test_an_open_line_has_a_nearest_whenever_the_other_side_has_a_line_of_its_currency(company: Sides) -> None:
    lines = {"statement": company.statement, "ledger": company.ledger}
    for part in reconciled(*company).open_lines:
        others = lines["ledger" if part.side == "statement" else "statement"]
        assert bool(part.nearest) or part.currency not in {line.currency for line in others}
        assert part.why_not


# Key, amount, day and whether nothing is left; few of each, so that lines are often equally close.
rows = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from((-3, 0, 0, 2, 4)), st.integers(0, 4), st.booleans()), max_size=10
)


@settings(max_examples=300)
@given(rows, rows)
def test_the_closest_line_is_what_comparing_all_of_them_finds(
    wanted: list[tuple[int, int, int, bool]], offered: list[tuple[int, int, int, bool]]
) -> None:
    def best(key: int, amount: int, day: int) -> int:
        among = [place for place, line in enumerate(offered) if line[0] == key]
        ranks = [
            (abs(offered[p][1] - amount), offered[p][1], offered[p][3], abs(offered[p][2] - day), offered[p][2], p)
            for p in among
        ]
        return min(ranks)[-1] if ranks else NONE

    found = closest(keyed(wanted), keyed(offered), np.array([line[3] for line in offered], dtype=np.bool_))

    assert found.tolist() == [best(key, amount, day) for key, amount, day, _ in wanted]


def keyed(lines: list[tuple[int, int, int, bool]]) -> Keyed:
    """Key, amount and day of each line."""
    keys, amounts, days = (np.array([line[place] for line in lines], dtype=np.int64) for place in range(3))
    return Keyed(keys, amounts, days)


@pytest.mark.parametrize("amount", [2**63 - 1, -(2**63) + 1])
def test_amounts_at_the_end_of_64_bits_are_compared_exactly(amount: int) -> None:
    wanted = Keyed(np.zeros(1, np.int64), np.array([amount]), np.zeros(1, np.int64))
    offered = Keyed(
        np.zeros(2, np.int64), np.array([-amount, amount - 1 if amount > 0 else amount + 1]), np.zeros(2, np.int64)
    )

    assert closest(wanted, offered, np.zeros(2, np.bool_)).tolist() == [1]

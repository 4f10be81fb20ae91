"""Same currency, amount and reference: alone in both directions, inside the window, and nothing against it."""

import pytest

from tests.given_lines import Line, a_plan, proposed, reconciled, suggested, tied
from tieout.domain.matches import Evidence

PLAN = a_plan('[[pass]]\nmatcher = "exact_reference"\ndays = 45')


def test_equal_references_and_amounts_tie_without_any_other_sign() -> None:
    result = reconciled(
        [Line("S1", "97.00", 10, reference="INV-2026-01")], [Line("L1", "97.00", 1, reference="INV-2026-01")], PLAN
    )

    assert tied(result) == ["S1 = L1"]


@pytest.mark.parametrize(
    ("statement", "ledger"),
    [("INV-2026-01", "inv 2026/01"), ("0004711", "4711"), ("RF18 5390 0754 7034", "RF18539007547034")],
)
def test_a_reference_is_the_same_however_it_is_written(statement: str, ledger: str) -> None:
    result = reconciled([Line("S1", "97.00", reference=statement)], [Line("L1", "97.00", reference=ledger)], PLAN)

    assert tied(result) == ["S1 = L1"]


@pytest.mark.parametrize("reference", ["NOTPROVIDED", "NONREF", "", "12"])
def test_what_banks_write_where_there_is_no_reference_ties_nothing(reference: str) -> None:
    result = reconciled([Line("S1", "97.00", reference=reference)], [Line("L1", "97.00", reference=reference)], PLAN)

    assert tied(result) == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Line("L1", "97.01", reference="INV-2026-01"), id="amount"),
        pytest.param(Line("L1", "97.00", reference="INV-2026-02"), id="reference"),
        pytest.param(Line("L1", "97.00", currency="SEK", reference="INV-2026-01"), id="currency"),
        pytest.param(Line("L1", "-97.00", reference="INV-2026-01"), id="sign"),
    ],
)
def test_what_differs_in_one_of_the_three_does_not_tie(other: Line) -> None:
    assert tied(reconciled([Line("S1", "97.00", reference="INV-2026-01")], [other], PLAN)) == []


def test_outside_the_window_an_equal_reference_is_proposed_and_says_so() -> None:
    result = reconciled(
        [Line("S1", "97.00", "2026-06-20", reference="INV-2026-01")],
        [Line("L1", "97.00", "2026-05-05", reference="INV-2026-01")],
        PLAN,
    )

    assert tied(result) == []
    assert suggested(result) == ["S1 = L1"]
    assert proposed(result)[0].evidence == Evidence(("reference", "named"), ("outside_window",))


def test_the_last_day_of_the_window_is_inside_it() -> None:
    result = reconciled(
        [Line("S1", "97.00", "2026-06-19", reference="INV-2026-01")],
        [Line("L1", "97.00", "2026-05-05", reference="INV-2026-01")],
        PLAN,
    )

    assert tied(result) == ["S1 = L1"]


def test_two_documents_of_one_reference_and_amount_are_two_answers() -> None:
    ledger = [Line("L1", "97.00", 1, reference="INV-2026-01"), Line("L2", "97.00", 2, reference="INV-2026-01")]

    result = reconciled([Line("S1", "97.00", 3, reference="INV-2026-01")], ledger, PLAN)

    assert tied(result) == []
    (ambiguity,) = result.ambiguous
    assert (ambiguity.statement, ambiguity.answers, ambiguity.more) == (("S1",), (("L1",), ("L2",)), False)
    assert ambiguity.would_decide == "booking_date"


def test_twins_are_one_answer_and_the_first_ones_are_taken() -> None:
    ledger = [Line(f"L{number}", "97.00", 1, reference="INV-2026-01") for number in (3, 1, 2)]

    result = reconciled([Line("S1", "97.00", 3, reference="INV-2026-01")], ledger, PLAN)

    assert tied(result) == ["S1 = L1"]


def test_a_reference_outweighs_a_name_that_resembles_nothing() -> None:
    result = reconciled(
        [Line("S1", "97.00", reference="INV-2026-01", counterparty="Nordic Timber AS")],
        [Line("L1", "97.00", reference="INV-2026-01", counterparty="Quick Plumbing")],
        PLAN,
    )

    assert tied(result) == ["S1 = L1"]


def test_a_text_that_names_another_open_document_as_well_is_proposed_only() -> None:
    statement = [Line("S1", "97.00", reference="INV-2026-01", description="also for INV-2026-02")]
    ledger = [Line("L1", "97.00", reference="INV-2026-01"), Line("L2", "50.00", reference="INV-2026-02")]

    result = reconciled(statement, ledger, PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])
    assert "names_other" in proposed(result)[0].evidence.contradicting


def test_a_plan_that_only_proposes_confirms_nothing() -> None:
    plan = a_plan('[[pass]]\nmatcher = "exact_reference"\nconfirm = "propose"')

    result = reconciled(
        [Line("S1", "97.00", reference="INV-2026-01")], [Line("L1", "97.00", reference="INV-2026-01")], plan
    )

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])

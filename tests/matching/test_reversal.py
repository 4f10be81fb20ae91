"""A line and its return on one account: something has to say that the one returns the other, amounts alone do not."""

import pytest

from tests.given_lines import SAVINGS, Line, a_plan, confirmed, proposed, reconciled, suggested, tied
from tieout.domain.matches import Adjustment, AdjustmentType, MatchKind

PLAN = a_plan(
    """
[[pass]]
matcher = "amount_and_date"
days = 10
[[pass]]
matcher = "reversal"
days = 45
[[pass.adjust]]
type = "bank_charge"
name = "charge for a returned payment"
amount_max = "50.00"
account = "7770"
"""
)
NORDIC = "Nordic Timber AS"
PAID = Line("S1", "-97.00", 3, counterparty=NORDIC)


@pytest.mark.parametrize(
    "came_back",
    [
        pytest.param(Line("S2", "97.00", 5, counterparty=NORDIC, reversal=True), id="the bank marks it"),
        pytest.param(
            Line("S2", "97.00", 5, counterparty=NORDIC, description="Retoure / return"), id="its text says so"
        ),
        pytest.param(Line("S2", "97.00", 5, counterparty=NORDIC, description="Rücklastschrift"), id="in German"),
        pytest.param(Line("S2", "97.00", 5, counterparty=NORDIC, description="ESTORNO PIX"), id="in Portuguese"),
    ],
)
def test_a_return_that_says_so_cancels_the_line_of_its_party(came_back: Line) -> None:
    result = reconciled([PAID, came_back], [], PLAN)

    assert tied(result) == ["S1 S2"]
    assert confirmed(result)[0].kind is MatchKind.WITHIN


def test_an_equal_reference_says_that_one_returns_the_other() -> None:
    statement = [Line("S1", "-97.00", 3, reference="E2E-4711"), Line("S2", "97.00", 5, reference="E2E-4711")]

    assert tied(reconciled(statement, [], PLAN)) == ["S1 S2"]


def test_what_the_bank_charges_for_the_return_is_a_leg() -> None:
    statement = [
        Line("S1", "97.00", 3, reference="E2E-4711"),
        Line("S2", "-107.00", 5, reference="E2E-4711", reversal=True),
    ]

    (match,) = confirmed(reconciled(statement, [], PLAN))

    assert match.adjustments == (
        Adjustment(AdjustmentType.BANK_CHARGE, 10_00, "NOK", "7770", "charge for a returned payment"),
    )
    assert match.residuals() == ()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Line("S2", "97.00", 5, counterparty=NORDIC), id="nothing says so"),
        pytest.param(Line("S2", "97.00", 5, counterparty="Quick Plumbing", reversal=True), id="another party"),
        pytest.param(Line("S2", "97.00", 5, account=SAVINGS, counterparty=NORDIC, reversal=True), id="another account"),
        pytest.param(Line("S2", "97.00", "2026-07-01", counterparty=NORDIC, reversal=True), id="too late"),
        pytest.param(Line("S2", "97.00", 2, counterparty=NORDIC, reversal=True), id="before what it returns"),
        pytest.param(Line("S2", "97.00", 5, currency="SEK", counterparty=NORDIC, reversal=True), id="another currency"),
        pytest.param(Line("S2", "96.00", 5, counterparty=NORDIC, reversal=True), id="another amount"),
    ],
)
def test_a_line_that_only_looks_like_a_return_cancels_nothing(other: Line) -> None:
    assert tied(reconciled([PAID, other], [], PLAN)) == []


def test_the_return_of_money_that_is_tied_already_proposes_to_undo_and_reopen_in_one_action() -> None:
    statement = [
        Line("S1", "97.00", 3, reference="E2E-4711", counterparty=NORDIC),
        Line("S2", "-97.00", 5, reference="E2E-4711", counterparty=NORDIC, reversal=True),
    ]
    ledger = [Line("L1", "97.00", 1, counterparty=NORDIC)]

    result = reconciled(statement, ledger, PLAN)

    assert (tied(result), suggested(result)) == (["S1 = L1"], ["S1 S2"])
    (match,) = proposed(result)
    assert match.action == "undo_and_reopen"
    assert [part.line for part in result.open_lines] == ["S2"]


def test_two_lines_that_a_return_may_return_are_two_answers() -> None:
    statement = [
        PAID,
        Line("S3", "-97.00", 4, counterparty=NORDIC),
        Line("S2", "97.00", 5, counterparty=NORDIC, reversal=True),
    ]

    assert tied(reconciled(statement, [], PLAN)) == []


def test_a_book_entry_that_another_one_takes_back_is_tied_on_the_books_side() -> None:
    ledger = [
        Line("L1", "80.00", 1, kind="journal_entry_line", reference="V-0007"),
        Line("L2", "-80.00", 2, kind="journal_entry_line", reference="V-0007"),
    ]

    assert tied(reconciled([], ledger, PLAN)) == ["L1 L2"]


def test_open_items_that_cancel_are_left_to_the_books() -> None:
    ledger = [
        Line("L1", "80.00", 1, kind="receivable", reference="INV-2026-01"),
        Line("L2", "-80.00", 2, kind="receivable", reference="INV-2026-01"),
    ]

    assert tied(reconciled([], ledger, PLAN)) == []

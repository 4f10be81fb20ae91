"""Equal amounts a few days apart: the only pair both ways, with a party or a rare amount, and nothing against it."""

import pytest

from tests.given_lines import SAVINGS, Line, a_plan, confirmed, proposed, reconciled, suggested, tied

PLAN = a_plan('[[pass]]\nmatcher = "amount_and_date"\ndays = 10')
NORDIC = "Nordic Timber AS"


def paid(line: str, amount: str, day: int = 5, counterparty: str = NORDIC) -> Line:
    """A line of one party."""
    return Line(line, amount, day, counterparty=counterparty)


def test_an_equal_amount_of_the_same_party_ties() -> None:
    result = reconciled([paid("S1", "97.00")], [paid("L1", "97.00", 1)], PLAN)

    assert tied(result) == ["S1 = L1"]
    assert confirmed(result)[0].evidence.supporting == ("counterparty", "only_amount")


@pytest.mark.parametrize("name", ["NORDIC TIMBER", "Nordic Timber A.S.", "Nordic Timber A/S", "Nordic Tymber AS"])
def test_a_party_is_the_same_without_its_legal_form_and_with_a_slip_of_the_pen(name: str) -> None:
    assert tied(reconciled([paid("S1", "97.00", counterparty=name)], [paid("L1", "97.00", 1)], PLAN)) == ["S1 = L1"]


@pytest.mark.parametrize(("day", "ties"), [(11, True), (12, False)])
def test_the_window_ends_after_its_last_day(day: int, ties: bool) -> None:
    assert bool(tied(reconciled([paid("S1", "97.00", day)], [paid("L1", "97.00", 1)], PLAN))) is ties


def test_an_amount_that_nothing_else_supports_is_only_proposed_in_a_small_file() -> None:
    result = reconciled([paid("S1", "97.00", counterparty="")], [paid("L1", "97.00", 1, "")], PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 = L1"])
    assert (proposed(result)[0].accidental_hits or 0) > 0.001


def test_an_amount_that_is_rare_among_many_ties_without_a_party() -> None:
    ledger = [paid(f"L{number}", f"{300 + 791 * number}.{number:02d}", 4, "") for number in range(2, 90)]

    result = reconciled([paid("S1", "48211.37", counterparty="")], [paid("L1", "48211.37", 1, ""), *ledger], PLAN)

    assert tied(result) == ["S1 = L1"]
    assert confirmed(result)[0].accidental_hits is not None


@pytest.mark.parametrize(
    ("statement", "ledger"),
    [
        pytest.param(paid("S1", "97.00"), paid("L1", "97.00", counterparty="Quick Plumbing"), id="names differ"),
        pytest.param(
            Line("S1", "97.00", counterparty=NORDIC, counterparty_account="NO111"),
            Line("L1", "97.00", counterparty=NORDIC, counterparty_account="NO222"),
            id="account numbers differ",
        ),
        pytest.param(
            Line("S1", "97.00", counterparty=NORDIC, description="INV-2026-0077"),
            Line("L1", "97.00", counterparty=NORDIC, reference="INV-2026-0001"),
            id="the bank gives another number",
        ),
    ],
)
def test_what_speaks_against_a_pair_keeps_it_open(statement: Line, ledger: Line) -> None:
    result = reconciled([statement], [ledger], PLAN)

    assert (tied(result), suggested(result)) == ([], [])


def test_a_text_that_names_another_open_document_keeps_the_pair_open() -> None:
    statement = [Line("S1", "97.00", counterparty=NORDIC, description="INV-2026-02")]
    ledger = [paid("L1", "97.00"), Line("L2", "50.00", reference="INV-2026-02")]

    assert tied(reconciled(statement, ledger, PLAN)) == []


def test_money_from_an_own_account_pays_no_document() -> None:
    statement = [
        Line("S1", "97.00", counterparty=NORDIC, counterparty_account=SAVINGS),
        Line("S2", "1.00", account=SAVINGS),
    ]

    assert tied(reconciled(statement, [paid("L1", "97.00")], PLAN)) == []


def test_two_lines_of_equal_amount_are_two_answers_and_the_day_would_decide() -> None:
    result = reconciled([paid("S1", "97.00")], [paid("L1", "97.00", 1), paid("L2", "97.00", 3)], PLAN)

    assert tied(result) == []
    (ambiguity,) = result.ambiguous
    assert (ambiguity.statement, ambiguity.answers, ambiguity.would_decide) == (
        ("S1",),
        (("L1",), ("L2",)),
        "booking_date",
    )


def test_two_payments_for_one_document_are_ambiguous_from_its_side() -> None:
    result = reconciled([paid("S1", "97.00", 4), paid("S2", "97.00", 6)], [paid("L1", "97.00", 1)], PLAN)

    assert tied(result) == []
    (ambiguity,) = result.ambiguous
    assert (ambiguity.ledger, ambiguity.answers) == (("L1",), (("S1",), ("S2",)))


def test_two_equal_coffees_tie_to_two_equal_vouchers() -> None:
    result = reconciled([paid("S1", "4.50"), paid("S2", "4.50")], [paid("L1", "4.50", 4), paid("L2", "4.50", 4)], PLAN)

    assert tied(result) == ["S1 = L1", "S2 = L2"]


def test_of_three_equal_vouchers_the_first_two_tie_to_two_equal_coffees() -> None:
    ledger = [paid(f"L{number}", "4.50", 4) for number in (1, 2, 3)]

    result = reconciled([paid("S1", "4.50"), paid("S2", "4.50")], ledger, PLAN)

    assert tied(result) == ["S1 = L1", "S2 = L2"]
    assert [part.line for part in result.open_lines] == ["L3"]


def test_a_pair_with_a_party_is_preferred_to_one_without() -> None:
    result = reconciled([paid("S1", "97.00")], [paid("L1", "97.00", 1, ""), paid("L2", "97.00", 3)], PLAN)

    assert tied(result) == ["S1 = L2"]


def test_a_line_of_zero_is_never_matched_and_stays_open() -> None:
    result = reconciled([paid("S1", "0.00")], [paid("L1", "0.00")], PLAN)

    assert (tied(result), [part.line for part in result.open_lines]) == ([], ["S1", "L1"])


def test_every_confirmed_match_says_what_supports_it() -> None:
    statement = [Line("S1", "50.00", 1), Line("S2", "50.00", 1)]

    (match,) = confirmed(reconciled(statement, [Line("L1", "50.00", 1, kind="journal_entry_line")]))

    assert match.evidence.supporting


def test_an_entry_that_the_books_took_back_is_not_tied_by_its_amount_alone() -> None:
    ledger = [
        Line("L1", "50.00", 1, kind="journal_entry_line", reference="V-0007"),
        Line("L2", "-50.00", 2, kind="journal_entry_line", reference="V-0007"),
    ]

    assert tied(reconciled([Line("S1", "50.00", 1)], ledger)) == ["L1 L2"]

"""Money between two own accounts is tied once, and only when it is clear that it stayed in the house."""

from tests.given_lines import BANK, SAVINGS, Line, a_plan, confirmed, reconciled, suggested, tied
from tieout.domain.matches import MatchKind

PLAN = a_plan('[[pass]]\nmatcher = "transfer"\ndays = 5')


def left(amount: str, day: int = 3, **fields: str) -> Line:
    """Money that leaves the bank account."""
    return Line("S1", f"-{amount}", day, account=BANK, counterparty_account=fields.get("to", ""))


def arrived(amount: str, day: int = 4, name: str = "S2", **fields: str) -> Line:
    """Money that arrives on the savings account."""
    return Line(name, amount, day, account=SAVINGS, counterparty_account=fields.get("from_", ""))


def test_two_lines_that_name_each_others_account_tie() -> None:
    result = reconciled([left("500.00", to=SAVINGS), arrived("500.00", from_=BANK)], [], PLAN)

    assert tied(result) == ["S1 S2"]
    (match,) = confirmed(result)
    assert (match.kind, match.evidence.supporting) == (MatchKind.WITHIN, ("own_account",))


def test_one_name_is_enough_where_the_amount_is_rare() -> None:
    others = [
        arrived(f"{700 + 811 * number}.{number:02d}", name=f"S{number}")._replace(day="2026-04-01")
        for number in range(10, 90)
    ]

    for lines in (
        [left("48211.37", to=SAVINGS), arrived("48211.37")],
        [left("48211.37"), arrived("48211.37", from_=BANK)],
    ):
        assert tied(reconciled([*lines, *others], [], PLAN)) == ["S1 S2"]


def test_equal_and_opposite_amounts_alone_are_proposed() -> None:
    result = reconciled([left("500.00"), arrived("500.00")], [], PLAN)

    assert (tied(result), suggested(result)) == ([], ["S1 S2"])


def test_a_line_that_names_somebody_elses_account_is_no_transfer() -> None:
    result = reconciled([left("500.00", to="SE4550000000058398257466"), arrived("500.00")], [], PLAN)

    assert (tied(result), suggested(result)) == ([], [])


def test_outside_the_window_nothing_is_a_transfer() -> None:
    assert tied(reconciled([left("500.00", 3, to=SAVINGS), arrived("500.00", 9, from_=BANK)], [], PLAN)) == []


def test_two_lines_of_one_account_are_no_transfer() -> None:
    statement = [left("500.00", to=SAVINGS), arrived("500.00", from_=BANK)._replace(account=BANK)]

    assert tied(reconciled(statement, [], PLAN)) == []


def test_amounts_in_two_currencies_are_no_transfer() -> None:
    assert (
        tied(reconciled([left("500.00", to=SAVINGS), arrived("500.00", from_=BANK)._replace(currency="SEK")], [], PLAN))
        == []
    )


def test_two_arrivals_that_fit_are_both_named_and_neither_is_taken() -> None:
    statement = [left("500.00", to=SAVINGS), *(arrived("500.00", day, f"S{day}", from_=BANK) for day in (2, 5))]

    result = reconciled(statement, [], PLAN)

    assert tied(result) == []
    (ambiguity,) = result.ambiguous
    assert (ambiguity.statement, ambiguity.answers) == (("S1",), (("S2",), ("S5",)))


def test_a_transfer_is_tied_once_and_leaves_nothing_open() -> None:
    result = reconciled([left("500.00", to=SAVINGS), arrived("500.00", from_=BANK)], [])

    assert (tied(result), result.open_lines) == (["S1 S2"], ())

"""The closing balance of one statement is the opening balance of the next."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.given_statements import ACCOUNT, a_statement
from tieout.domain.statements import Statement, StatementKind
from tieout.proofs.chains import chain_faults


def codes(statements: list[Statement]) -> list[tuple[int, str]]:
    """Where something is wrong, and what."""
    return [(fault.position, fault.code) for fault in chain_faults(statements)]


def test_statements_that_continue_each_other_are_a_whole_chain() -> None:
    may = a_statement("100.00", "50.00", closing="150.00", opens="2026-05-01", closes="2026-05-31")
    june = a_statement("150.00", "-20.00", closing="130.00", opens="2026-06-01", closes="2026-06-30")

    assert codes([may, june]) == []


def test_a_missing_statement_is_said_on_the_later_one_with_the_signed_gap() -> None:
    may = a_statement("100.00", closing="150.00", closes="2026-05-31", number="5")
    july = a_statement("137.50", closing="137.50", opens="2026-07-01", closes="2026-07-31", number="7")

    gap, number = chain_faults([may, july])

    assert (gap.code, gap.position, gap.previous) == ("chain_gap", 1, 0)
    assert gap.what == (
        f"statement 7 of {ACCOUNT} opens with 137.50 NOK on 2026-07-01, but statement 5 before it closed with "
        "150.00 NOK on 2026-05-31: -12.50 NOK in between"
    )
    assert (number.code, number.what) == (
        "number_gap",
        f"statement 7 of {ACCOUNT} follows statement 5: statement 6 is missing",
    )


def test_a_statement_without_a_number_is_named_by_its_account() -> None:
    may = a_statement("100.00", closing="150.00", number="00000")
    july = a_statement("-1.00", closing="137.50", opens="2026-07-01", closes=None, number=None)

    (fault,) = chain_faults([may, july])

    assert fault.what == (
        f"{ACCOUNT} opens with -1.00 NOK on 2026-07-01, but the statement before it closed with 150.00 NOK on "
        "2026-05-31: -151.00 NOK in between"
    )


def test_the_order_of_files_does_not_matter_only_the_opening_dates_do() -> None:
    june = a_statement("150.00", closing="130.00", opens="2026-06-01", closes="2026-06-30")
    may = a_statement("100.00", closing="150.00", opens="2026-05-01", closes="2026-05-31")

    assert codes([june, may]) == []


def test_each_account_and_each_currency_of_it_has_a_chain_of_its_own() -> None:
    kroner = a_statement("100.00", closing="100.00", opens="2026-05-01", closes="2026-05-01")
    euro = a_statement("7.00", closing="8.00", opens="2026-05-01", closes="2026-05-01", currency="EUR")
    other = a_statement("3.00", closing="4.00", opens="2026-05-02", closes="2026-05-02", account="NO000")
    kroner_next = a_statement("100.00", closing="90.00", opens="2026-05-02", closes="2026-05-02")
    euro_next = a_statement("9.00", closing="9.00", opens="2026-05-02", closes="2026-05-02", currency="EUR")

    assert codes([kroner, euro, other, kroner_next, euro_next]) == [(4, "chain_gap")]


def test_statements_of_one_day_follow_their_balances_whatever_order_they_come_in() -> None:
    before = a_statement("0.00", closing="100.00", opens="2026-04-30", closes="2026-04-30")
    first = a_statement("100.00", closing="200.00", opens="2026-05-01", closes="2026-05-01")
    second = a_statement("200.00", closing="150.00", opens="2026-05-01", closes="2026-05-01")
    after = a_statement("150.00", closing="150.00", opens="2026-05-02", closes="2026-05-02")

    assert codes([after, second, first, before]) == []
    assert codes([second, first]) == []


def test_a_gap_between_two_statements_of_one_day_is_found() -> None:
    first = a_statement("100.00", closing="200.00", opens="2026-05-01", closes="2026-05-01")
    second = a_statement("250.00", closing="150.00", opens="2026-05-01", closes="2026-05-01")

    assert codes([first, second]) == [(1, "chain_gap")]


def test_a_balance_that_one_statement_went_on_from_is_no_beginning_for_another() -> None:
    first = a_statement("0.00", closing="100.00", opens="2026-04-30", closes="2026-05-01")
    second = a_statement("100.00", closing="150.00", opens="2026-05-01", closes="2026-05-02")
    back_again = a_statement("100.00", closing="150.00", opens="2026-05-02", closes="2026-05-03")

    assert codes([first, second, back_again]) == [(2, "chain_gap")]


def test_the_same_statement_twice_is_no_gap() -> None:
    may = a_statement("100.00", closing="150.00", opens="2026-05-01", closes="2026-05-31", number="5")
    june = a_statement("150.00", closing="130.00", opens="2026-06-01", closes="2026-06-30", number="6")

    assert codes([may, june, may, june]) == []


def test_a_month_beside_its_days_is_no_gap() -> None:
    days = [
        a_statement(f"{100 + n}.00", closing=f"{101 + n}.00", opens=f"2026-05-0{1 + n}", closes=f"2026-05-0{1 + n}")
        for n in range(3)
    ]
    month = a_statement("100.00", closing="103.00", opens="2026-05-01", closes="2026-05-03")
    june = a_statement("103.00", closing="103.00", opens="2026-06-01", closes="2026-06-30")

    assert codes([month, *days, june]) == []


def test_nothing_is_said_across_a_statement_without_a_closing_balance() -> None:
    may = a_statement("100.00", closing="150.00", opens="2026-05-01", closes="2026-05-31")
    june = a_statement("150.00", closing=None, opens="2026-06-01")
    july = a_statement("170.00", closing="170.00", opens="2026-07-01", closes="2026-07-31")

    assert codes([may, june, july]) == []


@pytest.mark.parametrize(
    "june",
    [
        a_statement("7.00", closing="7.00", opens="2026-06-01", kind=StatementKind.INTRADAY),
        a_statement("7.00", closing="7.00", opens="2026-06-01", kind=StatementKind.ADVICE),
        a_statement("7.00", closing="7.00", opens="2026-06-01", account=None),
        a_statement("7.00", closing="7.00", opens=None, closes=None),
        a_statement(None, closing="7.00", closes="2026-06-30"),
    ],
    ids=["intraday", "advice", "no account", "no day", "no opening"],
)
def test_a_statement_that_cannot_be_in_a_chain_is_left_out_of_it(june: Statement) -> None:
    may = a_statement("100.00", closing="150.00", opens="2026-05-01", closes="2026-05-31")

    assert codes([may, june]) == []


def test_balances_without_a_known_currency_are_compared_whatever_decimals_their_files_write() -> None:
    may = a_statement("1.000", closing="2.500", opens="2026-05-01", closes="2026-05-31", currency=None)
    june = a_statement("2.50", closing="3.00", opens="2026-06-01", closes="2026-06-30", currency=None)
    july = a_statement("3.001", closing="3.00", opens="2026-07-01", closes="2026-07-31", currency=None)

    (fault,) = chain_faults([may, june, july])

    assert (fault.position, fault.what.rpartition(": ")[2]) == (2, "0.001 in between")


def numbered(*numbers: str | None, year: int = 2026) -> list[Statement]:
    """Monthly statements of one year that all continue each other."""
    return [
        a_statement(
            "1.00", closing="1.00", opens=f"{year}-{month:02}-01", closes=f"{year}-{month:02}-28", number=number
        )
        for month, number in enumerate(numbers, 1)
    ]


def test_a_number_left_out_is_said_where_the_numbers_run_one_by_one() -> None:
    assert codes(numbered("1", "2", "4")) == [(2, "number_gap")]
    assert chain_faults(numbered("1", "2", "7"))[0].what.endswith("follows statement 2: statements 3 to 6 are missing")


@pytest.mark.parametrize(
    "numbers",
    [
        ("18", "20"),
        ("1", "1"),
        ("0", "0", "5"),
        ("31", "60"),
        ("5", "6", "1", "2"),
        ("20260101", "20260201"),
        (None, "3"),
    ],
    ids=["two that link", "one twice", "always zero", "days of the year", "a new count", "dates", "none"],
)
def test_numbers_that_do_not_run_one_by_one_are_no_gap(numbers: tuple[str | None, ...]) -> None:
    assert codes(numbered(*numbers)) == []


def test_two_numbers_on_one_day_without_movement_are_both_there() -> None:
    first, _, third = numbered("1", "2", "3")
    moved = a_statement("1.00", closing="1.00", opens="2026-01-01", closes="2026-01-28", number="2")

    assert codes([first, moved, third]) == []


def test_a_new_year_begins_a_new_count() -> None:
    old, new = numbered("1", "2", year=2025), numbered("12", "13", year=2026)

    assert codes(old + new) == []


amounts = st.integers(-10_000, 10_000)


@given(movements=st.lists(amounts, min_size=2, max_size=12), cut=st.data())
def test_taking_one_statement_out_of_a_chain_leaves_one_gap_unless_nothing_moved_in_it(
    movements: list[int], cut: st.DataObject
) -> None:
    balances = [sum(movements[:n]) for n in range(len(movements) + 1)]
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(len(movements))]
    chain = [
        a_statement(_text(balances[n]), _text(moved), closing=_text(balances[n + 1]), opens=str(day), closes=str(day))
        for n, (moved, day) in enumerate(zip(movements, days, strict=True))
    ]
    missing = cut.draw(st.integers(1, len(chain) - 1))

    left = chain[:missing] + chain[missing + 1 :]
    shuffled = cut.draw(st.permutations(left))

    assert codes(chain) == []
    inside = missing < len(chain) - 1
    expected = ["chain_gap"] if inside and movements[missing] else []
    assert [code for _, code in codes(shuffled)] == expected


def _text(cents: int) -> str:
    return str(Decimal(cents).scaleb(-2))

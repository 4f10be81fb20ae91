"""Balance per bank and balance per books differ by the outstanding lines and by nothing else, at any date."""

from collections import defaultdict

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.given_lines import Line, in_polars, reconciled, table
from tests.properties.sides import Sides, sides
from tieout.domain.kinds import is_book_entry
from tieout.domain.matches import MatchState
from tieout.domain.results import BankReconciliation, Result
from tieout.proofs.account_balances import AccountBalances
from tieout.proofs.bank_reconciliation import Account, Balances, BankReconciler

pytestmark = pytest.mark.slow

OPENING = 1_000_00


def entries_of(company: Sides) -> list[Line]:
    """The book entries."""
    return [line for line in company.ledger if is_book_entry(line.kind)]


def sums_by_account(lines: list[Line]) -> dict[Account, int]:
    """The sum of the lines of each account and currency."""
    sums: defaultdict[Account, int] = defaultdict(int)
    for line in lines:
        sums[line.account, line.currency] += line.minor_units
    return sums


def reconciliations(result: Result, balances: Balances) -> tuple[BankReconciliation, ...]:
    """The accounts of a result against balances."""
    reconciler = BankReconciler(result.statement, result.ledger, balances)
    for match in result.matches():
        reconciler.take(match)
    return reconciler.reconciliations()


def true_balances(company: Sides, until: int) -> Balances:
    """Both balances of each account when both began alike; book entries of later days are not in the books yet."""
    bank, books = (
        sums_by_account(company.statement),
        sums_by_account([line for line in entries_of(company) if line.day_number <= until]),
    )
    accounts = {*bank, *sums_by_account(entries_of(company))}
    statements = [
        AccountBalances(name, currency, OPENING, OPENING + bank.get((name, currency), 0), until)
        for name, currency in sorted(accounts)
    ]
    return Balances(statements, {account: OPENING + books.get(account, 0) for account in accounts})


@given(sides(), st.integers(3, 20))
def test_the_outstanding_lines_explain_the_whole_difference_at_any_date(company: Sides, day: int) -> None:
    until = Line("", "0.00", day).day_number
    result = reconciled(*company)

    for account in reconciliations(result, true_balances(company, until)):
        assert account.difference == 0
        assert account.holds


@given(sides(), st.integers(3, 20), st.integers(-500, 500))
def test_a_balance_that_is_wrong_shows_by_exactly_how_much(company: Sides, day: int, wrong: int) -> None:
    until = Line("", "0.00", day).day_number
    balances = true_balances(company, until)
    books = {account: balance + wrong for account, balance in balances.books.items()}

    for account in reconciliations(reconciled(*company), Balances(balances.statements, books)):
        assert account.difference == wrong
        assert account.holds is (wrong == 0)


@given(sides(), st.integers(3, 20))
def test_every_outstanding_line_is_listed_with_its_part_and_its_age(company: Sides, day: int) -> None:
    until = Line("", "0.00", day).day_number
    days = {line.id: line.day_number for line in [*company.statement, *company.ledger]}

    for account in reconciliations(reconciled(*company), true_balances(company, until)):
        for outstanding in (account.in_books_not_on_bank, account.on_bank_not_in_books):
            assert len(set(outstanding.lines)) == len(outstanding.lines)
            assert list(outstanding.ages) == [until - days[line] for line in outstanding.lines]
            assert sum(outstanding.amounts) == outstanding.sum
            assert 0 not in outstanding.amounts


@given(sides())
def test_what_nothing_or_only_open_items_tie_is_outstanding_whole(company: Sides) -> None:
    result = reconciled(*company)
    amounts = {line.id: line.minor_units for line in [*company.statement, *entries_of(company)]}
    entries = {line.id for line in entries_of(company)}
    cancelled = {
        line
        for match in result.matches()
        if match.state is MatchState.CONFIRMED and entries & {*match.lines("ledger")}
        for line in (*match.lines("statement"), *match.lines("ledger"))
    }

    listed = {
        line: amount
        for account in result.reconciliations
        for outstanding in (account.in_books_not_on_bank, account.on_bank_not_in_books)
        for line, amount in zip(outstanding.lines, outstanding.amounts, strict=True)
    }

    for line, amount in amounts.items():
        if line not in cancelled:
            assert listed.get(line, 0) == amount


@given(sides())
def test_the_reconciliation_does_not_depend_on_how_the_texts_are_kept(company: Sides) -> None:
    assume(company.statement)
    result = reconciled(*company)
    statement, ledger = in_polars(table(company.statement)), in_polars(table(company.ledger))
    reconciler = BankReconciler(statement, ledger, Balances())
    for match in result.matches():
        reconciler.take(match)

    assert reconciler.reconciliations() == result.reconciliations

"""The bank reconciliation in examples: what is outstanding, since when, and why a balance cannot be proved."""

import pytest

from tests.given_lines import BANK, SAVINGS, Line, reconciled
from tests.given_statements import a_statement
from tieout.domain.results import BankReconciliation, Outstanding
from tieout.domain.statements import Statement
from tieout.kernel.errors import UsageError

PAYMENT = "customer_payment"


def the_account(
    statement: list[Line],
    ledger: list[Line],
    *,
    statements: tuple[Statement, ...] = (),
    book: str | None = None,
    bank: str | None = None,
) -> BankReconciliation:
    """The reconciliation of the only account; balances as decimal text."""
    result = reconciled(
        statement,
        ledger,
        statements=statements,
        book=[f"{BANK}={book}"] if book else [],
        bank=[f"{BANK}={bank}"] if bank else [],
    )
    (account,) = result.reconciliations
    return account


def outstanding(*lines: tuple[str, int, int]) -> Outstanding:
    """Lines with what is outstanding of each and its age."""
    ids, amounts, ages = zip(*lines, strict=True) if lines else ((), (), ())
    return Outstanding(ids, sum(amounts), ages, amounts)


def test_a_deposit_in_transit_and_a_bank_line_not_booked_explain_the_difference() -> None:
    statement = [Line("S1", "60.00", 3, counterparty="Nordic AS"), Line("S2", "-12.50", 20, description="interest")]
    ledger = [
        Line("L1", "60.00", 2, kind=PAYMENT, counterparty="Nordic AS"),
        Line("L2", "40.00", 30, kind="bank_entry"),
    ]

    account = the_account(
        statement, ledger, statements=(a_statement("100.00", "47.50", closing="147.50"),), book="200.00"
    )

    assert account == BankReconciliation(
        account=BANK,
        currency="NOK",
        as_of="2026-05-31",
        per_bank=147_50,
        in_books_not_on_bank=outstanding(("L2", 40_00, 1)),
        on_bank_not_in_books=outstanding(("S2", -12_50, 11)),
        per_books=200_00,
        difference=0,
        holds=True,
        reason=None,
    )


def test_money_tied_to_an_open_item_has_still_to_be_booked() -> None:
    statement = [Line("S1", "60.00", 3, reference="INV-2026-01")]
    ledger = [Line("L1", "60.00", 1, reference="INV-2026-01", account="1500")]

    account = the_account(statement, ledger, bank="160.00", book="100.00")

    assert account.on_bank_not_in_books == outstanding(("S1", 60_00, 0))
    assert account.difference == 0


def test_the_fee_that_the_bank_kept_of_a_booked_payment_is_what_the_books_miss() -> None:
    statement = [Line("S1", "97.00", 3, description="INV-2026-01")]
    ledger = [Line("L1", "100.00", 1, reference="INV-2026-01", kind=PAYMENT, counterparty="Nordic AS")]

    account = the_account(statement, ledger, bank="97.00", book="100.00")

    assert account.on_bank_not_in_books == outstanding(("S1", -3_00, 0))
    assert account.in_books_not_on_bank == outstanding()
    assert account.difference == 0


def test_both_legs_of_an_own_transfer_have_still_to_be_booked() -> None:
    statement = [
        Line("S1", "-500.00", 3, counterparty_account=SAVINGS),
        Line("S2", "500.00", 4, account=SAVINGS, counterparty_account=BANK),
    ]

    accounts = reconciled(statement, []).reconciliations

    assert [account.on_bank_not_in_books for account in accounts] == [
        outstanding(("S2", 500_00, 0)),
        outstanding(("S1", -500_00, 0)),
    ]


def test_a_book_entry_that_another_one_takes_back_is_not_outstanding() -> None:
    ledger = [
        Line("L1", "80.00", 1, kind="journal_entry_line", reference="V-0007"),
        Line("L2", "-80.00", 2, kind="journal_entry_line", reference="V-0007"),
        Line("L3", "15.00", 2, kind="journal_entry_line"),
    ]

    assert the_account([], ledger).in_books_not_on_bank == outstanding(("L3", 15_00, 0))


def test_an_entry_booked_after_the_statement_closes_is_not_in_its_books_yet() -> None:
    statement = [Line("S1", "60.00", 30, counterparty="Nordic AS")]
    ledger = [Line("L1", "60.00", "2026-06-02", kind=PAYMENT, counterparty="Nordic AS")]

    account = the_account(statement, ledger, statements=(a_statement("0.00", "60.00", closing="60.00"),), book="0.00")

    assert account.in_books_not_on_bank == outstanding()
    assert account.on_bank_not_in_books == outstanding(("S1", 60_00, 1))
    assert account.holds


def test_without_a_closing_balance_the_date_is_the_last_booking_day_of_either_side() -> None:
    account = the_account([Line("S1", "5.00", 3)], [Line("L1", "6.00", 9, kind="bank_entry")])

    assert account.as_of == "2026-05-09"
    assert account.in_books_not_on_bank.lines == ("L1",)


def test_the_statement_that_closes_last_gives_the_balance_whatever_the_order_of_the_files() -> None:
    april = a_statement("100.00", "20.00", closing="120.00", opens="2026-04-01", closes="2026-04-30")
    morning = a_statement("120.00", "5.00", closing="125.00", closes="2026-05-31")
    evening = a_statement("125.00", "-7.00", closing="118.00", opens="2026-05-31", closes="2026-05-31")

    for statements in ((april, morning, evening), (evening, morning, april), (morning, evening, april)):
        assert the_account([Line("S1", "18.00")], [], statements=statements).per_bank == 118_00


@pytest.mark.parametrize(
    ("ledger", "book", "bank", "reason"),
    [
        pytest.param([], None, "5.00", "open_items_only", id="no book entries"),
        pytest.param([Line("L1", "5.00", account="1500")], None, "5.00", "open_items_only", id="open items"),
        pytest.param([Line("L1", "9.00", kind="bank_entry")], None, "5.00", "no_book_balance", id="book entries"),
        pytest.param([Line("L1", "9.00", kind="bank_entry")], "9.00", None, "no_bank_balance", id="no bank balance"),
        pytest.param([Line("L1", "9.00", kind="bank_entry")], None, None, "no_book_balance", id="neither balance"),
    ],
)
def test_a_balance_that_nobody_knows_is_a_reason_and_not_a_zero(
    ledger: list[Line], book: str | None, bank: str | None, reason: str
) -> None:
    account = the_account([Line("S1", "5.00")], ledger, book=book, bank=bank)

    assert (account.holds, account.difference, account.reason) == (None, None, reason)


def test_a_book_balance_proves_an_account_that_has_open_items_only() -> None:
    account = the_account([Line("S1", "5.00")], [Line("L1", "5.00", account="1500")], book="100.00", bank="105.00")

    assert (account.holds, account.reason) == (True, None)


def entry(line: str, amount: str, day: int | str, balance: str) -> Line:
    """A book entry that carries the balance after it."""
    return Line(line, amount, day, kind="bank_entry", balance=balance)


def test_book_entries_that_carry_a_balance_give_the_balance_per_books() -> None:
    ledger = [entry("L1", "10.00", 1, "110.00"), entry("L2", "-4.00", 2, "106.00")]

    account = the_account([Line("S1", "1.00", 2)], ledger, bank="101.00")

    assert (account.per_books, account.holds) == (106_00, True)


def test_of_several_entries_of_the_last_day_the_one_that_no_other_continues_has_the_balance() -> None:
    ledger = [entry("L3", "10.00", 2, "110.00"), entry("L1", "-4.00", 2, "106.00"), entry("L2", "1.00", 2, "107.00")]

    assert the_account([], ledger).per_books == 107_00


def test_entries_after_the_date_do_not_change_the_balance_at_the_date() -> None:
    ledger = [entry("L1", "10.00", 1, "110.00"), entry("L2", "-4.00", "2026-06-02", "106.00")]

    account = the_account([], ledger, statements=(a_statement("100.00", closing="100.00"),))

    assert (account.as_of, account.per_books, account.holds) == ("2026-05-31", 110_00, True)


@pytest.mark.parametrize(
    "ledger",
    [
        pytest.param([entry("L1", "10.00", 1, "110.00"), entry("L2", "-4.00", 2, "")], id="one is missing"),
        pytest.param([entry("L1", "10.00", 1, "110.00"), entry("L2", "-4.00", 2, "100.00")], id="they do not follow"),
        pytest.param([entry("L1", "10.00", 1, "about 110")], id="not an amount"),
        pytest.param([entry("L1", "4.00", 1, "104.00"), entry("L2", "-4.00", 1, "100.00")], id="a day in a circle"),
        pytest.param([entry("L1", "4.00", 1, "104.00"), entry("L2", "1.00", 3, "105.01")], id="an øre between days"),
    ],
)
def test_balances_that_prove_none_give_none(ledger: list[Line]) -> None:
    account = the_account([], ledger, bank="0.00")

    assert (account.per_books, account.holds, account.reason) == (None, None, "book_balance_unclear")


def test_a_day_whose_entries_cancel_takes_its_balance_from_the_days_before() -> None:
    ledger = [
        entry("L1", "10.00", 1, "110.00"),
        entry("L2", "4.00", 2, "114.00"),
        entry("L3", "-4.00", 2, "110.00"),
    ]

    assert the_account([], ledger).per_books == 110_00


@pytest.mark.parametrize(
    ("balance", "message"),
    [
        ("NO9386011117948=5.00", f"no file knows the account 'NO9386011117948'; did you mean \"{BANK}\"?"),
        (f"{BANK}", "write ACCOUNT=AMOUNT, for example NO9386011117947=1500.00"),
        (f"{BANK}=1,500.00", "'1,500.00' is not an amount like -1234.50"),
        (f"{BANK}=5.001", "'5.001' has more than 2 decimals that are not zero"),
        (f"{BANK}=5.00 EUR", f"account {BANK} has no lines in EUR; valid are NOK"),
    ],
)
def test_a_balance_that_no_file_knows_is_refused_with_what_to_write(balance: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        reconciled([Line("S1", "5.00")], [], book=[balance])

    assert str(refused.value) == f"--book-balance {balance}: {message}"


def test_an_account_in_two_currencies_needs_to_know_which_one_is_meant() -> None:
    statement = [Line("S1", "5.00"), Line("S2", "5.00", currency="EUR")]

    with pytest.raises(UsageError, match="has lines in EUR and NOK; say which"):
        reconciled(statement, [], book=[f"{BANK}=5.00"])

    euro, kroner = reconciled(statement, [], book=[f"{BANK}=5.00 EUR"]).reconciliations
    assert (euro.currency, euro.per_books, kroner.per_books) == ("EUR", 5_00, None)


def test_a_balance_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="is given twice"):
        reconciled([Line("S1", "5.00")], [], book=[f"{BANK}=5.00", f"{BANK}=6.00"])


def test_an_account_may_be_written_with_blanks() -> None:
    (account,) = reconciled([Line("S1", "5.00")], [], book=["NO93 8601 1117 947=5.00"]).reconciliations

    assert account.per_books == 5_00


def test_the_same_account_in_groups_of_digits_is_one_account() -> None:
    statement = [Line("S1", "60.00", 3, account="NO93 8601 1117 947", reference="V-0007")]
    ledger = [Line("L1", "60.00", 2, kind="bank_entry", reference="V-0007")]

    account = the_account(statement, ledger, statements=(a_statement("0.00", "60.00", closing="60.00"),), book="60.00")

    assert (account.account, account.holds) == (BANK, True)
    assert account.in_books_not_on_bank == account.on_bank_not_in_books == outstanding()


def test_a_bank_balance_is_not_taken_where_the_statement_states_one() -> None:
    with pytest.raises(UsageError, match="states its balance; leave it out"):
        reconciled(
            [Line("S1", "5.00")], [], statements=[a_statement("0.00", "5.00", closing="5.00")], bank=[f"{BANK}=6.00"]
        )


def test_the_proofs_of_a_result_are_those_of_its_booked_statements() -> None:
    statements = [a_statement("100.00", "20.00", closing="120.00"), a_statement("120.00", "1.00", closing="125.00")]

    proofs = reconciled([Line("S1", "20.00")], [], statements=statements).proofs

    assert [(proof.holds, proof.gap) for proof in proofs] == [(True, 0), (False, 4_00)]

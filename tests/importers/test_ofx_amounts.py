"""Amounts as OFX files spell them: what is read, what is not, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importers.ofx_told import reading_of, statement_of
from tieout.importers._ofx_amounts import AmbiguousAmount, ForeignAmount, decimal_marks, plain_amount
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals, decimal_text, minor_units_of

_CODES = ("not_an_amount", "too_many_decimals", "amount_out_of_range", "ambiguous_amount", "other_currency")

POINT, COMMA, BOTH, NEITHER = frozenset("."), frozenset(","), frozenset(".,"), frozenset[str]()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("-12.34", "-12.34"),
        ("-12,34", "-12.34"),
        ("+115.83", "115.83"),
        ("1500", "1500"),
        ("120.", "120"),
        (".50", "0.50"),
        ("-8.95000", "-8.95000"),
        ("-24,9900", "-24.9900"),
        ("-00000000001500.0000", "-1500.0000"),
        ("1.5000000000", "1.500000"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("-1.234.567,8", "-1234567.8"),
        ("1,234,567", "1234567"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("- 12.34", "-12.34"),
        ("12.34-", "-12.34"),
        ("\u221212.34", "-12.34"),
    ],
)
def test_an_amount_that_can_be_read_in_one_way_is_read(written: str, read: str) -> None:
    assert plain_amount(written, "EUR") == read


@pytest.mark.parametrize(
    "written",
    [
        ".",
        ",",
        "",
        "-",
        "abc",
        "1.2.3",
        "1,23,456",
        "12,34.56",
        "1.234,56,7",
        "--5",
        "+-5",
        "-5-",
        "1 23",
        "1E+3",
        "5 CR",
    ],
)
def test_what_is_no_amount_is_not_read(written: str) -> None:
    with pytest.raises(NotAnAmount):
        plain_amount(written, "EUR")


@pytest.mark.parametrize("written", ["1.2345678", "-64.40574934902884"])
def test_more_decimals_than_any_currency_has_are_not_rounded(written: str) -> None:
    with pytest.raises(TooManyDecimals):
        plain_amount(written, "EUR")


def test_an_amount_beyond_every_bank_is_out_of_range() -> None:
    with pytest.raises(AmountOutOfRange):
        plain_amount("1234567890123456789", "EUR")


@pytest.mark.parametrize(
    ("written", "currency", "marks", "read"),
    [
        ("1.234", "EUR", COMMA, "1234"),
        ("1,234", "EUR", POINT, "1234"),
        ("1.234", "EUR", POINT, "1.234"),
        ("1,000", "EUR", COMMA, "1.000"),
        ("1.000", "EUR", NEITHER, "1.000"),  # the standard knows no grouping
        ("1.234", "KWD", NEITHER, "1.234"),
        ("1,234", "KWD", NEITHER, "1.234"),
        ("0,500", "EUR", NEITHER, "0.500"),  # nobody groups after a zero
        ("1500,000", "EUR", NEITHER, "1500.000"),  # nor after four digits
        ("1,234", "JPY", POINT, "1234"),
    ],
)
def test_a_mark_before_three_digits_is_read_as_the_other_amounts_use_it(
    written: str, currency: str, marks: frozenset[str], read: str
) -> None:
    assert plain_amount(written, currency, marks) == read


@pytest.mark.parametrize(
    ("written", "currency", "marks"),
    [
        ("1,234", "EUR", NEITHER),
        ("1,234", None, NEITHER),
        ("1,234", "EUR", BOTH),
        ("1.234", "EUR", BOTH),
        ("1.000", "JPY", NEITHER),
    ],
)
def test_an_amount_that_may_be_a_thousand_times_larger_is_not_read(
    written: str, currency: str | None, marks: frozenset[str]
) -> None:
    with pytest.raises(AmbiguousAmount):
        plain_amount(written, currency, marks)


@pytest.mark.parametrize(
    ("written", "currency", "read"),
    [
        ("$120", "CAD", "120"),
        ("-$120.50", "USD", "-120.50"),
        ("R$ 5.326,43", "BRL", "5326.43"),
        ("R$ -5,00", "BRL", "-5.00"),
        ("12.00 EUR", "EUR", "12.00"),
        ("€12", None, "12"),
    ],
)
def test_a_sign_of_the_own_currency_may_stand_beside_the_amount(written: str, currency: str | None, read: str) -> None:
    assert plain_amount(written, currency) == read


@pytest.mark.parametrize(("written", "currency"), [("€ 12", "USD"), ("R$ 12", "USD"), ("$12", "EUR"), ("USD 1", "CAD")])
def test_a_sign_of_another_currency_is_not_overlooked(written: str, currency: str) -> None:
    with pytest.raises(ForeignAmount, match=f"its account in {currency}"):
        plain_amount(written, currency)


@pytest.mark.parametrize(
    ("amounts", "marks"),
    [
        (["1.234", "5"], NEITHER),
        (["1.23"], POINT),
        (["R$ 5.326,43"], COMMA),
        (["1.234.567"], COMMA),
        (["1 234,5", "-7.00"], BOTH),
        ([".", ""], NEITHER),
    ],
)
def test_amounts_show_which_mark_begins_the_decimals(amounts: list[str], marks: frozenset[str]) -> None:
    assert decimal_marks(amounts) == marks


def _answer_to(written: str) -> str:
    try:
        return plain_amount(written, "EUR")
    except TieoutError as problem:
        return problem.code


def _grouped(whole: str, mark: str) -> str:
    first = len(whole) % 3 or 3
    return mark.join([whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))])


@given(
    minor_units=st.integers(-(10**12), 10**12),
    marks=st.sampled_from([".", ",", "., ", ",.", ". ", ", ", ".'"]),
    sign_of_money=st.sampled_from(["", "$", "US$ ", "USD "]),
)
def test_an_amount_with_two_decimals_is_read_back_however_it_is_grouped(
    minor_units: int, marks: str, sign_of_money: str
) -> None:
    plain = decimal_text(minor_units, 2)
    whole, _, decimals = plain.removeprefix("-").partition(".")
    sign = "-" if minor_units < 0 else ""
    written = f"{sign}{sign_of_money}{_grouped(whole, marks[1:2])}{marks[0]}{decimals}"

    assert minor_units_of(plain_amount(written, "USD"), 2) == minor_units


@given(st.text(alphabet="0123456789.,+-$€ '", max_size=12))
def test_whatever_is_written_is_read_exactly_or_refused_with_a_code(written: str) -> None:
    digits = "".join(mark for mark in written if mark.isdigit())

    answer = _answer_to(written.strip())

    assert answer in _CODES or answer.replace(".", "").strip("-0") == digits.strip("0")


def test_an_entry_is_read_by_the_marks_of_its_neighbours_and_balance() -> None:
    alone = "<DTPOSTED>20260504<TRNAMT>-2,000"
    balance = "<BALAMT>1.500,00<DTASOF>20260531"

    undecided = reading_of(statement_of(alone))
    decided = reading_of(statement_of(alone, balance=balance))
    contrary = reading_of(statement_of(alone, "<DTPOSTED>20260504<TRNAMT>0.50"))

    assert [finding.code for finding in undecided.quarantined] == ["ambiguous_amount"]
    assert decided.statements[0].tally.sum == -2_00
    assert contrary.statements[0].tally.sum == -2000_00 + 50


def test_the_amount_gives_the_sign_and_the_type_does_not() -> None:
    debit_in = "<TRNTYPE>DEBIT<DTPOSTED>20260504<TRNAMT>5.00"
    credit_out = "<TRNTYPE>CREDIT<DTPOSTED>20260504<TRNAMT>-7.00"

    (statement,) = reading_of(statement_of(debit_in, credit_out)).statements

    assert (statement.tally.credits, statement.tally.debits) == (5_00, -7_00)


def test_without_a_currency_amounts_keep_the_decimals_that_the_file_writes() -> None:
    entries = ("<DTPOSTED>20260504<TRNAMT>5.125", "<DTPOSTED>20260504<TRNAMT>-1.1")

    (statement,) = reading_of(statement_of(*entries, currency="")).statements

    assert (statement.currency, statement.exponent, statement.tally.sum) == (None, 3, 4_025)

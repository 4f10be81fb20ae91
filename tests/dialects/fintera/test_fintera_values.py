"""Amounts, days, instants and currencies in the vendor's spelling."""

import iso4217
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tieout.contracts.exact_json import JsonNumber
from tieout.dialects.fintera.amounts import read_amount, write_amount
from tieout.dialects.fintera.currencies import CURRENCY_IDS, read_currency
from tieout.dialects.fintera.moments import later, read_day, write_day, write_moment
from tieout.kernel.currencies import EXPONENTS, UnknownCurrency
from tieout.kernel.dates import NotADay, day_number, day_of_text
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

NOVEMBER_2015 = 1_447_336_453_000_000  # 2015-11-12 13:54:13 UTC


@pytest.mark.parametrize(
    ("value", "minor_units"),
    [
        (68, 68_00),
        (JsonNumber("68.5"), 68_50),
        ("68.50", 68_50),
        ("-68.5", -68_50),
        ("150.000000", 150_00),
        ("0.5E3", 500_00),
        ("0.1234e4", 1234_00),
        ("15E-1", 1_50),
        ("5E-2", 5),
        (JsonNumber("1e2"), 100_00),
        ("0.0", 0),
        (JsonNumber("12345678901234567.89"), 1_234_567_890_123_456_789),
    ],
)
def test_an_amount_is_read_from_a_number_a_text_and_rubys_notation(value: object, minor_units: int) -> None:
    assert read_amount(value, "BRL") == minor_units


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        (True, NotAnAmount),
        ("1_000", NotAnAmount),
        (" 7 ", NotAnAmount),
        ("NaN", NotAnAmount),
        ("1,50", NotAnAmount),
        ("", NotAnAmount),
        ([1], NotAnAmount),
        (JsonNumber("1e400"), NotAnAmount),
        ("1.005", TooManyDecimals),
        ("1E-3", TooManyDecimals),
        ("1.0000001", TooManyDecimals),
        ("9" * 18, AmountOutOfRange),
        ("9E99", TieoutError),
    ],
)
def test_what_is_no_amount_of_its_currency_is_refused(value: object, wrong: type[TieoutError]) -> None:
    with pytest.raises(wrong):
        read_amount(value, "BRL")


@pytest.mark.parametrize(
    ("minor_units", "currency", "text"),
    [
        (3000_00, "BRL", "3000.0"),
        (-68_50, "BRL", "-68.5"),
        (42_42, "BRL", "42.42"),
        (-5, "BRL", "-0.05"),
        (0, "BRL", "0.0"),
        (1000, "JPY", "1000.0"),
        (1_005, "KWD", "1.005"),
    ],
)
def test_an_amount_is_written_with_at_least_one_decimal(minor_units: int, currency: str, text: str) -> None:
    assert write_amount(minor_units, currency) == text


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (NOVEMBER_2015, "2015-11-12T11:54:13-02:00"),
        (1_378_738_041_000_000, "2013-09-09T11:47:21-03:00"),
        (1_768_478_400_999_999, "2026-01-15T09:00:00-03:00"),
    ],
)
def test_an_instant_carries_the_offset_that_sao_paulo_had(at: int, written: str) -> None:
    assert write_moment(at) == written


def test_a_day_is_read_with_and_without_a_time_behind_it() -> None:
    assert read_day("2013-09-09") == read_day("2013-09-09T00:00:00-03:00") == day_number(day_of_text("2013-09-09"))


@pytest.mark.parametrize("value", ["09/09/2013", "2013-02-30", 20130909, None, "", "2013-9-9"])
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(NotADay):
        read_day(value)


@pytest.mark.parametrize(
    ("months", "expected"), [(1, "2015-02-28"), (2, "2015-03-31"), (12, "2016-01-31"), (13, "2016-02-29")]
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(months: int, expected: str) -> None:
    assert write_day(later(read_day("2015-01-31"), months)) == expected


@given(day=some.integers(0, 30_000), months=some.integers(0, 400))
def test_months_later_is_never_earlier_and_never_more_than_so_many_months(day: int, months: int) -> None:
    assert months * 28 <= later(day, months) - day <= months * 31


def test_the_real_is_1_and_every_other_currency_has_its_iso_number() -> None:
    expected = {code: iso4217.Currency(code).number for code in EXPONENTS if code != "BRL"}

    assert {**expected, "BRL": 1} == CURRENCY_IDS


def test_a_number_that_no_currency_has_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        read_currency(2)

"""Statement lines and balances as banks write them, standard or not."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis.strategies import dates, integers, sampled_from

from tests.importers.mt940_told import entry_of, reading_of, statement_of, the_statement
from tieout.importers._mt940_lines import day_near, day_of, decimal_text_of, read_balance
from tieout.kernel.money import decimal_text


@pytest.mark.parametrize(
    ("mark", "minor_units", "booked", "reversal"),
    [
        ("C", 1000, True, False),
        ("D", -1000, True, False),
        ("RC", -1000, True, True),
        ("RD", 1000, True, True),
        ("EC", 1000, False, False),
        ("ED", -1000, False, False),
    ],
)
@pytest.mark.parametrize("funds_code", ["", "R", "D", "C"])
def test_the_mark_gives_the_sign_and_a_letter_behind_it_is_the_funds_code(
    mark: str, minor_units: int, booked: bool, reversal: bool, funds_code: str
) -> None:
    entry = entry_of(f"2605040504{mark}{funds_code}10,00NTRFNONREF")

    assert (entry.minor_units, entry.booked, entry.reversal) == (minor_units, booked, reversal)


def test_a_reversed_credit_and_a_reversed_debit_move_the_balance_back() -> None:
    lines = (":61:260504C70,00NTRFNONREF", ":61:260504RC70,00NTRFNONREF", ":61:260504RD5,00NTRFNONREF")

    statement = the_statement(statement_of(*lines, closing="C260531EUR105,00"))

    assert statement.proof.holds


def test_expected_entries_are_pending_and_no_part_of_the_balance() -> None:
    statement = the_statement(statement_of(":61:260504EC70,00NTRFNONREF", ":61:260504ED9,00NTRFNONREF"))

    assert (statement.tally.entries, statement.tally.pending_entries, statement.tally.pending_sum) == (0, 2, 6100)
    assert statement.proof.holds


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("100,", "100"),
        (",50", "0.50"),
        ("79,7", "79.7"),
        ("500", "500"),
        ("000000001234,56", "1234.56"),
        ("000000001234.56", "1234.56"),
        ("000000012345.", "12345"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1'234'567,89", "1234567.89"),
        ("1 234,56", "1234.56"),
        ("1.234.567", "1234567"),
        ("0,0000000", "0.000000"),
        ("1.23.456", None),
        ("12.34,56", None),
        ("1,2,3", None),
        (".", None),
    ],
)
def test_an_amount_is_read_in_every_spelling_that_is_clear(written: str, read: str | None) -> None:
    assert decimal_text_of(written) == read


@given(minor_units=integers(0, 10**12), spelling=sampled_from(["plain", "padded", "point", "grouped", "short"]))
@example(minor_units=0, spelling="short")
@example(minor_units=5, spelling="short")
def test_every_spelling_of_an_amount_is_the_same_amount(minor_units: int, spelling: str) -> None:
    whole, cents = divmod(minor_units, 100)
    written = {
        "plain": f"{whole},{cents:02d}",
        "padded": f"{whole:014d},{cents:02d}",
        "point": f"{whole:014d}.{cents:02d}",
        "grouped": f"{whole:,}".replace(",", ".") + f",{cents:02d}",
        "short": f"{whole or ''},{str(cents).rjust(2, '0').rstrip('0')}" if minor_units else "0,",
    }[spelling]

    entry = entry_of(f"260504C{written}NTRFNONREF")

    assert decimal_text(entry.minor_units, 2) == decimal_text(minor_units, 2)


@given(value_date=dates(date(1981, 1, 1), date(2078, 12, 31)), days=integers(-180, 180))
@example(value_date=date(2025, 12, 31), days=2)
@example(value_date=date(2026, 1, 2), days=-3)
@example(value_date=date(2024, 3, 1), days=-1)
def test_a_booking_day_without_a_year_is_the_one_nearest_to_the_value_date(value_date: date, days: int) -> None:
    booking_date = value_date + timedelta(days=days)

    entry = entry_of(f"{value_date:%y%m%d}{booking_date:%m%d}C1,00NTRFNONREF")

    assert (entry.value_date, entry.booking_date) == (value_date, booking_date)


def test_a_leap_day_goes_to_a_leap_year_and_is_lost_where_none_is_near() -> None:
    assert day_near("0229", date(2023, 12, 30)) == date(2024, 2, 29)
    assert day_near("0229", date(2026, 3, 1)) is None


@pytest.mark.parametrize("absent", ["", "    "])
def test_an_entry_without_a_booking_day_was_booked_on_its_value_date(absent: str) -> None:
    entry = entry_of(f"260504{absent}C1,00NTRFNONREF")

    assert (entry.booking_date, entry.value_date) == (date(2026, 5, 4), date(2026, 5, 4))


def test_two_digits_of_a_year_up_to_79_are_of_this_century() -> None:
    assert [day_of(digits) for digits in ("790101", "800101", "000101")] == [
        date(2079, 1, 1),
        date(1980, 1, 1),
        date(2000, 1, 1),
    ]


@pytest.mark.parametrize("days", ["0000000504", "2602300504", "nullnull", "", "26050"])
def test_an_entry_with_a_bad_date_is_counted_and_said(days: str) -> None:
    reading = reading_of(statement_of(f":61:{days}D10,00NTRFNONREF", closing="C260531EUR90,00"))

    (statement,) = reading.statements
    assert statement.proof.holds
    assert statement.entries[0].value_date is None
    assert [(warning.code, warning.place.line) for warning in reading.warnings] in (
        [("bad_date", 5)],
        [("no_booking_date", 5)],
    )


def test_a_booking_day_is_kept_when_only_the_value_date_is_bad() -> None:
    entry = entry_of("2602300301D6,00N024NONREF")

    assert (entry.value_date, entry.booking_date) == (None, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("260504X10,00NTRFNONREF", "no_mark", 1),
        ("26050410,00NTRFNONREF", "no_mark", 1),
        ("260504DNTRFNONREF", "no_amount", 12),
        ("260504D10,123NTRFNONREF", "too_many_decimals", 12),
        ("260504D1.234NTRFNONREF", "too_many_decimals", 12),
        ("260504D1,2,3NTRFNONREF", "not_an_amount", 12),
        ("260504C12 34567,89NMSCNONREF", "not_an_amount", 12),
        ("260504C99999999999999999999,00NTRFNONREF", "not_an_amount", 12),
        ("260504C999999999999999999,00NTRFNONREF", "amount_out_of_range", 12),
    ],
)
def test_an_entry_that_cannot_be_read_whole_is_quarantined_and_the_proof_shows_the_gap(
    line: str, code: str, column: int
) -> None:
    reading = reading_of(statement_of(f":61:{line}", ":86:text", closing="C260531EUR90,00"))

    (statement,) = reading.statements
    (finding,) = reading.quarantined
    assert (finding.code, str(finding.place)) == (code, f"may.sta:5:{column}")
    assert finding.excerpt == f":61:{line}"
    assert (statement.tally.entries, statement.proof.holds, statement.proof.gap) == (0, False, -1000)


def test_more_decimals_than_the_currency_has_are_read_where_they_are_zero() -> None:
    yen = statement_of(
        ":61:260504D10,00NTRFNONREF", ":61:260504D1,50NTRFNONREF", opening="C260430JPY100,", closing="C260531JPY90,"
    )

    reading = reading_of(yen)

    assert reading.statements[0].proof.holds
    assert [finding.code for finding in reading.quarantined] == ["too_many_decimals"]


@pytest.mark.parametrize(
    ("rest", "reference", "native_id"),
    [
        ("NTRFINV-1001//BK01", "INV-1001", "BK01"),
        ("NTRFNONREF//BK01", "", "BK01"),
        ("FMSC01916//NONREF", "01916", ""),
        ("NOV NONREF", "", ""),
        ("NGT CARD 4711", "CARD 4711", ""),
        ("S05112345678", "12345678", ""),
        ("S   X", "X", ""),
        (" NRTIKREF+//2016", "", "2016"),
        ("N20025-04-2026 16:21//FH", "25-04-2026 16:21", "FH"),
        ("//26050400017", "", "26050400017"),
        ("NONREF", "", ""),
        ("NTRFAB/1//O/34", "AB/1", "O/34"),
        ("NTRFRF18539007547034", "RF18539007547034", ""),
        ("", "", ""),
    ],
)
def test_behind_the_amount_stand_type_reference_and_the_banks_own_reference(
    rest: str, reference: str, native_id: str
) -> None:
    entry = entry_of(f"260504D10,00{rest}")

    assert (entry.minor_units, entry.reference, entry.native_id) == (-1000, reference, native_id)


@pytest.mark.parametrize(
    "line",
    ["260504C\n30,00NTRFNONREF", "2605\n04C30,00NTRFNONREF", "260504C30,\n00NTRFNONREF", "260504C3\n0,00NTRFNON"],
)
def test_a_statement_line_broken_over_lines_is_read_whole(line: str) -> None:
    assert entry_of(line).minor_units == 3000


def test_digits_on_the_second_line_are_no_part_of_the_amount() -> None:
    assert entry_of("260504C30,00\n12.05 at the counter").minor_units == 3000


@pytest.mark.parametrize(
    ("text", "amount", "day", "currency"),
    [
        ("C260504EUR1,5", "1.5", date(2026, 5, 4), "EUR"),
        ("D260504EUR000012,00", "-12.00", date(2026, 5, 4), "EUR"),
        ("C 260504 EUR 1.234,56", "1234.56", date(2026, 5, 4), "EUR"),
        ("C260299EUR1,00", "1.00", None, "EUR"),
        ("CEUR1,00", "1.00", None, "EUR"),
        ("C260504105000,00", "105000.00", date(2026, 5, 4), None),
        ("Dnullnull1234,5", "-1234.5", None, None),
        ("C260504EUR12,00-}", "12.00", date(2026, 5, 4), "EUR"),
    ],
)
def test_a_balance_is_read_without_its_day_or_its_currency(
    text: str, amount: str, day: date | None, currency: str | None
) -> None:
    balance = read_balance(text)

    assert balance is not None
    assert (balance.amount, balance.on, balance.currency) == (amount, day, currency)


@pytest.mark.parametrize(
    "text", ["", "260504EUR1,00", "X260504EUR1,00", "C260504EUR", "C260504EUR12 34567,89", "C2605EUR"]
)
def test_a_balance_without_mark_or_with_no_clear_amount_is_none_and_said(text: str) -> None:
    reading = reading_of(statement_of(closing=text or " "))

    assert reading.statements[0].closing is None
    assert reading.statements[0].proof.reason == "no_closing"
    assert [(warning.code, warning.place.line) for warning in reading.warnings] == [("unreadable_balance", 5)]


def test_a_balance_in_another_currency_than_its_statement_is_none_and_said() -> None:
    reading = reading_of(statement_of(closing="C260531USD100,00"))

    assert reading.statements[0].closing is None
    assert [warning.code for warning in reading.warnings] == ["unreadable_balance"]

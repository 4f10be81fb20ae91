"""What an OFX entry says beside its amount: days, description, counterparty, reference, original currency."""

from datetime import date

import pytest

from tests.importers.ofx_told import entry_of
from tieout.importers._ofx_texts import day_of


@pytest.mark.parametrize(
    "written",
    [
        "20260531",
        "20260531235959",
        "202605312359",
        "20260531235959.500",
        "20260531235959.500[-5:EST]",
        "20260531000000[-3:BRT]",
        "20260531[+10]",
        "20260531 12:00:00",
    ],
)
def test_a_day_is_the_calendar_day_as_written_whatever_the_time_zone(written: str) -> None:
    assert day_of(written) == date(2026, 5, 31)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "00000000",
        "00000000000000[-3:GMT]",
        "00010101000000",
        "20260231",
        "201120000000",
        "2026053",
        "202605311",
        "x",
    ],
)
def test_what_is_in_no_calendar_is_no_day(written: str) -> None:
    assert day_of(written) is None


@pytest.mark.parametrize(
    ("name", "memo", "description"),
    [
        ("Acme Ltd", "", "Acme Ltd"),
        ("", "Invoice 7", "Invoice 7"),
        ("Acme Ltd", "Invoice 7", "Acme Ltd Invoice 7"),
        ("DIVIDEND FOR THE PERIOD OF 03/01/", "DIVIDEND FOR THE PERIOD OF 03/01/2026 ON SHARES", None),
        ("TRANSFER  FROM", "Transfer from savings", "Transfer from savings"),
        ("DEPOSIT", "automatic deposit", "automatic deposit"),
        ("Al", "Salary", "Al Salary"),
        ("Acme Ltd Oslo", "acme ltd", "Acme Ltd Oslo"),
    ],
)
def test_the_description_joins_name_and_memo_without_saying_one_twice(
    name: str, memo: str, description: str | None
) -> None:
    entry = entry_of(f"<NAME>{name}<MEMO>{memo}")

    assert entry.description == (memo if description is None else description)


def test_a_longer_name_field_replaces_the_one_that_is_cut() -> None:
    entry = entry_of("<NAME>NORTHERN ASSOCIATION OF BOAT BUI<EXTDNAME>NORTHERN ASSOCIATION OF BOAT BUILDERS<MEMO>Dues")

    assert entry.counterparty == "NORTHERN ASSOCIATION OF BOAT BUILDERS"


@pytest.mark.parametrize(
    ("inside", "counterparty"),
    [
        ("<NAME>Acme Ltd<MEMO>Invoice 7", "Acme Ltd"),
        ("<NAME>Acme Ltd", ""),  # may be all there is of the description
        ("<NAME>ELECTRIC BILL, AUTOMATIC WITHDRA<MEMO>ELECTRIC BILL, AUTOMATIC WITHDRAWAL", ""),
        ("<NAME>DIRECT DEBIT<MEMO>Acme Ltd", ""),
        ("<NAME>Card 4711<MEMO>Acme Ltd", ""),
        ("<NAME>***<MEMO>Acme Ltd", ""),
        ("<PAYEE><NAME>Acme Ltd<CITY>Oslo</PAYEE>", "Acme Ltd"),
        ("<PAYEE>Acme Ltd<MEMO>Invoice 7", "Acme Ltd"),
        ("<NAME>DEBIT<PAYEE><NAME>Acme Ltd</PAYEE><MEMO>Invoice 7", "Acme Ltd"),
    ],
)
def test_the_counterparty_is_a_payee_or_a_name_that_is_more_than_the_kind_of_movement(
    inside: str, counterparty: str
) -> None:
    assert entry_of(inside).counterparty == counterparty


@pytest.mark.parametrize(
    ("inside", "reference"),
    [
        ("<REFNUM>INV-7<CHECKNUM>1025", "INV-7"),
        ("<CHECKNUM>1025", "1025"),
        ("<REFNUM>000<CHECKNUM>1025", "1025"),
        ("<CHECKNUM>0", ""),
        ("<REFNUM>VENDOR", ""),
        ("<FITID>20260504X<CHECKNUM>20260504X", ""),
    ],
)
def test_a_reference_says_more_than_zeros_words_or_the_id_again(inside: str, reference: str) -> None:
    assert entry_of(inside).reference == reference


@pytest.mark.parametrize(
    ("inside", "original"),
    [
        ("<ORIGCURRENCY><CURRATE>11.50<CURSYM>NOK</ORIGCURRENCY>", ("NOK", "11.50")),
        ("<ORIGCURRENCY><CURRATE>0,087<CURSYM>NOK</ORIGCURRENCY>", ("NOK", "0.087")),
        ("<ORIGCURRENCY><CURRATE>0<CURSYM>NOK</ORIGCURRENCY>", ("NOK", "")),
        ("<ORIGCURRENCY><CURRATE>1<CURSYM>EUR</ORIGCURRENCY>", ("", "")),
        ("<CURRENCY><CURRATE>1<CURSYM>EUR</CURRENCY>", ("", "")),
    ],
)
def test_a_converted_entry_keeps_the_original_currency_and_its_rate(inside: str, original: tuple[str, str]) -> None:
    entry = entry_of(inside)

    assert (entry.original_currency, entry.rate) == original
    assert entry.original_amount == ""

"""What the canonical CSV refuses, where, and in which words."""

import pytest

from tests.importers.canonical_told import LINE, SHORT, messages_of, refusal_of
from tieout.domain.kinds import Side


def test_a_file_of_zero_bytes_is_refused() -> None:
    assert messages_of("") == ["books.csv: the file holds no bytes; export it again; the download may have failed"]
    assert refusal_of("").findings[0].code == "empty"


@pytest.mark.parametrize("text", ["\ufeff", "\n\n", "\ufeff\r\n"])
def test_a_file_of_empty_lines_has_no_header(text: str) -> None:
    assert [finding.code for finding in refusal_of(text).findings] == ["missing_column"]


def test_another_encoding_is_refused_at_the_cell_where_it_shows() -> None:
    text = f"{SHORT},counterparty\n{LINE},Hav\nL2,1.00,NOK,2026-05-31,Sjømat\n".encode("cp1252")

    assert messages_of(text) == [
        'books.csv:3:24: byte 0xF8 is no UTF-8; in "Sjømat"; save the file again as CSV UTF-8',
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_by_name(encoding: str) -> None:
    (message,) = messages_of(f"{SHORT}\n{LINE}\n".encode(encoding))

    assert message == "books.csv:1:1: the file is UTF-16, not UTF-8; save the file again as CSV UTF-8"


def test_a_missing_column_is_named_with_the_header_that_looks_like_it() -> None:
    currency, amount, booking_date = messages_of("id,Amount,Valuta,Booking Date\n")

    assert currency == (
        'books.csv:1:1: the required column "currency" is missing; in "id,Amount,Valuta,Booking Date"; '
        "the first row names the columns; id, amount, currency and booking_date are required, in small letters"
    )
    assert amount == (
        'books.csv:1:4: the required column "amount" is missing; in "Amount"; '
        'did you mean "Amount"? rename it to "amount"'
    )
    assert booking_date == (
        'books.csv:1:18: the required column "booking_date" is missing; in "Booking Date"; '
        'did you mean "Booking Date"? rename it to "booking_date"'
    )


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_another_separator_is_named(mark: str, name: str) -> None:
    (finding,) = refusal_of(SHORT.replace(",", mark)).findings

    assert finding.code == "wrong_separator"
    assert finding.what == f"the columns are separated by {name}, not by commas"


def test_a_column_named_twice_and_one_without_a_name_are_refused_together() -> None:
    findings = refusal_of(f"{SHORT},amount,\n{LINE},1.00,x\n").findings

    assert [(finding.code, finding.place.column) for finding in findings] == [
        ("duplicate_column", 33),
        ("unnamed_column", 40),
    ]


@pytest.mark.parametrize(
    ("row", "column", "code", "what"),
    [
        (",1.00,NOK,2026-05-31", 1, "empty_cell", "id is empty"),
        ("  ,1.00,NOK,2026-05-31", 1, "empty_cell", "id is empty"),
        ("L1,,NOK,2026-05-31", 4, "empty_cell", "amount is empty"),
        ("L1,1.00,,2026-05-31", 9, "empty_cell", "currency is empty"),
        ("L1,1.00,NOK,", 13, "empty_cell", "booking_date is empty"),
        ("L1, 1.00,NOK,2026-05-31", 4, "not_an_amount", "amount is not a decimal number"),
        ('L1,"1,00",NOK,2026-05-31', 4, "not_an_amount", "amount is not a decimal number"),
        ("L1,1e3,NOK,2026-05-31", 4, "not_an_amount", "amount is not a decimal number"),
        ("L1,+1,NOK,2026-05-31", 4, "not_an_amount", "amount is not a decimal number"),
        ("L1,1.005,NOK,2026-05-31", 4, "too_many_decimals", "amount has more decimals than the 2 of NOK"),
        (
            "L1,92233720368547758.08,NOK,2026-05-31",
            4,
            "amount_out_of_range",
            "amount is larger than 64 bits of minor units can hold",
        ),
        (
            "L1,1.00,XXX,2026-05-31",
            9,
            "unknown_currency",
            "currency is not an ISO 4217 code with a minor unit",
        ),
        ("L1,1.00,NOK,2026-02-29", 13, "not_a_date", "booking_date is not a day written YYYY-MM-DD"),
        ("L1,1.00,NOK,31.05.2026", 13, "not_a_date", "booking_date is not a day written YYYY-MM-DD"),
        ("L1,1.00,NOK", 9, "wrong_cell_count", "the row has 3 cells and the header 4"),
        ("L1,1,00,NOK,2026-05-31", 13, "wrong_cell_count", "the row has 5 cells and the header 4"),
        ('L1,1.00,"NOK,2026-05-31', 9, "broken_quotes", "the quotation mark that opens this cell is never closed"),
        ("L\0001,1.00,NOK,2026-05-31", 1, "nul_byte", "a NUL character"),
    ],
)
def test_a_bad_cell_is_located_and_said(row: str, column: int, code: str, what: str) -> None:
    (finding,) = refusal_of(f"{SHORT}\nA1,1.00,NOK,2026-05-31\n{row}\n").findings

    assert (finding.place.line, finding.place.column) == (3, column)
    assert (finding.code, finding.what) == (code, what)
    assert finding.advice


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("value_date", "2026-13-01", "not_a_date"),
        ("base_amount", "1,00", "not_an_amount"),
        ("base_amount", "1.0000000", "not_an_amount"),
        ("rate", "0", "not_a_rate"),
        ("rate", "-1", "not_a_rate"),
        ("rate", "1e1", "not_a_rate"),
    ],
)
def test_a_bad_optional_cell_refuses_the_file_too(column: str, cell: str, code: str) -> None:
    (finding,) = refusal_of(f'{SHORT},{column}\n{LINE},"{cell}"\n').findings

    assert (finding.code, finding.excerpt, finding.place.column) == (code, cell, 25)


@pytest.mark.parametrize(
    ("side", "kind", "message"),
    [
        ("ledger", "recievable", 'kind is not one of ours; in "recievable"; did you mean "receivable"?'),
        ("statement", "chargebak", 'kind is not one of ours; in "chargebak"; did you mean "chargeback"?'),
        (
            "ledger",
            "payout",
            'kind belongs in a statement file; in "payout"; is this file given for the right side?',
        ),
    ],
)
def test_a_kind_of_the_other_side_or_misspelt_is_refused_with_the_nearest_one(
    side: Side, kind: str, message: str
) -> None:
    assert messages_of(f"{SHORT},kind\n{LINE},{kind}\n", side) == [f"books.csv:2:25: {message}"]


def test_an_id_used_twice_is_refused_and_names_the_first_line_that_has_it() -> None:
    text = f"{SHORT}\n{LINE}\nL2,1.00,NOK,2026-05-31\n{LINE}\n{LINE}\n"

    assert messages_of(text) == [
        f'books.csv:{line}:1: the id stands in line 2 already; in "L1"; give every line an id of its own'
        for line in (4, 5)
    ]


def test_a_small_currency_code_gets_the_one_that_was_meant() -> None:
    (message,) = messages_of(f"{SHORT}\nL1,1.00,nok,2026-05-31\n")

    assert message.endswith('in "nok"; did you mean "NOK"?')


def test_the_place_of_a_cell_after_a_cell_of_several_lines_is_its_own_line() -> None:
    text = 'description,id,amount,currency,booking_date\n"two\nlines",L1,x,NOK,2026-05-31\n'

    (finding,) = refusal_of(text).findings

    assert (finding.place.line, finding.place.column) == (3, 11)


def test_a_refusal_shows_twenty_findings_and_counts_all() -> None:
    rows = "".join(f"L{number},x,nok,2026-05-31\n" for number in range(30))

    refusal = refusal_of(f"{SHORT}\n{rows}")

    assert (len(refusal.findings), refusal.count) == (20, 60)
    assert [finding.place.line for finding in refusal.findings[:4]] == [2, 2, 3, 3]

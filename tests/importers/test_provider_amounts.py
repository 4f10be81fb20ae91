"""Which mark begins the decimals in a provider's report is proved by the report, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.provider_told import moved, moves, release
from tieout.importers._provider_amounts import DecimalMark, decimal_mark
from tieout.kernel.errors import TieoutError
from tieout.kernel.money import decimal_text, minor_units_of


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["0.00", "1,234"], "."),
        (["1234,5"], ","),
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["9.700", "14.550"], ""),
        (["0,125"], ","),
        (["100", ""], ""),
        (["2E+15", "x"], ""),
    ],
)
def test_the_first_amount_that_can_be_read_in_one_way_shows_the_mark(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts).mark == mark


@pytest.mark.parametrize(
    ("mark", "text", "plain"),
    [
        (".", "-1234.50", "-1234.50"),
        (".", "+1,234.50", "1234.50"),
        (".", "1,234", "1234"),
        (".", ".50", "0.50"),
        (".", "\u22125.00", "-5.00"),
        (",", "1.234,56", "1234.56"),
        (",", "-0,5", "-0.5"),
        ("", "-70", "-70"),
    ],
)
def test_an_amount_is_read_with_the_mark_of_its_report(mark: str, text: str, plain: str) -> None:
    assert DecimalMark(mark).plain(text) == plain


@pytest.mark.parametrize(
    ("mark", "text", "code"),
    [
        (".", "1,5", "not_an_amount"),
        (".", "12,34,567.00", "not_an_amount"),
        (".", "1.234.567", "not_an_amount"),
        (",", "5.00", "not_an_amount"),
        ("", "9.700", "ambiguous_amount"),
        (".", "2E+15", "not_an_amount"),
        (".", "R$ 5.00", "not_an_amount"),
        (".", "-", "not_an_amount"),
        (".", "٣", "not_an_amount"),
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(mark: str, text: str, code: str) -> None:
    with pytest.raises(TieoutError) as raised:
        DecimalMark(mark).plain(text)

    assert raised.value.code == code


@settings(max_examples=60)
@given(
    amounts=st.lists(st.integers(-(10**9), 10**9).filter(lambda amount: amount % 100), min_size=1, max_size=8),
    marks=st.sampled_from([(".", ","), (",", ".")]),
)
def test_a_report_in_the_marks_of_any_country_gives_the_same_cents(amounts: list[int], marks: tuple[str, str]) -> None:
    point, group = marks
    written = [f"{amount:,.2f}".replace(",", "g").replace(".", point).replace("g", group)
               for amount in map(_hundredths, amounts)]  # fmt: skip

    mark = decimal_mark(written)

    assert [minor_units_of(mark.plain(text), 2) for text in written] == amounts


def _hundredths(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def test_a_report_that_a_spreadsheet_wrote_with_commas_is_read_whole() -> None:
    rows = [moved("payment", "1.225,96", "0", GROSS_AMOUNT="1.269,00", MP_FEE_AMOUNT="-43,04")]

    reading = release(*rows)

    assert (moves(reading.statements[0].entries), reading.quarantined) == (["sale 1269.00", "fee -43.04"], [])


def test_whole_thousands_that_nothing_explains_are_quarantined() -> None:
    reading = release(moved("payment", "9.700", "0"), moved("payment", "0", "14.550"))

    assert [finding.code for finding in reading.quarantined] == ["ambiguous_amount"] * 2


@given(st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**4), st.integers(0, 10**4)), min_size=1, max_size=6))
def test_entries_of_a_row_are_its_net_whatever_was_kept_of_it(rows: list[tuple[int, int, int]]) -> None:
    said = [
        moved(
            "payment",
            decimal_text(max(gross - fee - tax, 0), 2),
            decimal_text(max(fee + tax - gross, 0), 2),
            GROSS_AMOUNT=decimal_text(gross, 2),
            MP_FEE_AMOUNT=decimal_text(-fee, 2),
            TAXES_AMOUNT=decimal_text(-tax, 2),
        )
        for gross, fee, tax in rows
    ]

    (statement,) = release(*said).statements

    assert statement.tally.sum == sum(gross - fee - tax for gross, fee, tax in rows)
    assert sum(entry.minor_units for entry in statement.entries) == statement.tally.sum
    assert sum(entry.minor_units for entry in statement.entries if entry.kind == "sale") == sum(r[0] for r in rows)

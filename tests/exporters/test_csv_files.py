"""The CSV files of a result: what a spreadsheet shows, and that small and large inputs give the same bytes."""

import csv
import io
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import SearchStrategy, builds, dates, integers, lists, sampled_from, text

from tests.given_results import EMPTY, RESULT, Line, a_table, large
from tieout.contracts.exporter import Exporter
from tieout.domain.results import Result
from tieout.exporters import lines_csv, matches_csv, open_csv, postings_csv

FILES: tuple[Any, ...] = (lines_csv, matches_csv, open_csv, postings_csv)


def written(exporter: Exporter, result: Result = RESULT) -> str:
    """The file of a result."""
    stream = io.BytesIO()
    exporter.write(result, stream)
    return stream.getvalue().decode()


def rows(exporter: Exporter, result: Result = RESULT) -> list[dict[str, str]]:
    """The rows of the file by column name, as any CSV reader gives them."""
    return list(csv.DictReader(io.StringIO(written(exporter, result), newline=""), strict=True))


@pytest.mark.parametrize("exporter", FILES)
def test_small_and_large_tables_give_the_same_bytes_in_every_file(exporter: Exporter) -> None:
    assert written(exporter, large(RESULT)) == written(exporter, RESULT)


@pytest.mark.parametrize("exporter", FILES)
def test_a_result_without_lines_gives_the_header_alone(exporter: Exporter) -> None:
    assert written(exporter, EMPTY).count("\n") == 1
    assert written(exporter, large(EMPTY)) == written(exporter, EMPTY)


@pytest.mark.parametrize("exporter", FILES)
def test_every_row_has_a_cell_under_every_column(exporter: Exporter) -> None:
    header, *body = csv.reader(io.StringIO(written(exporter), newline=""), strict=True)

    assert {len(row) for row in body} == {len(header)}


def test_a_match_is_one_row_per_leg_and_adds_up() -> None:
    legs = [row for row in rows(matches_csv) if row["match"] == "1"]

    assert [(leg["leg"], leg["line"], leg["amount"]) for leg in legs] == [
        ("statement", "S1", "97.00"),
        ("ledger", "L4", "60.00"),
        ("ledger", "L9", "40.00"),
        ("fee", "", "-3.00"),
    ]
    assert [leg["posts_to"] for leg in legs] == ["", "", "", "6570"]


def test_a_proposed_match_shows_what_is_left_over() -> None:
    legs = [row for row in rows(matches_csv) if row["match"] == "5"]

    assert [(leg["state"], leg["leg"], leg["amount"], leg["currency"]) for leg in legs][-1] == (
        "proposed",
        "residual",
        "100",
        "JPY",
    )


def test_beside_a_leg_stands_what_its_line_says() -> None:
    first = rows(matches_csv)[0]

    assert (first["booking_date"], first["counterparty"], first["reference"]) == ("2026-05-04", "Nordic AS", "KID 4009")


def test_an_open_line_shows_what_is_left_its_age_and_why() -> None:
    opened = {row["line"]: row for row in rows(open_csv)}

    assert (opened["S6"]["amount"], opened["S6"]["remaining"], opened["S6"]["age_days"]) == ("200.00", "50.00", "11")
    assert (opened["S2"]["nearest"], opened["S2"]["why_not"]) == ("L1", "another line fits as well")
    assert opened["L8"]["age_days"] == ""


def test_a_line_shows_where_it_stands_and_what_the_bank_calls_it() -> None:
    line = rows(lines_csv)[1]

    assert (line["file"], line["line"], line["column"], line["native_id"]) == ("may.sta", "3", "1", "B-2")


def test_extra_columns_are_kept_and_never_take_the_place_of_ours() -> None:
    of_ledger = [row for row in rows(lines_csv) if row["side"] == "ledger"]

    assert of_ledger[0]["project"] == "North"
    assert of_ledger[1]["extra line"] == "'@SUM(A1)"
    assert of_ledger[1]["line"] == "3"


def test_a_text_of_the_input_is_never_run_as_a_formula() -> None:
    lines = {row["id"]: row for row in rows(lines_csv)}

    assert lines["S2"]["counterparty"] == """'=HYPERLINK("x","Øst & Vest <AS>")"""
    assert lines["S6"]["counterparty"] == "'+47 22 33 44 55"
    assert rows(postings_csv)[1]["text"] == "'=card fee, 3.5 %"


def test_amounts_plain_numbers_and_ids_of_unnamed_accounts_stay_as_they_are() -> None:
    lines = {row["id"]: row for row in rows(lines_csv)}

    assert "-/2026-05-11/1" in lines
    assert lines["S6"]["reference"] == "-17"
    assert lines["S3"]["amount"] == "-45.00"


def test_a_text_over_two_lines_stays_one_cell() -> None:
    lines = {row["id"]: row for row in rows(lines_csv)}

    assert lines["S3"]["description"] == "Kort, 4711\nOslo"


_AWKWARD: SearchStrategy[str] = lists(
    sampled_from([*"=+-@\t\r\n\",;' 1/Ø＝a", ".5", "-/2026-05-31/1"]),
    max_size=5,
).map("".join)


@given(
    lines=lists(
        builds(
            Line,
            id=_AWKWARD,
            minor_units=integers(-(2**63) + 1, 2**63 - 1),
            booked=dates().map(str),
            account=sampled_from(["NO1", "=1", ""]),
            currency=sampled_from(["NOK", "JPY", "KWD", "CLF", "XAU"]),
            reference=_AWKWARD,
            counterparty=text(max_size=8),
            project=_AWKWARD,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_a_text_holds_both_ways_of_writing_give_the_same_bytes(lines: list[Line]) -> None:
    result = Result(EMPTY.plan, a_table(lines, "=may.csv"), a_table(lines, "b.csv"), EMPTY.matches)

    small, big = written(lines_csv, result), written(lines_csv, large(result))

    assert small == big
    assert len(list(csv.reader(io.StringIO(small, newline=""), strict=True))) == 1 + 2 * len(lines)


def test_a_small_result_is_written_without_loading_polars() -> None:
    script = (
        "import io, sys; from tests.given_results import RESULT;"
        "from tieout.exporters import lines_csv, matches_csv, open_csv, postings_csv, report_html, result_json;"
        "[each.write(RESULT, io.BytesIO()) for each in"
        " (lines_csv, matches_csv, open_csv, postings_csv, report_html, result_json)];"
        "print('polars' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"


def test_the_columns_of_a_wide_amount_never_lose_a_digit() -> None:
    line = Line("S1", 2**63 - 1, "2026-05-31", currency="KWD")
    result = Result(EMPTY.plan, a_table([line], "a"), EMPTY.ledger, EMPTY.matches)

    assert rows(lines_csv, large(result))[0]["amount"] == "9223372036854775.807"
    assert result.statement.minor_units.dtype == np.int64

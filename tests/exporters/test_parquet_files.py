"""The Parquet files of a result: the names of result.json, and amounts as text and as whole numbers."""

import io
from typing import Any

import polars
import pytest

from tests.given_results import EMPTY, MATCHES, RESULT, large
from tieout.contracts.exporter import Exporter
from tieout.domain.results import Result
from tieout.exporters import allocations_parquet, matches_parquet, open_parquet

FILES: tuple[Any, ...] = (matches_parquet, allocations_parquet, open_parquet)


def written(exporter: Exporter, result: Result = RESULT) -> bytes:
    """The file of a result."""
    stream = io.BytesIO()
    exporter.write(result, stream)
    return stream.getvalue()


def table(exporter: Exporter, result: Result = RESULT) -> polars.DataFrame:
    """The file as a reader gets it."""
    return polars.read_parquet(io.BytesIO(written(exporter, result)))


@pytest.mark.parametrize("exporter", FILES)
def test_the_same_result_gives_the_same_bytes_small_or_large(exporter: Exporter) -> None:
    assert written(exporter) == written(exporter, large(RESULT))


@pytest.mark.parametrize("exporter", FILES)
def test_an_empty_result_has_the_same_columns(exporter: Exporter) -> None:
    assert table(exporter, EMPTY).schema == table(exporter).schema
    assert table(exporter, EMPTY).height == 0


@pytest.mark.parametrize("exporter", FILES)
def test_no_column_holds_an_amount_as_a_float(exporter: Exporter) -> None:
    floats = [name for name, kind in table(exporter).schema.items() if kind.is_float()]

    assert set(floats) <= {"accidental_hits"}


def test_an_allocation_is_a_row_with_its_match() -> None:
    rows = table(allocations_parquet).rows()

    assert len(rows) == sum(len(match.allocations) for match in MATCHES)
    assert rows[1] == (1, "ledger", "L4", "60.00", 60_00, "NOK")


def test_a_match_is_a_row_with_its_adjustments_in_minor_units() -> None:
    matches = table(matches_parquet).to_dicts()

    assert [match["id"] for match in matches] == [1, 2, 3, 4, 5]
    assert matches[0]["adjustments"] == [
        {
            "type": "fee",
            "amount": "-3.00",
            "currency": "NOK",
            "account": "6570",
            "rule": "card fee up to 3.5 %",
            "rate": None,
            "minor_units": -3_00,
        }
    ]
    assert matches[4]["residual"] == [{"amount": "100", "currency": "JPY", "minor_units": 100}]
    assert matches[2]["realised"]["minor_units"] == 12_00
    assert matches[3]["realised"]["reason"] == "no_carrying_value"
    assert matches[1]["realised"] is None


def test_an_open_line_is_a_row_with_what_is_left_of_it() -> None:
    rows = {row["line"]: row for row in table(open_parquet).to_dicts()}

    assert rows["S6"]["amount"] == "50.00"
    assert rows["S6"]["minor_units"] == 50_00
    assert rows["S6"]["age_days"] == 11
    assert rows["L8"]["age_days"] is None
    assert rows["S2"]["why_not"] == "another line fits as well"

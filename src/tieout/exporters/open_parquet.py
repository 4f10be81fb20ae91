"""open.parquet: every line that nothing confirmed ties, with what is left of it and why it is still open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from tieout.contracts.exporter import ResultFormat
from tieout.contracts.parquet_table import amounts, pieces_of, write_frames
from tieout.domain.results import OpenLine, Result

if TYPE_CHECKING:
    import polars

FILE = "open.parquet"
FORMATS: tuple[ResultFormat, ...] = ("parquet",)


def write(result: Result, stream: BinaryIO) -> None:
    """side, line, amount (what is left, decimal text), minor_units, currency, age_days, nearest, why_not."""
    write_frames((_frame(piece) for piece in pieces_of(result.open_lines)), stream)


def _frame(parts: Sequence[OpenLine]) -> "polars.DataFrame":
    import polars

    remaining, currencies = [part.remaining for part in parts], [part.currency for part in parts]
    return polars.DataFrame(
        {
            "side": [part.side for part in parts],
            "line": [part.line for part in parts],
            "amount": amounts(remaining, currencies),
            "minor_units": remaining,
            "currency": currencies,
            "age_days": [part.age_days for part in parts],
            "nearest": [part.nearest or None for part in parts],
            "why_not": [part.why_not or None for part in parts],
        },
        schema={
            "side": polars.String,
            "line": polars.String,
            "amount": polars.String,
            "minor_units": polars.Int64,
            "currency": polars.String,
            "age_days": polars.Int32,
            "nearest": polars.String,
            "why_not": polars.String,
        },
    )

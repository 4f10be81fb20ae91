"""allocations.parquet: the signed amount of each line that each match uses, one row per allocation."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from tieout.contracts.exporter import ResultFormat
from tieout.contracts.parquet_table import amounts, pieces_of, write_frames
from tieout.domain.matches import Match
from tieout.domain.results import Result

if TYPE_CHECKING:
    import polars

FILE = "allocations.parquet"
FORMATS: tuple[ResultFormat, ...] = ("parquet",)


def write(result: Result, stream: BinaryIO) -> None:
    """match, side, line, amount (decimal text), minor_units, currency; in the order of the matches."""
    write_frames((_frame(piece) for piece in pieces_of(result.matches())), stream)


def _frame(matches: Sequence[Match]) -> "polars.DataFrame":
    import polars

    allocations = [allocation for match in matches for allocation in match.allocations]
    minor_units = [allocation.minor_units for allocation in allocations]
    currencies = [allocation.currency for allocation in allocations]
    return polars.DataFrame(
        {
            "match": [match.id for match in matches for _ in match.allocations],
            "side": [allocation.side for allocation in allocations],
            "line": [allocation.line for allocation in allocations],
            "amount": amounts(minor_units, currencies),
            "minor_units": minor_units,
            "currency": currencies,
        },
        schema={
            "match": polars.Int64,
            "side": polars.String,
            "line": polars.String,
            "amount": polars.String,
            "minor_units": polars.Int64,
            "currency": polars.String,
        },
    )

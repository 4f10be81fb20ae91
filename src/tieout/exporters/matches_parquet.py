"""matches.parquet: one row per match with its adjustments and reasons; its allocations are in allocations.parquet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from tieout.contracts.exporter import ResultFormat
from tieout.contracts.parquet_table import pieces_of, write_frames
from tieout.contracts.result_json import MatchShape, match_shape
from tieout.domain.matches import Match
from tieout.domain.results import Result

if TYPE_CHECKING:
    import polars

FILE = "matches.parquet"
FORMATS: tuple[ResultFormat, ...] = ("parquet",)


def write(result: Result, stream: BinaryIO) -> None:
    """The members of a match of result.json as columns, in the order of the ids; amounts also as minor_units."""
    write_frames((_frame(piece) for piece in pieces_of(result.matches())), stream)


def _frame(matches: Sequence[Match]) -> "polars.DataFrame":
    import polars

    if not matches:
        return polars.DataFrame(schema=_schema()).with_columns(_with_minor_units())
    # Polars reads nested lists from JSON lines several times faster than from Python objects.
    lines = msgspec.json.Encoder().encode_lines([_without_allocations(match) for match in matches])
    return polars.read_ndjson(lines, schema=_schema()).with_columns(_with_minor_units())


def _without_allocations(match: Match) -> MatchShape:
    shape = match_shape(match)
    shape.allocations = []
    return shape


def _schema() -> "dict[str, polars.DataType]":
    from polars import Boolean, Float64, Int32, Int64, List, String, Struct

    amount = {"amount": String(), "currency": String()}
    leg = {"type": String(), **amount, "account": String(), "rule": String(), "rate": String()}
    return {
        "id": Int64(),
        **dict.fromkeys(("kind", "state", "matcher"), String()),
        **dict.fromkeys(("statement", "ledger"), List(String())),
        "adjustments": List(Struct(leg)),
        "residual": List(Struct(amount)),
        "realised": Struct({**amount, "reason": String()}),
        "answers": Int32(),
        "searched_fully": Boolean(),
        "accidental_hits": Float64(),
        "reasons": List(String()),
        "steps": Int64(),
        "evidence": Struct({"for": List(String()), "against": List(String())}),
        "action": String(),
    }


def _with_minor_units() -> "list[polars.Expr]":
    """The decimal text without its point is the whole number of minor units."""
    import polars

    minor_units = polars.field("amount").str.replace(".", "", literal=True).cast(polars.Int64).alias("minor_units")
    in_list = polars.element().struct.with_fields(minor_units)
    return [
        polars.col("adjustments").list.eval(in_list),
        polars.col("residual").list.eval(in_list),
        polars.col("realised").struct.with_fields(minor_units),
    ]

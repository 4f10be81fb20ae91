"""The Parquet of a result: the same names as in result.json, and every amount twice.

`amount` is decimal text as in result.json, for people; `minor_units` is the exact whole number, for arithmetic.
Polars is loaded when a table is written, never before.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import numpy as np

from tieout.contracts.csv_table import Amounts
from tieout.domain.line_table import coded

if TYPE_CHECKING:
    import polars

# Rows become columns in pieces, so that only a piece of them lies in memory as Python objects.
_ROWS_AT_ONCE = 50_000

_Row = TypeVar("_Row")


def pieces_of(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    """The rows in lists of a size that fits in memory; one empty list when there are none, for the columns' names."""
    waiting = iter(rows)
    piece = list(islice(waiting, _ROWS_AT_ONCE))
    yield piece
    while piece := list(islice(waiting, _ROWS_AT_ONCE)):
        yield piece


def amounts(minor_units: list[int], currencies: list[str]) -> "polars.Series":
    """Decimal texts of amounts."""
    import polars

    column = Amounts(np.array(minor_units, dtype=np.int64), coded(currencies))
    return polars.select(amount=column.expression().cast(polars.String)).to_series()


def write_frames(frames: "Iterable[polars.DataFrame]", stream: BinaryIO) -> None:
    """One Parquet file of all rows, compressed with zstd; the same rows give the same bytes."""
    import polars

    polars.concat(frames, rechunk=True).write_parquet(stream, compression="zstd", statistics=True)

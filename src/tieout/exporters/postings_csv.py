"""postings.csv: the entries to book that follow from confirmed matches: payments, fees, exchange, write-offs."""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np

from tieout.contracts.csv_table import Amounts, Cells, Days, Names, Numbers, Texts, write_header, write_rows
from tieout.contracts.exporter import ResultFormat
from tieout.contracts.line_lookup import is_small
from tieout.domain.line_table import coded
from tieout.domain.results import Posting, Result

FILE = "postings.csv"
FORMATS: tuple[ResultFormat, ...] = ("json", "parquet")

_COLUMNS = ("match", "kind", "booking_date", "account", "amount", "currency", "line", "settles", "text")

# Some 40 MB of postings in memory.
_ROWS_AT_ONCE = 100_000


def write(result: Result, stream: BinaryIO) -> None:
    """One row per posting, in the order of the matches; amounts signed as on the bank account."""
    write_header(stream, _COLUMNS)
    waiting: Iterator[Posting] = result.postings()
    while postings := list(islice(waiting, _ROWS_AT_ONCE)):
        _write_piece(postings, stream, is_small(result))


def _write_piece(postings: list[Posting], stream: BinaryIO, small: bool) -> None:
    matches, kinds, lines, settles, accounts, minor_units, currencies, days, texts = zip(*postings, strict=True)
    currency = coded(currencies)
    columns: list[Cells] = [
        Numbers(np.array(matches, dtype=np.int64)),
        Names(coded(kinds)),
        Days(np.array(days, dtype=np.int32)),
        Names(coded(accounts)),
        Amounts(np.array(minor_units, dtype=np.int64), currency),
        Names(currency),
        Texts(list(lines)),
        Texts(list(settles)),
        Texts(list(texts)),
    ]
    write_rows(stream, columns, small)

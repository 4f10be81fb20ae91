"""Reads a large canonical CSV through Polars, or says that it takes the reference to judge it.

Nothing here decides that a cell is bad. The columns prove the file good by the same grammars that the reference uses;
where they do not, the answer is None, and the reference reads the file and says what it finds.
"""

import io
import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Protocol, runtime_checkable

import numpy as np
import polars

from tieout.contracts.csv_text import without_mark
from tieout.contracts.reading import HEAD_SIZE, Source, bytes_of
from tieout.domain.line_table import Int32Column, Int64Column
from tieout.importers._canonical_bytes import Marks, marks_of
from tieout.importers._canonical_columns import line_table
from tieout.importers._canonical_header import Header, header_of
from tieout.importers._canonical_rows import Rows
from tieout.kernel.errors import Refused

# An empty line after the last row, which Polars takes for one more row.
_EMPTY_ENDS = (b"\n\n", b"\n\r\n")


@runtime_checkable
class _OnDisk(Protocol):
    """A source that Polars can read by itself, which spares a copy of its bytes."""

    path: Path


def read_rows(source: Source, kinds: Collection[str]) -> Rows | None:
    """Every row of the source as a table of Polars texts, or None where that takes the reference.

    kinds: those that a line may have.
    """
    with source.open() as stream:
        first_line = stream.readline(HEAD_SIZE)
    header = _header(first_line, source.name)
    if header is None:
        return None
    content = _content(source)
    with ThreadPoolExecutor(max_workers=1) as pool:
        counting = pool.submit(_marks, content, len(first_line))
        texts = _texts(content, header)
        marks = counting.result()
    lines = None if texts is None or marks is None else _lines(texts, marks)
    if texts is None or lines is None:
        return None
    table = line_table(texts, header, lines, source.name, kinds)
    return None if table is None else Rows(header, table)


def _header(first_line: bytes, file: str) -> Header | None:
    """The header, where it is one line and good."""
    if not first_line.endswith(b"\n") or b"\r" in first_line.removesuffix(b"\n").removesuffix(b"\r"):
        return None
    try:
        return header_of(without_mark(first_line).decode("utf-8"), file)
    except (UnicodeDecodeError, Refused):
        return None


def _content(source: Source) -> Path | bytes:
    """What Polars reads: the file itself, or the bytes, of several line ends after the last row only one."""
    if isinstance(source, _OnDisk) and not _has_empty_end(source.path):
        return source.path.resolve()
    raw = bytes_of(source)
    return raw.rstrip(b"\r\n") + b"\n" if raw.endswith(_EMPTY_ENDS) else raw


def _has_empty_end(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-min(3, stream.seek(0, os.SEEK_END)), os.SEEK_END)
        return stream.read().endswith(_EMPTY_ENDS)


def _marks(content: Path | bytes, start: int) -> Marks | None:
    stream: BinaryIO = content.open("rb") if isinstance(content, Path) else io.BytesIO(content)
    with stream:
        stream.seek(start)
        return marks_of(stream)


def _texts(content: Path | bytes, header: Header) -> polars.DataFrame | None:
    """Every cell as text, empty ones as empty texts; None when Polars refuses the file."""
    schema = dict.fromkeys(header.names, polars.String)
    try:
        texts = polars.scan_csv(content, schema=schema, empty_string_is_null=False, glob=False).collect()
    except polars.exceptions.PolarsError:
        return None
    return texts if texts.height else None


def _lines(texts: polars.DataFrame, marks: Marks) -> Int32Column | None:
    """The line in which each row begins; None when not every row has every cell.

    Polars fills short rows up with empty cells without saying so, and refuses long ones. So every byte is accounted
    for: what cells, quotation marks and line ends leave are the commas, and they must be enough for every row.
    """
    rows, width = texts.shape
    ends = rows if marks.ends_with_line else rows - 1
    lines = np.arange(2, rows + 2, dtype=np.int32)
    feeds_inside, returns_inside = marks.line_feeds - ends, 0
    if feeds_inside:
        per_row = _count_per_row(texts, "\n")
        if per_row.sum() != feeds_inside:
            return None
        lines[1:] += np.cumsum(per_row, dtype=np.int32)[:-1]
        returns_inside = int(_count_per_row(texts, "\r").sum())
    cells = sum(texts.select(polars.all().str.len_bytes().cast(polars.Int64).sum()).row(0))
    returns = marks.carriage_returns - returns_inside
    commas = marks.size - cells - marks.quoting_bytes - ends - returns
    return lines if commas == rows * (width - 1) else None


def _count_per_row(texts: polars.DataFrame, mark: str) -> Int64Column:
    counts = polars.all().str.count_matches(mark, literal=True).cast(polars.Int64)
    return texts.select(polars.sum_horizontal(counts)).to_series().to_numpy()

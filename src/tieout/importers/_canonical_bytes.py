"""The quotation marks and line ends of a large CSV, counted on its bytes.

Polars reads broken quotation marks in its own way and fills short rows up without a word. These counts show whether
the marks are well-formed and how many bytes they and the line ends take, so that a reader can account for every byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

_QUOTE, _COMMA, _LF, _CR = b'",\n\r'
# Small enough for the processor's cache, large enough that NumPy's calls do not count.
_BLOCK_SIZE = 1 << 20


@dataclass(slots=True)
class Marks:
    """Counts of the rows of a file whose quotation marks are well-formed and whose every CR stands before LF."""

    size: int = 0  # bytes
    line_feeds: int = 0
    carriage_returns: int = 0
    quotes: int = 0
    doubled: int = 0  # pairs of quotation marks that stand for one inside a cell
    ends_with_line: bool = True

    @property
    def quoting_bytes(self) -> int:
        """Bytes that quoting adds to the texts of the cells."""
        return self.quotes - self.doubled


def marks_of(stream: BinaryIO) -> Marks | None:
    """The counts from here, the beginning of a line, to the end; None when a mark is misplaced or a byte is NUL.

    A mark that opens a cell stands after a comma, a line feed or the mark that it doubles; one that closes a cell
    stands before a comma, a line end, the end of the file or the mark that doubles it (RFC 4180). Marks alternate.
    """
    marks = Marks()
    for window in _windows(stream):
        if b"\0" in window or not _count(window, marks):
            return None
    return None if marks.quotes % 2 else marks


def _windows(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes in blocks, each with the byte before it and the byte after it.

    A line feed stands before the first block, and a comma behind the last: a mark may close there, a CR may not stand.
    """
    before, block = b"\n", stream.read(_BLOCK_SIZE)
    while block:
        following = stream.read(_BLOCK_SIZE)
        yield before + block + (following[:1] or b",")
        before, block = block[-1:], following


def _count(window: bytes, marks: Marks) -> bool:
    """Count one block into the marks; False when a mark is misplaced."""
    content = np.frombuffer(window, dtype=np.uint8)
    block = content[1:-1]
    marks.size += len(block)
    marks.line_feeds += int(np.count_nonzero(block == _LF))
    marks.ends_with_line = bool(block[-1] == _LF)
    if b"\r" in window:
        returns = np.flatnonzero(block == _CR)
        marks.carriage_returns += len(returns)
        if not (content[returns + 2] == _LF).all():
            return False
    return b'"' not in window or _count_quotes(content, np.flatnonzero(block == _QUOTE) + 1, marks)


def _count_quotes(content: npt.NDArray[np.uint8], places: npt.NDArray[np.intp], marks: Marks) -> bool:
    before = content[places[marks.quotes % 2 :: 2] - 1]  # the marks that open
    after = content[places[1 - marks.quotes % 2 :: 2] + 1]  # the marks that close
    doubles = before == _QUOTE
    marks.quotes += len(places)
    marks.doubled += int(np.count_nonzero(doubles))
    return bool(
        (doubles | (before == _COMMA) | (before == _LF)).all()
        and ((after == _QUOTE) | (after == _COMMA) | (after == _LF) | (after == _CR)).all()
    )

"""Comma-separated text as records of cells, and where each cell stands.

The grammar is that of RFC 4180, read strictly: a cell that begins with a quotation mark ends with one, marks inside it
are doubled, and no other cell holds one. Lines end in LF, CRLF or CR.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tieout.kernel.errors import Place

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_ANY_CELL = rf'(?:{_QUOTED.pattern}|[^",\r\n]*+)'
_CELL = re.compile(rf"{_ANY_CELL}(?:,|\r\n|\r|\n|\Z)")
_RECORD = re.compile(rf"((?:{_ANY_CELL},)*+{_ANY_CELL})(?:\r\n|\r|\n|\Z)")
_CELL_AND_COMMA = re.compile(r'(?:"([^"]*+(?:""[^"]*+)*+)"|([^",\r\n]*+)),')


class Record(NamedTuple):
    """One row of the text; it spans several lines where a quoted cell does."""

    line: int  # of its first character, counted from 1
    start: int  # offset of its first character in the text
    cells: list[str]  # without quotation marks; empty when the marks are broken
    broken: "BrokenQuotes | None" = None


class BrokenQuotes(NamedTuple):
    """Quotation marks that leave open where a cell ends."""

    start: int  # offset of the cell in the text
    what: str


def records(text: str) -> Iterator[Record]:
    """Every record of the text, in order; empty lines are no records.

    After broken quotation marks reading goes on at the next line, so that one stray mark does not swallow the file.
    """
    start, line = 0, 1
    has_returns = "\r" in text
    while start < len(text):
        line_end = _end(_LINE, text, start) if has_returns else text.find("\n", start) + 1 or len(text)
        content = text[start:line_end]
        if '"' in content:
            record, end = _quoted_record(text, line, start, line_end)
            yield record
            line += 1 if end == line_end else len(_LINE_END.findall(text, start, end))
        else:
            content, end = content.rstrip("\r\n"), line_end
            if content:
                yield Record(line, start, content.split(","))
            line += 1
        start = end


def cell_place(text: str, record: Record, position: int, file: str) -> Place:
    """Where the cell at `position` of the record begins."""
    start = record.start
    for _ in range(position):
        start = _end(_CELL, text, start)
    return place_at(text, record, start, file)


def place_at(text: str, record: Record, offset: int, file: str) -> Place:
    """Line and column of a character of the record."""
    before = text[record.start : offset]
    line_ends = [found.end() for found in _LINE_END.finditer(before)]
    return Place(file, record.line + len(line_ends), len(before) - (line_ends[-1] if line_ends else 0) + 1)


def first_line_of(text: str, record: Record) -> str:
    """The line in which the record begins, as written."""
    return text[record.start : _end(_LINE, text, record.start)].rstrip("\r\n")


def _quoted_record(text: str, line: int, start: int, line_end: int) -> tuple[Record, int]:
    """The record that begins at `start` and the offset after it."""
    found = _RECORD.match(text, start)
    if found is None:
        offset = _end_of_good_cells(text, start)
        return Record(line, start, [], BrokenQuotes(offset, _what_is_broken(text, offset))), line_end
    cells = _CELL_AND_COMMA.findall(found[1] + ",")
    return Record(line, start, [quoted.replace('""', '"') or plain for quoted, plain in cells]), found.end()


def _end_of_good_cells(text: str, start: int) -> int:
    offset = start
    while cell := _CELL.match(text, offset):
        offset = cell.end()
    return offset


def _what_is_broken(text: str, offset: int) -> str:
    if text[offset] != '"':
        return "a quotation mark stands inside a cell that does not begin with one"
    if _QUOTED.match(text, offset):
        return "text follows the closing quotation mark of a cell"
    return "the quotation mark that opens this cell is never closed"


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    assert found is not None, "a line matches anywhere, a cell wherever the record was read whole"
    return found.end()

"""Comma-separated text as records of cells, and where each cell stands.

The grammar is that of RFC 4180, read strictly: a cell that begins with a quotation mark ends with one, marks inside it
are doubled, and no other cell holds one. Lines end in LF, CRLF or CR. Another mark than the comma may stand between the
cells: what reads such a file names it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tieout.kernel.errors import Place

_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')


class _Grammar(NamedTuple):
    """How cells are told apart where one mark separates them."""

    cell: re.Pattern[str]
    record: re.Pattern[str]
    cell_and_separator: re.Pattern[str]


@cache
def _grammar(separator: str) -> _Grammar:
    mark = re.escape(separator)
    any_cell = rf'(?:{_QUOTED.pattern}|[^"{mark}\r\n]*+)'
    return _Grammar(
        re.compile(rf"{any_cell}(?:{mark}|\r\n|\r|\n|\Z)"),
        re.compile(rf"((?:{any_cell}{mark})*+{any_cell})(?:\r\n|\r|\n|\Z)"),
        re.compile(rf'(?:"([^"]*+(?:""[^"]*+)*+)"|([^"{mark}\r\n]*+)){mark}'),
    )


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


def records(text: str, separator: str = ",") -> Iterator[Record]:
    """Every record of the text, in order; empty lines are no records.

    After broken quotation marks reading goes on at the next line, so that one stray mark does not swallow the file.
    """
    start, line = 0, 1
    has_returns = "\r" in text
    while start < len(text):
        line_end = _end(_LINE, text, start) if has_returns else text.find("\n", start) + 1 or len(text)
        content = text[start:line_end]
        if '"' in content:
            record, end = _quoted_record(text, line, start, line_end, separator)
            yield record
            line += 1 if end == line_end else len(_LINE_END.findall(text, start, end))
        else:
            content, end = content.rstrip("\r\n"), line_end
            if content:
                yield Record(line, start, content.split(separator))
            line += 1
        start = end


def cell_place(text: str, record: Record, position: int, file: str, separator: str = ",") -> Place:
    """Where the cell at `position` of the record begins."""
    start, cell = record.start, _grammar(separator).cell
    for _ in range(position):
        start = _end(cell, text, start)
    return place_at(text, record, start, file)


def place_at(text: str, record: Record, offset: int, file: str) -> Place:
    """Line and column of a character of the record."""
    before = text[record.start : offset]
    line_ends = [found.end() for found in _LINE_END.finditer(before)]
    return Place(file, record.line + len(line_ends), len(before) - (line_ends[-1] if line_ends else 0) + 1)


def first_line_of(text: str, record: Record) -> str:
    """The line in which the record begins, as written."""
    return text[record.start : _end(_LINE, text, record.start)].rstrip("\r\n")


def _quoted_record(text: str, line: int, start: int, line_end: int, separator: str) -> tuple[Record, int]:
    """The record that begins at `start` and the offset after it."""
    grammar = _grammar(separator)
    found = grammar.record.match(text, start)
    if found is None:
        offset = _end_of_good_cells(text, start, grammar)
        return Record(line, start, [], BrokenQuotes(offset, _what_is_broken(text, offset))), line_end
    cells = grammar.cell_and_separator.findall(found[1] + separator)
    return Record(line, start, [quoted.replace('""', '"') or plain for quoted, plain in cells]), found.end()


def _end_of_good_cells(text: str, start: int, grammar: _Grammar) -> int:
    offset = start
    while cell := grammar.cell.match(text, offset):
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

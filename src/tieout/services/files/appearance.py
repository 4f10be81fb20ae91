"""What a file that no importer recognises seems to be, so that its reader knows what to do about it."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from tieout.contracts.reading import Head
from tieout.kernel.errors import Finding, Place

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "an Excel workbook or another office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook or another office document of an old format"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"\x1f\x8b", "an archive packed with gzip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a text document (RTF)"),
)
# What may stand before the first element of an XML document; nothing here is read twice, however long it is.
_PROLOG = re.compile(r"(?>\s|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_BEGINNINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE), "a web page"),
    (re.compile(r"[{\[]\s*[\"{\[\]}]"), "a JSON document"),
)
_ELEMENT = re.compile(r"<[A-Za-z_][\w.:-]*")
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)

_SEPARATORS = ",;\t|"
# A bank's preamble above the header is shorter than this.
_TABLE_LINES_MAX = 60
# A sentence may hold a comma; a header has more.
_LONE_CELLS_MIN = 3


def finding_about_unrecognised(head: Head, place: Place) -> Finding:
    """Why a file is refused that no importer recognises: `doctype`, `needs_profile` or `unknown_format`."""
    beginning = head.text[_end_of_prolog(head.text) :]
    looks = _looks(head.raw, beginning)
    if looks is None and _DOCUMENT_TYPE.match(beginning):
        return Finding("doctype", "the XML declares a document type", place)
    header = None if looks else _table_header(head.text)
    if header is not None:
        return Finding("needs_profile", "a table whose columns nobody recognises", place, header)
    what = "the content is in none of the formats that tieout reads"
    return Finding("unknown_format", f"{what}; it seems to be {looks}" if looks else what, place)


def _end_of_prolog(text: str) -> int:
    prolog = _PROLOG.match(text)
    return prolog.end() if prolog else 0


def _looks(raw: bytes, beginning: str) -> str | None:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    if not raw.strip(b"\x00"):
        return "nothing but zero bytes, as a broken download leaves them"
    for pattern, name in _BEGINNINGS:
        if pattern.match(beginning):
            return name
    element = _ELEMENT.match(beginning)
    return f"an XML document that begins with {element[0]}>" if element else None


def _table_header(text: str) -> str | None:
    """The first line of a table: the first of the lines that share the commonest number of cells."""
    if "\ufffd" in text or any(not (mark.isprintable() or mark.isspace()) for mark in text):
        return None
    lines = [line for line in islice(text.splitlines(), _TABLE_LINES_MAX) if line.strip()]
    candidates = [candidate for separator in _SEPARATORS for candidate in _table(lines, separator)]
    return max(candidates)[2] if candidates else None


def _table(lines: list[str], separator: str) -> Iterator[tuple[int, int, str]]:
    """How many lines agree on how many cells, and the first of them."""
    widths = [_cells(line, separator) for line in lines]
    cells, agreeing = max(Counter(width for width in widths if width > 1).items(), key=_agreement, default=(0, 0))
    if agreeing >= _agreeing_lines_min(cells, len(lines)):
        yield agreeing, cells, lines[widths.index(cells)]


def _agreeing_lines_min(cells: int, lines: int) -> int:
    """Prose has a comma in many lines, seldom two in half of them; a line alone must look like a header."""
    if lines == 1:
        return 1 if cells >= _LONE_CELLS_MIN else 2
    return max(2, lines if cells == 2 else (lines + 1) // 2)


def _agreement(width_and_lines: tuple[int, int]) -> tuple[int, int]:
    return width_and_lines[1], width_and_lines[0]


def _cells(line: str, separator: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        return 0

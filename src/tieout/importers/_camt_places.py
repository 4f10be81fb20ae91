"""Where elements begin: line and column of start tags, found in the bytes because the XML parser gives no columns.

Nothing is searched before the first place is asked for, so that counting a clean file costs nothing here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

ENTRY = b"Ntry"

_MARKED = re.compile(rb"[<:](Ntry|Bal|TxsSummry|Stmt|Rpt|Ntfctn)(?=[\s/>])")
_PREFIXED = re.compile(rb"<[^\s<>/!?:]+")
# Its own end tag, or what cannot stand inside an entry.
_ENTRY_ENDS = re.compile(
    rb"</(?:[^\s<>/!?:]+:)?Ntry\s*>"
    rb"|(?=<(?:[^\s<>/!?:]+:)?(?:Ntry|Bal|TxsSummry)[\s/>]|</(?:[^\s<>/!?:]+:)?(?:Stmt|Rpt|Ntfctn)\s*>)"
)
# Bytes that go on with a character, so that the others count characters, also where a piece begins inside one.
_CONTINUING = bytes(range(0x80, 0xC0))
_OPENINGS = re.compile(rb"<!--|<!\[CDATA\[|<\?")
_CLOSINGS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}


class StartTag(NamedTuple):
    """A start tag of an element that findings are located by."""

    name: bytes  # local name
    line: int  # counted from 1
    column: int  # in characters, counted from 1
    offset: int  # of its `<`, in bytes of the UTF-8 text


class Places:
    """Places of the elements of one file, asked for in the order in which they begin.

    Entries are forgotten once passed; the other elements, which are few, are kept.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._tags = start_tags(pieces)
        self._passed: Counter[bytes] = Counter()
        self._entry = StartTag(ENTRY, 0, 0, 0)
        self._kept: dict[tuple[bytes, int], StartTag] = {}

    def entry(self, ordinal: int) -> StartTag:
        """The start tag of the n-th entry of the file, counted from 1; never one before the last asked for."""
        while self._passed[ENTRY] < ordinal and self._advance():
            pass
        return self._entry

    def other(self, name: bytes, ordinal: int) -> StartTag:
        """The start tag of the n-th element of that name."""
        while self._passed[name] < ordinal and self._advance():
            pass
        return self._kept.get((name, ordinal), StartTag(name, 0, 0, 0))

    def _advance(self) -> bool:
        tag = next(self._tags, None)
        if tag is None:
            return False
        self._passed[tag.name] += 1
        if tag.name == ENTRY:
            self._entry = tag
        else:
            self._kept[tag.name, self._passed[tag.name]] = tag
        return True


def start_tags(pieces: Iterable[bytes]) -> Iterator[StartTag]:
    """The start tags that findings are located by, in order; those inside comments and CDATA are none."""
    line, column, offset = 1, 1, 0
    for piece in _visible(pieces):
        at = 0
        for found in _MARKED.finditer(piece):
            begin = piece.rfind(b"<", at, found.start() + 1)
            prefixed = _PREFIXED.fullmatch(piece, begin, found.start()) if begin >= 0 else None
            if begin == found.start() or prefixed:
                line, column = _moved(line, column, piece[at:begin])
                at = begin
                yield StartTag(found[1], line, column, offset + begin)
        line, column = _moved(line, column, piece[at:])
        offset += len(piece)


def end_of_entry(pieces: Iterable[bytes], begin: int) -> int | None:
    """The offset behind the end tag of the entry at that offset, or of what follows it if that comes first."""
    offset = 0
    for piece in _visible(pieces):
        found = _ENTRY_ENDS.search(piece, max(begin + 1 - offset, 0))
        if found is not None:
            return offset + found.end()
        offset += len(piece)
    return None


def _moved(line: int, column: int, passed: bytes) -> tuple[int, int]:
    lines = passed.count(b"\n")
    if lines:
        passed, column = passed[passed.rfind(b"\n") + 1 :], 1
    return line + lines, column + len(passed.translate(None, _CONTINUING))


def _visible(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes with every `<` in comments, CDATA and instructions overwritten; no tag is cut in two."""
    kept, closing = b"", b""
    for piece in pieces:
        kept += piece
        shown: list[bytes] = []
        while kept:
            if closing:
                end = kept.find(closing)
                cut = end + len(closing) if end >= 0 else max(len(kept) - len(closing) + 1, 0)
                shown.append(kept[:cut].replace(b"<", b" "))
                kept, closing = kept[cut:], b"" if end >= 0 else closing
                if closing:
                    break
            elif opening := _OPENINGS.search(kept):
                shown += [kept[: opening.start()], b" " * len(opening[0])]
                kept, closing = kept[opening.end() :], _CLOSINGS[opening[0]]
            else:
                cut = max(kept.rfind(b"<"), 0) if b"<" in kept else len(kept)
                shown.append(kept[:cut])
                kept = kept[cut:]
                break
        yield b"".join(shown)
    yield kept

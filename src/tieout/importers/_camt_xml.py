"""Safe XML events of one source: no document type, no entities, no network, no depth and no silence without limit."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from lxml import etree

from tieout.contracts.reading import Source
from tieout.importers._camt_bytes import utf8_pieces
from tieout.kernel.errors import Finding, Place, Refused

Element: TypeAlias = Any  # lxml.etree._Element; lxml brings no types

# A bank's prolog is one line; a comment in front of the document may be longer.
PROLOG_SIZE_MAX = 1024 * 1024
# What is neither an entry nor a detail is kept until its statement ends; an XML tree takes ten times the bytes.
SILENCE_MAX = 8 * 1024 * 1024

_DECLARATION = re.compile(rb"\s*<\?xml\s[^>]*\?>")
_BEFORE_ROOT = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_DOCUMENT_TYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_ROOT = re.compile(rb"<([^\s<>/!?]+)(?=[\s/>])")
_PREFIX = re.compile(rb"<([^\s<>/!?:]+):BkToCstmr")
_WATCHED = ("Ntry", "TxDtls", "Acct", "Bal", "TxsSummry", "Stmt", "Rpt", "Ntfctn")
_EMPTY_ENTRY = b"<Ntry/>"


class Cut(NamedTuple):
    """A part of the text that is left out, an empty entry in its place; offsets in bytes of the UTF-8 text."""

    begin: int
    end: int


class Broken(Exception):
    """The XML is not well-formed. Line and column are libxml2's, 0 where it names none."""

    def __init__(self, why: str, code: int, line: int, column: int) -> None:
        self.why, self.code, self.line, self.column = why, code, line, column
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a source: how its bytes are decoded, and what its beginning shows."""

    source: Source
    codec: str
    root: bytes  # name of the root element, with its prefix
    undeclared: bytes = b""  # a prefix of the message that no namespace is declared for

    def pieces(self) -> Iterator[bytes]:
        """The text as UTF-8, from the start."""
        return utf8_pieces(self.source, self.codec)


def text_of_source(source: Source, codec: str) -> Text:
    """The text, once its prolog has shown that no document type is declared.

    Raises Refused: `doctype`, or `not_well_formed` where no element follows.
    """
    prolog, before_root = b"", 0
    for piece in utf8_pieces(source, codec):
        prolog += piece
        found = _BEFORE_ROOT.match(prolog)
        before_root = found.end() if found else 0
        if _DOCUMENT_TYPE.match(prolog, before_root):
            raise refusal("doctype", "the XML declares a document type", place_at(source, prolog[:before_root]))
        root = _ROOT.match(prolog, before_root)
        if root is not None:
            return Text(source, codec, root[1], _undeclared_prefix(prolog))
        if len(prolog) > PROLOG_SIZE_MAX:
            break
    place = place_at(source, prolog[:before_root])
    raise refusal(
        "not_well_formed", "no XML element begins here", place, prolog[before_root:][:80].decode(errors="replace")
    )


def place_at(source: Source, before: bytes) -> Place:
    """The place behind some text."""
    last_line = before[before.rfind(b"\n") + 1 :].decode(errors="replace")
    return Place(source.name, before.count(b"\n") + 1, len(last_line) + 1)


def refusal(code: str, what: str, place: Place, excerpt: str = "") -> Refused:
    """The one reason for refusing the whole file."""
    return Refused([Finding(code, what, place, excerpt)])


def _undeclared_prefix(beginning: bytes) -> bytes:
    prefix = _PREFIX.search(beginning)
    return b"" if prefix is None or b"xmlns:" + prefix[1] in beginning else prefix[1]


class Elements:
    """The elements that statements are made of, each when it is complete, in a text with parts left out.

    Whoever takes an element out of the tree sets `silence` to 0. Iterating raises Broken, and Refused after too much
    that stayed in the tree. Undeclared namespaces are no fault, since only local names count.
    """

    def __init__(self, text: Text, cuts: Sequence[Cut] = ()) -> None:
        self.silence = 0  # bytes since an element was taken out of the tree
        self._file = text.source.name
        self._pieces = _as_parsed(text, cuts)

    def __iter__(self) -> Iterator[Element]:
        parser = _parser(self, ("end",), _WATCHED)
        try:
            for _, element in parser:
                yield element
        except etree.XMLSyntaxError as fault:
            _raise_if_broken(fault, parser.error_log)

    def read(self, size: int) -> bytes:  # noqa: ARG002, the parser takes pieces of any size
        """The next piece for the parser."""
        piece = next(self._pieces, b"")
        self.silence += len(piece)
        if self.silence > SILENCE_MAX:
            what = f"more than {SILENCE_MAX // 1024 // 1024} MiB without an entry"
            raise refusal("too_large", what, Place(self._file))
        return piece


def open_entry(text: Text, cuts: Sequence[Cut]) -> int | None:
    """Which entry of a broken text has begun and not ended where the XML breaks, counted from 1 in the file."""
    elements = Elements(text, cuts)
    begun, still_open = 0, list[int]()
    with suppress(etree.XMLSyntaxError):
        for event, element in _parser(elements, ("start", "end"), ("Ntry",)):
            if event == "start":
                begun += 1
                still_open.append(begun)
            else:
                still_open.pop()
                element.clear()
                elements.silence = 0
    return still_open[0] if still_open else None


def _parser(elements: Elements, events: Sequence[str], names: Sequence[str]) -> Any:
    return etree.iterparse(
        elements,
        events=events,
        tag=[f"{{*}}{name}" for name in names],
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _raise_if_broken(fault: etree.XMLSyntaxError, log: Iterable[Any]) -> None:
    """Raise Broken unless the log holds nothing but faults of namespaces, which leave the text well-formed."""
    entries = list(log)
    fatal = next((entry for entry in entries if entry.level == etree.ErrorLevels.FATAL), None)
    if fatal is not None:
        raise Broken(fatal.message, fatal.type, fatal.line, fatal.column) from fault
    if not any(entry.domain == etree.ErrorDomains.NAMESPACE for entry in entries):
        raise Broken("an entity that nothing declares", fault.code, 0, 0) from fault


def _as_parsed(text: Text, cuts: Sequence[Cut]) -> Iterator[bytes]:
    """The text without its declaration, whose encoding may be a lie, and with a namespace for an undeclared prefix."""
    pieces = (piece for piece in _without(text.pieces(), cuts) if piece)
    first = _DECLARATION.sub(lambda found: re.sub(rb"[^\r\n]", b" ", found[0]), next(pieces, b""), count=1)
    if text.undeclared:
        root = b"<" + text.root
        first = first.replace(root, root + b' xmlns:%s="undeclared"' % text.undeclared, 1)
    yield first
    yield from pieces


def _without(pieces: Iterable[bytes], cuts: Sequence[Cut]) -> Iterator[bytes]:
    """The pieces with an empty entry in place of each cut; lines keep their numbers."""
    offset = 0
    for piece in pieces:
        kept, at, end = b"", offset, offset + len(piece)
        for cut in cuts:
            if cut.end <= at or cut.begin >= end:
                continue
            if at <= cut.begin:
                kept += piece[at - offset : cut.begin - offset] + _EMPTY_ENTRY
            removed = piece[max(cut.begin, at) - offset : min(cut.end, end) - offset]
            kept += b"\n" * removed.count(b"\n")
            at = min(cut.end, end)
        yield kept + piece[at - offset :]
        offset = end

"""The bytes of an XML file as clean UTF-8, whatever encoding it declares and whatever it really is.

The parser is always told that it reads UTF-8, so that the text which was searched for a document type is the text that
is parsed. Order of trying: byte-order mark, UTF-16 without one, strict UTF-8, the declared encoding, cp1252, latin-1.
"""

import codecs
import re
from collections.abc import Iterator

from tieout.contracts.reading import Source

PIECE_SIZE = 64 * 1024

# The codec that a beginning shows, and the name that is reported for it.
_BEGINNINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_REPORTED = {"utf-8-sig": "utf-8"}
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
# Families of code pages that files are written in; Python also knows codecs that are no code pages.
_CODE_PAGES = re.compile(r"(?:iso|latin|windows|cp|ibm|koi8|mac|utf|us|ascii|gb|big5|shift|euc)", re.IGNORECASE)
# Control characters that transfer programs leave in text files; XML allows none of them.
_STRAY = b"\x00\x01\x03\x1a"


def codec_of(source: Source) -> str:
    """The Python codec that decodes the whole source; latin-1 decodes whatever nothing else does."""
    with source.open() as stream:
        head = stream.read(PIECE_SIZE)
    for beginning, codec in _BEGINNINGS:
        if head.startswith(beginning):
            return codec
    declared = _DECLARED.match(head)
    for name in ("utf-8", declared[1].decode() if declared else "", "cp1252"):
        if _CODE_PAGES.match(name) and _is_xml_in(head, name) and _decodes(source, name):
            return codecs.lookup(name).name
    return "latin-1"


def encoding_reported(codec: str) -> str:
    """The name that a reading gives to what `codec_of` found."""
    return _REPORTED.get(codec, codec)


def utf8_pieces(source: Source, codec: str) -> Iterator[bytes]:
    """The source as UTF-8 without byte-order mark and stray control characters, from the start, in pieces.

    A character that ends in the next piece may be cut in two. What the codec cannot decode becomes U+FFFD.
    """
    with source.open() as stream:
        raw_pieces = iter(lambda: stream.read(PIECE_SIZE), b"")
        for piece in raw_pieces if codec == "utf-8" else _transcoded(raw_pieces, codec):
            yield piece.translate(None, _STRAY) if any(stray in piece for stray in _STRAY) else piece


def _transcoded(raw_pieces: Iterator[bytes], codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for piece in raw_pieces:
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def _is_xml_in(head: bytes, name: str) -> bool:
    """Whether the beginning looks like XML in that code page; read as UTF-16, text of another kind does not."""
    try:
        return head.decode(name, "replace").lstrip().startswith("<")
    except LookupError:
        return False


def _decodes(source: Source, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    with source.open() as stream:
        try:
            for piece in iter(lambda: stream.read(PIECE_SIZE), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True

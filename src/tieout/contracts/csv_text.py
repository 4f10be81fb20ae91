"""The bytes of a CSV in our own formats as text: UTF-8, with or without a byte-order mark, nothing else."""

import codecs
import re
from itertools import takewhile

from tieout.contracts.csv_records import cell_place, place_at, records
from tieout.kernel.catalogue import REFUSED
from tieout.kernel.errors import Finding, Place, Refused

_NOT_DECODED = re.compile("[\udc80-\udcff]")  # what `surrogateescape` makes of a byte that is no UTF-8


def without_mark(raw: bytes) -> bytes:
    """The bytes without their UTF-8 byte-order mark."""
    return raw.removeprefix(codecs.BOM_UTF8)


def canonical_text(raw: bytes, file: str) -> str:
    """The whole text. Raises Refused: `empty`, or `wrong_encoding` at the first cell that is no UTF-8."""
    if not raw:
        raise Refused([Finding("empty", "the file holds no bytes", Place(file), advice=REFUSED["empty"].advice)])
    if _is_utf_16(raw):
        raise Refused([_wrong_encoding("the file is UTF-16, not UTF-8", Place(file, 1, 1), "")])
    try:
        return without_mark(raw).decode("utf-8")
    except UnicodeDecodeError:
        text = without_mark(raw).decode("utf-8", errors="surrogateescape")
        raise Refused([_first_cell_not_decoded(text, file)]) from None


def _is_utf_16(raw: bytes) -> bool:
    """A UTF-16 mark, or every other byte zero as in a header of ours without one."""
    return raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or raw[:8].count(0) == 4


def _first_cell_not_decoded(text: str, file: str) -> Finding:
    found = _NOT_DECODED.search(text)
    assert found is not None, "strict decoding failed"
    what = f"byte 0x{ord(found[0]) - 0xDC00:02X} is no UTF-8"
    *_, record = takewhile(lambda record: record.start <= found.start(), records(text))
    for position, cell in enumerate(record.cells):
        if _NOT_DECODED.search(cell):
            return _wrong_encoding(what, cell_place(text, record, position, file), cell)
    return _wrong_encoding(what, place_at(text, record, found.start(), file), "")


def _wrong_encoding(what: str, place: Place, cell: str) -> Finding:
    shown = cell.encode("utf-8", errors="surrogateescape").decode("cp1252", errors="replace")
    return Finding("wrong_encoding", what, place, shown, REFUSED["wrong_encoding"].advice)

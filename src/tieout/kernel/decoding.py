"""From bytes to text when the declaration may lie.

Order: byte-order mark, strict UTF-8, the declared code page, cp1252, latin-1. What decoded the bytes is returned, not
what was declared.
"""

import codecs
from collections.abc import Callable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
# Control characters that transfer programs leave in text files.
_STRAY = {0x00: None, 0x01: None, 0x03: None, 0x1A: None}


def decode(raw: bytes, declared: str | None = None, expected: Callable[[str], bool] = bool) -> tuple[str, str]:
    """The text and the name of the encoding that gave it.

    declared: the code page that the file names, in any spelling; ignored when Python does not know it.
    expected: says whether a decoded text looks right; a decoding that fails it gives way to the next.
    Never fails: latin-1 decodes every byte.
    """
    for mark, codec, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(codec, errors="replace").translate(_STRAY), name
    for encoding in ("utf-8", declared, "cp1252"):
        text = _strictly(raw, encoding)
        if encoding is not None and text is not None and expected(text):
            return text.translate(_STRAY), codecs.lookup(encoding).name
    return raw.decode("latin-1").translate(_STRAY), "latin-1"


def _strictly(raw: bytes, encoding: str | None) -> str | None:
    if encoding is None:
        return None
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None

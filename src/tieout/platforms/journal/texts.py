"""Any text in a place where hledger reads tags and descriptions: written so that it comes back as it was.

hledger has no quoting. A tag's value ends at a comma or the line, and a bracket in it may begin a posting's own date; a
description ends at `;` and its payee at `|`. What would be taken for something else is written as `%2C`, as in web
addresses, and read so again; most texts have nothing of it.
"""

import re

_ENCODED = re.compile("(?:%[0-9A-F]{2})+")
_LOOKS_ENCODED = re.compile("%(?=[0-9A-F]{2})")
# In a description these end the payee or begin a comment.
_DISPLAY = str.maketrans({";": ",", "|": "/"})


def encoded(text: str) -> str:
    """The text as the value of a tag."""
    text = _LOOKS_ENCODED.sub("%25", text)
    marks = [mark if mark == " " or (mark.isprintable() and mark not in ",[") else _hexed(mark) for mark in text]
    for end in (0, -1):
        if marks and marks[end] == " ":
            marks[end] = "%20"
    return "".join(marks)


def decoded(value: str) -> str:
    """The text that a tag's value means."""
    return _ENCODED.sub(_read, value)


def displayed(text: str) -> str:
    """The text as it may stand in a description: on one line, with no mark in it that ends one or begins a code."""
    shown = "".join(mark if mark.isprintable() else " " for mark in text).translate(_DISPLAY)
    return " ".join(shown.split()).lstrip("*!(= ")


def _hexed(mark: str) -> str:
    return "".join(f"%{byte:02X}" for byte in mark.encode("utf-8", "surrogatepass"))


def _read(found: re.Match[str]) -> str:
    octets = bytes.fromhex(found[0].replace("%", ""))
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]

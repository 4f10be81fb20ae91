"""The header of an OFX file in both its forms, as far as it says how to read the rest."""

import re
from dataclasses import dataclass

# The header stands before the root; even behind a long preamble it ends here.
_HEADER_LENGTH_MAX = 8192

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?OFX[\s>]", re.IGNORECASE)
# Lines may be glued to each other: VERSION:102SECURITY:NONE. Three digits, so that it is not the version of XML.
_VERSION = re.compile(r"VERSION\s*[:=]\s*[\"']?\s*([0-9]{3})", re.IGNORECASE)
_CHARSET = re.compile(
    r"CHARSET\s*:\s*(ISO-?8859-[0-9]{1,2}|8859-[0-9]{1,2}|(?:CP|WINDOWS-?)?[0-9]{3,5})", re.IGNORECASE
)
_ENCODING = re.compile(r"ENCODING\s*[:=]\s*[\"']?\s*((?:CP|WINDOWS|ISO|LATIN|UTF|KOI8|UNICODE)[\w-]*)", re.IGNORECASE)

# What names a code page that Python knows under another name.
_CODE_PAGES = {"1200": "utf-16-le", "1201": "utf-16-be", "65001": "utf-8", "UNICODE": "utf-16"}


@dataclass(frozen=True, slots=True)
class Header:
    """What the header declares."""

    version: str | None  # "102", "211"; None without a header
    code_page: str | None  # as Python may know it; a declaration may lie


def header_of(raw: bytes) -> Header:
    """The header at the beginning of the bytes, in either form; either may be glued onto one line or missing."""
    # NUL bytes are what UTF-16 leaves of ASCII.
    text = raw[:_HEADER_LENGTH_MAX].replace(b"\0", b"").decode("latin-1")
    root = _ROOT.search(text)
    before = text[: root.start()] if root else text
    version = _VERSION.search(before)
    return Header(version=version[1] if version else None, code_page=_code_page(before))


def _code_page(header: str) -> str | None:
    charset = _CHARSET.search(header)
    if charset:
        name = charset[1].upper()
        return _CODE_PAGES.get(name, _spelled_for_python(name))
    encoding = _ENCODING.search(header)
    if encoding is None:
        return None
    return _CODE_PAGES.get(encoding[1].upper(), encoding[1])


def _spelled_for_python(name: str) -> str:
    if name[0] in "CW":
        return name
    return f"cp{name}" if name.isdigit() else f"iso-{name.removeprefix('ISO').lstrip('-')}"

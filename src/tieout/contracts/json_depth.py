"""How deep a JSON text is nested, without reading it: a text of brackets alone must not cost more than it says."""

import re

# Deeper than any document of a vendor, and shallow enough for every reader of it.
LEVELS_MAX = 32

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_ROUND = bytes.maketrans(b"[]", b"{}")
_NEITHER_BRACKET_NOR_QUOTE = bytes(code for code in range(256) if code not in b'[]{}"')


def deeper_than(body: bytes, levels: int) -> bool:
    """Whether arrays and objects stand inside each other more than `levels` deep.

    Brackets are rubbed out pair by pair: each pass removes the innermost level of a well-formed text. A text whose
    brackets do not pair is not JSON; it counts as deep only where its openings are.
    """
    if body.count(b"[") + body.count(b"{") <= levels:
        return False
    brackets = _brackets(body)
    for _ in range(levels):
        fewer = brackets.replace(b"{}", b"")
        if not fewer:
            return False
        if len(fewer) == len(brackets):
            return _opened(brackets) > levels
        brackets = fewer
    return _opened(brackets) > 0


def _brackets(body: bytes) -> bytes:
    """The brackets that stand outside of texts, all written as braces.

    Where no text holds an escaped quote, a text without brackets is a pair of neighbouring quotes once everything else
    is gone; quotes that stay belong to texts with brackets, and only then every text is looked for.
    """
    if b'\\"' not in body:
        kept = body.translate(_ROUND, _NEITHER_BRACKET_NOR_QUOTE).replace(b'""', b"")
        if b'"' not in kept:
            return kept
    return _STRING.sub(b"", body).translate(_ROUND, _NEITHER_BRACKET_NOR_QUOTE).replace(b'"', b"")


def _opened(brackets: bytes) -> int:
    return brackets.count(b"{")

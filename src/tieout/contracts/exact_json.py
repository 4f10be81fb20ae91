"""JSON as it was sent: every digit kept, nothing guessed, and what is wrong said with its place.

The standard library's reader with hooks refuses what readers usually let pass (a key given twice, NaN, text after the
end, more than 32 levels, text that is not UTF-8); msgspec then fills frozen structs, and takes no `true` for a number
and no `1.0` or `"1_000"` for a whole one.
"""

import json
import re
from collections import Counter
from typing import Any, TypeVar

import msgspec

from tieout.contracts.json_depth import LEVELS_MAX, deeper_than
from tieout.contracts.json_faults import FAULTS_MAX, BadJson, JsonFault, faults_of
from tieout.kernel.currencies import exponent_of
from tieout.kernel.money import AMOUNT, minor_units_of

__all__ = ["LEVELS_MAX", "Amount", "BadJson", "JsonFault", "JsonNumber", "number", "read_json", "read_tree"]

Shape = TypeVar("Shape")

# A comma before a closing bracket, or a whole string, which may hold one.
_STRING_OR_LAST_COMMA = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+")|,(?=[ \t\r\n]*[\]}])', re.DOTALL)
# Escapes that may give a character that no store keeps: NUL, or half of a surrogate pair.
_RISKY_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")

# Identifiers and counts end far below; a longer whole number can only be an amount, which keeps its digits as text.
_WHOLE_LENGTH_MAX = 16


class JsonNumber:
    """A number exactly as it was written: one with a fraction, an exponent or more than 16 digits; others are `int`."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNumber) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"JsonNumber({self.text!r})"


class Amount(str):
    """A decimal text in the one grammar for amounts, `-?[0-9]{1,18}(\\.[0-9]{1,6})?`; sent as JSON text or number."""

    __slots__ = ()

    def minor_units(self, currency: str) -> int:
        """In minor units of a currency. Raises TooManyDecimals, AmountOutOfRange and UnknownCurrency."""
        return minor_units_of(self, exponent_of(currency))


def read_json(body: bytes, into: type[Shape], *, lenient_commas: bool = False) -> Shape:
    """The body as `into`: a frozen msgspec struct, or a list of them; a field of type Amount takes text and number.

    lenient_commas: a comma before a closing bracket is overlooked.
    Raises BadJson with every place that does not fit, the first hundred.
    """
    tree = read_tree(body, lenient_commas=lenient_commas)
    try:
        return msgspec.convert(tree, into, dec_hook=_decoded)
    except msgspec.ValidationError as misfit:
        raise BadJson(faults_of(tree, into, _decoded, misfit)) from None


def read_tree(body: bytes, *, lenient_commas: bool = False) -> Any:
    """The body as plain dicts, lists, texts, ints, booleans, None, and JsonNumber. Raises BadJson."""
    try:
        text = body.decode()
    except UnicodeDecodeError as fault:
        raise _not_json("this is not UTF-8", fault.start) from None
    if lenient_commas:
        text = _STRING_OR_LAST_COMMA.sub(lambda found: found[1] or "", text)
    if deeper_than(body, LEVELS_MAX):
        raise BadJson((JsonFault("", "too_deep", f"this is nested deeper than {LEVELS_MAX} levels"),))
    try:
        tree = _READER.decode(text)
    except json.JSONDecodeError as fault:
        raise _not_json(f"this is not JSON: {fault.msg.lower()}", fault.pos) from None
    if _RISKY_ESCAPE.search(text):
        _require_storable(tree, "")
    return tree


def number(text: str) -> msgspec.Raw:
    """A decimal text as a JSON number with exactly these digits, for msgspec to write."""
    return msgspec.Raw(text.encode("ascii"))


def _not_json(what: str, position: int) -> BadJson:
    return BadJson((JsonFault("", "not_json", f"{what} (at {position})"),))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = [
            JsonFault(name, "twice", "this key is given twice in one object") for name in counts if counts[name] > 1
        ]
        raise BadJson(tuple(twice[:FAULTS_MAX]))
    return fields


def _whole(text: str) -> int | JsonNumber:
    return int(text) if len(text) <= _WHOLE_LENGTH_MAX else JsonNumber(text)


def _constant(name: str) -> Any:
    raise BadJson((JsonFault("", "not_json", f"{name} is not a number of JSON"),))


_READER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=JsonNumber, parse_constant=_constant
)


def _decoded(into: type, value: Any) -> Any:
    """A value of a type that msgspec does not know: Amount. Raises ValueError, which msgspec gives its place."""
    if into is not Amount:
        raise TypeError(f"no field of a body may be of type {into.__name__}")
    text = value if type(value) is str else str(value) if type(value) in (int, JsonNumber) else ""
    if AMOUNT.fullmatch(text) is None:
        raise ValueError("not_an_amount")
    return Amount(text)


def _require_storable(tree: Any, path: str) -> None:
    """Pass when no text holds NUL or half a surrogate pair. Raises BadJson."""
    match tree:
        case str():
            if _NOT_STORABLE.search(tree):
                raise BadJson((JsonFault(path, "not_storable", "this text holds a character that cannot be kept"),))
        case dict():
            for name, value in tree.items():
                _require_storable(name, path)
                _require_storable(value, f"{path}.{name}" if path else name)
        case list():
            for index, value in enumerate(tree):
                _require_storable(value, f"{path}[{index}]")

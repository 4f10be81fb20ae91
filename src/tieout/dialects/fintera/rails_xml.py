"""XML as Ruby on Rails writes and reads it: dashes in names, `type` attributes, `nil="true"`, arrays of elements.

An object is an element with children; an array has `type="array"` and one child per entry. Both ways are pure. What a
reader takes beyond what it would write: several roots side by side (the vendor's own page sends two), a prolog with a
colon where an equals sign belongs (the page has that too), underscores in names. What it never takes: a DOCTYPE, which
is where entity bombs live, and types that Rails once ran (yaml, file).

Source: financeiro.fintera.com.br/docs/api/reconciles, read 2026-11-20; Rails' Hash.from_xml for the types.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from tieout.contracts import exact_xml
from tieout.contracts.exact_xml import BadXml, Element
from tieout.dialects.fintera.values import DayText, DecimalText, MomentText, Sentences, SymbolText

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What XML 1.0 cannot carry, not even escaped: it is shown as the replacement character.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,16}", re.ASCII)
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def write_xml(root: str, value: object) -> bytes:
    """The value under one root element, UTF-8, two blanks a level, as Rails indents.

    value: dicts by field name, lists, None, bool, int, str and the texts of `values`. Names get dashes for underscores;
    entries of a list are named in the singular: `links` holds `link`.
    """
    return (PROLOG + "\n".join(_written(dashed(root), value, "")) + "\n").encode()


def dashed(name: str) -> str:
    """A field's name as Rails writes it in XML: status_name is status-name."""
    return name.replace("_", "-")


def singular(name: str) -> str:
    """The name of one entry of a list: entities holds entity, links holds link."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name.removesuffix("s") or name


def _written(tag: str, value: object, indent: str) -> Iterator[str]:
    match value:
        case None:
            yield f'{indent}<{tag} nil="true"/>'
        case dict() if value:
            yield f"{indent}<{tag}>"
            for name, part in value.items():
                yield from _written(dashed(name), part, f"{indent}  ")
            yield f"{indent}</{tag}>"
        case dict():
            yield f"{indent}<{tag}/>"
        case list() if value:
            kind = "" if isinstance(value, Sentences) else ' type="array"'
            yield f"{indent}<{tag}{kind}>"
            for part in value:
                yield from _written(singular(tag), part, f"{indent}  ")
            yield f"{indent}</{tag}>"
        case list():
            yield f'{indent}<{tag} type="array"/>'
        case _:
            kind, text = _typed(value)
            yield f"{indent}<{tag}{kind}>{text}</{tag}>"


def _typed(value: object) -> tuple[str, str]:
    match value:
        case bool():
            return ' type="boolean"', str(value).lower()
        case int():
            return ' type="integer"', str(value)
        case DecimalText():
            kind = "decimal"
        case DayText():
            kind = "date"
        case MomentText():
            kind = "dateTime"
        case SymbolText():
            kind = "symbol"
        case _:
            return "", _text_of(str(value))
    return f' type="{kind}"', _text_of(value)


def _text_of(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text), {"\r": "&#13;"})


def read_xml(body: bytes) -> dict[str, Any]:
    """The roots of a body by name, underscores in every name: `<financial-transaction>` is financial_transaction.

    An untyped element is text, or an object where it has children; an empty one is the empty text. Raises BadXml.
    """
    roots = exact_xml.read_xml(body, several_roots=True)
    return _children(roots) if len(roots) else {}


def _children(element: Element) -> dict[str, Any]:
    beside = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in beside):
        raise BadXml("not_xml", f"there is text beside the elements of {element.tag}")
    found: dict[str, Any] = {}
    for child in element:
        name = str(child.tag).replace("-", "_")
        if name in found:
            raise BadXml("twice", f"{child.tag} is given twice")
        found[name] = _value(child)
    return found


def _value(element: Element) -> Any:
    kind = element.get("type")
    if element.get("nil") == "true":
        return None
    if kind == "array":
        return [_value(child) for child in element]
    if kind in (None, "string"):
        return _children(element) if len(element) else element.text or ""
    if kind not in _READERS or len(element):
        raise BadXml("bad_type", f"{element.tag} has a type that is not read: {kind}")
    text = (element.text or "").strip()
    return _READERS[kind](element, text) if text else None


def _whole(element: Element, text: str) -> int:
    if _WHOLE.fullmatch(text) is None:
        raise BadXml("not_a_number", f"{element.tag} is not a whole number")
    return int(text)


def _truth(element: Element, text: str) -> bool:
    if text.lower() not in _TRUTHS:
        raise BadXml("not_a_truth", f"{element.tag} is neither true nor false")
    return _TRUTHS[text.lower()]


_READERS: Mapping[str, Callable[[Element, str], Any]] = {
    "integer": _whole,
    "boolean": _truth,
    "decimal": lambda _, text: DecimalText(text),
    "float": lambda _, text: DecimalText(text),
    "date": lambda _, text: DayText(text),
    "dateTime": lambda _, text: MomentText(text),
    "datetime": lambda _, text: MomentText(text),
    "symbol": lambda _, text: SymbolText(text),
}

"""XML as the vendor's .NET writes it: one element per property under the JSON name, one root per type.

No sample of a reconciliation in XML is published; root names and `nil` follow what .NET gives by itself (README.md).
"""

from decimal import Decimal

from lxml import etree

from tieout.contracts.exact_xml import Element, read_xml
from tieout.dialects.kashflow.wire import UNFIT, Received, Repeated, Written

_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = f"{{{_INSTANCE}}}nil"


def xml_read(body: bytes) -> Received:
    """What the root holds: leaves as text, `nil` as None, elements of one name as a list, others as a mapping.

    Raises BadXml: `doctype`, `too_deep`, or `not_xml`.
    """
    return _value_of(read_xml(body))


def xml_written(written: Written, type_name: str) -> bytes:
    """The value under a root of its type's name."""
    root = etree.Element(type_name, nsmap={"i": _INSTANCE})
    _fill(root, written)
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _value_of(element: Element) -> Received:
    if element.get(_NIL) in ("true", "1"):
        return None
    if not len(element):
        return element.text or ""
    values: dict[str, Received] = {}
    for child in element:
        name = etree.QName(child).localname
        value = _value_of(child)
        if name not in values:
            values[name] = value
        elif isinstance(values[name], _Several):
            values[name].append(value)
        else:
            values[name] = _Several([values[name], value])
    return values


class _Several(list[Received]):
    """Elements of one name."""


def _fill(element: Element, written: Written) -> None:
    match written:
        case None:
            element.set(_NIL, "true")
        case Repeated(name, members):
            for member in members:
                _fill(etree.SubElement(element, name), member)
        case dict():
            for name, value in written.items():
                _fill(etree.SubElement(element, name), value)
        case _:
            element.text = _text_of(written)


def _text_of(leaf: bool | int | str | Decimal) -> str:
    if isinstance(leaf, bool):
        return "true" if leaf else "false"
    return UNFIT.sub("�", str(leaf))

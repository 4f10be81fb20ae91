"""XML bodies: no document type, no entities, nothing fetched, and no deeper than JSON may be."""

import re
from typing import Any, ClassVar, TypeAlias

from lxml import etree

from tieout.contracts.json_depth import LEVELS_MAX
from tieout.kernel.errors import TieoutError

Element: TypeAlias = Any  # lxml.etree._Element; lxml brings no types

_PROLOG = re.compile(r"\s*<\?xml[^>]*\?>")
# Where several roots are let through, they are read as the children of this one.
ROOTS = "roots"


class BadXml(TieoutError):
    """A body is not XML that is read; `reason` is one of not_xml, doctype, too_deep."""

    code: ClassVar[str] = "bad_xml"

    def __init__(self, reason: str, what: str) -> None:
        self.reason = reason
        super().__init__(what)


def read_xml(body: bytes, *, several_roots: bool = False) -> Element:
    """The root element of a body in UTF-8, without comments and processing instructions.

    several_roots: for a vendor who writes documents with several roots: they come as children of one more element.
    Raises BadXml.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadXml("not_xml", "this is not UTF-8") from None
    if "<!DOCTYPE" in text:
        raise BadXml("doctype", "a document type is not read; send the document without <!DOCTYPE>")
    text = _PROLOG.sub("", text, count=1)
    if several_roots:
        text = f"<{ROOTS}>{text}</{ROOTS}>"
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise BadXml("not_xml", f"this is not XML: {fault.msg}") from None
    if _levels(root) > LEVELS_MAX + several_roots:
        raise BadXml("too_deep", f"this is nested deeper than {LEVELS_MAX} levels")
    return root


def _levels(root: Element) -> int:
    levels, deepest = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        levels += 1 if event == "start" else -1
        deepest = max(deepest, levels)
    return deepest

"""OFX markup as a tree: SGML whose leaves are seldom closed, and XML that is not always well formed.

An opening tag followed by text is a leaf, whether it is closed or not. A tag without text is an aggregate when it is
one that statements are built of, or when its own end tag follows; otherwise it is an empty leaf. An end tag closes
every aggregate inside the one that it names, and is ignored where nothing of that name is open.
Source: OFX 1.6 and 2.2, chapters 2 and 3; files of banks, which follow them loosely.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5

from tieout.kernel.errors import TieoutError

ENTRY = "STMTTRN"
PENDING_ENTRY = "STMTTRNP"
STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS")
ANSWERS = ("STMTTRNRS", "CCSTMTTRNRS", "INVSTMTTRNRS")
STATEMENT_MESSAGES = ("BANKMSGSRSV1", "CREDITCARDMSGSRSV1", "INVSTMTMSGSRSV1")
_PARTS_OF_STATEMENTS = (
    *("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "BANKTRANLIST", "BANKTRANLISTP", "INVTRANLIST"),
    *("LEDGERBAL", "AVAILBAL", "INVPOSLIST", "INVBAL", "INVOOLIST"),
)

# The aggregates that hold statements, by how deep they lie. One that opens closes every open one of its own depth or
# deeper, as an end tag that the file leaves out would have done.
_DEPTHS = (
    {"OFX": 0}
    | dict.fromkeys((*STATEMENT_MESSAGES, "SIGNONMSGSRSV1", "SIGNUPMSGSRSV1", "PROFMSGSRSV1", "SECLISTMSGSRSV1"), 1)
    | dict.fromkeys((*ANSWERS, "SONRS", "SECLIST"), 2)
    | dict.fromkeys(STATEMENTS, 3)
    | dict.fromkeys(_PARTS_OF_STATEMENTS, 4)
    | dict.fromkeys((ENTRY, PENDING_ENTRY), 5)
)

# Statements nest about eight deep.
DEPTH_MAX = 64
# How far the end tag of an aggregate that is not in the table is looked for: a trade or a vendor's own addition.
_REACH = 4096
# A leaf that a file repeats inside one aggregate is joined up to this length.
_REPEATED_LENGTH_MAX = 10_000

_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)(?:\s[^<>]*?)?(/?)>")
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)

# Stand in for < and & inside CDATA, where they are text; no character set has a character for these two.
_LESS, _AND = "\ufdd0", "\ufdd1"
_HIDDEN = str.maketrans({"<": _LESS, "&": _AND})
_SHOWN = str.maketrans({_LESS: "<", _AND: "&"})
_ASIDES = (("<!--", "-->", False), ("<![CDATA[", "]]>", True))


class MarkupRefused(TieoutError):
    """Markup that is not read at all; `what` says why, `offset` where it begins."""

    def __init__(self, what: str, offset: int) -> None:
        self.what, self.offset = what, offset
        super().__init__(what)


class NestedTooDeep(MarkupRefused):
    """Aggregates inside aggregates, deeper than any statement."""

    code = "too_deep"


class DocumentTypeDeclared(MarkupRefused):
    """A document type declaration, which can define entities or name other files."""

    code = "doctype"


@dataclass(slots=True, eq=False)
class Aggregate:
    """One aggregate with its leaves by name and its parts in file order."""

    name: str
    offset: int  # of its opening tag in the text
    leaves: dict[str, str] = field(default_factory=dict)
    parts: list["Aggregate"] = field(default_factory=list)

    def leaf(self, name: str) -> str:
        """The text of a leaf, trimmed; empty where there is none."""
        return self.leaves.get(name, "")

    def within(self) -> Iterator["Aggregate"]:
        """Every aggregate inside this one, at any depth, in file order."""
        for part in self.parts:
            yield part
            if part.parts:
                yield from part.within()

    def first(self, *names: str) -> "Aggregate | None":
        """The first aggregate of one of these names at any depth; None where there is none."""
        if not self.parts:
            return None
        return next((part for part in self.within() if part.name in names), None)

    def add_leaf(self, name: str, text: str) -> None:
        """Keep the text of a leaf. Where the file repeats it with another text, both stay, one per line."""
        known = self.leaves.get(name)
        if known is None:
            self.leaves[name] = text
        elif known != text and len(known) < _REPEATED_LENGTH_MAX:
            self.leaves[name] = f"{known}\n{text}"


@dataclass(slots=True)
class Markup:
    """A whole file as a tree."""

    top: Aggregate  # nameless; holds the aggregates that lie in no other
    open_at_end: tuple[Aggregate, ...]  # those that the file never closes, outermost first
    unclosed: list[Aggregate]  # those of statements that something else than their own end tag closed


def parse(text: str) -> Markup:
    """The tree of a text; a header before it and text after it are left out.

    Raises NestedTooDeep and DocumentTypeDeclared.
    """
    shown = _without_asides(text)
    doctype = _DOCTYPE.search(shown)
    if doctype is not None:
        raise DocumentTypeDeclared("the file declares a document type", doctype.start())
    return _Parser(shown).markup()


def _without_asides(text: str) -> str:
    """The text of the same length with comments blanked and CDATA taken as text."""
    if "<!" not in text:
        return text
    pieces, done, begin = [], 0, text.find("<!")
    while begin >= 0:
        end = begin + 2
        for opening, closing, is_text in _ASIDES:
            found = text.find(closing, begin) if text.startswith(opening, begin) else -1
            if found >= 0:
                inside = text[begin + len(opening) : found]
                pieces += [text[done:begin], " " * len(opening)]
                pieces += [inside.translate(_HIDDEN) if is_text else " " * len(inside), " " * len(closing)]
                done = end = found + len(closing)
            elif text.startswith(opening, begin):
                return "".join([*pieces, text[done:]])
        begin = text.find("<!", end)
    return "".join([*pieces, text[done:]])


class _Parser:
    """Reads tag by tag; what an opening tag is shows only at the next one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names = _Names()
        self._stack = [Aggregate("", 0)]
        self._unclosed: list[Aggregate] = []

    def markup(self) -> Markup:
        opened: re.Match[str] | None = None
        for tag in _TAG.finditer(self._text):
            if opened is not None:
                self._open(opened, tag.start())
            closing, written, empty = tag.groups()
            if closing and not (opened is not None and opened[2] == written and self._is_leaf(written)):
                self._close(self._names[written])
            opened = None if closing or empty else tag
        if opened is not None:
            self._open(opened, len(self._text))
        return Markup(self._stack[0], tuple(self._stack[1:]), self._unclosed)

    def _is_leaf(self, written: str) -> bool:
        """Whether the tag that opened last left nothing open."""
        return self._stack[-1].name != self._names[written]

    def _open(self, tag: re.Match[str], text_end: int) -> None:
        written, text_start = tag[2], tag.end()
        name = self._names[written]
        text = self._text[text_start:text_end].strip()
        if name in _DEPTHS or (not text and self._encloses(written, text_start, text_end)):
            self._push(name, tag.start())
        elif text:
            self._stack[-1].add_leaf(name, _plain(text))

    def _encloses(self, written: str, start: int, next_tag: int) -> bool:
        """Whether other tags come before the end tag, and it does not open a second time before that."""
        end = self._text.find(f"</{written}>", start, start + _REACH)
        return end > next_tag and self._text.find(f"<{written}>", start, end) < 0

    def _push(self, name: str, offset: int) -> None:
        depth = _DEPTHS.get(name)
        if depth is not None:
            for level in range(1, len(self._stack)):
                if _DEPTHS.get(self._stack[level].name, -1) >= depth:
                    self._drop_to(level)
                    break
        if len(self._stack) > DEPTH_MAX:
            raise NestedTooDeep(f"more than {DEPTH_MAX} aggregates lie inside each other", offset)
        aggregate = Aggregate(name, offset)
        self._stack[-1].parts.append(aggregate)
        self._stack.append(aggregate)

    def _close(self, name: str) -> None:
        for level in range(len(self._stack) - 1, 0, -1):
            if self._stack[level].name == name:
                self._drop_to(level + 1)
                self._stack.pop()
                return

    def _drop_to(self, level: int) -> None:
        self._unclosed += [aggregate for aggregate in self._stack[level:] if aggregate.name in _DEPTHS]
        del self._stack[level:]


class _Names(dict[str, str]):
    """Tag names as written to tag names as the standard spells them: upper case, without an XML prefix."""

    def __missing__(self, written: str) -> str:
        name = self[written] = written.rpartition(":")[2].upper()
        return name


def _plain(text: str) -> str:
    """The text of a leaf: entities resolved, a line break inside it made one space."""
    if "&" in text:
        text = _ENTITY.sub(_resolved, text)
    if "\n" in text or "\r" in text:
        text = " ".join(line.strip() for line in text.splitlines() if line.strip())
    return text.translate(_SHOWN).strip() if _LESS in text or _AND in text else text


def _resolved(entity: re.Match[str]) -> str:
    name = entity[1]
    if not name.startswith("#"):
        return html5.get(f"{name};", entity[0])
    number = int(name[1:]) if name[1].isdigit() else int(f"0{name[1:]}", 16)
    character = chr(number) if 0 < number <= 0x10FFFF else entity[0]
    if character.isspace():
        return " "
    return character if character.isprintable() else entity[0]

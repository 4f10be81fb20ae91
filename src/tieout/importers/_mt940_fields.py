"""Fields and messages of MT940 and MT942 text: where each begins and where it ends.

A field begins at the start of a line with its tag between colons. Free text wraps at 65 characters wherever it stands,
so a line of text may begin with a colon, a dash or half a clock time; only tags that these messages know count.
Source: SWIFT Standards MT category 9; end marks and headers as seen in files of banks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# Two digits below 60 may be the minutes of a wrapped clock time: there only the tags that these messages use.
# NS is the German field for what SWIFT does not know.
_TAG = re.compile(r"\n?(20|21|25P?|28C?|13D?|34F|[6-9][0-9][A-Z]?|NS[A-Z]?):", re.ASCII)
_TAGS_LIKE_MINUTES = frozenset({"20", "21", "25", "28", "13"})
_CLOCK_BEFORE = re.compile(r"[T .][0-9]{2}\Z", re.ASCII)
_CLOCK_AFTER = re.compile(r"[0-9]{2}(?![0-9])", re.ASCII)

# A line of SWIFT text; some banks count the four characters of the tag into the first one.
LINE_LENGTH = 65
TAG_LENGTH = 4

# In the Swedish 7-bit code page the braces of a block are letters.
BLOCK = r"[{äÄ][1-5]:"
_END_OF_MESSAGE = re.compile(rf"\n(?:-(?:[}}åÅ]|XXX|\+@)|{BLOCK}|:94[0-9]:)")
_MAY_END = re.compile(r"\n[-:{äÄ]")
# A bank's own header: its BIC or a node, then the message type. It counts where the next message follows.
_OWN_HEADER = re.compile(r"\n(?:[A-Z0-9 ]{8,40}\n){1,2}94[02](?: 00)?[ ]*(?=\n|\Z)")
_LONE_DASH = re.compile(r"\n-[ \t]*(?=\n|\Z)")
_MESSAGE_TYPE = re.compile(r"[{äÄ]2:[IO](94[0-9])|^:?(94[0-9])(?::|[ ]|$)", re.MULTILINE)

OPENING_TAGS = frozenset({"60F", "60M", "60"})
CLOSING_TAGS = frozenset({"62F", "62M", "62"})
TOTAL_TAGS = frozenset({"90C", "90D"})
_BALANCES = OPENING_TAGS | CLOSING_TAGS
_INTERIM_ONLY = TOTAL_TAGS | {"13", "13D", "34F"}
_BEGINS_ANOTHER = OPENING_TAGS | {"21", "25", "25P", "28", "28C", "34F", "13D"}


class Field(NamedTuple):
    """One field, or, with an empty tag, what stands before, between and after messages."""

    tag: str  # "61", "60F", "28C", ...
    text: str  # what follows the tag, as written, lines separated by \n
    line: int  # where it begins, counted from 1


@dataclass(slots=True)
class Message:
    """The fields of one message; a file without field 20 is one message."""

    declared: str | None = None  # "940", "942": the type that its header names
    goes_on: bool = False  # it began without a header of its own: account and number are those of the one before
    is_ended: bool = False  # an end mark or the header of another message follows it
    fields: list[Field] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    @property
    def is_closed(self) -> bool:
        """Whether its closing balance was read."""
        return not self.tags.isdisjoint(CLOSING_TAGS)

    @property
    def is_interim(self) -> bool:
        """Whether this is an MT942."""
        if self.declared in ("940", "942"):
            return self.declared == "942"
        return self.tags.isdisjoint(_BALANCES) and not self.tags.isdisjoint(_INTERIM_ONLY)

    @property
    def is_statement(self) -> bool:
        """Whether it states anything of an account: an entry, a balance, a total, or at least who and which."""
        if not self.tags.isdisjoint(_BALANCES | TOTAL_TAGS | {"61"}):
            return True
        return "20" in self.tags and not self.tags.isdisjoint({"25", "25P"})


def messages_of(text: str) -> list[Message]:
    """The messages of a file in order; text with \\n between lines.

    A message begins with field 20, or after a closing balance with a field that only a further message can have.
    """
    messages: list[Message] = []
    declared: str | None = None
    ended = True
    for found in fields_of(text):
        if not found.tag:
            declared, ended = _declared_type(found.text), True
            for message in messages[-1:]:
                message.is_ended = True
            continue
        if not messages or _begins_another(found.tag, messages[-1], ended):
            messages.append(Message(declared, goes_on=bool(messages) and not ended and found.tag != "20"))
        ended = False
        messages[-1].fields.append(found)
        messages[-1].tags.add(found.tag)
    return messages


def _begins_another(tag: str, message: Message, ended: bool) -> bool:
    return tag == "20" or (message.is_closed and (ended or tag in _BEGINS_ANOTHER))


def _declared_type(between: str) -> str | None:
    types = [found[1] or found[2] for found in _MESSAGE_TYPE.finditer(between)]
    return types[-1] if types else None


def fields_of(text: str) -> Iterator[Field]:
    """Every field in order, with what stands between messages as fields of an empty tag."""
    closed = False
    whole = _whole_fields(text)
    following = iter(whole)
    next(following)
    for found in whole:
        successor = next(following, None)
        if found.tag in _BALANCES or found.tag == "20":
            closed = found.tag in CLOSING_TAGS
        is_last = successor is None or successor.tag == "20"
        end = _end_of_message(found, is_last, closed) if found.tag else -1
        if end < 0:
            if found.tag or found.text.strip():
                yield found
            continue
        yield found._replace(text=found.text[:end])
        yield Field("", found.text[end:], found.line + found.text.count("\n", 0, end))


def _end_of_message(found: Field, is_last: bool, closed: bool) -> int:
    """Where the message ends inside the text of one of its fields; -1 when it does not.

    A lone dash ends a message, but inside the remittance text of an open statement it is a line of that text.
    """
    text = found.text
    marks = []
    if _MAY_END.search(text):
        marks.append(_END_OF_MESSAGE.search(text))
        if is_last or closed or found.tag != "86":
            marks.append(_LONE_DASH.search(text))
    if is_last:
        marks.append(_OWN_HEADER.search(text))
    return min((mark.start() for mark in marks if mark is not None), default=-1)


def _whole_fields(text: str) -> list[Field]:
    """Fields with everything up to the next one; the first, of an empty tag, holds what stands before any field."""
    first, *pieces = f"\n{text}".split("\n:")
    found: list[Field] = []
    tag, begin, parts = "", 0, [first]
    line = first.count("\n") + 1
    for piece in pieces:
        start = _TAG.match(piece)
        if start is None or _is_clock(tag, parts[-1], start, piece):
            parts.append(piece)
        else:
            found.append(Field(tag, "\n:".join(parts), begin))
            tag, begin, parts = start[1], line, [piece[start.end() :]]
        line += piece.count("\n") + 1
    found.append(Field(tag, "\n:".join(parts), begin))
    return found


def _is_clock(tag: str, before: str, start: re.Match[str], piece: str) -> bool:
    """Whether `T16` at the end of a full line of text and `26:37` after a colon are one clock time."""
    if tag != "86" or start[1] not in _TAGS_LIKE_MINUTES:
        return False
    last_line = before[before.rfind("\n") + 1 :]
    is_full = len(last_line) >= LINE_LENGTH - TAG_LENGTH
    after = _CLOCK_AFTER.match(piece, start.end())
    return is_full and _CLOCK_BEFORE.search(last_line) is not None and after is not None

"""Entries and declarations as Beancount reads them; the same one gives the same text."""

from collections.abc import Iterator, Mapping
from datetime import date

from tieout.platforms.journal.model import Declared, Entry, Posting

# So that amounts up to a hundred million stand below each other.
AMOUNT_WIDTH = 16

# Declarations have no day of their own and hold from before all entries.
_DECLARED_ON = date(1970, 1, 1)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def beancount_entry(entry: Entry) -> str:
    """One entry with its last line break."""
    lines = [f"{entry.booking_date} * {quoted(entry.payee)} {quoted(entry.narration)}", *_metadata(entry.tags, 1)]
    width = max(len(posting.account) for posting in entry.postings)
    for posting in entry.postings:
        lines += _posting_lines(posting, width)
    return "\n".join(lines) + "\n"


def beancount_declaration(declared: Declared) -> str:
    """A customer or vendor, with its last line break."""
    head = f"{_DECLARED_ON} custom {quoted(declared.kind)} {quoted(declared.id)}"
    return "\n".join([head, *_metadata(declared.tags, 1)]) + "\n"


def quoted(text: str) -> str:
    """The text as a string of Beancount."""
    return f'"{text.translate(_ESCAPES)}"'


def _posting_lines(posting: Posting, width: int) -> Iterator[str]:
    assert posting.quantity is not None, "what tieout writes has amounts"
    amount = f"{posting.quantity.number:f} {posting.quantity.commodity}"
    yield f"  {posting.account:<{width}}  {amount:>{AMOUNT_WIDTH}}"
    yield from _metadata(posting.tags, 2)


def _metadata(tags: Mapping[str, str], depth: int) -> Iterator[str]:
    for name, value in tags.items():
        yield f"{'  ' * depth}{name}: {quoted(value)}"

"""Entries and declarations as hledger reads them; the same one gives the same text."""

from collections.abc import Iterator, Mapping

from tieout.platforms.journal.model import Declared, Entry, Posting, Quantity
from tieout.platforms.journal.texts import displayed, encoded

# hledger ends an account's name at two blanks.
_GAP = "    "
# So that amounts up to a hundred million stand below each other.
AMOUNT_WIDTH = 16


def hledger_entry(entry: Entry) -> str:
    """One entry with its last line break; what the description cannot hold stands in the tags payee and description."""
    payee, narration = displayed(entry.payee), displayed(entry.narration)
    code = "".join(mark for mark in displayed(entry.code) if mark not in "()")
    description = f"{payee} | {narration}" if narration else f"{payee} |"
    tags = dict(entry.tags)
    if payee != entry.payee:
        tags["payee"] = entry.payee
    if narration != entry.narration:
        tags["description"] = entry.narration
    lines = [f"{entry.booking_date} *{f' ({code})' if code else ''} {description}".rstrip(), *_tag_lines(tags, 1)]
    width = max(len(posting.account) for posting in entry.postings)
    for posting in entry.postings:
        lines += _posting_lines(posting, width)
    return "\n".join(lines) + "\n"


def hledger_declaration(declared: Declared) -> str:
    """A customer or vendor as a payee, with its last line break."""
    name = declared.tags["name"]
    tags = {declared.kind: declared.id, **declared.tags}
    return "\n".join([f"payee {displayed(name) or 'unnamed'}", *_tag_lines(tags, 1)]) + "\n"


def _posting_lines(posting: Posting, width: int) -> Iterator[str]:
    assert posting.quantity is not None, "what tieout writes has amounts"
    yield f"    {posting.account:<{width}}{_GAP}{_quantity(posting.quantity):>{AMOUNT_WIDTH}}"
    yield from _tag_lines(posting.tags, 2)


def _quantity(quantity: Quantity) -> str:
    plain = quantity.commodity.isalpha() or not any(mark.isalnum() or mark in ' "' for mark in quantity.commodity)
    symbol = quantity.commodity if plain else f'"{quantity.commodity}"'
    return f"{quantity.number:f} {symbol}".rstrip()


def _tag_lines(tags: Mapping[str, str], depth: int) -> Iterator[str]:
    for name, value in tags.items():
        yield f"{'    ' * depth}; {name}: {encoded(value)}".rstrip()

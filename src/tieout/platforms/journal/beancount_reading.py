"""Reads ledgers as Beancount reads them, in bounds: what tieout does not understand stops the reading, with its place.

Understood: entries with payee, narration, links and metadata; postings with amounts, costs and prices; the directives
open, close, balance, custom, commodity, include and option. Prices, notes, documents, events, queries, pads and plugins
are passed over: they are no entries, and what a plugin makes is not seen. Sums within amounts are not understood.
Source: the Beancount language syntax, version 3, and the program itself, read 2026-11-20.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from tieout.kernel.errors import Place
from tieout.platforms.journal.hledger_amounts import weight_of
from tieout.platforms.journal.model import (
    AccountDeclared,
    Asserted,
    Declared,
    Entry,
    Included,
    Inherited,
    Ledger,
    Posting,
    Quantity,
    decimal_of,
    not_understood,
)

_STRING = r'"(?:[^"\\]|\\[\s\S])*"'
_CURRENCY = r"[A-Z][A-Z0-9'._-]*"
_NUMBER = r"[-+]?\s*[0-9][0-9,]*(?:\.[0-9]*)?|[-+]?\s*\.[0-9]+"
_ACCOUNT = r"[^\s:\";{}@]+(?::[^\s:\";{}@]+)+"

_DATED = re.compile(r"([0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})\s+(\S+)\s*(.*)", re.DOTALL)
_UNDATED = re.compile(r"([a-z]+)\s+(.*)", re.DOTALL)
_METADATA = re.compile(r"([a-z][A-Za-z0-9_-]+):\s*(.*)", re.DOTALL)
_POSTING = re.compile(
    rf"(?:[*!&#?%A-Z]\s+)?({_ACCOUNT})(?:\s+({_NUMBER})\s*({_CURRENCY}))?"
    r"\s*(?:(\{\{?)([^}]*)\}\}?)?\s*(?:(@@?)\s*(.*))?",
    re.DOTALL,
)
_AMOUNT = re.compile(rf"({_NUMBER})\s*({_CURRENCY})")
_MARK = re.compile('[";]')
_WHOLE_STRING = re.compile(_STRING, re.DOTALL)
_STRINGS_AND_LINKS = re.compile(rf"{_STRING}|[#^][^\s\"]+")
_LITERAL = re.compile(rf"{_STRING}|\S+")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_FLAG = re.compile(r"txn|[*!&#?%A-Z]")
_DECLARATIONS = frozenset({"business", "tax-rate", "customer", "vendor"})
_PASSED_OVER = frozenset({"price", "note", "document", "event", "query", "pad", "plugin", "pushtag", "poptag"})


# A text in quotes may go on over lines; one that never ends would take the rest of the file.
STRING_LINES_MAX = 200


class _Line(NamedTuple):
    number: int
    text: str  # without comment; more than one physical line where a string goes on


def read_beancount(text: str, file: str) -> tuple[Ledger, list[Included]]:
    """What one file says, and what it includes. Raises PlatformFault with the place of what is not understood."""
    return _Reader(text, file).read()


class _Reader:
    """Goes through one file, block by block: a line at the margin and the indented lines below it."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text.removeprefix("\ufeff"), file
        self._ledger, self._included = Ledger(), list[Included]()

    def read(self) -> tuple[Ledger, list[Included]]:
        """Everything, or the first thing that is not understood."""
        for head, below in self._blocks():
            if head.text[0].isdigit():
                self._dated(head, below)
            else:
                self._undated(head)
        return self._ledger, self._included

    def _blocks(self) -> Iterator[tuple[_Line, list[_Line]]]:
        head: _Line | None = None
        below: list[_Line] = []
        for line in self._lines():
            if line.text[:1].isspace():
                if head is None:
                    raise not_understood(Place(self._file, line.number), "this is indented below nothing", line.text)
                below.append(_Line(line.number, line.text.strip()))
                continue
            if head is not None:
                yield head, below
            # Headings of an outline, which Beancount passes over too.
            head, below = (None if line.text[0] in "*#:" else line), []
        if head is not None:
            yield head, below

    def _lines(self) -> Iterator[_Line]:
        """Lines without comments and blank ones; a string that goes on joins the physical lines that it is on."""
        pending, begun = "", 0
        for number, raw in enumerate(self._text.split("\n"), 1):
            joined = f"{pending}\n{raw}" if pending else raw
            text, is_open = _without_comment(joined)
            if is_open and number - (begun or number) < STRING_LINES_MAX:
                pending, begun = joined, begun or number
                continue
            if is_open:
                break
            if text.strip():
                yield _Line(begun or number, text.rstrip())
            pending, begun = "", 0
        if pending:
            raise not_understood(Place(self._file, begun), "this text in quotes has no end", pending)

    def _place(self, line: _Line) -> Place:
        return Place(self._file, line.number)

    def _undated(self, head: _Line) -> None:
        found = _UNDATED.fullmatch(head.text)
        words = [_unquoted(word) for word in _LITERAL.findall(found[2])] if found else []
        match [found[1] if found else "", *words]:
            case ["option", name, value]:
                self._ledger.options.setdefault(name, value)
            case ["include", pattern]:
                self._included.append(Included(pattern, Inherited(), self._place(head)))
            case [word, *_] if word not in _PASSED_OVER:
                raise not_understood(self._place(head), "tieout does not read this directive", head.text)

    def _dated(self, head: _Line, below: list[_Line]) -> None:
        found = _DATED.fullmatch(head.text)
        if found is None:
            raise not_understood(self._place(head), "this is no directive", head.text)
        day, word, rest = self._day(found[1], head), found[2], found[3]
        if _FLAG.fullmatch(word):
            self._ledger.entries.append(self._entry(day, rest, head, below))
        elif word in ("open", "close", "balance", "custom", "commodity"):
            self._declaration(word, day, rest, head, below)
        elif word not in _PASSED_OVER:
            raise not_understood(self._place(head), "tieout does not read this directive", head.text)

    def _declaration(self, word: str, day: date, rest: str, head: _Line, below: list[_Line]) -> None:
        words = [_unquoted(word) for word in _LITERAL.findall(rest)]
        tags = _tags(below)
        place, ledger = self._place(head), self._ledger
        match word, words:
            case "open", [account, *others]:
                commodities = tuple(
                    part for part in re.findall(_CURRENCY, _WHOLE_STRING.sub("", rest.partition(account)[2]))
                )
                ledger.accounts.append(AccountDeclared(account, day, None, commodities, tags, place))
            case "close", [account]:
                ledger.accounts.append(AccountDeclared(account, None, day, (), tags, place))
            case "balance", [account, *others]:
                # The balance is that of the day's beginning, the account's children included.
                before = day - timedelta(days=1)
                ledger.asserted.append(Asserted(account, others[-1] if others else "", before, day, place))
            case "custom", [kind, *others] if kind in _DECLARATIONS:
                ledger.declared.append(Declared(kind, " ".join(others), tags, place))
            case "commodity", [commodity]:
                ledger.commodities[commodity] = tags.get("currency", "")
            case "custom", _:
                return
            case _:
                raise not_understood(place, f"{word} is not written like this", head.text)

    def _entry(self, day: date, rest: str, head: _Line, below: list[_Line]) -> Entry:
        words = _STRINGS_AND_LINKS.findall(rest)
        strings = [_unquoted(word) for word in words if word[0] == '"']
        if len(strings) > 2 or _STRINGS_AND_LINKS.sub("", rest).strip():
            raise not_understood(self._place(head), "this is no first line of an entry", head.text)
        payee, narration = ["", "", *strings][-2:]
        own, postings = self._below(below)
        links = [word[1:] for word in words if word[0] == "^"]
        return Entry(
            day,
            payee,
            narration,
            links[0] if links else "",
            own,
            tuple(self._posting(line, tags) for line, tags in postings),
            self._place(head),
        )

    def _below(self, below: list[_Line]) -> tuple[Mapping[str, str], list[tuple[_Line, dict[str, str]]]]:
        """The metadata of the entry itself, and each posting's line with its metadata."""
        own: dict[str, str] = {}
        postings: list[tuple[_Line, dict[str, str]]] = []
        for line in below:
            if found := _METADATA.fullmatch(line.text):
                (postings[-1][1] if postings else own).setdefault(found[1], _unquoted(found[2]))
            elif line.text[0] not in "#^":
                postings.append((line, {}))
        return own, postings

    def _posting(self, line: _Line, tags: Mapping[str, str]) -> Posting:
        place = self._place(line)
        found = _POSTING.fullmatch(line.text)
        if found is None:
            raise not_understood(place, "this is no posting that tieout reads", line.text)
        account, number, commodity, braces, cost, at, price = found.groups()
        if number is None:
            if braces or at:
                raise not_understood(place, "write the amount before its cost or price", line.text)
            return Posting(account, None, None, None, tags, place)
        quantity = Quantity(_number(number, place), commodity)
        weight: Quantity | None = quantity
        if braces:
            weight = _priced(quantity, cost, len(braces) == 2, place)
        elif at:
            weight = _priced(quantity, price, at == "@@", place)
        return Posting(account, quantity, weight, None, tags, place)

    def _day(self, text: str, head: _Line) -> date:
        try:
            return date(*(int(part) for part in re.split("[-/]", text)))
        except ValueError:
            raise not_understood(self._place(head), "this is no day", text) from None


def _without_comment(text: str) -> tuple[str, bool]:
    """The line up to its comment, and whether a string is still open at its end."""
    at = 0
    while (mark := _MARK.search(text, at)) is not None:
        if mark[0] == ";":
            return text[: mark.start()], False
        string = _WHOLE_STRING.match(text, mark.start())
        if string is None:
            return text, True
        at = string.end()
    return text, False


def _unquoted(word: str) -> str:
    """What a string means; anything else as it is written."""
    word = word.strip()
    if len(word) < 2 or word[0] != '"':
        return word
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), word[1:-1])


def _tags(below: list[_Line]) -> Mapping[str, str]:
    found = (_METADATA.fullmatch(line.text) for line in below)
    return {metadata[1]: _unquoted(metadata[2]) for metadata in found if metadata}


def _number(text: str, place: Place) -> Decimal:
    return decimal_of(re.sub(r"[,\s]", "", text), place, text)


def _priced(quantity: Quantity, price: str | None, whole: bool, place: Place) -> Quantity | None:
    """What an amount counts at its cost or price; None where the ledger leaves it to be looked up."""
    found = _AMOUNT.search(price or "")
    if found is None or "#" in (price or ""):
        return None
    return weight_of(quantity, Quantity(_number(found[1], place), found[2]), whole=whole)

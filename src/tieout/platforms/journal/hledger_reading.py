"""Reads journals as hledger reads them, in bounds: what tieout does not understand stops the reading, with its place.

Understood: entries with payee, note, code and tags; postings with amounts, prices, assertions and dates of their own;
the directives account, commodity, payee, include, decimal-mark, D, Y. Prices, tags, budgets and automatic postings are
passed over: they are no entries. Anything that would change what other lines mean (alias, apply account) is not
understood.
Source: the hledger manual, hledger_journal(5) of version 1.25, and the program itself, read 2026-11-20.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from tieout.kernel.errors import Place
from tieout.platforms.journal.hledger_amounts import AmountsOfPosting, Marks, amounts_of, decimal_mark_of
from tieout.platforms.journal.model import (
    NO_TAGS,
    AccountDeclared,
    Asserted,
    Declared,
    Entry,
    Included,
    Inherited,
    Ledger,
    Posting,
    not_understood,
)
from tieout.platforms.journal.texts import decoded

_DATE = r"(?:[0-9]{4}[-/.])?[0-9]{1,2}[-/.][0-9]{1,2}"
_HEADER = re.compile(rf"({_DATE})(?:=\S+)?(?:\s+(?:[*!]\s*)?(?:\(([^)]*)\)\s*)?(.*))?")
_POSTING = re.compile(r"(?:[*!]\s*)?(\S.*?)(?:\s{2,}(.*))?")
_TAG = re.compile(r"(?:^|(?<=[\s,]))([^\s:,;\[\]]+):([^,]*)")
_BRACKETED_DATE = re.compile(r"\[[0-9=/.\-]+\]")
_DIRECTIVE = re.compile(r"([A-Za-z-]+)\s*(.*)")
_DECLARATION = re.compile(r";\s?(business|tax-rate)\s+(\S.*)")
_DECLARED_TAG = re.compile(r";\s+([a-z][a-z0-9-]*):\s*(.*)")
_JOURNALS = (".journal", ".hledger", ".j", ".ledger", ".dat")
_PASSED_OVER = frozenset({"P", "tag", "N"})


class _Line(NamedTuple):
    number: int
    text: str


def decimal_marks_in(text: str) -> dict[str, str]:
    """The decimal marks that the commodity directives of a file show; they hold for all files."""
    samples = re.findall(r"^(?:commodity|D)[ \t]+([^;\n]*)|^[ \t]+format[ \t]+([^;\n]*)", text, re.MULTILINE)
    pairs = (decimal_mark_of(sample.strip()) for either in samples for sample in either if sample.strip())
    return {commodity: mark for commodity, mark in pairs if mark}


def read_hledger(
    text: str, file: str, inherited: Inherited, by_commodity: Mapping[str, str]
) -> tuple[Ledger, list[Included]]:
    """What one file says, and what it includes. Raises PlatformFault with the place of what is not understood."""
    return _Reader(text, file, inherited, by_commodity).read()


class _Reader:
    """Goes through one file, block by block: a line at the margin and the indented lines below it."""

    def __init__(self, text: str, file: str, inherited: Inherited, by_commodity: Mapping[str, str]) -> None:
        self._text, self._file, self._inherited = text.removeprefix("\ufeff"), file, inherited
        self._by_commodity = by_commodity
        self._ledger, self._included = Ledger(), list[Included]()

    def read(self) -> tuple[Ledger, list[Included]]:
        """Everything, or the first thing that is not understood."""
        for head, below in self._blocks():
            first = head.text[0]
            if first.isdigit():
                self._ledger.entries.append(self._entry(head, below))
            elif first == ";":
                self._declaration(head, below)
            elif first not in "~=":
                self._directive(head, below)
        return self._ledger, self._included

    def _blocks(self) -> Iterator[tuple[_Line, list[_Line]]]:
        head: _Line | None = None
        below: list[_Line] = []
        commented = False
        for number, raw in enumerate(self._text.split("\n"), 1):
            text = raw.rstrip()
            if commented or text == "comment":
                commented = text != "end comment"
                text = ""
            if text and (text[0].isspace() or _continues(head, text)):
                if head is None:
                    raise not_understood(Place(self._file, number), "this is indented below nothing", text)
                below.append(_Line(number, text.strip()))
                continue
            if head is not None:
                yield head, below
            head, below = (_Line(number, text) if text and text[0] not in "#*" else None), []
        if head is not None:
            yield head, below

    def _place(self, line: _Line) -> Place:
        return Place(self._file, line.number)

    def _declaration(self, head: _Line, below: list[_Line]) -> None:
        if found := _DECLARATION.fullmatch(head.text):
            tags = {tag[1]: decoded(tag[2]) for line in below if (tag := _DECLARED_TAG.fullmatch(line.text))}
            self._ledger.declared.append(Declared(found[1], found[2].strip(), tags, self._place(head)))

    def _directive(self, head: _Line, below: list[_Line]) -> None:
        found = _DIRECTIVE.fullmatch(head.text)
        word, rest = (found[1], found[2]) if found else ("", "")
        comment = "\n".join([rest.partition(";")[2], *(line.text.lstrip("; ") for line in below)])
        rest = rest.partition(";")[0].strip()
        match word:
            case "account":
                tags = self._tags(comment)
                self._ledger.accounts.append(AccountDeclared(rest, None, None, (), tags, self._place(head)))
            case "payee":
                self._payee(rest, self._tags(comment), head)
            case "commodity" | "D":
                commodity = decimal_mark_of(rest)[0]
                self._ledger.commodities[commodity] = self._tags(comment).get("currency", "")
                if word == "D":
                    self._inherited = self._inherited._replace(commodity=commodity)
            case "decimal-mark" if rest in (".", ","):
                self._inherited = self._inherited._replace(decimal_mark=rest)
            case "Y" | "year" if rest.isdigit():
                self._inherited = self._inherited._replace(year=int(rest))
            case "include" if rest.endswith(_JOURNALS) and ":" not in rest:
                self._included.append(Included(rest, self._inherited, self._place(head)))
            case word if word not in _PASSED_OVER:
                raise not_understood(self._place(head), "tieout does not read this directive", head.text)

    def _payee(self, name: str, tags: Mapping[str, str], head: _Line) -> None:
        named = {"name": name, **tags}
        for kind in ("customer", "vendor"):
            if kind in tags:
                self._ledger.declared.append(Declared(kind, tags[kind] or name, named, self._place(head)))

    def _entry(self, head: _Line, below: list[_Line]) -> Entry:
        found = _HEADER.fullmatch(head.text)
        if found is None:
            raise not_understood(self._place(head), "this is no first line of an entry", head.text)
        description, _, comment = (found[3] or "").partition(";")
        payee, divided, narration = (part.strip() for part in description.partition("|"))
        comments, postings = self._below(below)
        tags = self._tags("\n".join([comment, *comments]))
        booking_date = self._date(found[1], self._place(head))
        return Entry(
            booking_date,
            tags.get("payee", payee),
            tags.get("description", narration if divided else payee),
            (found[2] or "").strip(),
            tags,
            tuple(self._posting(line, comments, booking_date) for line, comments in postings),
            self._place(head),
        )

    def _below(self, below: list[_Line]) -> tuple[list[str], list[tuple[_Line, list[str]]]]:
        """The comments of the entry itself, and each posting's line with its comments."""
        own: list[str] = []
        postings: list[tuple[_Line, list[str]]] = []
        for line in below:
            if line.text.startswith(";"):
                (postings[-1][1] if postings else own).append(line.text[1:])
            else:
                text, _, comment = line.text.partition(";")
                postings.append((_Line(line.number, text.rstrip()), [comment]))
        return own, postings

    def _posting(self, line: _Line, comments: list[str], entry_date: date) -> Posting:
        place = self._place(line)
        found = _POSTING.fullmatch(line.text)
        if found is None:
            raise not_understood(place, "this is no posting", line.text)
        account, real = _real_account(found[1].strip())
        inherited = self._inherited
        marks = Marks(inherited.decimal_mark, self._by_commodity, inherited.commodity)
        amounts = amounts_of((found[2] or "").strip(), marks, place)
        if _BRACKETED_DATE.search(" ".join(comments)):
            raise not_understood(place, "write a posting's own date as date:2026-11-20", " ".join(comments))
        tags = self._tags("\n".join(comments))
        own_date = self._date(tags["date"], place, entry_date.year) if tags.get("date") else None
        self._assertion(account, amounts, own_date or entry_date, place)
        return Posting(account, amounts.quantity, amounts.weight, own_date, tags, place, real)

    def _assertion(self, account: str, amounts: AmountsOfPosting, asserted_on: date, place: Place) -> None:
        if amounts.asserted is not None:
            commodity = "" if "==" in amounts.assertion else amounts.asserted.commodity
            asserted = Asserted(
                account, commodity, asserted_on, asserted_on, place, with_children="*" in amounts.assertion
            )
            self._ledger.asserted.append(asserted)

    def _tags(self, comments: str) -> Mapping[str, str]:
        found = [tag for line in comments.split("\n") for tag in _TAG.findall(line)]
        return {name: decoded(value.strip()) for name, value in reversed(found)} or NO_TAGS

    def _date(self, text: str, place: Place, year: int | None = None) -> date:
        parts = [int(part) if part.isdigit() else 0 for part in re.split("[-/.]", text.strip())]
        if len(parts) == 2:
            parts.insert(0, year or self._inherited.year or 0)
        try:
            return date(*parts)
        except (TypeError, ValueError):
            raise not_understood(place, "this is no day of a year that is given", text) from None


def _continues(head: _Line | None, text: str) -> bool:
    """Whether a comment at the margin goes on declaring what the one above it began to."""
    return head is not None and _DECLARATION.fullmatch(head.text) is not None and bool(_DECLARED_TAG.fullmatch(text))


def _real_account(name: str) -> tuple[str, bool]:
    if name[0] + name[-1] in ("()", "[]"):
        return name[1:-1].strip(), False
    return name, True

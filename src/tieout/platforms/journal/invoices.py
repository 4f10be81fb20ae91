"""Invoices and bills as a ledger has them: entries that move what customers owe, or what is owed to vendors.

An entry with the tag `invoice` is one: its postings on an account of the role receivable (or payable) are the
instalments, each with its tag `due`; postings on accounts of tax are the tax; the others are the lines, with what their
tags say of them: `line` (the description), `quantity`, `price`, `tax`, `tax-rate`. Whatever bears the tag `pays` or
`cancels` with the id or the number of an invoice settles it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from tieout.platforms.journal.books import Books, KeptEntry, number_text, total_of
from tieout.platforms.journal.model import DIGITS_MAX, EXACT, Posting, not_understood

TAX_ROLES = frozenset({"output-tax", "input-tax"})
_OWED_ROLE = {"receivable": "receivable", "bill": "payable"}
_ROLE_OF_NAME = {"receivable": "customer", "bill": "vendor"}


@dataclass(frozen=True, slots=True)
class KeptInvoice:
    """One invoice or bill; amounts are positive in both, for a credit note negative."""

    object_type: str  # receivable, bill
    kept: KeptEntry
    owed: tuple[Posting, ...]  # the instalments
    total: Decimal
    commodity: str

    @property
    def number(self) -> str:
        """As it stands on the document."""
        return self.kept.entry.tags.get("invoice") or self.kept.entry.code

    @property
    def sign(self) -> int:
        """What turns a posting on what is owed into the amount of the document."""
        return 1 if self.object_type == "receivable" else -1


class Invoices:
    """All invoices of some books, with what has become of them."""

    def __init__(self, books: Books) -> None:
        self._books = books

    @cached_property
    def by_id(self) -> Mapping[str, KeptInvoice]:
        """Invoices and bills by id, in the order of the entries."""
        found = (_invoice(self._books, kept) for kept in self._books.entries if "invoice" in kept.entry.tags)
        return {invoice.kept.id: invoice for invoice in found if invoice}

    def contents(self, object_type: str) -> Iterator[tuple[KeptInvoice, dict[str, Any]]]:
        """Every invoice of a type with its content as docs/platforms.md tells it."""
        for invoice in self.by_id.values():
            if invoice.object_type == object_type:
                yield invoice, self._content(invoice)

    def _content(self, invoice: KeptInvoice) -> dict[str, Any]:
        entry, currency = invoice.kept.entry, self._books.currency_of(invoice.commodity)
        lines = self._lines(invoice, currency)
        instalments = [
            {
                "due_date": _due(posting, invoice),
                "amount": number_text(_signed(invoice.sign, posting), currency),
            }
            for posting in invoice.owed
        ]
        return {
            "number": invoice.number,
            "counterparty": self._counterparty(invoice),
            "counterparty_name": entry.payee,
            "currency": currency,
            "issue_date": entry.booking_date.isoformat(),
            "instalments": sorted(instalments, key=lambda each: each["due_date"]),
            "total": number_text(invoice.total, currency),
            "tax": number_text(total_of(Decimal(line["tax_amount"]) for line in lines), currency),
            "status": self._status(invoice),
            "lines": lines,
        }

    def _counterparty(self, invoice: KeptInvoice) -> str | None:
        """The id that the entry bears; what somebody else wrote is known by its payee."""
        role = _ROLE_OF_NAME[invoice.object_type]
        if role in invoice.kept.entry.tags or invoice.kept.key:
            return invoice.kept.entry.tags.get(role)
        named = (each for each in self._books.declared(role) if each.tags.get("name") == invoice.kept.entry.payee)
        return next((each.id for each in named), None)

    def _status(self, invoice: KeptInvoice) -> str:
        settled, cancelled = self._settled.get(invoice.kept.id, (Decimal(), False))
        if cancelled:
            return "cancelled"
        return "open" if EXACT.add(invoice.total, settled) else "paid"

    @cached_property
    def _settled(self) -> Mapping[str, tuple[Decimal, bool]]:
        """By invoice what payments moved of it, with the sign of the document, and whether it was cancelled."""
        settled: dict[str, tuple[Decimal, bool]] = {}
        for kept in self._books.entries:
            for posting in kept.postings:
                tags = {**kept.entry.tags, **posting.tags}
                invoice = self._named(tags.get("pays") or tags.get("cancels") or "", posting)
                if invoice:
                    moved, cancelled = settled.get(invoice.kept.id, (Decimal(), False))
                    moved = EXACT.add(moved, _signed(invoice.sign, posting))
                    settled[invoice.kept.id] = (moved, cancelled or "cancels" in tags)
        return settled

    def _named(self, named: str, posting: Posting) -> KeptInvoice | None:
        """The invoice that a posting on what is owed settles: by id, or by number where only one has it."""
        if not named:
            return None
        role = self._books.role_of(posting)
        found = [self.by_id[named]] if named in self.by_id else self._by_number.get(named, [])
        found = [invoice for invoice in found if _OWED_ROLE[invoice.object_type] == role]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _by_number(self) -> Mapping[str, list[KeptInvoice]]:
        numbers: dict[str, list[KeptInvoice]] = {}
        for invoice in self.by_id.values():
            numbers.setdefault(invoice.number, []).append(invoice)
        return numbers

    def _lines(self, invoice: KeptInvoice, currency: str) -> list[dict[str, Any]]:
        """The lines; tax that no line explains comes as a line of its own, so that all is accounted for."""
        taxes = {each.tags.get("account", "") for each in self._books.declared("tax-rate")}
        others = [posting for posting in invoice.kept.postings if posting not in invoice.owed]
        tax_postings = [each for each in others if self._books.role_of(each) in TAX_ROLES or each.account in taxes]
        lines = [self._line(invoice, posting, currency) for posting in others if posting not in tax_postings]
        tax = total_of(_signed(-invoice.sign, posting) for posting in tax_postings)
        rest = EXACT.subtract(tax, total_of(Decimal(line["tax_amount"]) for line in lines))
        if rest and len(lines) == 1:
            lines[0]["tax_amount"] = number_text(tax, currency)
        elif rest or not lines:
            account = self._books.accounts[tax_postings[0].account].code if tax_postings else None
            lines.append(_line_of("", "0", rest, currency, account))
        return lines

    def _line(self, invoice: KeptInvoice, posting: Posting, currency: str) -> dict[str, Any]:
        tags = posting.tags
        try:
            tax = Decimal(tags.get("tax", "0")[:DIGITS_MAX])
        except InvalidOperation:
            raise not_understood(posting.place, "the tag tax is no amount", tags["tax"]) from None
        amount = number_text(_signed(-invoice.sign, posting), currency)
        line = _line_of(tags.get("line", ""), amount, tax, currency, self._books.accounts[posting.account].code)
        named = {name: tags.get(tag) for name, tag in (("quantity", "quantity"), ("price", "price"))}
        return {**line, **named, "tax_rate": tags.get("tax-rate")}


def _invoice(books: Books, kept: KeptEntry) -> KeptInvoice | None:
    for object_type, role in _OWED_ROLE.items():
        owed = tuple(posting for posting in kept.postings if books.role_of(posting) == role)
        if owed:
            commodities = {posting.quantity.commodity for posting in kept.postings if posting.quantity}
            if len(commodities) > 1:
                raise not_understood(kept.entry.place, "an invoice has one currency", ", ".join(sorted(commodities)))
            sign = 1 if object_type == "receivable" else -1
            total = total_of(_signed(sign, posting) for posting in owed)
            return KeptInvoice(object_type, kept, owed, total, commodities.pop())
    return None


def _line_of(description: str, amount: str, tax: Decimal, currency: str, account: str | None) -> dict[str, Any]:
    return {
        "description": description,
        "quantity": None,
        "price": None,
        "amount": number_text(Decimal(amount), currency),
        "tax_amount": number_text(tax, currency),
        "tax_rate": None,
        "account": account,
    }


def _signed(sign: int, posting: Posting) -> Decimal:
    assert posting.quantity is not None, "completed postings have amounts"
    number = posting.quantity.number
    return number if sign > 0 or not number else number.copy_negate()


def _due(posting: Posting, invoice: KeptInvoice) -> str:
    entry = invoice.kept.entry
    said = posting.tags.get("due") or entry.tags.get("due") or entry.booking_date.isoformat()
    try:
        return date(*(int(part) for part in re.split("[-/.]", said.strip()))).isoformat()
    except (TypeError, ValueError):
        raise not_understood(posting.place, "the tag due is no day like 2026-11-20", said) from None

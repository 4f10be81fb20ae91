"""Everything that can be pulled from some books, by object type, in the words of docs/platforms.md."""

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property
from typing import Any, NamedTuple

from tieout.contracts.platform import Pulled
from tieout.platforms.journal.accounts import LedgerAccount
from tieout.platforms.journal.books import Books, KeptEntry, number_text
from tieout.platforms.journal.invoices import Invoices
from tieout.platforms.journal.model import DIGITS_MAX, EXACT, KEY_TAG, Declared, Posting, not_understood

# The one span of what has no day.
UNDATED = "all"
# A note of tieout about a match: no money moves, and it is no journal line.
CLEARS_TAG = "clears-1"

_DIRECTIONS = ("sales", "purchases", "both")
_HUNDRED = Decimal(100)


class Dated(NamedTuple):
    """One object that can be pulled, with the span of days that it belongs to."""

    span: str
    pulled: Pulled


class Contents:
    """Some books as objects in spans; built once for each state of the files."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.invoices = Invoices(books)
        self._kept: dict[str, tuple[Dated, ...]] = {}

    def of(self, object_type: str) -> tuple[Dated, ...]:
        """Objects of one type of PULLS, by span and then in the ledger's order. Raises PlatformFault."""
        if object_type not in self._kept:
            self._kept[object_type] = tuple(sorted(self._makers[object_type](), key=lambda dated: dated.span))
        return self._kept[object_type]

    @cached_property
    def _makers(self) -> Mapping[str, Callable[[], Iterator[Dated]]]:
        return {
            "ledger_account": self._accounts,
            "tax_rate": self._tax_rates,
            "customer": lambda: self._counterparties("customer"),
            "vendor": lambda: self._counterparties("vendor"),
            "receivable": lambda: self._documents("receivable"),
            "bill": lambda: self._documents("bill"),
            "journal_line": self._journal_lines,
        }

    def _accounts(self) -> Iterator[Dated]:
        for account in self.books.accounts.values():
            yield Dated(UNDATED, Pulled("ledger_account", account.name, self._account(account)))

    def _account(self, account: LedgerAccount) -> dict[str, Any]:
        commodities = account.commodities or tuple(account.balances)
        commodity = commodities[0] if len(commodities) == 1 else None
        currency = self.books.currency_of(commodity) if commodity is not None else None
        balance = account.balances.get(commodity, Decimal()) if commodity is not None else None
        return {
            "name": account.title,
            "type": account.type,
            "subtype": account.role or None,
            "status": "inactive" if account.closed_on else "active",
            "nominal_code": account.code,
            "currency": currency or None,
            "current_balance": number_text(balance, currency or "") if balance is not None else None,
            "is_bank_account": account.is_bank_account,
        }

    def _tax_rates(self) -> Iterator[Dated]:
        for declared in self.books.declared("tax-rate"):
            yield Dated(UNDATED, Pulled("tax_rate", declared.id, _tax_rate(declared)))

    def _counterparties(self, role: str) -> Iterator[Dated]:
        for declared in self.books.declared(role):
            tags = declared.tags
            content = {
                "name": tags.get("name", declared.id),
                "tax_number": tags.get("tax-number"),
                "email": tags.get("email"),
            }
            yield Dated(UNDATED, Pulled(role, declared.id, content, key=tags.get(KEY_TAG, "")))

    def _documents(self, object_type: str) -> Iterator[Dated]:
        for invoice, content in self.invoices.contents(object_type):
            kept = invoice.kept
            span = _month_of(kept.entry.booking_date.isoformat())
            yield Dated(span, Pulled(object_type, kept.id, content, key=kept.key))

    def _journal_lines(self) -> Iterator[Dated]:
        for kept in self.books.entries:
            if CLEARS_TAG in kept.entry.tags:
                continue
            for number, posting in enumerate(kept.postings, 1):
                content = self._journal_line(kept, posting)
                span = _month_of(content["booking_date"])
                yield Dated(span, Pulled("journal_line", f"{kept.id}:{number}", content, key=kept.key))

    def _journal_line(self, kept: KeptEntry, posting: Posting) -> dict[str, Any]:
        assert posting.quantity is not None, "completed postings have amounts"
        entry, currency = kept.entry, self.books.currency_of(posting.quantity.commodity)
        reference = entry.tags.get("reference") or entry.tags.get("invoice") or entry.code
        return {
            "account": self.books.accounts[posting.account].code,
            "booking_date": kept.posted_on(posting).isoformat(),
            "amount": number_text(posting.quantity.number, currency),
            "currency": currency,
            "description": posting.tags.get("line") or entry.narration or entry.payee,
            "reference": reference or None,
            "counterparty": entry.payee or None,
            "entry": kept.id,
        }


def _month_of(day: str) -> str:
    return day[:7]


def _tax_rate(declared: Declared) -> dict[str, Any]:
    tags = declared.tags
    direction = tags.get("direction", "both")
    if direction not in _DIRECTIONS:
        raise not_understood(declared.place, f"direction is one of {', '.join(_DIRECTIONS)}", direction)
    components = list(_components(declared))
    return {
        "code": declared.id,
        "name": tags.get("name", declared.id),
        "status": "inactive" if tags.get("status") == "inactive" else "active",
        "direction": direction,
        "effective_tax_rate": _hundredths(_effective(components)),
        "total_tax_rate": sum(_hundredths(rate) for _, rate, _ in components),
        "components": [
            {"name": name, "rate": _hundredths(rate), "is_compound": is_compound}
            for name, rate, is_compound in components
        ],
    }


def _components(declared: Declared) -> Iterator[tuple[str, Decimal, bool]]:
    """Name, percent and whether it is counted on the ones before: `component-1: GST 5`, or all of it as `rate`."""
    named = sorted((tag, value) for tag, value in declared.tags.items() if tag.startswith("component-"))
    for _, value in named:
        words = value.split()
        is_compound = words[-1:] == ["compound"]
        *name, percent = words[: len(words) - is_compound] or [""]
        yield " ".join(name), _percent(percent, declared), is_compound
    if not named:
        yield declared.tags.get("name", declared.id), _percent(declared.tags.get("rate", ""), declared), False


def _percent(text: str, declared: Declared) -> Decimal:
    try:
        return Decimal(text[:DIGITS_MAX])
    except InvalidOperation:
        raise not_understood(declared.place, "a tax rate has its percent: rate: 25", text) from None


def _effective(components: list[tuple[str, Decimal, bool]]) -> Decimal:
    """What is paid in the end, in percent: a compound component is counted on the tax before it too."""
    paid = Decimal()
    for _, rate, is_compound in components:
        base = EXACT.add(_HUNDRED, paid) if is_compound else _HUNDRED
        paid = EXACT.add(paid, EXACT.divide(EXACT.multiply(base, rate), _HUNDRED))
    return paid


def _hundredths(percent: Decimal) -> int:
    return int(EXACT.multiply(percent, _HUNDRED).to_integral_value(ROUND_HALF_UP))

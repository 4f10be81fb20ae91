"""A ledger read as books: entries with an identity, accounts by code, currencies, customers, tax rates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from tieout.kernel.currencies import EXPONENTS
from tieout.platforms.journal.accounts import LedgerAccount, accounts_of
from tieout.platforms.journal.balancing import completed
from tieout.platforms.journal.model import EXACT, KEY_TAG, Declared, Entry, Ledger, Posting, not_understood

# The one sign of a currency that no other currency has.
_EURO_SIGN = "€"


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry that can be told from all others."""

    id: str
    key: str  # under which tieout made it; empty for what somebody else wrote
    entry: Entry
    postings: tuple[Posting, ...]  # the real ones, each with its amount

    def posted_on(self, posting: Posting) -> date:
        """The day that counts for one posting."""
        return posting.booking_date or self.entry.booking_date


class Books:
    """What a ledger says, looked up by what others know: ids, codes, currencies, keys."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @cached_property
    def entries(self) -> tuple[KeptEntry, ...]:
        """All entries by day and id. Raises PlatformFault when two have one id."""
        kept: dict[str, KeptEntry] = {}
        seen: dict[str, int] = {}
        for entry in self.ledger.entries:
            key = entry.tags.get(KEY_TAG, "")
            entry_id = key or entry.tags.get("id") or _digest(entry, seen)
            if entry_id in kept:
                raise not_understood(entry.place, f"this id is that of {kept[entry_id].entry.place} too", entry_id)
            kept[entry_id] = KeptEntry(entry_id, key, entry, completed(entry))
        return tuple(sorted(kept.values(), key=lambda each: (each.entry.booking_date, each.id)))

    @cached_property
    def by_id(self) -> Mapping[str, KeptEntry]:
        """Entries by id."""
        return {each.id: each for each in self.entries}

    @cached_property
    def accounts(self) -> Mapping[str, LedgerAccount]:
        """Accounts by name."""
        return accounts_of(self.ledger, (posting for each in self.entries for posting in each.postings))

    @cached_property
    def by_code(self) -> Mapping[str, LedgerAccount]:
        """Accounts by code and by name; where two have one code, the first by name."""
        accounts = self.accounts.values()
        return {
            **{each.code: each for each in reversed([*accounts])},
            **{each.name: each for each in accounts},
        }

    def with_role(self, role: str) -> LedgerAccount | None:
        """The first account by name that is there for it."""
        return next((each for each in self.accounts.values() if each.role == role), None)

    def role_of(self, posting: Posting) -> str:
        """What the account of a posting is there for; empty for most."""
        return self.accounts[posting.account].role

    def declared(self, *kinds: str) -> tuple[Declared, ...]:
        """What is declared of some kinds, by id; of one id the first. Tax rates, customers, vendors."""
        first: dict[str, Declared] = {}
        for each in self.ledger.declared:
            if each.kind in kinds:
                first.setdefault(each.id, each)
        return tuple(first[name] for name in sorted(first))

    @cached_property
    def business(self) -> Mapping[str, str]:
        """Whose books they are: name, currency, legal-name, email, type; what nobody says is missing."""
        said = next((each for each in self.ledger.declared if each.kind == "business"), None)
        title = self.ledger.options.get("title", "")
        currency = self.ledger.options.get("operating_currency", "")
        named = {"name": said.id if said else title, "currency": currency or self._usual_currency()}
        return {**named, **(said.tags if said else {})}

    @property
    def base_currency(self) -> str:
        """In what currency the books are kept; empty where nothing tells."""
        return self.business["currency"]

    def currency_of(self, commodity: str) -> str:
        """The ISO code of a commodity as the ledger writes it; the commodity itself where it is no currency."""
        if not commodity:
            return self.base_currency
        return self._declared_currency(commodity) or commodity

    def commodity_for(self, currency: str) -> str:
        """How this ledger writes a currency."""
        used = {commodity for account in self.accounts.values() for commodity in account.balances}
        written = sorted({*used, *self.ledger.commodities} - {""})
        if currency in written:
            return currency
        return next((each for each in written if self._declared_currency(each) == currency), currency)

    def _declared_currency(self, commodity: str) -> str:
        if said := self.ledger.commodities.get(commodity):
            return said
        return "EUR" if commodity == _EURO_SIGN else ""

    def _usual_currency(self) -> str:
        """That of the first entry that has one; ledgers that say nothing are usually kept in one."""
        for entry in self.ledger.entries:
            for posting in entry.postings:
                if posting.quantity and (currency := self._declared_currency(posting.quantity.commodity)):
                    return currency
                if posting.quantity and posting.quantity.commodity in EXPONENTS:
                    return posting.quantity.commodity
        return ""


def number_text(number: Decimal, currency: str) -> str:
    """A number as decimal text with at least the decimals of its currency and no zeros behind them."""
    text = f"{number:f}"
    whole, _, decimals = text.partition(".")
    exponent = EXPONENTS.get(currency, 0)
    decimals = decimals[:exponent].ljust(exponent, "0") + decimals[exponent:].rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def total_of(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    total = Decimal()
    for number in numbers:
        total = EXACT.add(total, number)
    return total


def _digest(entry: Entry, seen: dict[str, int]) -> str:
    """What an entry says, as an identity for one that bears none; the second of two equal ones is told apart."""
    digest = sha256("\x1f".join(_said(entry)).encode("utf-8", "surrogatepass")).hexdigest()[:20]
    seen[digest] = seen.get(digest, 0) + 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _said(entry: Entry) -> Iterator[str]:
    yield from (entry.booking_date.isoformat(), entry.payee, entry.narration, entry.code)
    for posting in entry.postings:
        yield posting.account
        yield f"{posting.quantity.number:f} {posting.quantity.commodity}" if posting.quantity else ""
        yield str(posting.booking_date or "")

"""A plain-text ledger as it stands in its files, whichever of the two programs it is written for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import NamedTuple

from tieout.contracts.platform import PlatformFault
from tieout.kernel.errors import Place, excerpt_of

# Sums and prices stay exact: what does not fit is a fault, never rounded.
EXACT = Context(prec=120, traps=[Inexact, InvalidOperation])
# More digits than any price in the world; what is longer is a slip or an attack on the arithmetic.
DIGITS_MAX = 40

# By it an object is found again that tieout wrote.
KEY_TAG = "tieout-key"

NO_TAGS: Mapping[str, str] = {}


class Quantity(NamedTuple):
    """So much of something: 12.50 of EUR, 3 of a share."""

    number: Decimal
    commodity: str  # as it is written in the ledger


@dataclass(frozen=True, slots=True)
class Posting:
    """What one entry does to one account; debit is positive."""

    account: str
    quantity: Quantity | None  # None: what the others leave over
    weight: Quantity | None  # what it counts in the entry's balance: its cost or price
    booking_date: date | None  # where it is not the entry's
    tags: Mapping[str, str]
    place: Place
    real: bool = True  # False: outside of the entry's balance, and of double entry


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction of the ledger."""

    booking_date: date
    payee: str
    narration: str
    code: str  # what it is known by outside: in parentheses, or the first link
    tags: Mapping[str, str]
    postings: tuple[Posting, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class AccountDeclared:
    """An account as a directive of the ledger declares it."""

    name: str
    opened_on: date | None
    closed_on: date | None
    commodities: tuple[str, ...]  # nothing else may be posted there; empty: anything
    tags: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Declared:
    """What a ledger has no directive of its own for: the business, a tax rate, a customer, a vendor."""

    kind: str
    id: str
    tags: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Asserted:
    """A balance that the ledger asserts: nothing may be added to the account before it."""

    account: str
    commodity: str
    asserted_on: date
    before: date  # an entry of this day or a later one leaves the assertion alone
    place: Place
    with_children: bool = True


class Inherited(NamedTuple):
    """What holds from an included file's first line, because the one that includes it said so."""

    decimal_mark: str = ""
    year: int | None = None
    commodity: str = ""


class Included(NamedTuple):
    """Files that another names."""

    pattern: str
    inherited: Inherited
    place: Place


@dataclass(slots=True)
class Ledger:
    """Everything that some files say; grows while they are read."""

    entries: list[Entry] = field(default_factory=list)
    accounts: list[AccountDeclared] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    asserted: list[Asserted] = field(default_factory=list)
    commodities: dict[str, str] = field(default_factory=dict)  # as written: ISO code that its declaration names
    options: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Ledger") -> None:
        """Take in what another file says."""
        self.entries += other.entries
        self.accounts += other.accounts
        self.declared += other.declared
        self.asserted += other.asserted
        self.commodities |= other.commodities
        self.options = other.options | self.options


def not_understood(place: Place, what: str, excerpt: str) -> PlatformFault:
    """What stops the reading: better than books with a hole that nobody sees."""
    return PlatformFault("malformed", f"{place}: {what}; in {excerpt_of(excerpt)}")


def decimal_of(text: str, place: Place, written: str) -> Decimal:
    """Digits with at most one point as a number. Raises PlatformFault when they are too many or none."""
    if not 0 < sum(mark.isdigit() for mark in text) <= DIGITS_MAX or not text.isascii():
        raise not_understood(place, f"this is no number of at most {DIGITS_MAX} digits", written)
    return Decimal(text)

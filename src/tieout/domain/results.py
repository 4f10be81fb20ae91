"""The result of one reconciliation of files: what result.json, the tables and the report all tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable
from tieout.domain.matches import Match
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Finding
from tieout.kernel.money import decimal_text


def amount_text(minor_units: int, currency: str, exponent: int | None = None) -> str:
    """Decimal text of an amount at its currency's decimals (two where ISO 4217 gives none)."""
    return decimal_text(minor_units, EXPONENTS.get(currency, 2) if exponent is None else exponent)


class AccountProof(NamedTuple):
    """Opening plus movements gives closing, for one statement; amounts in minor units of `exponent` decimals."""

    account: str
    currency: str
    exponent: int
    opening: int | None
    movements: int
    closing: int | None
    holds: bool | None
    gap: int | None
    reason: str | None


class Outstanding(NamedTuple):
    """Lines that explain why two balances differ at a date, with their signed sum; the same order everywhere."""

    lines: tuple[str, ...]
    sum: int  # minor units
    ages: tuple[int, ...]  # days from booking to the date, one per line
    amounts: tuple[int, ...] = ()  # what of each line is outstanding, minor units; empty: all of each


class BankReconciliation(NamedTuple):
    """Per bank + in books not on bank - on bank not in books = per books, for one account at a date (P7).

    Amounts in minor units. `difference` is what stays unexplained: per_books - (per_bank + outstanding).
    `holds` is None with a reason (open_items_only, no_book_balance, no_bank_balance) where it cannot be proved.
    """

    account: str
    currency: str
    as_of: str | None  # YYYY-MM-DD
    per_bank: int | None
    in_books_not_on_bank: Outstanding
    on_bank_not_in_books: Outstanding
    per_books: int | None
    difference: int | None
    holds: bool | None
    reason: str | None


class Pairing(NamedTuple):
    """One answer to lines of which neither side is fixed: ids of both sides that tie."""

    statement: tuple[str, ...]
    ledger: tuple[str, ...]


class Ambiguity(NamedTuple):
    """Lines with more than one answer; `answers` lists ids of the side that is not fixed.

    Where neither side is fixed (n:m), `statement`, `ledger` and `answers` are empty and `pairings` has the answers.
    """

    statement: tuple[str, ...]  # the fixed lines when the statement side is fixed, else empty
    ledger: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...]  # the best few
    more: bool  # there are further answers, or the search stopped at a limit
    would_decide: str  # the column that would tell them apart
    pairings: tuple[Pairing, ...] = ()  # the best few


class OpenLine(NamedTuple):
    """A line, or what is left of it, that nothing confirmed ties."""

    side: Side
    line: str
    remaining: int  # signed minor units
    currency: str
    row: int  # in the side's LineTable
    age_days: int | None  # from its booking day to the date of the reconciliation
    nearest: str = ""  # id of the nearest candidate of the other side
    why_not: str = ""  # the first constraint that the nearest candidate fails, in words


class Posting(NamedTuple):
    """An entry to book that follows from a confirmed match; amounts signed as on the bank account."""

    match: int
    kind: str  # payment, fee, discount, exchange, ..., transfer
    line: str  # id of the statement line
    settles: str  # id of the open item, or empty
    account: str  # where it posts, or empty
    minor_units: int
    currency: str
    booking_day: int
    text: str


class Conservation(NamedTuple):
    """Every line of the input is used, open, or settled in the books: nothing lost, nothing twice."""

    holds: bool
    faults: tuple[str, ...] = ()  # in words, one per line or account that does not add up


class AwaitingEntry(NamedTuple):
    """A part of a statement line that an earlier run tied to open items or set aside, and no book entry has yet."""

    line: str
    minor_units: int
    currency: str


@dataclass(frozen=True, slots=True)
class BroughtForward:
    """What a run takes over from the one before it; lines are in canonical order."""

    lines: tuple[tuple[Side, str], ...] = ()  # carried in, with what was left of them
    awaiting: tuple[AwaitingEntry, ...] = ()  # of those: only a book entry may still be tied to it
    closed: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # statement and ledger ids that earlier runs dealt with
    left_out: int = 0  # lines of the new files that an earlier run has already


@dataclass(frozen=True, slots=True)
class PlanUsed:
    """The plan that a result was computed under."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Result:
    """One reconciliation of two sides. The same input gives an equal result, whatever the row order.

    Matches are made on demand: a result of a million matches is held as columns, and `matches()` walks it in order
    of match id, confirmed and proposed alike.
    """

    plan: PlanUsed
    statement: LineTable
    ledger: LineTable
    matches: Callable[[], Iterator[Match]]
    proofs: tuple[AccountProof, ...] = ()
    quarantined: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    reconciliations: tuple[BankReconciliation, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()
    open_lines: tuple[OpenLine, ...] = ()  # statement before ledger, then by booking day and id
    settled_in_books: tuple[str, ...] = ()  # open items that a book entry settles: out of bank matching
    ignored: tuple[tuple[Side, str], ...] = ()  # lines that a decision sets aside
    brought_forward: BroughtForward | None = None  # None where no earlier run was given
    postings: Callable[[], Iterator[Posting]] = field(default=lambda: iter(()))
    conservation: Conservation = Conservation(holds=True)
    matches_confirmed: int = 0
    matches_proposed: int = 0
    seconds: float = 0.0

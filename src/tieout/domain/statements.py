"""What the outside reports: statements of one account between two balances, and their entries."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tieout.domain.entry_facts import EntryFacts


class StatementKind(StrEnum):
    """How final a statement is. Only `booked` statements enter the booked lines of an account."""

    BOOKED = "booked"
    INTRADAY = "intraday"  # camt.052, MT942
    ADVICE = "advice"  # camt.054: details of entries that a statement also lists


class EntryDetail(NamedTuple):
    """One payment inside a batch entry; the entry, not its details, moved the balance."""

    minor_units: int | None  # signed, in the entry's currency; None where the bank gives none or another currency
    reference: str
    counterparty: str
    counterparty_account: str
    description: str


class StatementEntry(NamedTuple):
    """One movement as the outside reports it; never edited afterwards.

    Texts are as received, trimmed, empty where the file says nothing.
    """

    minor_units: int  # signed, positive is money in; in the statement's currency and exponent
    booked: bool  # False: pending, expected or informational; never part of the balance
    booking_date: date | None  # the bank's local day
    value_date: date | None
    line: int  # where the entry begins in its file, counted from 1
    column: int
    reference: str = ""  # what the payer or the contract gave: creditor reference, end-to-end id
    counterparty: str = ""
    counterparty_account: str = ""
    description: str = ""  # the whole remittance text, joined
    native_id: str = ""  # the bank's own id: evidence, never a key
    batch: str = ""  # the payment batch or payout that the bank names
    reversal: bool = False  # the bank marks it as undoing another entry, or as a return
    return_reason: str = ""  # the code of a returned payment, for example AC04
    original_amount: str = ""  # decimal text in `original_currency`, where the bank converted
    original_currency: str = ""
    rate: str = ""  # exact decimal text
    details: tuple[EntryDetail, ...] = ()
    kind: str = ""  # of what a provider reports: domain.kinds.STATEMENT_KINDS; empty for a bank's movement
    provider: EntryFacts | None = None  # what a provider says beside it


class Balance(NamedTuple):
    """A booked balance at a day, in the statement's currency and exponent; positive is money held."""

    minor_units: int
    on: date | None


@dataclass(frozen=True, slots=True)
class BalanceProof:
    """Whether opening plus movements gives closing, with the signed gap (closing minus computed).

    `holds` is None, with a reason, where nothing can be proved; `gap` is None where it cannot be computed.
    """

    holds: bool | None
    gap: int | None
    identity: str | None  # what was proved: balances, totals, running_balance
    reason: str | None  # why nothing can be proved: no_balances, no_opening, no_closing, floor_limit


@dataclass(slots=True)
class Tally:
    """Counts and signed sums of entries, in minor units of the statement."""

    entries: int = 0
    credits: int = 0
    debits: int = 0
    pending_entries: int = 0
    pending_sum: int = 0

    @property
    def sum(self) -> int:
        """The signed sum of the booked entries."""
        return self.credits + self.debits

    def count(self, minor_units: int, booked: bool) -> None:
        """Take one entry into the tally."""
        if not booked:
            self.pending_entries += 1
            self.pending_sum += minor_units
            return
        self.entries += 1
        if minor_units < 0:
            self.debits += minor_units
        else:
            self.credits += minor_units


@dataclass(slots=True)
class Statement:
    """One account and currency between two balances, as a document gives it.

    Every amount is in minor units of `exponent` decimals: the currency's, or, for a currency that ISO 4217 does not
    give decimals, as many as the file writes and at least two.
    """

    account: str | None
    currency: str | None
    exponent: int
    number: str | None
    kind: StatementKind
    proof: BalanceProof
    opening: Balance | None = None
    closing: Balance | None = None
    pages: int = 1
    tally: Tally = field(default_factory=Tally)
    entries: list[StatementEntry] = field(default_factory=list)  # empty when only counting was asked for
    channel: str = ""  # the provider whose clearing account this is: ADYEN, MERCADO PAGO; empty for a bank

    @property
    def account_name(self) -> str:
        """What its lines call the account, without blanks: as written, else the provider; "-" where neither is said."""
        return self.account or "".join(self.channel.split()) or "-"

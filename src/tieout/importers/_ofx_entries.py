"""From one STMTTRN or STMTTRNP to one statement entry, or to the reason why it cannot be read whole."""

import re
from dataclasses import dataclass

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import StatementEntry
from tieout.importers._ofx_amounts import AmbiguousAmount, ForeignAmount, plain_amount
from tieout.importers._ofx_markup import ENTRY, Aggregate
from tieout.importers._ofx_notes import Notes
from tieout.importers._ofx_texts import (
    counterparty_account_of,
    counterparty_of,
    day_of,
    description_of,
    reference_of,
)
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

UNREADABLE = (NotAnAmount, TooManyDecimals, AmountOutOfRange, AmbiguousAmount, ForeignAmount)

_RATE = re.compile(r"[0-9]+(?:[.,][0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads the entries of one statement."""

    builder: StatementBuilder
    marks: frozenset[str]  # what begins the decimals in this statement
    notes: Notes

    def read(self, entry: Aggregate) -> StatementEntry | None:
        """The entry; None, and a note, where its amount cannot be told. The sign is the amount's, never the type's."""
        amount = entry.leaf("TRNAMT")
        if not amount:
            self.notes.quarantine("no_amount", "the entry has no amount", entry.offset)
            return None
        try:
            self._require_own_currency(entry)
            minor_units = self.builder.minor_units(plain_amount(amount, self.builder.currency, self.marks))
        except UNREADABLE as problem:
            self.notes.quarantine(problem.code, str(problem), entry.offset, excerpt=f"TRNAMT {amount}")
            return None
        return self._entry(entry, minor_units)

    def _entry(self, entry: Aggregate, minor_units: int) -> StatementEntry:
        line, column = self.notes.line_and_column(entry.offset)
        original_currency, rate = self._original(entry)
        booked = entry.name == ENTRY
        posted = entry.leaf("DTPOSTED") or entry.leaf("DTTRAN")
        booking_date, value_date = day_of(posted), day_of(entry.leaf("DTAVAIL"))
        if booking_date is None and booked:
            what = f"{posted!r} is not a day" if posted else "the entry names no booking day"
            self.notes.warn("no_booking_date", what, entry.offset)
        if value_date is None and entry.leaf("DTAVAIL"):
            self.notes.warn("bad_date", f"DTAVAIL {entry.leaf('DTAVAIL')!r} is not a day", entry.offset)
        return StatementEntry(
            minor_units=minor_units,
            booked=booked,
            booking_date=booking_date,
            value_date=value_date,
            line=line,
            column=column,
            reference=reference_of(entry),
            counterparty=counterparty_of(entry),
            counterparty_account=counterparty_account_of(entry),
            description=description_of(entry),
            native_id=entry.leaf("FITID"),
            original_currency=original_currency,
            rate=rate,
        )

    def _require_own_currency(self, entry: Aggregate) -> None:
        """CURRENCY names the currency that TRNAMT is in, so one of its own makes the entry foreign to the account."""
        written, own = _currency_in(entry, "CURRENCY"), self.builder.currency
        if written and own is not None and written != own:
            raise ForeignAmount(written, own)

    def _original(self, entry: Aggregate) -> tuple[str, str]:
        """Currency and rate of what the bank converted: ORIGCURRENCY says that TRNAMT is already in the account's.

        CURRATE is the account's currency per unit of the original one. The original amount itself is not in the file.
        """
        written = _currency_in(entry, "ORIGCURRENCY")
        if not written or written == self.builder.currency:
            return "", ""
        aggregate = entry.first("ORIGCURRENCY")
        rate = aggregate.leaf("CURRATE") if aggregate is not None else ""
        return written, rate.replace(",", ".") if _RATE.fullmatch(rate) and rate.strip("0.,") else ""


def _currency_in(entry: Aggregate, name: str) -> str:
    """The code inside a currency aggregate, or of a plain leaf of that name."""
    aggregate = entry.first(name)
    return (entry.leaf(name) if aggregate is None else aggregate.leaf("CURSYM")).upper()

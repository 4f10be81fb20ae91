"""From one Ntry element and the details inside it to one statement entry."""

from collections.abc import Sequence
from typing import NamedTuple

from tieout.domain.statements import StatementEntry
from tieout.importers._camt_details import Detail, read_amount
from tieout.importers._camt_entry_texts import with_texts
from tieout.importers._camt_notes import At, Notes
from tieout.importers._camt_pages import Page
from tieout.importers._camt_texts import (
    SIGNS,
    UNREADABLE_AMOUNT,
    day_written,
    own_or_inner_text,
    own_text,
    unsigned,
)
from tieout.importers._camt_xml import Element
from tieout.kernel.money import decimal_text

_BOOKED = ("BOOK", "")
_PENDING = ("PDNG", "INFO", "FUTR")
_TRUE = ("true", "1")


class _Unreadable(Exception):
    """An entry that cannot be read whole; `reason` is the code of the finding."""

    def __init__(self, reason: str, what: str, excerpt: str = "") -> None:
        self.reason, self.what, self.excerpt = reason, what, excerpt
        super().__init__(what)


class _Moved(NamedTuple):
    """What an entry did to the balance, as the bank writes it."""

    text: str
    amount: int  # minor units without sign
    sign: int  # 1 or -1


class EntryReader:
    """Reads the entries of one page into its builder; what cannot be read is noted."""

    def __init__(self, page: Page, notes: Notes, keep_entries: bool, reversal_flips: bool) -> None:
        self._page = page
        self._notes = notes
        self._keep_entries = keep_entries
        self._reversal_flips = reversal_flips

    def take(self, children: dict[str, Element], details: Sequence[Detail], at: At) -> None:
        """Count one entry, or quarantine it. `children` are the children of Ntry by local name."""
        try:
            moved = self._moved(children)
        except _Unreadable as problem:
            self._notes.quarantine(problem.reason, problem.what, at, problem.excerpt)
            return
        builder = self._page.builder()
        detail_amounts = [self._amount_of(detail, moved) for detail in details]
        self._compare(detail_amounts, moved.sign * moved.amount, at)
        reversal = own_text(children.get("RvslInd")) in _TRUE
        turn = -1 if reversal and self._reversal_flips else 1
        entry = self._dated(children, turn * moved.sign * moved.amount, reversal, at)
        (self._page.booked if entry.booked else self._page.pending).count(moved.amount, moved.sign)
        if self._keep_entries:
            tag = self._notes.start_tag(at)
            entry = entry._replace(line=tag.line, column=tag.column)
            turned = [None if each is None else turn * each for each in detail_amounts]
            entry = with_texts(entry, turn * moved.sign, children, details, turned, self._page)
        builder.add(entry)

    def _moved(self, children: dict[str, Element]) -> _Moved:
        """What moved the balance. Raises _Unreadable."""
        element = children.get("Amt")
        text, currency = ("", "") if element is None else read_amount(element)
        if not text:
            raise _Unreadable("no_amount", "an entry without an amount")
        builder = self._page.builder(currency)
        own = builder.currency or ""
        if currency and own and currency != own:
            raise _Unreadable("other_currency", f"an entry in {currency} on an account in {own}", f"{currency} {text}")
        mark = own_text(children.get("CdtDbtInd"))
        if mark not in SIGNS:
            what = f"the mark {mark!r} is neither CRDT nor DBIT" if mark else "an entry without a mark CRDT or DBIT"
            raise _Unreadable("no_mark", what, f"{currency} {text}")
        try:
            return _Moved(text, unsigned(text, builder), SIGNS[mark])
        except UNREADABLE_AMOUNT as problem:
            raise _Unreadable(problem.code, str(problem)) from problem

    def _dated(self, children: dict[str, Element], minor_units: int, reversal: bool, at: At) -> StatementEntry:
        status = own_or_inner_text(children.get("Sts"))
        booked = status in _BOOKED
        if not booked and status not in _PENDING:
            self._notes.warn("unknown_status", f"the status {status!r} is none that we know; read as pending", at)
        booking_text = own_or_inner_text(children.get("BookgDt"))
        value_text = own_or_inner_text(children.get("ValDt"))
        booking_date, value_date = day_written(booking_text), day_written(value_text)
        if value_date is None and value_text:
            self._notes.warn("bad_date", "the value date is no calendar day", at, value_text)
        if booking_date is None and (booked or booking_text):
            what = "the booking date is no calendar day" if booking_text else "a booked entry without a booking date"
            instead = "; its value date is used" if booked and value_date else ""
            self._notes.warn("no_booking_date" if booked else "bad_date", what + instead, at, booking_text)
            booking_date = value_date if booked else None
        return StatementEntry(minor_units, booked, booking_date, value_date, 0, 0, reversal=reversal)

    def _compare(self, detail_amounts: Sequence[int | None], moved: int, at: At) -> None:
        """Warn where the details do not add up to the entry; nothing is said where one of them gives no amount."""
        amounts = [amount for amount in detail_amounts if amount is not None]
        if not amounts or len(amounts) < len(detail_amounts) or sum(amounts) == moved:
            return
        builder = self._page.builder()
        found, stated = decimal_text(sum(amounts), builder.exponent), decimal_text(moved, builder.exponent)
        says = f"{len(amounts)} details add up to" if len(amounts) > 1 else "its detail says"
        what = f"the entry moved {stated} {builder.currency or ''}, {says} {found}; the entry counts"
        self._notes.warn("details_differ", what, at)

    def _amount_of(self, detail: Detail, moved: _Moved) -> int | None:
        """The signed amount of a detail in the account's currency; None where it gives none."""
        builder = self._page.builder()
        own = builder.currency or ""
        written = next((text for text, currency in detail.amounts if currency in (own, "")), None)
        if written is None:
            return None
        try:
            amount = moved.amount if written == moved.text else unsigned(written, builder)
        except UNREADABLE_AMOUNT:
            return None
        return SIGNS.get(detail.mark, moved.sign) * amount

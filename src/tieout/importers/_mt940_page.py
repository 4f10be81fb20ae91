"""One message of MT940 or MT942 read into a statement builder: a statement, or one page of it."""

import re
from typing import NamedTuple

from tieout.contracts.building import StatementBuilder
from tieout.contracts.reading import Reading
from tieout.domain.statements import Balance, Statement, StatementEntry, StatementKind
from tieout.importers._mt940_fields import CLOSING_TAGS, OPENING_TAGS, TOTAL_TAGS, Field, Message
from tieout.importers._mt940_lines import (
    EntryFault,
    EntryLine,
    breaks_off,
    read_balance,
    read_entry,
    read_floor,
    read_total,
)
from tieout.importers._mt940_remittance import given
from tieout.importers._mt940_text import texts_of
from tieout.importers._mt940_totals import Total, Totals
from tieout.kernel.catalogue import WARNINGS
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Finding, Place, TieoutError
from tieout.kernel.money import AmountOutOfRange, NotAnAmount, TooManyDecimals

_NUMBER = re.compile(r"\s*([^/\s]+)")
_ACCOUNT_CURRENCY = re.compile(r"[0-9 ]([A-Z]{3})\s*\Z", re.ASCII)
_RETURN_TYPES = frozenset({"NRTI", "FRTI", "SRTI"})
_LOOK_IT_UP = "look the entry up at the bank; without it the balance proof shows the gap"

# Where a message states its currency, the most binding first.
_CURRENCY_TAGS = ("60F", "60M", "60", "62F", "62M", "62", "34F", "90C", "90D", "64", "65", "25", "25P")


class _OpenEntry(NamedTuple):
    """A statement line whose texts are still to come."""

    line: EntryLine
    minor_units: int
    file_line: int


class Page:
    """What one message says; findings go into the reading of its file."""

    def __init__(self, message: Message, reading: Reading, file: str, keep_entries: bool) -> None:
        self.builder = StatementBuilder(currency_of(message), keep_entries)
        self.totals = Totals()
        self.opened_by = ""  # the tag of the opening balance: 60F, or 60M on a page that goes on
        self.closed_by = ""  # the tag of the closing balance: 62F, or 62M on a page that another follows
        self._message = message
        self._reading = reading
        self._file = file
        self._keep_entries = keep_entries
        self._counts_sides = not message.tags.isdisjoint(TOTAL_TAGS)
        self._entry: _OpenEntry | None = None
        self._texts: list[str] = []
        self._non_swift_texts: list[str] = []
        if message.is_interim:
            self.builder.kind = StatementKind.INTRADAY

    def read(self, ends_file: bool) -> None:
        """Take in every field of the message; `ends_file` when nothing follows it, not even an end mark."""
        last = self._message.fields[-1]
        for found in self._message.fields:
            if found.tag == "61":
                self._close_entry()
                self._read_entry(found, ends_file and found is last)
            elif found.tag == "86":
                self._texts.append(found.text)
            elif found.tag.startswith("NS"):
                self._non_swift_texts.append(found.text)
            else:
                self._read_other(found, ends_file and found is last)
        self._close_entry()

    def is_followed_by(self, page: "Page") -> bool:
        """Whether the other is the next page of this statement."""
        before, after = self.builder, page.builder
        if not (self.closed_by == "62M" and page.opened_by == "60M"):
            return False
        if (before.account, before.currency) != (after.account, after.currency):
            return False
        if before.number is not None and before.number == after.number:
            return True
        carried, taken_up = before.closing, after.opening
        return carried is not None and taken_up is not None and carried.minor_units == taken_up.minor_units

    def continue_with(self, page: "Page") -> None:
        """Append the next page of this statement."""
        self.builder.continue_with(page.builder)
        self.totals.add(page.totals)
        self.closed_by = page.closed_by

    def finish(self) -> Statement:
        """The finished statement; an interim report without balances is proved by its totals."""
        statement = self.builder.finish()
        proof = self.totals.prove(10 ** (self.builder.exponent - statement.exponent))
        if statement.kind is StatementKind.INTRADAY and statement.opening is None and statement.closing is None:
            statement.proof = proof
        elif proof.holds is False:
            what = "the number or the sum of the entries is not what fields 90C and 90D state"
            self._warn("control_total", what, self._message.fields[0])
        return statement

    def _read_entry(self, found: Field, ends_file: bool) -> None:
        around = self.builder.opening.on if self.builder.opening else None
        if ends_file and breaks_off(found.text):
            self._quarantine("cut_off", "the file ends inside this entry", found, 0)
            return
        line = read_entry(found.text, around)
        if isinstance(line, EntryFault):
            self._quarantine(line.code, line.what, found, line.column)
            return
        minor_units = self._minor_units(line.amount)
        if not isinstance(minor_units, int):
            self._quarantine(minor_units.code, str(minor_units), found, line.amount_column)
            return
        if line.booking_date is None:
            self._warn("no_booking_date", "the entry has no booking date that is in the calendar", found)
        elif line.value_date is None:
            self._warn("bad_date", "the value date is not in the calendar", found)
        self._entry = _OpenEntry(line, minor_units, found.line)

    def _close_entry(self) -> None:
        """Hand the open entry over with the texts that followed it; texts without an entry say nothing of one."""
        if self._entry is not None:
            line, minor_units, _ = self._entry
            self.builder.add(self._described(self._entry))
            if self._counts_sides:
                self.totals.count("D" if line.amount[0] == "-" else "C", minor_units, line.booked)
        self._entry = None
        self._texts.clear()
        self._non_swift_texts.clear()

    def _described(self, entry: _OpenEntry) -> StatementEntry:
        line, minor_units, file_line = entry
        if not self._keep_entries:
            return StatementEntry(minor_units, line.booked, None, None, file_line, 1, reversal=line.reversal)
        said = texts_of(line, "\n".join(self._texts), "\n".join(self._non_swift_texts))
        return StatementEntry(
            minor_units,
            line.booked,
            line.booking_date,
            line.value_date,
            file_line,
            1,
            said.reference,
            said.counterparty,
            said.counterparty_account,
            said.description,
            given(line.bank_reference),
            said.batch,
            line.reversal or line.type_code in _RETURN_TYPES or bool(said.return_reason),
            said.return_reason,
            said.original_amount,
            said.original_currency,
            said.rate,
        )

    def _read_other(self, found: Field, ends_file: bool) -> None:
        if found.tag in ("25", "25P") and self._entry is not None:
            self._warn("misplaced_field", "an account inside an entry is read as its text", found)
            self._texts.append(found.text)
            return
        self._close_entry()
        match found.tag:
            case "25" | "25P":
                self._read_account(found)
            case "28" | "28C":
                number = _NUMBER.match(found.text.replace("\n", ""))
                self.builder.number = number[1] if number else None
            case "34F":
                floor = read_floor(found.text)
                self.totals.has_floor |= floor is not None and floor[1].strip("0.") != ""
            case "90C" | "90D":
                self._read_total(found)
            case tag if tag in OPENING_TAGS or tag in CLOSING_TAGS:
                self._read_balance(found, ends_file)

    def _read_account(self, found: Field) -> None:
        first_line = found.text.strip().partition("\n")[0]  # the second one of 25P is a BIC
        account = "".join(first_line.split())
        if self.builder.account is None:
            self.builder.account = account or None
        elif account != self.builder.account:
            self._warn("misplaced_field", "another account inside a statement is left out", found)

    def _read_balance(self, found: Field, ends_file: bool) -> None:
        is_opening = found.tag in OPENING_TAGS
        if self.opened_by if is_opening else self.closed_by:
            self._warn("repeated_field", f"a second balance {found.tag} of one statement is left out", found)
            return
        balance = self._balance(found, ends_file)
        if is_opening:
            self.opened_by, self.builder.opening = found.tag, balance
        else:
            self.closed_by, self.builder.closing = found.tag, balance

    def _balance(self, found: Field, ends_file: bool) -> Balance | None:
        line = read_balance(found.text)
        if line is None or (ends_file and not line.has_decimal_mark and "\n" not in found.text):
            self._warn("unreadable_balance", "the balance cannot be read", found)
            return None
        if line.currency not in (None, self.builder.currency):
            self._warn("unreadable_balance", f"the balance is not in {self.builder.currency}", found)
            return None
        minor_units = self._minor_units(line.amount)
        if not isinstance(minor_units, int):
            self._warn("unreadable_balance", str(minor_units), found)
            return None
        if line.on is None:
            self._warn("bad_date", "the day of the balance is not in the calendar", found)
        return Balance(minor_units, line.on)

    def _read_total(self, found: Field) -> None:
        line, side = read_total(found.text), found.tag[-1]
        if line is not None and line.currency == self.builder.currency:
            minor_units = self._minor_units(f"-{line.amount}" if side == "D" else line.amount)
            if isinstance(minor_units, int):
                self.totals.stated[side] = Total(line.entries, minor_units)
                return
        self._warn("unreadable_total", "the number and sum of entries cannot be read", found)

    def _minor_units(self, amount: str) -> int | TieoutError:
        """The amount in minor units, or why it is none of this currency."""
        try:
            return self.builder.minor_units(amount)
        except (NotAnAmount, TooManyDecimals, AmountOutOfRange) as error:
            return error

    def _warn(self, code: str, what: str, found: Field) -> None:
        place = Place(self._file, found.line, 1)
        excerpt = f":{found.tag}:{found.text.partition(chr(10))[0]}"
        self._reading.warnings.append(Finding(code, what, place, excerpt, WARNINGS[code].advice))

    def _quarantine(self, code: str, what: str, found: Field, column: int) -> None:
        """`column` counts from the start of the field's text; 0 stands for the whole field."""
        place = Place(self._file, found.line, column + len(f":{found.tag}:") + 1 if column else 1)
        excerpt = f":{found.tag}:{found.text.partition(chr(10))[0]}"
        self._reading.quarantined.append(Finding(code, what, place, excerpt, _LOOK_IT_UP))


def currency_of(message: Message) -> str | None:
    """The currency that a message states: of its balances, else of its limits and totals, else behind its account."""
    stated: dict[str, str] = {}
    for found in message.fields:
        if found.tag in _CURRENCY_TAGS and found.tag not in stated:
            currency = _currency(found)
            if currency is not None:
                stated[found.tag] = currency
    return next((stated[tag] for tag in _CURRENCY_TAGS if tag in stated), None)


def _currency(found: Field) -> str | None:
    match found.tag:
        case "34F":
            floor = read_floor(found.text)
            return floor[0] if floor else None
        case "90C" | "90D":
            total = read_total(found.text)
            return total.currency if total else None
        case "25" | "25P":
            written = _ACCOUNT_CURRENCY.search(found.text.partition("\n")[0])
            return written[1] if written and written[1] in EXPONENTS else None
        case _:
            balance = read_balance(found.text)
            return balance.currency if balance else None

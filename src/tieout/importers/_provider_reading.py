"""The rows of one report, each with its meaning, amounts and entries; what cannot be read is noted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tieout.domain.statements import StatementEntry
from tieout.importers._provider_amounts import DecimalMark
from tieout.importers._provider_entries import EntryReader
from tieout.importers._provider_profile import Meaning, Profile
from tieout.importers._provider_rows import UNREADABLE, AmountReader, Amounts, known_or_adjustment, meaning_of
from tieout.importers._provider_table import Row, Table


@dataclass(frozen=True, slots=True)
class ReportRows:
    """What a report says, row by row."""

    profile: Profile
    table: Table
    mark: DecimalMark
    keep_entries: bool
    entry_reader: EntryReader

    def meaning(self, row: Row) -> Meaning:
        """What the type of the row means; an unknown one counts, as an adjustment, and is said."""
        meaning = meaning_of(self.profile, row)
        if meaning is None:
            column = self.profile.columns.entry_type
            stated = row.cell(column)
            what = f"{stated!r} is a type that nobody knows" if stated else "a row names no type"
            what += "; what it moves counts as an adjustment"
            self.table.warn_once("unknown_type", what, row, column)
        return known_or_adjustment(meaning)

    def amounts(self, row: Row, minor_units: Callable[[str], int]) -> Amounts | None:
        """The amounts of a row; None, and the row is quarantined, where its net cannot be read."""
        try:
            amounts = self._reader(minor_units).amounts(row)
        except UNREADABLE as problem:
            self.table.quarantine(problem.code, str(problem), row, self._amount_column(row))
            return None
        if not amounts.adds_up:
            what = "gross and fees of a row do not add up to its net; it counts as one entry of the net"
            self.table.warn_once("row_differs", what, row)
        return amounts

    def balance(self, row: Row, minor_units: Callable[[str], int]) -> int | None:
        """The balance that a row states as credit less debit; None, and a warning, where it cannot be read."""
        try:
            return self._reader(minor_units).net(row)
        except UNREADABLE as problem:
            self.table.warn_once("unreadable_balance", str(problem), row, self._amount_column(row))
            return None

    def balance_after(self, row: Row, minor_units: Callable[[str], int]) -> int | None:
        """The balance after a row; None where the report states none, or none that can be read."""
        column = self.profile.columns.balance
        try:
            return self._reader(minor_units).cell(row, column)
        except UNREADABLE as problem:
            self.table.warn_once("unreadable_balance", str(problem), row, column)
            return None

    def is_of_currency(self, row: Row, currency: str | None) -> bool:
        """Whether a row is in the currency of its account, or says none; it is quarantined where it is in another."""
        columns = self.profile.columns.currency
        stated = row.first(columns)
        if not stated or stated == currency:
            return True
        what = f"the row is in {stated}, the report in {currency}"
        self.table.quarantine("other_currency", what, row, next(name for name in columns if row.cell(name)))
        return False

    def entries(self, row: Row, meaning: Meaning, amounts: Amounts) -> list[StatementEntry]:
        """The movements of a row; none where only counting was asked for, when damaged ids are said all the same."""
        if self.keep_entries:
            return self.entry_reader.entries(row, meaning, amounts)
        self.entry_reader.note_damaged_ids(row)
        return []

    def day(self, row: Row) -> date | None:
        """The day of a row as written."""
        return self.entry_reader.day(row)

    def note_break(self, row: Row) -> None:
        """Say that the balance after a row is not the one before it with its amount."""
        what = "the balance after a row is not the one before it and its amount"
        self.table.warn_once("balance_break", what, row, self.profile.columns.balance)

    def _reader(self, minor_units: Callable[[str], int]) -> AmountReader:
        return AmountReader(self.profile, self.mark.plain, minor_units)

    def _amount_column(self, row: Row) -> str:
        columns = self.profile.columns
        return next((name for name in (columns.credit, columns.debit) if row.cell(name).strip("0.,")), columns.credit)

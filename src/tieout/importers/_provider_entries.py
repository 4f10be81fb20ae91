"""From one row of a report to entries of the clearing account: what was sold, and each fee that was kept of it.

A row that states a gross and its fees becomes several entries, so that the sale ties to its order exactly and each fee
stays traceable. Together they are the net of the row.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tieout.domain.entry_facts import EntryFacts
from tieout.domain.statements import StatementEntry
from tieout.importers._provider_amounts import DecimalMark
from tieout.importers._provider_profile import Meaning, Profile, Role
from tieout.importers._provider_rows import UNREADABLE, Amounts, stated_column
from tieout.importers._provider_table import Row, Table
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NotADay, day_of_text
from tieout.kernel.money import decimal_text, minor_units_of

# What a spreadsheet makes of a long number; its last digits are lost.
_SCAR = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE | re.ASCII)
_DAY_LENGTH = len("2026-05-31")
_PLOTS_MAX = 999


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Makes the entries of rows of one report."""

    profile: Profile
    table: Table
    mark: DecimalMark
    currency: str | None  # of the whole report; None where each row names its own, or nobody knows it

    def entries(self, row: Row, meaning: Meaning, amounts: Amounts) -> list[StatementEntry]:
        """The movements of one row, that of the gross first; their sum is the net.

        What a payout costs comes before it: with the payout, what was earned until then has left.
        """
        main = self._main(row, meaning, amounts)
        found = [main] if amounts.gross or not amounts.parts else []
        kept = self._kept(row, main, amounts)
        return [*kept, *found] if meaning.role is Role.PAYOUT else [*found, *kept]

    def _main(self, row: Row, meaning: Meaning, amounts: Amounts) -> StatementEntry:
        columns = self.profile.columns
        kind = meaning.debit if amounts.gross < 0 else meaning.credit
        place = self.table.place(row, self._amount_column(row))
        booking_date = self.day(row)
        order = self._identifier(row, columns.order)
        sold = row.cell(columns.gross_currency)
        foreign = bool(sold) and sold != row.first(columns.currency)
        stated = self._stated(row, *stated_column(row, self.profile))
        return StatementEntry(
            minor_units=amounts.gross,
            booked=True,
            booking_date=booking_date,
            value_date=None,
            line=place.line,
            column=place.column,
            reference=order,
            description=self._description(row),
            native_id=self._identifier(row, columns.native_id),
            batch=row.cell(columns.batch),
            original_amount=stated if foreign else "",
            original_currency=sold if foreign else "",
            rate=row.cell(columns.rate) if foreign else "",
            kind=kind,
            provider=self._facts(row, order, self._received(row, stated, amounts.gross), amounts, booking_date),
        )

    def _kept(self, row: Row, main: StatementEntry, amounts: Amounts) -> Iterator[StatementEntry]:
        assert main.provider is not None
        for kept in amounts.parts:
            column, stated = kept.part.column, self._stated(row, kept.part.column, kept.part.effect)
            yield main._replace(
                minor_units=kept.minor_units,
                column=self.table.place(row, column).column,
                description=f"{main.description} {column}",
                original_amount="",
                original_currency="",
                rate="",
                kind=kept.part.kind,
                provider=main.provider._replace(
                    entry_type=column,
                    received=self._received(row, stated, kept.minor_units),
                    original_minor_units=None,
                ),
            )

    def _stated(self, row: Row, column: str, sign: int) -> str:
        """What a column states, as decimal text with the sign that the column gives it; empty where nothing is read."""
        written = row.cell(column)
        if not written:
            return ""
        try:
            text = self.mark.plain(written)
        except UNREADABLE:
            return ""
        if sign > 0:
            return text
        return text.removeprefix("-") if text.startswith("-") else f"-{text}"

    def _received(self, row: Row, stated: str, minor_units: int) -> str:
        """The value of an entry as it was received, digits included.

        It is the amount of the entry where the report states another: one in the currency that was sold in, one that
        does not add up to what was paid, or none because several costs count as one.
        """
        exponent = self._exponent(row)
        if exponent is None:
            return stated or "0"
        try:
            same = minor_units_of(stated, exponent) == minor_units
        except UNREADABLE:
            same = False
        return stated if same else decimal_text(minor_units, exponent)

    def _exponent(self, row: Row) -> int | None:
        return EXPONENTS.get(self.currency or row.first(self.profile.columns.currency))

    def day(self, row: Row) -> date | None:
        """The day as written, in the time zone of the report; None, and a warning, where there is none."""
        text = row.first(self.profile.columns.day)
        try:
            return day_of_text(text[:_DAY_LENGTH])
        except NotADay:
            what = "the row's day is not written YYYY-MM-DD" if text else "the row names no day"
            column = next((name for name in self.profile.columns.day if row.cell(name)), "")
            self.table.warn_once("no_booking_date", what, row, column)
            return None

    def note_damaged_ids(self, row: Row) -> None:
        """Say which ids of a row a spreadsheet has cut."""
        self._identifier(row, self.profile.columns.order)
        self._identifier(row, self.profile.columns.native_id)

    def _identifier(self, row: Row, columns: tuple[str, ...]) -> str:
        """The first id of the columns; none where a spreadsheet has cut its digits."""
        for column in columns:
            text = row.cell(column)
            if _SCAR.fullmatch(text):
                self.table.warn_once("damaged_id", f"{column} is a number that lost its last digits", row, column)
            elif text:
                return text
        return ""

    def _amount_column(self, row: Row) -> str:
        columns = self.profile.columns
        written = (columns.gross, columns.gross_credit, columns.gross_debit, columns.credit, columns.debit)
        return next((name for name in written if row.cell(name).strip("0.,")), columns.credit)

    def _description(self, row: Row) -> str:
        columns = self.profile.columns
        texts = [row.cell(columns.entry_type), *(row.cell(name) for name in columns.description)]
        return " ".join(text for text in texts if text)

    def _facts(self, row: Row, order: str, received: str, amounts: Amounts, booking_date: date | None) -> EntryFacts:
        columns = self.profile.columns
        further = {name: row.cell(name) for name in columns.facts if row.cell(name)}
        return EntryFacts(
            entry_type=row.cell(columns.entry_type) or row.cell(columns.record_type),
            received=received,
            order_code=order,
            original_minor_units=None if not order or self._exponent(row) is None else amounts.gross,
            released_date=booking_date,
            plots_quantity=_plots(row.cell(columns.plots_quantity)),
            facts=json.dumps(further, ensure_ascii=False, separators=(",", ":"), sort_keys=True) if further else "",
        )


def _plots(text: str) -> int | None:
    plots = int(text) if text.isdecimal() and text.isascii() and len(text) <= len(str(_PLOTS_MAX)) else 0
    return plots or None

"""A report between two balances: one statement of the clearing account, proved by its totals or row by row."""

from datetime import date

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import Balance, BalanceProof, Statement, StatementEntry
from tieout.importers._provider_profile import Meaning, Role
from tieout.importers._provider_reading import ReportRows
from tieout.importers._provider_table import Row
from tieout.proofs.roll_forward import roll_forward


def read_statements(report: ReportRows, currency: str | None) -> list[Statement]:
    """The statements of the clearing account, each from one opening balance to the next.

    currency: of the report; None where it does not say.
    """
    found = [BalanceBuilder(report.profile.channel, currency, report.keep_entries)]
    for row in report.table.rows():
        meaning = report.meaning(row)
        if meaning.role is Role.OPENING and found[-1].begun:
            found.append(BalanceBuilder(report.profile.channel, currency, report.keep_entries))
        _take(report, row, meaning, found[-1])
    return [each.finish() for each in found if each.begun]


def _take(report: ReportRows, row: Row, meaning: Meaning, statement: "BalanceBuilder") -> None:
    minor_units = statement.statement.minor_units
    if meaning.role in (Role.OPENING, Role.CLOSING):
        balance = report.balance(row, minor_units)
        if balance is not None:
            take = statement.open_with if meaning.role is Role.OPENING else statement.close_with
            take(balance, report.day(row))
    elif meaning.role is not Role.NOTE and report.is_of_currency(row, statement.statement.currency):
        amounts = report.amounts(row, minor_units)
        if amounts is not None:
            after = report.balance_after(row, minor_units)
            entries = report.entries(row, meaning, amounts)
            if not statement.add(amounts.net, after, report.day(row), entries):
                report.note_break(row)


class BalanceBuilder:
    """One statement while its report is read; amounts in minor units as its builder gives them."""

    def __init__(self, channel: str, currency: str | None, keep_entries: bool) -> None:
        self.statement = StatementBuilder(currency, keep_entries)
        self.statement.channel = channel
        self._opening: Balance | None = None
        self._closing: Balance | None = None
        self._running: int | None = None  # the balance after the last row
        self._last_day: date | None = None
        self.begun = False
        self._rows = self._balances = self._breaks = 0

    def open_with(self, minor_units: int, on: date | None) -> None:
        """Take the balance before the first row."""
        self.begun = True
        self._opening = Balance(minor_units, on)
        self._running = minor_units

    def close_with(self, minor_units: int, on: date | None) -> None:
        """Take the balance after the last row."""
        self.begun = True
        self._closing = Balance(minor_units, on)

    def add(self, net: int, balance: int | None, booking_date: date | None, entries: list[StatementEntry]) -> bool:
        """Take one row in, with the balance after it where the report states one; whether it follows the row before."""
        self.statement.add_row(net, entries)
        self.begun = True
        self._rows += 1
        self._last_day = booking_date or self._last_day
        if balance is None:
            self._running = None if self._running is None else self._running + net
            return True
        self._balances += 1
        if self._opening is None and self._rows == 1:
            self._opening = Balance(balance - net, booking_date)
            self._running = balance - net
        follows = self._running is None or self._running + net == balance
        self._breaks += not follows
        self._running = balance
        return follows

    def finish(self) -> Statement:
        """The statement; a total that leaves out the opening balance is a total of movements, no closing balance."""
        moved, builder = self.statement.tally.sum, self.statement
        builder.opening, builder.closing = self._opening, self._closing
        every_row = self._rows > 0 and self._balances == self._rows
        if builder.closing is None and every_row and self._running is not None:
            builder.closing = Balance(self._running, self._last_day)
        if self._is_total_of_movements(moved):
            builder.closing = None
            return builder.finish(lambda _: BalanceProof(holds=True, gap=0, identity="totals", reason=None))
        return builder.finish(lambda finished: self._proof(finished, every_row))

    def _is_total_of_movements(self, moved: int) -> bool:
        opening, closing = self._opening, self._closing
        if opening is None or closing is None:
            return False
        return closing.minor_units == moved and opening.minor_units != 0

    def _proof(self, finished: StatementBuilder, every_row: bool) -> BalanceProof:
        proof = roll_forward(finished.opening, finished.tally.sum, finished.closing)
        if every_row and proof.holds and not self._breaks:
            return BalanceProof(holds=True, gap=0, identity="running_balance", reason=None)
        return proof

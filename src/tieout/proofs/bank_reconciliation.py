"""The bank reconciliation: why the balance per bank and the balance per books differ at a date, line by line.

Balance per bank + book entries not yet on the bank - bank lines not yet in the books = balance per books. Only book
entries are in the books of a bank account: what is tied to open items, and what came and went inside the statement,
has still to be recorded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np

from tieout.domain.kinds import is_book_entry
from tieout.domain.line_table import BoolColumn, Int64Column, LineTable, texts_at
from tieout.domain.matches import Allocation, Match, MatchKind, MatchState
from tieout.domain.results import BankReconciliation, Outstanding
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NO_DAY, day_text
from tieout.kernel.names import without_blanks
from tieout.proofs.account_balances import AccountBalances, last_of
from tieout.proofs.running_balance import COLUMN, BalancedEntry, balance_after

# Name of the account without blanks, and ISO 4217 code.
Account: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Balances:
    """What is known of the balances of accounts, in minor units."""

    statements: Sequence[AccountBalances] = ()
    books: Mapping[Account, int] = field(default_factory=dict)  # given by the user
    bank: Mapping[Account, int] = field(default_factory=dict)  # given by the user, where no statement closes
    earlier_books: Mapping[Account, int] = field(default_factory=dict)  # per books where the run before ended
    earlier_entries: frozenset[str] = frozenset()  # ids of the book entries that are in those


class BankReconciler:
    """Takes the matches of a result one by one and then reconciles every account that has lines or balances."""

    def __init__(self, statement: LineTable, ledger: LineTable, balances: Balances) -> None:
        self._balances = balances
        self._by_statements: defaultdict[Account, list[AccountBalances]] = defaultdict(list)
        for each in balances.statements:
            self._by_statements[without_blanks(each.account), each.currency].append(each)
        self._statement = _Lines(statement, np.arange(len(statement)))
        self._entries = _Lines(ledger, np.flatnonzero(book_entries(ledger)))
        self._running = (ledger.extra or {}).get(COLUMN)
        named = {*self._statement.last_days, *self._entries.last_days, *self._by_statements}
        self._as_of = {account: self._closing_day(account) for account in named | {*balances.books, *balances.bank}}

    def _closing_day(self, account: Account) -> int:
        """The day of the last closing balance, or the last booking day of the account on either side."""
        last = last_of(self._by_statements.get(account, ()))
        if last is not None and last.as_of != NO_DAY:
            return last.as_of
        return max(lines.last_days.get(account, NO_DAY) for lines in (self._statement, self._entries))

    def take(self, match: Match) -> None:
        """Take one match; only a confirmed one with book entries changes what is in the books."""
        if match.state is MatchState.PROPOSED or not self._entries.rows:
            return
        entries = [leg for leg in match.allocations if leg.side == "ledger" and leg.line in self._entries.rows]
        if not entries:
            return
        lines = [leg for leg in match.allocations if leg.side == "statement"]
        recorded, banked = self._by_account(self._statement, lines), self._by_account(self._entries, entries)
        for account, legs in banked.items():
            if match.kind is MatchKind.WITHIN:
                _cancel(self._entries, legs, sum(leg.minor_units for leg in legs))
            elif account in recorded:
                gap = sum(leg.minor_units for leg in recorded[account]) - sum(leg.minor_units for leg in legs)
                _cancel(self._statement, recorded[account], gap)
                _cancel(self._entries, legs, 0)

    def _by_account(self, lines: "_Lines", legs: Iterable[Allocation]) -> dict[Account, list["_Leg"]]:
        """The legs of each account; a book entry of a later day is not in the books yet."""
        found: dict[Account, list[_Leg]] = {}
        for leg in legs:
            row = lines.rows[leg.line]
            account = lines.account_of(row)
            if lines is self._statement or lines.days[row] <= self._as_of[account]:
                found.setdefault(account, []).append(_Leg(row, leg.minor_units))
        return found

    def reconciliations(self) -> tuple[BankReconciliation, ...]:
        """One per account, in order of account and currency."""
        return tuple(self._reconciliation(account) for account in sorted(self._as_of))

    def _reconciliation(self, account: Account) -> BankReconciliation:
        as_of = self._as_of[account]
        in_books = self._entries.outstanding(account, as_of, later=False)
        on_bank = self._statement.outstanding(account, as_of, later=True)
        last = last_of(self._by_statements.get(account, ()))
        per_bank = self._balances.bank.get(account) if last is None else last.closing
        per_books, reason = self._per_books(account, as_of)
        if per_books is None or per_bank is None:
            difference = None
        else:
            difference = per_books - (per_bank + in_books.sum - on_bank.sum)
        return BankReconciliation(
            account=account[0],
            currency=account[1],
            as_of=day_text(as_of) or None,
            per_bank=per_bank,
            in_books_not_on_bank=in_books,
            on_bank_not_in_books=on_bank,
            per_books=per_books,
            difference=difference,
            holds=None if difference is None else difference == 0,
            reason=reason if reason or per_bank is not None else "no_bank_balance",
        )

    def _per_books(self, account: Account, as_of: int) -> tuple[int | None, str | None]:
        """The balance per books, or why it is not known."""
        given = self._balances.books.get(account)
        if given is not None:
            return given, None
        rows = [
            row
            for row in self._entries.of_account(account).tolist()
            if self._entries.days[row] <= as_of and self._entries.ids[row] not in self._balances.earlier_entries
        ]
        if not rows and self._running is not None and account in self._balances.earlier_books:
            return self._balances.earlier_books[account], None  # nothing was booked since
        if not rows:
            return None, "open_items_only" if account not in self._entries.last_days else "no_book_balance"
        texts = texts_at(self._running, self._entries.table_rows[rows])
        if not any(texts):
            return None, "no_book_balance"
        entries = [
            BalancedEntry(self._entries.days[row], self._entries.amounts[row], text)
            for row, text in zip(rows, texts, strict=True)
        ]
        balance = balance_after(entries, EXPONENTS.get(account[1], 2))
        return balance, "book_balance_unclear" if balance is None else None


class _Leg(NamedTuple):
    row: int
    minor_units: int


class _Lines:
    """Chosen lines of one side; a row counts among them. `explained` is what the other side has of each."""

    def __init__(self, table: LineTable, table_rows: Int64Column) -> None:
        self.table_rows = table_rows
        self.ids = texts_at(table.id, table_rows)
        self.rows = {line: row for row, line in enumerate(self.ids)}
        self.amounts: list[int] = table.minor_units[table_rows].tolist()
        self.days: list[int] = table.booking_day[table_rows].tolist()
        self.explained: defaultdict[int, int] = defaultdict(int)
        self.accounts, self._codes = _accounts(table, table_rows)
        self.last_days = self._last_days()

    def _last_days(self) -> dict[Account, int]:
        """The last booking day of each account."""
        return {account: max(self.days[row] for row in self.of_account(account).tolist()) for account in self.accounts}

    def account_of(self, row: int) -> Account:
        """The account and currency of one line."""
        return self.accounts[int(self._codes[row])]

    def of_account(self, account: Account) -> Int64Column:
        """The rows of one account, ascending."""
        code = self.accounts.index(account) if account in self.accounts else -1
        return np.flatnonzero(self._codes == code)

    def outstanding(self, account: Account, as_of: int, *, later: bool) -> Outstanding:
        """What the other side does not explain of the account's lines, by booking day and id.

        later: count lines booked after the date as well.
        """
        rest = {row: self.amounts[row] - self.explained.get(row, 0) for row in self.of_account(account).tolist()}
        chosen = [row for row, left in rest.items() if left and (later or self.days[row] <= as_of)]
        chosen.sort(key=lambda row: (self.days[row], self.ids[row]))
        return Outstanding(
            lines=tuple(self.ids[row] for row in chosen),
            sum=sum(rest[row] for row in chosen),
            ages=tuple(as_of - self.days[row] for row in chosen),
            amounts=tuple(rest[row] for row in chosen),
        )


def _cancel(lines: _Lines, legs: list[_Leg], gap: int) -> None:
    """Count the legs as explained, all but `gap`, which stays with the first of them."""
    for leg in legs:
        lines.explained[leg.row] += leg.minor_units
    lines.explained[legs[0].row] -= gap


def accounts_of(
    statement: LineTable, ledger: LineTable, balances: Iterable[AccountBalances] = ()
) -> frozenset[Account]:
    """Every account that a statement line, a book entry or a statement names; an open item's is none."""
    found = {(without_blanks(each.account), each.currency) for each in balances}
    for table, rows in ((statement, np.arange(len(statement))), (ledger, np.flatnonzero(book_entries(ledger)))):
        found |= set(_accounts(table, rows)[0])
    return frozenset(found)


def _accounts(table: LineTable, rows: Int64Column) -> tuple[list[Account], Int64Column]:
    """The accounts of some lines in order, and the place of each line's account among them."""
    currencies = len(table.currency.names)
    pairs = table.account.codes[rows].astype(np.int64) * currencies + table.currency.codes[rows]
    distinct, places = np.unique(pairs, return_inverse=True)
    named = [
        (without_blanks(table.account.names[pair // currencies]), table.currency.names[pair % currencies])
        for pair in distinct.tolist()
    ]
    accounts = sorted(set(named))
    numbers = {account: number for number, account in enumerate(accounts)}
    codes = np.array([numbers[account] for account in named], dtype=np.int64)
    return accounts, codes[places] if len(rows) else np.zeros(0, dtype=np.int64)


def book_entries(ledger: LineTable) -> BoolColumn:
    """Which ledger lines are posted to the book account of a bank."""
    posted = np.array([is_book_entry(kind) for kind in ledger.kind.names] or [False], dtype=np.bool_)
    return posted[ledger.kind.codes] if len(ledger) else np.zeros(0, dtype=np.bool_)

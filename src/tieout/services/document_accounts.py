"""Whose lines a document holds: accounts found by their number, or opened."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tieout.domain.accounts import Account, AccountKind
from tieout.domain.kinds import Side
from tieout.domain.line_table import Int64Column, LineTable, coded
from tieout.domain.statements import Statement
from tieout.kernel.errors import Refusal
from tieout.kernel.names import without_blanks
from tieout.services.accounts import AccountRequest, account_of_number, new_account, plain_number
from tieout.services.document_reading import DocumentRead
from tieout.store.protocols import Writing

# What an account is called in the lines of a bank file that names none.
_UNNAMED = ("", "-")


@dataclass(slots=True)
class AccountSearch:
    """Finds the accounts of one document, and remembers which it opened and why it found none."""

    work: Writing
    entity_id: int
    side: Side
    given: Account | None  # that the document was uploaded for
    now: int
    known: list[Account] = field(init=False)
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = self.work.all(Account, entity_id=self.entity_id, archived_at=None)

    def account_of(self, number: str, currency: str, channel: str = "") -> Account | None:
        """The account that lines are of; None, with a refusal, where it cannot be told.

        With an account given, number and currency must fit it as far as both are known. Without one it is found by
        number and currency, in the books by its code too, and opened with the number as its name where there is none.
        A statement without a currency is of the one account that has its number. channel: the provider whose clearing
        account it is, which stands in for a number that its report does not give.
        """
        if number in _UNNAMED:
            number = ""
        if self.given is not None:
            return self._fitting(self.given, number, currency, channel)
        number = number or without_blanks(channel)
        if not number:
            self._refuse("required", "account_id", ())
            return None
        return self._found(number, currency) or self._opened(number, currency, channel)

    def _fitting(self, given: Account, number: str, currency: str, channel: str) -> Account | None:
        facts = (("account", str(given.id)), ("currency", currency), ("number", number))
        names = {plain_number(given.number), *([plain_number(given.code)] if self.side == "ledger" else [])} - {""}
        if (number and names and plain_number(number) not in names) or (channel and given.kind != AccountKind.PROVIDER):
            self._refuse("account_mismatch", "account_id", facts)
            return None
        if self.side == "statement" and currency and currency != given.currency:
            self._refuse("currency_differs", "account_id", facts)
            return None
        return given

    def _found(self, number: str, currency: str) -> Account | None:
        plain = plain_number(number)
        exact = account_of_number(self.known, number, currency)
        if not currency:
            same = [each for each in self.known if plain_number(each.number) == plain]
            return same[0] if len(same) == 1 else None
        if exact is not None or self.side == "statement":
            return exact
        named = [each for each in self.known if plain in (plain_number(each.number), plain_number(each.code))]
        return min(named, key=lambda each: each.id, default=None)

    def _opened(self, number: str, currency: str, channel: str) -> Account | None:
        if not currency:
            self._refuse("required", "currency", (("number", number),))
            return None
        kind = AccountKind.PROVIDER if channel else AccountKind.BANK
        named = channel if number == without_blanks(channel) else number
        request = AccountRequest(kind=kind, name=named or number, number=number, currency=currency)
        account = new_account(self.work, self.entity_id, request, self.now)
        self.work.add(account)
        self.known.append(account)
        return account

    def _refuse(self, code: str, concerns: str, facts: tuple[tuple[str, str], ...]) -> None:
        refusal = Refusal(code, concerns, facts)
        if refusal not in self.refusals:
            self.refusals.append(refusal)


@dataclass(frozen=True, slots=True)
class Owners:
    """The accounts of a document's statements and of its lines; 0 where an open item names none."""

    of_statements: tuple[Account | None, ...]
    of_lines: Int64Column
    accounts: dict[int, Account]


def owners_of(search: AccountSearch, read: DocumentRead) -> Owners:
    """The account of every statement and line, opened where needed; refusals are left in the search."""
    of_statements = tuple(
        search.account_of(statement.account or "", statement.currency or "", statement.channel)
        for statement in read.statements
    )
    if search.side == "statement":
        ids = np.array([each.id if each else 0 for each in of_statements] or [0], dtype=np.int64)
        of_lines = ids[read.statement_of] if len(read.table) else np.zeros(0, dtype=np.int64)
        found: Sequence[Account | None] = of_statements
    else:
        of_lines, found = _of_books(search, read.table)
    return Owners(of_statements, of_lines, {each.id: each for each in found if each is not None})


def _of_books(search: AccountSearch, table: LineTable) -> tuple[Int64Column, list[Account | None]]:
    """The account of every line of the books; a line that names none is of the given account, or of none."""
    currencies = len(table.currency.names)
    groups = table.account.codes.astype(np.int64) * currencies + table.currency.codes
    distinct, group_of = np.unique(groups, return_inverse=True)
    found: list[Account | None] = []
    for group in distinct.tolist():
        number, currency = table.account.names[group // currencies], table.currency.names[group % currencies]
        named = number not in _UNNAMED
        found.append(search.account_of(number, currency) if named else search.given)
    ids = np.array([each.id if each else 0 for each in found] or [0], dtype=np.int64)
    return ids[group_of] if len(table) else np.zeros(0, dtype=np.int64), found


def in_account_currency(table: LineTable, owners: Owners) -> LineTable:
    """The table with the currency of its account on every line that names none."""
    if "" not in table.currency.names:
        return table
    names = [
        table.currency.at(row) or owners.accounts[account_id].currency
        for row, account_id in enumerate(owners.of_lines.tolist())
    ]
    return replace(table, currency=coded(names))


def currency_of(statement: Statement, account: Account) -> str:
    """The currency of a statement: its own, or its account's where it names none."""
    return statement.currency or account.currency

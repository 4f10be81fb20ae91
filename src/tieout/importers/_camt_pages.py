"""One Stmt, Rpt or Ntfctn element: a statement, or one page of it, while it is read."""

import re

from tieout.contracts.building import StatementBuilder
from tieout.domain.statements import StatementKind
from tieout.importers._camt_balances import CLOSINGS, OPENINGS, StatedBalance, booked_balance
from tieout.importers._camt_notes import At
from tieout.importers._camt_texts import Texts, account_written
from tieout.importers._camt_totals import StatedTotals, Turnover, stated_totals
from tieout.importers._camt_xml import Element

KINDS = {"Stmt": StatementKind.BOOKED, "Rpt": StatementKind.INTRADAY, "Ntfctn": StatementKind.ADVICE}

_PAGINATIONS = ("StmtPgntn", "RptPgntn", "NtfctnPgntn")
_PAGE_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


class Page:
    """One Stmt, Rpt or Ntfctn element while it is read: a statement, or one page of it."""

    def __init__(self, kind: StatementKind, at: At, keep_entries: bool) -> None:
        self.kind = kind
        self.at = at
        self.account: str | None = None
        self.id = ""
        self.page: int | None = None  # as the bank numbers it
        self.is_last: bool | None = None  # as the bank says; None where it says nothing
        self.booked, self.pending = Turnover(), Turnover()
        self.balances: list[StatedBalance] = []
        self.totals: list[StatedTotals] = []
        self._keep_entries = keep_entries
        self._currency = ""
        self._builder: StatementBuilder | None = None

    def take_account(self, element: Element) -> None:
        """The Acct element: whose account it is, and in which currency."""
        texts = Texts(element)
        self.account = account_written(texts, "Id") or None
        self._currency = texts.first("Ccy")

    def take_balance(self, element: Element, at: At) -> None:
        """A Bal element; only booked balances are kept."""
        stated = booked_balance(element, at)
        if stated is not None:
            self.balances.append(stated)

    def take_totals(self, element: Element, at: At) -> None:
        """A TxsSummry element."""
        self.totals.append(stated_totals(element, at))

    def builder(self, currency_of_entry: str = "") -> StatementBuilder:
        """Where the entries go. The currency is the account's, else that of a balance, else that of the first entry."""
        if self._builder is None:
            of_balances = (balance.currency for balance in self.balances if balance.currency)
            currency = self._currency or next(of_balances, "") or currency_of_entry
            self._builder = StatementBuilder(currency or None, self._keep_entries)
        return self._builder

    def finish_head(self, element: Element) -> None:
        """What stands in the element around the entries, once it is complete."""
        texts = Texts(element)
        self.id = texts.first("Id")
        builder = self.builder()
        builder.account, builder.kind = self.account, self.kind
        builder.number = texts.first("ElctrncSeqNb", "LglSeqNb", "Id") or None
        number = texts.first(*(f"{name}/PgNb" for name in _PAGINATIONS))
        self.page = int(number) if _PAGE_NUMBER.fullmatch(number) else None
        last = texts.first(*(f"{name}/LastPgInd" for name in _PAGINATIONS))
        self.is_last = last in ("true", "1") if last else None

    @property
    def opens(self) -> bool:
        """Whether the booked opening balance is stated here."""
        return any(balance.code in OPENINGS for balance in self.balances)

    @property
    def closes(self) -> bool:
        """Whether the booked closing balance is stated here."""
        return any(balance.code in CLOSINGS for balance in self.balances)

    def key(self) -> tuple[object, ...]:
        """What the pages of one statement share."""
        return self.kind, self.account, self.builder().currency, self.id

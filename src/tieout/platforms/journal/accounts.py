"""The accounts of a ledger: declared, or just posted to, with what tieout needs to know of them.

A tag of an account's declaration says what it is for, and holds for the accounts below it too: `role` is one of ROLES,
`type` is hledger's (A, L, E, R, X, C, V). Its own `code` is the number that other systems know it by.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tieout.platforms.journal.model import EXACT, AccountDeclared, Ledger, Posting

# What an account may be there for; each is told by the tag `role` of its declaration.
ROLES = {
    "bank": "a bank account",
    "receivable": "what customers owe",
    "payable": "what is owed to vendors",
    "sales": "income of invoices whose lines name no account",
    "purchases": "expenses of bills whose lines name no account",
    "output-tax": "tax on sales whose rate names no account",
    "input-tax": "tax on purchases whose rate names no account",
}

_TYPES = {"A": "asset", "C": "asset", "L": "liability", "E": "equity", "V": "equity", "R": "income", "X": "expense"}
# As hledger tells types from names, and Beancount's options name the same five.
_ROOTS = (
    ("asset", re.compile("assets?", re.IGNORECASE)),
    ("liability", re.compile("(debts?|liabilit(y|ies))", re.IGNORECASE)),
    ("equity", re.compile("equity", re.IGNORECASE)),
    ("income", re.compile("(income|revenues?)", re.IGNORECASE)),
    ("expense", re.compile("expenses?", re.IGNORECASE)),
)
_OPTIONS = {
    "name_assets": "asset",
    "name_liabilities": "liability",
    "name_equity": "equity",
    "name_income": "income",
    "name_expenses": "expense",
}
_BANK_NAMES = frozenset({"bank", "checking", "savings", "current"})


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One account of the ledger."""

    name: str
    type: str  # asset, liability, equity, income, expense; the ledger's own word where nothing tells
    role: str  # of ROLES; empty without one
    code: str  # by what others name it: its tag, or its own name
    title: str
    opened_on: date | None
    closed_on: date | None
    commodities: tuple[str, ...]  # nothing else may be posted there
    balances: Mapping[str, Decimal]  # by commodity

    @property
    def is_bank_account(self) -> bool:
        """Whether the account is one at a bank."""
        named = self.type == "asset" and not _BANK_NAMES.isdisjoint(self.name.lower().split(":"))
        return self.role == "bank" or (named and not self.role)


def accounts_of(ledger: Ledger, postings: Iterable[Posting]) -> dict[str, LedgerAccount]:
    """All accounts by name, in name order; postings: all of the ledger, with their amounts."""
    declared: dict[str, list[AccountDeclared]] = {}
    for declaration in ledger.accounts:
        declared.setdefault(declaration.name, []).append(declaration)
    balances: dict[str, dict[str, Decimal]] = {}
    for posting in postings:
        own = balances.setdefault(posting.account, {})
        if posting.quantity is not None:
            number, commodity = posting.quantity
            own[commodity] = EXACT.add(own.get(commodity, Decimal()), number)
    roots = {ledger.options[option]: type_ for option, type_ in _OPTIONS.items() if option in ledger.options}
    return {
        name: _account(name, declared, balances.get(name, {}), roots)
        for name in sorted(declared.keys() | balances.keys())
    }


def _account(
    name: str,
    declared: Mapping[str, list[AccountDeclared]],
    balances: Mapping[str, Decimal],
    roots: Mapping[str, str],
) -> LedgerAccount:
    own = declared.get(name, [])
    tags = {key: value for declaration in own for key, value in declaration.tags.items()}
    type_ = _TYPES.get(_handed_down(name, "type", declared).upper()[:1])
    return LedgerAccount(
        name=name,
        type=type_ or roots.get(name.partition(":")[0]) or _type_by_name(name),
        role=_handed_down(name, "role", declared),
        code=tags.get("code") or name,
        title=tags.get("name") or name.rpartition(":")[2],
        opened_on=min((each.opened_on for each in own if each.opened_on), default=None),
        closed_on=min((each.closed_on for each in own if each.closed_on), default=None),
        commodities=tuple(commodity for each in own for commodity in each.commodities),
        balances=balances,
    )


def _handed_down(name: str, tag: str, declared: Mapping[str, list[AccountDeclared]]) -> str:
    """The tag of the account, or of the nearest one above it that has it."""
    while name:
        for declaration in declared.get(name, ()):
            if tag in declaration.tags:
                return declaration.tags[tag]
        name = name.rpartition(":")[0]
    return ""


def _type_by_name(name: str) -> str:
    root = name.partition(":")[0]
    return next((type_ for type_, pattern in _ROOTS if pattern.fullmatch(root)), root)

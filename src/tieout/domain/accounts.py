"""Accounts, and up to which day nothing in them changes."""

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """Where an account's truth lies."""

    BANK = "bank"
    PROVIDER = "provider"  # a marketplace or payment provider: an account like a bank
    BOOK = "book"  # a general ledger account without an outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A bank, provider-clearing or book account of one entity.

    A bank account and its account in the books are one row: `code` is its number in the chart of accounts. Its
    statement lines carry `currency`; its book entries the entity's functional currency, and a foreign amount and rate
    where the two differ.
    """

    entity_id: int
    id: int
    kind: str  # AccountKind
    name: str
    code: str  # in the chart of accounts; empty where the books gave none
    number: str  # IBAN or local number as the bank writes it; empty where unknown
    currency: str
    starting_day: int | None  # days since 1970-01-01, as every day; where the account's history begins
    starting_minor_units: int  # balance at that day, in `currency`
    reconcile_day: int | None  # through which day it was last reconciled; completing sets it
    archived_at: int | None
    extra: str  # JSON text: what one face gave and only that face gives back, by face
    created_at: int
    updated_at: int
    origin_day: int | None = None  # a reconcile day set while there was no reconciliation: the first one starts there


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLock:
    """Up to and including `through_day` nothing is entered, changed, matched or undone: one fact for every face."""

    entity_id: int
    account_id: int  # 0: every account of the entity
    through_day: int
    enabled: bool
    changed_at: int

"""Bank accounts and general ledger accounts: in the core an account and its place in the books are one row."""

import msgspec

from tieout.dialects.snapbooks.values import instant_text
from tieout.domain.accounts import Account
from tieout.domain.extra import extra_of, with_extra

FACE = "snapbooks"
TYPES = ("CURRENT", "SAVINGS", "LOAN")


class BankAccountBody(msgspec.Struct, frozen=True):
    """A bank account as it is made or replaced."""

    client_account_id: int
    name: str
    currency_code: str
    type: str = "CURRENT"
    bban: str | None = None
    iban: str | None = None
    bic: str | None = None
    general_ledger_account_number: str | None = None


class BankAccountChange(msgspec.Struct, frozen=True):
    """The fields of a bank account that change; the others stay as they are."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    type: str | msgspec.UnsetType = msgspec.UNSET
    bban: str | msgspec.UnsetType | None = msgspec.UNSET
    iban: str | msgspec.UnsetType | None = msgspec.UNSET
    bic: str | msgspec.UnsetType | None = msgspec.UNSET
    general_ledger_account_number: str | msgspec.UnsetType | None = msgspec.UNSET


def write_bank_account(account: Account) -> dict[str, object]:
    """A bank account."""
    own = extra_of(account.extra, FACE)
    return {
        "id": account.id,
        "client_account_id": account.entity_id,
        "name": account.name,
        "type": own.get("type", "CURRENT"),
        "bban": own.get("bban") or (None if is_iban(account.number) else account.number or None),
        "iban": own.get("iban") or (account.number if is_iban(account.number) else None),
        "bic": own.get("bic"),
        "currency_code": account.currency,
        "general_ledger_account_id": account.id,
        "general_ledger_account_number": account.code or None,
        "created_at": instant_text(account.created_at),
        "updated_at": instant_text(account.updated_at),
    }


def own_fields(before: str, kind: str, bban: str | None, iban: str | None, bic: str | None) -> str:
    """What the core has no columns for, kept beside what other faces left."""
    return with_extra(before, FACE, {"type": kind, "bban": bban, "iban": iban, "bic": bic})


def is_iban(number: str) -> bool:
    """Whether an account number is an IBAN: two letters, two digits, and more of them."""
    plain = number.replace(" ", "")
    return len(plain) > 14 and plain[:2].isalpha() and plain[2:4].isdigit()


def write_ledger_account(account: Account) -> dict[str, object]:
    """An account of the general ledger."""
    return {
        "id": account.id,
        "client_account_id": account.entity_id,
        "number": account.code or None,
        "name": account.name,
        "currency_code": account.currency,
        "bank_account_id": account.id if account.kind == "bank" else None,
        "created_at": instant_text(account.created_at),
        "updated_at": instant_text(account.updated_at),
    }

"""Tax rates and ledger accounts of the accounting system on the wire, from what was pulled of them."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from tieout.contracts.http_query import Query
from tieout.dialects.monite.shapes_records import ORDERS
from tieout.dialects.monite.wire import Uuid
from tieout.domain.connections import ObjectType, SyncedRecord
from tieout.kernel.currencies import EXPONENTS, exponent_of
from tieout.kernel.money import exact_sum
from tieout.services.syncing.synced_records import RecordQuery

_STATUSES = {"active": "Active", "inactive": "Archived"}
_UNKNOWN = "Unknown"


class TaxComponent(msgspec.Struct, frozen=True):
    """A part of a tax rate; 12.5 % is 1250."""

    name: str | None
    rate: int | None
    is_compound: bool | None


class TaxRateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A tax rate; 12.5 % is 1250."""

    id: Uuid
    code: str | None
    components: list[TaxComponent] | None
    effective_tax_rate: int | None
    name: str | None
    status: str | None
    total_tax_rate: int | None


class TaxRatesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of tax rates, with tokens for the pages beside it."""

    listed: list[TaxRateAnswer] = msgspec.field(name="data")
    next_pagination_token: str | None
    prev_pagination_token: str | None


class LedgerAccountAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger account; `current_balance` is in minor units of its currency, debit positive."""

    id: Uuid
    currency: str | None
    current_balance: int | None
    description: str | None
    is_bank_account: bool
    name: str
    nominal_code: str | None
    status: str  # Active, Archived, Pending, Unknown
    subtype: str | None
    type: str  # Asset, Equity, Expense, Income, Liability, Unknown


class LedgerAccountsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of ledger accounts, with tokens for the pages beside it."""

    listed: list[LedgerAccountAnswer] = msgspec.field(name="data")
    next_pagination_token: str | None
    prev_pagination_token: str | None


def read_tax_rate_query(query: Query) -> RecordQuery:
    """The order of a list of tax rates. Raises RequestFault."""
    return _by_name(query, ObjectType.TAX_RATE)


def read_ledger_account_query(query: Query) -> RecordQuery:
    """The order of a list of ledger accounts. Raises RequestFault."""
    return _by_name(query, ObjectType.LEDGER_ACCOUNT)


def _by_name(query: Query, object_type: ObjectType) -> RecordQuery:
    query.choice("sort", "name", ("name",))
    descending = query.choice("order", ORDERS[0], ORDERS) == "desc"
    return RecordQuery(object_type=str(object_type), order_by="name", descending=descending)


def content_of(record: SyncedRecord) -> Mapping[str, Any]:
    """A record as it was last pulled."""
    content: dict[str, Any] = json.loads(record.content or "{}")
    return content


def write_tax_rate(record: SyncedRecord) -> TaxRateAnswer:
    """A tax rate."""
    content = content_of(record)
    return TaxRateAnswer(
        id=record.public_id,
        code=content.get("code"),
        components=[
            TaxComponent(each.get("name"), each.get("rate"), each.get("is_compound"))
            for each in content.get("components") or ()
        ],
        effective_tax_rate=content.get("effective_tax_rate"),
        name=content.get("name"),
        status=content.get("status"),
        total_tax_rate=content.get("total_tax_rate"),
    )


def _minor_units(balance: str | None, currency: str | None) -> int | None:
    """A balance, None where it is not known: what is no amount of a currency, shares for example, has none."""
    if balance is None or currency not in EXPONENTS:
        return None
    return exact_sum([balance], exponent_of(currency))


def write_ledger_account(record: SyncedRecord) -> LedgerAccountAnswer:
    """A ledger account."""
    content = content_of(record)
    currency = content.get("currency")
    return LedgerAccountAnswer(
        id=record.public_id,
        currency=currency,
        current_balance=_minor_units(content.get("current_balance"), currency),
        description=None,
        is_bank_account=bool(content.get("is_bank_account")),
        name=content.get("name") or record.name,
        nominal_code=content.get("nominal_code"),
        status=_STATUSES.get(content.get("status") or "", _UNKNOWN),
        subtype=content.get("subtype"),
        type=(content.get("type") or _UNKNOWN).capitalize(),
    )

"""Settings of an entity and of the partner on the wire.

A body changes what it names and clears what it names as null, an object with all that is in it (RFC 7396).
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from tieout.dialects.monite.wire import Uuid
from tieout.domain.connections import ObjectType
from tieout.services.people.settings import DEDUCTIONS_TAX, PAYMENTS_ACCOUNT, PRODUCTS_ACCOUNT


class LedgerAccountIds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ledger accounts that payments, and lines without one, are sent to."""

    payments: Uuid | UnsetType | None = UNSET
    products: Uuid | UnsetType | None = UNSET


class TaxIds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tax rate of deductions."""

    deductions: Uuid | UnsetType | None = UNSET


class AccountingBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent to the accounting system where nothing else is said."""

    ledger_account_ids: LedgerAccountIds | UnsetType | None = UNSET
    tax_ids: TaxIds | UnsetType | None = UNSET


class EntitySettingsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of an entity that shall change."""

    accounting: AccountingBody | UnsetType | None = UNSET


class LedgerAccountIdsAnswer(msgspec.Struct, frozen=True):
    """The ledger accounts that payments, and lines without one, are sent to."""

    payments: Uuid | None
    products: Uuid | None


class TaxIdsAnswer(msgspec.Struct, frozen=True):
    """The tax rate of deductions."""

    deductions: Uuid | None


class AccountingAnswer(msgspec.Struct, frozen=True):
    """What is sent to the accounting system where nothing else is said."""

    ledger_account_ids: LedgerAccountIdsAnswer
    tax_ids: TaxIdsAnswer


class EntitySettingsAnswer(msgspec.Struct, frozen=True):
    """The settings of an entity."""

    accounting: AccountingAnswer


class PartnerSettingsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of the partner that shall change."""

    api_version: str | UnsetType = UNSET


class PartnerSettingsAnswer(msgspec.Struct, frozen=True):
    """The settings of the partner."""

    api_version: str


class Place(NamedTuple):
    """Where an id stands in the body, under which setting it is kept, and of what it is."""

    path: tuple[str, str]
    setting: str
    object_type: ObjectType


PLACES = (
    Place(("ledger_account_ids", "payments"), PAYMENTS_ACCOUNT, ObjectType.LEDGER_ACCOUNT),
    Place(("ledger_account_ids", "products"), PRODUCTS_ACCOUNT, ObjectType.LEDGER_ACCOUNT),
    Place(("tax_ids", "deductions"), DEDUCTIONS_TAX, ObjectType.TAX_RATE),
)


def read_entity_settings(body: EntitySettingsBody) -> Iterator[tuple[Place, str]]:
    """The ids that a body sets, empty for one that it clears."""
    accounting = body.accounting
    for place in PLACES:
        outer, inner = place.path
        group = accounting if not isinstance(accounting, AccountingBody) else getattr(accounting, outer)
        value = group if not isinstance(group, LedgerAccountIds | TaxIds) else getattr(group, inner)
        if value is not UNSET:
            yield place, (value or "").lower()


def write_entity_settings(values: Mapping[str, str]) -> EntitySettingsAnswer:
    """The settings of an entity, by their names."""
    ledger_account_ids = LedgerAccountIdsAnswer(values[PAYMENTS_ACCOUNT] or None, values[PRODUCTS_ACCOUNT] or None)
    return EntitySettingsAnswer(
        AccountingAnswer(ledger_account_ids, TaxIdsAnswer(values[DEDUCTIONS_TAX] or None)),
    )

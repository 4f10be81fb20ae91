"""The vendor's account (our organisation) and its entities."""

from typing import Any

from tieout.dialects.fintera.currencies import REAL
from tieout.dialects.fintera.moments import write_moment
from tieout.domain.people import Entity, Organisation


def write_account(organisation: Organisation, owner_id: int, currency_id: int = REAL) -> dict[str, Any]:
    """The organisation as the account that a token belongs to."""
    return {
        "id": organisation.id,
        "uuid": organisation.public_id,
        "name": organisation.name,
        "owner_id": owner_id,
        "default_currency_id": currency_id,
        "is_trial": False,
        "canceled_at": None,
        "expires_on": None,
        "created_at": write_moment(organisation.created_at),
        "updated_at": write_moment(organisation.created_at),
    }


def write_entity(entity: Entity, first: bool) -> dict[str, Any]:
    """One entity; the first of them is the one that menus begin with."""
    return {
        "account_id": entity.organisation_id,
        "charging_uuid": None,
        "created_at": write_moment(entity.created_at),
        "default_in_menu": first,
        "deleted_at": None,
        "federation_subscription_number": "",
        "force_destroy": False,
        "id": entity.id,
        "imported_from_sync_at": None,
        "name": entity.name,
        "updated_at": write_moment(entity.updated_at),
    }

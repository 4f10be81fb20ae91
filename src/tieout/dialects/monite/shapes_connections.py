"""Connections on the wire."""

import msgspec

from tieout.dialects.monite.instants import instant_text
from tieout.dialects.monite.wire import Instant, Uuid
from tieout.domain.connections import Connection
from tieout.services.syncing.connections import business_of, error_messages

CONNECTIONS = "/v1/accounting_connections"


class BusinessInfo(msgspec.Struct, frozen=True):
    """Whose books they are, as the accounting system says."""

    base_currency: str | None = None
    email: str | None = None
    legal_name: str | None = None
    name: str | None = None
    type: str | None = None


class ConnectionFault(msgspec.Struct, frozen=True):
    """Something that went wrong with a connection."""

    message: str


class ConnectionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One connection; `connection_url` is always there, because the vendor's Python client fails without it."""

    id: Uuid
    created_at: Instant
    updated_at: Instant
    business_info: BusinessInfo | None = None
    connection_url: str
    errors: list[ConnectionFault] | None = None
    last_pull: Instant | None = None
    platform: str | None = None
    status: str  # connected, disconnected, deauthorized, pending_auth


class ConnectionsAnswer(msgspec.Struct, frozen=True):
    """The connections of an entity that were not ended."""

    listed: list[ConnectionAnswer] = msgspec.field(name="data")


def write_connection(connection: Connection, origin: str) -> ConnectionAnswer:
    """A connection. origin: what absolute addresses begin with."""
    messages = error_messages(connection)
    return ConnectionAnswer(
        id=connection.public_id,
        created_at=instant_text(connection.created_at),
        updated_at=instant_text(connection.updated_at),
        business_info=_business(connection) if connection.business else None,
        connection_url=f"{origin}{CONNECTIONS}/{connection.public_id}/connect",
        errors=[ConnectionFault(message) for message in messages] or None,
        last_pull=None if connection.last_pull_at is None else instant_text(connection.last_pull_at),
        platform=connection.platform or None,
        status=connection.status,
    )


def _business(connection: Connection) -> BusinessInfo:
    found = business_of(connection)
    return BusinessInfo(
        base_currency=found.base_currency or None,
        email=found.email or None,
        legal_name=found.legal_name or None,
        name=found.name or None,
        type=found.type or None,
    )

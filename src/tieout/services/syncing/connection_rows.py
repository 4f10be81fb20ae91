"""Connections as rows: which one counts, what is told of one, and what its platform needs to be opened."""

import json
from collections.abc import Mapping, Sequence

from tieout.contracts.platform import Business, Platform
from tieout.domain.connections import Connection, ConnectionStatus
from tieout.domain.people import Entity
from tieout.services.context import Context
from tieout.services.people.secrets import read_secret
from tieout.store.protocols import Order, Reading

# What is told of a connection; older messages are in the audit trail.
ERRORS_KEPT_MAX = 10
MESSAGE_LENGTH_MAX = 1_000
# Instants that others filter by are kept at the precision that is shown, or "later than" would miss.
_SHOWN = 1_000


def shown_instant(now: int) -> int:
    """An instant at milliseconds, in microseconds."""
    return now // _SHOWN * _SHOWN


def owner_of(connection_id: int) -> str:
    """Whose the secrets of a connection are."""
    return f"connection:{connection_id}"


def actor_of(connection: Connection) -> str:
    """Who changes our books when a platform's do, as audit events say."""
    return f"connection:{connection.id}@{connection.platform}"


def active_connection(view: Reading, entity_id: int) -> Connection | None:
    """The connection whose platform may be asked; None where there is none."""
    return view.one(Connection, entity_id=entity_id, status=str(ConnectionStatus.CONNECTED))


def current_connection(view: Reading, entity_id: int) -> Connection | None:
    """The active connection, else the last that ever was; None where there never was one that had a platform."""
    if active := active_connection(view, entity_id):
        return active
    by_age = (Order("id", descending=True),)
    found = view.all(Connection, order=by_age, entity_id=entity_id)
    return next((each for each in found if each.platform), None)


def settings_of(connection: Connection) -> dict[str, str]:
    """What the connection's platform was told, without secrets."""
    return dict(json.loads(connection.settings or "{}"))


def business_of(connection: Connection) -> Business:
    """Whose books they are, as the platform said."""
    return Business(**json.loads(connection.business)) if connection.business else Business("")


def errors_text(messages: Sequence[str]) -> str:
    """Errors of a connection as they are kept."""
    told = [{"message": message[:MESSAGE_LENGTH_MAX]} for message in messages[:ERRORS_KEPT_MAX]]
    return json.dumps(told, ensure_ascii=False)


def error_messages(connection: Connection) -> tuple[str, ...]:
    """What went wrong with a connection last; empty where nothing did."""
    return tuple(each["message"] for each in json.loads(connection.errors or "[]"))


def secrets_of(context: Context, connection: Connection, platform: Platform) -> Mapping[str, str]:
    """The secrets of a connection in the clear, by field. Raises CannotUnseal."""
    with context.store.reading() as view:
        entity = view.one(Entity, id=connection.entity_id)
    assert entity is not None, "a connection belongs to an entity"
    owner = owner_of(connection.id)
    found = {
        field.name: read_secret(context, entity.organisation_id, owner, field.name)
        for field in platform.FIELDS
        if field.secret
    }
    return {name: clear for name, clear in found.items() if clear is not None}


def never_looked_at(connection: Connection) -> bool:
    """Whether no pull of a connection has ended yet, well or with what is told on the connection."""
    return connection.last_pull_at is None and not json.loads(connection.errors)

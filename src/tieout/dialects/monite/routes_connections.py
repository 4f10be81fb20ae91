"""Connections: made, listed, synced on demand, ended."""

from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.dialects.monite.answers import MessageAnswer
from tieout.dialects.monite.calling import Call, require
from tieout.dialects.monite.shapes_connections import ConnectionsAnswer, write_connection
from tieout.domain.connections import Connection
from tieout.services.syncing.connections import (
    connection_of_public_id,
    connections,
    create_connection,
    disconnect,
    sync_connection,
)


def list_connections(call: Call) -> Response:
    """The connections that were not ended."""
    found = require(connections(call.context, call.principal, call.entity_id))
    return json_answer(ConnectionsAnswer([write_connection(each, call.asked.origin) for each in found]))


def make_connection(call: Call) -> Response:
    """A connection that waits until somebody opens its address and says where the books are."""
    made = require(create_connection(call.context, call.principal, call.entity_id))
    return json_answer(write_connection(made, call.asked.origin), 201)


def show_connection(call: Call) -> Response:
    """One connection, ended ones too."""
    return _shown(call, _connection(call))


def start_sync(call: Call) -> Response:
    """Pull now; while that goes on, nothing more is begun."""
    require(sync_connection(call.context, call.principal, call.entity_id, _connection(call).id))
    return json_answer(MessageAnswer("The synchronization was started."), 202)


def end_connection(call: Call) -> Response:
    """End a connection; one that is ended stays so."""
    return _shown(call, require(disconnect(call.context, call.principal, call.entity_id, _connection(call).id)))


def _connection(call: Call) -> Connection:
    public_id = call.public_id("connection_id")
    return require(connection_of_public_id(call.context, call.principal, call.entity_id, public_id))


def _shown(call: Call, connection: Connection) -> Response:
    return json_answer(write_connection(connection, call.asked.origin))

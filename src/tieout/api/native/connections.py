"""Connections to accounting platforms, and the platforms that there are."""

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.jobs import JobAnswer, written_job
from tieout.api.native.operations import PREFIX, Operation, Parameter
from tieout.api.native.spelling import instant_text, maybe_instant_text
from tieout.domain.connections import Connection
from tieout.services.context import Denied
from tieout.services.syncing.connections import (
    business_of,
    configure_connection,
    connection,
    connections,
    create_connection,
    disconnect,
    error_messages,
    settings_of,
    sync_connection,
)


class PlatformField(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a connection to a platform must be told; required where there is no default.

    local: it names something on the server's own machine, which the server has to allow.
    """

    name: str
    meaning: str
    secret: bool
    default: str | None
    local: bool


class PlatformRow(msgspec.Struct, frozen=True, kw_only=True):
    """An accounting platform."""

    name: str
    title: str
    fields: list[PlatformField]
    pulls: list[str]
    pushes: list[str]


class PlatformsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The accounting platforms that this tieout knows."""

    platforms: list[PlatformRow]


class ConfigurationBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which platform a connection leads to, and how to sign in there; secrets that are left out stay as they are."""

    platform: str
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}


class BusinessAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whose books they are, as the platform says."""

    name: str
    legal_name: str
    base_currency: str
    email: str
    type: str


class ConnectionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A connection; `errors` is what went wrong last, `business` is there once the platform has answered."""

    id: int
    public_id: str
    platform: str
    status: str  # pending_auth, connected, disconnected, deauthorized
    settings: dict[str, str]
    business: BusinessAnswer | None
    errors: list[str]
    last_pull_at: str | None
    created_at: str
    created_by: str
    updated_at: str


class ConnectionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The connections of an entity by identifier."""

    connections: list[ConnectionAnswer]


def _platforms(call: Call) -> Answer:
    found = sorted(call.context.platforms().items())
    return PlatformsAnswer(
        platforms=[
            PlatformRow(
                name=name,
                title=platform.TITLE,
                fields=[PlatformField(**each._asdict()) for each in platform.FIELDS],
                pulls=[*platform.PULLS],
                pushes=[*platform.PUSHES],
            )
            for name, platform in found
        ]
    )


def _list(call: Call) -> Answer:
    ended = call.asked.query.flag("disconnected", absent=False)
    found = connections(call.context, call.principal, call.entity_id, disconnected=ended)
    return found if isinstance(found, Denied) else ConnectionsAnswer(connections=[_written(each) for each in found])


def _create(call: Call) -> Answer:
    made = create_connection(call.context, call.principal, call.entity_id)
    if isinstance(made, Denied):
        return made
    return Given(_written(made), 201, {"location": f"{call.asked.path}/{made.id}"})


def _show(call: Call) -> Answer:
    found = connection(call.context, call.principal, call.entity_id, call.number("connection_id"))
    return found if isinstance(found, Denied) else _written(found)


def _configure(call: Call) -> Answer:
    body, wanted = call.read(ConfigurationBody), call.number("connection_id")
    told = configure_connection(
        call.context, call.principal, call.entity_id, wanted, body.platform, body.settings, body.secrets
    )
    return told if isinstance(told, Denied) else _written(told)


def _sync(call: Call) -> Answer:
    job = sync_connection(call.context, call.principal, call.entity_id, call.number("connection_id"))
    if isinstance(job, Denied):
        return job
    return Given(written_job(job), 202, {"location": f"{PREFIX}/entities/{call.entity_id}/jobs/{job.id}"})


def _disconnect(call: Call) -> Answer:
    ended = disconnect(call.context, call.principal, call.entity_id, call.number("connection_id"))
    return ended if isinstance(ended, Denied) else _written(ended)


def _written(kept: Connection) -> ConnectionAnswer:
    return ConnectionAnswer(
        id=kept.id,
        public_id=kept.public_id,
        platform=kept.platform,
        status=kept.status,
        settings=settings_of(kept),
        business=BusinessAnswer(**business_of(kept)._asdict()) if kept.business else None,
        errors=[*error_messages(kept)],
        last_pull_at=maybe_instant_text(kept.last_pull_at),
        created_at=instant_text(kept.created_at),
        created_by=kept.created_by,
        updated_at=instant_text(kept.updated_at),
    )


_CONNECTIONS = "/entities/{entity_id}/connections"
_CONNECTION = f"{_CONNECTIONS}/{{connection_id}}"
_ENDED = Parameter("disconnected", "also those that were ended", {"type": "boolean"})

OPERATIONS = (
    Operation("GET", "/platforms", "the accounting platforms that there are", _platforms, gives=PlatformsAnswer),
    Operation(
        "GET", _CONNECTIONS, "connections to accounting platforms", _list, gives=ConnectionsAnswer, parameters=(_ENDED,)
    ),
    Operation("POST", _CONNECTIONS, "a connection that waits to be told where it leads", _create,
              gives=ConnectionAnswer, status=201),
    Operation("GET", _CONNECTION, "one connection", _show, gives=ConnectionAnswer),
    # PUT: telling it again is the same, and an answer kept under a key would wait for the platform in a transaction.
    Operation("PUT", f"{_CONNECTION}/platform", "say which platform it is and how to sign in there", _configure,
              ConfigurationBody, ConnectionAnswer),
    Operation("POST", f"{_CONNECTION}/sync", "pull from it now", _sync, gives=JobAnswer, status=202),
    Operation("POST", f"{_CONNECTION}/disconnect", "end it, and erase its secrets", _disconnect,
              gives=ConnectionAnswer),
)  # fmt: skip

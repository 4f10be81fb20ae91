"""One database as a store: transactions that read, that write into an audit chain, and that keep house."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as NoneFreeError

from tieout.store.errors import StoreUnreachable
from tieout.store.protocols import Scope
from tieout.store.sql.chain import append, locked_head
from tieout.store.sql.collecting import Collected
from tieout.store.sql.database import Database
from tieout.store.sql.postgres import Postgres
from tieout.store.sql.reading import SqlReading
from tieout.store.sql.sqlite import Sqlite
from tieout.store.sql.writing import SqlWriting

_NO_SCOPE = Scope("organisation", 0)


def open_store(url: str) -> "SqlStore":
    """The store at `sqlite:///PATH` or `postgresql://...`. Raises StoreUnreachable for any other address."""
    return SqlStore(database_of(url))


def database_of(url: str) -> Database:
    """The engine that an address names; nothing is connected yet. Raises StoreUnreachable."""
    try:
        parsed: URL = make_url(url)
    except ArgumentError as error:
        raise StoreUnreachable("its address is no URL") from error
    match parsed.get_backend_name():
        case "sqlite" if parsed.database:
            return Sqlite(parsed)
        case "postgresql" | "postgres":
            return Postgres(parsed.set(drivername="postgresql+psycopg"))
    raise StoreUnreachable("its address begins with neither sqlite:///PATH nor postgresql://")


class SqlStore:
    """One database."""

    def __init__(self, database: Database) -> None:
        self.name = database.name
        self.database = database
        # SQLite has one writer: threads of one process wait here in turn, instead of asking again and again.
        self._turn = threading.Lock() if database.name == "sqlite" else None
        self._watchers: list[tuple[type[Any], Callable[[], None]]] = []

    @contextmanager
    def reading(self) -> Iterator[SqlReading]:
        """A view of one moment."""
        with self._connected() as connection:
            connection.execute(self.database.begin_reading)
            yield SqlReading(self.database, connection)

    @contextmanager
    def glancing(self) -> Iterator[SqlReading]:
        """For one question: no transaction is opened, every answer is of its own moment."""
        with self._connected() as connection:
            yield SqlReading(self.database, connection)

    @contextmanager
    def writing(self, scope: Scope, actor: str, action: str, at: int) -> Iterator[SqlWriting]:
        """A transaction that locks its scope first; leaving the block commits, an exception rolls back."""
        with self._in_turn(), self._connected() as connection:
            with self.database.together(connection):
                connection.execute(self.database.begin_writing)
                head = locked_head(self.database, connection, scope)
            collected = Collected()
            work = SqlWriting(self.database, connection, scope, collected)
            yield work
            if work.rolled_back:
                connection.execute("ROLLBACK")
                return
            body = collected.body()
            with self.database.together(connection):
                if body is not None:
                    append(self.database, connection, scope, head, (at, actor, action, body))
                connection.execute("COMMIT")
        self._tell(work)

    @contextmanager
    def operating(self) -> Iterator[SqlWriting]:
        """A transaction for operational rows alone: it locks no scope and writes no event."""
        with self._in_turn(), self._connected() as connection:
            connection.execute(self.database.begin_writing)
            work = SqlWriting(self.database, connection, _NO_SCOPE, Collected())
            yield work
            connection.execute("ROLLBACK" if work.rolled_back else "COMMIT")
        if not work.rolled_back:
            self._tell(work)

    @contextmanager
    def watching(self, noun: type[Any], told: Callable[[], None]) -> Iterator[None]:
        """Inside the block `told` is called after every commit of this process that may have written such rows."""
        watcher = (noun, told)
        # Replaced, never changed: a commit of another thread goes through it.
        self._watchers = [*self._watchers, watcher]
        try:
            yield
        finally:
            self._watchers = [each for each in self._watchers if each is not watcher]

    def _tell(self, work: SqlWriting) -> None:
        for noun, told in self._watchers:
            if noun in work.touched:
                told()

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        with self._turn:
            yield

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """A driver's connection; what is left open on it is rolled back when it is given back.

        Raises StoreUnreachable, also where the connection is lost on the way.
        """
        try:
            pooled = self.database.engine.raw_connection()
        except self.database.lost as error:
            raise StoreUnreachable(" ".join(str(error).split())) from error
        except NoneFreeError as error:
            raise StoreUnreachable("every connection of this process is in use") from error
        try:
            yield pooled.driver_connection
        except self.database.lost as error:
            pooled.invalidate(error)
            raise StoreUnreachable(" ".join(str(error).split())) from error
        finally:
            pooled.close()

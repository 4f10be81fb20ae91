"""PostgreSQL: many writers, each entity's one after another; bulk through COPY."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import psycopg
from sqlalchemy import ARRAY, Column, ColumnElement, Table, Text, any_, bindparam, create_engine, event, func
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.engine import URL

from tieout.store.errors import CannotKeep, Conflict
from tieout.store.sql.copying import copy_blocks
from tieout.store.sql.database import Database, mark

CONNECTIONS_MAX = 48
# Identifiers a process takes at once: a commit of its own for each would halve the writers of one-row changes.
ID_BLOCK = 100


class Postgres(Database):
    """PostgreSQL 14 or newer, through psycopg 3."""

    name: ClassVar[str] = "postgresql"
    begin_reading: ClassVar[str] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    begin_writing: ClassVar[str] = "BEGIN ISOLATION LEVEL READ COMMITTED"
    lock: ClassVar[str] = " FOR UPDATE"
    lost: ClassVar[tuple[type[Exception], ...]] = (psycopg.OperationalError, psycopg.InterfaceError)

    def __init__(self, url: URL) -> None:
        engine = create_engine(url, pool_size=CONNECTIONS_MAX, max_overflow=0, pool_pre_ping=False)
        event.listen(engine, "connect", _prepare)
        super().__init__(engine)
        self.dialect = psycopg_dialect.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
        self._ids = _IdBlocks(url)

    def run(self, connection: psycopg.Connection[Any], text: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """Execute one statement. Raises Conflict and CannotKeep."""
        with _in_our_words():
            return connection.execute(text, values)

    @contextmanager
    def together(self, connection: psycopg.Connection[Any]) -> Iterator[None]:
        """One way to the server and back for all of them: a change holds the lock of its entity for less."""
        with _in_our_words(), connection.pipeline():
            yield

    def among(self, column: ColumnElement[Any], name: str, *, texts: bool) -> ColumnElement[bool]:
        """The list comes as one array."""
        kind = Text() if texts else column.type
        return column == any_(bindparam(name, type_=ARRAY(kind)))

    def list_value(self, values: Sequence[Any]) -> list[Any]:
        """The list itself."""
        return list(values)

    def contains(self, column: ColumnElement[str], name: str, *, any_case: bool) -> ColumnElement[bool]:
        """Upper and lower case as the database's own locale has them."""
        searched = func.lower(column.collate("default")) if any_case else column
        return func.strpos(searched, mark(Column(name, Text()), name)) > 0

    def insert_many(
        self, connection: psycopg.Connection[Any], table: Table, count: int, columns: Mapping[str, object]
    ) -> None:
        """One COPY."""
        names = ", ".join(f'"{name}"' for name in columns)
        try:
            with connection.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for block in copy_blocks(count, list(columns.values())):
                    copy.write(block)
        except psycopg.IntegrityError as error:
            raise Conflict(_words(error)) from error
        except (psycopg.DataError, UnicodeEncodeError) as error:
            raise CannotKeep("a value", str(error)) from error

    def new_ids(self, connection: Any, sequence: str, count: int) -> range:  # noqa: ARG002
        """Taken in a transaction of its own, so that entities do not wait for each other."""
        return self._ids.take(sequence, count)

    def stream(self, connection: psycopg.Connection[Any], text: str, values: Sequence[Any], size: int) -> Iterator[Any]:
        """Rows in blocks of `size`, through a cursor on the server."""
        with connection.cursor(name="blocks") as cursor:
            cursor.itersize = size
            cursor.execute(text, values)
            while rows := cursor.fetchmany(size):
                yield rows

    def column_blocks(
        self, connection: psycopg.Connection[Any], text: str, values: Sequence[Any], columns: Mapping[str, bool]
    ) -> Iterator[Sequence[str]]:
        """Ids are put together by their upper bits; texts come as bytes, since no text of PostgreSQL holds a NUL."""
        joined = ", ".join(_TEXTS_JOINED[is_text].format(f'"{name}"') for name, is_text in columns.items())
        upper_bits = f"id >> {_BLOCK_BITS}"
        command = f"SELECT {joined} FROM ({text}) AS found GROUP BY {upper_bits} ORDER BY {upper_bits}"  # noqa: S608
        with connection.cursor(name="column_blocks", binary=True) as cursor:
            cursor.execute(command, values)
            while found := cursor.fetchone():
                yield [column.decode() if isinstance(column, bytes) else column for column in found]

    def close(self) -> None:
        """Give the connection for identifiers back too."""
        self._ids.close()
        super().close()


class _IdBlocks:
    """Blocks of identifiers for one process, on a connection of their own."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self._left: dict[str, range] = {}

    def take(self, sequence: str, count: int) -> range:
        with self._lock:
            left = self._left.get(sequence, range(0))
            if count > len(left):
                left = self._block(sequence, max(count, ID_BLOCK))
            self._left[sequence] = left[count:]
            return left[:count]

    def _block(self, sequence: str, count: int) -> range:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._url, autocommit=True)
            # A transaction that uses the block syncs a later part of the same log, and so this one with it.
            self._connection.execute("SET synchronous_commit = off")
        found = self._connection.execute(_TAKE_IDS, {"name": sequence, "count": count}).fetchone()
        assert found is not None
        return range(found[0] - count, found[0])

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()


# Rows whose texts are held at once: two to the power of this many ids.
_BLOCK_BITS = 16
_TEXTS_JOINED = {False: "string_agg({}::text, ' ')", True: "string_agg(convert_to({}, 'UTF8'), '\\x00')"}
_TAKE_IDS = (
    "INSERT INTO id_blocks AS block (name, next_id) VALUES (%(name)s, 1 + %(count)s)"
    " ON CONFLICT (name) DO UPDATE SET next_id = block.next_id + %(count)s RETURNING next_id"
)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except psycopg.IntegrityError as error:
        raise Conflict(_words(error)) from error
    except (psycopg.DataError, UnicodeEncodeError) as error:
        raise CannotKeep("a value", str(error)) from error


def _words(error: psycopg.Error) -> str:
    return " ".join(filter(None, (error.diag.message_primary, error.diag.message_detail)))


def _prepare(connection: psycopg.Connection[Any], _: object) -> None:
    """Transactions begin where we say so."""
    connection.autocommit = True

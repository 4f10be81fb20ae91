"""SQLite: one file, one writer at a time, every commit on disk before it is answered."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import repeat
from typing import Any, ClassVar

from sqlalchemy import Column, ColumnElement, Table, Text, create_engine, event, func, select, text
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from tieout.store.errors import CannotKeep, Conflict
from tieout.store.sql.database import Database, mark
from tieout.store.sql.rows import INT64_MAX, INT64_MIN

# Another process may be writing; one bulk load of a million lines takes longer than this only on a broken disk.
BUSY_MILLISECONDS = 60_000
# Readers never wait for each other, and FastAPI runs at most 40 functions at once.
CONNECTIONS_MAX = 48


class Sqlite(Database):
    """SQLite 3.38 or newer, through the standard library."""

    name: ClassVar[str] = "sqlite"
    begin_reading: ClassVar[str] = "BEGIN"
    begin_writing: ClassVar[str] = "BEGIN IMMEDIATE"
    lock: ClassVar[str] = ""  # the whole database is locked already
    lost: ClassVar[tuple[type[Exception], ...]] = (sqlite3.OperationalError,)

    def __init__(self, url: URL) -> None:
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=CONNECTIONS_MAX,
            max_overflow=0,
            connect_args={"check_same_thread": False, "cached_statements": 512},
        )
        event.listen(engine, "connect", _prepare)
        super().__init__(engine)
        self.dialect = sqlite_dialect(paramstyle="qmark")

    def run(self, connection: sqlite3.Connection, text: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Execute one statement. Raises Conflict and CannotKeep."""
        try:
            return connection.execute(text, values)
        except sqlite3.IntegrityError as error:
            raise Conflict(str(error)) from error
        except (OverflowError, UnicodeEncodeError) as error:
            raise CannotKeep("a value", str(error)) from error

    def together(self, connection: sqlite3.Connection) -> AbstractContextManager[object]:  # noqa: ARG002
        """There is no way to a server to be saved."""
        return nullcontext()

    def among(self, column: ColumnElement[Any], name: str, *, texts: bool) -> ColumnElement[bool]:  # noqa: ARG002
        """The list comes as one JSON text."""
        return column.in_(select(text("value")).select_from(func.json_each(mark(Column(name, _TEXT), name))))

    def list_value(self, values: Sequence[Any]) -> str:
        """The list as JSON."""
        return json.dumps(list(values))

    def contains(self, column: ColumnElement[str], name: str, *, any_case: bool) -> ColumnElement[bool]:
        """`lower_text` is Python's lower(): SQLite's own knows ASCII alone."""
        searched = func.lower_text(column) if any_case else column
        return func.instr(searched, mark(Column(name, _TEXT), name)) > 0

    def insert_many(
        self, connection: sqlite3.Connection, table: Table, count: int, columns: Mapping[str, object]
    ) -> None:
        """Columns of one value stand in the statement: binding one takes a third of the time that keeping it takes."""
        names = ", ".join(f'"{name}"' for name in columns)
        spelled = [_spelled(column) for column in columns.values()]
        marks = ", ".join("?" if literal is None else literal for literal in spelled)
        varying = [column for column, literal in zip(columns.values(), spelled, strict=True) if literal is None]
        rows = zip(*map(_values, varying), strict=True) if varying else repeat((), count)
        try:
            connection.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608
        except sqlite3.IntegrityError as error:
            raise Conflict(str(error)) from error
        except (OverflowError, UnicodeEncodeError) as error:
            raise CannotKeep("a value", str(error)) from error

    def new_ids(self, connection: sqlite3.Connection, sequence: str, count: int) -> range:
        """Taken inside the transaction, which is the only one that writes."""
        (following,) = connection.execute(_TAKE_IDS, {"name": sequence, "count": count}).fetchone()
        return range(following - count, following)

    def stream(self, connection: sqlite3.Connection, text: str, values: Sequence[Any], size: int) -> Any:
        """Rows in blocks of `size`."""
        cursor = connection.execute(text, values)
        while rows := cursor.fetchmany(size):
            yield rows

    def column_blocks(
        self, connection: sqlite3.Connection, text: str, values: Sequence[Any], columns: Mapping[str, bool]
    ) -> Iterator[Sequence[str]]:
        """One question per range of ids: sorting and limiting rows would copy each of them once more."""
        marks = {False: "' '", True: "nul"}
        joined = ", ".join(f'group_concat("{name}", {marks[is_text]})' for name, is_text in columns.items())
        by_id = f"SELECT id FROM ({text}) ORDER BY id"  # noqa: S608
        first, last = (connection.execute(f"{by_id} {way} LIMIT 1", values).fetchone() for way in ("ASC", "DESC"))
        if first is None:
            return
        # A mark that is a value to come, or that a function makes, would take as long again as all the rest.
        block = f"SELECT {joined} FROM ({text}), (SELECT char(0) AS nul) WHERE id >= ? AND id < ?"  # noqa: S608
        for start in range(first[0], last[0] + 1, _BLOCK_IDS):
            found = connection.execute(block, (*values, start, start + _BLOCK_IDS)).fetchone()
            if found[0] is not None:
                yield found


_TEXT = Text()
# Rows whose texts are held at once: those within so many ids.
_BLOCK_IDS = 65_536
_TAKE_IDS = (
    "INSERT INTO id_blocks (name, next_id) VALUES (:name, 1 + :count)"
    " ON CONFLICT (name) DO UPDATE SET next_id = next_id + :count RETURNING next_id"
)


def _spelled(column: object) -> str | None:
    """One value for all rows as a literal; None for a column that has one for each. Raises CannotKeep."""
    match column:
        case None:
            return "NULL"
        case int():
            if not INT64_MIN <= column <= INT64_MAX:
                raise CannotKeep("a value", "the number is beyond 64 bits")
            return str(int(column))
        case str():
            doubled = column.replace("'", "''")
            return f"'{doubled}'"
        case bytes():
            return f"x'{column.hex()}'"
    return None


def _values(column: Any) -> Any:
    return column.tolist() if hasattr(column, "tolist") else column


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    """Transactions begin where we say so; what is committed is on disk."""
    connection.isolation_level = None
    connection.create_function("lower_text", 1, str.lower, deterministic=True)
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -65536",
        "temp_store = MEMORY",
        "trusted_schema = OFF",
        "secure_delete = ON",  # what is erased does not stay in the pages that it stood in
    ):
        connection.execute(f"PRAGMA {pragma}")

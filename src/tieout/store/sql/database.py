"""What the two engines do differently, behind one class each; everything above speaks to this one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import ColumnElement, Engine, Table, bindparam
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import ClauseElement

Row = tuple[Any, ...]


class Prepared(NamedTuple):
    """The text of a statement with its marks in order, and the names of the values that go there."""

    text: str
    names: tuple[str, ...]
    given: Mapping[str, Any]  # values that the statement itself brings

    def values(self, named: Mapping[str, Any]) -> Row:
        """The values in the order of the marks."""
        if self.given:
            named = {**self.given, **named}
        return tuple([named[name] for name in self.names])


class Database(ABC):
    """One engine: its pool of connections and its dialect of SQL. Connections are in no transaction when taken."""

    name: ClassVar[str]
    dialect: Dialect
    begin_reading: ClassVar[str]
    begin_writing: ClassVar[str]
    lock: ClassVar[str]  # what a SELECT ends in to lock its rows
    lost: ClassVar[tuple[type[Exception], ...]]  # what the driver raises when the database does not go on answering

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._prepared: dict[Any, Prepared] = {}

    def prepared(self, key: Any, build: Callable[[], ClauseElement]) -> Prepared:
        """The statement of this shape; it is built and rendered once per process."""
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = self.rendered(build())
        return found

    def rendered(self, statement: ClauseElement) -> Prepared:
        """A statement as the engine's text."""
        compiled = statement.compile(dialect=self.dialect)
        names = tuple(getattr(compiled, "positiontup", None) or ())
        given = {name: value for name, value in compiled.params.items() if value is not None}
        return Prepared(f"{compiled}", names, given)

    @abstractmethod
    def run(self, connection: Any, text: str, values: Sequence[Any] = ()) -> Any:
        """Execute one statement on a driver's connection and return its cursor. Raises Conflict and CannotKeep."""

    @abstractmethod
    def among(self, column: ColumnElement[Any], name: str, *, texts: bool) -> ColumnElement[bool]:
        """Whether a column's value is in a list bound as one value, so that every length is the same statement."""

    @abstractmethod
    def list_value(self, values: Sequence[Any]) -> Any:
        """A list as `among` binds it."""

    @abstractmethod
    def contains(self, column: ColumnElement[str], name: str, *, any_case: bool) -> ColumnElement[bool]:
        """Whether a text column contains the text bound under this name."""

    @abstractmethod
    def insert_many(self, connection: Any, table: Table, count: int, columns: Mapping[str, object]) -> None:
        """Insert `count` rows given as columns. Raises Conflict."""

    @abstractmethod
    def new_ids(self, connection: Any, sequence: str, count: int) -> range:
        """Identifiers that were never given before."""

    @abstractmethod
    def stream(self, connection: Any, text: str, values: Sequence[Any], size: int) -> "RowBlocks":
        """Execute a query of many rows and give them in blocks."""

    @abstractmethod
    def column_blocks(
        self, connection: Any, text: str, values: Sequence[Any], columns: Mapping[str, bool]
    ) -> Iterator[Sequence[str]]:
        """The rows of a query in blocks by ascending id, each column of a block as one text.

        columns: the query's, in their order, and whether each is a text; its first is `id`, and no value is absent.
        Between two numbers stands a blank, between two texts a NUL, which no text holds. Reading it takes a quarter of
        the time that rows of Python values take.
        """

    @abstractmethod
    def together(self, connection: Any) -> AbstractContextManager[object]:
        """Statements whose answers nobody waits for, sent at once. Raises Conflict and CannotKeep at the end."""

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


RowBlocks = Any


def mark(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """A value to come, of the column's type."""
    return bindparam(name, type_=column.type)

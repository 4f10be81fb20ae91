"""What services ask of a store: nouns of the domain in, nouns of the domain out, one transaction at a time.

A noun is one of the frozen dataclasses of `tieout.domain` that stand for one row. Facts (lines, statements, matches,
allocations, adjustments, states, events) are only ever added; the others may be replaced.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.store.audit_trail import TrailFault

Noun = TypeVar("Noun")
Scalar: TypeAlias = int | str | bytes | bool | None
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "contains any case"]


class Condition(NamedTuple):
    """One condition on a column; `None` with = and != asks for absent and present values."""

    column: str
    operator: Operator
    value: Scalar | Sequence[int] | Sequence[str]


class Order(NamedTuple):
    """One column to sort by. Every order that a caller gives ends in an identifier."""

    column: str
    descending: bool = False


class Scope(NamedTuple):
    """Whose audit chain a transaction writes to, and what it locks first: one entity, or the organisation."""

    kind: Literal["entity", "organisation"]
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class LineNow(NamedTuple):
    """The version of a line that counts, with what is tied and cleared of it."""

    line: Line
    used_minor_units: int  # by live confirmed matches; signed as the line
    cleared_in: int | None  # the reconciliation it is ticked in

    @property
    def left_minor_units(self) -> int:
        """What no live confirmed match uses."""
        return self.line.minor_units - self.used_minor_units

    @property
    def tied(self) -> bool:
        """Whether live confirmed matches use all of it."""
        return self.used_minor_units != 0 and self.left_minor_units == 0


# What an integration asks for: neither read nor resolved, not resolved whether read or not, or resolved.
DeliveryState: TypeAlias = Literal["unread", "unresolved", "resolved"]


class LineTotals(NamedTuple):
    """Count and signed sums of lines."""

    lines: int
    minor_units: int
    used_minor_units: int


class Reading(Protocol):
    """A consistent view of what is kept."""

    def one(self, noun: type[Noun], /, **equal: Scalar) -> Noun | None:
        """The noun whose columns equal these, or None; at most one may."""
        ...

    def all(
        self,
        noun: type[Noun],
        /,
        *conditions: Condition,
        order: Sequence[Order] = (),
        limit: int | None = None,
        offset: int = 0,
        **equal: Scalar,
    ) -> list[Noun]:
        """Every noun that meets the conditions; in the order of its key where none is given."""
        ...

    def count(self, noun: type[Any], /, *conditions: Condition, **equal: Scalar) -> int:
        """How many meet the conditions."""
        ...

    def document_bytes(self, entity_id: int, document_id: int) -> bytes:
        """The bytes of a document as they were received."""
        ...

    def line(self, entity_id: int, line_id: int) -> LineNow | None:
        """The line as it counts now; None where there is none or it is deleted."""
        ...

    def lines(
        self,
        entity_id: int,
        *conditions: Condition,
        open_only: bool = False,
        order: Sequence[Order] = (Order("id"),),
        after: Sequence[int | str] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[LineNow]:
        """Lines as they count now, without deleted ones.

        Conditions are on columns of Line, `used_minor_units` and `cleared_in`. after: values of the order's columns;
        only lines behind them come (keyset paging: page 10,000 costs what page 1 costs).
        """
        ...

    def line_totals(self, entity_id: int, *conditions: Condition, open_only: bool = False) -> LineTotals:
        """Count and sums of the lines as they count now."""
        ...

    def entity_of(self, noun: type[Any], noun_id: int) -> int | None:
        """The entity of a row whose path carries an id alone; None where there is no such row."""
        ...

    def line_table(self, entity_id: int, side: Side, *conditions: Condition) -> LineTable:
        """Open lines as columns for the engine: amounts are what is left, ids are decimal texts, accounts too.

        `line` is the version that counts of each line; `rate` the one it was booked at. Rows come in no order of their
        own: the engine puts them into its own.
        """
        ...

    def match(self, entity_id: int, match_id: int) -> StoredMatch | None:
        """One match with all that belongs to it."""
        ...

    def matches(
        self, entity_id: int, *, status: MatchStatus | None = None, after: int = 0, limit: int = 100
    ) -> list[StoredMatch]:
        """Matches by id, those above `after`, at most `limit`."""
        ...

    def matches_of(self, entity_id: int, line_ids: Iterable[int], status: MatchStatus) -> list[StoredMatch]:
        """Matches in this state that use any of these lines, by id."""
        ...

    def match_page(
        self,
        entity_id: int,
        line_kind: str,
        status: MatchStatus,
        *conditions: Condition,
        limit: int,
        offset: int = 0,
    ) -> tuple[int, list[StoredMatch]]:
        """How many matches in this state have a line of this kind, and some of them by id.

        Conditions are on columns of MatchRecord. It counts, so it is for faces whose pages are numbered.
        """
        ...

    def delivery_page(
        self,
        entity_id: int,
        integration_id: int,
        state: DeliveryState,
        *,
        of_batch: Sequence[Condition] = (),
        of_entry: Sequence[Condition] = (),
        limit: int,
        offset: int = 0,
    ) -> tuple[int, list[int]]:
        """How many settlement entries stand so with an integration, and the lines of some of them, ascending.

        Entries of open batches are none of them. of_batch: on columns of SettlementBatch and `closed_at`, when it was
        finalised, or else analysed; of_entry: on columns of SettlementEntry. Without conditions of the second kind
        nothing is counted, and a page costs the same however much was delivered before it.
        """
        ...

    def next_to_deliver(
        self, entity_id: int, integration_id: int, batch_id: int, state: DeliveryState, first: int
    ) -> int | None:
        """The first line of a batch from `first` on that stands so with an integration; None where there is none."""
        ...

    def event_count(self, scope: Scope) -> int:
        """The length of an audit chain: it grows with every business change, so equal lengths mean nothing changed."""
        ...

    def trail_faults(self, organisation_id: int) -> list[TrailFault]:
        """What the audit chains of an organisation and its entities do not bear out; empty when all is as they say.

        Chains are gapless and unchanged, rows are what the events put together say, bytes are those received, and what
        is used of a line is the sum of what live confirmed matches use of it.
        """
        ...


class Writing(Reading, Protocol):
    """One transaction. What it writes becomes one event of its scope's audit chain, unless it writes nothing."""

    scope: Scope

    def new_ids(self, noun: type[Any], count: int = 1) -> Sequence[int]:
        """Identifiers never given before, ascending."""
        ...

    def add(self, *nouns: object) -> None:
        """Insert rows. Raises Conflict where a key or constraint forbids one."""
        ...

    def add_unless_kept(self, noun: object) -> bool:
        """Insert a row unless a key or unique index keeps one in its place; whether it was inserted.

        Whoever writes such a row at the same moment is waited for.
        """
        ...

    def lock(
        self,
        noun: type[Noun],
        /,
        *conditions: Condition,
        order: Sequence[Order] = (),
        limit: int | None = None,
        wait: bool = True,
        **equal: Scalar,
    ) -> list[Noun]:
        """As `all`, as of now; nobody else changes these rows before the transaction ends.

        wait: False leaves out the rows that another transaction has locked.
        """
        ...

    def add_many(self, noun: type[Any], count: int, columns: Mapping[str, object]) -> None:
        """Insert `count` rows given as columns, each a sequence or one value for all; COPY where the engine has it."""
        ...

    def change(self, noun: object, **values: Scalar) -> bool:
        """Update the row of a noun that is no fact, if it still is as `noun` says; whether it was."""
        ...

    def remove(self, noun: object) -> bool:
        """Delete the row of a noun that is no fact; whether it was there."""
        ...

    def keep_bytes(self, entity_id: int, document_id: int, content: bytes) -> None:
        """Keep the bytes of a document."""
        ...

    def use(self, entity_id: int, uses: Mapping[int, tuple[int, int]]) -> list[int]:
        """Add to what live matches use of lines: by line its amount, and the signed amount to add; opposite to free.

        Returns the lines that have not that much left; nothing is changed where there is one.
        """
        ...

    def operational(self) -> "Writing":
        """The same transaction for rows that make no event: sessions, last use, leases, job progress, kept answers."""
        ...

    def roll_back(self) -> None:
        """Leave nothing of this transaction; the `with` block then ends quietly."""
        ...


class Store(Protocol):
    """One database."""

    name: str  # "sqlite", "postgresql"

    def reading(self) -> AbstractContextManager[Reading]:
        """A view of one moment."""
        ...

    def glancing(self) -> AbstractContextManager[Reading]:
        """For one question: every answer is of its own moment, and costs one way to the database instead of three."""
        ...

    def writing(self, scope: Scope, actor: str, action: str, at: int) -> AbstractContextManager[Writing]:
        """A transaction that locks its scope first, so that changes of one entity happen one after another.

        Leaving the block commits; an exception rolls back.
        """
        ...

    def operating(self) -> AbstractContextManager[Writing]:
        """A transaction for operational rows alone: it locks no scope and writes no event."""
        ...

    def watching(self, noun: type[Any], told: Callable[[], None]) -> AbstractContextManager[None]:
        """Inside the block `told` is called after every commit of this process that may have written such rows."""
        ...

    def close(self) -> None:
        """Give back every connection."""
        ...

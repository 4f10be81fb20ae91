"""What an audit trail proves: that its chain is whole, and that its events, put together, are the rows that are kept.

Every event adds rows, takes rows away, or replaces one. A row that was added once and never taken away must be there as
it was added, and no other: rows are counted, so the order in which two chains wrote does not matter.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from tieout.domain.audit import AuditEvent
from tieout.store.canonical import FIRST_DIGEST, SaidRow, event_digest

# A table and one of its rows as canonical text.
CountedRow: TypeAlias = tuple[str, str]


class TrailFault(NamedTuple):
    """One thing that a trail does not bear out.

    Codes: event_missing, event_changed, event_misplaced, chain_cut, row_missing, row_unexpected, bulk_differs,
    bytes_differ, use_differs, use_of_unknown_line, entries_differ, delivery_differs.
    """

    scope: str
    code: str
    what: str

    def __str__(self) -> str:
        """The fault as a sentence."""
        return f"{self.scope}: {self.what}"


class Bulk(NamedTuple):
    """Rows that one event tells by their range alone: identifiers from first to last, both included."""

    table: str
    entity_id: int
    first: int
    last: int
    rows: int
    digest: str


def chain_faults(scope: str, events: Iterable[AuditEvent], head: tuple[int, bytes]) -> Iterator[TrailFault]:
    """Every break of one chain whose events come in the order of their sequence.

    head: sequence and digest where the chain ends, (0, b"") for none. An edited, dropped, moved or added event and a
    cut end each break it.
    """
    previous, expected = FIRST_DIGEST, 1
    for event in events:
        if event.sequence != expected:
            what = f"event {expected} is missing before event {event.sequence}"
            yield TrailFault(scope, "event_missing", what)
        elif event.previous_digest != previous:
            yield TrailFault(scope, "event_misplaced", f"event {event.sequence} does not follow the one before it")
        content = (event.scope, event.sequence, event.at, event.actor, event.action, event.body)
        if event_digest(event.previous_digest, *content) != event.digest:
            yield TrailFault(scope, "event_changed", f"event {event.sequence} is not as it was written")
        previous, expected = event.digest, event.sequence + 1
    if (expected - 1, previous if expected > 1 else head[1]) != head:
        yield TrailFault(scope, "chain_cut", f"the chain ends at event {expected - 1}, its head says event {head[0]}")


class Folded:
    """What events say must be there, and what is not accounted for yet."""

    def __init__(self) -> None:
        self.bulks: list[Bulk] = []
        self.bytes_kept: dict[tuple[int, int], str] = {}
        self._rows: Counter[CountedRow] = Counter()

    def take(self, body: str) -> None:
        """Put the body of one event on top."""
        for entry in json.loads(body):
            match entry["do"]:
                case "add":
                    self._count(entry["table"], entry["row"], 1)
                case "change":
                    self._count(entry["table"], entry["was"], -1)
                    self._count(entry["table"], {**entry["was"], **entry["now"]}, 1)
                case "remove":
                    self._count(entry["table"], entry["was"], -1)
                case "add many":
                    self.bulks.append(Bulk(**{name: entry[name] for name in Bulk._fields}))
                case "keep bytes":
                    self.bytes_kept[entry["entity_id"], entry["document_id"]] = entry["sha256"]

    def found(self, table: str, row: SaidRow) -> None:
        """A row that is kept."""
        self._count(table, row, -1)

    def faults(self, scope: str) -> Iterator[TrailFault]:
        """Rows that events say and nobody found, and the reverse."""
        for (table, row), count in self._rows.items():
            if count > 0:
                yield TrailFault(scope, "row_missing", f"{table} has no row {row}")
            elif count < 0:
                yield TrailFault(scope, "row_unexpected", f"no event says that {table} has the row {row}")

    def _count(self, table: str, row: dict[str, Any], by: int) -> None:
        # A field that came later is absent in older rows, as its default is.
        said = {name: value for name, value in row.items() if value is not None}
        self._rows[table, json.dumps(said, ensure_ascii=False, sort_keys=True)] += by

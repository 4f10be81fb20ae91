"""How far an object type was read: a run reads what changed since the last one, by id, and ends at an instant.

A record that changes while a run is under way is read by the next one. What becomes visible late, because its
transaction took long, is found by its span (spans.py).
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from tieout.contracts.platform import PlatformFault
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.sources import Source
from tieout.platforms.tryton.values import Row, microseconds_of, wire_instant


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """A cursor. Instants are microseconds."""

    since: int = 0  # changes up to here are read
    until: int = 0  # changes up to here are read when this run ends; 0 while none is under way
    after: int = 0  # the id up to which this run is read


def run_of(cursor: str) -> Run:
    """The run that a cursor tells; the first one for an empty cursor. Raises PlatformFault (malformed)."""
    if not cursor:
        return Run()
    try:
        return msgspec.json.decode(cursor, type=Run, strict=True)
    except msgspec.DecodeError:
        raise PlatformFault(
            "malformed", f"the cursor {cursor!r} is none of Tryton's; sync from the beginning"
        ) from None


def cursor_of(run: Run) -> str:
    """The text of a cursor."""
    return msgspec.json.encode(run).decode()


def begun(books: Books, source: Source, run: Run) -> Run:
    """The run under way, or a new one that ends at the newest change there is now, in the objects or their parts."""
    if run.until:
        return run
    instants = [newest_change(books, source, source.domain(books), ("create_date", *source.instants))]
    for model in sorted({part.model for part in source.parts}):
        instants += [_newest(books, model, (), field, with_inactive=True) for field in ("create_date", "write_date")]
    return Run(since=run.since, until=max(run.since, 1, *instants))


def newest_change(books: Books, source: Source, domain: Sequence[Any], instants: Sequence[str]) -> int:
    """The newest of these instants of the selected records; 0 where there is none."""
    return max(_newest(books, source.model, domain, field, with_inactive=source.with_inactive) for field in instants)


def _newest(books: Books, model: str, domain: Sequence[Any], field: str, *, with_inactive: bool) -> int:
    rows = books.server.rows(
        model,
        [*domain, (field, "!=", None)],
        [field],
        limit=1,
        order=[(field, "DESC")],
        active_test=not with_inactive,
    )
    return max((microseconds_of(_at(row, field)) for row in rows), default=0)


def changed(books: Books, source: Source, run: Run) -> Sequence[Any]:
    """The domain of what a run has still to read."""
    domain = [*source.domain(books), ("id", ">", run.after)]
    if run.since:
        since = wire_instant(run.since)
        of_parts = (f"{part.field}.{name}" for part in source.parts for name in ("create_date", "write_date"))
        domain.append(["OR", *((field, ">", since) for field in ("create_date", *source.instants, *of_parts))])
    return domain


def _at(row: Row, field: str) -> Any:
    first, _, rest = field.partition(".")
    return _at(row[f"{first}."] or {}, rest) if rest else row.get(first)

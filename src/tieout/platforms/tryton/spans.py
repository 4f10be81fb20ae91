"""What there is in each month, to notice what was edited in place or is gone.

A checksum follows from the ids and the newest instant of change: what is added or deleted changes the ids, an edit
moves the instant.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tieout.contracts.platform import PlatformFault, SpanSum
from tieout.kernel.errors import excerpt_of
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.changes import newest_change
from tieout.platforms.tryton.sources import Source
from tieout.platforms.tryton.values import day_of, wire_day

# A century of months; a day further away is a typing mistake, and would cost a question for every month up to it.
_MONTHS_MAX = 1_200


def spans_of(books: Books, source: Source) -> Mapping[str, SpanSum]:
    """What there is by month, `2026-11`; nothing for records that belong to no day. Raises PlatformFault."""
    if not source.day:
        return {}
    first, last = _edge(books, source, "ASC"), _edge(books, source, "DESC")
    if first is None or last is None:
        return {}
    sums = {span: _sum(books, source, span) for span in _months(first, last)}
    return {span: found for span, found in sums.items() if found.objects}


def ids_of(books: Books, source: Source, span: str) -> Sequence[str]:
    """Ids of all records of a month, in ascending order. Raises PlatformFault."""
    if not source.day:
        return ()
    found = books.server.read(f"model.{source.model}.search", _domain(books, source, span), 0, None, [("id", "ASC")])
    if not isinstance(found, list):
        raise PlatformFault("malformed", f"Tryton answered no list of ids but {excerpt_of(str(found))}")
    return [str(record_id) for record_id in found]


def _edge(books: Books, source: Source, direction: str) -> date | None:
    rows = books.server.rows(
        source.model,
        [*source.domain(books), (source.day, "!=", None)],
        [source.day],
        limit=1,
        order=[(source.day, direction)],
    )
    return day_of(rows[0][source.day]) if rows else None


def _months(first: date, last: date) -> Iterator[str]:
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    if end - begin >= _MONTHS_MAX:
        raise PlatformFault("refused", f"Tryton has records from {first} to {last}: one of these days cannot be right")
    yield from (f"{month // 12:04}-{month % 12 + 1:02}" for month in range(begin, end + 1))


def _sum(books: Books, source: Source, span: str) -> SpanSum:
    record_ids = ids_of(books, source, span)
    if not record_ids:
        return SpanSum(0, "")
    newest = newest_change(books, source, _domain(books, source, span), source.instants)
    told = f"{newest} {' '.join(record_ids)}"
    return SpanSum(len(record_ids), hashlib.sha256(told.encode()).hexdigest()[:16])


def _domain(books: Books, source: Source, span: str) -> Sequence[Any]:
    first = _first_of(span)
    next_first = (first + timedelta(days=31)).replace(day=1)
    return [
        *source.domain(books),
        (source.day, ">=", wire_day(first)),
        (source.day, "<", wire_day(next_first)),
    ]


def _first_of(span: str) -> date:
    try:
        return date.fromisoformat(f"{span}-01")
    except ValueError:
        raise PlatformFault("refused", f"{span!r} is no month like 2026-11") from None

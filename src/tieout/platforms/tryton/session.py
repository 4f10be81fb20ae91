"""What the contract of a platform asks for, of one company in Tryton."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tieout.contracts.platform import Business, PlatformFault, Pulled, PulledPage, Pushed, SpanSum
from tieout.platforms.tryton.books import Books
from tieout.platforms.tryton.changes import Run, begun, changed, cursor_of, run_of
from tieout.platforms.tryton.pushing_invoices import find_invoice, push_invoice
from tieout.platforms.tryton.pushing_matches import push_match
from tieout.platforms.tryton.pushing_parties import find_party, push_party
from tieout.platforms.tryton.pushing_payments import push_payment
from tieout.platforms.tryton.sources import SOURCES, Source
from tieout.platforms.tryton.spans import ids_of, spans_of
from tieout.platforms.tryton.statements import find_statement
from tieout.platforms.tryton.values import Row, microseconds_of


class _Target(NamedTuple):
    """How one type of object is made and found."""

    push: Callable[[Books, str, Mapping[str, Any]], Pushed]
    find: Callable[[Books, str], Pushed | None]


_TARGETS: Mapping[str, _Target] = {
    "customer": _Target(
        lambda books, key, body: push_party(books, "customer", key, body),
        lambda books, key: find_party(books, "customer", key),
    ),
    "vendor": _Target(
        lambda books, key, body: push_party(books, "vendor", key, body),
        lambda books, key: find_party(books, "vendor", key),
    ),
    "receivable": _Target(
        lambda books, key, body: push_invoice(books, "out", key, body),
        lambda books, key: find_invoice(books, "out", key),
    ),
    "bill": _Target(
        lambda books, key, body: push_invoice(books, "in", key, body), lambda books, key: find_invoice(books, "in", key)
    ),
    "payment_record": _Target(push_payment, find_statement),
    "match": _Target(push_match, find_statement),
}


class TrytonSession:
    """One company on a server that is signed in to; every call raises PlatformFault."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def business(self) -> Business:
        """Whose books these are."""
        return self._books.business

    def pull(self, object_type: str, cursor: str, limit: int) -> PulledPage:
        """Objects that changed behind the cursor, by id, at most `limit`; from the first with an empty one."""
        source = _source(object_type)
        run = begun(self._books, source, run_of(cursor))
        rows = self._books.server.rows(
            source.model,
            changed(self._books, source, run),
            source.fields,
            limit=limit + 1,
            active_test=not source.with_inactive,
        )
        page, more = rows[:limit], len(rows) > limit
        behind = Run(run.since, run.until, page[-1]["id"]) if more else Run(run.until)
        pulled = [self._pulled(object_type, source, row) for row in page]
        return PulledPage(pulled, cursor_of(behind), more)

    def spans(self, object_type: str) -> Mapping[str, SpanSum]:
        """By month what there is of invoices, bills and journal lines; nothing for other types."""
        return spans_of(self._books, _source(object_type))

    def ids(self, object_type: str, span: str) -> Sequence[str]:
        """Ids of all objects of a month."""
        return ids_of(self._books, _source(object_type), span)

    def push(self, object_type: str, key: str, body: Mapping[str, Any]) -> Pushed:
        """Make a posted invoice or statement once; a second push of one key gives the first one again."""
        return _target(object_type).push(self._books, key, body)

    def find(self, object_type: str, key: str) -> Pushed | None:
        """What was posted under the key; None where there is nothing, or a draft alone, which a push goes on with."""
        return _target(object_type).find(self._books, key)

    def _pulled(self, object_type: str, source: Source, row: Row) -> Pulled:
        changed_at = max(microseconds_of(row["create_date"]), microseconds_of(row["write_date"]))
        content = source.content(self._books, row)
        return Pulled(object_type, str(row["id"]), content, changed_at or None, source.key(row))


def _source(object_type: str) -> Source:
    if object_type not in SOURCES:
        raise PlatformFault("refused", f"Tryton has nothing that is a {object_type}; it has: {', '.join(SOURCES)}")
    return SOURCES[object_type]


def _target(object_type: str) -> _Target:
    if object_type not in _TARGETS:
        raise PlatformFault("refused", f"nothing can be made in Tryton as a {object_type}")
    return _TARGETS[object_type]

"""Pages by token, in both directions: opaque, signed, good for one list of one entity.

A token carries the whole query but its size, so that nothing sent beside it counts, as the vendor has it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, NamedTuple

from tieout.contracts.cursors import BadCursor, cursor_of, position_of
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.contracts.http_query import Query
from tieout.dialects.monite.calling import Call
from tieout.dialects.monite.shapes_records import OPERATORS
from tieout.domain.connections import SyncedRecord
from tieout.services.syncing.synced_records import OrderBy, Place, RecordPage, RecordQuery

LIMIT, LIMIT_MAX = 100, 250
TOKEN = "pagination_token"  # noqa: S105, the name of a parameter

_BETWEEN = " "
_SUFFIXES: Mapping[str, str] = {operator: suffix for suffix, operator in OPERATORS.items()}
_ORDERS_BY: Mapping[str, OrderBy] = {"created_at": "created_at", "updated_at": "updated_at", "name": "name"}


class Tokens(NamedTuple):
    """Where the pages beside one begin; None where there is none."""

    next: str | None
    previous: str | None


def page_query(call: Call, read: Callable[[Query], RecordQuery]) -> RecordQuery:
    """What the page that was asked for holds: of a token, or as `read` reads the parameters. Raises RequestFault."""
    query = call.asked.query
    limit = query.whole("limit", LIMIT, 1, LIMIT_MAX)
    token = query.text(TOKEN, None)
    return replace(read(query) if token is None else _query_of(call, token), limit=limit)


def tokens_of(call: Call, query: RecordQuery, page: RecordPage) -> Tokens:
    """The tokens of the pages beside one."""
    records = page.records
    beyond = query.after or query.before
    last = _place(records[-1], query) if records else beyond
    first = _place(records[0], query) if records else beyond
    return Tokens(
        _token(call, replace(query, after=last, before=None)) if page.more_after and last else None,
        _token(call, replace(query, after=None, before=first)) if page.more_before and first else None,
    )


def _place(record: SyncedRecord, query: RecordQuery) -> Place:
    return getattr(record, query.order_by), record.id


def _token(call: Call, query: RecordQuery) -> str:
    direction: Literal["next", "prev"] = "prev" if query.after is None else "next"
    place = query.after or query.before
    assert place is not None, "a token names a place"
    ids = _BETWEEN.join(each.replace("-", "") for each in query.object_ids)
    bounds = _BETWEEN.join(f"{column} {_SUFFIXES[operator]} {at}" for column, operator, at in query.bounds)
    position = (*place, direction, query.object_type, query.order_by, int(query.descending), ids, bounds)
    return cursor_of(_key(call), _bound(call), position)


def _query_of(call: Call, token: str) -> RecordQuery:
    """The query that a token carries. Raises RequestFault for one that is no token of this list and entity."""
    try:
        value, record_id, direction, object_type, order_by, descending, ids, bounds = position_of(
            _key(call), _bound(call), token
        )
    except BadCursor:
        said = "this is not a token of this list; begin again without one"
        raise RequestFault(HttpFault(422, "bad_cursor", said, f"query/{TOKEN}")) from None
    place = (value, int(record_id))
    words = str(bounds).split()
    return RecordQuery(
        object_type=str(object_type),
        object_ids=tuple(map(_with_dashes, str(ids).split())),
        bounds=tuple((words[at], OPERATORS[words[at + 1]], int(words[at + 2])) for at in range(0, len(words), 3)),
        order_by=_ORDERS_BY[str(order_by)],
        descending=bool(descending),
        after=place if direction == "next" else None,
        before=place if direction == "prev" else None,
    )


def _with_dashes(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _key(call: Call) -> bytes:
    return call.context.sealer.signing_key("cursors")


def _bound(call: Call) -> tuple[str, ...]:
    return ("monite", call.asked.path, str(call.entity_id))

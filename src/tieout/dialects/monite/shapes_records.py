"""Synced records on the wire, and the query that lists them."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.contracts.http_query import Query
from tieout.dialects.monite.calling import query_uuid
from tieout.dialects.monite.instants import NotAnInstant, instant_of, instant_text
from tieout.dialects.monite.wire import Instant, Uuid
from tieout.domain.connections import SyncedRecord, SyncStatus
from tieout.services.syncing.synced_records import RecordQuery

# The vendor's enumerations, which are closed: nothing else is ever written.
OBJECT_TYPES = ("product", "customer", "vendor", "receivable", "bill", "payment_record")
PLATFORMS = frozenset({"xero", "quickbooks", "quickbooks_online", "quickbooks_online_sandbox"})
ORDERS = ("asc", "desc")
SORTS = ("created_at", "updated_at")
OPERATORS: Mapping[str, Literal["<", "<=", ">", ">="]] = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<="}
# They come back in the address of the next page, and servers take some 16 kB of address.
OBJECT_IDS_MAX = 200

# Unknown is no status of the vendor's: the record is pending, and its errors say what it waits for.
OUTCOME_UNKNOWN = {
    "code": "outcome_unknown",
    "message": "The accounting system did not say whether it took this; it is asked until there is evidence.",
}


class RecordAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one object on both sides."""

    id: Uuid
    created_at: Instant
    updated_at: Instant
    errors: dict[str, Any]
    last_pulled_at: Instant
    object_id: Uuid | None
    object_type: str
    object_updated_at: Instant | None
    platform: str | None
    platform_object_id: str | None
    platform_updated_at: Instant | None
    provider: str | None
    provider_object_id: str | None
    provider_updated_at: Instant | None
    sync_status: str  # pending, error, done


class RecordsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of records, with tokens for the pages beside it."""

    listed: list[RecordAnswer] = msgspec.field(name="data")
    next_pagination_token: str | None
    prev_pagination_token: str | None


def write_record(record: SyncedRecord, platforms: Mapping[int, str]) -> RecordAnswer:
    """A record. platforms: by connection its platform; one that is not the vendor's is null.

    Between us and the accounting system stands no provider. A record that was never pulled shows when it was made.
    """
    unknown = record.status == SyncStatus.UNKNOWN
    platform = platforms.get(record.connection_id, "")
    pulled_at = record.created_at if record.last_pulled_at is None else record.last_pulled_at
    return RecordAnswer(
        id=record.public_id,
        created_at=instant_text(record.created_at),
        updated_at=instant_text(record.updated_at),
        errors=dict(OUTCOME_UNKNOWN) if unknown else json.loads(record.errors or "{}"),
        last_pulled_at=instant_text(pulled_at),
        object_id=record.object_id or None,
        object_type=record.object_type,
        object_updated_at=_maybe(record.object_updated_at),
        platform=platform if platform in PLATFORMS else None,
        platform_object_id=record.platform_object_id or None,
        platform_updated_at=_maybe(record.platform_updated_at),
        provider=None,
        provider_object_id=None,
        provider_updated_at=None,
        sync_status=str(SyncStatus.PENDING) if unknown else record.status,
    )


def _maybe(at: int | None) -> str | None:
    return None if at is None else instant_text(at)


def read_record_query(query: Query) -> RecordQuery:
    """The filters and the order of a list; its size is read elsewhere. Raises RequestFault."""
    object_type = query.choice("object_type", None, OBJECT_TYPES)
    if object_type is None:
        raise RequestFault(HttpFault(422, "required", "Field required", "query/object_type"))
    return RecordQuery(
        object_type=object_type,
        object_ids=_object_ids(query),
        bounds=tuple(
            (column, operator, at)
            for column in SORTS
            for suffix, operator in OPERATORS.items()
            if (at := _instant(query, f"{column}__{suffix}")) is not None
        ),
        order_by="updated_at" if query.choice("sort", SORTS[0], SORTS) == "updated_at" else "created_at",
        descending=query.choice("order", ORDERS[0], ORDERS) == "desc",
    )


def _object_ids(query: Query) -> tuple[str, ...]:
    """What `object_id` and the repeated `object_id__in` leave; where both are given, what they share."""
    one, several = query.text("object_id", None), query.all("object_id__in")
    if len(several) > OBJECT_IDS_MAX:
        said = f"at most {OBJECT_IDS_MAX} of these are looked for at once"
        raise RequestFault(HttpFault(422, "too_many", said, "query/object_id__in"))
    named = None if one is None else query_uuid("object_id", one)
    among = tuple(dict.fromkeys(query_uuid("object_id__in", text) for text in several))
    if named is None:
        return among
    return (named,) if not among or named in among else (NO_OBJECT,)


# The nil UUID, which nothing has.
NO_OBJECT = "00000000-0000-0000-0000-000000000000"


def _instant(query: Query, name: str) -> int | None:
    text = query.text(name, None)
    if text is None:
        return None
    try:
        return instant_of(text)
    except NotAnInstant as misfit:
        raise RequestFault(HttpFault(422, "datetime_parsing", str(misfit), f"query/{name}")) from None

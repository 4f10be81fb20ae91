"""What is written reads back as it was: instants, decimals, settings, the query that a page's token carries."""

from dataclasses import replace
from typing import Any

import msgspec
from hypothesis import strategies as some

from tieout.contracts.exact_json import read_json
from tieout.contracts.http_query import Query
from tieout.dialects.monite.instants import instant_of, instant_text
from tieout.dialects.monite.shapes_records import OBJECT_TYPES, OPERATORS, SORTS, RecordAnswer, read_record_query
from tieout.dialects.monite.shapes_settings import (
    PLACES,
    EntitySettingsBody,
    read_entity_settings,
    write_entity_settings,
)
from tieout.dialects.monite.wire import required_decimal
from tieout.services.syncing.synced_records import RecordQuery

_MILLISECONDS = some.integers(0, 4_000_000_000_000).map(lambda milliseconds: milliseconds * 1_000)
_IDS = some.uuids().map(str)
_INSTANTS = _MILLISECONDS.map(instant_text)
_DECIMALS = some.decimals(places=4, allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12).map(
    lambda value: f"{value:f}"
)
_RECORDS = some.builds(
    RecordAnswer,
    id=_IDS,
    created_at=_INSTANTS,
    updated_at=_INSTANTS,
    errors=some.dictionaries(some.sampled_from(["code", "message"]), some.text(max_size=20)),
    last_pulled_at=_INSTANTS,
    object_id=some.none() | _IDS,
    object_type=some.sampled_from(OBJECT_TYPES),
    object_updated_at=some.none() | _INSTANTS,
    platform=some.none() | some.just("xero"),
    platform_object_id=some.none() | some.text(max_size=10),
    platform_updated_at=some.none() | _INSTANTS,
    provider=some.none(),
    provider_object_id=some.none(),
    provider_updated_at=some.none(),
    sync_status=some.sampled_from(["pending", "error", "done"]),
)
_QUERIES = some.builds(
    RecordQuery,
    object_type=some.sampled_from(OBJECT_TYPES),
    object_ids=some.lists(_IDS, max_size=3, unique=True).map(tuple),
    bounds=some.lists(
        some.tuples(some.sampled_from(SORTS), some.sampled_from(sorted(OPERATORS.values())), _MILLISECONDS),
        max_size=4,
        unique_by=lambda bound: bound[:2],
    ).map(lambda bounds: tuple(sorted(bounds))),
    order_by=some.sampled_from(SORTS),
    descending=some.booleans(),
    limit=some.just(100),
)
_SETTINGS = some.fixed_dictionaries({place.setting: some.just("") | _IDS for place in PLACES})
_SUFFIXES: dict[str, str] = {operator: suffix for suffix, operator in OPERATORS.items()}


def _written_query(query: RecordQuery) -> str:
    parts = [f"object_type={query.object_type}", f"sort={query.order_by}"]
    parts += [f"order={'desc' if query.descending else 'asc'}", *(f"object_id__in={each}" for each in query.object_ids)]
    parts += [f"{column}__{_SUFFIXES[operator]}={instant_text(at)}" for column, operator, at in query.bounds]
    return "&".join(parts)


def _read_query(text: str) -> RecordQuery:
    query = read_record_query(Query(text.encode()))
    return replace(query, bounds=tuple(sorted(query.bounds)))


def _read_settings(body: bytes) -> dict[str, str]:
    return {place.setting: value for place, value in read_entity_settings(read_json(body, EntitySettingsBody))}


ROUND_TRIPS: list[tuple[str, Any, Any, Any]] = [
    ("instant", _MILLISECONDS, instant_text, instant_of),
    ("decimal", _DECIMALS, lambda text: msgspec.json.encode(required_decimal(text)), bytes.decode),
    ("record", _RECORDS, msgspec.json.encode, lambda body: msgspec.json.decode(body, type=RecordAnswer)),
    ("query", _QUERIES, _written_query, _read_query),
    ("settings", _SETTINGS, lambda values: msgspec.json.encode(write_entity_settings(values)), _read_settings),
]

"""The OpenAPI document of this face, made of the shapes that are written; it can be read without signing in."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from fastapi import FastAPI

from tieout.contracts.dialect import Operation
from tieout.dialects.monite import routes_documents, shapes_records
from tieout.dialects.monite.answers import ErrorAnswer, MessageAnswer, MisfitsAnswer
from tieout.dialects.monite.calling import Asking
from tieout.dialects.monite.echoing import ENTITY_HEADER
from tieout.dialects.monite.operations import PREFIX, Served
from tieout.dialects.monite.paging import LIMIT, LIMIT_MAX, TOKEN
from tieout.dialects.monite.routes_tokens import RevokeBody, TokenAnswer, TokenBody
from tieout.dialects.monite.shapes_connections import ConnectionAnswer, ConnectionsAnswer
from tieout.dialects.monite.shapes_documents import PayableAnswer, PayablesAnswer, ReceivableAnswer, ReceivablesAnswer
from tieout.dialects.monite.shapes_ledger import (
    LedgerAccountAnswer,
    LedgerAccountsAnswer,
    TaxRateAnswer,
    TaxRatesAnswer,
)
from tieout.dialects.monite.shapes_records import RecordAnswer, RecordsAnswer
from tieout.dialects.monite.shapes_settings import (
    EntitySettingsAnswer,
    EntitySettingsBody,
    PartnerSettingsAnswer,
    PartnerSettingsBody,
)
from tieout.dialects.monite.versions import VERSION_HEADER, VERSIONS

DOCUMENT = f"{PREFIX}/openapi.json"

Schema: TypeAlias = dict[str, Any]

_NAMES = re.compile(r"\{([a-z_]+)\}")
_TEXT: Schema = {"type": "string"}
_UUID: Schema = {"type": "string", "format": "uuid"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
# Ids of the accounting system's own.
_PLATFORMS_OWN = ("payable_id", "invoice_id")


class Said(NamedTuple):
    """What goes in and out of one operation."""

    gives: type[msgspec.Struct]
    takes: type[msgspec.Struct] | None = None
    status: int = 200
    query: Sequence[Schema] = ()


def _parameter(name: str, schema: Schema, place: str = "query", *, required: bool = False) -> Schema:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _whole(minimum: int, maximum: int | None, default: int) -> Schema:
    bounds = {"minimum": minimum} if maximum is None else {"minimum": minimum, "maximum": maximum}
    return {"type": "integer", **bounds, "default": default}


def _paged(*sorts: str) -> tuple[Schema, ...]:
    return (
        _parameter("sort", {"type": "string", "enum": list(sorts)}),
        _parameter("order", {"type": "string", "enum": list(shapes_records.ORDERS)}),
        _parameter("limit", _whole(1, LIMIT_MAX, LIMIT)),
        _parameter(TOKEN, _TEXT),
    )


_RECORDS_QUERY = (
    _parameter("object_type", {"type": "string", "enum": list(shapes_records.OBJECT_TYPES)}, required=True),
    *_paged(*shapes_records.SORTS),
    _parameter("object_id", _UUID),
    _parameter(
        "object_id__in",
        {"type": "array", "items": _UUID, "minItems": 1, "maxItems": shapes_records.OBJECT_IDS_MAX},
    ),
    *(
        _parameter(f"{column}__{suffix}", _INSTANT)
        for column in shapes_records.SORTS
        for suffix in shapes_records.OPERATORS
    ),
)
_DIRECT_QUERY = (
    _parameter("limit", _whole(1, routes_documents.LIMIT_MAX, routes_documents.LIMIT)),
    _parameter("offset", _whole(0, None, 0)),
)
# By method and the path below the prefix, each brace written as {}.
_SAID: Mapping[str, Said] = {
    "POST /auth/token": Said(TokenAnswer, TokenBody),
    "POST /auth/revoke": Said(MessageAnswer, RevokeBody),
    "GET /accounting_connections": Said(ConnectionsAnswer),
    "POST /accounting_connections": Said(ConnectionAnswer, status=201),
    "GET /accounting_connections/{}": Said(ConnectionAnswer),
    "POST /accounting_connections/{}/sync": Said(MessageAnswer, status=202),
    "POST /accounting_connections/{}/disconnect": Said(ConnectionAnswer),
    "GET /accounting_synced_records": Said(RecordsAnswer, query=_RECORDS_QUERY),
    "GET /accounting_synced_records/{}": Said(RecordAnswer),
    "POST /accounting_synced_records/{}/push": Said(RecordAnswer),
    "GET /accounting_tax_rates": Said(TaxRatesAnswer, query=_paged("name")),
    "GET /accounting_tax_rates/{}": Said(TaxRateAnswer),
    "GET /ledger_accounts": Said(LedgerAccountsAnswer, query=_paged("name")),
    "GET /ledger_accounts/{}": Said(LedgerAccountAnswer),
    "GET /accounting/payables": Said(PayablesAnswer, query=_DIRECT_QUERY),
    "GET /accounting/payables/{}": Said(PayableAnswer),
    "GET /accounting/receivables": Said(ReceivablesAnswer, query=_DIRECT_QUERY),
    "GET /accounting/receivables/{}": Said(ReceivableAnswer),
    "GET /entities/{}/settings": Said(EntitySettingsAnswer),
    "PATCH /entities/{}/settings": Said(EntitySettingsAnswer, EntitySettingsBody),
    "GET /settings": Said(PartnerSettingsAnswer),
    "PATCH /settings": Said(PartnerSettingsAnswer, PartnerSettingsBody),
}
_GIVEN_AND_TAKEN: set[type[msgspec.Struct]] = {
    shape for said in _SAID.values() for shape in (said.gives, said.takes) if shape is not None
}
_SHAPES = sorted(_GIVEN_AND_TAKEN | {ErrorAnswer, MisfitsAnswer}, key=lambda shape: shape.__name__)
_REFERENCES, _COMPONENTS = msgspec.json.schema_components(_SHAPES, ref_template="#/components/schemas/{name}")
_REFERENCE = dict(zip(_SHAPES, _REFERENCES, strict=True))


def described(served: Served) -> Schema:
    """One operation in OpenAPI's words, beside its path."""
    operation = served.operation
    said = _SAID[f"{operation.method} {_NAMES.sub('{}', operation.path).removeprefix(PREFIX)}"]
    described: Schema = {
        "summary": operation.purpose,
        "parameters": [*_in_path(operation), *said.query, *_headers(served.asking)],
        "responses": {
            str(said.status): {"description": "done", **_content(said.gives)},
            "422": {"description": "what does not fit, place by place", **_content(MisfitsAnswer)},
            "4XX": {"description": "why not", **_content(ErrorAnswer)},
        },
    }
    if served.asking == "anybody":
        described["security"] = []
    if said.takes is not None:
        described["requestBody"] = {"required": True, **_content(said.takes)}
    return described


def _in_path(operation: Operation) -> list[Schema]:
    names = _NAMES.findall(operation.path)
    return [_parameter(name, _TEXT if name in _PLATFORMS_OWN else _UUID, "path", required=True) for name in names]


def _headers(asking: Asking) -> list[Schema]:
    version = _parameter(VERSION_HEADER, {"type": "string", "enum": list(VERSIONS)}, "header", required=True)
    return [version, *([_parameter(ENTITY_HEADER, _UUID, "header", required=True)] if asking == "entity" else [])]


def _content(shape: type[msgspec.Struct]) -> Schema:
    return {"content": {"application/json": {"schema": _REFERENCE[shape]}}}


def document_of(application: FastAPI) -> Schema:
    """The whole document; FastAPI writes the paths, and supposes an answer 200 where another is the one."""
    document: Schema = application.openapi()
    document["security"] = [{"token": []}]
    document["components"] = {
        "schemas": _COMPONENTS,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    for path in document["paths"].values():
        for operation in path.values():
            if {"201", "202"} & operation["responses"].keys():
                operation["responses"].pop("200", None)
    return document

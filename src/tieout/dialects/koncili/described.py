"""The OpenAPI document of this face; its place is ours, because the vendor publishes pages for people only.

It can be read without signing in, at /externalapi/openapi.json.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from fastapi import FastAPI

from tieout.contracts.dialect import Operation

DOCUMENT = "/externalapi/openapi.json"

Schema: TypeAlias = dict[str, Any]

_NAMES = re.compile(r"\{([A-Za-z]+)\}")
_KINDS: Mapping[str, Schema] = {
    "whole": {"type": "integer"},
    "number": {"type": "number"},
    "text": {"type": "string"},
    "truth": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0000$"},
    "received": {"type": "string", "description": "released value as the provider wrote it"},
    "effect": {"type": "number", "description": "what the entry adds to the payout, by payoutEffectRule"},
    "rule": {"type": "string", "enum": ["AS_RECEIVED", "BY_TYPE"]},
    "state": {"type": "string", "enum": ["ANALYZED", "FINALIZED"]},
    "situation": {"type": "string", "enum": ["WAITING", "CONCILIED"]},
}
_RECORD = (
    "id:whole oi:text orderCode:text orderId:text orderIdHubOrigin:number? origin:text? channel:text accountName:text "
    "channelStatus:text? internalStatus:text? orderDate:text? paidDate:text? invoiceDate:text? sentDate:text? "
    "cancelDate:text? paymentMethod:text? plotValue:number? totalValue:number? plotsQuantity:whole? plotNumber:whole? "
    "extractType:text originalValue:number? expectedValue:number? releasedValue:number? releasedAsReceived:received? "
    "payoutEffect:effect? payoutEffectRule:rule? expectedPercentualComission:number? "
    "releasedPercentualComission:number? expectedDate:moment? releasedDate:moment? situation:situation concilied:truth "
    "partialConcilied:truth observation:text? conciliationId:whole conciliationInitDate:moment? "
    "conciliationEndDate:moment? conciliationCloseDate:moment? conciliationStatus:state conciliationDifference:number? "
    "resolvedInERP:truth invoiceNumber:text? customerName:text? customerDocumentNumber:whole?"
)


def _object(fields: str) -> Schema:
    """An object of fields `name:kind`; those with a question mark may be null."""
    parts = [part.split(":") for part in fields.split()]
    return {
        "type": "object",
        "properties": {name: _field(kind) for name, kind in parts},
        "required": [name for name, _ in parts],
    }


def _field(kind: str) -> Schema:
    schema = _KINDS[kind.removesuffix("?")]
    return {"anyOf": [schema, {"type": "null"}]} if kind.endswith("?") else schema


def _listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _with(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


_PAGE = _with(
    {
        "page": _object("limit:whole offset:whole count:whole"),
        "count": _KINDS["whole"],
        "content": _listed(_object(_RECORD)),
    }
)
_IDS = _listed(_KINDS["whole"])
_MARKED = _with({"marked": _IDS, "already": _IDS, "unknown": _IDS})
_TOKENS = _object("accessToken:text refreshToken:text gumgaToken:text token:text expiresIn:whole")
_WRONG = {"description": "an errorCode of the vendor's list, or a problem (RFC 7807)", "type": "object"}

_DAYS = {"initDate": "day", "endDate": "day", "conciliationId": "whole", "channelName": "text"}
# By the end of a path: the parameters, the body and the answer.
_SHAPES: Mapping[str, tuple[Mapping[str, str], Schema | None, Schema]] = {
    "/token": ({}, _with({"credentials": _KINDS["text"]}), _TOKENS),
    "/refresh-token": ({}, _with({"refreshToken": _KINDS["text"]}), _TOKENS),
    "/unresolveds": ({"offset": "whole", **_DAYS, "onlyUnread": "truth"}, None, _PAGE),
    "/concilieds": ({"offset": "whole", **_DAYS}, None, _PAGE),
    "/read/batch": ({}, _IDS, _MARKED),
    "/resolve/batch": ({}, _IDS, _MARKED),
}
_OF_ORDER: tuple[Mapping[str, str], Schema | None, Schema] = (
    {"plotNumber": "whole"},
    None,
    _with({"elements": _listed(_object(_RECORD))}),
)


def described(operation: Operation) -> Schema:
    """One operation in OpenAPI's words, beside its path."""
    parameters, body, answered = next(
        (shape for end, shape in _SHAPES.items() if operation.path.endswith(end)), _OF_ORDER
    )
    said: Schema = {
        "summary": operation.purpose,
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": _KINDS["text"]}
                for name in _NAMES.findall(operation.path)
            ),
            *({"name": name, "in": "query", "schema": _KINDS[kind]} for name, kind in parameters.items()),
        ],
        "responses": {
            "200": {"description": "done", **_json(answered)},
            "4XX": {"description": "no", **_json(_WRONG)},
        },
    }
    if body is not None:
        said["requestBody"] = {"required": True, **_json(body)}
    if operation.path.startswith("/public/"):
        said["security"] = []
    return said


def _json(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def document_of(application: FastAPI) -> Schema:
    """The whole document; FastAPI writes the paths."""
    document: Schema = application.openapi()
    document["security"] = [{"gumgaToken": []}, {"bearer": []}]
    document["components"] = {
        "securitySchemes": {
            "gumgaToken": {"type": "apiKey", "in": "header", "name": "gumgaToken"},
            "bearer": {"type": "http", "scheme": "bearer"},
        }
    }
    return document

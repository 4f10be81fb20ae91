"""The OpenAPI document of this face, made of the same shapes that read and write the wire.

It stands where the vendor's own stands, and can be read without signing in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, NamedTuple

from fastapi import FastAPI

from tieout.dialects.kashflow.operations import OPERATIONS
from tieout.dialects.kashflow.shapes_accounts import ACCOUNT, ACCOUNT_CHANGE, ACCOUNT_LISTED, ACCOUNT_PAGE, Code
from tieout.dialects.kashflow.shapes_reconciliations import (
    FAILED,
    NEXT,
    RECONCILIATION,
    RECONCILIATION_CHANGE,
    RECONCILIATION_PAGE,
    TICKS,
)
from tieout.dialects.kashflow.shapes_sessions import LOGIN, REMEMBERED, SESSION
from tieout.dialects.kashflow.shapes_transactions import (
    NOT_DELETED,
    TRANSACTION,
    TRANSACTION_CHANGE,
    TRANSACTION_PAGE,
)
from tieout.dialects.kashflow.wire import Amount, Day, Kind, Members, Moment, Part, Shape, Truth, Whole, Words

DOCUMENT = "/v2/swagger/docs/v1"

_NAMES = re.compile(r"\{([a-z_]+)\}")
_PAGED = ("page", "perpage")
_ACCOUNT = "/v2/bankaccounts/{account_id}"
_TRANSACTION = f"{_ACCOUNT}/transactions/{{transaction_id}}"
_PERIODS = f"{_ACCOUNT}/reconciliations"
_PERIOD = f"{_PERIODS}/{{reconciliation_id}}"
_IDS = {"type": "array", "items": {"type": "integer"}}

Schema = Mapping[str, Any]


class Said(NamedTuple):
    """What goes in and out of one operation."""

    status: int
    answer: Schema | None = None
    body: Schema | None = None
    query: Sequence[str] = ()
    maybe_nothing: bool = False  # 204 too


def _object(shape: Shape[Any]) -> Schema:
    optional = {field.name for field in fields(shape.noun) if field.default is not MISSING}
    properties = {field.name: _schema(field.kind) for field in shape.fields}
    required = [field.name for field in shape.fields if field.attribute not in optional]
    return {
        "type": "object",
        "properties": properties | {name: {"description": "always the same"} for name in shape.constants},
        **({"required": required} if required else {}),
    }


def _array(shape: Shape[Any]) -> Schema:
    return {"type": "array", "items": _object(shape)}


# Day before Moment, whose kind it is too.
_LEAVES: Sequence[tuple[type, Schema]] = (
    (Amount, {"type": ["number", "null"], "description": "four decimals"}),
    (Day, {"type": ["string", "null"], "format": "date"}),
    (Moment, {"type": ["string", "null"], "description": "yyyy-MM-dd 12:00:00; the time says nothing"}),
    (Whole, {"type": ["integer", "null"]}),
    (Truth, {"type": "boolean"}),
    (Code, {"type": ["integer", "string"]}),
    (Words, {"type": ["string", "null"]}),
)


def _schema(kind: Kind) -> Schema:
    if isinstance(kind, Part):
        return _object(kind.shape)
    if isinstance(kind, Members):
        return {"type": "array", "items": _schema(kind.kind)}
    return next(schema for leaf, schema in _LEAVES if isinstance(kind, leaf))


_SAID: Mapping[tuple[str, str], Said] = {
    ("POST", "/v2/sessiontoken"): Said(201, _object(SESSION), _object(LOGIN)),
    ("PUT", "/v2/sessiontoken"): Said(200, _object(SESSION), _object(REMEMBERED)),
    ("GET", "/v2/sessiontoken"): Said(200, _object(SESSION), query=("externalToken", "uid")),
    ("GET", "/v2/sessiontoken/{company_id}"): Said(200, _object(SESSION)),
    ("DELETE", "/v2/sessiontoken/{session_token}"): Said(200, {"type": "object"}),
    ("GET", "/v2/bankaccounts"): Said(200, _array(ACCOUNT_LISTED), query=("includeArchivedAccounts",)),
    ("GET", "/v2/bankaccounts/list"): Said(
        200, _object(ACCOUNT_PAGE), query=(*_PAGED, "order", "includearchivedaccounts")
    ),
    ("POST", "/v2/bankaccounts"): Said(201, _object(ACCOUNT), _object(ACCOUNT_CHANGE)),
    ("GET", _ACCOUNT): Said(200, _object(ACCOUNT)),
    ("PUT", _ACCOUNT): Said(200, _object(ACCOUNT), _object(ACCOUNT_CHANGE)),
    ("DELETE", _ACCOUNT): Said(204),
    ("GET", f"{_ACCOUNT}/transactions"): Said(
        200,
        _object(TRANSACTION_PAGE),
        query=(
            *_PAGED,
            *("startdate", "enddate", "sortcolumn", "order", "filterby", "searchtext", "reconciled"),
            *("includebulk", "includefeedmatched", "includejournals", "iscsv"),
        ),
    ),
    ("POST", f"{_ACCOUNT}/transactions"): Said(201, _object(TRANSACTION), _object(TRANSACTION_CHANGE)),
    ("GET", _TRANSACTION): Said(200, _object(TRANSACTION)),
    ("PUT", _TRANSACTION): Said(200, _object(TRANSACTION), _object(TRANSACTION_CHANGE)),
    ("DELETE", _TRANSACTION): Said(204),
    ("DELETE", f"{_ACCOUNT}/transactionlist"): Said(200, _array(NOT_DELETED), _IDS, maybe_nothing=True),
    ("GET", _PERIODS): Said(200, _object(RECONCILIATION_PAGE), query=(*_PAGED, "sortOrder", "excludetransactions")),
    ("POST", _PERIODS): Said(201, _object(RECONCILIATION), _object(RECONCILIATION_CHANGE)),
    ("GET", f"{_PERIODS}/metadata"): Said(200, _object(NEXT)),
    ("GET", _PERIOD): Said(200, _object(RECONCILIATION), query=("excludetransactions",)),
    ("PUT", _PERIOD): Said(200, _object(RECONCILIATION), _object(RECONCILIATION_CHANGE)),
    ("DELETE", _PERIOD): Said(204),
    ("PUT", f"{_PERIOD}/transactions"): Said(200, _object(FAILED), _object(TICKS)),
}

_ERROR = {
    "description": "refused",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"Error": {"type": "string"}, "Message": {"type": "string"}},
                "required": ["Error", "Message"],
            }
        }
    },
}


def described(method: str, path: str) -> Mapping[str, Any]:
    """One operation in OpenAPI's words, beside its path."""
    purposes = {(operation.method, operation.path): operation.purpose for operation in OPERATIONS}
    said = _SAID[method, path]
    found: dict[str, Any] = {
        "summary": purposes[method, path],
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in _NAMES.findall(path)
            ),
            *({"name": name, "in": "query", "schema": {"type": "string"}} for name in said.query),
        ],
        "responses": {str(said.status): _answered(said.answer), "4XX": _ERROR},
    }
    if said.maybe_nothing:
        found["responses"]["204"] = _answered(None)
    if said.body is not None:
        found["requestBody"] = {"required": True, "content": _in_both(said.body)}
    if method == "POST" and path == "/v2/sessiontoken":
        found["security"] = []
    return found


def document_of(application: FastAPI) -> dict[str, Any]:
    """The whole document; FastAPI writes the paths."""
    document = application.openapi()
    document["security"] = [{"KfToken": []}]
    document["components"] = {
        "securitySchemes": {
            "KfToken": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "KfToken and the token of a session; Bearer and X-SessionToken are taken too",
            }
        }
    }
    for path in document["paths"].values():
        for operation in path.values():
            _leave_only_ours(operation)
    return document


def _answered(answer: Schema | None) -> dict[str, Any]:
    return {"description": "done"} if answer is None else {"description": "done", "content": _in_both(answer)}


def _in_both(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}, "application/xml": {"schema": schema}}


def _leave_only_ours(operation: dict[str, Any]) -> None:
    """Without the answer that FastAPI supposes where another status is the one."""
    answers = operation["responses"]
    if len(answers) > 2 and "content" not in answers.get("200", {"content": None}):
        del answers["200"]

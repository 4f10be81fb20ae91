"""The OpenAPI 3.1 document of the native API, made from the very declarations that are served."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from tieout.api.native.calling import KEY
from tieout.api.native.operations import PREFIX, Operation
from tieout.api.native.problems import PROBLEM, Problem
from tieout.contracts.exact_json import Amount
from tieout.kernel.version import VERSION

_AMOUNT = {
    "type": "string",
    "pattern": r"^-?[0-9]{1,18}(\.[0-9]{1,6})?$",
    "description": "a decimal text; a JSON number is taken too, and keeps every digit",
    "examples": ["-1234.50"],
}
_IDENTIFIER = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
_NAME = re.compile(r"{(\w+)}")
_REFUSED = ("400", "401", "403", "404", "409", "422")


def openapi(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document of these operations."""
    shapes = {Problem, *(shape for each in operations for shape in (each.takes, each.gives) if shape is not None)}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    schemas, components = msgspec.json.schema_components(
        ordered, schema_hook=_schema_of, ref_template="#/components/schemas/{name}"
    )
    named = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(PREFIX + operation.path, {})[operation.method.lower()] = _described(operation, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "tieout", "version": VERSION, "description": "Ties the books to the outside, with proof."},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schema_of(shape: type) -> dict[str, Any]:
    if shape is Amount:
        return dict(_AMOUNT)
    raise TypeError(f"no field of a body may be of type {shape.__name__}")


def _described(operation: Operation, named: dict[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{operation.method.lower()}{re.sub('[^a-z]+', '_', operation.path)}".rstrip("_"),
        "summary": operation.purpose,
        "tags": [operation.tag],
        "parameters": _parameters(operation),
        "responses": {str(operation.status): _success(operation, named), **_refusals(named)},
    }
    if operation.bodies == "upload":
        described["requestBody"] = {"required": True, "content": _UPLOAD}
    elif operation.takes is not None:
        described["requestBody"] = {
            "required": any(field.required for field in msgspec.structs.fields(operation.takes)),
            "content": {"application/json": {"schema": named[operation.takes]}},
        }
    return described


_UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
    },
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _IDENTIFIER if name.endswith("_id") else {"type": "string"},
        }
        for name in _NAME.findall(operation.path)
    ]
    in_query = [
        {"name": each.name, "in": "query", "description": each.purpose, "schema": dict(each.schema)}
        for each in operation.parameters
    ]
    key = {
        "name": KEY,
        "in": "header",
        "description": "the same key and request give the same answer, for 24 hours",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    }
    return [*in_path, *in_query, *([key] if operation.method == "POST" else [])]


def _success(operation: Operation, named: dict[Any, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.plain:
        answer["content"] = {operation.plain: {}}
    elif operation.gives is not None:
        answer["content"] = {"application/json": {"schema": named[operation.gives]}}
    return answer


def _refusals(named: dict[Any, Any]) -> dict[str, Any]:
    content = {PROBLEM: {"schema": named[Problem]}}
    return {status: {"description": HTTPStatus(int(status)).phrase, "content": content} for status in _REFUSED}

"""Answers as bytes: JSON by msgspec, with the headers that every answer of a kind carries."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

_ENCODER = msgspec.json.Encoder()


def json_answer(
    value: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Response:
    """A value as JSON: structs, dicts, lists, texts, whole numbers, `exact_json.number` for a number with decimals."""
    return Response(_ENCODER.encode(value), status, headers, content_type)


def bytes_answer(
    content: bytes, content_type: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Bytes as they are: XML, plain text, a file. A charset that the content type names is kept, none is added."""
    return Response(content, status, {**(headers or {}), "content-type": content_type})


def empty_answer(status: int = 204, headers: Mapping[str, str] | None = None) -> Response:
    """No body at all."""
    return Response(b"", status, headers)

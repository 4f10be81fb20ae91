"""One call of the native API: who asks, what for, and how the answer of a service becomes one of HTTP."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias, TypeVar

import msgspec
from starlette.responses import Response

from tieout.api.native.problems import Finding, problem, problem_of_denial
from tieout.contracts.exact_json import read_json
from tieout.contracts.http_answers import empty_answer, json_answer
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import RequestFault, no_such_path
from tieout.contracts.http_negotiation import JSON, require_accepted, require_taken
from tieout.contracts.http_query import identifier
from tieout.domain.people import Principal
from tieout.services.context import Context, Denied
from tieout.services.idempotency import FieldsDiffer, Kept, Request, StillRunning, once

Shape = TypeVar("Shape")

KEY = "idempotency-key"
_KEY_LENGTH_MAX = 255
_PIECE_LENGTH = 1024 * 1024
# What is kept of an answer's headers.
_HEADERS_KEPT = ("content-type", "location")


class Given(NamedTuple):
    """A value to answer with, where 200 and no headers will not do."""

    value: Any  # None: no body
    status: int = 200
    headers: Mapping[str, str] | None = None


Answer: TypeAlias = msgspec.Struct | Given | Denied | Response


@dataclass(frozen=True, slots=True)
class Call:
    """A request with the principal that its token stands for."""

    context: Context
    principal: Principal
    asked: Asked

    @property
    def entity_id(self) -> int:
        """The entity of the path."""
        return self.number("entity_id")

    def number(self, name: str) -> int:
        """An identifier of the path. Raises RequestFault (404) for anything that is none."""
        found = identifier(self.asked.names[name])
        if found is None:
            raise RequestFault(no_such_path())
        return found

    def read(self, into: type[Shape]) -> Shape:
        """The JSON body; where all of its fields may be absent, so may it. Raises BadJson and RequestFault (415)."""
        require_taken(self.asked.headers.get("content-type"), (JSON,), missing=JSON)
        return read_json(self.asked.body or b"{}", into)


def named(changes: msgspec.Struct) -> dict[str, Any]:
    """The fields that a body of changes names; those left out stay as they are."""
    return {name: value for name, value in msgspec.structs.asdict(changes).items() if value is not msgspec.UNSET}


def answered(answer: Callable[[Call], Answer], call: Call) -> Response:
    """What the call gives, as a response."""
    given = answer(call)
    match given:
        case Denied():
            return problem_of_denial(given)
        case Response():
            return given
        case Given(value=None):
            return empty_answer(given.status, given.headers)
        case Given():
            return json_answer(given.value, given.status, given.headers)
    return json_answer(given)


def require_json_accepted(asked: Asked) -> None:
    """Pass when the client takes JSON. Raises RequestFault (406)."""
    require_accepted(asked.headers.get("accept"), (JSON, "application/problem+json"))


def answered_once(answer: Callable[[Call], Answer], call: Call, fields: Mapping[str, bytes]) -> Response:
    """As `answered`, with the answer of the first request under its Idempotency-Key.

    fields: by name what the request says, as it was sent.
    """
    key = call.asked.header(KEY)
    if len(key) > _KEY_LENGTH_MAX:
        return problem(400, [Finding(code="too_long", concerns=KEY, detail="a key has at most 255 characters")])
    request = Request(call.principal.name, f"{call.asked.method} {call.asked.path}", key, fields)

    def work(context: Context) -> Kept:
        response = answered(answer, Call(context, call.principal, call.asked))
        headers = {name: response.headers[name] for name in _HEADERS_KEPT if name in response.headers}
        return Kept(response.status_code, bytes(response.body), headers)

    match once(call.context, request, work):
        case Kept() as kept:
            return Response(kept.body, kept.status, dict(kept.headers))
        case FieldsDiffer(names):
            said = "this key was used for another request; this field of it differs"
            return problem(422, [Finding(code="key_used", concerns=name, detail=said) for name in names])
        case StillRunning(seconds):
            said = "the first request with this key is still running"
            return problem(409, [Finding(code="still_running", detail=said)], {"retry-after": str(seconds)})


def fields_of(asked: Asked) -> dict[str, bytes]:
    """The top-level fields of a JSON body as they were sent, and the query; of an upload its file's digest."""
    if asked.upload is not None:
        digest = hashlib.sha256()
        for piece in iter(partial(asked.upload.file.read, _PIECE_LENGTH), b""):
            digest.update(piece)
        asked.upload.file.seek(0)
        return {"file": digest.digest(), **{name: value.encode() for name, value in asked.upload.fields.items()}}
    try:
        fields = {
            name: bytes(raw) for name, raw in msgspec.json.decode(asked.body, type=dict[str, msgspec.Raw]).items()
        }
    except msgspec.DecodeError:
        fields = {"body": asked.body}
    return {**fields, **{f"?{name}": value.encode() for name, value in asked.query}}

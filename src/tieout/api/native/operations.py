"""The shape of an operation of the native API: declared once, served and described from the same declaration."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from starlette.responses import Response

from tieout.api.native.calling import KEY, Answer, Call, answered, answered_once, fields_of, require_json_accepted
from tieout.api.native.signing_in import require_principal
from tieout.contracts.http_application import Bodies, Route
from tieout.contracts.http_asked import Asked
from tieout.services.context import Context

PREFIX = "/tieout/v1"


TEXT: Mapping[str, Any] = MappingProxyType({"type": "string"})


class Parameter(NamedTuple):
    """One query parameter."""

    name: str
    purpose: str
    schema: Mapping[str, Any] = TEXT


class Operation(NamedTuple):
    """One operation: where it is, what it is for, what it takes and gives."""

    method: str
    path: str  # below the prefix
    purpose: str
    answer: Callable[[Call], Answer]
    takes: type[msgspec.Struct] | None = None
    gives: Any = None  # a struct; None where there is no body
    status: int = 200
    parameters: Sequence[Parameter] = ()
    bodies: Bodies | None = None
    quick: bool = False  # reads a few rows by their keys
    plain: str = ""  # the media type of an answer that is no JSON

    @property
    def tag(self) -> str:
        """The resource, as the last word of the path that is neither an identifier nor an action."""
        words = [part for part in self.path.split("/") if part and not part.startswith("{")]
        return next((word for word in words if word != "entities"), "entities")


def route_of(context: Context, operation: Operation) -> Route:
    """The operation as a route of the application: signed in, kept under its key, answered in JSON."""
    no_body = operation.method in ("GET", "DELETE")

    def answer(asked: Asked) -> Response:
        if not operation.plain:
            require_json_accepted(asked)
        call = Call(context, require_principal(context, asked), asked)
        call.asked.query.require_only([parameter.name for parameter in operation.parameters])
        if operation.method == "POST" and asked.header(KEY):
            return answered_once(operation.answer, call, fields_of(asked))
        return answered(operation.answer, call)

    bodies: Bodies = operation.bodies or ("refused" if no_body else "read")
    # Nobody fills the disk without a token; a smaller body is read before anybody is asked for.
    admit = partial(require_principal, context) if bodies == "upload" else None
    return Route(operation.method, f"{PREFIX}{operation.path}", answer, bodies, operation.quick, admit=admit)

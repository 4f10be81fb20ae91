"""A request as a dialect's functions see it: read whole, without the framework around it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request

from tieout.contracts.http_body import Upload
from tieout.contracts.http_faults import RequestFault, no_such_path
from tieout.contracts.http_query import Query

# A name or address, with a port; anything else in a Host header is not echoed.
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str  # as sent, with what was escaped put back
    names: Mapping[str, str]  # what stood in the braces of the route's path
    query: Query
    headers: Headers  # found whatever their case
    origin: str  # http://127.0.0.1:8000: what absolute addresses in answers begin with
    body: bytes = b""  # empty where the route reads none
    upload: Upload | None = None

    def header(self, name: str, absent: str = "") -> str:
        """A header's value."""
        return self.headers.get(name, absent)

    @property
    def address(self) -> str:
        """The absolute address of the path, without a query."""
        return f"{self.origin}{self.path}"


def asked_of(request: Request) -> Asked:
    """The request without its body. Raises RequestFault where its path or query cannot be read."""
    scope = request.scope
    if "\0" in scope["path"]:
        raise RequestFault(no_such_path())
    return Asked(
        method=scope["method"],
        path=scope["path"],
        names=scope.get("path_params", {}),
        query=Query(scope["query_string"]),
        headers=request.headers,
        origin=_origin(request),
    )


def _origin(request: Request) -> str:
    host = request.headers.get("host", "")
    if _HOST.fullmatch(host) is None:
        name, port = request.scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else str(name)
    return f"{request.scope.get('scheme', 'http')}://{host}"

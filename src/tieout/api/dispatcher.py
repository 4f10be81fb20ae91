"""The one entrance: which application answers a path, and what every answer carries.

A path goes unchanged to the application with the longest prefix that it begins with, whole segments only; a path of no
prefix goes to the native one, whose 404 it gets.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tieout.contracts.http_application import REQUEST_ID
from tieout.kernel.errors import TieoutError

# What a client may name its request itself.
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
_NAME = b"x-request-id"


class PrefixesOverlap(TieoutError):
    """Two applications claim the same paths."""

    code: ClassVar[str] = "prefixes_overlap"

    def __init__(self, prefix: str, one: str, other: str) -> None:
        self.prefix, self.one, self.other = prefix, one, other
        super().__init__(f"{one} and {other} both claim the paths below {prefix}")


class Served(NamedTuple):
    """An application with the beginnings of the paths that it answers."""

    name: str
    prefixes: Sequence[str]  # /entities, /v2: whole segments, without a slash at the end
    application: ASGIApp


class Dispatcher:
    """The ASGI application of the whole server.

    Every answer carries an x-request-id: the client's own where it is a short word, a new one otherwise. HEAD is
    answered as GET; the server leaves the body out.
    """

    def __init__(
        self,
        served: Sequence[Served],
        otherwise: ASGIApp,
        new_id: Callable[[], str],
        limits: Mapping[str, int],
    ) -> None:
        """limits: what bodies may weigh, under the names of `contracts.http_body`. Raises PrefixesOverlap."""
        self._by_prefix = _by_prefix(served)
        self._prefixes = sorted(self._by_prefix, key=len, reverse=True)
        self._otherwise = otherwise
        self._new_id = new_id
        self._limits = dict(limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; connections of other protocols are closed."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1000})
            return
        given = next((value for name, value in scope["headers"] if name == _NAME), b"")
        request_id = given if _GIVEN_ID.fullmatch(given) else self._new_id().encode()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (_NAME, request_id)]
            await send(message)

        asked = {**scope, **self._limits, REQUEST_ID: request_id.decode()}
        if scope["method"] == "HEAD":
            asked["method"] = "GET"
        await self._application(scope["path"])(asked, receive, send_with_id)

    def _application(self, path: str) -> ASGIApp:
        for prefix in self._prefixes:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
                return self._by_prefix[prefix]
        return self._otherwise


def _by_prefix(served: Sequence[Served]) -> dict[str, ASGIApp]:
    """The application of each prefix; one prefix inside another of somebody else would hide paths: PrefixesOverlap."""
    claimed: dict[str, Served] = {}
    for each in served:
        for prefix in each.prefixes:
            plain = f"/{prefix.strip('/')}".rstrip("/")
            for other_prefix, other in claimed.items():
                inside = f"{plain}/".startswith(f"{other_prefix}/") or f"{other_prefix}/".startswith(f"{plain}/")
                if inside and (other.name != each.name or plain == other_prefix):
                    raise PrefixesOverlap(plain or "/", other.name, each.name)
            claimed[plain] = each
    return {prefix: each.application for prefix, each in claimed.items()}

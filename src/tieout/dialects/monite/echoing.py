"""What the vendor adds to the head of every answer: version and entity as they were asked for, and the time it took.

Source: the vendor's concept page on headers, read 2026-11-20.
"""

import re
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tieout.dialects.monite.versions import VERSION_HEADER

ENTITY_HEADER = "x-monite-entity-id"
PROCESS_TIME = b"x-process-time"

# Nothing else that a client sends is repeated.
_ECHOED = {
    VERSION_HEADER.encode(): re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ENTITY_HEADER.encode(): re.compile(rb"[0-9A-Fa-f-]{36}"),
}
_MILLION = 1_000_000


class Echoing:
    """The application with these headers on whatever it answers; the time is in seconds, to the microsecond."""

    def __init__(self, application: ASGIApp, now: Callable[[], int]) -> None:
        self._application = application
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        begun = self._now()
        echoed = [
            (name, value) for name, value in scope["headers"] if name in _ECHOED and _ECHOED[name].fullmatch(value)
        ]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                took = max(0, self._now() - begun)
                seconds = f"{took // _MILLION}.{took % _MILLION:06}".encode()
                message["headers"] = [*message.get("headers", ()), *echoed, (PROCESS_TIME, seconds)]
            await send(message)

        await self._application(scope, receive, send_with_headers)

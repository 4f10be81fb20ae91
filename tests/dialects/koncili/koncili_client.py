"""A small client of the vendor's API, written from its contract alone: base64 sign-in, gumgaToken, pages, batches."""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3

EXTRACT = "/externalapi/orderextract"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    @property
    def json(self) -> Any:
        """The body, numbers with a fraction as they are written."""
        return json.loads(self.body, parse_float=str)

    @property
    def code(self) -> str:
        """The vendor's code of an error."""
        return str(self.json["errorCode"])


class KonciliClient:
    """Speaks to one server as one integration; waits as it is told."""

    def __init__(self, url: str, token: str = "", wait: Callable[[int], None] | None = None) -> None:
        """wait: is called with the seconds of a Retry-After; without it, a refusal is an answer like others."""
        self.url, self.token, self._wait = url, token, wait
        self._pool = urllib3.PoolManager(num_pools=1, retries=False)
        self.calls: list[str] = []

    def call(self, method: str, path: str, body: object = None, **query: object) -> Reply:
        """One call; a refusal for its rate is waited out once."""
        reply = self._sent(method, path, body, query)
        if reply.status == 429 and self._wait is not None:
            self._wait(int(reply.headers["Retry-After"]))
            reply = self._sent(method, path, body, query)
        return reply

    def sign_in(self, email: str, password: str) -> Reply:
        """Take the tokens of a user; later calls carry the access token."""
        credentials = b64encode(f"{email}:{password}".encode()).decode()
        return self._took(self.call("POST", "/public/api/auth/token", {"credentials": credentials}))

    def renew(self, refresh_token: str) -> Reply:
        """Take the next tokens."""
        return self._took(self.call("POST", "/public/api/auth/refresh-token", {"refreshToken": refresh_token}))

    def unresolveds(self, **query: object) -> Any:
        """A page of what is not resolved."""
        return self._good(self.call("GET", f"{EXTRACT}/unresolveds", **query))

    def concilieds(self, **query: object) -> Any:
        """A page of what is resolved."""
        return self._good(self.call("GET", f"{EXTRACT}/concilieds", **query))

    def read(self, ids: Sequence[int]) -> Any:
        """Mark as read."""
        return self._good(self.call("PUT", f"{EXTRACT}/read/batch", list(ids)))

    def resolve(self, ids: Sequence[int]) -> Any:
        """Mark as resolved."""
        return self._good(self.call("PUT", f"{EXTRACT}/resolve/batch", list(ids)))

    def close(self) -> None:
        """Give the connection back."""
        self._pool.clear()

    def _sent(self, method: str, path: str, body: object, query: dict[str, object]) -> Reply:
        self.calls.append(f"{method} {path}")
        address = f"{self.url}{path}{'?' if query else ''}{urlencode(query)}"
        headers = {"gumgaToken": self.token} if self.token else {}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        answer = self._pool.request(method, address, body=content, headers=headers)
        return Reply(answer.status, answer.headers, answer.data)

    def _took(self, reply: Reply) -> Reply:
        if reply.status == 200:
            self.token = reply.json["gumgaToken"]
        return reply

    def _good(self, reply: Reply) -> Any:
        assert reply.status == 200, (reply.status, reply.body)
        return reply.json


def ids_of(page: Any) -> list[int]:
    """The ids of a page."""
    return [each["id"] for each in page["content"]]

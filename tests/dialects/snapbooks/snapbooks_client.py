"""A small client of the vendor's API, written from its contract alone: bearer token, JSON, pages with meta."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    @property
    def json(self) -> Any:
        """The body; amounts are strings there, so nothing is lost."""
        return json.loads(self.body)


class SnapbooksClient:
    """Speaks to one server as one token."""

    def __init__(self, base: str, token: str) -> None:
        """base: the server's address with one of the vendor's prefixes."""
        self.base = base
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=4, retries=False)
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def call(self, method: str, path: str, body: object = None, **query: object) -> Reply:
        """One call; a body goes as JSON."""
        content = None if body is None else json.dumps(body).encode()
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        address = f"{self.base}{path}{'?' if query else ''}{urlencode(query)}"
        answer = self._pool.request(method, address, body=content, headers=headers)
        return Reply(answer.status, answer.headers, answer.data)

    def get(self, path: str, **query: object) -> Any:
        """What a read gives."""
        reply = self.call("GET", path, **query)
        assert reply.status == 200, (reply.status, reply.body)
        return reply.json

    def made(self, path: str, body: object) -> Any:
        """What a create gives."""
        reply = self.call("POST", path, body)
        assert reply.status == 201, (reply.status, reply.body)
        return reply.json

    def ids(self, path: str, **query: object) -> list[int]:
        """The ids of a list."""
        return [each["id"] for each in self.get(path, **query)["data"]]

    def errors(self, method: str, path: str, body: object = None, **query: object) -> tuple[int, list[str]]:
        """The status of a refusal, and the fields that it names."""
        reply = self.call(method, path, body, **query)
        assert set(reply.json) == {"message", "errors"}, reply.body
        return reply.status, sorted(reply.json["errors"])

    def close(self) -> None:
        """Give the connections back."""
        self._pool.clear()

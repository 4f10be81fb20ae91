"""A small client of the vendor's API, written from its contract alone: bearer token, dated version, entity, JSON."""

import json
from collections.abc import Mapping
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
        """The body; numbers with decimals come as text, so nothing is lost."""
        return json.loads(self.body, parse_float=str)


class MoniteClient:
    """Speaks to one server with one token, for one entity."""

    def __init__(self, base: str, token: str, entity_id: str, version: str = "2024-05-25") -> None:
        """base: the server's address with /v1."""
        self.base = base
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=4, retries=False)
        self._headers = {
            "Authorization": f"Bearer {token}",
            "X-Monite-Version": version,
            "X-Monite-Entity-Id": entity_id,
        }

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        **query: Any,
    ) -> Reply:
        """One call; a body goes as JSON, a list in the query as a repeated key, headers beside the usual ones."""
        content = None if body is None else json.dumps(body).encode()
        sent = {**self._headers, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        address = f"{self.base}{path}{'?' if query else ''}{urlencode(query, doseq=True)}"
        answer = self._pool.request(method, address, body=content, headers=sent)
        return Reply(answer.status, answer.headers, answer.data)

    def get(self, path: str, **query: Any) -> Any:
        """What a read gives."""
        reply = self.call("GET", path, **query)
        assert reply.status == 200, (reply.status, reply.body)
        return reply.json

    def ids(self, path: str, **query: Any) -> list[str]:
        """The ids of a page."""
        return [each["id"] for each in self.get(path, **query)["data"]]

    def walked(self, path: str, *, key: str = "next_pagination_token", limit: int, **query: Any) -> list[list[str]]:
        """The ids of every page from the one that the query begins with, in one direction until there is no more."""
        page = self.get(path, limit=limit, **query)
        pages = [[each["id"] for each in page["data"]]]
        while page[key] is not None:
            page = self.get(path, limit=limit, pagination_token=page[key])
            pages.append([each["id"] for each in page["data"]])
        return pages

    def wrong(self, method: str, path: str, body: object = None, **query: Any) -> tuple[int, list[list[str | int]]]:
        """The status of a refusal, and the places that it names."""
        reply = self.call(method, path, body, **query)
        assert reply.status >= 400, (reply.status, reply.body)
        if reply.status != 422:
            assert set(reply.json) == {"error"}, reply.body
            return reply.status, []
        assert all(set(each) == {"loc", "msg", "type"} for each in reply.json["detail"]), reply.body
        return reply.status, [each["loc"] for each in reply.json["detail"]]

    def close(self) -> None:
        """Give the connections back."""
        self._pool.clear()

"""The native API over a real connection, on both stores, asked as a program would ask it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3

from tests.given_store import Office
from tieout.domain.people import Face, Principal
from tieout.services.context import Context, Denied
from tieout.services.people.tokens import issue_token

PREFIX = "/tieout/v1"


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["content-type"] == "application/problem+json", self.content
        return str(self.json["code"])


@dataclass(frozen=True)
class Client:
    """A program with a token."""

    address: str
    token: str
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        prefix: str = PREFIX,
        **fields: Any,
    ) -> Told:
        """One request; `fields` are sent as a JSON object."""
        sent = {"authorization": f"Bearer {self.token}", **(headers or {})}
        if fields:
            body = json.dumps(fields).encode()
            sent.setdefault("content-type", "application/json")
        answer = self.http.request(method, f"{self.address}{prefix}{path}", body=body, headers=sent)
        return Told(answer.status, answer.headers, answer.data)


@dataclass(frozen=True)
class Native:
    """An office with its server."""

    office: Office
    client: Client
    context: Context

    @property
    def entity(self) -> str:
        """The path of the office's entity."""
        return f"/entities/{self.office.entity_id}"

    def client_of(self, principal: Principal, *, post: bool = False) -> Client:
        """A program with a token of somebody else's."""
        return Client(self.client.address, given_token(self.context, principal, post=post), self.client.http)

    def given_account(self, **fields: str) -> int:
        """A bank account in NOK."""
        asked: dict[str, Any] = {"kind": "bank", "name": "Main", "currency": "NOK", **fields}
        return int(self.client.ask("POST", f"{self.entity}/accounts", **asked).json["id"])

    def given_lines(self, *lines: Mapping[str, Any]) -> list[int]:
        """Lines of one day in NOK."""
        told = self.client.ask("POST", f"{self.entity}/lines", lines=[{**_LINE, **each} for each in lines])
        assert told.status == 201, told.content
        return list(told.json["ids"])

    def given_pair(self, amount: str = "10.50") -> list[int]:
        """A bank line and a receivable of the same amount."""
        account = self.given_account()
        return self.given_lines(
            {"side": "statement", "account_id": account, "amount": amount},
            {"side": "ledger", "kind": "receivable", "amount": amount},
        )

    def given_match(self) -> int:
        """A confirmed match of such a pair."""
        allocations = [{"line_id": each} for each in self.given_pair()]
        return int(self.client.ask("POST", f"{self.entity}/matches", allocations=allocations).json["id"])


_LINE = {"side": "statement", "currency": "NOK", "amount": "1.00", "booking_date": "2026-01-10"}


def given_token(context: Context, principal: Principal, face: Face = Face.NATIVE, *, post: bool = False) -> str:
    """The text of a token that a user made for itself."""
    issued = issue_token(context, principal, principal.user_id, face, post=post)
    assert not isinstance(issued, Denied), issued
    return issued.text

"""A small client of KashFlow's API, written from the vendor's contract alone: nothing of ours is imported."""

import json
from decimal import Decimal
from typing import Any

import urllib3


class VendorClient:
    """Signs in with user name, password and memorable word, then asks with its session's token."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = base_url
        self.token = token
        self._pool = urllib3.PoolManager()

    def sign_in(self, user_name: str, password: str, memorable_word: str) -> dict[str, Any]:
        """Both steps; the session's token is kept."""
        half_way = self.ask("POST", "/sessiontoken", {"UserName": user_name, "Password": password}, wanted=201)
        characters = [
            {"Position": asked["Position"], "Value": memorable_word[asked["Position"] - 1]}
            for asked in half_way["MemorableWordList"]
        ]
        answer: dict[str, Any] = self.ask(
            "PUT",
            "/sessiontoken",
            {"TemporaryToken": half_way["TemporaryToken"], "MemorableWordList": characters},
        )
        self.token = answer["SessionToken"]
        return answer

    def ask(self, method: str, path: str, body: object = None, wanted: int = 200) -> Any:
        """The answer's body, numbers with a fraction as exact decimals; None where there is none."""
        status, content = self.try_to(method, path, body)
        assert status == wanted, (method, path, status, content)
        return content

    def try_to(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and body, whatever they are."""
        sent = None if body is None else json.dumps(body, default=str).encode()
        response = self.send(method, path, sent, {"Content-Type": "application/json"} if sent else {})
        content = json.loads(response.data, parse_float=Decimal) if response.data else None
        return response.status, content

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        """One request as it is, with the session's token."""
        with_token = {"Authorization": f"KfToken {self.token}"} if self.token else {}
        return self._pool.request(method, self.base_url + path, body=body, headers={**with_token, **(headers or {})})

    def close(self) -> None:
        """Give back every connection."""
        self._pool.clear()

"""Somebody who works in Tryton itself: the same calls as its own client, by another way than the platform's."""

import base64
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import urllib3


class TrytonSaidNo(Exception):
    """Tryton's own words for why not."""


class Desk:
    """A signed-in user of one database."""

    def __init__(self, url: str, database: str, user: str, password: str) -> None:
        self._address = f"{url}/{database}/rpc/"
        self._user, self._password = user, password
        self._pool = urllib3.PoolManager()
        self._headers = {"accept-encoding": "gzip"}
        self.context: dict[str, Any] = {}
        self.sign_in()

    def sign_in(self) -> None:
        """Begin a session."""
        self._headers.pop("authorization", None)
        user_id, token, *_ = self.raw("common.db.login", self._user, {"password": self._password}, "en")
        told = base64.b64encode(f"{self._user}:{user_id}:{token}".encode()).decode()
        self._headers["authorization"] = f"Session {told}"
        self.prefer()

    def prefer(self) -> None:
        """Work with the company that the user now has."""
        self.context = {}
        self.context = self.call("model.res.user.get_preferences", *[True])

    def raw(self, method: str, *arguments: Any) -> Any:
        """The answer to a call that takes no context."""
        asked = {"id": 7, "method": method, "params": arguments}
        answer = self._pool.request("POST", self._address, json=asked, headers=self._headers, retries=False)
        assert answer.status == 200, (answer.status, answer.data[:200])
        told = answer.json()
        if "error" in told:
            raise TrytonSaidNo(str(told["error"]))
        return told["result"]

    def call(self, method: str, *arguments: Any) -> Any:
        """The answer to a call in the user's context."""
        return self.raw(method, *arguments, self.context)

    def make(self, model: str, **values: Any) -> int:
        """A new record, by id."""
        (made,) = self.call(f"model.{model}.create", [values])
        return int(made)

    def change(self, model: str, record_id: int, **values: Any) -> None:
        """A change to one record."""
        self.call(f"model.{model}.write", [record_id], values)

    def ids(self, model: str, *domain: Any) -> list[int]:
        """Ids of the records that a domain selects, in order."""
        return list(self.call(f"model.{model}.search", list(domain), 0, None, [["id", "ASC"]]))

    def rows(self, model: str, fields: Sequence[str], *domain: Any) -> list[Mapping[str, Any]]:
        """Fields of the records that a domain selects, in order of id."""
        return list(self.call(f"model.{model}.search_read", list(domain), 0, None, [["id", "ASC"]], list(fields)))

    def post(self, model: str, record_id: int) -> None:
        """Post a record, whatever Tryton warns of."""
        for _ in range(5):
            try:
                self.call(f"model.{model}.post", [record_id])
            except TrytonSaidNo as no:
                name = str(no).split("'")
                if name[1] != "UserWarning":
                    raise
                self.call("model.res.user.warning.skip", name[3])
            else:
                return


def decimal(text: str) -> Mapping[str, Any]:
    """A number on the wire."""
    return {"__class__": "Decimal", "decimal": text}


def day(text: str) -> Mapping[str, Any]:
    """A day on the wire."""
    told = date.fromisoformat(text)
    return {"__class__": "date", "year": told.year, "month": told.month, "day": told.day}


def behind_its_back(file: Path, *statements: str) -> None:
    """Change the database itself, as whoever restores a backup or repairs it by hand does."""
    with sqlite3.connect(file, timeout=30) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()

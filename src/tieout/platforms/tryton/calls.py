"""Calls to a Tryton server over JSON-RPC, signed in with a session that is renewed when it ends.

Source: Tryton 8.2, trytond/protocols (JSON-RPC, session authentication), read in November 2026. The server says no in
two ways: with a status of HTTP where nobody is signed in or no such database exists, and with 200 and an `error` where
a rule of the books is broken.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tieout.contracts.http_client import CallFault, HttpAnswer, HttpClient
from tieout.contracts.platform import PlatformFault
from tieout.kernel.errors import excerpt_of, printable

# It marks every long answer as compressed, whether the caller takes that or not; so we take it.
HEADERS: Mapping[str, str] = {"accept-encoding": "gzip"}

_RULES = ("UserError", "UserWarning", "ConcurrencyException", "LoginException")


class TrytonWarned(PlatformFault):
    """Tryton asks whether that is really meant; nothing happened. `name`: what it calls this warning."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__("refused", message)


class TrytonServer:
    """One database of a server, asked as one user."""

    def __init__(self, client: HttpClient, database: str, user: str, password: str) -> None:
        self._client, self._database, self._user, self._password = client, database, user, password
        self._session = ""
        self.context: dict[str, Any] = {}  # sent with every call: company and language

    def sign_in(self) -> None:
        """Begin a session. Raises PlatformFault: unauthorised, settings where there is no such database."""
        self._session = ""
        answer = self._asked("common.db.login", [self._user, {"password": self._password}])
        if answer.status in (401, 403):
            raise PlatformFault("unauthorised", f'Tryton does not take user "{self._user}" with this password')
        if answer.status == 404:
            raise PlatformFault("settings", f'there is no database "{self._database}" at {answer.told}')
        match self._result(answer, "common.db.login"):
            case [int(user_id), str(token), *_]:
                told = f"{self._user}:{user_id}:{token}".encode()
                self._session = f"Session {base64.b64encode(told).decode()}"
            case other:
                message = f"signing in was answered with {excerpt_of(str(other))}: this is no Tryton of series 8"
                raise PlatformFault("malformed", message)

    def sign_out(self) -> None:
        """End the session; one that the server has forgotten is no fault, nor is a server that is gone."""
        if not self._session:
            return
        try:
            self._asked("common.db.logout", [])
        except PlatformFault:
            return
        finally:
            self._session = ""

    def read(self, method: str, *arguments: Any, **context: Any) -> Any:
        """The answer to a call that changes nothing. Raises PlatformFault, never one that leaves something open."""
        try:
            return self._called(method, arguments, context)
        except PlatformFault as fault:
            raise _closed(fault) from None

    def prepare(self, method: str, *arguments: Any, **context: Any) -> Any:
        """The answer to a call that changes no books: it makes, changes or deletes a draft that nobody counts.

        Raises PlatformFault, never one that leaves something open: a draft is found again by its key.
        """
        try:
            return self._called(method, arguments, context)
        except PlatformFault as fault:
            raise (
                PlatformFault("unavailable", fault.message) if fault.kind == "malformed" else _closed(fault)
            ) from None

    def post(self, method: str, *arguments: Any, **context: Any) -> None:
        """A call that changes the books. Raises PlatformFault, `unknown` where it may have done so."""
        try:
            self._called(method, arguments, context)
        except PlatformFault as fault:
            if fault.kind == "malformed":
                raise PlatformFault("unknown", fault.message) from None
            raise

    def rows(
        self,
        model: str,
        domain: Sequence[Any],
        fields: Sequence[str],
        *,
        limit: int | None = None,
        order: Sequence[tuple[str, str]] = (("id", "ASC"),),
        **context: Any,
    ) -> Sequence[Mapping[str, Any]]:
        """Fields of the records that a domain selects; `party.name` reads through a reference. Raises PlatformFault."""
        found = self.read(f"model.{model}.search_read", domain, 0, limit, order, fields, **context)
        asked = {"id", *(name for name in fields if "." not in name)}
        if not isinstance(found, list) or not all(isinstance(row, Mapping) and asked <= row.keys() for row in found):
            raise PlatformFault("malformed", f"Tryton answered no list of {model} but {excerpt_of(str(found))}")
        return found

    def _called(self, method: str, arguments: Sequence[Any], context: Mapping[str, Any]) -> Any:
        given = [*arguments, {**self.context, **context}]
        answer = self._asked(method, given)
        if answer.status == 401:
            # The session ended, by time or by an administrator: nothing was done yet.
            self.sign_in()
            answer = self._asked(method, given)
        return self._result(answer, method)

    def _asked(self, method: str, arguments: Sequence[Any]) -> HttpAnswer:
        headers = {"authorization": self._session} if self._session else {}
        call = {"id": 1, "method": method, "params": arguments}
        try:
            return self._client.ask("POST", f"{quote(self._database, safe='')}/rpc/", tree=call, headers=headers)
        except CallFault as fault:
            raise PlatformFault(fault.kind, fault.message, fault.retry_after) from None

    def _result(self, answer: HttpAnswer, method: str) -> Any:
        if answer.status == 403:
            message = f"{answer.told} does not offer {method}: activate account, account_invoice and account_statement"
            raise PlatformFault("settings", message)
        try:
            tree = answer.tree()
        except CallFault as fault:
            raise PlatformFault(fault.kind, fault.message, fault.retry_after) from None
        match tree:
            case {"result": result}:
                return result
            case {"error": [str(rule), [*told]]} if rule in _RULES:
                raise _rule_broken(rule, [str(part or "") for part in told])
            case {"error": ["ConcurrencyException", str(told)]}:
                raise PlatformFault("unavailable", f"somebody else changed it in Tryton just now: {printable(told)}")
            case {"error": error}:
                raise PlatformFault("malformed", f"Tryton failed at {method}: {excerpt_of(str(error))}")
        raise PlatformFault("malformed", f"{answer.told}: this is no answer of JSON-RPC: {excerpt_of(str(tree))}")


def _rule_broken(rule: str, told: Sequence[str]) -> PlatformFault:
    """The fault that a broken rule is: UserError (message, description), UserWarning (name, message, description)."""
    if rule == "UserWarning":
        return TrytonWarned(told[0], f"Tryton warns: {_sentence(told[1:])}")
    if rule == "LoginException":
        message = f"Tryton asks for more than a password to sign in ({_sentence(told[:2])}): use another user"
        return PlatformFault("unauthorised", message)
    return PlatformFault("refused", f"Tryton refuses: {_sentence(told[:2])}")


def _sentence(parts: Sequence[str]) -> str:
    return printable(" ".join(part for part in parts if part)).strip()


def _closed(fault: PlatformFault) -> PlatformFault:
    """The fault of a call after which nothing is open, whatever became of it."""
    return PlatformFault("unavailable", fault.message, fault.retry_after) if fault.kind == "unknown" else fault

"""Calls of Koncili's API with a token that is renewed before it ends."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from tieout.connectors.koncili.records import Reading
from tieout.contracts.connector import FoundPage, Surroundings
from tieout.contracts.exact_json import BadJson, read_tree
from tieout.contracts.http_client import CallFault, HttpAnswer, HttpClient
from tieout.kernel.errors import excerpt_of

# One page says two hours, another one: we renew before the shorter one ends.
RENEWED_AFTER = 50 * 60 * 1_000_000

# Calls a minute and endpoint, as the vendor's page on limits has them.
UNRESOLVEDS_A_MINUTE = 3
BATCHES_A_MINUTE = 90

# A page has a hundred records; the vendor's clients mark as many in one call.
MARKED_AT_ONCE = 100

# A locked integration is let in again after an hour; to ask meanwhile makes the lock last.
_LOCKED_SECONDS = 3_600
# Asked again, wrong credentials are only wrong once more, until their user is locked.
_NOT_TAKEN = (400, 401, 403, 422)
_BOM = b"\xef\xbb\xbf"


class KonciliSession:
    """What `contracts.connector.ConnectorSession` promises, over one client."""

    def __init__(self, client: HttpClient, email: str, password: str, reading: Reading, around: Surroundings) -> None:
        self._client, self._reading, self._around = client, reading, around
        self._email, self._password = email, password
        self._tokens: dict[str, Any] = json.loads(around.tokens() or "{}")

    def unread(self) -> FoundPage:
        """The first hundred records that are not marked read."""
        # `onlyUnread` is said always: a server that takes its absence for no would give the first page for ever.
        query = {"onlyUnread": "true", "offset": "0"}
        answer = self._asked("GET", "/externalapi/orderextract/unresolveds", UNRESOLVEDS_A_MINUTE, query=query)
        return self._reading.page(_tree(answer), answer.told)

    def mark_read(self, vendor_ids: Sequence[str]) -> None:
        """Mark records as read."""
        self._mark("read", vendor_ids)

    def mark_resolved(self, vendor_ids: Sequence[str]) -> None:
        """Mark records as resolved in the ERP."""
        self._mark("resolve", vendor_ids)

    def _mark(self, what: str, vendor_ids: Sequence[str]) -> None:
        for start in range(0, len(vendor_ids), MARKED_AT_ONCE):
            ids = [int(each) for each in vendor_ids[start : start + MARKED_AT_ONCE]]
            self._asked("PUT", f"/externalapi/orderextract/{what}/batch", BATCHES_A_MINUTE, tree=ids)

    def _asked(
        self,
        method: str,
        path: str,
        a_minute: int,
        *,
        query: Mapping[str, str] | None = None,
        tree: object = None,
    ) -> HttpAnswer:
        """A call that succeeded; with a new token once, where ours was not taken. Raises CallFault."""
        for last in (False, True):
            token = self._token()
            self._around.pace(path.removeprefix("/externalapi/orderextract/"), a_minute)
            answer = self._client.ask(method, path, query=query, headers={"gumgaToken": token}, tree=tree)
            if answer.status not in (401, 403) or last:
                break
            self._keep({})
        return _let_in(answer)

    def _token(self) -> str:
        """An access token that is good for a while yet."""
        now = self._around.now()
        if not self._tokens:
            credentials = b64encode(f"{self._email}:{self._password}".encode()).decode()
            self._renew("/public/api/auth/token", {"credentials": credentials}, now)
        elif now - self._tokens["since"] >= RENEWED_AFTER:
            self._refresh(now)
        return str(self._tokens["access"])

    def _refresh(self, now: int) -> None:
        """New tokens for the old; signed in anew where the vendor does not take the old one any more.

        That happens after a crash between the vendor's answer and our keeping it: an old token used again is worth
        nothing, and its family ends with it.
        """
        refresh = self._tokens["refresh"]
        self._tokens = {}
        try:
            self._renew("/public/api/auth/refresh-token", {"refreshToken": refresh}, now)
        except CallFault as fault:
            if fault.status is None or fault.status >= 500 or fault.status in (423, 429):
                raise
            self._token()

    def _renew(self, path: str, body: Mapping[str, str], now: int) -> None:
        answer = self._client.ask("POST", path, tree=body)
        if answer.status in _NOT_TAKEN:
            message = (
                f"{answer.told}: answered {answer.status}; the vendor does not take this e-mail address and password: "
                "resume the feed with others"
            )
            raise CallFault("unauthorised", message, status=answer.status)
        tree = _tree(_let_in(answer))
        told = tree if isinstance(tree, dict) else {}
        access = _first(told, "gumgaToken", "accessToken", "token")
        if access is None:
            raise CallFault("malformed", f"{answer.told}: the answer names no access token", status=answer.status)
        self._keep({"access": access, "refresh": _first(told, "refreshToken", "refresh_token") or "", "since": now})

    def _keep(self, tokens: dict[str, Any]) -> None:
        self._tokens = tokens
        self._around.keep_tokens(json.dumps(tokens))


def _let_in(answer: HttpAnswer) -> HttpAnswer:
    """An answer that is a success. Raises CallFault; one that waits for as long as a lock lasts."""
    if answer.status == 423:
        message = f"{answer.told}: the integration is locked for misuse; the vendor's support lifts lasting locks"
        raise CallFault("unavailable", message, status=423, retry_after=answer.retry_after or _LOCKED_SECONDS)
    return answer.required()


def _first(told: Mapping[str, Any], *names: str) -> str | None:
    """The first of these that is a text; the vendor's pages do not say what the fields are called."""
    return next((told[name] for name in names if isinstance(told.get(name), str) and told[name]), None)


def _tree(answer: HttpAnswer) -> Any:
    """The answer as JSON. Its servers are known to put a byte-order mark before it. Raises CallFault."""
    body = answer.body.removeprefix(_BOM)
    try:
        return read_tree(body)
    except BadJson as fault:
        said = excerpt_of(body[:400].decode("utf-8", "replace"))
        message = f"{answer.told}: the answer is not JSON ({fault}), it begins {said}"
        raise CallFault("malformed", message, status=answer.status) from None

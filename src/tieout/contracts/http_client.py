"""Calls over HTTP to systems that others run: bounded in size and time, to one host, and one type of fault.

An answer of any status is handed back, so that the caller may read what it says; `required()` and `tree()` turn what
is no success and no JSON into a fault that says what became of the call.
"""

import json
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self, TypeAlias

import httpx2

from tieout.contracts.exact_json import BadJson, read_tree
from tieout.kernel.errors import TieoutError, excerpt_of, printable

CallFaultKind: TypeAlias = Literal["unauthorised", "refused", "unavailable", "unknown", "malformed", "settings"]

# A page of a thousand invoices takes some 2 MB; what is far beyond that is no answer to what we ask.
ANSWER_SIZE_MAX = 32 * 1024 * 1024
# One that closes an accounting period may think for a while; a worker's lease is ten minutes.
SECONDS_MAX = 60
CONNECT_SECONDS_MAX = 10
# From http to https, or to a path with a slash behind it: nobody needs more.
REDIRECTS_MAX = 3

# Faults that come before the first byte of the request is on its way.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
_NOT_A_REQUEST = (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol, httpx2.InvalidURL)


class CallFault(TieoutError):
    """A call did not give what it was made for.

    kind: unauthorised - our credentials are not taken; refused - understood and declined, nothing happened;
    unavailable - nothing reached the other side, or it said to come back, nothing happened; unknown - it may have
    happened; malformed - the answer makes no sense; settings - the address or a header cannot be right.
    status: of the answer, None where there was none. retry_after: seconds we were asked to wait.
    """

    code = "call"

    def __init__(
        self, kind: CallFaultKind, message: str, *, status: int | None = None, retry_after: int | None = None
    ) -> None:
        self.kind, self.message, self.status, self.retry_after = kind, message, status, retry_after
        super().__init__(message)


class HttpAnswer(NamedTuple):
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    told: str  # what was asked, for messages: GET books.example/accounts

    def required(self) -> "HttpAnswer":
        """Itself, where the status is a success. Raises CallFault that says what another one means."""
        if 200 <= self.status < 300:
            return self
        raise self.fault()

    def fault(self) -> CallFault:
        """What a status that is no success means for the call."""
        said = excerpt_of(self.body[:400].decode("utf-8", "replace"))
        message = f"{self.told}: answered {self.status} and {said}" if self.body else f"{self.told}: {self.status}"
        return CallFault(self._kind(), message, status=self.status, retry_after=self.retry_after)

    def tree(self) -> Any:
        """The body of a success as exact JSON: `contracts.exact_json.read_tree`. Raises CallFault."""
        self.required()
        try:
            return read_tree(self.body)
        except BadJson as fault:
            said = excerpt_of(self.body[:400].decode("utf-8", "replace"))
            message = f"{self.told}: the answer is not JSON ({fault}), it begins {said}"
            raise CallFault("malformed", message, status=self.status) from None

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait, from Retry-After as a number or as an instant beside the answer's own Date."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdecimal():
            return int(text[:9])
        try:
            left = parsedate_to_datetime(text) - parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError):
            return None
        return max(0, int(left.total_seconds()))

    def _kind(self) -> CallFaultKind:
        if self.status in (401, 403):
            return "unauthorised"
        if self.status == 429 or (self.status == 503 and self.retry_after is not None):
            return "unavailable"
        if self.status == 408 or self.status >= 500:
            return "unknown"
        return "refused" if self.status >= 400 else "malformed"


class HttpClient:
    """One host, asked again and again over kept connections; a context manager. Not shared between threads."""

    def __init__(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        seconds_max: int = SECONDS_MAX,
        size_max: int = ANSWER_SIZE_MAX,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """address: `https://books.example/base`; paths are put behind it. Raises CallFault (settings)."""
        self._base = _address(address)
        self._seconds_max, self._size_max = seconds_max, size_max
        try:
            self._client = httpx2.Client(
                headers={"accept": "application/json", "accept-encoding": "identity", **(headers or {})},
                timeout=httpx2.Timeout(seconds_max, connect=min(seconds_max, CONNECT_SECONDS_MAX)),
                transport=transport,
            )
        except (ValueError, TypeError) as fault:
            raise CallFault("settings", f"a header cannot be sent: {fault}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def ask(
        self,
        method: str,
        path: str = "",
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        tree: object = None,
        body: bytes | None = None,
    ) -> HttpAnswer:
        """One call with its answer, whatever its status; `tree` is sent as JSON, `body` as it is.

        A reading call follows redirects inside the host; another redirect is a fault, so that credentials go nowhere
        else. Raises CallFault.
        """
        given = dict(headers or {})
        if tree is not None:
            body = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
            given.setdefault("content-type", "application/json")
        url = self._base.copy_with(raw_path=_joined(self._base, path))
        url = url.copy_merge_params(query) if query else url
        until = time.monotonic_ns() + self._seconds_max * 1_000_000_000
        for _ in range(REDIRECTS_MAX + 1):
            answer = self._one(httpx2.Request(method, url, headers=self._headers(given), content=body), until)
            if not 300 <= answer.status < 400 or answer.status == 304:
                return answer
            url = self._redirected(method, url, answer)
        raise CallFault("malformed", f"{answer.told}: redirects in a circle", status=answer.status)

    def _headers(self, given: Mapping[str, str]) -> httpx2.Headers:
        headers = httpx2.Headers(self._client.headers)
        headers.update(dict(given))
        return headers

    def _one(self, request: httpx2.Request, until: int) -> HttpAnswer:
        told = printable(f"{request.method} {request.url.host}{request.url.path}")
        request.extensions["timeout"] = self._client.timeout.as_dict()
        try:
            answer = self._client.send(request, stream=True, follow_redirects=False)
            try:
                body = b"".join(self._within(answer.iter_bytes(), until, told))
            finally:
                answer.close()
        except _NOT_A_REQUEST as fault:
            raise CallFault("settings", f"{told}: this cannot be asked ({fault})") from None
        except _NOT_SENT as fault:
            raise CallFault("unavailable", f"{told}: not reached ({_words(fault)})") from None
        except httpx2.HTTPError as fault:
            raise CallFault("unknown", f"{told}: no whole answer ({_words(fault)})") from None
        return HttpAnswer(answer.status_code, {n.lower(): v for n, v in answer.headers.items()}, body, told)

    def _within(self, chunks: Iterator[bytes], until: int, told: str) -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > self._size_max:
                raise CallFault("malformed", f"{told}: the answer is longer than {self._size_max} bytes")
            if time.monotonic_ns() > until:
                raise CallFault("unknown", f"{told}: no whole answer within {self._seconds_max} seconds")
            yield chunk

    def _redirected(self, method: str, url: httpx2.URL, answer: HttpAnswer) -> httpx2.URL:
        try:
            target = url.join(answer.headers.get("location", ""))
        except httpx2.InvalidURL:
            raise CallFault("malformed", f"{answer.told}: redirects to no address", status=answer.status) from None
        upgraded = url.scheme == "http" and target.scheme == "https"
        same = target.host == url.host and (upgraded or (target.scheme, target.port) == (url.scheme, url.port))
        if same and method in ("GET", "HEAD"):
            return target
        where = printable(f"{target.scheme}://{target.host}{target.path}")
        message = f"{answer.told}: redirects to {where}; nothing is sent there: check the address"
        raise CallFault("malformed" if method in ("GET", "HEAD") else "refused", message, status=answer.status)


def _address(text: str) -> httpx2.URL:
    """A base address. Raises CallFault (settings)."""
    try:
        url = httpx2.URL(text.strip())
    except httpx2.InvalidURL as fault:
        raise CallFault("settings", f"{excerpt_of(text)} is not an address: {fault}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise CallFault("settings", f"{excerpt_of(text)} is not an address like https://books.example")
    if url.userinfo or url.query or url.fragment:
        raise CallFault("settings", "an address carries no user, password, query or fragment: give them on their own")
    return url


def _joined(base: httpx2.URL, path: str) -> bytes:
    """The path behind the base's own; already quoted where it holds what must be."""
    front = base.raw_path.rstrip(b"/")
    behind = path.lstrip("/").encode("ascii", "replace")
    return (front + b"/" + behind) if behind else (front or b"/")


def _words(fault: Exception) -> str:
    return printable(str(fault)) or type(fault).__name__

"""A small client of the vendor's API, written from its contract alone: HTTP Basic, JSON or XML, Link paging."""

import json
import re
from dataclasses import dataclass
from typing import Any

import urllib3

JSON, XML = "application/json", "application/xml"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; amounts are strings there, so nothing is lost."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def errors(self) -> list[str]:
        """The sentences of an error in XML."""
        return re.findall("<error>(.*?)</error>", self.text)

    @property
    def pages(self) -> dict[str, str]:
        """The addresses of the Link header by relation."""
        links = self.headers.get("Link", "")
        return {relation: address for address, relation in re.findall(r'<([^>]*)>; rel="([a-z]+)"', links)}


class FinteraClient:
    """Speaks to one server as one token."""

    def __init__(self, url: str, token: str, password: str = "X") -> None:
        self.url = url
        self._pool = urllib3.PoolManager(num_pools=1, retries=False)
        self._headers = urllib3.make_headers(basic_auth=f"{token}:{password}")

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """One call; a body that is no text goes as JSON. headers: Content_Type for Content-Type."""
        sent = {**self._headers, "Accept": JSON}
        if isinstance(body, bytes | str):
            content = body.encode() if isinstance(body, str) else body
        else:
            content = b"" if body is None else json.dumps(body).encode()
        if content:
            sent["Content-Type"] = JSON
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self._send(method, path, content, sent)

    def call_xml(self, method: str, path: str, body: str = "") -> Reply:
        """One call with XML both ways."""
        return self.call(method, path, body, Accept=XML, Content_Type=XML)

    def upload(self, path: str, name: str, content: bytes) -> Reply:
        """A file in the field `bank_statement[file]` of a form."""
        form, content_type = urllib3.encode_multipart_formdata({"bank_statement[file]": (name, content)})
        return self._send("POST", path, form, {**self._headers, "Accept": JSON, "Content-Type": content_type})

    def raw(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """One call with exactly these headers."""
        return self._send(method, path, body, headers)

    def close(self) -> None:
        """Hang up."""
        self._pool.clear()

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        address = path if path.startswith("http") else f"{self.url}{path}"
        answer = self._pool.request(method, address, body=body or None, headers=headers, redirect=False)
        return Reply(answer.status, answer.headers, answer.data)

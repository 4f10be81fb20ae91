"""One vendor's application: its own words for whatever is wrong, and no other's."""

import logging
from collections.abc import Iterator, Sequence

import pytest
import urllib3
from starlette.requests import Request
from starlette.responses import Response

from tests.dialects.serving import serving
from tieout.contracts.http_answers import bytes_answer, empty_answer, json_answer
from tieout.contracts.http_application import Route, vendor_application
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault

HTTP = urllib3.PoolManager(retries=False)


def spell(_: Request, faults: Sequence[HttpFault]) -> Response:
    """The vendor's words: the codes."""
    said = " ".join(fault.code for fault in faults)
    return bytes_answer(said.encode(), "text/plain", faults[0].status, dict(faults[0].headers))


def told(asked: Asked) -> Response:
    """What the request is, as the routes see it."""
    return json_answer([asked.names, asked.body.decode(), asked.address])


def failing(_: Asked) -> Response:
    """A fault of our own."""
    raise KeyError("a secret of ours")


def refusing(_: Asked) -> Response:
    """Two faults of the request."""
    raise RequestFault(HttpFault(418, "one", "one"), HttpFault(418, "two", "two"))


def sized(asked: Asked) -> Response:
    """How much was uploaded, and under which name."""
    assert asked.upload is not None
    return json_answer([len(asked.upload.file.read()), asked.upload.name, asked.upload.fields])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Such an application on loopback."""
    routes = [
        Route("GET", "/lines/{line}", told),
        Route("POST", "/lines", told),
        Route("DELETE", "/lines/{line}", lambda _: empty_answer()),
        Route("DELETE", "/lines", told, bodies="read"),
        Route("GET", "/strict", told, bodies="refused", quick=True),
        Route("GET", "/failing", failing),
        Route("GET", "/refusing", refusing),
        Route("POST", "/files", sized, bodies="upload", upload_field="statement[file]"),
    ]
    logging.getLogger("uvicorn.error").disabled = True
    with serving(vendor_application("vendor", "1", routes, spell)) as where:
        yield where
    logging.getLogger("uvicorn.error").disabled = False


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/nothing", None, 404, "no_such_path"),
        ("GET", "/lines/", None, 404, "no_such_path"),
        ("GET", "/lines/%00", None, 404, "no_such_path"),
        ("GET", "/docs", None, 404, "no_such_path"),
        ("GET", "/openapi.json", None, 404, "no_such_path"),
        ("PUT", "/lines", b"{}", 405, "method_not_allowed"),
        ("GET", "/strict", b"{}", 400, "body_not_allowed"),
        ("GET", "/refusing", None, 418, "one two"),
        ("GET", "/failing", None, 500, "own_fault"),
        ("POST", "/lines", b"x" * (32 * 1024 * 1024 + 1), 413, "body_too_large"),
    ],
)
def test_whatever_is_wrong_is_said_in_the_vendors_words(
    address: str, method: str, path: str, body: bytes | None, status: int, said: str
) -> None:
    answer = HTTP.request(method, address + path, body=body)

    assert (answer.status, answer.data.decode()) == (status, said)


def test_a_path_says_every_method_that_it_answers(address: str) -> None:
    assert HTTP.request("PATCH", f"{address}/lines").headers["allow"] == "DELETE, POST"


def test_a_body_with_get_and_delete_is_read_only_where_the_route_says_so(address: str) -> None:
    asked = [
        HTTP.request("GET", f"{address}/lines/7", body=b"{}"),
        HTTP.request("DELETE", f"{address}/lines", body=b"[7]"),
    ]

    assert [answer.json()[:2] for answer in asked] == [[{"line": "7"}, ""], [{}, "[7]"]]
    assert HTTP.request("DELETE", f"{address}/lines/7", body=b"{}").status == 204


@pytest.mark.parametrize(
    ("host", "origin"), [("vendor.example", "http://vendor.example"), ("a/b c", None), ("<x>", None)]
)
def test_addresses_begin_with_the_host_that_was_asked_if_it_is_one(address: str, host: str, origin: str | None) -> None:
    answer = HTTP.request("GET", f"{address}/lines/7", headers={"host": host})

    assert answer.json()[2] == f"{origin or address}/lines/7"


def test_a_file_comes_in_a_form_or_as_the_body_itself(address: str) -> None:
    form = HTTP.request(
        "POST", f"{address}/files", fields={"statement[file]": ("may.ofx", b"x" * 2_000_000), "note": "n"}
    )
    plain = HTTP.request("POST", f"{address}/files", body=b"abc", headers={"content-type": "application/x-ofx"})
    without = HTTP.request("POST", f"{address}/files", fields={"other": "x"})
    broken = HTTP.request(
        "POST", f"{address}/files", body=b"x", headers={"content-type": "multipart/form-data; boundary=y"}
    )

    assert form.json() == [2_000_000, "may.ofx", {"note": "n"}]
    assert plain.json() == [3, "", {}]
    assert [(without.status, without.data), (broken.status, broken.data)] == [(400, b"required"), (400, b"bad_form")]

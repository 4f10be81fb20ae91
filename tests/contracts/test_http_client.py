"""Calls to systems that others run: what each answer, and each absence of one, is taken for."""

from collections.abc import Callable

import httpx2
import pytest

from tieout.contracts.http_client import CallFault, HttpClient


def client(answer: Callable[[httpx2.Request], httpx2.Response], size_max: int = 1_000) -> HttpClient:
    return HttpClient(
        "https://books.example/base/",
        headers={"authorization": "Bearer t"},
        size_max=size_max,
        transport=httpx2.MockTransport(answer),
    )


def always(status: int, text: str = "", **headers: str) -> Callable[[httpx2.Request], httpx2.Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx2.Response(status, text=text, headers=named)


def fault_of(answer: Callable[[httpx2.Request], httpx2.Response], method: str = "GET") -> CallFault:
    with client(answer) as opened, pytest.raises(CallFault) as raised:
        opened.ask(method, "things", tree={"a": 1} if method == "POST" else None).tree()
    return raised.value


def test_a_call_goes_behind_the_address_with_its_query_and_headers() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json={"amount": "1.50"})

    with client(answer) as opened:
        tree = opened.ask("GET", "/things", query={"page": 2, "name": "ø & å"}).tree()

    assert tree == {"amount": "1.50"}
    assert (asked[0].url.path, dict(asked[0].url.params)) == ("/base/things", {"page": "2", "name": "ø & å"})
    assert asked[0].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "unauthorised"), (403, "unauthorised"), (404, "refused"), (409, "refused"), (422, "refused"),
     (429, "unavailable"), (408, "unknown"), (500, "unknown"), (502, "unknown"), (503, "unknown"), (304, "malformed")],
)  # fmt: skip
def test_a_status_says_what_became_of_the_call(status: int, kind: str) -> None:
    fault = fault_of(always(status, "why"), "POST")

    assert (fault.kind, fault.status) == (kind, status)
    assert str(status) in fault.message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": "Fri, 20 Nov 2026 12:00:30 GMT", "date": "Fri, 20 Nov 2026 12:00:00 GMT"}, 30),
        ({"retry_after": "Fri, 20 Nov 2026 11:00:00 GMT", "date": "Fri, 20 Nov 2026 12:00:00 GMT"}, 0),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_read_in_both_forms(headers: dict[str, str], seconds: int | None) -> None:
    assert fault_of(always(429, **headers)).retry_after == seconds


def test_a_service_that_says_when_to_come_back_did_nothing() -> None:
    assert fault_of(always(503, retry_after="3"), "POST").kind == "unavailable"


@pytest.mark.parametrize("text", ["<html>Sign in</html>", '{"half": ', '{"a": 1, "a": 2}', ""])
def test_an_answer_that_is_no_json_makes_no_sense(text: str) -> None:
    assert fault_of(always(200, text)).kind == "malformed"


def test_a_redirect_inside_the_host_is_followed_by_a_reading_call() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        moved = request.url.path == "/base/things"
        return httpx2.Response(308, headers={"location": "/base/things/"}) if moved else httpx2.Response(200, json=[])

    with client(answer) as opened:
        assert opened.ask("GET", "things").tree() == []


@pytest.mark.parametrize("location", ["https://elsewhere.example/", "http://books.example/", "//elsewhere.example/"])
def test_nothing_is_sent_to_where_another_host_or_scheme_is_named(location: str) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(302, headers={"location": location})

    with client(answer) as opened, pytest.raises(CallFault) as raised:
        opened.ask("GET", "things")

    assert raised.value.kind == "malformed"
    assert asked == ["https://books.example/base/things"]


def test_a_writing_call_follows_no_redirect_and_did_nothing() -> None:
    assert fault_of(always(302, location="/base/things/"), "POST").kind == "refused"


def test_redirects_in_a_circle_end() -> None:
    assert "circle" in fault_of(always(302, location="/base/things")).message


def test_an_answer_longer_than_any_is_not_read() -> None:
    assert fault_of(always(200, "x" * 2_000)).kind == "malformed"


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx2.ConnectError("refused"), "unavailable"),
        (httpx2.ConnectTimeout("slow"), "unavailable"),
        (httpx2.ReadTimeout("slow"), "unknown"),
        (httpx2.RemoteProtocolError("gone"), "unknown"),
        (httpx2.WriteError("gone"), "unknown"),
        (httpx2.LocalProtocolError("a line break in a header"), "settings"),
    ],
)
def test_what_ends_a_call_before_its_answer_says_whether_it_may_have_happened(raised: Exception, kind: str) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise raised

    assert fault_of(answer, "POST").kind == kind


@pytest.mark.parametrize("address", ["books.example", "ftp://books.example", "https://ada:secret@books.example", ""])
def test_an_address_that_cannot_be_right_is_refused_at_once(address: str) -> None:
    with pytest.raises(CallFault) as raised:
        HttpClient(address)

    assert raised.value.kind == "settings"
    assert "secret" not in raised.value.message

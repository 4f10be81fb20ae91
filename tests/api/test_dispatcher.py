"""One entrance: the longest prefix answers, every answer has an id, and no two faces claim the same paths."""

import asyncio
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tieout.api.dispatcher import Dispatcher, PrefixesOverlap, Served


def saying(name: str) -> ASGIApp:
    """An application that says its name, the method and the path that it was asked for."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(f"{name} {scope['method']} {scope['path']}")(scope, receive, send)

    return application


def served(name: str, *prefixes: str) -> Served:
    """Such an application under these prefixes."""
    return Served(name, prefixes, saying(name))


def ask(dispatcher: Dispatcher, path: str, method: str = "GET", **headers: str) -> tuple[str, str]:
    """Body and request id of an answer."""
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": sent, "query_string": b""}
    asyncio.run(dispatcher(scope, receive, send))
    return told[1]["body"].decode(), dict(told[0]["headers"])[b"x-request-id"].decode()


DISPATCHER = Dispatcher(
    [served("kashflow", "/v2"), served("snapbooks", "/api/v2", "/snapbooks/api/v2"), served("fintera", "/entities")],
    saying("native"),
    lambda: "made",
    {},
)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v2", "kashflow GET /v2"),
        ("/v2/bankaccounts/", "kashflow GET /v2/bankaccounts/"),
        ("/v2//x", "kashflow GET /v2//x"),
        ("/v22", "native GET /v22"),
        ("/V2/x", "native GET /V2/x"),
        ("/api/v2/users/me", "snapbooks GET /api/v2/users/me"),
        ("/snapbooks/api/v2/users/me", "snapbooks GET /snapbooks/api/v2/users/me"),
        ("/snapbooks/api", "native GET /snapbooks/api"),
        ("/", "native GET /"),
        ("", "native GET "),
    ],
)
def test_a_path_goes_unchanged_to_the_application_of_its_prefix(path: str, answer: str) -> None:
    assert ask(DISPATCHER, path)[0] == answer


def test_head_is_answered_as_get() -> None:
    assert ask(DISPATCHER, "/v2/x", "HEAD")[0] == "kashflow GET /v2/x"


@pytest.mark.parametrize(("given", "kept"), [("trace-7", "trace-7"), ("a b", "made"), ("x" * 65, "made"), ("", "made")])
def test_every_answer_carries_an_id_the_clients_own_where_it_is_a_word(given: str, kept: str) -> None:
    assert ask(DISPATCHER, "/v2", x_request_id=given)[1] == kept


@pytest.mark.parametrize("prefix", ["/v2", "/v2/", "/v2/banks", "/"])
def test_two_faces_that_claim_the_same_paths_are_a_fault_at_the_start(prefix: str) -> None:
    with pytest.raises(PrefixesOverlap):
        Dispatcher([served("kashflow", "/v2"), served("other", prefix)], saying("native"), lambda: "made", {})

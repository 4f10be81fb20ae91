"""Monite's face inside the whole server: its own paths, its own words, beside tieout's own API of the same version."""

from collections.abc import Iterator

import pytest

from tests.dialects.monite.given import Firm, prepared
from tests.dialects.monite.monite_client import MoniteClient
from tests.dialects.serving import serving
from tieout import app
from tieout.services.context import Context


@pytest.fixture
def whole(context: Context, firm: Firm) -> Iterator[MoniteClient]:
    """The firm's client of the whole server."""
    with serving(app.build_server(prepared(context))) as url:
        opened = MoniteClient(url, firm.token, firm.entity_id)
        yield opened
        opened.close()


def test_every_answer_carries_an_id_the_clients_own_where_it_gives_one(whole: MoniteClient) -> None:
    named = whole.call("GET", "/v1/accounting_connections", headers={"X-Request-Id": "ours-7"})
    unnamed = whole.call("GET", "/v1/accounting_connections")
    missing = whole.call("GET", "/v1/nothing")

    assert (named.status, named.headers["x-request-id"]) == (200, "ours-7")
    assert len(unnamed.headers["x-request-id"]) == 32
    assert missing.json == {"error": {"message": "There is nothing under this path."}}
    assert missing.headers["x-request-id"]


def test_a_token_of_this_face_opens_no_other(whole: MoniteClient) -> None:
    native = whole.call("GET", "/tieout/v1/entities")

    assert native.status == 401
    assert native.headers["content-type"].startswith("application/problem")
    assert whole.call("GET", "/v1/settings").status == 200


def test_head_is_answered_as_get_without_a_body(whole: MoniteClient) -> None:
    answer = whole.call("HEAD", "/v1/accounting_connections")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["x-monite-version"] == "2024-05-25"

"""Connections: one active one per entity, and a page behind each address that tells how to go on."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from tests.dialects.monite.given import NO_SUCH_ID, Firm, connected, prepared
from tests.dialects.monite.monite_client import MoniteClient
from tests.dialects.monite.paper_books import BROKEN
from tests.given_matches import accepted
from tieout.domain.connections import Connection
from tieout.domain.people import Secret
from tieout.domain.work import Job
from tieout.services.context import Denied
from tieout.services.syncing.connections import configure_connection, create_connection
from tieout.store.protocols import Scope

CONNECTIONS = "/accounting_connections"


def test_the_whole_life_of_a_connection(client: MoniteClient, firm: Firm) -> None:
    office, context = firm.office, firm.context
    second = MoniteClient(client.base, firm.token, firm.second_entity_id)
    none = second.get(CONNECTIONS)
    made = second.call("POST", CONNECTIONS)
    connection_id = made.json["id"]
    with context.store.reading() as view:
        waiting = view.one(Connection, public_id=connection_id)
    assert waiting is not None

    early = second.wrong("POST", f"{CONNECTIONS}/{connection_id}/sync")
    told = connected(context, office.owner, office.entities[1].id, "second")
    synced = [second.call("POST", f"{CONNECTIONS}/{told.public_id}/sync") for _ in range(3)]
    again = second.wrong("POST", CONNECTIONS)
    ended = [second.call("POST", f"{CONNECTIONS}/{told.public_id}/disconnect") for _ in range(2)]

    assert none == {"data": []}
    assert (made.status, made.json["status"], made.json["platform"]) == (201, "pending_auth", None)
    assert (early, again) == ((409, []), (409, []))
    assert [each.status for each in synced] == [202, 202, 202]
    assert _jobs(firm, told) == 1
    assert [(each.status, each.json["status"]) for each in ended] == [(200, "disconnected")] * 2
    with context.store.reading() as view:
        assert view.count(Secret, owner=f"connection:{told.id}") == 0
        assert view.count(Secret, owner=f"connection:{firm.connection.id}") == 1
    assert [each["id"] for each in second.get(CONNECTIONS)["data"]] == [connection_id]
    assert second.get(f"{CONNECTIONS}/{told.public_id}")["status"] == "disconnected"
    second.close()


def _jobs(firm: Firm, connection: Connection) -> int:
    with firm.context.store.reading() as view:
        return view.count(Job, entity_id=connection.entity_id, joined_by=f"pull:{connection.id}")


def test_syncs_asked_for_at_once_are_one(client: MoniteClient, firm: Firm) -> None:
    path = f"{CONNECTIONS}/{firm.connection.public_id}/sync"

    with ThreadPoolExecutor(4) as several:
        answers = [*several.map(lambda _: client.call("POST", path).status, range(8))]

    assert answers == [202] * 8
    assert _jobs(firm, firm.connection) == 1


def test_a_connection_says_what_went_wrong_and_when_it_was_last_pulled(client: MoniteClient, firm: Firm) -> None:
    office, context = firm.office, firm.context
    waiting = accepted(create_connection(context, office.owner, office.entities[1].id))
    refused = configure_connection(
        prepared(context), office.owner, waiting.entity_id, waiting.id, "paper", {"name": BROKEN}, {}
    )
    with context.store.writing(Scope("entity", waiting.entity_id), "given", "given_pull", context.now()) as work:
        kept = work.one(Connection, entity_id=waiting.entity_id, id=waiting.id)
        assert kept is not None
        work.change(kept, last_pull_at=context.now() + 1_999)

    found = MoniteClient(client.base, firm.token, firm.second_entity_id).get(f"{CONNECTIONS}/{waiting.public_id}")

    assert isinstance(refused, Denied)
    assert found["errors"] == [{"message": "the paper is wet"}]
    assert (found["status"], found["last_pull"]) == ("pending_auth", "2026-01-15T12:00:00.001Z")


def test_reading_from_a_system_that_does_not_answer_says_so(client: MoniteClient, firm: Firm) -> None:
    with firm.context.store.writing(Scope("entity", firm.office.entity_id), "given", "given_broken", 1) as work:
        kept = work.one(Connection, entity_id=firm.office.entity_id, id=firm.connection.id)
        assert kept is not None
        work.change(kept, settings='{"name": "broken"}')

    answer = client.call("GET", "/accounting/payables")

    assert answer.status == 503
    assert answer.json == {"error": {"message": "The accounting system did not do what it was asked: the paper is wet"}}


def test_bills_are_read_by_limit_and_offset_to_the_end(client: MoniteClient, firm: Firm) -> None:
    pages = [client.ids("/accounting/payables", limit=5, offset=offset) for offset in (0, 5, 10, 15)]

    assert [len(page) for page in pages] == [5, 5, 2, 0]
    assert len({each for page in pages for each in page}) == 12
    assert client.get(f"/accounting/receivables/{firm.books}-receivable-2")["invoice_number"] == "F-002"
    assert client.wrong("GET", f"/accounting/payables/{firm.books}-bill-13") == (404, [])
    assert client.wrong("GET", "/accounting/payables", offset=10_001) == (422, [["query", "offset"]])
    assert client.wrong("GET", "/accounting/payables", offset=-1) == (422, [["query", "offset"]])


def test_the_page_behind_a_connections_address_tells_how_to_go_on(client: MoniteClient, firm: Firm) -> None:
    found = client.get(f"{CONNECTIONS}/{firm.connection.public_id}")
    plain = {"Authorization": "", "X-Monite-Version": "", "X-Monite-Entity-Id": ""}

    page = client.call("GET", found["connection_url"].removeprefix(client.base), headers=plain)
    unknown = client.call("GET", f"{CONNECTIONS}/{NO_SUCH_ID}/connect", headers=plain)

    text = unescape(page.body.decode())
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert f"tieout connection add paper --entity ID --connection {firm.connection.public_id} --set name=..." in text
    assert "blue &lt;ink&gt; if not given" in page.body.decode()
    assert "Nordic" not in text
    assert text.replace(firm.connection.public_id, "ID") == unescape(unknown.body.decode()).replace(NO_SUCH_ID, "ID")


@pytest.mark.parametrize("name", ["7", "<b>x</b>", "018F2C4E-7C1A-7B11-9D1C-0C3F6A1BE001"])
def test_there_is_no_page_for_what_is_no_connection(client: MoniteClient, name: str) -> None:
    answer = client.call("GET", f"{CONNECTIONS}/{name}/connect")

    assert answer.status == 404
    assert b"<b>" not in answer.body


def test_a_reader_neither_makes_nor_ends_nor_syncs_a_connection(client: MoniteClient, firm: Firm) -> None:
    reader = MoniteClient(client.base, firm.user_token(firm.office.reader), firm.entity_id)
    one = f"{CONNECTIONS}/{firm.connection.public_id}"

    answers = [reader.wrong("POST", path) for path in (CONNECTIONS, f"{one}/sync", f"{one}/disconnect")]

    assert answers == [(403, [])] * 3
    assert reader.get(one)["status"] == "connected"
    reader.close()

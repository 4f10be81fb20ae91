"""What the served demo has for an ERP and a platform: settlements to drain, and a ledger that is synced."""

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.examples.given_demo import LIMIT_SECONDS, Demo, demo
from tests.waiting import wait_until

__all__ = ("demo",)

pytestmark = pytest.mark.slow

RECORDS = "/externalapi/orderextract"


def signed_in_to_koncili(demo: Demo) -> dict[str, str]:
    """The header of an ERP that signed in with what the file says."""
    told = demo.told["koncili"]
    credentials = b64encode(f"{told['email']}:{told['password']}".encode()).decode()
    tokens = demo.ask("koncili", "POST", "/public/api/auth/token", "", {"credentials": credentials})
    assert tokens.status == 200, tokens
    return {"gumgaToken": tokens.json["accessToken"]}


def asked_of_monite(demo: Demo) -> Callable[..., Any]:
    """What asks Monite's face as the client of the file, for an entity."""
    told = demo.told["monite"]
    version = {"x-monite-version": told["version"]}
    secrets = {"client_id": told["client_id"], "client_secret": told["client_secret"]}
    body = {**secrets, "grant_type": "client_credentials"}
    token = demo.ask("monite", "POST", "/auth/token", "", body, version)
    assert token.status == 200, token

    def asked(method: str, path: str, entity: str = "entity_id", body: object = None) -> Any:
        further = {**version, "x-monite-entity-id": told[entity]}
        reply = demo.ask("monite", method, path, f"Bearer {token.json['access_token']}", body, further)
        assert 200 <= reply.status < 300, reply
        return reply.json

    return asked


def test_the_settlements_of_the_file_can_be_drained_page_by_page_within_the_limit(demo: Demo) -> None:
    header, unread = signed_in_to_koncili(demo), demo.told["koncili"]["unread"]

    page = demo.ask("koncili", "GET", f"{RECORDS}/unresolveds", "", further=header)
    ids = [each["id"] for each in page.json["content"]]
    marked = demo.ask("koncili", "PUT", f"{RECORDS}/read/batch", "", ids, header)
    second = demo.ask("koncili", "GET", f"{RECORDS}/unresolveds", "", further=header)

    assert (page.status, page.json["count"], len(ids)) == (200, unread, 100)
    assert (marked.status, marked.json["marked"]) == (200, ids)
    assert second.json["page"]["count"] == unread - 100
    assert not {each["id"] for each in second.json["content"]} & set(ids)


def test_the_fourth_page_of_a_minute_is_refused_and_says_when_to_come_back(demo: Demo) -> None:
    header = signed_in_to_koncili(demo)

    replies = [demo.ask("koncili", "GET", f"{RECORDS}/unresolveds", "", further=header) for _ in range(4)]

    assert replies[-1].status == 429


def test_the_ledger_is_synced_and_every_record_says_how_it_stands(demo: Demo) -> None:
    asked = asked_of_monite(demo)

    def states(object_type: str) -> list[str]:
        found = asked("GET", f"/accounting_synced_records?object_type={object_type}")["data"]
        return [each["sync_status"] for each in found]

    wait_until(lambda: len(states("receivable")) >= 3 and "pending" not in states("receivable"), LIMIT_SECONDS)
    wait_until(lambda: len(states("bill")) >= 2 and "pending" not in states("bill"), LIMIT_SECONDS)

    (connection,) = asked("GET", "/accounting_connections")["data"]
    rates = asked("GET", "/accounting_tax_rates")["data"]
    assert (connection["platform"], connection["status"]) == ("journal", "connected")
    assert {each["effective_tax_rate"] for each in rates} == {1500, 2500}
    assert set(states("receivable")) == {"done"}
    assert states("bill").count("error") == 1
    assert asked("GET", "/accounting_connections", "second_entity_id")["data"] == []


def test_the_bill_that_cannot_be_pushed_names_its_line_its_rate_and_the_rates_that_there_are(demo: Demo) -> None:
    asked = asked_of_monite(demo)

    def refused() -> list[Any]:
        bills = asked("GET", "/accounting_synced_records?object_type=bill")["data"]
        return [each for each in bills if each["sync_status"] == "error"]

    wait_until(lambda: bool(refused()), LIMIT_SECONDS)

    (told,) = refused()
    message = told["errors"]["message"]
    assert all(part in message for part in ("line 1", "12 %", "Input tax 25 %", "Input tax on food 15 %")), message


def test_an_invoice_of_the_demo_stands_in_the_ledger_folder(demo: Demo) -> None:
    named = re.search(r"^the plain-text ledger that it syncs with: (.*)$", demo.shown, re.MULTILINE)
    assert named is not None
    folder = Path(named[1])

    def written() -> str:
        return "".join(path.read_text("utf-8") for path in sorted((folder / "tieout").rglob("*.journal")))

    wait_until(lambda: "W-102" in written() and "W-103" in written(), LIMIT_SECONDS)

    assert "Kystkafeen" in written()
    assert "T-5518" not in written()

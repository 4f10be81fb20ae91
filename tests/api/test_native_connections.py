"""Connections, synced records, customers and vendors over the native API."""

from collections.abc import Iterator

import pytest

from tests.api.given_server import Client, Native, given_token
from tests.dialects.serving import serving
from tests.given_platform import SECRETS, SETTINGS, Stub, a_rate, with_platform
from tests.given_store import given_office
from tieout.api.dispatcher import Dispatcher, Served
from tieout.api.native import application as native
from tieout.services.context import Context
from tieout.services.jobs import run_queued


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def connected(context: Context, stub: Stub) -> Iterator[Native]:
    """An office with its server, and a platform that it may be connected to."""
    here = with_platform(context, stub)
    office = given_office(here)
    own = native.application(here)
    with serving(Dispatcher([Served("native", native.PREFIXES, own)], own, lambda: "made-id", {})) as address:
        client = Client(address, given_token(here, office.owner, post=True))
        yield Native(office, client, here)


def test_a_connection_is_made_told_synced_and_ended(connected: Native, stub: Stub) -> None:
    stub.put("tax_rate", a_rate())
    where, ask = f"{connected.entity}/connections", connected.client.ask

    made = ask("POST", where)
    one = f"{where}/{made.json['id']}"
    told = ask("PUT", f"{one}/platform", platform="stub", settings=SETTINGS, secrets=SECRETS)
    second = ask("POST", where)
    queued = ask("POST", f"{one}/sync")
    run_queued(connected.context)
    done = ask("GET", f"{connected.entity}/jobs/{queued.json['id']}").json
    rates = ask("GET", f"{connected.entity}/synced-records?object_type=tax_rate").json["synced_records"]
    ended = ask("POST", f"{one}/disconnect")

    assert (made.status, made.json["status"], made.json["business"]) == (201, "pending_auth", None)
    assert (told.status, told.json["status"], told.json["settings"]) == (200, "connected", SETTINGS)
    assert told.json["business"]["base_currency"] == "NOK"
    assert (second.status, second.code) == (409, "exists")
    assert (queued.status, done["state"], done["answer"]["errors"]) == (202, "done", [])
    assert [each["content"]["effective_tax_rate"] for each in rates] == [2500]
    assert ended.json["status"] == "disconnected"
    assert ask("GET", where).json["connections"] == []
    assert [each["id"] for each in ask("GET", f"{where}?disconnected=true").json["connections"]] == [made.json["id"]]


def test_secrets_are_in_no_answer(connected: Native) -> None:
    where, ask = f"{connected.entity}/connections", connected.client.ask
    one = f"{where}/{ask('POST', where).json['id']}"

    answers = [
        ask("PUT", f"{one}/platform", platform="stub", settings=SETTINGS, secrets={"password": "wrong horse"}),
        ask("PUT", f"{one}/platform", platform="stub", settings=SETTINGS, secrets=SECRETS),
        ask("GET", one),
        ask("GET", f"{connected.entity}/events"),
    ]

    assert answers[0].code == "platform_unavailable"
    assert answers[0].json["findings"][0]["facts"]["message"] == "the password is wrong"
    assert not any(b"horse" in each.content for each in answers)


def test_an_invoice_that_names_a_customer_and_a_rate_is_pushed_with_both(connected: Native, stub: Stub) -> None:
    rate = stub.put("tax_rate", a_rate())
    where, ask = f"{connected.entity}/connections", connected.client.ask
    one = f"{where}/{ask('POST', where).json['id']}"
    ask("PUT", f"{one}/platform", platform="stub", settings=SETTINGS, secrets=SECRETS)
    run_queued(connected.context)

    customer = ask("POST", f"{connected.entity}/counterparties", role="customer", name="Fjord AS", tax_number="NO 9")
    line = {"description": "Goods", "amount": "100.00", "tax": "25.00", "price": "50.00", "quantity": "2",
            "tax_rate_value": 2500, "account_code": "3000"}  # fmt: skip
    made = ask(
        "POST", f"{connected.entity}/invoices", direction="receivable", currency="NOK", issue_date="2026-01-05",
        number="I-1", counterparty_id=customer.json["id"], lines=[line],
    )  # fmt: skip
    for _ in range(3):
        connected.context.now.forward(minutes=1)  # type: ignore[attr-defined]
        run_queued(connected.context)

    (there,) = [each.content for each in stub.objects["receivable"].values()]
    (party,) = stub.objects["customer"]
    shown = ask("GET", f"{connected.entity}/invoices/{made.json['invoice']['id']}").json
    (record,) = ask("GET", f"{connected.entity}/synced-records?status=done").json["synced_records"]
    assert (there["counterparty"], there["counterparty_tax_number"]) == (party, "NO 9")
    assert (there["lines"][0]["tax_rate"], there["lines"][0]["price"]) == (rate, "50.00")
    assert (shown["lines"][0]["price"], shown["lines"][0]["tax_rate_value"]) == ("50.00", 2500)
    assert record["object_id"] == shown["invoice"]["public_id"]
    again = ask("POST", f"{connected.entity}/synced-records/{record['public_id']}/push")
    assert (again.status, again.code) == (409, "state_differs")


def test_the_platforms_that_there_are_say_what_they_must_be_told(connected: Native) -> None:
    (platform,) = connected.client.ask("GET", "/platforms").json["platforms"]

    assert (platform["name"], [(each["name"], each["secret"]) for each in platform["fields"]]) == (
        "stub",
        [("address", False), ("password", True)],
    )

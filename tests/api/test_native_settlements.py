"""Settlements and their delivery over the native API."""

from typing import Any

import pytest

from tests.api.given_server import Native
from tests.api.test_native_openapi import require_described

DAY = "2026-01-05"


def given_provider(served: Native) -> int:
    """A provider's clearing account in NOK."""
    asked: dict[str, Any] = {"kind": "provider", "name": "B2W", "currency": "NOK"}
    return int(served.client.ask("POST", f"{served.entity}/accounts", **asked).json["id"])


def entry(native_id: str, kind: str, received: str, **more: Any) -> dict[str, Any]:
    """An entry of an order."""
    return {
        "native_id": native_id,
        "kind": kind,
        "booking_date": DAY,
        "entry_type": kind.upper(),
        "received": received,
        "order_code": "ORD-1001",
        **more,
    }


def given_batch(served: Native, account_id: int) -> dict[str, Any]:
    """What came of a batch whose commission is written as a positive value."""
    told = served.client.ask(
        "POST",
        f"{served.entity}/settlement-entries",
        account_id=account_id,
        currency="NOK",
        batch_number="77",
        payout="484.50",
        payout_date="2026-01-06",
        entries=[entry("1", "sale", "570.00", expected="560.00"), entry("2", "fee", "85.5")],
    )
    assert told.status == 201, told.content
    return dict(told.json)


def test_entries_are_received_analysed_and_finalised_when_their_payout_has_arrived(served: Native) -> None:
    account_id = given_provider(served)
    made = given_batch(served, account_id)
    where = f"{served.entity}/settlement-batches"
    one = f"{where}/{made['batch']['id']}"

    analysis = served.client.ask("POST", f"{where}/analyse", account_id=account_id).json
    shown = served.client.ask("GET", one).json
    early = served.client.ask("POST", f"{one}/finalise")
    bank = served.given_account()
    (arrived,) = served.given_lines({"account_id": bank, "amount": "484.50"})
    legs = [{"line_id": arrived}, {"line_id": shown["payout_line_id"]}]
    served.client.ask("POST", f"{served.entity}/matches", kind="within", allocations=legs)
    late = served.client.ask("POST", f"{one}/finalise")

    assert (analysis["analysed"], analysis["finalized"], analysis["raised"]) == (1, 0, 1)
    assert (shown["state"], shown["sign_rule"], shown["gap"], shown["payout"]) == (
        "analyzed", "by_type", "0.00", "484.50",
    )  # fmt: skip
    assert [each["code"] for each in shown["keeps_open"]] == ["unpaid"]
    assert (early.status, early.code) == (409, "unpaid")
    assert (late.status, late.json["state"]) == (200, "finalized")


def test_entries_show_the_value_that_was_written_and_what_it_does(served: Native) -> None:
    made = given_batch(served, given_provider(served))
    api = served.client.ask("GET", "/openapi.json").json
    batch_id = made["batch"]["id"]

    by_batch = served.client.ask("GET", f"{served.entity}/settlement-entries?batch_id={batch_id}").json
    by_order = served.client.ask("GET", f"{served.entity}/settlement-entries?order_code=ORD-1001&limit=1").json
    listed = served.client.ask("GET", f"{served.entity}/settlement-batches?state=open").json

    assert [(each["received"], each["effect"]) for each in by_batch["settlement_entries"]] == [
        ("570.00", "570.00"),
        ("85.5", "-85.50"),
    ]
    assert [each["line_id"] for each in by_order["settlement_entries"]] == [made["line_ids"]["1"]]
    assert by_order["next"] is not None
    assert [each["id"] for each in listed["settlement_batches"]] == [batch_id]
    for path in ("settlement-entries", "settlement-batches", f"settlement-batches/{batch_id}", "integrations"):
        told = served.client.ask("GET", f"{served.entity}/{path}").json
        require_described(api, f"{served.entity}/{path}", told)


def test_an_integration_reads_and_resolves_each_entry_once(served: Native) -> None:
    made = given_batch(served, given_provider(served))
    served.client.ask("POST", f"{served.entity}/settlement-batches/analyse")
    first, second = made["line_ids"]["1"], made["line_ids"]["2"]
    integration = served.client.ask("POST", f"{served.entity}/integrations", name="shop")
    where = f"{served.entity}/integrations/{integration.json['id']}"
    deliveries = f"{where}/deliveries"

    unread = served.client.ask("GET", deliveries).json
    marked = served.client.ask("POST", f"{deliveries}/read", line_ids=[first, 0]).json
    cleared = served.client.ask("POST", f"{deliveries}/resolve", line_ids=[first, first]).json
    rest = served.client.ask("GET", f"{deliveries}?state=unresolved&from_date={DAY}&channel=B2W&limit=5").json
    done = served.client.ask("GET", f"{deliveries}?state=resolved").json

    assert (unread["total"], [each["line_id"] for each in unread["deliveries"]]) == (2, [first, second])
    assert marked == {"marked": [first], "already": [], "unknown": [0]}
    assert cleared == {"marked": [first], "already": [first], "unknown": []}
    assert [each["line_id"] for each in rest["deliveries"]] == [second]
    assert (done["total"], done["deliveries"][0]["resolved_at"] is not None) == (1, True)


def test_integrations_are_named_changed_and_acted_for(served: Native) -> None:
    where = f"{served.entity}/integrations"
    made = served.client.ask("POST", where, name="shop", unread_only=False).json
    user_id = served.office.preparer.user_id

    changed = served.client.ask("PATCH", f"{where}/{made['id']}", name="web shop").json
    assigned = served.client.ask("PUT", f"{where}/{made['id']}/users/{user_id}")
    taken = served.client.ask("POST", where, name="web shop")
    shown = served.client.ask("GET", f"{where}/{made['id']}").json
    (listed,) = served.client.ask("GET", where).json["integrations"]

    assert (changed["name"], changed["unread_only"], shown) == ("web shop", False, changed)
    assert (assigned.status, listed["user_ids"], listed["stale_entries"]) == (204, [user_id], 0)
    assert (taken.status, taken.code) == (409, "exists")


@pytest.mark.parametrize(
    ("fields", "concerns"),
    [
        ({"payout": "1.005"}, "payout"),
        ({"payout_date": "5/1/2026"}, "payout_date"),
        ({"entries": [entry("1", "sale", "1,00")]}, "entries[0].received"),
        ({"entries": [entry("1", "sale", "1.00", released_date="x")]}, "entries[0].released_date"),
    ],
)
def test_what_cannot_be_read_of_entries_is_located(served: Native, fields: dict[str, Any], concerns: str) -> None:
    account_id = given_provider(served)
    sent: dict[str, Any] = {"account_id": account_id, "currency": "NOK", "entries": [], **fields}

    told = served.client.ask("POST", f"{served.entity}/settlement-entries", **sent)

    assert told.status == 422
    assert [each["concerns"] for each in told.json["findings"]] == [concerns]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "settlement-batches/999999"),
        ("POST", "settlement-batches/999999/finalise"),
        ("GET", "integrations/999999/deliveries"),
    ],
)
def test_a_batch_or_an_integration_that_is_not_there_is_not_found(served: Native, method: str, path: str) -> None:
    told = served.client.ask(method, f"{served.entity}/{path}")

    assert (told.status, told.code) == (404, "not_found")

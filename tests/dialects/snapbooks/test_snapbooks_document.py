"""The OpenAPI document of Snapbooks' face: readable by anybody under both prefixes, complete, and true."""

from typing import Any

import pytest
import urllib3

from tests.dialects.snapbooks.given import Firm
from tests.dialects.snapbooks.snapbooks_client import SnapbooksClient
from tieout.dialects.snapbooks import OPERATIONS, PREFIXES

BASE = "/api/v2"


@pytest.fixture
def document(server: str) -> Any:
    """The document, as somebody without a token gets it."""
    return urllib3.request("GET", f"{server}{BASE}/openapi.json", retries=False).json()


def test_the_document_names_what_is_served_and_nothing_else_under_both_prefixes(server: str, document: Any) -> None:
    found = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}

    assert document["openapi"].startswith("3.1")
    assert found == {(each.method, each.path) for each in OPERATIONS if not each.why_not}
    for prefix in PREFIXES:
        assert urllib3.request("GET", f"{server}{prefix}/openapi.json", retries=False).json() == document


@pytest.mark.parametrize(
    ("path", "needs_client_account"),
    [
        ("/bank-transactions", False),
        ("/journal-entries", True),
        ("/bank-accounts", True),
        ("/general-ledger-accounts", True),
        ("/period-locks", True),
    ],
)
def test_pages_have_the_fields_that_the_document_says(
    client: SnapbooksClient, firm: Firm, document: Any, path: str, needs_client_account: bool
) -> None:
    firm.transaction(100_00), firm.journal(100_00), firm.journal(1_200_00, euros=100_00, rate="12")
    client.made("/period-locks", {"client_account_id": firm.client_account_id, "locked_to": "2020-12-31"})

    page = client.get(path, client_account_id=firm.client_account_id)

    operation = document["paths"][f"{BASE}{path}"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    required = {each["name"] for each in operation["parameters"] if each["required"]}
    assert ("client_account_id" in required) is needs_client_account
    assert page["data"]
    for shown in page["data"]:
        _require_as_said(shown, schema["data"]["items"])
    _require_as_said(page["meta"], schema["meta"])


def test_what_is_made_and_who_asks_have_the_fields_that_the_document_says(
    client: SnapbooksClient, firm: Firm, document: Any
) -> None:
    body = {
        "client_account_id": firm.client_account_id,
        "bank_account_id": firm.bank_account_id,
        "booking_date": "2024-03-15",
        "amount": "12.50",
        "currency_code": "NOK",
    }

    made, me = client.made("/bank-transactions", body), client.get("/users/me")

    operation = document["paths"][f"{BASE}/bank-transactions"]["post"]
    sent = operation["requestBody"]["content"]["application/json"]["schema"]
    assert set(sent["required"]) == set(body)
    _require_as_said(made, operation["responses"]["201"]["content"]["application/json"]["schema"])
    said = document["paths"][f"{BASE}/users/me"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    _require_as_said(me, said)


def test_a_refusal_and_a_deletion_are_described_too(document: Any) -> None:
    deleted = document["paths"][f"{BASE}/journal-entries/{{journal_entry_id}}"]["delete"]["responses"]

    assert deleted.keys() == {"204", "4XX"}
    assert deleted["4XX"]["content"]["application/json"]["schema"]["required"] == ["message", "errors"]


def _require_as_said(shown: dict[str, Any], schema: dict[str, Any]) -> None:
    assert shown.keys() == schema["properties"].keys()
    for name, value in shown.items():
        assert _fits(value, schema["properties"][name]), (name, value)


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is of the JSON type that a schema says."""
    if "anyOf" in schema:
        return any(_fits(value, each) for each in schema["anyOf"])
    names = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object", type(None): "null"}
    return bool(names[type(value)] == schema["type"])

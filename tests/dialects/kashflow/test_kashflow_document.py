"""The OpenAPI document: where the vendor's stands, readable by anybody, and true."""

import json
from typing import Any

from tests.dialects.kashflow.given import given_account
from tests.dialects.kashflow.served import served
from tests.dialects.kashflow.vendor_client import VendorClient
from tieout.dialects.kashflow import OPERATIONS
from tieout.services.context import Context


def _document(base_url: str) -> dict[str, Any]:
    found: dict[str, Any] = VendorClient(base_url).ask("GET", "/swagger/docs/v1")
    return found


def test_it_names_every_operation_that_is_served_and_no_other(context: Context) -> None:
    with served(context) as here:
        document = _document(here.base_url)

    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert document["openapi"].startswith("3.1")
    assert described == {(each.method, each.path) for each in OPERATIONS if not each.why_not}


def test_answers_have_the_properties_that_it_says(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        body = {"EndDate": "2014-01-31", "EndBalance": 1500}
        made = here.client.ask("POST", f"/bankaccounts/{account_id}/reconciliations", body, 201)
        account = here.client.ask("GET", f"/bankaccounts/{account_id}")
        paths = _document(here.base_url)["paths"]

    for answer, operation, status in (
        (made, paths["/v2/bankaccounts/{account_id}/reconciliations"]["post"], "201"),
        (account, paths["/v2/bankaccounts/{account_id}"]["get"], "200"),
    ):
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        assert answer.keys() == schema["properties"].keys()


def test_what_a_body_must_hold_is_required(context: Context) -> None:
    with served(context) as here:
        paths = _document(here.base_url)["paths"]

    body = paths["/v2/sessiontoken"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["UserName", "Password"]
    assert "float" not in json.dumps(body)

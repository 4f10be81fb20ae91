"""The OpenAPI document: readable by anybody, complete, and true."""

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.dialects.fintera.fintera_client import FinteraClient
from tests.dialects.fintera.given import Firm
from tests.dialects.fintera.given import given as given_values
from tieout.dialects.fintera import OPERATIONS
from tieout.services.context import Context

FEW = settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_it_names_every_operation_that_is_served_and_no_other(client: FinteraClient) -> None:
    reply = client.raw("GET", "/entities/openapi.json", {})

    paths = reply.json["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert (reply.status, reply.json["openapi"][:3]) == (200, "3.1")
    assert described == {(each.method, each.path) for each in OPERATIONS}
    assert all(len(each["responses"]) == 2 for methods in paths.values() for each in methods.values())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/accounts", "account"),
        ("/entities", "entity"),
        ("/entities/{entity_id}/deposit_accounts", "deposit_account"),
        ("/entities/{entity_id}/payable_accounts", "payable_account"),
        ("/entities/{entity_id}/receivable_accounts", "receivable_account"),
        ("/entities/{entity_id}/deposit_accounts/{deposit_account_id}/financial_transactions", "financial_transaction"),
    ],
)
def test_answers_have_the_fields_that_it_says_and_their_types(
    client: FinteraClient, firm: Firm, path: str, name: str
) -> None:
    firm.payable(1_00), firm.receivable(2_00, paid=None), firm.transaction(3_00)
    document = client.raw("GET", "/entities/openapi.json", {}).json

    listed = client.call("GET", path.format(entity_id=firm.entity_id, deposit_account_id=firm.account_id)).json

    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"]["items"]["properties"][name]
    assert content.keys() == {"application/json", "application/xml"}
    assert listed[0][name].keys() == schema["properties"].keys()
    for field, value in listed[0][name].items():
        assert _fits(value, schema["properties"][field]), field


def test_what_a_new_account_must_hold_is_required(client: FinteraClient) -> None:
    paths = client.raw("GET", "/entities/openapi.json", {}).json["paths"]

    operations = paths["/entities/{entity_id}/payable_accounts"]
    body = operations["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]["payable_account"]
    assert body["required"] == ["due_date", "amount"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_what_is_generated_from_it_never_makes_the_server_fail(
    client: FinteraClient, context: Context, mode: GenerationMode
) -> None:
    values = given_values(context)
    headers = {"authorization": values["authorization"]}
    asked: Counter[str] = Counter()
    failed: list[str] = []

    document = client.raw("GET", "/entities/openapi.json", {}).json
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(found, Ok), found

        @FEW
        @given(case=found.ok().as_strategy(mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            known = {name: values[name] for name in case.path_parameters if name in values}
            case.path_parameters.update(known)
            answer = case.call(base_url=client.url, headers=headers, timeout=20)
            asked[case.operation.label] += 1
            if answer.status_code >= 500:
                failed.append(f"{case.operation.label}: {answer.content!r} to {case.body!r}")

        with suppress(Unsatisfiable):
            ask()

    assert failed == []
    assert len(asked) == len(OPERATIONS)


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is of the JSON type that a schema says."""
    if "anyOf" in schema:
        return any(_fits(value, each) for each in schema["anyOf"])
    names = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object", type(None): "null"}
    return bool(names[type(value)] == schema["type"])

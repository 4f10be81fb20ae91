"""The OpenAPI document: readable by anybody, complete, and true."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.dialects.koncili.conftest import Switchboard
from tests.dialects.koncili.given import Shop
from tests.dialects.koncili.given import given as given_values
from tests.dialects.koncili.koncili_client import KonciliClient
from tieout.dialects.koncili import OPERATIONS, application
from tieout.services.context import Context

DOCUMENT = "/externalapi/openapi.json"
FEW = settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_it_describes_every_operation_of_the_face_that_is_served(client: KonciliClient) -> None:
    reply = KonciliClient(client.url).call("GET", DOCUMENT)

    paths = reply.json["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert (reply.status, reply.json["openapi"][:3]) == (200, "3.1")
    assert described == {(each.method, each.path) for each in OPERATIONS if not each.why_not}


def test_records_have_the_fields_that_it_says_and_of_these_kinds(client: KonciliClient, context: Context) -> None:
    values = given_values(context)
    client.token = values["authorization"]
    paths = client.call("GET", DOCUMENT).json["paths"]

    page = client.unresolveds()

    answer = paths["/externalapi/orderextract/unresolveds"]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    record = schema["properties"]["content"]["items"]["properties"]
    assert page.keys() == schema["properties"].keys()
    for each in page["content"]:
        assert each.keys() == record.keys()
        for name, value in each.items():
            assert _fits(value, record[name]), (name, value)


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_what_it_generates_never_makes_the_server_fail(
    client: KonciliClient,
    shop: Shop,
    context: Context,
    switchboard: tuple[Switchboard, str],
    mode: GenerationMode,
) -> None:
    values = given_values(context)
    switchboard[0].connected = application(replace(context, settings=replace(context.settings, call_limits="off")))
    headers = {"gumgaToken": shop.token}
    asked, failed = set(), []

    for found in schemathesis.openapi.from_dict(client.call("GET", DOCUMENT).json).get_all_operations():
        assert isinstance(found, Ok), found

        @FEW
        @given(case=found.ok().as_strategy(mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            case.path_parameters.update({name: values[name] for name in case.path_parameters if name in values})
            answer = case.call(base_url=client.url, headers=headers, timeout=20)
            asked.add(case.operation.label)
            if answer.status_code >= 500:
                failed.append(f"{case.operation.label}: {answer.content!r} to {case.body!r}")

        with suppress(Unsatisfiable):
            ask()

    assert failed == []
    assert len(asked) >= len(OPERATIONS) - 2


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is of the JSON type that a schema says; numbers with a fraction came as text."""
    if "anyOf" in schema:
        return any(_fits(value, each) for each in schema["anyOf"])
    kind = schema["type"]
    if kind == "number":
        return isinstance(value, int) or (isinstance(value, str) and value.replace(".", "").lstrip("-").isdigit())
    names = {bool: "boolean", int: "integer", str: "string", type(None): "null"}
    return bool(names[type(value)] == kind)

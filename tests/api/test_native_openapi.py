"""The OpenAPI document is what is served, and what is generated from it never makes the server fail."""

import re
from collections import Counter
from contextlib import suppress
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.api.given_server import PREFIX, Native
from tieout.api.native.application import OPERATIONS

FEW = settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def test_every_operation_is_described_and_every_reference_leads_somewhere(served: Native) -> None:
    told = served.client.ask("GET", "/openapi.json")
    api = told.json

    described = {(method.upper(), path) for path, methods in api["paths"].items() for method in methods}
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', told.content.decode()))
    names = [each["operationId"] for methods in api["paths"].values() for each in methods.values()]

    assert api["openapi"] == "3.1.0"
    assert described == {(each.method, PREFIX + each.path) for each in OPERATIONS}
    assert references <= set(api["components"]["schemas"])
    assert len(names) == len(set(names))


def test_the_page_to_browse_it_loads_nothing_from_elsewhere(served: Native) -> None:
    page = served.client.ask("GET", "/docs", prefix="")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert re.findall(rb"""(?:src|href)=["'](?!/tieout/v1/openapi.json)|https?://|@import""", page.content) == []


def test_answers_are_what_the_document_says(served: Native) -> None:
    match_id = served.given_match()
    api = served.client.ask("GET", "/openapi.json").json
    paths = ["/entities", f"{served.entity}/accounts", f"{served.entity}/lines", f"{served.entity}/matches"]
    paths += [f"{served.entity}/matches/{match_id}", f"{served.entity}/events", "/users", "/tokens"]

    for path in paths:
        require_described(api, path, served.client.ask("GET", path).json)


def require_described(api: dict[str, Any], path: str, answer: Any) -> None:
    """The answer fits the schema of its operation."""
    template = next(each for each in api["paths"] if re.fullmatch(re.sub(r"{\w+}", r"\\d+", each), PREFIX + path))
    schema = api["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema_rs.validate({**schema, "components": api["components"]}, answer)


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_what_is_generated_from_the_document_never_makes_the_server_fail(served: Native, mode: GenerationMode) -> None:
    served.given_match()
    headers = {"authorization": f"Bearer {served.client.token}"}
    asked: Counter[str] = Counter()
    failed: list[str] = []

    for found in schemathesis.openapi.from_dict(served.client.ask("GET", "/openapi.json").json).get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @FEW
        @given(case=operation.as_strategy(mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            if "{entity_id}" in case.path:
                case.path_parameters["entity_id"] = served.office.entity_id
            answer = case.call(base_url=served.client.address, headers=headers, timeout=20)
            asked[case.operation.label] += 1
            if answer.status_code >= 500:
                failed.append(f"{case.operation.label}: {answer.content!r} to {case.body!r}")

        with suppress(Unsatisfiable):
            ask()

    assert failed == []
    assert len(asked) > len(OPERATIONS) // 2

"""The OpenAPI document: readable by anybody, complete, and true."""

from collections import Counter
from contextlib import suppress
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.dialects.monite.given import Firm
from tests.dialects.monite.given import given as given_values
from tests.dialects.monite.monite_client import MoniteClient
from tieout.dialects.monite import OPERATIONS
from tieout.domain.connections import Connection
from tieout.services.context import Context
from tieout.store.protocols import Scope

FEW = settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
SERVED = {(each.method, each.path) for each in OPERATIONS if not each.why_not}

# Reads by the component that describes their answer.
READS = {
    "/accounting_connections/{connection_id}": "ConnectionAnswer",
    "/accounting_synced_records/{synced_record_id}": "RecordAnswer",
    "/accounting_tax_rates/{tax_rate_id}": "TaxRateAnswer",
    "/ledger_accounts/{ledger_account_id}": "LedgerAccountAnswer",
    "/accounting/payables/{payable_id}": "PayableAnswer",
    "/accounting/receivables/{invoice_id}": "ReceivableAnswer",
    "/entities/{entity_id}/settings": "EntitySettingsAnswer",
    "/settings": "PartnerSettingsAnswer",
}


def test_it_names_every_operation_that_is_served_and_no_other(client: MoniteClient) -> None:
    bare = {"Authorization": "", "X-Monite-Version": ""}

    reply = client.call("GET", "/openapi.json", headers=bare)

    described = {(method.upper(), path) for path, methods in reply.json["paths"].items() for method in methods}
    assert (reply.status, reply.json["openapi"][:3]) == (200, "3.1")
    assert described == SERVED
    assert all(
        len([status for status in each["responses"] if status < "4"]) == 1
        for methods in reply.json["paths"].values()
        for each in methods.values()
    )


def test_every_shape_that_it_refers_to_is_there(client: MoniteClient) -> None:
    text = client.call("GET", "/openapi.json").body

    document = msgspec.json.decode(text)

    referred = {part.partition(b'"')[0].decode() for part in text.split(b"#/components/schemas/")[1:]}
    assert referred
    assert referred <= document["components"]["schemas"].keys()


@pytest.mark.parametrize(("path", "component"), READS.items())
def test_answers_have_the_fields_that_it_says(
    client: MoniteClient, context: Context, path: str, component: str
) -> None:
    values = given_values(context)
    schema = client.get("/openapi.json")["components"]["schemas"][component]
    own = MoniteClient(client.base, values["token"], values["entity_id"])

    answer = own.call("GET", path.format(**values))
    own.close()

    assert answer.status == 200, answer.body
    assert answer.json.keys() == schema["properties"].keys()


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_nothing_generated_from_it_makes_the_server_fail(
    client: MoniteClient, context: Context, mode: GenerationMode
) -> None:
    values = given_values(context)
    headers = {name.removeprefix("header:"): value for name, value in values.items() if name.startswith("header:")}
    headers["authorization"] = values["authorization"]
    asked: Counter[str] = Counter()
    failed: list[str] = []

    for found in schemathesis.openapi.from_dict(client.get("/openapi.json")).get_all_operations():
        assert isinstance(found, Ok), found

        @FEW
        @given(case=found.ok().as_strategy(mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            case.path_parameters.update({name: values[name] for name in case.path_parameters if name in values})
            case.headers.update(headers)
            answer = case.call(base_url=client.base.removesuffix("/v1"), timeout=20)
            asked[case.operation.label] += 1
            if answer.status_code >= 500 and answer.status_code != 503:
                failed.append(f"{case.operation.label}: {answer.content!r} to {case.body!r}")

        with suppress(Unsatisfiable):
            ask()

    assert failed == []
    assert len(asked) == len(SERVED)


def test_a_server_that_failed_says_so_in_the_vendors_envelope(client: MoniteClient, firm: Firm) -> None:
    with firm.context.store.writing(Scope("entity", firm.office.entity_id), "given", "given_broken", 1) as work:
        kept = work.one(Connection, entity_id=firm.office.entity_id, id=firm.connection.id)
        assert kept is not None
        work.change(kept, business="no JSON")

    answer = client.call("GET", "/accounting_connections")

    assert answer.status == 500
    assert answer.json == {"error": {"message": "The server failed; nothing was changed."}}

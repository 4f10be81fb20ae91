"""What every dialect holds, whichever vendor it speaks for; a new one is found by the registry and tried like these."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import DataObject, data

from tests.conformance.found import NO_SUCH_ID, Found, RoundTrip, filled, found, placeholders
from tests.conformance.replaying import replay
from tieout.contracts.dialect import Operation
from tieout.domain.people import Face
from tieout.domain.rules import RULES
from tieout.services.context import Context

DIALECTS = found()

every_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=[each.vendor for each in DIALECTS])
every_operation = pytest.mark.parametrize(
    ("dialect", "operation"),
    [
        pytest.param(dialect, operation, id=f"{dialect.vendor} {operation.method} {operation.path}")
        for dialect in DIALECTS
        for operation in dialect.served()
    ],
)


def test_the_registry_finds_the_dialects() -> None:
    assert {"fintera", "kashflow", "snapbooks"} <= {dialect.vendor for dialect in DIALECTS}


@pytest.mark.parametrize(
    ("dialect", "exchange"),
    [
        pytest.param(dialect, exchange, id=f"{dialect.vendor} {name}")
        for dialect in DIALECTS
        for name, exchange in dialect.exchanges()
    ],
)
def test_a_recorded_exchange_is_answered_as_it_was_recorded(
    dialect: Found, exchange: Mapping[str, object], context: Context
) -> None:
    values = dialect.given(context)

    with dialect.client(context) as client:
        assert replay(client, exchange, values) == []


@every_dialect
def test_a_dialect_brings_recorded_exchanges(dialect: Found) -> None:
    assert len(list(dialect.exchanges())) > 0


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(shape, id=f"{dialect.vendor} {shape.name}")
        for dialect in DIALECTS
        for shape in dialect.round_trips()
    ],
)
@pytest.mark.slow
@given(drawn=data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_written_reads_back_as_it_was(shape: RoundTrip, drawn: DataObject) -> None:
    value = drawn.draw(shape.values)

    assert shape.read(shape.write(value)) == value


@every_dialect
def test_every_refusal_is_spelled_in_the_vendors_terms(dialect: Found) -> None:
    assert sorted(RULES.keys() - dialect.dialect.SPELLED.keys()) == []


@every_operation
def test_an_operation_is_served_where_the_dialect_says_so(
    dialect: Found, operation: Operation, context: Context
) -> None:
    values = dialect.given(context)

    with dialect.client(context, values) as client:
        answered = client.request(operation.method, filled(operation.path, values))
        unknown = client.request(operation.method, _below(dialect, "no-such-thing"))

    assert answered.status_code not in {405, 500, 501}
    assert answered.status_code != 404 or answered.content != unknown.content


@every_operation
def test_rows_of_strangers_are_answered_as_rows_that_do_not_exist(
    dialect: Found, operation: Operation, context: Context
) -> None:
    if not placeholders(operation.path):
        pytest.skip("the path names no row")
    own, strange = dialect.given(context), dialect.given(context)
    missing = dict.fromkeys(strange, strange.get("no_such_id", NO_SUCH_ID))
    with dialect.client(context, own) as client:
        to_strange = client.request(operation.method, filled(operation.path, strange))
        to_missing = client.request(operation.method, filled(operation.path, missing))

    assert to_strange.status_code == to_missing.status_code
    assert _without(to_strange.text, strange) == _without(to_missing.text, missing)
    assert to_strange.status_code in {400, 401, 403, 404, 415, 422}


@every_operation
def test_a_token_of_another_face_is_refused_as_an_unknown_one(
    dialect: Found, operation: Operation, context: Context
) -> None:
    values = dialect.given(context)
    others = [
        other.given(context)["authorization"] for other in DIALECTS if other.dialect.FACE is not dialect.dialect.FACE
    ]

    with dialect.client(context, values, signed_in=False) as client:
        path = filled(operation.path, values)
        with_none = client.request(operation.method, path)
        for authorization in others:
            with_other = client.request(operation.method, path, headers={dialect.credential_header: authorization})

            # 422: what signs somebody in, and nothing else, looks at the body before it knows who asks.
            assert with_other.status_code in {400, 401, 403, 422}
            assert with_other.status_code == with_none.status_code


@every_dialect
def test_unknown_paths_and_methods_are_answered_in_the_dialects_own_words(dialect: Found, context: Context) -> None:
    values = dialect.given(context)
    read = next(each for each in dialect.served() if each.method == "GET" and not placeholders(each.path))

    with dialect.client(context, values) as client:
        unknown = client.get(_below(dialect, "no-such-thing"))
        refused = client.request("TRACE", read.path)

    assert unknown.status_code == 404
    assert refused.status_code in {404, 405}
    assert b'{"detail":' not in unknown.content + refused.content
    assert b"<html" not in unknown.content.lower() + refused.content.lower()


def test_no_two_dialects_share_a_face_or_a_prefix() -> None:
    faces = [dialect.dialect.FACE for dialect in DIALECTS]
    prefixes = [prefix for dialect in DIALECTS for prefix in dialect.dialect.PREFIXES]

    assert len(set(faces)) == len(faces)
    assert len(set(prefixes)) == len(prefixes)
    assert Face.NATIVE not in faces


def _below(dialect: Found, name: str) -> str:
    return f"{dialect.dialect.PREFIXES[0].rstrip('/')}/{name}"


def _without(text: str, values: Mapping[str, str]) -> str:
    """The answer without the ids that were asked for, so that two answers can be compared."""
    for value in sorted(set(values.values()), key=len, reverse=True):
        if value.isdigit():
            text = text.replace(value, "ID")
    return text

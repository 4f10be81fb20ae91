"""Input that no client should send: every dialect answers 4xx in its own words, and nothing is stored."""

from collections.abc import Iterator

import pytest

from tests.conformance.found import Found, filled, found
from tieout.contracts.dialect import Operation
from tieout.services.context import Context

JSON = {"content-type": "application/json"}
XML = {"content-type": "application/xml"}

BAD_BODIES = {
    "true for an id": (JSON, b'{"id": true, "client_account_id": true, "selected_financial_account_ids": [true]}'),
    "digits with an underscore": (JSON, b'{"amount": "1_000", "EndBalance": "1_000", "client_account_id": "1_000"}'),
    "not a number": (JSON, b'{"amount": NaN, "EndBalance": NaN, "client_account_id": NaN}'),
    "infinity": (JSON, b'{"amount": Infinity, "EndBalance": -Infinity, "client_account_id": 1e999}'),
    "a key twice": (JSON, b'{"amount": 1, "amount": 2, "EndBalance": 1, "EndBalance": 2}'),
    "cut off": (JSON, b'{"amount": 1'),
    "no text": (JSON, b"\xff\xfe\x00"),
    "a number alone": (JSON, b"7"),
    "too deep": (JSON, b"[" * 200 + b"]" * 200),
    "a million elements": (JSON, b'{"selected_financial_account_ids": [' + b"1," * 999_999 + b"1]}"),
    "a document type": (XML, b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "broken XML": (XML, b"<a><b></a>"),
    "an unknown content type": ({"content-type": "application/x-tieout"}, b'{"amount": 1}'),
}

DIALECTS = found()


def _writing(dialect: Found) -> list[Operation]:
    return [each for each in dialect.served() if each.method in {"POST", "PUT", "PATCH"}]


@pytest.mark.parametrize(
    ("dialect", "operation"),
    [
        pytest.param(dialect, operation, id=f"{dialect.vendor} {operation.method} {operation.path}")
        for dialect in DIALECTS
        for operation in _writing(dialect)
    ],
)
def test_a_bad_body_is_refused_and_nothing_is_stored(dialect: Found, operation: Operation, context: Context) -> None:
    values = dialect.given(context)
    path = filled(operation.path, values)

    with dialect.client(context, values) as client:
        for name, (headers, body) in BAD_BODIES.items():
            before = stored(context)
            response = client.request(operation.method, path, content=body, headers=headers)

            assert response.status_code < 500, (name, response.status_code, response.text[:300])
            if response.status_code >= 400:
                assert stored(context) == before, name
            else:
                assert takes_no_body(dialect, operation), (name, response.status_code, response.text[:300])


@pytest.mark.parametrize("dialect", DIALECTS, ids=[each.vendor for each in DIALECTS])
def test_a_body_without_end_is_cut_off(dialect: Found, context: Context) -> None:
    values = dialect.given(context)
    operation = next(each for each in _writing(dialect) if not takes_no_body(dialect, each))
    before = stored(context)

    with dialect.client(context, values) as client:
        response = client.request(
            operation.method, filled(operation.path, values), content=_hundred_megabytes(), headers=JSON
        )

    assert 400 <= response.status_code < 500
    assert stored(context) == before


@pytest.mark.parametrize("dialect", DIALECTS, ids=[each.vendor for each in DIALECTS])
def test_nobody_is_answered_in_a_format_that_the_vendor_does_not_speak(dialect: Found, context: Context) -> None:
    values = dialect.given(context)
    reads = [each for each in dialect.served() if each.method == "GET"]

    with dialect.client(context, values) as client:
        for operation in reads:
            response = client.get(filled(operation.path, values), headers={"accept": "image/png"})

            assert response.status_code < 500, operation
            assert response.status_code < 300 or response.status_code >= 400, operation


@pytest.mark.parametrize("dialect", DIALECTS, ids=[each.vendor for each in DIALECTS])
def test_a_body_on_a_read_harms_nothing(dialect: Found, context: Context) -> None:
    values = dialect.given(context)
    reads = [each for each in dialect.served() if each.method == "GET"]

    with dialect.client(context, values) as client:
        for operation in reads:
            path = filled(operation.path, values)
            without = client.get(path)
            response = client.request("GET", path, content=b"{", headers=JSON)

            assert response.status_code in {without.status_code, 400, 415, 422}, operation


def takes_no_body(dialect: Found, operation: Operation) -> bool:
    """Whether the operation acts without reading what is sent along, as its contract says."""
    return "no body" in operation.purpose


def stored(context: Context) -> int:
    """How many events there are in all chains: it grows with everything that is stored."""
    from tieout.domain.audit import AuditEvent

    with context.store.reading() as view:
        return view.count(AuditEvent)


def _hundred_megabytes() -> Iterator[bytes]:
    yield b'{"memo": "'
    for _ in range(100):
        yield b"x" * 1_000_000
    yield b'"}'

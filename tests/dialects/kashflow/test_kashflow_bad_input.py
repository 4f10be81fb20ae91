"""What no client should send: 4xx in the vendor's envelope, and nothing is stored."""

from collections.abc import Iterator

import pytest

from tests.dialects.kashflow.given import given_account, given_entry
from tests.dialects.kashflow.served import Served, served
from tieout.domain.audit import AuditEvent
from tieout.services.context import Context

JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "application/xml"}


def _given(here: Served) -> tuple[str, str]:
    """The path of a reconciliation in progress with one candidate, and of that candidate."""
    account_id = given_account(here.context, here.office)
    entry = given_entry(here.context, here.office, account_id, "2014-01-10", 10_00)
    body = {"EndDate": "2014-01-31", "EndBalance": 1510}
    made = here.client.ask("POST", f"/bankaccounts/{account_id}/reconciliations", body, 201)
    return (
        f"/bankaccounts/{account_id}/reconciliations/{made['Id']}",
        f"/bankaccounts/{account_id}/transactions/{entry}",
    )


def _stored(context: Context) -> int:
    with context.store.reading() as view:
        return view.count(AuditEvent)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (JSON, b'{"EndBalance": NaN}', 400),
        (JSON, b'{"EndBalance": -Infinity}', 400),
        (JSON, b'{"EndBalance": 1e400}', 400),
        (JSON, b'{"EndBalance": "1_000"}', 400),
        (JSON, b'{"EndBalance": true}', 400),
        (JSON, b'{"EndBalance": 1, "EndBalance": 1}', 400),
        (JSON, b'{"EndBalance": 9007199254740993.001}', 400),
        (JSON, b'{"EndDate": "0000-00-00"}', 400),
        (JSON, b'{"EndDate": 20140131}', 400),
        (JSON, b'{"ReconciliationDone": "yes"}', 400),
        (JSON, b'{"EndBalance": 1', 400),
        (JSON, b"\xff\xfe{}", 400),
        (JSON, b"[" * 100_000, 400),
        (JSON, b"null", 400),
        (XML, b"<!DOCTYPE a><BankReconciliation><EndBalance>1</EndBalance></BankReconciliation>", 400),
        (XML, b"<BankReconciliation><EndBalance>1,5</EndBalance></BankReconciliation>", 400),
        (XML, b"<BankReconciliation>", 400),
        ({"Content-Type": "text/plain"}, b'{"EndBalance": 1}', 415),
        ({"Content-Type": "application/json; charset=utf-16"}, b'{"EndBalance": 1}', 415),
        ({**JSON, "Content-Encoding": "gzip"}, b'{"EndBalance": 1}', 415),
        ({**JSON, "Accept": "image/png"}, b'{"EndBalance": 1}', 406),
    ],
)
def test_a_bad_header_update_is_refused_and_nothing_is_stored(
    context: Context, headers: dict[str, str], body: bytes, status: int
) -> None:
    with served(context) as here:
        reconciliation, _ = _given(here)
        before = _stored(context)

        response = here.client.send("PUT", reconciliation, body, headers)

        assert _stored(context) == before
    assert response.status == status
    assert sorted(response.json()) == ["Error", "Message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"Reconcile": [{"Id": true, "Type": 0}]}',
        b'{"Reconcile": [{"Id": "1_0", "Type": 0}]}',
        b'{"Reconcile": {"Id": 1, "Type": 0}}',
        b'{"Reconcile": [[1, 0]]}',
        b'{"Reconcile": [{"Id": 1, "Type": 0.5}]}',
        b'{"Reconcile": [' + b'{"Id": 1, "Type": 0},' * 10_001 + b"]}",
        b'{"Reconcile": [' + b"1," * 999_999 + b"1]}",
    ],
    ids=["true", "underscore", "object", "list", "fraction", "too many", "a million"],
)
def test_bad_ticks_are_refused_whole(context: Context, body: bytes) -> None:
    with served(context) as here:
        reconciliation, _ = _given(here)
        before = _stored(context)

        response = here.client.send("PUT", f"{reconciliation}/transactions", body, JSON)

        assert _stored(context) == before
    assert response.status == 400
    assert sorted(response.json()) == ["Error", "Message"]


def test_money_keeps_every_digit_that_the_currency_has(context: Context) -> None:
    with served(context) as here:
        reconciliation, _ = _given(here)

        response = here.client.send("PUT", reconciliation, b'{"EndBalance": 90071992547409.93}', JSON)

    assert b'"EndBalance":90071992547409.9300' in response.data


@pytest.mark.parametrize("account_id", ["0", "-1", "1.0", "01x", "9007199254740993", "9" * 40, "%00", "null"])
def test_what_is_no_identifier_names_nothing(context: Context, account_id: str) -> None:
    with served(context) as here:
        status, answer = here.client.try_to("GET", f"/bankaccounts/{account_id}")

    assert (status, answer["Error"]) == (404, "NotFound")


def test_a_body_of_a_hundred_megabytes_is_cut_off(context: Context) -> None:
    with served(context) as here:
        _, transaction = _given(here)
        before = _stored(context)

        announced = here.client.send("PUT", transaction, b"", {**JSON, "Content-Length": str(100 * 1024 * 1024)})

        assert _stored(context) == before
    assert (announced.status, announced.json()["Error"]) == (413, "RequestTooLarge")


def test_texts_that_cannot_be_kept_are_refused(context: Context) -> None:
    with served(context) as here:
        _, transaction = _given(here)

        answers = [here.client.try_to("PUT", transaction, {"Comment": text}) for text in _unfit()]

    assert [status for status, _ in answers] == [400] * len(answers)


def _unfit() -> Iterator[str]:
    yield "\0"
    yield "\x08"
    yield "\ud800"
    yield "x" * 10_001

"""What must not be taken: each answered with a problem of our own, nothing of it kept."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.api.given_server import PREFIX, Native, Told


def require_refused(told: Told, status: int, code: str) -> None:
    """The answer is this problem, with an id and without a trace of our code."""
    assert (told.status, told.code) == (status, code), told.content
    assert told.headers["x-request-id"]
    assert b"Traceback" not in told.content


def line(**fields: object) -> bytes:
    """A body of one line."""
    sent = {"side": "ledger", "kind": "receivable", "currency": "NOK", "amount": "1.00", "booking_date": "2026-01-10"}
    return json.dumps({"lines": [{**sent, **fields}]}).encode()


RECEIVABLE = (
    b'{"lines": [{"side": "ledger", "kind": "receivable", "currency": "NOK", "booking_date": "2026-01-10", %s}]}'
)

BAD_BODIES = [
    (line(account_id=True), "wrong_type"),
    (line(account_id="1"), "wrong_type"),
    (line(account_id=1.0), "wrong_type"),
    (line(account_id=2**63), "wrong_type"),
    (line(amount="1_000"), "not_an_amount"),
    (line(amount="1e400"), "not_an_amount"),
    (line(amount=None), "not_an_amount"),
    (RECEIVABLE % b'"amount": NaN', "not_json"),
    (RECEIVABLE % b'"amount": 1e400', "not_an_amount"),
    (RECEIVABLE % b'"amount": 0.12345678901234567890', "not_an_amount"),
    (RECEIVABLE % b'"amount": 1, "amount": 2', "twice"),
    (line(colour="red"), "unknown_field"),
    (line(reference="\0"), "not_storable"),
    (line(reference="\ud800"), "not_storable"),
    (b"\xff", "not_json"),
    (b"<!DOCTYPE lines><lines/>", "not_json"),
    (b"[]", "wrong_type"),
    (b"{}", "required"),
    (b"[" * 1_000_000, "too_deep"),
    (b'{"lines": [' + b"1," * 1_000_000 + b"1]}", "wrong_type"),
]


def test_a_body_that_does_not_fit_is_refused_and_nothing_is_kept(served: Native) -> None:
    for body, code in BAD_BODIES:
        require_refused(served.client.ask("POST", f"{served.entity}/lines", body), 400, code)

    assert served.client.ask("GET", f"{served.entity}/lines").json == {"lines": [], "next": None}


@pytest.mark.parametrize(
    ("body", "code", "concerns"),
    [
        (line(amount="1.005"), "too_many_decimals", "lines[0].amount"),
        (line(amount=999999999999999999), "amount_out_of_range", "lines[0].amount"),
        (line(booking_date="2026-02-30"), "bad_date", "lines[0].booking_date"),
        (line(booking_date="2026-1-3"), "bad_date", "lines[0].booking_date"),
        (line(currency="nok"), "unknown_currency", "lines[0].currency"),
        (line(side="both"), "not_allowed", "lines[0].side"),
        (line(account_id=2**53 - 1), "not_found", "lines[0].account_id"),
        (line(account_id=-1), "not_found", "lines[0].account_id"),
        (line(settles=[-1]), "not_allowed", "lines[0].settles"),
    ],
)
def test_a_line_that_breaks_a_rule_is_refused_with_its_place(
    served: Native, body: bytes, code: str, concerns: str
) -> None:
    told = served.client.ask("POST", f"{served.entity}/lines", body)

    require_refused(told, 422, code)
    assert told.json["findings"][0]["concerns"] == concerns


def test_of_many_refusals_the_first_hundred_are_told_and_all_are_counted(served: Native) -> None:
    lines = json.loads(line(currency="XYZ"))["lines"] * 250

    told = served.client.ask("POST", f"{served.entity}/lines", lines=lines)

    assert (told.status, len(told.json["findings"]), told.json["finding_count"]) == (422, 100, 250)


def test_a_call_carries_ten_thousand_lines_and_no_more(served: Native) -> None:
    lines = json.loads(line())["lines"] * 10_001

    require_refused(served.client.ask("POST", f"{served.entity}/lines", lines=lines), 422, "too_many")
    assert served.client.ask("POST", f"{served.entity}/lines", lines=lines[1:]).status == 201


def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_read(served: Native) -> None:
    require_refused(served.client.ask("POST", f"{served.entity}/lines", b"x" * 100_000_000), 413, "body_too_large")


def test_a_body_that_grows_without_saying_so_is_refused_at_the_limit(served: Native) -> None:
    where = urlsplit(served.client.address)
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as connection:
        head = (
            f"POST {PREFIX}{served.entity}/lines HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {served.client.token}\r\n"
        )
        connection.sendall(head.encode() + b"transfer-encoding: chunked\r\n\r\n")
        for _ in range(32 * 16 + 1):
            connection.sendall(piece)

        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/json; charset=utf-16"])
def test_a_body_in_another_form_is_refused(served: Native, content_type: str) -> None:
    told = served.client.ask("POST", f"{served.entity}/lines", line(), {"content-type": content_type})

    require_refused(told, 415, "unsupported_media_type")


def test_a_compressed_body_is_refused(served: Native) -> None:
    told = served.client.ask("POST", f"{served.entity}/lines", line(), {"content-encoding": "gzip"})

    require_refused(told, 415, "unsupported_media_type")


def test_a_client_that_takes_no_json_is_told_what_there_is(served: Native) -> None:
    told = served.client.ask("GET", "/entities", headers={"accept": "text/html"})

    require_refused(told, 406, "not_acceptable")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_body_where_none_is_read_is_refused(served: Native, method: str) -> None:
    (line_id,) = served.given_lines({"side": "ledger", "kind": "receivable"})

    require_refused(served.client.ask(method, f"{served.entity}/lines/{line_id}", b"{}"), 400, "body_not_allowed")
    assert served.client.ask("GET", f"{served.entity}/lines/{line_id}").status == 200


@pytest.mark.parametrize("path", ["/entities/1_0", "/entities/true", "/entities/0", "/entities/%00", "/entities/1.0"])
def test_what_is_no_identifier_is_not_found(served: Native, path: str) -> None:
    require_refused(served.client.ask("GET", path), 404, "no_such_path")


@pytest.mark.parametrize("path", ["/nothing", "/entities/", "//entities", "/entities/1/lines/2/3"])
def test_a_path_that_nobody_serves_is_a_problem_of_our_own(served: Native, path: str) -> None:
    require_refused(served.client.ask("GET", path), 404, "no_such_path")
    require_refused(served.client.ask("GET", path, prefix=""), 404, "no_such_path")


def test_another_method_is_told_which_there_are(served: Native) -> None:
    told = served.client.ask("PUT", f"{served.entity}/lines")

    require_refused(told, 405, "method_not_allowed")
    assert told.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=1_0", "bad_parameter"),
        ("limit=0", "bad_parameter"),
        ("limit=1001", "bad_parameter"),
        ("limit=1&limit=2", "twice"),
        ("side=both", "not_allowed"),
        ("booked_from=2026-13-01", "bad_date"),
        ("colour=red", "unknown_parameter"),
        ("cursor=x", "bad_cursor"),
        ("reference=%ff", "bad_parameter"),
        ("reference=%00", "bad_parameter"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(served: Native, query: str, code: str) -> None:
    require_refused(served.client.ask("GET", f"{served.entity}/lines?{query}"), 400, code)

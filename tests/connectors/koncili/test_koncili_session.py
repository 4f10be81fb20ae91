"""Signing in to Koncili, renewing in time, and what its refusals mean, against a vendor made of a few lines."""

import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from tests.connectors.koncili.given_records import record
from tieout.connectors.koncili.records import Reading
from tieout.connectors.koncili.session import RENEWED_AFTER, KonciliSession
from tieout.contracts.connector import Surroundings
from tieout.contracts.http_client import CallFault, HttpClient

SIGN_IN, RENEW = "/public/api/auth/token", "/public/api/auth/refresh-token"


@dataclass
class Vendor:
    """What was asked of it, the tokens it takes, and what it does instead of answering."""

    now: int = 0
    kept: str = ""
    asked: list[str] = field(default_factory=list)
    paced: list[tuple[str, int]] = field(default_factory=list)
    sent: list[Any] = field(default_factory=list)
    number: int = 0
    good: tuple[str, str] = ("", "")
    instead: Callable[[httpx2.Request], httpx2.Response | None] = lambda _request: None

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        body: Any = json.loads(request.content) if request.content else None
        instead = self.instead(request)
        if instead is not None:
            return instead
        if request.url.path == SIGN_IN:
            assert b64decode(body["credentials"]) == b"erp@example.com:pass:word"
            return self._new_tokens()
        if request.url.path == RENEW:
            return self._new_tokens() if body["refreshToken"] == self.good[1] else httpx2.Response(401)
        if request.headers.get("gumgaToken") != self.good[0]:
            return httpx2.Response(403, json={"response": "NO_TOKEN"})
        self.sent.append(body)
        return httpx2.Response(200, content=b"\xef\xbb\xbf" + json.dumps({"content": [record()]}).encode())

    def _new_tokens(self) -> httpx2.Response:
        self.number += 1
        self.good = (f"access{self.number}", f"refresh{self.number}")
        return httpx2.Response(200, json={"gumgaToken": self.good[0], "refreshToken": self.good[1]})

    def session(self) -> KonciliSession:
        def keep(tokens: str) -> None:
            self.kept = tokens

        around = Surroundings(
            now=lambda: self.now,
            pace=lambda endpoint, a_minute: self.paced.append((endpoint, a_minute)),
            tokens=lambda: self.kept,
            keep_tokens=keep,
        )
        client = HttpClient("https://koncili.example", transport=httpx2.MockTransport(self.answer))
        return KonciliSession(client, "erp@example.com", "pass:word", Reading("BRL", ZoneInfo("UTC")), around)


def test_the_first_call_signs_in_and_every_call_is_paced() -> None:
    vendor = Vendor()
    session = vendor.session()

    page = session.unread()
    session.mark_read(["49185461"])

    assert [entry.vendor_id for entry in page.entries] == ["49185461"]
    assert vendor.asked.count(SIGN_IN) == 1
    assert vendor.paced == [("unresolveds", 3), ("read/batch", 90)]
    assert vendor.sent[-1] == [49185461]


def test_a_long_list_of_ids_is_marked_a_hundred_at_a_time() -> None:
    vendor = Vendor()

    vendor.session().mark_resolved([str(number) for number in range(1, 251)])

    assert [len(ids) for ids in vendor.sent] == [100, 100, 50]


def test_the_next_session_goes_on_with_the_tokens_of_the_one_before() -> None:
    vendor = Vendor()
    vendor.session().unread()

    vendor.session().unread()

    assert vendor.asked.count(SIGN_IN) == 1


def test_tokens_are_renewed_before_the_shorter_of_both_lives_ends_and_the_new_ones_kept() -> None:
    vendor = Vendor()
    vendor.session().unread()

    vendor.now = RENEWED_AFTER
    vendor.session().unread()

    assert vendor.asked.count(RENEW) == 1
    assert json.loads(vendor.kept) == {"access": "access2", "refresh": "refresh2", "since": RENEWED_AFTER}


def test_a_refresh_token_that_was_used_before_a_crash_costs_a_new_sign_in_and_nothing_more() -> None:
    vendor = Vendor()
    vendor.session().unread()
    kept_before_the_crash = vendor.kept
    vendor.now = RENEWED_AFTER
    vendor.session().unread()

    vendor.kept = kept_before_the_crash
    page = vendor.session().unread()

    assert page.entries
    assert vendor.asked.count(SIGN_IN) == 2


def test_a_token_that_the_vendor_no_longer_takes_is_replaced_once() -> None:
    vendor = Vendor()
    session = vendor.session()
    session.unread()
    vendor.good = ("elsewhere", "elsewhere")

    assert session.unread().entries
    assert vendor.asked.count(SIGN_IN) == 2


def test_credentials_that_are_refused_are_told_as_such_after_two_calls_at_most() -> None:
    vendor = Vendor(instead=lambda _request: httpx2.Response(403, json={"response": "NO_TOKEN"}))

    with pytest.raises(CallFault) as fault:
        vendor.session().unread()

    assert fault.value.kind == "unauthorised"
    assert len(vendor.asked) <= 2


@pytest.mark.parametrize(
    ("answer", "kind", "retry_after"),
    [
        (httpx2.Response(429, headers={"retry-after": "17"}), "unavailable", 17),
        (httpx2.Response(423), "unavailable", 3600),
        (httpx2.Response(423, headers={"retry-after": "900"}), "unavailable", 900),
        (httpx2.Response(500), "unknown", None),
        (httpx2.Response(200, content=b"<html>maintenance</html>"), "malformed", None),
        (httpx2.Response(200, content=b'{"content": ['), "malformed", None),
        (httpx2.Response(302, headers={"location": "https://elsewhere.example/"}), "malformed", None),
    ],
)
def test_what_the_vendor_answers_instead_says_what_became_of_the_call(
    answer: httpx2.Response, kind: str, retry_after: int | None
) -> None:
    vendor = Vendor()
    session = vendor.session()
    session.unread()
    vendor.instead = lambda _request: answer

    with pytest.raises(CallFault) as fault:
        session.unread()

    assert (fault.value.kind, fault.value.retry_after) == (kind, retry_after)


def test_an_answer_to_signing_in_without_a_token_is_a_fault() -> None:
    vendor = Vendor(instead=lambda _request: httpx2.Response(200, json={"message": "hello"}))

    with pytest.raises(CallFault, match="names no access token"):
        vendor.session().unread()


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_however_a_vendor_refuses_a_password_it_is_not_tried_again_and_again(status: int) -> None:
    vendor = Vendor(instead=lambda _request: httpx2.Response(status, json={"title": "no", "detail": "wrong"}))

    with pytest.raises(CallFault, match="does not take this e-mail address and password") as fault:
        vendor.session().unread()

    assert (fault.value.kind, len(vendor.asked)) == ("unauthorised", 1)


@pytest.mark.parametrize("path", [SIGN_IN, RENEW])
def test_a_lock_is_waited_for_where_it_meets_signing_in_or_a_renewal(path: str) -> None:
    vendor = Vendor()
    if path == RENEW:
        vendor.session().unread()
        vendor.now = RENEWED_AFTER
    before = len(vendor.asked)
    vendor.instead = lambda request: httpx2.Response(423) if request.url.path in (SIGN_IN, RENEW) else None

    with pytest.raises(CallFault) as fault:
        vendor.session().unread()

    assert (fault.value.kind, fault.value.retry_after) == ("unavailable", 3600)
    assert len(vendor.asked) == before + 1

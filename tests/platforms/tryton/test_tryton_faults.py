"""A Tryton that is not reached, answers nonsense or says no: told by kind and in words, none taken for another."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.platforms.tryton.network import LOSE_CALL, Answer, Fate, Network, network, said, said_no
from tieout.contracts.platform import PlatformFault, PlatformSession
from tieout.platforms import tryton

pytestmark = pytest.mark.slow

SIGNED_IN = said([3, "token", None])
PREFERENCES = said({"company": 1, "companies": [1], "language": "en"})
COMPANY = said([{"id": 1, "party.": {"id": 9, "name": "Fjord", "email": ""}, "currency.": {"id": 2, "code": "NOK"}}])
_OPENING = {
    "common.db.login": SIGNED_IN,
    "model.res.user.get_preferences": PREFERENCES,
    "model.company.company.search_read": COMPANY,
    "common.db.logout": said(None),
}


def settings(url: str) -> dict[str, str]:
    """What a connection to a server at this address is told."""
    return {"url": url, "database": "books", "user": "ann", "company": ""}


def answering(fate: Fate) -> Fate:
    """A server that opens as ever, and answers everything else so."""
    return lambda method, place: _OPENING.get(method) or fate(method, place)


@contextmanager
def opened(fate: Fate) -> Iterator[tuple[PlatformSession, Network]]:
    """A session with a server whose answers are made up."""
    with network(answering(fate)) as up, tryton.opened(settings(up.url), {"password": "secret"}) as session:
        yield session, up


def refused_at_the_door(given: dict[str, str]) -> PlatformFault:
    """The fault of opening a session with these settings."""
    with pytest.raises(PlatformFault) as fault, tryton.opened(given, {"password": "secret"}):
        pass
    return fault.value


HTML = Answer(body=b"<!doctype html><title>Proxy</title>", headers={"content-type": "text/html"})
HALF = Answer(body=b'{"id": 1, "result": [{"id": 1')
FAILED = Answer(500, b"Internal Server Error")
ELSEWHERE = Answer(302, headers={"location": "http://elsewhere.example/"})
LATER = Answer(429, headers={"retry-after": "30"})
REFUSING = said_no("UserError", ["The period is closed.", "Open it first.", None])
WARNING = said_no("UserWarning", ["5f.invoice_similar", "A similar invoice exists.", ""])
CHANGED = said_no("ConcurrencyException", "invoice 3")
BROKEN = said_no("'reference'", "")
NOT_RPC = Answer(body=b"[]")
BARE = Answer(body=b'{"id": 1, "result": [{"id": 1}]}')


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (HTML, "malformed", "<!doctype html>"),
        (HALF, "malformed", "not JSON"),
        (NOT_RPC, "malformed", "no answer of JSON-RPC"),
        (BARE, "malformed", "answered no list of account.account"),
        (BROKEN, "malformed", "Tryton failed at model.account.account"),
        (FAILED, "unavailable", "500"),
        (LOSE_CALL, "unavailable", "no whole answer"),
        (LATER, "unavailable", "429"),
        (CHANGED, "unavailable", "somebody else changed it"),
        (ELSEWHERE, "refused", "elsewhere.example"),
        (REFUSING, "refused", "The period is closed. Open it first."),
        (Answer(403, b"Forbidden"), "settings", "does not offer model.account.account"),
    ],
)
def test_a_reading_call_never_leaves_anything_open(answer: Answer | str, kind: str, words: str) -> None:
    with opened(lambda _method, _place: answer) as (session, _), pytest.raises(PlatformFault, match=words) as fault:
        session.pull("ledger_account", "", 10)

    assert fault.value.kind == kind
    assert "secret" not in fault.value.message


def test_it_says_how_long_tryton_asked_us_to_wait() -> None:
    with opened(lambda _method, _place: LATER) as (session, _), pytest.raises(PlatformFault) as fault:
        session.pull("ledger_account", "", 10)

    assert fault.value.retry_after == 30


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (HTML, "unknown"),
        (HALF, "unknown"),
        (BROKEN, "unknown"),
        (FAILED, "unknown"),
        (LOSE_CALL, "unknown"),
        (LATER, "unavailable"),
        (REFUSING, "refused"),
        (WARNING, "refused"),
    ],
)
def test_a_call_that_may_have_changed_the_books_is_known_only_where_tryton_says_so(
    answer: Answer | str, kind: str
) -> None:
    def fate(method: str, _: int) -> Answer | str:
        return answer if method == "model.party.party.create" else said([])

    with opened(fate) as (session, _), pytest.raises(PlatformFault) as fault:
        session.push("customer", "key", {"name": "Ann", "tax_number": None, "email": None})

    assert fault.value.kind == kind


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Answer(401), "unauthorised", 'does not take user "ann"'),
        (Answer(404), "settings", 'no database "books"'),
        (Answer(429), "unavailable", "429"),
        (said_no("LoginException", ["sms_code", "SMS code", "char"]), "unauthorised", "asks for more than a password"),
        (said("welcome"), "malformed", "no Tryton of series 8"),
        (HTML, "malformed", "not JSON"),
    ],
)
def test_signing_in_that_fails_says_what_to_change(answer: Answer, kind: str, words: str) -> None:
    with network(lambda _method, _place: answer) as up:
        fault = refused_at_the_door(settings(up.url))

    assert words in fault.message

    assert fault.kind == kind
    assert "secret" not in fault.message


def test_a_session_that_ended_is_begun_again_and_the_call_asked_once_more() -> None:
    ended = [Answer(401)]

    def fate(method: str, _: int) -> Answer | str:
        return ended.pop() if method == "model.account.move.line.search" and ended else said([7])

    with opened(fate) as (session, up):
        assert session.ids("journal_line", "2026-10") == ["7"]

    assert up.methods[-4:-1] == ["model.account.move.line.search", "common.db.login", "model.account.move.line.search"]


def test_a_session_that_ended_for_somebody_who_may_not_come_back_is_unauthorised() -> None:
    with opened(lambda _method, _place: Answer(401)) as (session, up):
        up.fate = lambda _method, _place: Answer(401)
        with pytest.raises(PlatformFault) as fault:
            session.ids("journal_line", "2026-10")

    assert fault.value.kind == "unauthorised"


def test_a_session_is_ended_behind_it_and_that_it_cannot_be_is_no_fault() -> None:
    with opened(lambda _method, _place: FAILED) as (_, up):
        up.fate = lambda _method, _place: FAILED

    assert up.methods[-1] == "common.db.logout"


def test_a_user_without_a_company_and_a_company_that_is_not_there_are_settings() -> None:
    def without(method: str, _: int) -> Answer:
        return said([]) if method == "model.company.company.search_read" else _OPENING[method]

    with network(without) as up:
        none = refused_at_the_door(settings(up.url))
    with network(lambda method, _: _OPENING[method]) as up:
        other = refused_at_the_door({**settings(up.url), "company": "Other"})

    assert (none.kind, none.message) == (
        "settings",
        "the user has no company in Tryton; give it one in its preferences",
    )
    assert (other.kind, other.message) == ("settings", 'the user has no company "Other"; there is: Fjord')


@pytest.mark.parametrize("cursor", ["1042", '{"since": "yesterday"}', "{", "[]"])
def test_a_cursor_of_something_else_is_not_read_as_one(cursor: str) -> None:
    with opened(lambda _method, _place: said([])) as (session, _), pytest.raises(PlatformFault) as fault:
        session.pull("ledger_account", cursor, 10)

    assert fault.value.kind == "malformed"


@pytest.mark.parametrize("told", ["a list of text", [1, 2], {"rows": []}])
def test_rows_of_another_shape_are_not_read_as_rows(told: object) -> None:
    with opened(lambda _method, _place: said(told)) as (session, _), pytest.raises(PlatformFault) as fault:
        session.pull("ledger_account", "", 10)

    assert fault.value.kind == "malformed"

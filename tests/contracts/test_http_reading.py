"""What stands around a body: what is accepted, what a body is, and what an address asks for."""

import pytest

from tieout.contracts.http_faults import RequestFault
from tieout.contracts.http_negotiation import JSON, XML, require_accepted, require_taken
from tieout.contracts.http_query import Query, identifier

BOTH = (JSON, XML)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/xml", XML),
        ("application/*", JSON),
        ("text/html, application/xml;q=0.9, */*;q=0.1", XML),
        ("application/json;q=0.2, application/xml;q=0.3", XML),
        ("application/json;q=0, */*", XML),
        ("APPLICATION/XML", XML),
        ("application/xml;q=1;level=1", XML),
    ],
)
def test_an_answer_comes_in_the_form_that_the_client_likes_best(accept: str | None, chosen: str) -> None:
    assert require_accepted(accept, BOTH) == chosen


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*", "application/json;q=nonsense", ";"])
def test_a_client_that_takes_none_of_the_forms_is_told_which_there_are(accept: str) -> None:
    with pytest.raises(RequestFault) as refused:
        require_accepted(accept, (JSON,))

    assert (refused.value.fault.status, refused.value.fault.what) == (406, "answers are application/json")


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_a_body_in_a_form_that_is_read_is_taken(content_type: str) -> None:
    assert require_taken(content_type, BOTH) == JSON


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/json; charset=latin-1", "application/jsonx"]
)
def test_a_body_in_another_form_is_refused(content_type: str | None) -> None:
    with pytest.raises(RequestFault) as refused:
        require_taken(content_type, BOTH)

    assert refused.value.fault.status == 415


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("007", 7), ("9007199254740991", 2**53 - 1)])
def test_plain_digits_are_an_identifier(text: str, number: int) -> None:
    assert identifier(text) == number


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "+1", "1_000", "1.0", " 1", "\u0661", "9007199254740992", "1" * 40, "true"]
)
def test_nothing_else_is_an_identifier(text: str) -> None:
    assert identifier(text) is None


def test_brackets_come_as_they_are_or_escaped() -> None:
    assert Query(b"search[name]=a%20b").text("search[name]", "") == "a b"
    assert Query(b"search%5Bname%5D=a+b").text("search[name]", "") == "a b"


@pytest.mark.parametrize(
    "asked", [b"page=1_0", b"page=+1", b"page=%201", b"page=", b"page=1e1", b"page=-1", b"page=1&page=2"]
)
def test_a_number_that_is_none_is_refused_by_its_name(asked: bytes) -> None:
    with pytest.raises(RequestFault) as refused:
        Query(asked).whole("page", 1)

    assert (refused.value.fault.status, refused.value.fault.concerns) == (400, "page")


@pytest.mark.parametrize("asked", [b"a=%ff", b"a=%00", b"\xff=1", b"&".join([b"a=1"] * 1_001)])
def test_a_query_that_cannot_be_text_is_refused(asked: bytes) -> None:
    with pytest.raises(RequestFault) as refused:
        Query(asked)

    assert refused.value.fault.status == 400


def test_days_flags_and_choices_are_read_in_their_one_spelling() -> None:
    query = Query(b"day=1970-01-02&open=true&side=ledger&odd=2026-02-30")

    assert (query.day("day"), query.flag("open", absent=False), query.choice("side", None, ("ledger",))) == (
        1,
        True,
        "ledger",
    )
    for wrong in (
        lambda: query.day("odd"),
        lambda: query.flag("day", absent=False),
        lambda: query.choice("day", None, "x"),
    ):
        with pytest.raises(RequestFault):
            wrong()

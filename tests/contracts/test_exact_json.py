"""JSON bodies: what is taken, what is refused, and where the fault is."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.contracts.exact_json import Amount, BadJson, JsonNumber, number, read_json, read_tree


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the test."""

    id: int
    amount: Amount
    booked: bool = False
    note: str | None = None


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the test."""

    lines: list[Line]


def faults_in(body: bytes, into: type[Any] = Lines) -> list[tuple[str, str]]:
    """Place and code of every fault."""
    with pytest.raises(BadJson) as refused:
        read_json(body, into)
    return [(fault.path, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("sent", ["12.50", '"12.50"'])
def test_an_amount_keeps_every_digit_whether_text_or_number(sent: str) -> None:
    line = read_json(b'{"id": 1, "amount": %s}' % sent.encode(), Line)

    assert line.amount == "12.50"
    assert line.amount.minor_units("NOK") == 1250


@pytest.mark.parametrize("digits", ["999999999999999999", "123456789012345678.123456", "0.1", "-0.000001"])
def test_digits_that_a_float_would_lose_arrive(digits: str) -> None:
    assert read_json(b'{"id": 1, "amount": %s}' % digits.encode(), Line).amount == digits


@pytest.mark.parametrize(
    "sent",
    ['"1_000"', '" 7 "', '"+1"', '"1."', '".5"', '"1e2"', "1e2", "1E400", '"NaN"', '"\u0661"', "true", "null", '""',
     "1234567890123456789", "0.1234567", '"1,50"'],
)  # fmt: skip
def test_what_is_no_plain_decimal_is_no_amount(sent: str) -> None:
    ((place, _),) = faults_in(b'{"lines": [{"id": 1, "amount": %s}]}' % sent.encode())

    assert place == "lines[0].amount"


@pytest.mark.parametrize("sent", ["true", "1.0", "1e0", '"1"', "null", "[1]", "99999999999999999"])
def test_only_a_whole_number_is_an_identifier(sent: str) -> None:
    assert faults_in(b'{"lines": [{"id": %s, "amount": 1}]}' % sent.encode()) == [("lines[0].id", "wrong_type")]


def test_every_misfit_is_told_with_its_place() -> None:
    body = b'{"lines": [{"id": 1, "amount": "x"}, {"amount": 1, "colour": 2}, {"id": 3, "amount": 1, "booked": 1}]}'

    assert faults_in(body) == [
        ("lines[0].amount", "not_an_amount"),
        ("lines[1].id", "required"),
        ("lines[1].colour", "unknown_field"),
        ("lines[2].booked", "wrong_type"),
    ]


def test_of_many_misfits_the_first_hundred_are_told() -> None:
    body = json.dumps({"lines": [{"id": "x", "amount": 1}] * 1_000}).encode()

    assert len(faults_in(body)) == 100


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"{} {}", "not_json"),
        (b'{"a": 1,}', "not_json"),
        (b"{'a': 1}", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": -Infinity}', "not_json"),
        (b'{"a": 01}', "not_json"),
        (b'{"a": "\x01"}', "not_json"),
        (b'\xef\xbb\xbf{"a": 1}', "not_json"),
        (b'{"a": "\xff"}', "not_json"),
        (b'{"a": "\xed\xa0\x80"}', "not_json"),
        ('{"a": 1}'.encode("utf-16"), "not_json"),
        (b'{"a": 1, "b": {"c": 1, "c": 1}}', "twice"),
        (b'{"a": 1, "\\u0061": 1}', "twice"),
        (b'{"a": "\\u0000"}', "not_storable"),
        (b'{"a": ["x", {"\\ud800": 1}]}', "not_storable"),
        (b"[" * 33 + b"]" * 33, "too_deep"),
        (b"[" * 1_000_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
    ],
)
def test_what_other_readers_let_pass_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(BadJson) as refused:
        read_tree(body)

    assert refused.value.faults[0].code == code


def test_characters_beyond_the_basic_plane_are_kept() -> None:
    assert read_tree(b'["\\ud83d\\ude00", "\\\\u0000", "\xf0\x9f\x98\x80"]') == ["\U0001f600", "\\u0000", "\U0001f600"]


def test_a_comma_before_a_bracket_is_overlooked_where_a_dialect_asks_for_it() -> None:
    body = b'{"lines": [{"id": 1, "amount": "1", "note": ",]" , },], }'

    assert read_json(body, Lines, lenient_commas=True).lines[0].note == ",]"


def test_a_number_is_written_with_exactly_its_digits() -> None:
    assert msgspec.json.encode({"amount": number("12.5000")}) == b'{"amount":12.5000}'


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=30,
)


@given(tree=TREES, ascii_only=st.booleans(), indent=st.sampled_from([None, 2]))
def test_what_is_well_formed_is_read_as_the_standard_library_reads_it(
    tree: Any, ascii_only: bool, indent: int | None
) -> None:
    body = json.dumps(tree, ensure_ascii=ascii_only, indent=indent).encode()

    assert read_tree(body) == json.loads(body)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,6}", fullmatch=True))
def test_a_number_with_decimals_arrives_as_it_was_written(digits: str) -> None:
    assert read_tree(digits.encode()) == JsonNumber(digits)

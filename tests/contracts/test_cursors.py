"""Cursors: good for the list that gave them, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.contracts.cursors import BadCursor, cursor_of, position_of

KEY = bytes(32)
BOUND = ("user:7@native", "/tieout/v1/entities/3/lines", "side=ledger")


@given(st.lists(st.integers() | st.text(st.characters(codec="utf-8")), max_size=4))
def test_a_cursor_gives_its_position_back(position: list[int | str]) -> None:
    assert position_of(KEY, BOUND, cursor_of(KEY, BOUND, position)) == position


@pytest.mark.parametrize(
    "bound",
    [("user:8@native", *BOUND[1:]), (BOUND[0], "/tieout/v1/entities/4/lines", BOUND[2]), BOUND[:2], (*BOUND, "")],
)
def test_a_cursor_of_another_list_is_refused(bound: tuple[str, ...]) -> None:
    cursor = cursor_of(KEY, BOUND, (12,))

    with pytest.raises(BadCursor):
        position_of(KEY, bound, cursor)


@given(place=st.integers(0, 200), flipped=st.integers(1, 127))
def test_a_cursor_that_was_changed_is_refused(place: int, flipped: int) -> None:
    cursor = bytearray(cursor_of(KEY, BOUND, (12, "NOK")).encode())
    cursor[place % (len(cursor) - 1)] ^= flipped

    with pytest.raises(BadCursor):
        position_of(KEY, BOUND, cursor.decode("latin-1"))


@pytest.mark.parametrize("cursor", ["", "x", "\u00f8", "====", "A" * 21])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        position_of(KEY, BOUND, cursor)

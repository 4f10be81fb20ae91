"""Places of elements: line and column of each start tag, however the bytes are cut into pieces."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from

from tieout.importers._camt_places import ENTRY, Places, end_of_entry, start_tags

PARTS = (
    "<Ntry>", "</Ntry>", "<Ntry/>", "<p:Ntry a='b'>", "<Bal >", "</p:Bal>", "<NtryRef>", "<TtlNtries>", "<Stmt\n>",
    "<!-- <Ntry> -->", "<![CDATA[<Bal>]]>", "<?bank <Ntry>?>", "a:Ntry>", "é€", "\n", " ", "x > y", "12:Bal/",
)  # fmt: skip
VISIBLE = {"<Ntry>": ENTRY, "<Ntry/>": ENTRY, "<p:Ntry a='b'>": ENTRY, "<Bal >": b"Bal", "<Stmt\n>": b"Stmt"}


def in_pieces(whole: bytes, cuts: list[int]) -> Iterator[bytes]:
    """The same bytes, cut at some offsets."""
    ends = sorted({0, len(whole), *(min(cut, len(whole)) for cut in cuts)})
    return (whole[begin:end] for begin, end in pairwise(ends))


@given(parts=lists(sampled_from(PARTS), max_size=30), cuts=lists(integers(0, 200), max_size=10))
def test_every_start_tag_is_found_where_it_stands_however_the_bytes_are_cut(parts: list[str], cuts: list[int]) -> None:
    expected = []
    before = ""
    for part in parts:
        if part in VISIBLE:
            lines = before.split("\n")
            expected.append((VISIBLE[part], len(lines), len(lines[-1]) + 1, len(before.encode())))
        before += part

    found = list(start_tags(in_pieces(before.encode(), cuts)))

    assert found == expected


def test_a_long_comment_over_many_pieces_hides_what_it_holds() -> None:
    whole = b"<a><!--" + b"<Ntry>\n" * 1000 + b"--><Ntry>"

    (found,) = start_tags(in_pieces(whole, list(range(0, len(whole), 7))))

    assert (found.line, found.column) == (1001, 4)


def test_places_are_searched_no_further_than_asked_for() -> None:
    pieces = iter([b"<Stmt><Ntry>1</Ntry>", b"<Ntry>2</Ntry><a>", b"<Bal></Bal></Stmt><a>", b""])
    places = Places(pieces)

    assert places.entry(1).column == 7
    assert next(pieces) == b"<Ntry>2</Ntry><a>"


def test_other_elements_are_remembered_behind_the_entries() -> None:
    places = Places([b"<Stmt><Bal/>\n<Ntry/><Ntry/></Stmt>\n<Stmt><Ntry/></Stmt>"])

    assert [places.entry(ordinal).line for ordinal in (1, 3)] == [2, 3]
    assert [places.other(b"Stmt", 1).line, places.other(b"Bal", 1).column, places.other(b"Stmt", 2).line] == [1, 7, 3]


def test_an_element_that_is_not_there_has_no_place() -> None:
    assert Places([b"<a/>"]).other(b"Bal", 1).line == 0
    assert Places([b"<a/>"]).entry(1).line == 0


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (b"<Ntry>1</Ntry> <b/>", b" <b/>"),
        (b"<p:Ntry>1</p:Ntry ><b/>", b"<b/>"),
        (b"<Ntry><NtryRef>1</NtryRef><Ntry>2</Ntry>", b"<Ntry>2</Ntry>"),
        (b"<Ntry>1\n<Bal>2</Bal>", b"<Bal>2</Bal>"),
        (b"<Ntry>1</Stmt>", b"</Stmt>"),
        (b"<Ntry><!-- </Ntry> -->1</Ntry>2", b"2"),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 100])
def test_an_entry_ends_at_its_end_tag_or_before_what_cannot_stand_in_it(text: bytes, rest: bytes, size: int) -> None:
    whole = b"<Ntry>0</Ntry>" + text
    cuts = list(range(0, len(whole), size))

    end = end_of_entry(in_pieces(whole, cuts), len(b"<Ntry>0</Ntry>"))

    assert end is not None
    assert whole[end:] == rest


def test_an_entry_may_have_no_end() -> None:
    assert end_of_entry([b"<Ntry>1<a>2</a>"], 0) is None

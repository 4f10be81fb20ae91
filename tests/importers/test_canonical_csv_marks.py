"""Quotation marks and line ends counted on bytes, held against the records that the same text has."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.contracts.csv_records import records
from tieout.importers import _canonical_bytes
from tieout.importers._canonical_bytes import marks_of


@settings(max_examples=500)
@given(text=st.text(alphabet='a,"\n', max_size=24), block_size=st.sampled_from([1, 2, 3, 1 << 20]))
def test_marks_are_well_formed_where_no_record_is_broken(text: str, block_size: int) -> None:
    read = list(records(text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_canonical_bytes, "_BLOCK_SIZE", block_size)
        marks = marks_of(io.BytesIO(text.encode()))

    assert (marks is None) == any(record.broken for record in read)
    if marks is not None and text:
        inside = sum(cell.count('"') for record in read for cell in record.cells)
        assert (marks.size, marks.quotes, marks.doubled) == (len(text), text.count('"'), inside)
        assert (marks.line_feeds, marks.ends_with_line) == (text.count("\n"), text.endswith("\n"))


@pytest.mark.parametrize(
    "text",
    ['1,x"y"\n', '1,"x"y\n', '1,"x"y"\n', '1,"x\n', '1,x"\n', '"a" "b"\n', "1,\0\n", "1\r2\n", '1,"\r"\n', "1\n\r"],
)
def test_a_misplaced_mark_a_lone_carriage_return_and_a_nul_are_left_to_the_reference(text: str) -> None:
    assert marks_of(io.BytesIO(text.encode())) is None


def test_carriage_returns_before_line_feeds_are_counted_wherever_they_stand() -> None:
    marks = marks_of(io.BytesIO(b'1,"x\r\ny"\r\n2,z\r\n'))

    assert marks is not None
    assert (marks.line_feeds, marks.carriage_returns, marks.quoting_bytes) == (3, 3, 2)

"""Comma-separated text as records, held against Python's own csv module."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.contracts.csv_records import cell_place, place_at, records

cells = st.one_of(st.sampled_from(["", "a", '"', ",", "\n", "\r\n", "\r", 'x"y', "å,円"]), st.text(max_size=5))


@settings(max_examples=300)
@given(rows=st.lists(st.lists(cells, min_size=2, max_size=4), max_size=5), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_the_csv_module_writes_is_read_as_it_was(rows: list[list[str]], end: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)

    read = [record.cells for record in records(stream.getvalue())]

    assert read == rows


@settings(max_examples=500)
@given(text=st.text(alphabet='a,"\n\r', max_size=30))
def test_text_without_stray_quotation_marks_is_read_as_the_csv_module_reads_it(text: str) -> None:
    read = list(records(text))

    if not any(record.broken for record in read):
        strictly = csv.reader(io.StringIO(text, newline=""), strict=True)
        assert [record.cells for record in read] == [row for row in strictly if row]


@settings(max_examples=500)
@given(text=st.text(alphabet='a,"\n\r', max_size=30))
def test_text_that_the_csv_module_refuses_is_broken_for_us_too(text: str) -> None:
    try:
        list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        assert any(record.broken for record in records(text))


@given(rows=st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5))
def test_the_place_of_a_cell_is_where_its_text_begins(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    text = stream.getvalue()
    lines = list(io.StringIO(text, newline=""))

    for record in records(text):
        for position, cell in enumerate(record.cells):
            place = cell_place(text, record, position, "f.csv")

            rest = lines[place.line - 1][place.column - 1 :] + "".join(lines[place.line :])
            assert rest.startswith('"' + cell.replace('"', '""') + '"')


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ('a,b\n1,x"y\n2,z\n', 2, 3, "a quotation mark stands inside a cell that does not begin with one"),
        ('a,b\n1,"x" y\n2,z\n', 2, 3, "text follows the closing quotation mark of a cell"),
        ('a,b\n1,"x\n2,z\n', 2, 3, "the quotation mark that opens this cell is never closed"),
        ('a,b\n"two\nlines",x"y\n2,z\n', 3, 8, "a quotation mark stands inside a cell that does not begin with one"),
    ],
)
def test_broken_quotation_marks_are_located_at_the_cell_and_the_next_lines_are_read(
    text: str, line: int, column: int, what: str
) -> None:
    first, *_ = broken = [record for record in records(text) if record.broken]

    assert first.broken is not None
    assert first.broken.what == what
    place = place_at(text, first, first.broken.start, "f.csv")
    assert (place.line, place.column) == (line, column)
    assert len(broken) <= 2
    assert list(records(text))[-1].cells == ["2", "z"]


def test_a_file_in_which_every_line_opens_a_cell_is_read_in_one_pass() -> None:
    text = "a,b\n" + '1,"x\n' * 20_000

    read = list(records(text))

    assert len([record for record in read if record.broken]) >= 10_000

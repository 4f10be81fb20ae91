"""The Polars reader gives what the plain Python reader gives, or leaves the file to it."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.contracts.csv_text import canonical_text
from tieout.contracts.reading import BytesSource
from tieout.domain.kinds import LEDGER_KINDS
from tieout.domain.line_table import Coded, LineTable
from tieout.importers import _canonical_polars, _canonical_python
from tieout.importers._canonical_header import COLUMNS, REQUIRED
from tieout.importers._canonical_rows import Rows

pytestmark = pytest.mark.slow

WORDS = ["", "x", "Fjord AS", "a, b", 'a "b"', '"', "two\nlines", "two\r\nlines", "Ærlig ÷ 円", " padded ", "'", ";"]
GOOD = {
    "account": ["", "1920", "NO93 8601 1117 947", "a,b"],
    "currency": ["NOK", "EUR", "JPY", "KWD", "CLF"],
    "amount": [
        "0.00",
        "-0",
        "1",
        "-1.00",
        "007",
        "12.000000",
        "92233720368547758.07",
        "-92233720368547758.07",
        "-12345",
        "0.000000",
    ],
    "booking_date": ["2026-01-31", "2024-02-29", "1969-12-31", "9999-12-31"],
    "value_date": ["", "2026-01-31", "0001-01-01"],
    "kind": list(LEDGER_KINDS),
    "settles": ["", "A", "A B", "A,B", "A; B", " A  B ", ",", "A\nB"],
    "base_amount": ["", "1", "-1.50", "9" * 18 + ".999999"],
    "rate": ["", "1", "11.50", "0.000000000000000001"],
}
BAD = {
    "id": ["", " "],
    "currency": ["", "nok", "XXX", " NOK", "NOKK"],
    "amount": [
        *("", " 1", "1 ", "+1", "1,00", "1.", ".5", "-.5", "-", "1e3", "--1", "1.0.0", "0x1", "1_0", "٣", "1-", "-+1"),
        *("1.005001", "1.0000000", "9" * 19, "92233720368547758.08", "-92233720368547758.08", "1\n", "$1"),
    ],
    "booking_date": [
        "",
        "2026-02-29",
        "2026-1-1",
        "20260101",
        "01/02/2026",
        "2026-01-01T00:00",
        "0000-01-01",
        "٢026-01-01",
    ],
    "value_date": [" ", "2026-13-01"],
    "kind": ["sale", "Receivable", " ", "payabel"],
    "base_amount": ["1e3", "+1", "1,5", " "],
    "rate": ["0", "0.000", "-1", "1e1", ".5", "1."],
    "description": ["nul \0"],
}
ENDS = st.sampled_from(["\n", "\r\n"])


def quoted(cell: str, always: bool) -> str:
    if always or any(mark in cell for mark in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@st.composite
def good_rows(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Column names in some order, and rows in which every cell is good."""
    optional = draw(st.sets(st.sampled_from([*COLUMNS, "note", "a,b"])))
    names = draw(st.permutations(sorted({*REQUIRED, *optional})))
    count = draw(st.integers(1, 6))
    cells = {name: st.sampled_from(GOOD.get(name, WORDS)) for name in names}
    rows = [[draw(cells[name]) for name in names] for _ in range(count)]
    for number, row in enumerate(rows):
        row[names.index("id")] = draw(st.sampled_from(["L", "Ø, ", " L", "L\n"])) + str(number)
        if row[names.index("currency")] != "NOK":
            row[names.index("amount")] = draw(st.sampled_from(["12", "-3.000", "0"]))
    return list(names), rows


@st.composite
def written(draw: st.DrawFn, names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The file in one of the ways that programs write it."""
    end, always = draw(ENDS), draw(st.booleans())
    text = end.join(",".join(quoted(cell, always) for cell in row) for row in [names, *rows])
    return draw(st.sampled_from(["", "\ufeff"])) + text + draw(st.sampled_from(["", end, end + end, end + end + end]))


@st.composite
def good_files(draw: st.DrawFn) -> str:
    return draw(written(*draw(good_rows())))


@st.composite
def faulty_files(draw: st.DrawFn) -> str:
    """A file with one planted fault: in a cell, in the width of a row, in its quotation marks, or an id used twice."""
    names, rows = draw(good_rows())
    row = draw(st.sampled_from(rows))
    match draw(st.sampled_from(["cell", "cell", "cell", "short", "long", "twice", "bare", "open", "after"])):
        case "cell":
            name = draw(st.sampled_from(sorted(set(names) & set(BAD))))
            row[names.index(name)] = draw(st.sampled_from(BAD[name]))
        case "short":
            row[:] = ["x", *row[1 : draw(st.integers(1, len(row) - 1))]]
        case "long":
            row.append(draw(st.sampled_from(["", "x"])))
        case "twice":
            rows.append(list(row))
        case mark:
            text = draw(written(names, rows))
            stray = {"bare": 'x"', "open": '"x', "after": '"x"y'}[mark]
            return text.rstrip("\r\n") + "\n" + ",".join(["A", *[stray] * (len(names) - 1)])
    return draw(written(names, rows))


@st.composite
def damaged_files(draw: st.DrawFn) -> str:
    """A good file with one to three characters put in, taken out or replaced, of those that carry the structure."""
    text = draw(good_files())
    for _ in range(draw(st.integers(1, 3))):
        place, kept = draw(st.integers(0, len(text))), draw(st.integers(0, 1))
        text = (
            text[:place]
            + draw(st.sampled_from(["", '"', '""', ",", "\n", "\r", "\r\n", "\0", " "]))
            + text[place + kept :]
        )
    return text


def by_python(text: str) -> Rows:
    return _canonical_python.read_rows(canonical_text(text.encode(), "f.csv"), "f.csv", LEDGER_KINDS)


def by_polars(text: str) -> Rows | None:
    return _canonical_polars.read_rows(BytesSource("f.csv", text.encode()), LEDGER_KINDS)


def assert_equal(left: LineTable, right: LineTable) -> None:
    """Every column alike, whether its texts are lists or Polars columns."""
    for field in fields(LineTable):
        assert plain(getattr(left, field.name)) == plain(getattr(right, field.name)), field.name


def plain(column: object) -> object:
    match column:
        case np.ndarray():
            return column.dtype, column.tolist()
        case Coded(codes, names):
            return codes.dtype, codes.tolist(), names
        case dict():
            return {name: plain(texts) for name, texts in column.items()}
        case None | list() | tuple():
            return column
    return column.to_list()  # type: ignore[attr-defined]


@settings(max_examples=200)
@given(good_files())
def test_of_a_good_file_both_readers_give_the_same_table(text: str) -> None:
    expected = by_python(text)

    rows = by_polars(text)

    assert expected.bad == ()
    assert rows is not None
    assert rows.header == expected.header
    assert_equal(rows.table, expected.table)


@settings(max_examples=300)
@given(faulty_files())
def test_of_a_faulty_file_polars_gives_nothing_and_python_a_located_finding(text: str) -> None:
    rows = by_python(text)

    assert len(rows.bad) >= 1
    assert all(finding.place.line and finding.place.column for findings in rows.bad for finding in findings)
    assert by_polars(text) is None


@pytest.mark.parametrize(("name", "cell"), [(name, cell) for name, cells in BAD.items() for cell in cells])
def test_no_bad_cell_gets_past_either_reader(name: str, cell: str) -> None:
    row = {"id": "L1", "amount": "1.00", "currency": "NOK", "booking_date": "2026-05-31"} | {name: cell}
    text = ",".join(row) + "\n" + ",".join(quoted(text, always=False) for text in row.values()) + "\n"

    rows = by_python(text)

    assert len(rows.bad) == 1
    assert by_polars(text) is None


@settings(max_examples=500)
@given(damaged_files())
def test_whatever_a_file_looks_like_polars_never_accepts_what_python_reads_otherwise(text: str) -> None:
    rows = by_polars(text)

    if rows is not None:
        expected = by_python(text)
        assert expected.bad == ()
        assert rows.header == expected.header
        assert_equal(rows.table, expected.table)

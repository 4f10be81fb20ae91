"""The canonical CSV as its reader promises it: what is a line, in small files and in large ones."""

import subprocess
import sys
from pathlib import Path

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importers.canonical_told import HEADER, LINE, SHORT, messages_of, source_of, table_of
from tieout.domain.line_table import SMALL_LINES_MAX
from tieout.importers import _canonical_polars
from tieout.importers.canonical_csv import read
from tieout.kernel.dates import NO_DAY, day_text
from tieout.services.files.sources import FileSource


def test_every_column_of_a_line_is_read() -> None:
    row = (
        "P7,1920,EUR,-1234.5,2026-05-31,2026-06-01,INV 7,Fjord AS,NO9386011117947,B1,"
        'supplier_payment,"A1; A2",-13579.50,11.00,"Paint, 2 tins"'
    )

    table = table_of(f"{HEADER}\n{row}\n")

    assert (table.id, table.account.at(0), table.currency.at(0)) == (["P7"], "1920", "EUR")
    assert table.minor_units.tolist() == [-123450]
    assert [day_text(table.booking_day[0]), day_text(table.value_day[0])] == ["2026-05-31", "2026-06-01"]
    assert (table.reference, table.counterparty) == (["INV 7"], ["Fjord AS"])
    assert (table.counterparty_account, table.batch) == (["NO9386011117947"], ["B1"])
    assert (table.kind.at(0), table.settles) == ("supplier_payment", ["A1 A2"])
    assert (table.base_amount, table.rate, table.description) == (["-13579.50"], ["11.00"], ["Paint, 2 tins"])
    assert (table.files, table.file.tolist(), table.line.tolist()) == (("books.csv",), [0], [2])
    assert table.column.tolist() == [1]
    assert table.extra is None


def test_absent_columns_are_empty_and_extra_ones_are_kept() -> None:
    table = table_of("cost centre,booking_date,amount,id,currency\n42,2026-05-31,10.00,L1,NOK\n")

    assert table.extra == {"cost centre": ["42"]}
    assert (table.reference, table.account.at(0), table.kind.at(0)) == ([""], "", "")
    assert table.value_day.tolist() == [NO_DAY]
    assert (table.settles, table.base_amount, table.rate) == (None, None, None)


@pytest.mark.parametrize(
    ("amount", "currency", "minor_units"),
    [
        ("0.00", "NOK", 0),
        ("-0.00", "NOK", 0),
        ("10", "NOK", 1000),
        ("10.5000", "NOK", 1050),
        ("100.000000", "JPY", 100),
        ("1.234", "KWD", 1234),
        ("92233720368547758.07", "NOK", 2**63 - 1),
    ],
)
def test_an_amount_is_read_to_exact_minor_units(amount: str, currency: str, minor_units: int) -> None:
    assert table_of(f"{SHORT}\nL1,{amount},{currency},2026-05-31\n").minor_units.tolist() == [minor_units]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("A1", "A1"), ("A1 A2", "A1 A2"), ('"A1,A2"', "A1 A2"), ("A1;A2", "A1 A2"), ('" A1 ;, A2 "', "A1 A2")],
)
def test_the_ids_that_an_entry_settles_may_stand_between_blanks_commas_or_semicolons(
    written: str, read_as: str
) -> None:
    assert table_of(f"{SHORT},settles\n{LINE},{written}\n").settles == [read_as]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("tail", ["", "{end}", "{end}{end}"])
def test_line_ends_a_byte_order_mark_and_empty_lines_at_the_end_change_nothing(end: str, mark: str, tail: str) -> None:
    text = mark + SHORT + end + LINE + end + LINE.replace("L1", "L2") + tail.format(end=end)

    table = table_of(text)

    assert (table.id, table.line.tolist()) == (["L1", "L2"], [2, 3])


def test_line_numbers_stay_right_after_a_cell_of_several_lines() -> None:
    text = f'{SHORT},description\nL1,1,NOK,2026-05-31,"two\r\nlines\n"\n\nL2,2,NOK,2026-05-31,x\n'

    table = table_of(text)

    assert table.line.tolist() == [2, 6]
    assert table.description == ["two\r\nlines\n", "x"]


def test_a_header_alone_is_no_line() -> None:
    table = table_of(HEADER)

    assert len(table) == 0
    assert read(source_of(HEADER), keep_entries=True, profile=None).statements == []


def rows_of(count: int) -> str:
    return "".join(f"L{number},{number}.50,NOK,2026-05-31\n" for number in range(count))


def test_a_small_file_gives_lists_and_a_large_one_polars_columns() -> None:
    small = table_of(f"{SHORT}\n{rows_of(SMALL_LINES_MAX)}")
    large = table_of(f"{SHORT}\n{rows_of(SMALL_LINES_MAX + 1)}")

    assert small.is_small
    assert not large.is_small
    assert isinstance(large.reference, polars.Series)
    assert large.minor_units.tolist()[:SMALL_LINES_MAX] == small.minor_units.tolist()


def test_reading_a_small_file_does_not_load_polars() -> None:
    code = (
        "import sys\n"
        "from tieout.contracts.reading import BytesSource\n"
        "from tieout.importers.canonical_csv import read, read_lines\n"
        f"source = BytesSource('b.csv', b'{SHORT}\\n{LINE}\\n')\n"
        "read_lines(source, 'ledger'), read(source, True, None)\n"
        "sys.exit('polars' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_large_file_with_a_bad_cell_is_refused_at_that_cell() -> None:
    (message,) = messages_of(f"{SHORT}\n{rows_of(3_000)}L9x,1.005,NOK,2026-05-31\n")

    assert message == (
        'books.csv:3002:5: amount has more decimals than the 2 of NOK; in "1.005"; round it where it was made'
    )


@given(st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_large_file_that_polars_cannot_prove_is_still_a_large_table(end: str) -> None:
    text = f"{SHORT}\n\n{rows_of(3_000)}".replace("\n", end)

    table = table_of(text)

    assert not table.is_small
    assert (len(table), table.line.tolist()[-1]) == (3_000, 3_002)


def test_a_file_on_disk_is_read_in_place_with_the_same_answer(tmp_path: Path) -> None:
    text = f"{SHORT},description\n" + "".join(f'L{n},{n}.50,NOK,2026-05-31,"a ""b"", c"\n' for n in range(3_000))
    for name, tail in (("plain[1].csv", ""), ("empty_end.csv", "\n\r\n")):
        path = tmp_path / name
        path.write_bytes((text + tail).encode())

        rows = _canonical_polars.read_rows(FileSource(name, path, path.stat().st_size), ("",))

        assert rows is not None
        assert rows.table.line.tolist() == list(range(2, 3_002))
        assert rows.table.description[2_999] == 'a "b", c'

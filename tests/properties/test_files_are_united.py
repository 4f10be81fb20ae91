"""Files of one account: the same file twice is one, overlaps are united, equal entries stay as many as there are."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.given_lines import BANK, day_of_may
from tests.given_statements import a_statement
from tieout.contracts.importer import Importer
from tieout.contracts.reading import BytesSource
from tieout.domain.line_table import LineTable
from tieout.domain.statements import Statement, StatementEntry
from tieout.importers import canonical_csv, mt940
from tieout.kernel.errors import Refused
from tieout.kernel.money import decimal_text
from tieout.services.files.read_sides import Input, SideRead, read_side
from tieout.services.files.uniting import united

LAST_DAY = 8
Days = dict[int, list[int]]  # the entries of each day of May, in minor units


class Window(NamedTuple):
    """A download of whole days, from the first to the last."""

    first: int
    last: int


@st.composite
def days(draw: st.DrawFn) -> Days:
    """Money in on some days, often the same amount twice: two equal coffees."""
    amounts = st.lists(st.sampled_from((4_50, 4_50, 10_00, 37_25)), max_size=3)
    return {day: draw(amounts) for day in range(1, LAST_DAY + 1)}


@st.composite
def downloads(draw: st.DrawFn) -> list[Window]:
    """Downloads that follow each other, overlap, repeat, leave days out, or begin or end alike."""
    firsts = draw(st.lists(st.integers(1, LAST_DAY), min_size=1, max_size=4))
    return [Window(first, draw(st.integers(first, LAST_DAY))) for first in firsts]


def as_mt940(entries: Days, window: Window, missing: int = 0) -> bytes:
    """The download as an MT940 message; `missing` is left out of the closing balance."""
    opening = sum(sum(amounts) for day, amounts in entries.items() if day < window.first)
    inside = [(day, amount) for day in range(window.first, window.last + 1) for amount in entries[day]]
    closing = opening + sum(amount for _, amount in inside) - missing
    rows = [
        ":20:TIEOUT",
        f":25:{BANK}",
        ":28C:1/1",
        f":60F:C2605{window.first:02d}NOK{_comma(opening)}",
        *(f":61:2605{day:02d}05{day:02d}C{_comma(amount)}NTRFNONREF" for day, amount in inside),
        f":62F:C2605{window.last:02d}NOK{_comma(closing)}",
        "-",
    ]
    return "\r\n".join(rows).encode() + b"\r\n"


def _comma(minor_units: int) -> str:
    return decimal_text(minor_units, 2).replace(".", ",")


def read_files(files: Sequence[bytes]) -> SideRead:
    """The statement side of files that are named 0.sta, 1.sta, ..."""
    sources = [Input(BytesSource(f"{number}.sta", raw)) for number, raw in enumerate(files)]
    return read_side(sources, "statement", [cast("Importer", importer) for importer in (canonical_csv, mt940)])


def entries_of(lines: LineTable) -> list[tuple[int, int]]:
    """Day and amount of every line."""
    return sorted(zip(lines.booking_day.tolist(), lines.minor_units.tolist(), strict=True))


def happened(entries: Days, windows: Sequence[Window]) -> list[tuple[int, int]]:
    """Day and amount of every entry that some download shows."""
    shown = {day for window in windows for day in range(window.first, window.last + 1)}
    return sorted((day_of_may(day), amount) for day in shown for amount in entries[day])


@given(days(), downloads(), st.data())
def test_files_that_overlap_in_any_order_hold_every_entry_as_often_as_it_happened(
    entries: Days, windows: list[Window], choice: st.DataObject
) -> None:
    files = [as_mt940(entries, window) for window in choice.draw(st.permutations(windows))]

    assert entries_of(read_files(files).lines) == happened(entries, windows)


@given(days(), downloads(), st.data())
def test_a_file_that_is_given_again_changes_nothing(
    entries: Days, windows: list[Window], choice: st.DataObject
) -> None:
    files = [as_mt940(entries, window) for window in windows]
    again = [*files, *choice.draw(st.lists(st.sampled_from(files), max_size=3))]

    once, twice = read_files(files).lines, read_files(again).lines

    assert entries_of(twice) == entries_of(once)
    assert list(twice.id) == list(once.id)


@given(days())
def test_equal_entries_of_one_statement_stay_as_many_as_it_has(entries: Days) -> None:
    whole = Window(1, LAST_DAY)

    lines = read_files([as_mt940(entries, whole)]).lines

    assert entries_of(lines) == happened(entries, [whole])
    assert len(set(lines.id)) == len(lines)


@given(days(), downloads())
def test_every_line_leads_back_to_its_file_and_to_the_row_in_it(entries: Days, windows: list[Window]) -> None:
    files = [as_mt940(entries, window) for window in windows]

    lines = read_files(files).lines

    for row, units in enumerate(lines.minor_units.tolist()):
        number = int(lines.files[int(lines.file[row])].removesuffix(".sta"))
        text = files[number].decode().split("\r\n")[int(lines.line[row]) - 1]
        assert text.startswith(":61:")
        assert f"C{_comma(units)}N" in text


@given(days(), st.integers(-5_00, 5_00))
def test_a_statement_whose_entries_do_not_lead_to_its_balance_is_flagged_by_how_much(entries: Days, gap: int) -> None:
    (statement,) = read_files([as_mt940(entries, Window(1, LAST_DAY), missing=gap)]).statements

    assert statement.proof.holds is (gap == 0)
    assert statement.proof.gap == -gap


def a_day_that_cancels(first: int, last: int) -> Statement:
    """A statement whose only entries are two of 5 May that cancel, so that it opens and closes alike."""
    statement = a_statement("7.00", closing="7.00", opens=f"2026-05-{first:02d}", closes=f"2026-05-{last:02d}")
    statement.entries += [
        StatementEntry(units, booked=True, booking_date=date(2026, 5, 5), value_date=None, line=1, column=1)
        for units in (5_00, -5_00)
    ]
    return statement


def test_a_file_that_overlaps_by_a_day_whose_entries_cancel_is_no_follower() -> None:
    assert len(united([[a_day_that_cancels(1, 5)], [a_day_that_cancels(5, 9)]])) == 2


HEADER = "id,currency,amount,booking_date"
BAD_ROWS = ["L9,NOK,1.234,2026-05-01", "L9,NOK,12.00,2026-02-30", "L9,XXX,1.00,2026-05-01", ",NOK,1.00,2026-05-01"]


@given(st.lists(st.integers(-9_99, 9_99), max_size=6), st.data())
def test_one_bad_cell_refuses_a_whole_canonical_file_wherever_it_stands(
    amounts: list[int], choice: st.DataObject
) -> None:
    rows = [f"L{number},NOK,{decimal_text(amount, 2)},2026-05-01" for number, amount in enumerate(amounts)]
    place = choice.draw(st.integers(0, len(rows)))
    rows.insert(place, choice.draw(st.sampled_from(BAD_ROWS)))
    source = BytesSource("ledger.csv", "\n".join([HEADER, *rows, ""]).encode())

    with pytest.raises(Refused) as refused:
        canonical_csv.read_lines(source, "ledger")

    assert [finding.place.line for finding in refused.value.findings] == [place + 2]


@given(st.lists(st.integers(-9_99, 9_99), max_size=6))
def test_every_line_of_a_canonical_file_is_kept_under_its_id_and_its_row(amounts: list[int]) -> None:
    rows = [f"L{number},NOK,{decimal_text(amount, 2)},2026-05-01" for number, amount in enumerate(amounts)]
    source = BytesSource("ledger.csv", "\n".join([HEADER, *rows, ""]).encode())

    lines = canonical_csv.read_lines(source, "ledger")

    assert lines.minor_units.tolist() == amounts
    assert list(lines.id) == [f"L{number}" for number in range(len(amounts))]
    assert lines.line.tolist() == [number + 2 for number in range(len(amounts))]

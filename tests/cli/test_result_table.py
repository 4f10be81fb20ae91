"""The answer of `tieout reconcile` for people."""

import re
from dataclasses import replace

import pytest
from rich.console import Console

from tests.given_results import BANK, EMPTY, RESULT, large, many
from tieout.cli.result_table import ROWS_MAX, result_table
from tieout.domain.results import OpenLine, Result


def shown(result: Result, folder: str | None = None, width: int = 200) -> str:
    """What is printed, without colour."""
    console = Console(width=width, markup=False, highlight=False, color_system=None)
    with console.capture() as captured:
        console.print(result_table(result, folder))
    return captured.get()


def test_parts_come_in_the_order_in_which_an_accountant_reads() -> None:
    text = shown(RESULT)

    headings = [
        *("Reconciliation of", "Does not tie out", "Not counted", f"Bank reconciliation of {BANK}", "Balance proofs"),
        *("What tied out", "Proposed", "More than one answer", "Open statement lines", "Open ledger lines"),
        *("Entries to book", "4 matches confirmed"),
    ]
    places = [text.find(heading) for heading in headings]
    assert -1 not in places
    assert places == sorted(places)


def test_figures_stand_under_each_other_with_their_signs_and_thousands() -> None:
    lines = [line.rstrip() for line in shown(RESULT).splitlines()]

    balances = [line for line in lines if re.match("(Balance per|add:|less:|Difference).*[0-9]$", line)]
    assert [line.split()[-1] for line in balances[:5]] == ["1,646.50", "40.00", "-137.50", "1,549.00", "0.00"]
    assert len({len(line) for line in balances[:5]}) == 1


def test_every_line_between_the_balances_is_there_with_its_age() -> None:
    text = shown(RESULT)

    assert re.search(r"L10 0 days, Cheque 118 +40\.00", text)
    assert re.search(r"S6 11 days, \+47 22 33 44 55 -17 +50\.00", text)


def test_a_matcher_is_told_with_its_sums_and_an_example() -> None:
    (row,) = [line for line in shown(RESULT).splitlines() if line.strip().startswith("sum of many")]

    assert re.split(r"  +", row.strip())[:5] == ["sum of many", "1", "97.00", "0.00", "NOK"]
    assert "the only 2 of 6 open lines of Nordic AS" in row


def test_an_ambiguity_names_what_would_decide() -> None:
    text = shown(RESULT)

    assert re.search(r"S2 +L1 +reference", text)
    assert re.search(r"both sides +S2, S7, L1 +booking date", text)


@pytest.mark.parametrize("width", [40, 80])
def test_on_a_narrow_terminal_no_line_is_wider_and_no_amount_is_cut(width: int) -> None:
    text = shown(RESULT, width=width)

    assert max(len(line) for line in text.splitlines()) <= width
    if width == 80:
        assert all(amount in text for amount in ("1,646.50", "1,162.00", "-137.50", "10,480"))


def test_in_a_pipe_no_line_is_padded_to_the_width_of_the_pipe() -> None:
    assert max(len(line) for line in shown(RESULT, width=10_000).splitlines()) < 300


def test_a_long_list_ends_with_how_many_more_there_are_and_where() -> None:
    count = ROWS_MAX + 120
    opened = tuple(OpenLine("statement", f"S{row}", 100, "NOK", row, 9) for row in range(count))
    result = replace(many(count), open_lines=opened)

    assert "and 120 more in open.csv" in shown(result, folder="out")
    assert "and 120 more; --out DIR writes them all" in shown(result)
    assert shown(result).count("\nS") == ROWS_MAX


def test_what_comes_from_the_run_before_is_said_under_the_counts() -> None:
    words = (
        "2 open lines brought forward from the run before, 1 of them tied already and waiting for an entry in the books"
    )

    assert shown(RESULT).splitlines()[-1] == f"{words}; 3 lines left out that it has already."


def test_where_the_files_are_is_said_last() -> None:
    assert shown(RESULT, folder="out").splitlines()[-1] == "written to out: report.html is the page to file"


def test_a_text_of_the_input_moves_no_cursor_and_is_no_markup() -> None:
    evil = "\x1b[2J[red]Nordic"
    statement = replace(RESULT.statement, counterparty=[evil] * 9)

    text = shown(replace(RESULT, statement=statement))

    assert "\x1b" not in text
    assert "[red]Nordic" in text


@pytest.mark.parametrize("result", [EMPTY, large(EMPTY)], ids=["small", "large"])
def test_an_empty_result_is_told_in_a_few_lines(result: Result) -> None:
    lines = shown(result).splitlines()

    assert lines[0] == "Reconciliation of an unnamed account"
    assert "0 matches confirmed" in lines[-1]


def test_small_and_large_tables_are_told_alike() -> None:
    assert shown(large(RESULT)) == shown(RESULT)

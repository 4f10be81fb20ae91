"""The answer of `tieout check` for people."""

import re

import pytest
from rich.console import Console

from tests.given_statements import ACCOUNT, a_statement
from tieout.cli.check_table import check_table
from tieout.contracts.checking import Checked, CheckedFile
from tieout.contracts.reading import Reading
from tieout.domain.statements import BalanceProof, Statement, StatementKind
from tieout.kernel.errors import Finding, Place


def shown(*files: CheckedFile, width: int = 200) -> str:
    """What is printed into a pipe."""
    console = Console(width=width, markup=False, highlight=False, color_system=None)
    with console.capture() as captured:
        console.print(check_table(Checked(files)))
    return captured.get()


def a_file(*statements: Statement, warnings: int = 0) -> CheckedFile:
    """A file with these statements."""
    found = [Finding("no_booking_date", f"entry {n}", Place("may.sta", n)) for n in range(1, warnings + 1)]
    return CheckedFile("may.sta", Reading("mt940", "103", "reversed", "utf-8", list(statements), found))


def verdict(statement: Statement) -> str:
    """The last cell of the statement's row."""
    row = next(line for line in shown(a_file(statement)).splitlines() if ACCOUNT in line)
    return re.split(r"  +", row.strip())[-1]


def test_a_file_is_named_with_what_it_is_above_its_statements() -> None:
    lines = shown(a_file(a_statement("100.00", "300.00", "-50.00", closing="350.00", number="19"))).splitlines()

    assert lines[0] == 'may.sta: mt940, 103, profile "reversed", utf-8'
    assert lines[1].split() == ["account", "opening", "entries", "credits", "debits", "closing"]
    assert re.split(r"  +", lines[3].strip()) == [
        f"{ACCOUNT} NOK no. 19",
        "100.00",
        "2",
        "300.00",
        "-50.00",
        "350.00",
        "proved",
    ]


def test_figures_stand_under_each_other_at_the_right() -> None:
    lines = shown(
        a_file(a_statement("1.00", closing="1.00"), a_statement("123456.00", closing="123456.00"))
    ).splitlines()

    ends = {re.search(r"\d+\.00", line).end() for line in lines[3:5]}  # type: ignore[union-attr]
    assert len(ends) == 1


def with_proof(proof: BalanceProof) -> Statement:
    """A statement that was proved in another way than by its balances."""
    statement = a_statement(None, closing=None)
    statement.proof = proof
    return statement


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (a_statement("100.00", closing="100.00"), "proved"),
        (a_statement("100.00", closing="112.00", currency="EUR"), "off by 12.00 EUR"),
        (a_statement("100.00", closing="88.00", currency=None), "off by -12.00"),
        (a_statement(None, closing="1.00"), "cannot be proved because it states no opening balance"),
        (a_statement("1.00", closing=None), "cannot be proved because it states no closing balance"),
        (a_statement(None, closing=None), "cannot be proved because it states no balances"),
        (
            with_proof(BalanceProof(holds=None, gap=5, identity="totals", reason="floor_limit")),
            "cannot be proved because it leaves out entries below its floor limit",
        ),
        (with_proof(BalanceProof(holds=True, gap=0, identity="totals", reason=None)), "proved by its totals"),
        (
            with_proof(BalanceProof(holds=True, gap=0, identity="running_balance", reason=None)),
            "proved by the balance on every row",
        ),
        (
            with_proof(BalanceProof(holds=False, gap=0, identity="totals", reason=None)),
            "off: the sums agree, the counts do not",
        ),
        (a_statement("1.00", closing="1.00", pending=("-9.00", "2.00")), "proved; 2 pending, -7.00"),
    ],
)
def test_the_verdict_says_whether_the_statement_is_proved_and_why_not(statement: Statement, expected: str) -> None:
    assert verdict(statement) == expected


def test_a_statement_says_what_it_is_of_and_when_it_is_not_final() -> None:
    text = shown(a_file(a_statement(account=None, currency=None, kind=StatementKind.INTRADAY)))

    assert "no account named (intraday)" in text


def test_warnings_stand_below_and_a_long_list_is_cut_with_its_length() -> None:
    lines = shown(a_file(warnings=25)).splitlines()

    assert lines[1:3] == ["warnings (25):", "  may.sta:1:1: entry 1"]
    assert lines[21:23] == ["  may.sta:20:1: entry 20", "  and 5 more; --json lists them all"]


def test_entries_that_are_not_counted_are_named() -> None:
    quarantined = [Finding("not_an_amount", "no amount", Place("may.sta", 7, 3), "12,x")]

    lines = shown(CheckedFile("may.sta", Reading("mt940", quarantined=quarantined))).splitlines()

    assert lines[1:3] == [
        "not counted (1):",
        '  may.sta:7:3: no amount; in "12,x"',
    ]


def test_several_files_end_with_one_line_about_all_of_them() -> None:
    refused = CheckedFile("june.sta", Reading(None), (Finding("empty", "the file holds no bytes", Place("june.sta")),))

    text = shown(a_file(a_statement(), a_statement(closing="1.00"), a_statement(None)), a_file(), refused)

    assert "june.sta" not in text
    assert text.splitlines()[-1] == "3 files, 3 statements, 1 proved, 1 off, 1 cannot be proved, 1 refused"


def test_on_a_narrow_terminal_no_figure_is_cut() -> None:
    text = shown(a_file(a_statement("24557140.69", "-512111.19", closing="24045029.50", number="71")), width=80)

    assert all(figure in text for figure in ("24557140.69", "-512111.19", "24045029.50", "proved"))
    assert max(len(line) for line in text.splitlines()) <= 80


def test_control_characters_in_a_name_move_no_cursor() -> None:
    file = CheckedFile("\x1b[2Jmay.sta", Reading("mt940", statements=[a_statement(account="\x1b[1mNO1")]))

    assert "\x1b" not in shown(file)

"""The canonical CSV as a bank file: how it is recognised, and what a check says about it."""

import pytest

from tests.importers.canonical_told import HEADER, LINE, SHORT, source_of
from tieout.contracts.reading import Head
from tieout.domain.statements import BalanceProof, StatementKind
from tieout.importers.canonical_csv import read, recognise


def test_a_check_gives_one_statement_per_account_and_currency_in_order_of_appearance() -> None:
    rows = [
        "L1,10.00,NOK,2026-05-31,NO93 8601 1117 947",
        "L2,5.00,NOK,2026-05-31,",
        "L3,-4.00,NOK,2026-05-31,NO9386011117947",
        "L4,1.00,EUR,2026-05-31,NO9386011117947",
        "L5,0.00,NOK,2026-05-31,NO9386011117947",
    ]

    reading = read(source_of("\n".join([f"{SHORT},account", *rows])), keep_entries=True, profile=None)

    first, second, third = reading.statements
    assert (reading.format, reading.version, reading.encoding) == ("canonical_csv", None, "utf-8")
    assert [(statement.account, statement.currency) for statement in reading.statements] == [
        ("NO9386011117947", "NOK"),
        (None, "NOK"),
        ("NO9386011117947", "EUR"),
    ]
    assert (first.tally.entries, first.tally.credits, first.tally.debits, first.tally.sum) == (3, 1000, -400, 600)
    assert (first.kind, first.proof) == (StatementKind.BOOKED, BalanceProof(None, None, None, "no_balances"))
    assert [entry.native_id for entry in first.entries] == ["L1", "L3", "L5"]
    assert [entry.line for entry in second.entries + third.entries] == [3, 5]


def test_a_check_quarantines_every_bad_row_once_and_counts_the_others() -> None:
    rows = "".join(f"B{number},x,nok,2026-05-31\n" for number in range(25))

    reading = read(source_of(f"{SHORT}\n{rows}{LINE}\n"), keep_entries=False, profile=None)

    assert len(reading.quarantined) == 25
    assert reading.quarantined[0].what == "amount is not a decimal number (and 1 more in this row)"
    (statement,) = reading.statements
    assert (statement.tally.entries, statement.tally.sum, statement.entries) == (1, 1000, [])


def test_a_check_accepts_the_kinds_of_both_sides() -> None:
    rows = "L1,1.00,NOK,2026-05-31,sale\nL2,1.00,NOK,2026-05-31,receivable\n"

    reading = read(source_of(f"{SHORT},kind\n{rows}"), keep_entries=False, profile=None)

    assert (reading.quarantined, reading.statements[0].tally.entries) == ([], 2)


def test_sums_beyond_64_bits_stay_exact() -> None:
    rows = "".join(f"L{number},92233720368547758.07,NOK,2026-05-31\n" for number in range(3))

    (statement,) = read(source_of(f"{SHORT}\n{rows}"), keep_entries=False, profile=None).statements

    assert statement.tally.sum == 3 * (2**63 - 1)


def test_a_check_warns_of_an_extra_column_that_is_almost_one_of_ours() -> None:
    (warning,) = read(source_of(f"{SHORT},Reference\n{LINE},7\n"), keep_entries=False, profile=None).warnings

    assert str(warning) == (
        'books.csv:1:33: the column "Reference" is kept as an extra one and not read as "reference"; '
        'rename it to "reference" if that is what it holds'
    )


@pytest.mark.parametrize(
    ("head", "recognised"),
    [
        (HEADER, "canonical_csv"),
        (f"\ufeffnote,{SHORT}\r\n{LINE}", "canonical_csv"),
        (SHORT.replace(",", ";"), "canonical_csv"),
        ("Date,Amount,Currency,Description", None),
        ("id,amount,currency", None),
        ("", None),
        ("<?xml version='1.0'?>", None),
    ],
)
def test_a_file_is_recognised_by_the_required_columns_in_its_first_row(head: str, recognised: str | None) -> None:
    assert recognise(Head(head.encode())) == recognised

"""`tieout.reconcile`: files and tables in, Polars tables and plain values out; nothing is written unasked."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars
import pyarrow
import pytest

import tieout
from tests.given_files import ACCOUNT, Entry, Row, canonical, mt940
from tieout.domain.plans import PlanError
from tieout.kernel.errors import Refused, UsageError

BOOKS = (
    Row("L1", "100.00", 1, "INV-1001", "Nordic AS", "receivable"),
    Row("L2", "90.00", 1, counterparty="Øst", kind="receivable"),
    Row("L3", "90.00", 2, counterparty="Vest", kind="receivable"),
)
BANK = (
    Row("S1", "100.00", 4, "INV-1001", "Nordic AS", account=ACCOUNT),
    Row("S2", "90.00", 4, account=ACCOUNT),
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    canonical(Path("books.csv"), BOOKS)
    canonical(Path("bank.csv"), BANK)


def books(**columns: Any) -> polars.DataFrame:
    """The books as a table, with these columns in place of its own."""
    lines = {
        "id": [row.id for row in BOOKS],
        "amount": [Decimal(row.amount) for row in BOOKS],
        "currency": ["NOK"] * 3,
        "booking_date": [date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 2)],
        "reference": ["INV-1001", None, None],
        "counterparty": [row.counterparty for row in BOOKS],
        "kind": ["receivable"] * 3,
    }
    return polars.DataFrame(lines | columns)


def refused(ledger: Any, **options: Any) -> list[str]:
    """The reasons for which a call is refused."""
    with pytest.raises(Refused) as raised:
        tieout.reconcile(ledger, "bank.csv", **options)
    return [str(finding) for finding in raised.value.findings]


def test_matches_open_lines_and_ambiguities_are_polars_tables() -> None:
    result = tieout.reconcile(ledger="books.csv", statement=Path("bank.csv"))

    assert result.matches.select("id", "state", "matcher", "statement", "ledger").rows() == [
        (1, "confirmed", "exact_reference", ["S1"], ["L1"])
    ]
    assert result.allocations.select("match", "side", "line", "amount", "minor_units").rows() == [
        (1, "statement", "S1", "100.00", 100_00),
        (1, "ledger", "L1", "100.00", 100_00),
    ]
    assert result.open.select("side", "line", "amount").rows() == [
        ("statement", "S2", "90.00"),
        ("ledger", "L2", "90.00"),
        ("ledger", "L3", "90.00"),
    ]
    assert result.ambiguous.select("statement", "ledger", "answers").rows() == [(["S2"], [], [["L2"], ["L3"]])]
    assert repr(result) == "<Reconciliation: 1 matches confirmed, 0 proposed, 1 ambiguous, 3 lines open>"


def test_tables_without_rows_keep_their_columns() -> None:
    canonical(Path("none.csv"), [])

    result = tieout.reconcile("none.csv", "none.csv")

    assert [table.height for table in (result.matches, result.open, result.ambiguous)] == [0, 0, 0]
    assert result.ambiguous.columns == ["statement", "ledger", "answers", "more", "would_decide", "pairings"]


def test_proofs_and_counts_are_plain_values() -> None:
    bank = mt940(
        Path("may.sta"), ("0.00", "2026-05-01"), ("80.00", "2026-05-31"), Entry("2026-05-04", "100.00", "INV-1001")
    )

    result = tieout.reconcile("books.csv", bank, book_balances={ACCOUNT: Decimal("-20.00")})

    (proof,) = result.proofs
    (account,) = result.reconciliations
    assert (proof.account, proof.closing, proof.holds, proof.gap) == (ACCOUNT, 80_00, False, -20_00)
    assert (account.per_bank, account.per_books, account.difference, account.holds) == (80_00, -20_00, 0, True)
    assert [result.summary[name] for name in ("matches_confirmed", "ledger_lines")] == [1, 3]
    assert (result.quarantined, result.warnings, result.brought_forward) == ((), (), None)


def test_nothing_is_written_unless_it_is_asked_for() -> None:
    before = sorted(path.name for path in Path().iterdir())

    result = tieout.reconcile("books.csv", "bank.csv")
    result.matches, result.open, result.to_json()

    assert sorted(path.name for path in Path().iterdir()) == before
    result.write("out")
    assert json.loads(Path("out/result.json").read_text("utf-8")) == json.loads(result.to_json())
    result.write(Path("out"), "parquet")
    assert Path("out/matches.parquet").exists()


@pytest.mark.parametrize(
    "as_table",
    [
        lambda frame: frame,
        lambda frame: frame.lazy(),
        lambda frame: frame.to_arrow(),
        pyarrow.RecordBatchReader.from_stream,
        lambda frame: [frame.head(1), frame.tail(2)],
        lambda frame: frame.with_columns(polars.col("amount").cast(polars.String)),
        lambda frame: frame.with_columns(polars.col("amount").cast(polars.Int64)),
        lambda frame: frame.with_columns(polars.col("amount").cast(polars.Decimal(38, 10))),
        lambda frame: frame.with_columns(polars.col("counterparty").cast(polars.Categorical)),
    ],
    ids=["polars", "lazy", "arrow", "stream", "several", "text", "whole", "many decimals", "categories"],
)
def test_a_table_is_reconciled_like_the_file_of_its_lines(as_table: Callable[[polars.DataFrame], Any]) -> None:
    of_file, of_table = (tieout.reconcile(side, "bank.csv") for side in ("books.csv", as_table(books())))

    assert of_table.matches.equals(of_file.matches)
    assert of_table.open.equals(of_file.open)


def test_ids_that_an_entry_settles_may_be_a_list() -> None:
    entries = books(kind=["receivable", "receivable", "customer_payment"], settles=[None, None, ["L1", "L2"]])

    result = tieout.reconcile(entries, "bank.csv")

    assert json.loads(result.to_json())["settled_in_books"] == ["L1", "L2"]


def test_a_fault_in_a_table_is_located_by_its_row_and_column() -> None:
    table = books(
        id=["L1", "L1", "L3"],
        amount=["1,0", "2.00", "3.005"],
        counterparty=['a "b"\nc,d', None, ""],
        booking_date=["2026-05-01"] * 3,
    )

    assert [reason.partition(";")[0] for reason in refused(table)] == [
        'ledger table, row 1, column "amount": amount is not a decimal number',
        'ledger table, row 2, column "id": the id stands in line 2 already',
        'ledger table, row 3, column "amount": amount has more decimals than the 2 of NOK',
    ]


def test_faults_of_several_tables_and_files_are_told_apart() -> None:
    good, bad = books().head(1), books(amount=["x"] * 3).tail(1)
    canonical(Path("bad.csv"), [Row("L9", "x")])

    assert [reason.partition(": ")[0] for reason in refused([good, bad, "bad.csv"])] == [
        'ledger table 2, row 1, column "amount"',
        "bad.csv:2:9",
    ]


def test_a_table_that_lacks_a_column_is_told_which() -> None:
    assert refused(books().drop("currency"))[0].startswith('ledger table: the required column "currency" is missing; ')


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            {"amount": [1.5, 2.0, 3.0]},
            'the column "amount" of the ledger table holds floats, which are not exact; make it text',
        ),
        ({"rate": [11.5, None, None]}, 'the column "rate" of the ledger table holds floats'),
        (
            {"booking_date": [datetime(2026, 5, 1, 9)] * 3},  # noqa: DTZ001, an instant without a zone is what is refused
            'the column "booking_date" of the ledger table holds instants, not days; make it a day: ',
        ),
        ({"note": [{"a": 1}] * 3}, 'the column "note" of the ledger table holds Struct'),
    ],
)
def test_columns_that_cannot_be_exact_are_refused_with_what_to_do(columns: dict[str, list[Any]], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        tieout.reconcile(books(**columns), "bank.csv")

    assert str(raised.value).startswith(said)


def test_what_is_no_table_at_all_is_refused() -> None:
    class Odd:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            return object()

    with pytest.raises(UsageError, match="the ledger table is no table that can be read"):
        tieout.reconcile(Odd(), "bank.csv")


def test_a_side_without_any_file_is_refused() -> None:
    with pytest.raises(UsageError, match="the statement is empty; name a file or hand over a table"):
        tieout.reconcile("books.csv", [])


@pytest.mark.parametrize("amount", [1.5, True])
def test_a_balance_that_is_not_exact_is_refused(amount: Any) -> None:
    with pytest.raises(UsageError, match=rf"book_balances: {amount} of account {ACCOUNT} is not exact"):
        tieout.reconcile("books.csv", "bank.csv", book_balances={ACCOUNT: amount})


def test_a_plan_is_a_file_or_a_name_and_anything_else_says_the_nearest_name() -> None:
    Path("ours.toml").write_text('name = "ours"\n[[pass]]\nmatcher = "amount_and_date"\n', "utf-8")

    by_file, by_name = (tieout.reconcile("books.csv", "bank.csv", plan=plan) for plan in (Path("ours.toml"), "default"))

    assert [json.loads(result.to_json())["plan"]["name"] for result in (by_file, by_name)] == ["ours", "default"]
    with pytest.raises(PlanError, match=r'^defalt: there is no such plan; did you mean "default"\?$'):
        tieout.reconcile("books.csv", "bank.csv", plan="defalt")


def test_files_that_are_not_there_are_all_named() -> None:
    assert refused(["gone.csv", "books.csv", "away.csv"]) == [
        "gone.csv: there is no such file; check the path",
        "away.csv: there is no such file; check the path",
    ]


def test_the_run_before_is_the_folder_that_was_written() -> None:
    tieout.reconcile("books.csv", "bank.csv").write("april")
    canonical(Path("june.csv"), [Row("S9", "90.00", 9, counterparty="Vest", account=ACCOUNT)])

    result = tieout.reconcile([books().head(0)], "june.csv", previous=Path("april"))

    assert result.brought_forward is not None
    assert [line for _, line in result.brought_forward.lines] == ["S2", "L2", "L3"]


def test_small_files_need_neither_numba_nor_polars() -> None:
    code = (
        "import sys, tieout; result = tieout.reconcile('books.csv', 'bank.csv'); result.write('out'); result.to_json();"
        "print(sorted({'numba', 'polars', 'pyarrow', 'llvmlite'} & set(sys.modules)))"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert ran.stdout == "[]\n"

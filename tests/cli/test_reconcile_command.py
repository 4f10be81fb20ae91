"""`tieout reconcile`: its options, what it answers where, and with which status."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.given_files import ACCOUNT, Entry, Row, canonical, mt940
from tieout.cli import main
from tieout.cli.several_values import spread

BOOKS = (Row("L1", "100.00", 1, "INV-1001", "Nordic AS", "receivable"),)
BANK = (Row("S1", "100.00", 4, "INV-1001", "Nordic AS", account=ACCOUNT),)
SIDES = ["--ledger", "books.csv", "--statement", "bank.csv"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    canonical(Path("books.csv"), BOOKS)
    canonical(Path("bank.csv"), BANK)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The JSON that a good run prints."""
    assert main(["reconcile", *arguments, "--json"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    document: dict[str, Any] = json.loads(shown.out)
    return document


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 2) -> list[str]:
    """The lines on standard error of a run that ends with this status and prints no answer."""
    assert main(["reconcile", *arguments]) == status
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err.splitlines()


def test_without_out_and_json_the_result_is_printed_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["reconcile", *SIDES])

    shown = capsys.readouterr()
    assert (status, shown.err) == (0, "")
    assert shown.out.startswith(f"Reconciliation of {ACCOUNT}, 2026-05-04")
    assert "1 match confirmed, 0 proposed" in shown.out.replace("1 matches", "1 match")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank.csv", "books.csv"]


def test_json_is_what_out_writes_and_both_may_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    document = answer(capsys, *SIDES, "--out", "out")

    assert document == json.loads(Path("out/result.json").read_text("utf-8"))
    assert {path.name for path in Path("out").iterdir()} >= {
        "lines.csv",
        "matches.csv",
        "open.csv",
        "postings.csv",
        "report.html",
    }


def test_parquet_holds_the_long_lists_beside_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["reconcile", *SIDES, "--out", "out", "--format", "parquet"])

    assert (status, capsys.readouterr().err) == (0, "")
    assert "matches" not in json.loads(Path("out/result.json").read_text("utf-8"))
    assert Path("out/matches.parquet").exists()


@pytest.mark.parametrize(
    ("given", "spread_out"),
    [
        (["--ledger", "a", "b", "--statement", "x"], ["--ledger", "a", "--ledger", "b", "--statement", "x"]),
        (["--ledger", "a", "--ledger", "b"], ["--ledger", "a", "--ledger", "b"]),
        (["--ledger=a", "b", "--json"], ["--ledger=a", "--ledger", "b", "--json"]),
        (
            ["--statement", "x", "y=B:", "--out", "dir", "rest"],
            ["--statement", "x", "--statement", "y=B:", "--out", "dir", "rest"],
        ),
        (["--ledger", "-", "b"], ["--ledger", "-", "--ledger", "b"]),
    ],
)
def test_several_files_after_one_option_are_as_many_options(given: list[str], spread_out: list[str]) -> None:
    assert spread(given) == spread_out


def test_files_are_taken_as_a_shell_glob_gives_them(capsys: pytest.CaptureFixture[str]) -> None:
    canonical(Path("books2.csv"), [Row("L1", "30.00", 1)])
    canonical(Path("bank2.csv"), [Row("S2", "5.00", 5)])

    document = answer(capsys, "--ledger", "books.csv", "books2.csv=B:", "--statement", "bank.csv", "bank2.csv")

    assert document["open"] == {"statement": ["S2"], "ledger": ["B:L1"]}


_HELP = "; see tieout reconcile --help"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ledger", "books.csv"], f"tieout reconcile: Missing option '--statement'{_HELP}"),
        (
            ["--ledger", "--statement", "bank.csv"],
            f"tieout reconcile: Invalid value for --ledger: name at least one file{_HELP}",
        ),
        (
            [*SIDES, "--engine", "pol"],
            f"tieout reconcile: Invalid value for '--engine': 'pol' is not one of 'local', 'pool', 'spark'{_HELP}",
        ),
        ([*SIDES, "--format", "parquet"], "--format parquet: it needs --out DIR"),
        ([*SIDES, "--spark-url", "sc://x"], "--spark-url: it needs --engine spark"),
        ([*SIDES, "--plan", "defalt"], 'defalt: there is no such plan; did you mean "default"?'),
        ([*SIDES, "--profile", "x"], 'there is no profile "x"; '),
        ([*SIDES, "--book-balance", "NO9"], "--book-balance NO9: write ACCOUNT=AMOUNT, for example "),
        ([*SIDES, "--book-balance", "NO9=1.00"], "--book-balance NO9=1.00: no file knows the account 'NO9'; "),
        ([*SIDES, "--bank-balance", f"{ACCOUNT}=1.005"], f"--bank-balance {ACCOUNT}=1.005: '1.005' has more than"),
        ([*SIDES, "--previous", "gone"], "gone: there is no such folder; name a folder that `tieout reconcile --out`"),
        ([*SIDES, "--decisions", "gone.csv"], "gone.csv: there is no such file; check the path"),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else "",
)
def test_wrong_usage_says_which_option_and_what_to_do(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert complaint(capsys, *arguments)[0].startswith(said)


@pytest.mark.parametrize("engine", ["pool", "spark"])
def test_an_engine_that_is_not_there_yet_is_missing(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = f"the engine {engine} is missing; it comes with a later version; use --engine local"

    assert complaint(capsys, *SIDES, "--engine", engine, status=3) == [said]


def test_a_folder_with_other_files_is_refused_before_anything_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    Path("out/budget.xlsx").touch()

    (said,) = complaint(capsys, "--ledger", "gone.csv", "--statement", "bank.csv", "--out", "out")

    assert said.startswith("out/budget.xlsx: ")


def test_refusals_beyond_the_first_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    canonical(Path("bad.csv"), [Row(f"L{number}", "x") for number in range(25)])

    said = complaint(capsys, "--ledger", "bad.csv", "--statement", "bank.csv")

    assert (len(said), said[-1]) == (21, "and 5 more")


@pytest.mark.parametrize(
    ("bank", "status"),
    [
        (BANK, 0),
        ([*BANK, Row("S0", "0.00", 5, account=ACCOUNT)], 0),
        ([*BANK, Row("S2", "5.00", 5, account=ACCOUNT)], 1),
    ],
    ids=["all tied", "a line of zero is no difference", "an open line"],
)
def test_differences_make_the_status_one_where_it_is_asked_for(
    bank: list[Row], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    canonical(Path("bank.csv"), bank)

    assert main(["reconcile", *SIDES, "--fail-on-difference"]) == status
    assert main(["reconcile", *SIDES]) == 0
    assert capsys.readouterr().err == ""


def test_a_broken_balance_or_an_entry_that_cannot_be_read_is_a_difference_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry = Entry("2026-05-04", "100.00", "INV-1001 Nordic AS")
    good = mt940(Path("good.sta"), ("0.00", "2026-05-01"), ("100.00", "2026-05-31"), entry)
    off = mt940(Path("off.sta"), ("0.00", "2026-05-01"), ("101.00", "2026-05-31"), entry)
    Path("broken.sta").write_text(
        Path("good.sta").read_text("utf-8").replace(":61:260504C100,00", ":61:260504C1,0,0"), "utf-8"
    )

    statuses = {
        path: main(["reconcile", "--ledger", "books.csv", "--statement", path, "--fail-on-difference"])
        for path in (good, off, "broken.sta")
    }

    assert statuses == {good: 0, off: 1, "broken.sta": 1}
    assert capsys.readouterr().err == ""


def test_quarantined_entries_are_named_first_and_the_rest_is_reconciled(capsys: pytest.CaptureFixture[str]) -> None:
    entries = (Entry("2026-05-04", "100.00", "INV-1001 Nordic AS"), Entry("2026-05-05", "7.00"))
    mt940(Path("may.sta"), ("0.00", "2026-05-01"), ("107.00", "2026-05-31"), *entries)
    Path("may.sta").write_text(Path("may.sta").read_text("utf-8").replace("C7,00", "C7,0,0"), "utf-8")

    document = answer(capsys, "--ledger", "books.csv", "--statement", "may.sta")

    (quarantined,) = document["quarantined"]
    assert quarantined["place"].startswith("may.sta:7:")
    assert [(proof["holds"], proof["gap"]) for proof in document["proofs"]] == [(False, "7.00")]
    assert document["summary"]["matches_confirmed"] == 1


def test_the_bank_reconciliation_takes_the_balances_of_both_options(capsys: pytest.CaptureFixture[str]) -> None:
    balances = ["--bank-balance", f"{ACCOUNT}=100.00", "--book-balance", f"{ACCOUNT}=0.00"]

    document = answer(capsys, *SIDES, *balances)

    (account,) = document["reconciliations"]
    assert (account["per_bank"], account["per_books"], account["difference"], account["holds"]) == (
        "100.00",
        "0.00",
        "0.00",
        True,
    )


def test_decisions_and_the_run_before_are_followed(capsys: pytest.CaptureFixture[str]) -> None:
    canonical(Path("bank.csv"), [Row("S1", "80.00", 4, account=ACCOUNT)])
    Path("d.csv").write_text("action,statement,ledger,reason\nconfirm,S1,L1,paid in two parts\n", "utf-8")
    answer(capsys, *SIDES, "--decisions", "d.csv", "--out", "may")
    canonical(Path("june.csv"), [Row("S2", "20.00", "2026-06-02", "INV-1001", account=ACCOUNT)])
    canonical(Path("none.csv"), [])

    document = answer(capsys, "--ledger", "none.csv", "--statement", "june.csv", "--previous", "may")

    assert document["open"] == {"statement": [], "ledger": []}
    assert document["brought_forward"]["lines"] == [{"side": "ledger", "line": "L1"}]


def test_an_answer_whose_reader_went_away_keeps_its_status() -> None:
    command = [sys.executable, "-m", "tieout", "reconcile", *SIDES, "--json"]

    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    complaints = process.stderr.read()
    process.stderr.close()

    assert (process.wait(timeout=60), complaints) == (0, b"")

"""`tieout plan`, `tieout generate` and `tieout score` on the command line."""

import json
from pathlib import Path

import pytest

from tieout.cli import main


def test_a_plan_is_printed_as_it_comes_with_tieout_and_may_be_handed_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["plan", "show"])

    text = capsys.readouterr().out
    assert status == 0
    assert 'name = "default"\n' in text
    (tmp_path / "ours.toml").write_text(text, "utf-8")
    (tmp_path / "none.csv").write_text("id,amount,currency,booking_date\n", "utf-8")
    none = str(tmp_path / "none.csv")
    assert main(["reconcile", "--ledger", none, "--statement", none, "--plan", str(tmp_path / "ours.toml")]) == 0


def test_a_plan_that_is_not_there_says_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["plan", "show", "defualt"])

    assert (status, capsys.readouterr().err) == (2, 'there is no plan "defualt"; did you mean "default"?\n')


def test_plan_alone_shows_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["plan"])

    shown = capsys.readouterr()
    assert (status, shown.out) == (2, "")
    assert "show  Print a plan" in shown.err


def test_generated_lines_are_reconciled_and_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = str(tmp_path / "made"), str(tmp_path / "out")
    sides = ["--ledger", f"{folder}/ledger.csv", "--statement", f"{folder}/statement.csv"]
    files = ["--truth", f"{folder}/truth.json", "--result", f"{out}/result.json"]

    assert main(["generate", "--lines", "400", "--seed", "7", "--out", folder]) == 0
    assert "true groups" in capsys.readouterr().out
    assert main(["reconcile", *sides, "--out", out]) == 0
    capsys.readouterr()
    assert main(["score", *files, "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert main(["score", *files]) == 0

    assert (scored["wrong"], scored["precision"]) == (0, 1.0)
    assert (
        f"{scored['confirmed']:,} matches confirmed, {scored['correct']:,} correct, 0 wrong" in capsys.readouterr().out
    )


def test_wrong_confirmations_are_shown_with_the_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = {
        "tieout": "0.1.0",
        "seed": 1,
        "mix": "default",
        "lines": 2,
        "interchangeable": [],
        "groups": [{"class": "sum", "kind": "across", "statement": ["S1"], "ledger": ["L1", "L2"], "decidable": True}],
    }
    match = {
        "id": 1,
        "kind": "across",
        "state": "confirmed",
        "matcher": "sum_of_many",
        "statement": ["S1"],
        "ledger": ["L1"],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth), "utf-8")
    (tmp_path / "result.json").write_text(json.dumps({"matches": [match]}), "utf-8")

    status = main(["score", "--truth", str(tmp_path / "truth.json"), "--result", str(tmp_path / "result.json")])

    shown = capsys.readouterr().out
    assert status == 0
    assert "precision 0.00 %, recall 0.00 % (0 of 1 decidable groups)" in shown
    assert "wrong (1):\n  S1 = L1 by sum_of_many, but the truth is sum: S1 = L1 L2\n" in shown


def test_generating_answers_with_json_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "generate",
        "--lines",
        "10",
        "--seed",
        "1",
        "--out",
        str(tmp_path / "made"),
        "--mix",
        "clean",
        "--json",
    ]

    assert main(arguments) == 0

    made = json.loads(capsys.readouterr().out)
    assert max(made["statement_lines"], made["ledger_lines"]) >= 10


def test_a_mix_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["generate", "--lines", "10", "--seed", "1", "--out", str(tmp_path / "made"), "--mix", "clan"])

    assert (status, capsys.readouterr().err) == (2, "there is no mix 'clan'; did you mean \"clean\"?\n")

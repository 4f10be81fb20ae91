"""`tieout demo`: the first thing that somebody sees of tieout."""

import json
from pathlib import Path

import pytest

from tieout.cli import main
from tieout.lab import demo
from tieout.lab.demo import RESULT_FOLDER, company_folder


def run_demo(*arguments: str) -> int:
    """The command with its arguments."""
    return main(["demo", *arguments])


def test_the_demo_prints_the_bank_reconciliation_first_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    status = run_demo("--once")

    shown = capsys.readouterr()
    headings = [line for line in shown.out.splitlines() if line.startswith(("Bank reconciliation", "What tied out"))]
    assert (status, shown.err) == (0, "")
    assert shown.out.startswith("Reconciliation of 4 accounts, 2026-03-02 to 2026-05-29\n")
    assert [heading.split(" ")[0] for heading in headings] == ["Bank"] * 4 + ["What"]
    assert shown.out.count("reconciled: with these lines both balances agree exactly") == 4


def test_the_demo_leaves_its_result_where_it_says_and_replaces_it_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    statuses = [run_demo("--once"), run_demo("--once")]

    said = capsys.readouterr().out
    written = json.loads((tmp_path / RESULT_FOLDER / "result.json").read_text("utf-8"))
    assert statuses == [0, 0]
    assert f"written to {RESULT_FOLDER}: report.html is the page to file" in said
    assert (tmp_path / RESULT_FOLDER / "report.html").is_file()
    assert all(each["holds"] for each in written["reconciliations"])


def test_the_demo_overwrites_nothing_that_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / RESULT_FOLDER).mkdir()
    (tmp_path / RESULT_FOLDER / "notes.txt").write_text("mine", "utf-8")

    status = run_demo("--once")

    assert (status, capsys.readouterr().out) == (2, "")
    assert (tmp_path / RESULT_FOLDER / "notes.txt").read_text("utf-8") == "mine"


def test_the_demo_says_where_the_story_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    run_demo("--once")

    (said,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("the story, case by case: "))
    assert Path(said.partition(": ")[2]).is_file()


def test_the_files_beside_an_installed_program_come_before_those_of_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_checkout = company_folder()
    (tmp_path / "books").mkdir()
    monkeypatch.setattr(demo, "_INSTALLED", tmp_path)

    assert (in_checkout.parts[-2:], company_folder()) == (("examples", "company"), tmp_path)


def test_a_program_without_the_company_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "_CHECKOUT", tmp_path)
    monkeypatch.chdir(tmp_path)

    status = run_demo("--once")

    assert status == 3
    assert "the example company" in capsys.readouterr().err


def test_lines_that_a_list_leaves_out_are_counted_right_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    run_demo("--once")

    said = capsys.readouterr().out.splitlines()
    below = [
        said[number + 1].split("  ")[0] for number, line in enumerate(said) if line.endswith(" more in result.json")
    ]
    assert set(below) == {"Balance per books"}

"""`tieout verify` on the command line."""

import json
from pathlib import Path

import pytest

from tests.given_results import EMPTY
from tieout.app import write
from tieout.cli import main


@pytest.fixture(autouse=True)
def _beside_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(EMPTY, "may")


def test_a_result_as_it_was_written_is_status_zero(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["verify", "may"])

    shown = capsys.readouterr()
    assert (status, shown.err) == (0, "")
    assert shown.out == "0 statement lines, 0 ledger lines, 0 matches: every equation holds\n"


def test_a_result_that_was_changed_is_status_one_with_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with Path("may/matches.csv").open("a", encoding="utf-8") as stream:
        stream.write("1\n")

    statuses = main(["verify", "may"]), main(["verify", "may", "--json"])

    shown = capsys.readouterr()
    fault = "matches.csv is missing or was changed since tieout wrote it"
    assert statuses == (1, 1)
    assert shown.err == f"may: {fault}\n" * 2
    assert json.loads(shown.out.partition("\n")[2])["faults"] == [fault]


def test_a_folder_without_a_result_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["verify", "gone"])

    shown = capsys.readouterr()
    assert (status, shown.out) == (2, "")
    assert shown.err.startswith("gone: this is not a result of tieout")

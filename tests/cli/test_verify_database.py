"""`tieout verify` over a database on the command line."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.given_store import given_office
from tieout import app
from tieout.cli import main
from tieout.services.people.settings import FOUR_EYES, set_setting


@pytest.fixture(autouse=True)
def _beside_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    main(["migrate"])
    with app.opened(app.process_settings()) as context:
        office = given_office(context)
        set_setting(context, office.owner, FOUR_EYES, "on")
    capsys.readouterr()


def test_a_database_as_it_was_written_is_status_zero(capsys: pytest.CaptureFixture[str]) -> None:
    statuses = main(["verify"]), main(["verify", "--database", "tieout.db"])

    shown = capsys.readouterr()
    assert (statuses, shown.err) == ((0, 0), "")
    assert shown.out == "2 entities, 3 events, 0 lines, 0 matches: every equation holds\n" * 2


def test_a_row_that_somebody_changed_past_the_audit_trail_is_status_one(capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect("tieout.db") as connection:
        connection.execute("UPDATE settings SET value = 'off'")
    connection.close()

    status = main(["verify", "--json"])

    shown = capsys.readouterr()
    missing, unexplained = json.loads(shown.out)["faults"]
    assert status == 1
    assert "settings has no row" in missing
    assert "no event says that settings has the row" in unexplained
    assert shown.err == f"tieout.db: {missing}\ntieout.db: {unexplained}\n"


def test_a_folder_and_a_database_are_not_verified_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["verify", "result", "--database", "tieout.db"])

    assert (status, capsys.readouterr().err) == (2, "give a folder or a database to verify, not both\n")


def test_without_a_database_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["verify", "--database", "gone.db"])

    assert status == 2
    assert capsys.readouterr().err.startswith("gone.db: there is no database; ")

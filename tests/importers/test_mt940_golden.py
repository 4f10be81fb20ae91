"""Small MT940 and MT942 files, each with one trait of real ones, beside everything that tieout tells of them."""

import json
from pathlib import Path

import pytest

from tests.importers.mt940_told import FILES, reading_of, recognised, told

_FILES = sorted(path for path in FILES.iterdir() if path.suffix != ".json")
_NAMES = [path.stem for path in _FILES]
_STATEMENTS = [path for path in _FILES if not path.stem.startswith("fragment_account")]


@pytest.mark.parametrize("path", _FILES, ids=_NAMES)
def test_an_mt940_file_is_told_as_written_down_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    assert told(path.read_bytes()) == expected


@pytest.mark.parametrize("path", _FILES, ids=_NAMES)
def test_an_mt940_file_is_recognised_as_what_it_is_read_as(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    assert recognised(path.read_bytes()) == expected.get("format", expected.get("recognised"))


@pytest.mark.parametrize("path", _STATEMENTS, ids=[path.stem for path in _STATEMENTS])
def test_counting_without_keeping_entries_gives_the_same_figures(path: Path) -> None:
    kept = reading_of(path.read_bytes())

    counted = reading_of(path.read_bytes(), keep_entries=False)

    assert [(one.tally, one.proof) for one in counted.statements] == [(one.tally, one.proof) for one in kept.statements]
    assert not any(statement.entries for statement in counted.statements)
    assert (counted.warnings, counted.quarantined) == (kept.warnings, kept.quarantined)


def test_every_written_down_answer_has_its_file() -> None:
    assert {path.stem for path in FILES.glob("*.json")} == {path.stem for path in _FILES}

"""Small OFX files, each with one trait of real ones, beside everything that tieout tells of them."""

import json
from pathlib import Path

import pytest

from tests.importers.ofx_told import FILES, told

_FILES = sorted(FILES.glob("*.ofx"))


@pytest.mark.parametrize("path", _FILES, ids=[path.stem for path in _FILES])
def test_an_ofx_file_is_told_as_written_down_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    assert told(path.read_bytes()) == expected


def test_every_written_down_answer_has_its_file() -> None:
    answers = {path.stem for path in FILES.glob("*.json")}

    assert answers == {path.stem for path in _FILES}

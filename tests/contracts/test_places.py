"""A place names the file, never the folder that it lay in."""

import pytest

from tieout.contracts.places import file_name, place_text
from tieout.kernel.errors import Place


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("may.sta", "may.sta"),
        ("in/2026/may.sta", "may.sta"),
        ("/srv/in/may.sta", "may.sta"),
        ("C:\\in\\may.sta", "may.sta"),
        ("in/may.zip!day1/a.xml", "may.zip!day1/a.xml"),
        ("in/MAY.ZIP!a.xml", "MAY.ZIP!a.xml"),
        ("really!/may.sta", "may.sta"),
        ("in/", "in"),
    ],
)
def test_a_file_is_named_without_its_folder(name: str, shown: str) -> None:
    assert file_name(name) == shown


def test_a_place_keeps_its_line_and_column() -> None:
    assert place_text(Place("in/may.sta", 17, 3)) == "may.sta:17:3"
    assert place_text(Place("in/may.sta")) == "may.sta"

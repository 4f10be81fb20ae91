"""docs/people.md names every setting, with the default that counts."""

import re
from pathlib import Path

from tieout.contracts.settings import ProcessSettings
from tieout.domain.people import Face, Role
from tieout.services.people.settings import KNOWN

PAGE = (Path(__file__).parents[2] / "docs" / "people.md").read_text("utf-8")


def rows(name: str) -> list[tuple[str, str]]:
    """First and second cell of the rows of the page's tables that name a setting."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:1] == "|"]
    return [(row[0], row[1]) for row in cells if f"`{name}`" in row[0]]


def test_every_setting_of_the_process_stands_on_the_page_with_its_default() -> None:
    for name in ProcessSettings.__slots__:
        ((names, defaults),) = rows(name)
        place = re.findall(r"`(\w+)`", names).index(name)
        written = re.findall(r"`([^`]+)`", defaults) or [""]
        assert written[place] == str(getattr(ProcessSettings(), name)), name


def test_every_business_setting_stands_on_the_page_with_its_default() -> None:
    for name, known in KNOWN.items():
        ((_, values),) = rows(name)
        assert (f"`{known.default}`" if known.default else "none by default") in values, name


def test_every_role_and_face_stands_on_the_page() -> None:
    assert [role for role in Role if f"| {role} |" not in PAGE] == []
    assert [face for face in Face if face is not Face.DESK and face not in PAGE] == []

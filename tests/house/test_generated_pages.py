"""Pages that come from the code say what the code says."""

from pathlib import Path

from docs.generate import DOCS, pages
from tests.house.sources import require_none


def outdated(folder: Path, written: dict[str, str]) -> list[str]:
    """Pages of the folder that differ from what the code would write, or that are missing."""
    current = {name: folder / name for name in written}
    stale = [name for name, page in current.items() if not page.exists() or page.read_text("utf-8") != written[name]]
    return [f"docs/{name} is out of date; run `make docs` and commit it" for name in stale]


def test_a_page_that_the_code_has_left_behind_is_found(tmp_path: Path) -> None:
    (tmp_path / "errors.md").write_text("old", encoding="utf-8")

    found = outdated(tmp_path, {"errors.md": "new", "formats.md": "new"})

    assert found == [
        "docs/errors.md is out of date; run `make docs` and commit it",
        "docs/formats.md is out of date; run `make docs` and commit it",
    ]


def test_every_generated_page_is_current() -> None:
    require_none(outdated(DOCS, pages()))

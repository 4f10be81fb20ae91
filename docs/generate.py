"""Writes the pages of docs/ that come from the code: `make docs`. A house test fails when one is out of date."""

from pathlib import Path

from tieout.kernel import catalogue
from tieout.kernel.catalogue import Entry

DOCS = Path(__file__).parent

INTRODUCTION = """# Errors and warnings

Every code that tieout says. Scripts may test for a code; the words may improve. `make docs` writes this page from
`src/tieout/kernel/catalogue.py`."""

# What each table of the catalogue holds, under the name that the table has there.
TABLES = {
    "REFUSED": (
        "Refused files",
        "The file cannot be read at all. `tieout check --json` gives the code as `refused`; the exit status is 2.",
    ),
}


def pages() -> dict[str, str]:
    """The text of every generated page by its file name in docs/."""
    return {"errors.md": errors_page()}


def errors_page() -> str:
    """docs/errors.md: every code of the catalogue with its meaning and what to do.

    Raises KeyError for a table of the catalogue that TABLES does not explain yet.
    """
    parts = [INTRODUCTION]
    for name, table in vars(catalogue).items():
        if name.isupper() and isinstance(table, dict):
            heading, introduction = TABLES[name]
            parts += [f"## {heading}", introduction, _rows(table)]
    return "\n\n".join(parts) + "\n"


def _rows(table: dict[str, Entry]) -> str:
    rows = [
        f"| `{code}` | {_cell(entry.meaning)} | {_cell(_sentence(entry.advice))} |" for code, entry in table.items()
    ]
    return "\n".join(["| code | meaning | what to do |", "|---|---|---|", *rows])


def _sentence(advice: str) -> str:
    return advice[:1].upper() + advice[1:] + "." if advice else ""


def _cell(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|")


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()

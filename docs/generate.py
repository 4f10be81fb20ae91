"""Writes the pages of docs/ that come from the code: `make docs`. A house test fails when one is out of date."""

import inspect
import re
from pathlib import Path

from tieout.kernel import catalogue
from tieout.kernel.catalogue import Entry

DOCS = Path(__file__).parent

INTRODUCTION = """# Errors and warnings

Every code that tieout says. Scripts may test for a code; the words may improve. `make docs` writes this page from
`src/tieout/kernel/catalogue.py`."""

# A table of the catalogue: its comment, which the page repeats, and its name.
_TABLE = re.compile(r"((?:^#.*\n)+)^([A-Z_]+): dict\[str, Entry\]", re.MULTILINE)


def pages() -> dict[str, str]:
    """The text of every generated page by its file name in docs/."""
    return {"errors.md": errors_page()}


def errors_page() -> str:
    """docs/errors.md: every code of the catalogue with its meaning and what to do, under the comment of its table."""
    parts = [INTRODUCTION]
    for comment, name in _TABLE.findall(inspect.getsource(catalogue)):
        introduction = " ".join(line.removeprefix("#").strip() for line in comment.splitlines())
        parts += [f"## {name.capitalize().replace('_', ' ')}", introduction, _rows(getattr(catalogue, name))]
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

"""Writes the pages of docs/ that come from the code: `make docs`. A house test fails when one is out of date."""

import inspect
import re
from pathlib import Path

from docs.coverage import coverage_page
from tieout.kernel import catalogue
from tieout.kernel.catalogue import Entry

DOCS = Path(__file__).parent

EXAMPLES = DOCS.parent / "tests" / "errors"

INTRODUCTION = """# Errors and warnings

Every code that tieout says: what it means, what it looks like, and what to do. Scripts may test for a code; the words
may improve. `make docs` writes this page from `src/tieout/kernel/catalogue.py` and from the folders of
[tests/errors](../tests/errors), which hold an input for every code."""

# A table of the catalogue: its comment, which the page repeats, and its name.
_TABLE = re.compile(r"((?:^#.*\n)+)^([A-Z_]+): dict\[str, Entry\]", re.MULTILINE)


def pages() -> dict[str, str]:
    """The text of every generated page by its file name in docs/."""
    return {"coverage.md": coverage_page(), "errors.md": errors_page()}


def errors_page() -> str:
    """docs/errors.md: every code of the catalogue with an example, under the comment of its table."""
    parts = [INTRODUCTION]
    for comment, name in _TABLE.findall(inspect.getsource(catalogue)):
        introduction = " ".join(line.removeprefix("#").strip() for line in comment.splitlines())
        parts += [f"## {name.capitalize().replace('_', ' ')}", introduction]
        parts += [_section(code, entry) for code, entry in getattr(catalogue, name).items()]
    return "\n\n".join(parts) + "\n"


def _section(code: str, entry: Entry) -> str:
    parts = [f"### {code}", _text(entry.meaning), f"```text\n{_example(code)}\n```", _text(_sentence(entry.advice))]
    return "\n\n".join(parts)


def _example(code: str) -> str:
    """The first line that was recorded for a code; the code alone where nothing was yet."""
    recorded = EXAMPLES / code / "expected.txt"
    return recorded.read_text("utf-8").splitlines()[0] if recorded.exists() else code


def _sentence(advice: str) -> str:
    return advice[:1].upper() + advice[1:].rstrip("?.") + "." if advice else ""


def _text(text: str) -> str:
    return text.replace("<", "&lt;")


def main() -> None:
    """Write every page."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()

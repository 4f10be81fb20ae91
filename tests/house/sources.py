"""The project's own files, as the house rules read them, and the faults that the rules find."""

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "src/tieout"
CODE_FOLDERS = ("src", "tests", "benchmarks", "docs", "examples")

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION = (*FUNCTION, ast.ClassDef)


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: str  # from the root, with forward slashes
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """The dotted name under which it is imported; that of the package for an __init__."""
        return self.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        """The part of tieout that it belongs to: kernel, domain, cli, ...; empty outside src."""
        if not self.path.startswith(f"{PACKAGE}/"):
            return ""
        return self.path.removeprefix(f"{PACKAGE}/").split("/")[0].removesuffix(".py")


@dataclass(frozen=True, order=True)
class Fault:
    """One place that breaks a rule: where, what, and what to do instead."""

    path: str
    line: int
    what: str
    instead: str

    def __str__(self) -> str:
        """`path:line: what; instead`, as an editor understands it."""
        return f"{self.path}:{self.line}: {self.what}; {self.instead}"


Rule = Callable[[Source], Iterator[Fault]]


def planted(code: str, path: str = f"{PACKAGE}/domain/planted.py") -> Source:
    """A file that exists only in a test, to see a rule fail."""
    return Source(path, code)


def faults_in(sources: Iterable[Source], rule: Rule) -> list[str]:
    """Every fault of one rule as text, in order of place."""
    return [str(fault) for fault in sorted(fault for source in sources for fault in rule(source))]


def require_none(faults: Sequence[str]) -> None:
    """Fail the test with every fault on a line of its own; pass when there is none."""
    if faults:
        pytest.fail(f"{len(faults)} to put right:\n" + "\n".join(faults), pytrace=False)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files under some folders of the project, in order of path."""
    under = tuple(f"{folder}/" for folder in folders)
    return tuple(Source(path, text_of(path)) for path in files() if path.endswith(".py") and path.startswith(under))


@cache
def files() -> tuple[str, ...]:
    """The files of the project, by path from the root: what git knows, or all there are where there is no git."""
    try:
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode("utf-8")
        paths = listing.split("\0")
    except (OSError, subprocess.CalledProcessError):
        paths = [found.relative_to(ROOT).as_posix() for found in ROOT.rglob("*") if _is_ours(found)]
    return tuple(sorted({path for path in paths if path and (ROOT / path).is_file()}))


def _is_ours(path: Path) -> bool:
    outside = {"__pycache__", "build", "dist"}
    parts = path.relative_to(ROOT).parts[:-1]
    kept = {".ci", ".github"}
    return not any(part in outside or (part.startswith(".") and part not in kept) for part in parts)


@cache
def text_of(path: str) -> str:
    """The text of a file of the project; empty for one that is missing or not UTF-8, as a bank's file may be."""
    try:
        return (ROOT / path).read_bytes().decode("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""

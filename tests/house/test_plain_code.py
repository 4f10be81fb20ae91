"""What code may not hold, by the house's own rules and by the linter's."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import CODE_FOLDERS, ROOT, Fault, Source, faults_in, planted, require_none, sources

_BROAD = frozenset({"Exception", "BaseException"})
_UNFINISHED = "NotImplemented" + "Error"


def broad_catches(source: Source) -> Iterator[Fault]:
    """Handlers that would swallow a bug of ours together with what they expect."""
    instead = "name the exceptions that can come; a bug of ours must stop the program"
    for node in ast.walk(source.tree):
        match node:
            case ast.ExceptHandler(type=None):
                yield Fault(source.path, node.lineno, "except without a type", instead)
            case ast.ExceptHandler(type=ast.expr() as caught) if _names(caught) & _BROAD:
                yield Fault(source.path, node.lineno, f"except {ast.unparse(caught)}", instead)
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=caught_types):
                if any(_names(caught) & _BROAD for caught in caught_types):
                    yield Fault(source.path, node.lineno, ast.unparse(node), instead)


def _names(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def unfinished(source: Source) -> Iterator[Fault]:
    """Parts that promise what they do not do."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and node.exc is not None and _UNFINISHED in _names(node.exc):
            instead = "build it, leave the name out, or declare a Protocol in contracts"
            yield Fault(source.path, node.lineno, _UNFINISHED, instead)


@pytest.mark.parametrize(
    "catch",
    ["except:", "except Exception:", "except (ValueError, BaseException) as error:"],
)
def test_an_except_that_swallows_everything_is_found(catch: str) -> None:
    (fault,) = faults_in([planted(f"try:\n    read()\n{catch}\n    raise")], broad_catches)

    assert fault.startswith("src/tieout/domain/planted.py:3: except")


def test_suppressing_everything_is_found() -> None:
    (fault,) = faults_in([planted("with contextlib.suppress(Exception):\n    read()")], broad_catches)

    assert "contextlib.suppress(Exception); name the exceptions that can come" in fault


def test_an_except_that_names_what_can_come_stays() -> None:
    assert faults_in([planted("try:\n    read()\nexcept (OSError, ValueError):\n    raise")], broad_catches) == []


def test_an_unfinished_part_is_found() -> None:
    (fault,) = faults_in([planted(f"def read() -> None:\n    raise {_UNFINISHED}")], unfinished)

    assert "planted.py:2" in fault


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("print(1)", "T201"),
        ("total = 1  # TO" + "DO: round", "FIX002"),
        ("total = 1  # FIX" + "ME round", "FIX001"),
        ("# total = sum(lines)", "ERA001"),
        ("import time\n\ntime.sleep(1)", "TID251"),
        ("import datetime\n\nnow = datetime.datetime.now(datetime.UTC)", "TID251"),
        ("from . import money", "TID252"),
        ("total = 1  # type: ignore", "PGH003"),
        ("from pathlib import Path\n\nopen('lines.csv')", "PTH123"),
    ],
)
def test_the_linter_refuses_what_the_house_leaves_to_it(code: str, rule: str) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    command = [
        str(ruff),
        "check",
        "--no-cache",
        "--output-format=concise",
        "--stdin-filename=src/tieout/domain/planted.py",
        "-",
    ]

    refused = subprocess.run(command, input=code + "\n", cwd=ROOT, capture_output=True, text=True, check=False)

    assert f" {rule} " in refused.stdout


def test_nothing_swallows_a_bug() -> None:
    require_none(faults_in(sources(*CODE_FOLDERS), broad_catches))


def test_nothing_is_left_unfinished() -> None:
    require_none(faults_in(sources(*CODE_FOLDERS), unfinished))

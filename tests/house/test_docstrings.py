"""What a caller may use says what the caller gets: shapes, units, sign, errors, source."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import DEFINITION, FUNCTION, Fault, Source, faults_in, planted, require_none, sources

_INSTEAD = "say in a docstring what the caller gets, or begin its name with an underscore"


def undocumented(source: Source) -> Iterator[Fault]:
    """Public modules, classes, functions and methods without a docstring; what is nested in a function is private."""
    if source.tree.body and not ast.get_docstring(source.tree):
        yield Fault(source.path, 1, "the file has no docstring", "say in its first line what the file holds")
    for node in _public(source.tree):
        if not ast.get_docstring(node) and not (isinstance(node, FUNCTION) and _says_it_elsewhere(node)):
            yield Fault(source.path, node.lineno, f"{node.name} has no docstring", _INSTEAD)


def _public(scope: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, DEFINITION):
            yield from _public(node)
        elif not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _says_it_elsewhere(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = [ast.unparse(decorator).split("(")[0] for decorator in function.decorator_list]
    return any(name.split(".")[-1] in ("overload", "override", "setter") for name in names)


@pytest.mark.parametrize(
    "code",
    [
        "def total() -> int: ...",
        "class Line: ...",
        '"""File."""\nclass Line:\n    """Line."""\n    def total(self) -> int: ...',
        '"""File."""\nif COMPILED:\n    def total() -> int: ...',
    ],
)
def test_a_public_name_without_a_docstring_is_found(code: str) -> None:
    assert any(fault.endswith(f" has no docstring; {_INSTEAD}") for fault in faults_in([planted(code)], undocumented))


def test_private_names_and_spellings_of_a_documented_function_need_none() -> None:
    code = (
        '"""File."""\ndef _sum() -> int:\n    def total() -> int: ...\n@overload\ndef sum_of(lines: None) -> None: ...'
    )

    assert faults_in([planted(code)], undocumented) == []


def test_an_empty_file_needs_no_docstring() -> None:
    assert faults_in([planted("")], undocumented) == []


def test_every_public_name_is_documented() -> None:
    require_none(faults_in(sources("src"), undocumented))

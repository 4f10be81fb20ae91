"""A test says something about the field, looks at the answer, and is skipped only for a reason."""

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.house.sources import FUNCTION, Fault, Source, faults_in, files, planted, require_none, sources

# A name of fewer words is a label, not a sentence.
WORDS_MIN = 4

# Calls that look at an answer: pytest's, and functions of ours whose name begins so.
_LOOKING = frozenset({"raises", "warns", "fail"})
_LOOKING_PREFIXES = ("assert_", "require_")


def blind_tests(source: Source) -> Iterator[Fault]:
    """Tests that would pass whatever the answer is."""
    functions = {node.name: node for node in ast.walk(source.tree) if isinstance(node, FUNCTION)}
    looking = {name for name, function in functions.items() if _looks(function, frozenset())}
    for name, function in functions.items():
        if name.startswith("test_") and not _looks(function, frozenset(looking)):
            instead = "assert what the field expects, or call a function named require_... that does"
            yield Fault(source.path, function.lineno, f"{name} looks at nothing", instead)


def _looks(function: ast.FunctionDef | ast.AsyncFunctionDef, looking: frozenset[str]) -> bool:
    for node in ast.walk(function):
        match node:
            case ast.Assert(test=tested) if not isinstance(tested, ast.Constant):
                return True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name in looking or name in _LOOKING or name.startswith(_LOOKING_PREFIXES):
                    return True
    return False


def labels(source: Source) -> Iterator[Fault]:
    """Test names that are no sentence about the field."""
    for node in ast.walk(source.tree):
        if isinstance(node, FUNCTION) and node.name.startswith("test_") and node.name.count("_") < WORDS_MIN:
            yield Fault(source.path, node.lineno, f"the name {node.name}", "make it a sentence: what holds, and when")


def unreasoned_skips(source: Source) -> Iterator[Fault]:
    """Skips and expected failures that do not say why."""
    called = {id(node.func): node for node in ast.walk(source.tree) if isinstance(node, ast.Call)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and _is_skip(node) and not _has_reason(node, called.get(id(node))):
            instead = 'say why, and what to install or mount: reason="..."'
            yield Fault(source.path, node.lineno, f"{ast.unparse(node)} without a reason", instead)


def _is_skip(node: ast.Attribute) -> bool:
    return node.attr in ("skip", "skipif", "xfail", "importorskip") and ast.unparse(node).startswith("pytest.")


def _has_reason(mark: ast.Attribute, call: ast.Call | None) -> bool:
    if call is None:
        return False
    reasons = [keyword.value for keyword in call.keywords if keyword.arg in ("reason", "msg")]
    if mark.attr == "skip":
        reasons += call.args[:1]
    return any(not (isinstance(reason, ast.Constant) and not reason.value) for reason in reasons)


@pytest.mark.parametrize(
    "code",
    [
        "def test_x() -> None:\n    read()",
        "def test_x() -> None:\n    assert True",
        "def test_x() -> None:\n    given()\ndef given() -> None:\n    read()",
    ],
)
def test_a_test_that_looks_at_nothing_is_found(code: str) -> None:
    (fault,) = faults_in([planted(code)], blind_tests)

    assert "planted.py:1: test_x looks at nothing" in fault


@pytest.mark.parametrize(
    "code",
    [
        "def test_x() -> None:\n    assert read() == 1",
        "def test_x() -> None:\n    with pytest.raises(ValueError):\n        read()",
        "def test_x() -> None:\n    refused()\ndef refused() -> None:\n    assert read() == 1",
        "def test_x() -> None:\n    require_none([])",
    ],
)
def test_a_test_may_look_through_a_function(code: str) -> None:
    assert faults_in([planted(code)], blind_tests) == []


def test_a_name_that_is_no_sentence_is_found() -> None:
    (fault,) = faults_in([planted("def test_money_sum() -> None: ...")], labels)

    assert "the name test_money_sum; make it a sentence" in fault


@pytest.mark.parametrize(
    "code",
    [
        "@pytest.mark.skip\ndef test_x() -> None: ...",
        "@pytest.mark.skipif(True)\ndef test_x() -> None: ...",
        "pytest.skip()",
        "pytest.mark.xfail(reason='')",
    ],
)
def test_a_skip_without_a_reason_is_found(code: str) -> None:
    (fault,) = faults_in([planted(code)], unreasoned_skips)

    assert "planted.py:1: pytest." in fault


def test_a_skip_with_its_reason_stays() -> None:
    code = "pytest.skip('no samples')\npytest.mark.skipif(True, reason='no samples')\npytest.skip(reason=why)"

    assert faults_in([planted(code)], unreasoned_skips) == []


def test_every_test_looks_at_an_answer() -> None:
    require_none(faults_in(sources("tests"), blind_tests))


def test_every_name_of_a_test_is_a_sentence() -> None:
    require_none(faults_in(sources("tests"), labels))


def test_every_skip_says_why() -> None:
    require_none(faults_in(sources("tests"), unreasoned_skips))


def test_no_two_test_files_share_a_name() -> None:
    names = Counter(path.split("/")[-1] for path in files() if path.startswith("tests/") and path.endswith(".py"))

    shared = [name for name, count in names.items() if count > 1 and name.startswith("test_")]

    require_none([f"tests/**/{name} exists more than once; pytest needs one name per file" for name in shared])

"""One idea per file, one thought per function."""

import ast
from collections.abc import Iterator

from tests.house.sources import CODE_FOLDERS, FUNCTION, Fault, Source, faults_in, planted, require_none, sources

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
# Nine of ten functions are a thought that fits the head.
FUNCTION_LINES_P90_MAX = 25


def long_files(source: Source) -> Iterator[Fault]:
    """Files that can no longer hold one idea."""
    lines = source.text.count("\n")
    if lines > FILE_LINES_MAX:
        instead = f"give each idea a file of its own, at most {FILE_LINES_MAX} lines"
        yield Fault(source.path, lines, f"{lines} lines", instead)


def long_functions(source: Source) -> Iterator[Fault]:
    """Functions that say more than one thing."""
    for name, line, length in function_lengths(source):
        if length > FUNCTION_LINES_MAX:
            instead = f"let it hold the branches and name the steps: 25 lines, at most {FUNCTION_LINES_MAX}"
            yield Fault(source.path, line, f"{name} has {length} lines", instead)


def function_lengths(source: Source) -> list[tuple[str, int, int]]:
    """Name, first line and length in lines of every function, nested ones too; decorators do not count."""
    functions = [node for node in ast.walk(source.tree) if isinstance(node, FUNCTION)]
    return [(node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]


def _function_of(length: int) -> Source:
    return planted("def long() -> None:\n" + "    pass\n" * (length - 1))


def test_a_file_may_have_400_lines_and_no_more() -> None:
    assert faults_in([planted("\n" * 400)], long_files) == []

    (fault,) = faults_in([planted("\n" * 401)], long_files)

    assert "401 lines; give each idea a file of its own" in fault


def test_a_function_may_have_60_lines_and_no_more() -> None:
    assert faults_in([_function_of(60)], long_functions) == []

    (fault,) = faults_in([_function_of(61)], long_functions)

    assert "planted.py:1: long has 61 lines" in fault


def test_no_file_is_too_long() -> None:
    require_none(faults_in(sources(*CODE_FOLDERS), long_files))


def test_no_function_is_too_long() -> None:
    require_none(faults_in(sources(*CODE_FOLDERS), long_functions))


def test_nine_of_ten_functions_have_at_most_25_lines() -> None:
    lengths = sorted(length for source in sources("src") for _, _, length in function_lengths(source))

    assert lengths[int(0.9 * len(lengths))] <= FUNCTION_LINES_P90_MAX

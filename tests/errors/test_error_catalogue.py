"""Every code of the catalogue is said by some input, in the recorded words, and every code that is said is in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.errors.reproducing import FOLDER, expected, said
from tests.house.sources import Fault, Source, faults_in, planted, require_none, sources
from tieout.kernel import catalogue
from tieout.kernel.catalogue import Entry

TABLES: dict[str, dict[str, Entry]] = {
    name: table for name, table in vars(catalogue).items() if name.isupper() and isinstance(table, dict)
}
CODES = sorted({code for table in TABLES.values() for code in table})

# What no input of a command says: it carries findings with codes of their own, or says why a job or a call elsewhere
# did not end; records, connections and dead letters then hold its message.
_UNLISTED = frozenset({"refused", "call", "platform", "misfit", "again", "later", "given_up", "lease_lost"})

# Calls whose first argument is a code.
_SAYING = frozenset({"Finding", "warn", "quarantine", "refusal"})


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_said_by_its_input_in_the_recorded_words(code: str, tmp_path: Path) -> None:
    lines = said(code, tmp_path)

    assert lines == expected(code)
    assert lines


def test_every_folder_of_an_input_belongs_to_a_code() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("__")}

    assert folders - set(CODES) == set()


def test_a_code_stands_in_one_table_of_the_catalogue() -> None:
    assert sum(len(table) for table in TABLES.values()) == len(CODES)


def unlisted_codes(source: Source) -> Iterator[Fault]:
    """Codes that the code says and the catalogue does not have."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(code)), *_]):
                if name in _SAYING and code not in CODES:
                    yield Fault(source.path, node.lineno, f"the code {code}", "describe it in kernel/catalogue.py")
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                if code not in {*CODES, *_UNLISTED}:
                    yield Fault(source.path, node.lineno, f"the code {code}", "describe it in kernel/catalogue.py")


def test_a_code_that_the_catalogue_does_not_have_is_found() -> None:
    code = (
        'Finding("no_such_code", "what", place)\nclass X:\n    code = "neither_this"\nFinding("empty", "what", place)'
    )

    found = faults_in([planted(code)], unlisted_codes)

    assert [fault.split(":")[1] for fault in found] == ["1", "3"]


def test_every_code_that_is_said_is_in_the_catalogue() -> None:
    require_none(faults_in(sources("src"), unlisted_codes))


def test_every_code_says_what_to_do() -> None:
    assert [code for table in TABLES.values() for code, entry in table.items() if not entry.advice] == []

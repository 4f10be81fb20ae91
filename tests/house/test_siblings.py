"""Formats, vendors and matchers are siblings: none imports another, each imports only private parts of its own.

A private part belongs to the siblings whose name begins with its first word: `_ofx_header` to `ofx`, `_cnab_fields` to
`cnab240` and `cnab400`. import-linter knows no such families, and with the floors direct imports are all there is.
"""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.house.sources import PACKAGE, Fault, Source, faults_in, planted, require_none, sources
from tests.house.test_import_contracts import sibling_kinds


def entangled(kinds: set[str]) -> Callable[[Source], Iterator[Fault]]:
    """The rule for these packages of siblings, by dotted name: imports of a sibling or of its private parts."""

    def find(source: Source) -> Iterator[Fault]:
        """Imports of this file that reach into another sibling."""
        for kind in kinds:
            if not source.module.startswith(f"{kind}."):
                continue
            own = source.module.removeprefix(f"{kind}.").split(".")[0]
            for line, module in _imported(source.tree):
                other = module.removeprefix(f"{kind}.").split(".")[0]
                if module.startswith(f"{kind}.") and not _belongs(other, own):
                    instead = f"move what both need down to contracts or domain, or into a part named after {own}"
                    yield Fault(source.path, line, f"{own} imports its sibling {other}", instead)

    return find


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((node.lineno, f"{module}.{name.name}") for name in names)


def _belongs(other: str, own: str) -> bool:
    if other == own:
        return True
    return other.startswith("_") and own.lstrip("_").startswith(other.lstrip("_").split("_")[0])


@pytest.mark.parametrize(
    "code",
    [
        "from tieout.importers.ofx import read",
        "from tieout.importers import ofx",
        "import tieout.importers._ofx_header",
    ],
)
def test_a_format_that_reaches_into_another_is_found(code: str) -> None:
    (fault,) = faults_in([planted(code, path=f"{PACKAGE}/importers/camt.py")], entangled({"tieout.importers"}))

    assert "src/tieout/importers/camt.py:1: camt imports its sibling " in fault


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("importers/ofx.py", "from tieout.importers._ofx_header import header_of"),
        ("importers/_ofx_header.py", "from tieout.importers._ofx_amounts import amount_of"),
        ("importers/cnab240.py", "from tieout.importers._cnab_fields import field_at"),
        ("importers/camt/entries.py", "from tieout.importers.camt.amounts import amount_of"),
        ("importers/ofx.py", "from tieout.contracts.building import StatementBuilder"),
    ],
)
def test_a_format_may_use_its_own_parts_and_the_floors_below(path: str, code: str) -> None:
    assert faults_in([planted(code, path=f"{PACKAGE}/{path}")], entangled({"tieout.importers"})) == []


def test_no_format_or_matcher_imports_another() -> None:
    found = sources("src")

    require_none(faults_in(found, entangled(sibling_kinds(found))))

"""Everything that is kept is used: modules are imported or found, pages linked, fixtures read."""

import ast
from collections.abc import Iterable
from pathlib import PurePosixPath

from tests.house.sources import PACKAGE, Source, files, planted, require_none, sources, text_of
from tests.house.test_import_contracts import sibling_kinds
from tests.house.test_texts import links_in

# Where a program or a reader comes in.
ENTRANCES = frozenset({"tieout", "tieout.__main__", "tieout.cli"})
INDEXES = ("README.md", "docs/README.md")

_WALKS = frozenset({"glob", "rglob", "iterdir", "walk"})


def dead_modules(found: tuple[Source, ...], kinds: set[str]) -> list[str]:
    """Modules that nobody imports and no registry finds; `kinds` are the packages that the registry looks through."""
    named = {name for source in found for name in _modules_named(source)}
    dead = [
        source
        for source in found
        if not source.path.endswith("__init__.py")
        and source.module not in ENTRANCES | named
        and not (source.module.rpartition(".")[0] in kinds and not source.path.split("/")[-1].startswith("_"))
    ]
    return [f"{source.path}:1: nobody imports it; use it where it is needed or delete it" for source in dead]


def _modules_named(source: Source) -> set[str]:
    """Modules that a file imports, or names in full as text for importing them later; never the file itself."""
    named: set[str] = set()
    for node in ast.walk(source.tree):
        match node:
            case ast.Import(names=names):
                named |= {name.name for name in names}
            case ast.ImportFrom(module=str(module), names=names):
                named |= {module, *(f"{module}.{name.name}" for name in names)}
            case ast.Constant(value=str(text)) if text.startswith("tieout."):
                named.add(text)
    return named - {source.module}


def unlinked_pages(paths: Iterable[str], linked: set[str]) -> list[str]:
    """Files of docs/ to which no index leads; Python files there write pages and are none."""
    pages = [path for path in paths if path.startswith("docs/") and not path.endswith(".py") and path not in INDEXES]
    return [f"{page}: no reader finds it; link it from docs/README.md" for page in pages if page not in linked]


def unread_fixtures(paths: Iterable[str], readers: tuple[Source, ...]) -> list[str]:
    """Files beside the tests that no test names, neither itself nor by walking a folder above it."""
    fixtures = [path for path in paths if path.startswith("tests/") and not path.endswith((".py", ".md"))]
    texts = [_Texts(reader) for reader in readers]
    unread = [path for path in fixtures if not any(text.reads(PurePosixPath(path)) for text in texts)]
    return [f"{path}: no test reads it; name it in one or delete it" for path in unread]


class _Texts:
    """The texts of one test file, and whether it walks folders."""

    def __init__(self, source: Source) -> None:
        nodes = list(ast.walk(source.tree))
        self.folder = PurePosixPath(source.path).parent
        self.texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        self.walks = any(isinstance(node, ast.Attribute) and node.attr in _WALKS for node in nodes)

    def reads(self, fixture: PurePosixPath) -> bool:
        if any(fixture.name in text or fixture.stem == text for text in self.texts):
            return True
        if not self.walks:
            return False
        inside = {part for text in self.texts for part in text.split("/")}
        beside = fixture.is_relative_to(self.folder) and any(fixture.match(text) for text in self.texts if "*" in text)
        return beside or any(part in inside for part in fixture.parts[1:-1])


def test_a_module_that_nobody_imports_is_found() -> None:
    money = planted("", path=f"{PACKAGE}/kernel/money.py")
    dead = planted("from tieout.kernel import money", path=f"{PACKAGE}/kernel/dead.py")

    assert dead_modules((money, dead), set()) == [
        "src/tieout/kernel/dead.py:1: nobody imports it; use it where it is needed or delete it"
    ]


def test_what_the_registry_finds_or_a_lazy_import_names_is_alive() -> None:
    entrance = planted('LAZY = {"reconcile": "tieout.library"}', path=f"{PACKAGE}/__init__.py")
    library = planted("", path=f"{PACKAGE}/library.py")
    importer = planted("", path=f"{PACKAGE}/importers/camt.py")

    assert dead_modules((entrance, library, importer), {"tieout.importers"}) == []


def test_a_page_to_which_no_index_leads_is_found() -> None:
    found = unlinked_pages(["docs/README.md", "docs/errors.md", "docs/lost.md", "docs/generate.py"], {"docs/errors.md"})

    assert found == ["docs/lost.md: no reader finds it; link it from docs/README.md"]


def test_a_fixture_that_no_test_reads_is_found() -> None:
    reader = planted('read("fees.sta")', path="tests/importers/test_mt940.py")

    found = unread_fixtures(["tests/importers/mt940/fees.sta", "tests/importers/mt940/lost.sta"], (reader,))

    assert found == ["tests/importers/mt940/lost.sta: no test reads it; name it in one or delete it"]


def test_a_fixture_is_read_when_its_folder_is_walked() -> None:
    reader = planted('sorted((HERE / "mt940").glob("*.sta"))', path="tests/importers/test_mt940.py")

    assert unread_fixtures(["tests/importers/mt940/fees.sta"], (reader,)) == []


def test_every_module_is_imported_or_found() -> None:
    require_none(dead_modules(sources("src"), sibling_kinds(sources("src"))))


def test_every_page_is_reached_from_an_index() -> None:
    linked = {target for index in INDEXES for _, target in links_in(index, text_of(index))}

    require_none(unlinked_pages(files(), linked))


def test_every_fixture_is_read_by_a_test() -> None:
    require_none(unread_fixtures(files(), sources("tests")))

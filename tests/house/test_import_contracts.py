"""Every part of tieout has its floor in .importlinter; the core and the kernel are held to what they may use."""

import ast
import sys
from collections.abc import Iterator, Mapping
from configparser import ConfigParser

from tests.house.sources import PACKAGE, Fault, Source, faults_in, planted, require_none, sources, text_of

CONTRACTS = ".importlinter"

# Packages whose modules never learn about each other.
SIBLING_KINDS = ("dialects", "importers", "exporters", "connectors", "platforms", "matching.matchers")
PURE = ("kernel", "domain", "matching", "proofs")


def contracts(text: str) -> Mapping[str, Mapping[str, str]]:
    """The sections of an import-linter file by the short name of each contract."""
    parser = ConfigParser()
    parser.read_string(text)
    return {name.removeprefix("importlinter:contract:"): parser[name] for name in parser.sections()}


def unplaced(modules: set[str], floors: Mapping[str, str]) -> list[str]:
    """Parts of tieout, by dotted name, whose top level has no floor."""
    placed = {name.strip(" ()") for row in floors["layers"].splitlines() for name in row.split("|")}
    placed |= set(floors["exhaustive_ignores"].split())
    parts = {module.split(".")[1] for module in modules if module.count(".")}
    return [
        f"{CONTRACTS}: tieout.{part} has no floor; put it into the layers of `floors`"
        for part in sorted(parts - placed)
    ]


def sibling_kinds(found: tuple[Source, ...]) -> set[str]:
    """Packages of siblings that exist: the kinds above, and whatever the registry is asked to look through."""
    packages = {source.module.rpartition(".")[0] for source in found}
    asked = {package for source in found for package in asked_of_the_registry(source)}
    return {f"tieout.{kind}" for kind in SIBLING_KINDS if f"tieout.{kind}" in packages} | asked


def asked_of_the_registry(source: Source) -> Iterator[str]:
    """Packages that this file names in a call of the registry."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id="modules_in"), args=[ast.Constant(value=str(package))]):
                yield package


def foreign_imports(source: Source) -> Iterator[Fault]:
    """Imports of the kernel that are neither its own nor of the standard library."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Import(names=names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module=str(module)):
                modules = [module]
            case _:
                continue
        for module in modules:
            if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("tieout.kernel."):
                instead = (
                    "the kernel needs the standard library alone: take the value as an argument or move up a floor"
                )
                yield Fault(source.path, node.lineno, f"imports {module}", instead)


def _floors(layers: str) -> dict[str, str]:
    return {"layers": layers, "exhaustive_ignores": "__main__"}


def test_a_part_without_a_floor_is_found() -> None:
    found = unplaced(
        {"tieout", "tieout.__main__", "tieout.web", "tieout.kernel.money"}, _floors("\n(api) | worker\nkernel")
    )

    assert found == [".importlinter: tieout.web has no floor; put it into the layers of `floors`"]


def test_what_the_registry_is_asked_for_is_a_kind_of_siblings() -> None:
    asking = planted('from tieout.kernel.registry import modules_in\nmodules_in("tieout.feeds")')
    importer = planted("", path=f"{PACKAGE}/importers/camt.py")

    assert sibling_kinds((asking, importer)) == {"tieout.feeds", "tieout.importers"}


def test_a_package_from_outside_in_the_kernel_is_found() -> None:
    code = "import numpy\nfrom tieout.domain import matches\nfrom tieout.kernel.money import Money\nimport re"

    found = faults_in([planted(code, path=f"{PACKAGE}/kernel/planted.py")], foreign_imports)

    assert [fault.split(";")[0] for fault in found] == [
        "src/tieout/kernel/planted.py:1: imports numpy",
        "src/tieout/kernel/planted.py:2: imports tieout.domain",
    ]


def test_every_part_of_tieout_has_its_floor() -> None:
    floors = contracts(text_of(CONTRACTS))["floors"]

    assert floors["exhaustive"] == "true"
    require_none(unplaced({source.module for source in sources("src")}, floors))


def test_the_core_is_held_to_do_no_input_or_output() -> None:
    pure = contracts(text_of(CONTRACTS))["pure"]

    assert set(pure["source_modules"].split()) == {f"tieout.{part}" for part in PURE}
    assert {"os", "pathlib", "time", "random", "logging"} <= set(pure["forbidden_modules"].split())


def test_the_kernel_needs_the_standard_library_alone() -> None:
    require_none(faults_in(sources(f"{PACKAGE}/kernel"), foreign_imports))

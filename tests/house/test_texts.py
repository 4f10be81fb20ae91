"""Pages lead where they say, and nothing names the machine or the registry that it was made with."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import normpath

import pytest

from tests.house.sources import ROOT, Fault, files, require_none, text_of

# Folders of one machine. The blank beginning keeps paths inside web addresses and vendors' routes out.
MACHINE_PATH = re.compile(
    r"(?:^|[\s\"'`(=:,])((?:/(?:home|root|Users|work|tmp|opt|mnt|var/folders)/|[A-Z]:\\Users\\)[\w.-]+)"
)

# Hosts of package registries; a lock file holds hashes, and each machine decides where it gets the files.
_REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("crates", "io"),
    ("golang", "org/dl"),
    ("anaconda", "org"),
    ("rubygems", "org"),
    ("docker", "io"),
    ("ghcr", "io"),
    ("maven", "org"),
)
REGISTRY_HOST = re.compile("|".join(re.escape(".".join(parts)) for parts in _REGISTRIES))

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def machine_traces(path: str, text: str) -> Iterator[Fault]:
    """Paths of a machine and hosts of registries in a text."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := MACHINE_PATH.search(line):
            yield Fault(path, number, f"the path {found[1]} of one machine", "say it from the root of the project")
        if found := REGISTRY_HOST.search(line):
            yield Fault(path, number, f"the registry host {found[0]}", "leave the choice of an index to the machine")


def links_in(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Line and target, from the root, of every link of a Markdown page to a file of the project."""
    folder = PurePosixPath(path).parent
    for number, line in enumerate(text.splitlines(), 1):
        for target in _LINK.findall(line):
            if "://" not in target and not target.startswith(("#", "mailto:")):
                yield number, normpath((folder / target.partition("#")[0]).as_posix())


@pytest.mark.parametrize(
    "line",
    ["see /" + "home/ada/statements", 'FOLDER = "/' + 'tmp/out"', "C:\\" + "Users\\ada"],
)
def test_a_path_of_a_machine_is_found(line: str) -> None:
    (fault,) = machine_traces("docs/page.md", line)

    assert str(fault).endswith("of one machine; say it from the root of the project")


@pytest.mark.parametrize(
    "line", ["https://bank.example/home/ada/statements", "GET /v2/work/orders", "src/tieout/home/ada"]
)
def test_a_path_inside_an_address_or_the_project_stays(line: str) -> None:
    assert list(machine_traces("docs/page.md", line)) == []


def test_a_host_of_a_registry_is_found() -> None:
    host = ".".join(_REGISTRIES[0])

    (fault,) = machine_traces("requirements.lock", f"--index-url https://{host}/simple")

    assert str(fault) == f"requirements.lock:1: the registry host {host}; leave the choice of an index to the machine"


def test_links_are_resolved_from_the_page_that_holds_them() -> None:
    text = "[errors](errors.md#refused) and\n[code](../src/tieout) and [web](https://iso.example) and [below](#below)"

    assert list(links_in("docs/README.md", text)) == [(1, "docs/errors.md"), (2, "src/tieout")]


def test_no_file_names_a_machine_or_a_registry() -> None:
    require_none([str(fault) for path in files() for fault in machine_traces(path, text_of(path))])


def test_every_link_of_a_page_leads_somewhere() -> None:
    pages = [path for path in files() if path.endswith(".md")]
    links = [(path, line, target) for path in pages for line, target in links_in(path, text_of(path))]

    broken = [f"{path}:{line}: nothing at {target}; correct the link" for path, line, target in links]

    require_none([fault for fault, (_, _, target) in zip(broken, links, strict=True) if not (ROOT / target).exists()])

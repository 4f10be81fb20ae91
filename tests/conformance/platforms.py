"""The accounting platforms that there are, each with what its own tests give the conformance suite; no list by hand.

`tests/platforms/<name>/given.py` has `GIVEN`, by variant the way to one platform that is ready to be asked, and
`SLOW`, whether it takes more than a moment to get there. `tests/platforms/journal/given.py` is the one to follow.
"""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, cast

from tests.house.sources import ROOT, text_of
from tieout.contracts.platform import FaultKind, Platform, PlatformSession, Pulled
from tieout.kernel.registry import modules_in

# One row of a table of docs/platforms.md: | `lines[].amount` | meaning |
_KEY = re.compile(r"^\| `([a-z_.\[\]]+)` \|", re.MULTILINE)
_SECTION = re.compile(r"^### (.*`.*)$", re.MULTILINE)

# More pages than any platform needs for the few objects that a test gives it.
PAGES_MAX = 2_000

Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Wrong:
    """Settings and secrets that cannot work, and what the platform says of them."""

    kind: FaultKind
    settings: Mapping[str, str]
    secrets: Mapping[str, str]


@dataclass(frozen=True)
class GivenPlatform:
    """One platform with something in it: objects of every type of PULLS, journal lines of more than one month.

    body: an object of a type of PUSHES that the platform takes and that is like no other, in the words of
    docs/platforms.md; whatever it refers to is made on the way.
    refused: an object of the same type that it understands and says no to.
    edit, delete: change and remove one journal entry of a past month, as the platform's own user does.
    """

    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    wrong: Sequence[Wrong]
    body: Callable[[str, PlatformSession], Body]
    refused: Callable[[str, PlatformSession], Body]
    edit: Callable[[], None]
    delete: Callable[[], None]


Given: TypeAlias = Callable[[Path], AbstractContextManager[GivenPlatform]]


@dataclass(frozen=True)
class FoundPlatform:
    """One platform in one variant: `journal` in the words of hledger."""

    name: str
    variant: str
    platform: Platform
    given: Given
    slow: bool


def found_platforms() -> list[FoundPlatform]:
    """Every platform in every variant that its tests give, in name order."""
    found: list[FoundPlatform] = []
    for name, module in named_platforms().items():
        if name in platforms_without_given():
            continue
        own = importlib.import_module(f"tests.platforms.{name}.given")
        variants = cast("Mapping[str, Given]", own.GIVEN)
        platform = cast("Platform", module)
        found += [FoundPlatform(name, variant, platform, variants[variant], own.SLOW) for variant in sorted(variants)]
    return found


def named_platforms() -> dict[str, ModuleType]:
    """What the registry finds, by name."""
    return {module.__name__.rpartition(".")[2]: module for module in modules_in("tieout.platforms")}


def platforms_without_given() -> list[str]:
    """Platforms that the suite cannot ask, because their tests give it none."""
    folder = ROOT / "tests" / "platforms"
    return [name for name in named_platforms() if not (folder / name / "given.py").is_file()]


def pulled_pages(session: PlatformSession, object_type: str, cursor: str, limit: int) -> Iterator[list[Pulled]]:
    """Page by page what changed behind a cursor; at last one page that has the last cursor's rest, empty or not."""
    for _ in range(PAGES_MAX):
        page = session.pull(object_type, cursor, limit)
        yield list(page.objects)
        if not page.more:
            return
        assert page.cursor != cursor, "a cursor that stays where it is would be asked for ever"
        cursor = page.cursor
    raise AssertionError(f"{object_type} has no end after {PAGES_MAX} pages")


def pulled_all(session: PlatformSession, object_type: str, cursor: str = "") -> tuple[list[Pulled], str]:
    """All objects that changed behind a cursor, and the cursor behind them."""
    objects: list[Pulled] = []
    for _ in range(PAGES_MAX):
        page = session.pull(object_type, cursor, 100)
        objects += page.objects
        cursor = page.cursor
        if not page.more:
            return objects, cursor
    raise AssertionError(f"{object_type} has no end after {PAGES_MAX} pages")


def documented_keys() -> dict[str, set[str]]:
    """By object type the keys that docs/platforms.md lists for what is pulled: `name`, `lines`, `lines[].amount`."""
    text = text_of("docs/platforms.md")
    keys: dict[str, set[str]] = {}
    sections = [*_SECTION.finditer(text)]
    for section, following in zip(sections, [*sections[1:], None], strict=True):
        rows = _KEY.findall(text[section.end() : following.start() if following else len(text)])
        for object_type in re.findall("`([a-z_ ]+)`", section[1]):
            keys[object_type] = set(rows)
    return keys


def keys_of(content: object, path: str = "") -> set[str]:
    """The keys of some JSON as docs/platforms.md writes them."""
    keys: set[str] = set()
    if isinstance(content, Mapping):
        for name, value in content.items():
            inside = f"{path}.{name}" if path else str(name)
            keys |= {inside} | keys_of(value, inside)
    elif isinstance(content, list | tuple):
        for value in content:
            keys |= keys_of(value, f"{path}[]")
    return keys

"""Reads the files of a ledger: the main one, all that it includes, and those of tieout's own folder."""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tieout.contracts.platform import PlatformFault
from tieout.kernel.errors import Place
from tieout.platforms.journal.flavours import Flavour
from tieout.platforms.journal.model import Included, Inherited, Ledger, not_understood

# A ledger of a hundred thousand entries has some 20 MB; more than this is another kind of file.
FILE_SIZE_MAX = 64 * 1024 * 1024
FILES_MAX = 2_000

# All that tieout writes stands in this folder beside the main file, except the one line there that includes it.
OWN_FOLDER = "tieout"
# The file there that includes the others.
INDEX = "index"

_INCLUDE = re.compile(rb"^include[ \t]+\"?([^\"\r\n;]+)", re.MULTILINE)
_GLOB = re.compile(r"[*?\[]")


class _Source(NamedTuple):
    """What the reading of one file depends on."""

    digest: bytes
    inherited: Inherited
    decimal_marks: tuple[tuple[str, str], ...]


class LedgerFiles:
    """Reads again only what changed. Every call raises PlatformFault."""

    def __init__(self, folder: Path, main: Path, flavour: Flavour) -> None:
        self._folder, self._main, self._flavour = folder, main, flavour
        self._state = b""
        self._ledger = Ledger()
        self._reached: frozenset[Path] = frozenset()
        self._parsed: dict[Path, tuple[_Source, Ledger, list[Included]]] = {}

    def ledger(self) -> Ledger:
        """What all files say now; the same object while they say the same."""
        octets = self._octets()
        state = sha256()
        for path, content in octets.items():
            state.update(f"{path}\0{len(content)}\0".encode() + content)
        if state.digest() != self._state:
            self._ledger = self._whole(octets)
            self._state = state.digest()
        return self._ledger

    def reaches(self, path: Path) -> bool:
        """Whether the main file includes another, itself or through others."""
        self.ledger()
        return path.resolve() in self._reached

    def _octets(self) -> dict[Path, bytes]:
        """Every file that may be read, found without understanding any."""
        if not self._main.is_file():
            what = f"there is no file {self._main}; name in `main` the one that includes the others"
            raise PlatformFault("settings", what)
        octets: dict[Path, bytes] = {}
        waiting = [self._main, *self._own()]
        while waiting:
            path = waiting.pop()
            if path in octets:
                continue
            octets[path] = octets_of(path)
            if len(octets) > FILES_MAX:
                raise PlatformFault("malformed", f"{self._main} includes more than {FILES_MAX} files")
            for pattern in _INCLUDE.findall(octets[path]):
                waiting += self._named(path, pattern.decode("utf-8", "replace").strip())
        return dict(sorted(octets.items()))

    def _whole(self, octets: Mapping[Path, bytes]) -> Ledger:
        texts = {path: self._decoded(path, content) for path, content in octets.items()}
        marks = {name: mark for text in texts.values() for name, mark in self._flavour.decimal_marks(text).items()}
        whole, seen = Ledger(), set[Path]()
        for start in (self._main, *self._own()):
            if start not in seen:
                for ledger in self._with_included(start, Inherited(), texts, tuple(sorted(marks.items())), seen):
                    whole.add(ledger)
            if start == self._main:
                self._reached = frozenset(seen)
        return whole

    def _with_included(
        self,
        path: Path,
        inherited: Inherited,
        texts: Mapping[Path, str],
        marks: tuple[tuple[str, str], ...],
        seen: set[Path],
    ) -> Iterator[Ledger]:
        seen.add(path)
        ledger, included = self._file(path, inherited, texts[path], marks)
        yield ledger
        for each in included:
            named = self._named(path, each.pattern)
            if not named:
                raise not_understood(each.place, "there is no such file in the folder of the ledger", each.pattern)
            for other in named:
                if other not in seen:
                    yield from self._with_included(other, each.inherited, texts, marks, seen)
                elif self._flavour.includes_twice:
                    raise not_understood(
                        each.place, "this file is included twice, so its entries would count twice", each.pattern
                    )

    def _file(
        self, path: Path, inherited: Inherited, text: str, marks: tuple[tuple[str, str], ...]
    ) -> tuple[Ledger, list[Included]]:
        source = _Source(sha256(text.encode()).digest(), inherited, marks)
        kept = self._parsed.get(path)
        if kept is None or kept[0] != source:
            kept = (source, *self._flavour.read(text, self._shown(path), inherited, dict(marks)))
            self._parsed[path] = kept
        return kept[1], kept[2]

    def _own(self) -> list[Path]:
        """Files of tieout, whether the main file reaches them or not; the one that includes the others comes first."""
        own = self._named(self._main, f"{OWN_FOLDER}/[!.]*{self._flavour.suffix}")
        return sorted(own, key=lambda path: (path.stem != INDEX, path))

    def _named(self, path: Path, pattern: str) -> list[Path]:
        """Files that a pattern of an include directive names, none of them outside of the folder."""
        if Path(pattern).is_absolute():
            found = [Path(pattern)]
        else:
            found = sorted(path.parent.glob(pattern)) if _GLOB.search(pattern) else [path.parent / pattern]
        inside = [each.resolve() for each in found if each.resolve().is_relative_to(self._folder)]
        return [each for each in inside if each.is_file() and each != path]

    def _decoded(self, path: Path, content: bytes) -> str:
        try:
            return content.decode()
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
            raise PlatformFault("malformed", f"{Place(self._shown(path), line)}: this is not UTF-8") from None

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()


def octets_of(path: Path) -> bytes:
    """The bytes of one file. Raises PlatformFault when it cannot be read or is far too large."""
    try:
        if path.stat().st_size <= FILE_SIZE_MAX:
            return path.read_bytes()
    except OSError as fault:
        raise PlatformFault("unavailable", f"{path} cannot be read: {fault.strerror}") from None
    raise PlatformFault("malformed", f"{path} has more than {FILE_SIZE_MAX // 2**20} MB; it is no ledger")

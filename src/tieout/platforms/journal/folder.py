"""The files of a ledger: read with all that they include, written one at a time so that nobody sees half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tieout.contracts.platform import PlatformFault
from tieout.platforms.journal.files import INDEX, OWN_FOLDER, LedgerFiles, octets_of
from tieout.platforms.journal.flavours import Flavour
from tieout.platforms.journal.locking import held
from tieout.platforms.journal.model import Ledger


class LedgerFolder:
    """One folder, its main file and all that this includes. Every call raises PlatformFault."""

    def __init__(self, folder: Path, main: str, flavour: Flavour) -> None:
        self.folder, self.flavour = folder, flavour
        self.main = folder / main
        self.index = folder / OWN_FOLDER / f"{INDEX}{flavour.suffix}"
        self._files = LedgerFiles(folder, self.main, flavour)

    def ledger(self) -> Ledger:
        """What all files say now; the same object while they say the same."""
        return self._files.ledger()

    def reaches(self, path: Path) -> bool:
        """Whether the main file includes another, itself or through others."""
        return self._files.reaches(path)

    def own_file(self, name: str) -> Path:
        """A file that tieout writes: `2026-11`, `counterparties`."""
        return self.folder / OWN_FOLDER / f"{name}{self.flavour.suffix}"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody else who asks so writes meanwhile, in this process or another."""
        own = self.folder / OWN_FOLDER
        try:
            own.mkdir(exist_ok=True)
        except OSError as fault:
            raise self._not_written(own, fault) from None
        with held(own / ".lock"):
            yield

    def write(self, path: Path, text: str) -> None:
        """Put a file in the place of the old one, whole and on the disk."""
        passing = path.with_name(f".{path.name}.new")
        try:
            with passing.open("wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                passing.chmod(path.stat().st_mode)
            passing.replace(path)
        except OSError as fault:
            with suppress(OSError):
                passing.unlink(missing_ok=True)
            raise self._not_written(path, fault) from None
        self._sync_names(path.parent)

    def text_of(self, path: Path) -> str:
        """The text of one file, "" where there is none; line breaks as they are."""
        return octets_of(path).decode() if path.exists() else ""

    def name_of(self, path: Path) -> str:
        """The file as messages and include directives name it: from the folder, with forward slashes."""
        return path.relative_to(self.folder).as_posix()

    def _not_written(self, path: Path, fault: OSError) -> PlatformFault:
        return PlatformFault("unavailable", f"{path} cannot be written: {fault.strerror}; nothing was changed")

    def _sync_names(self, folder: Path) -> None:
        """Keep the new name through a loss of power, where the system can do that for folders."""
        with suppress(OSError):
            names = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(names)
            finally:
                os.close(names)

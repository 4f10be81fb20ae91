"""Files and archive members as sources: opened, not yet understood."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tieout.contracts.reading import Source
from tieout.kernel.errors import Finding, Place
from tieout.services.files.archives import MARK_SIZE, looks_like_archive, members_of


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file on disk, as large as it was when it was found."""

    name: str  # as the user gave it
    path: Path
    size: int  # bytes

    def open(self) -> BinaryIO:
        """A new stream from the first byte. Raises OSError."""
        return self.path.open("rb")


def sources_of(path_text: str) -> list[Source] | Finding:
    """The file at a path, or one source per member of the archive at that path, sorted by name.

    Whether a file is an archive is decided by its content; a workbook is not one.
    Returns a finding instead where there is no file (`not_found`), where it is no file (`not_a_file`), where the
    system does not let us read it (`not_readable`), and where an archive is refused whole.
    """
    place = Place(_printable(path_text))
    try:
        status = os.stat(path_text)  # noqa: PTH116, Path would say nothing more
        if not stat.S_ISREG(status.st_mode):
            return Finding("not_a_file", f"this is {_kind(status.st_mode)}, not a file", place)
        return _members_or_file(FileSource(place.file, Path(path_text), status.st_size))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return Finding("not_found", "there is no such file", place)
    except OSError as error:
        return not_readable(place, error)


def not_readable(place: Place, error: OSError) -> Finding:
    """The finding for a file that the operating system does not let us read."""
    return Finding("not_readable", f"the file cannot be read: {error.strerror or error}", place)


def _members_or_file(file: FileSource) -> list[Source] | Finding:
    with file.open() as stream:
        is_archive = looks_like_archive(stream.read(MARK_SIZE))
    return members_of(file.name, file.path, file.size) if is_archive else [file]


def _printable(path_text: str) -> str:
    """The path with bytes that are no text replaced, so that it can be printed and written as JSON."""
    return os.fsencode(path_text).decode("utf-8", errors="replace")


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a directory"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device")

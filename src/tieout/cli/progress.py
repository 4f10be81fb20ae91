"""How far the reading of files has come, on a terminal, once it takes long."""

import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tieout.contracts.reading import Source
from tieout.kernel.errors import printable
from tieout.services.files.sources import FileSource

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from rich.progress import Progress, TaskID

# What is done sooner needs no bar.
SECONDS_BEFORE_BAR = 2.0
_SECONDS_BETWEEN_UPDATES = 0.1


@contextmanager
def reading_progress() -> Iterator[Callable[[Source], Source]]:
    """A way to watch sources while they are read: a bar on standard error, and nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda source: source
        return
    with reading_bar() as bar:
        yield bar.watch


@contextmanager
def reading_bar() -> "Iterator[ReadingBar]":
    """A bar on standard error that is gone in the end, whatever happens."""
    bar = ReadingBar()
    try:
        yield bar
    finally:
        bar.stop()


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A source that tells how far it has been read."""

    source: Source
    tell: Callable[[Source, int], None]  # the source, and how many of its bytes have been read so far

    @property
    def name(self) -> str:
        """As the source's."""
        return self.source.name

    @property
    def size(self) -> int:
        """As the source's."""
        return self.source.size

    def open(self) -> BinaryIO:
        """As the source's, and every read is told."""
        return io.BufferedReader(_ToldStream(self), buffer_size=1024 * 1024)


@dataclass(frozen=True, slots=True)
class WatchedFile(WatchedSource):
    """A file on disk, which some importers open by its path; how far they are is then not told."""

    path: Path


class _ToldStream(io.RawIOBase):
    def __init__(self, watched: WatchedSource) -> None:
        self._watched, self._stream = watched, watched.source.open()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        window = memoryview(buffer).cast("B")
        read = self._stream.read(len(window))
        window[: len(read)] = read
        self._watched.tell(self._watched.source, self._stream.tell())
        return len(read)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _watched(source: Source, bar: "ReadingBar") -> Source:
    if isinstance(source, FileSource):
        return WatchedFile(source, bar.advance, source.path)
    return WatchedSource(source, bar.advance)


class ReadingBar:
    """One line that names the source being read; it appears late and disappears at the end."""

    def __init__(self) -> None:
        self._next_update = time.monotonic() + SECONDS_BEFORE_BAR
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def watch(self, source: Source) -> Source:
        """The source, watched while it is read."""
        return _watched(source, self)

    def advance(self, source: Source, done: int) -> None:
        """Show how many bytes of a source have been read."""
        if time.monotonic() < self._next_update:
            return
        self._next_update = time.monotonic() + _SECONDS_BETWEEN_UPDATES
        if self._progress is None or self._task is None:
            self._progress = _started()
            self._task = self._progress.add_task("")
        self._progress.update(self._task, description=printable(source.name), completed=done, total=source.size)
        self._progress.refresh()

    def stop(self) -> None:
        """Remove the line until more is read."""
        if self._progress is not None:
            self._progress.stop()
        self._progress = self._task = None


def _started() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    columns = (TextColumn("reading {task.description}", markup=False), BarColumn(), DownloadColumn())
    progress = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)
    progress.start()
    return progress

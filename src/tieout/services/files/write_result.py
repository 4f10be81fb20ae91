"""Writes a result into a folder: the whole result or nothing, and never over what somebody else put there.

Everything is first written into a new folder beside the target, which then takes the target's place. `SHA256SUMS`
lists the files with their digests, so that anybody can check them with `sha256sum -c`, and so that the next run knows
what it may replace: a folder that holds other files, or files that were changed since, is refused.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from tieout.contracts.exporter import Exporter, ResultFormat
from tieout.domain.results import Result
from tieout.kernel.errors import Finding, Place, Refused, TieoutError

# The files with their digests, in the format of sha256sum. result.json is left out of it: it alone differs between two
# runs over the same input, by the seconds they took.
SUMS = "SHA256SUMS"
_UNLISTED = "result.json"
_RESULT_BEGINS = b'{\n"tieout": '

# What file browsers leave behind in every folder that they show.
_OF_BROWSERS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})

# Enough for a user to see what kind of folder this is.
_FINDINGS_MAX = 20

_FOREIGN = ("out_has_other_files", "this is not of an earlier result, and nothing of yours is overwritten")
_CHANGED = ("out_was_changed", "this was changed since tieout wrote it, and nothing of yours is overwritten")
_ADVICE = "move it away, or write into another folder"


class CannotWrite(TieoutError):
    """The operating system refused to write the result; nothing of it stays, an earlier result is as it was."""

    code = "cannot_write"

    def __init__(self, folder: str, error: OSError) -> None:
        self.folder, self.error = folder, error
        reason = error.strerror or str(error)
        super().__init__(f"{folder}: the result cannot be written here ({reason}); write into another folder")


def write_result(result: Result, folder: str, result_format: ResultFormat, exporters: Sequence[Exporter]) -> None:
    """Write every file of the format into `folder`, which is made where it is missing and replaced where it is ours.

    Raises Refused as `require_replaceable`, and CannotWrite where the operating system says no. Then, and after
    Ctrl-C, what was there before is untouched and nothing else stays.
    """
    require_replaceable(folder)
    chosen = [exporter for exporter in exporters if result_format in exporter.FORMATS]
    target = Path(folder).resolve()
    try:
        with _made(target.parent), _fresh_folder(target) as fresh:
            _write_files(result, fresh, chosen)
            _put_in_place(fresh, target)
    except OSError as error:
        raise CannotWrite(folder, error) from error


def require_replaceable(folder: str) -> None:
    """Pass when `folder` is missing, empty or an earlier result exactly as tieout wrote it.

    Ask before a long computation, so that its result is not refused afterwards. Raises Refused with the first files
    that are in the way, in name order, and their count.
    """
    target = Path(folder).resolve()
    if not target.exists():
        return
    if not target.is_dir():
        advice = "write into another folder"
        raise Refused([Finding("out_is_a_file", "this is a file, not a folder", Place(folder), advice=advice)])
    digests = _digests_listed_in(target)
    found = [(path.name, fault) for path in sorted(target.iterdir()) if (fault := _fault(path, digests))]
    if found:
        prefix = folder.rstrip("/\\")
        shown = [Finding(*fault, Place(f"{prefix}/{name}"), advice=_ADVICE) for name, fault in found[:_FINDINGS_MAX]]
        raise Refused(shown, len(found))


def _fault(path: Path, digests: dict[str, str] | None) -> tuple[str, str] | None:
    if path.name in _OF_BROWSERS:
        return None
    if digests is None or path.is_symlink() or not path.is_file():
        return _FOREIGN
    if path.name == SUMS:
        return None
    if path.name == _UNLISTED:
        with path.open("rb") as stream:
            return None if stream.read(len(_RESULT_BEGINS)) == _RESULT_BEGINS else _FOREIGN
    if path.name not in digests:
        return _FOREIGN
    return None if _digest_of(path) == digests[path.name] else _CHANGED


def _digests_listed_in(target: Path) -> dict[str, str] | None:
    """Digest by file name as an earlier result states them; None where the folder holds no result."""
    try:
        rows = (target / SUMS).read_text("utf-8").splitlines()
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        return None
    return {name: digest for digest, _, name in (row.partition("  ") for row in rows)}


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Inside, the folder exists; when something fails, the folders that were made for it go again."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    done = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
        done = True
    finally:
        for path in [] if done else missing:
            with suppress(OSError):
                path.rmdir()


@contextmanager
def _fresh_folder(target: Path) -> Iterator[Path]:
    """A new empty folder that can take the place of the target; gone in the end unless it has done so."""
    fresh = _unused(target if _stays(target) else target.parent, target.name)
    try:
        fresh.mkdir()
        if target.exists():
            shutil.copymode(target, fresh)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _unused(folder: Path, name: str) -> Path:
    """A path of this process that a file browser does not show."""
    paths = (folder / f".{name}.{os.getpid()}.{number}.new" for number in count())
    return next(path for path in paths if not path.exists())


def _stays(target: Path) -> bool:
    """Whether the folder itself cannot be exchanged: a mount, where we stand, or inside one that is not ours."""
    if not target.is_dir():
        return False
    return target.is_mount() or Path.cwd().is_relative_to(target) or not os.access(target.parent, os.W_OK)


def _write_files(result: Result, fresh: Path, exporters: Sequence[Exporter]) -> None:
    rows = []
    for exporter in exporters:
        path = fresh / exporter.FILE
        with path.open("xb") as stream:
            exporter.write(result, stream)
            _settle(stream)
        if exporter.FILE != _UNLISTED:
            rows.append(f"{_digest_of(path)}  {exporter.FILE}\n")
    with (fresh / SUMS).open("xb") as stream:
        stream.write("".join(rows).encode())
        _settle(stream)
    _settle_folder(fresh)


def _settle(stream: BinaryIO) -> None:
    """Wait until it is on the disk: after a power cut there is the earlier result or the new one, never half of one."""
    stream.flush()
    os.fsync(stream.fileno())


def _settle_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return
    number = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _put_in_place(fresh: Path, target: Path) -> None:
    if fresh.parent == target:
        _exchange_files(fresh, target)
    elif target.exists():
        _exchange(fresh, target)
    else:
        fresh.rename(target)
    _settle_folder(target.parent)


def _exchange(fresh: Path, target: Path) -> None:
    """The fresh folder becomes the target; where that fails halfway, the earlier one comes back."""
    aside = fresh.with_suffix(".earlier")
    try:
        target.rename(aside)
        fresh.rename(target)
    finally:
        if target.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(target)


def _exchange_files(fresh: Path, target: Path) -> None:
    """File by file, each whole; what the new result does not have goes. Ctrl-C waits for the last one."""
    kept = {path.name for path in fresh.iterdir()} | {fresh.name}
    try:
        _move_files(fresh, target, kept)
    except KeyboardInterrupt:
        _move_files(fresh, target, kept)
        raise


def _move_files(fresh: Path, target: Path, kept: set[str]) -> None:
    for path in sorted(fresh.iterdir()):
        path.replace(target / path.name)
    for path in target.iterdir():
        if path.name not in kept:
            path.unlink()

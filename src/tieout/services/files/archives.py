"""Zip archives: one source per member, and never more bytes than we would read from a file.

Declared sizes are checked before anything is unpacked. While reading, a member never gives more than it declared, and
its checksum then shows that the declaration was a lie.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

from tieout.contracts.reading import Source
from tieout.kernel.errors import Finding, Place, Refused

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# 512 MiB: what the server takes as one upload, and more than a bank's statements of a year.
UNPACKED_SIZE_MAX = 512 * 1024 * 1024
# A thousand: daily statements of nearly three years.
MEMBERS_MAX = 1_000
# 4 MiB: the directory of a thousand members whose names are 4,000 characters long. It is read into memory whole.
DIRECTORY_SIZE_MAX = 4 * 1024 * 1024

# The first bytes of a zip with members, of one without, and of one cut into volumes.
_ARCHIVE_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# The name of the first member stands after the 30 bytes of its header. These begin a workbook or a text document,
# which are archives too, but one file to their user.
_FIRST_NAME_AT = 30
_DOCUMENT_NAMES = (b"[Content_Types].xml", b"mimetype", b"_rels/", b"docProps/", b"xl/", b"word/")
MARK_SIZE = 64

# The record that ends an archive, and the comment that may follow it.
_END_MARK = b"PK\x05\x06"
_END_RECORD = struct.Struct("<4s4H2LH")
_COMMENT_SIZE_MAX = 65_535

# How Python's zipfile says that an archive is not what it claims to be; a place outside the file is an OSError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)
_ENCRYPTED = 0x1


def looks_like_archive(beginning: bytes) -> bool:
    """Whether the first MARK_SIZE bytes are those of a zip archive that holds files, not of a workbook."""
    name = beginning[_FIRST_NAME_AT:]
    return beginning.startswith(_ARCHIVE_MARKS) and not name.startswith(_DOCUMENT_NAMES)


@dataclass(frozen=True, slots=True)
class MemberSource:
    """One member of an archive; the archive stays open as long as one of its members is in use."""

    name: str  # "may.zip!may.sta"
    size: int  # bytes, unpacked, as declared
    archive: zipfile.ZipFile
    member: zipfile.ZipInfo

    def open(self) -> BinaryIO:
        """A new stream from the first byte.

        Raises Refused where the member is encrypted, damaged or an archive itself; the stream does so too.
        """
        if self.member.flag_bits & _ENCRYPTED:
            raise Refused([_unreadable(self.name, "the file is encrypted")])
        if self.member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused([_unreadable(self.name, "the file is packed in an unusual way")])
        try:
            packed = self.archive.open(self.member)
        except _DAMAGE:
            raise Refused([_damaged(self.name)]) from None
        stream = io.BufferedReader(_MemberStream(self.name, packed))
        if looks_like_archive(stream.peek(MARK_SIZE)[:MARK_SIZE]):
            stream.close()
            raise Refused([_nested(self.name)])
        return stream


class _MemberStream(io.RawIOBase):
    """Unpacks as much as is asked for and says damage in the user's terms."""

    def __init__(self, name: str, packed: IO[bytes]) -> None:
        self._name, self._packed = name, packed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._packed.seek(offset, whence)

    def tell(self) -> int:
        return self._packed.tell()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        window = memoryview(buffer).cast("B")
        try:
            unpacked = self._packed.read(len(window))
        except _DAMAGE:
            raise Refused([_damaged(self._name)]) from None
        window[: len(unpacked)] = unpacked
        return len(unpacked)

    def close(self) -> None:
        self._packed.close()
        super().close()


def members_of(name: str, path: Path, size: int) -> list[Source] | Finding:
    """One source per file in the archive, sorted by name, or why the archive is refused whole.

    Folders and what macOS adds on its own are left out.
    """
    try:
        if _directory_size(path, size) > DIRECTORY_SIZE_MAX:
            return _too_many(name)
        archive = zipfile.ZipFile(path)
    except _DAMAGE:
        return _damaged(name)
    members = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
    finding = _finding_about(name, members)
    if finding is not None:
        archive.close()
        return finding
    members.sort(key=lambda info: (info.filename, info.header_offset))
    return [MemberSource(f"{name}!{info.filename}", info.file_size, archive, info) for info in members]


def _finding_about(name: str, members: list[zipfile.ZipInfo]) -> Finding | None:
    if not members:
        return Finding("empty", "the archive holds no files", Place(name))
    if len(members) > MEMBERS_MAX:
        return _too_many(name)
    unpacked = sum(info.file_size for info in members)
    if unpacked > UNPACKED_SIZE_MAX:
        what = f"the archive unpacks to {unpacked:,} bytes, more than {UNPACKED_SIZE_MAX:,}"
        return Finding("too_large", what, Place(name), advice="unpack it and name the files that are bank statements")
    return None


def _directory_size(path: Path, size: int) -> int:
    """Bytes of the archive's directory as its last record says; 0 where no such record ends the file."""
    if size <= DIRECTORY_SIZE_MAX:
        return size
    with path.open("rb") as stream:
        stream.seek(-(_END_RECORD.size + _COMMENT_SIZE_MAX), io.SEEK_END)
        tail = stream.read()
    start = tail.rfind(_END_MARK, 0, len(tail) - _END_RECORD.size + len(_END_MARK))
    return int(_END_RECORD.unpack_from(tail, start)[5]) if start >= 0 else 0


def _too_many(name: str) -> Finding:
    what = f"the archive holds more than {MEMBERS_MAX:,} files"
    return Finding("too_large", what, Place(name), advice="pack fewer files into one archive")


def _nested(name: str) -> Finding:
    what = "this is an archive inside an archive"
    return Finding("too_deep", what, Place(name), advice="unpack the outer one and name the inner one")


def _damaged(name: str) -> Finding:
    return _unreadable(name, "the archive is damaged")


def _unreadable(name: str, what: str) -> Finding:
    return Finding("archive_unreadable", what, Place(name), advice="unpack it and name the files themselves")

"""What goes into an importer and what comes out of it."""

import io
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO, Protocol

from tieout.domain.settlement_reports import ReportedBatch
from tieout.domain.statements import Statement
from tieout.kernel.decoding import decode
from tieout.kernel.errors import Finding

# Enough to recognise every format; a preamble of a bank is shorter.
HEAD_SIZE = 64 * 1024


class Source(Protocol):
    """A file or an archive member: named as the user gave it, read from the start as often as needed."""

    @property
    def name(self) -> str:
        """`may.sta`, or `may.zip!may.sta` for a member."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    def open(self) -> BinaryIO:
        """A new stream from the first byte; the caller closes it."""
        ...


@dataclass(frozen=True)
class BytesSource:
    """A source that is already in memory."""

    name: str
    raw: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.raw)

    def open(self) -> BinaryIO:
        """A new stream from the first byte."""
        return io.BytesIO(self.raw)


@dataclass(frozen=True)
class Head:
    """The beginning of a source, for recognising its format by content."""

    raw: bytes  # at most HEAD_SIZE bytes

    @cached_property
    def text(self) -> str:
        """The beginning as text, without a byte-order mark; a character cut at its end is dropped."""
        for cut in range(4):
            text, encoding = decode(self.raw[: len(self.raw) - cut])
            if encoding in ("utf-8", "utf-16"):
                return text
        return decode(self.raw)[0]


def head_of(source: Source) -> Head:
    """The first HEAD_SIZE bytes of the source."""
    with source.open() as stream:
        return Head(stream.read(HEAD_SIZE))


def bytes_of(source: Source) -> bytes:
    """The whole source; for formats that are small or that cannot be streamed."""
    with source.open() as stream:
        return stream.read()


@dataclass(slots=True)
class Reading:
    """What one source says: its format, its statements, and everything noticed on the way."""

    format: str | None  # as in `tieout check --json`: camt.053, mt940, ofx, canonical_csv, ...
    version: str | None = None  # of the message, where the file has one: 001.08, 102
    profile: str | None = None  # the reading option or CSV profile that was used
    encoding: str | None = None  # the one that decoded the bytes, not the one declared
    statements: list[Statement] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    quarantined: list[Finding] = field(default_factory=list)
    batches: list[ReportedBatch] = field(default_factory=list)  # of a provider whose report has payouts, not balances

    @property
    def movements(self) -> list[Statement]:
        """Every statement, those of the batches included: all that moved an account."""
        return [*self.statements, *(batch.statement for batch in self.batches)]

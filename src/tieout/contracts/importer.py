"""The shape of an importer: one module per format under tieout.importers, found by the registry."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from tieout.contracts.reading import Head, Reading, Source
from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable
from tieout.kernel.errors import Finding


class Importer(Protocol):
    """Reads one family of formats. A module with these four names is an importer."""

    FORMATS: tuple[str, ...]  # as `tieout check --json` names them
    PROFILES: tuple[str, ...]  # reading options a user may choose with --profile; often empty

    def recognise(self, head: Head) -> str | None:
        """The format that the content shows, one of FORMATS; None when it is not one of ours.

        Decides by content, never by the file's name, and only one importer may say yes to a file.
        """
        ...

    def read(self, source: Source, keep_entries: bool, profile: str | None) -> Reading:
        """Everything the source says.

        keep_entries: False counts and proves only, so that a huge file needs little memory.
        One bad entry is quarantined and said; it never loses the file. Raises Refused when nothing can be read.
        """
        ...


@runtime_checkable
class LineImporter(Protocol):
    """An importer whose lines carry ids of their own, on either side: our canonical CSV."""

    FORMATS: tuple[str, ...]

    def resembles(self, head: Head) -> bool:
        """Whether a file that no importer recognises is meant to be one of these: `read_lines` says what it lacks."""
        ...

    def read_lines(self, source: Source, side: Side, warn: Callable[[Finding], None] = lambda _: None) -> LineTable:
        """The lines as columns. Strict: raises Refused with the first located findings when any cell is bad.

        warn: takes what a reader should know although the file is good.
        """
        ...

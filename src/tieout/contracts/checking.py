"""The answer of a check: what each file is, what it states, and whether that is proved."""

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.contracts.reading import Reading
from tieout.domain.statements import BalanceProof, Statement, StatementEntry
from tieout.kernel.errors import Finding


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file or archive member after it was read, or after it was refused.

    Of a refused file `reading` holds the format at most; `refused` then has at least one located reason.
    """

    file: str  # as the user named it; "may.zip!may.sta" for a member
    reading: Reading
    refused: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Every file of one check, in the order given; an archive stands for its members, sorted by name."""

    files: tuple[CheckedFile, ...]

    def __iter__(self) -> Iterator[CheckedFile]:
        """The files."""
        return iter(self.files)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of every file."""
        return tuple(statement for file in self.files for statement in file.reading.statements)

    @property
    def entries(self) -> tuple[StatementEntry, ...]:
        """The entries of every statement and batch; none where only counting was asked for."""
        moved = (statement for file in self.files for statement in file.reading.movements)
        return tuple(entry for statement in moved for entry in statement.entries)

    @property
    def proofs(self) -> tuple[BalanceProof, ...]:
        """One proof per statement, and per batch of a provider's report."""
        found: list[BalanceProof] = []
        for file in self.files:
            found += [statement.proof for statement in file.reading.statements]
            found += [batch.proof for batch in file.reading.batches]
        return tuple(found)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What a reader should know of files that were read."""
        return tuple(finding for file in self.files for finding in file.reading.warnings)

    @property
    def quarantined(self) -> tuple[Finding, ...]:
        """Entries that could not be read whole and are therefore not counted."""
        return tuple(finding for file in self.files for finding in file.reading.quarantined)

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Why files could not be read at all; empty when every file was read."""
        return tuple(finding for file in self.files for finding in file.refused)

"""What reading a canonical CSV gives, whichever reader did it."""

from dataclasses import dataclass

from tieout.domain.line_table import LineTable
from tieout.importers._canonical_header import Header
from tieout.kernel.errors import Finding


@dataclass(frozen=True, slots=True)
class Rows:
    """The good rows as a table, and the findings of each bad row, both in the order of the file."""

    header: Header
    table: LineTable
    bad: tuple[tuple[Finding, ...], ...] = ()

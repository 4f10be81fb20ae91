"""What was noticed in a message, each thing at its line and column."""

from collections import Counter
from typing import NamedTuple

from tieout.contracts.reading import Reading
from tieout.importers._camt_places import ENTRY, Places, StartTag
from tieout.importers._camt_xml import Text
from tieout.kernel.errors import Finding, Place

# More of one kind tell nothing new, and a file with 100,000 entries without a date must not fill memory with them.
WARNINGS_OF_ONE_CODE_MAX = 100


class At(NamedTuple):
    """The n-th element of a name in the file, counted from 1 in the order in which they begin."""

    name: bytes
    ordinal: int


class Notes:
    """Warnings and quarantined entries of one reading; quarantined entries are all kept."""

    def __init__(self, text: Text, reading: Reading) -> None:
        self._places = Places(text.pieces())
        self._file = text.source.name
        self._reading = reading
        self._warned: Counter[str] = Counter()

    def start_tag(self, at: At) -> StartTag:
        """Where an element begins; entries are asked for in their order."""
        return self._places.entry(at.ordinal) if at.name == ENTRY else self._places.other(at.name, at.ordinal)

    def warn(self, code: str, what: str, at: At, excerpt: str = "", advice: str = "") -> None:
        """Something the reader should know; nothing is left out for it."""
        self._warned[code] += 1
        if self._warned[code] <= WARNINGS_OF_ONE_CODE_MAX:
            self._reading.warnings.append(Finding(code, what, self._place(at), excerpt, advice))

    def quarantine(self, code: str, what: str, at: At, excerpt: str = "", advice: str = "") -> None:
        """An entry that is not counted."""
        self._reading.quarantined.append(Finding(code, what, self._place(at), excerpt, advice))

    def finish(self) -> None:
        """Put the warnings in the order of their places, and say how many were left out."""
        self._reading.warnings.sort(key=lambda warning: warning.place)
        for code, count in self._warned.items():
            if count > WARNINGS_OF_ONE_CODE_MAX:
                what = f"{count - WARNINGS_OF_ONE_CODE_MAX:,} more of these in this file"
                self._reading.warnings.append(Finding(code, what, Place(self._file)))

    def _place(self, at: At) -> Place:
        tag = self.start_tag(at)
        return Place(self._file, tag.line, tag.column)

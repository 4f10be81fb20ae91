"""Where something stands in a file, and what was noticed there."""

import re
from bisect import bisect_right
from functools import cached_property

from tieout.contracts.reading import Reading
from tieout.kernel.catalogue import WARNINGS
from tieout.kernel.errors import Finding, Place, Refused

# A bank's file is not the reader's to correct.
_LOOK_IT_UP = "look the entry up at the bank, and enter it by hand if it is one"


class Notes:
    """Warnings, quarantined entries and refusals of one file, each located by its offset in the text."""

    def __init__(self, file: str, text: str, reading: Reading) -> None:
        self._file = file
        self._text = text
        self._reading = reading

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def warn(self, code: str, what: str, offset: int, excerpt: str = "") -> None:
        """Something the reader should know; nothing is left out for it."""
        advice = WARNINGS[code].advice
        self._reading.warnings.append(Finding(code, what, self._place(offset), excerpt, advice))

    def quarantine(self, code: str, what: str, offset: int, excerpt: str = "") -> None:
        """An entry that is not counted."""
        self._reading.quarantined.append(Finding(code, what, self._place(offset), excerpt, _LOOK_IT_UP))

    def refusal(self, code: str, what: str, offset: int | None = None) -> Refused:
        """The reason for refusing the whole file; without an offset it concerns no place in it."""
        place = None if offset is None else self._place(offset)
        return Refused([Finding(code, what, place or Place(self._file))])

    def _place(self, offset: int) -> Place:
        return Place(self._file, *self.line_and_column(offset))

    @cached_property
    def _line_starts(self) -> list[int]:
        line_end = "\n" if "\n" in self._text else "\r"
        return [0, *(found.end() for found in re.finditer(line_end, self._text))]

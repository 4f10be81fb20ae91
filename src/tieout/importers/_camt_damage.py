"""What to do when the XML breaks: leave one entry out, or refuse the file and say which of the reasons it is."""

import re
from typing import NoReturn

from lxml import etree

from tieout.importers._camt_places import Places, end_of_entry
from tieout.importers._camt_xml import Broken, Cut, Text, open_entry, refusal
from tieout.kernel.errors import Place

# Each broken entry costs one more reading; a file with more of them is damaged as a whole.
BROKEN_ENTRIES_MAX = 20

# The last tags of a message stand in fewer bytes, whatever a bank writes behind them.
_TAIL_SIZE = 64 * 1024


class Damage:
    """The entries of one text that are left out because their XML is broken."""

    def __init__(self, text: Text) -> None:
        self.cuts: list[Cut] = []  # in the order of the text
        self.broken: dict[int, str] = {}  # why, by the ordinal of the entry in the file
        self._text = text

    def leave_out(self, fault: Broken, entries_read: int) -> None:
        """Cut out the entry that holds the fault. entries_read: how many were complete before it.

        Raises Refused where the fault lies outside of any entry or before any complete one, and where the file ends
        early.
        """
        limited = fault.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT or len(self.cuts) >= BROKEN_ENTRIES_MAX
        entry = None if limited or not entries_read else open_entry(self._text, self.cuts)
        cut = None if entry is None else self._cut(entry)
        if entry is None or cut is None:
            self._refuse(fault, entries_read)
        self.broken[entry] = fault.why
        self.cuts = sorted([*self.cuts, cut])

    def _refuse(self, fault: Broken, entries_read: int) -> NoReturn:
        place = Place(self._text.source.name, fault.line, fault.column)
        if fault.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            if "depth" in fault.why:
                raise refusal("too_deep", "elements are nested more than 256 deep", place)
            raise refusal("too_large", "one text or name is longer than 10 million characters", place)
        if entries_read and not self._is_whole():
            raise refusal("truncated", f"the file ends after {_entries(entries_read)}, inside a statement", place)
        raise refusal("not_well_formed", f"this is not well-formed XML: {fault.why}", place)

    def _cut(self, entry: int) -> Cut | None:
        begin = Places(self._text.pieces()).entry(entry).offset
        end = end_of_entry(self._text.pieces(), begin)
        return None if end is None else Cut(begin, end)

    def _is_whole(self) -> bool:
        """Whether the end tag of the root stands near the end of the text."""
        tail = b""
        for piece in self._text.pieces():
            tail = (tail + piece)[-_TAIL_SIZE:]
        return re.search(rb"</%s\s*>" % re.escape(self._text.root), tail) is not None


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"

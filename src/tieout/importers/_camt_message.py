"""One walk through the elements of a camt message: which element belongs to which entry, which entry to which page."""

import re
from collections import Counter
from collections.abc import Mapping

from tieout.contracts.reading import Reading
from tieout.domain.statements import StatementKind
from tieout.importers._camt_bytes import encoding_reported
from tieout.importers._camt_details import Detail, read_detail
from tieout.importers._camt_entries import EntryReader
from tieout.importers._camt_notes import At, Notes
from tieout.importers._camt_pages import KINDS, Page
from tieout.importers._camt_statements import Statements
from tieout.importers._camt_texts import local_name
from tieout.importers._camt_xml import Element, Elements, Text, refusal
from tieout.kernel.errors import Place

REVERSAL_FLIPS = "reversal_flips"

FORMATS = {
    StatementKind.BOOKED: "camt.053",
    StatementKind.INTRADAY: "camt.052",
    StatementKind.ADVICE: "camt.054",
}

_VERSION = re.compile(r"\{[^}]*camt\.05[234]\.([0-9]{3}\.[0-9]{2})\}", re.ASCII)


class Message:
    """Everything that one text says, read once from its beginning to its end."""

    def __init__(
        self, text: Text, elements: Elements, broken: Mapping[int, str], keep_entries: bool, profile: str | None
    ) -> None:
        """`broken` says why the n-th entry of the file is an empty one among the elements."""
        self.entries_read = 0
        self._file = text.source.name
        self._elements = elements
        self._broken = broken
        self._keep_entries = keep_entries
        self._reversal_flips = profile == REVERSAL_FLIPS
        self._reading = Reading(None, profile=profile, encoding=encoding_reported(text.codec))
        self._notes = Notes(text, self._reading)
        self._statements = Statements(self._notes, self._reversal_flips)
        self._ended: Counter[str] = Counter()
        self._statement: Element | None = None
        self._page: Page  # of that statement
        self._entries: EntryReader  # of that page
        self._details: list[Detail] = []
        self._spent: dict[str, Element] = {}

    def read(self) -> Reading:
        """The reading, once the text has come to its end. Raises Broken and Refused."""
        for element in self._elements:
            name = element.tag.rpartition("}")[2]
            if name == "TxDtls":
                self._details.append(read_detail(element, self._keep_entries))
                self._forget(name, element)
            elif name in KINDS:
                self._end_statement(name, element)
            elif self._is_part(element.getparent()):
                self._end_part(name, element)
            elif name == "Ntry":
                self._details = []  # of something else that is named like an entry
            self._ended[name] += 1
        self._reading.statements = self._statements.finish()
        if not self._reading.statements:
            raise refusal("no_statement", "a camt message without any statement in it", Place(self._file))
        self._reading.format = FORMATS[self._reading.statements[0].kind]
        self._notes.finish()
        return self._reading

    def _is_part(self, parent: Element | None) -> bool:
        """Whether the parent is a statement, which is then the one that is being read."""
        return parent is not None and (parent is self._statement or self._begins(parent))

    def _begins(self, element: Element) -> bool:
        """Begin to read a statement, if the element is one. Elsewhere the same names mean other things."""
        message = element.getparent()
        if message is None or not local_name(message).startswith("BkToCstmr") or local_name(element) not in KINDS:
            return False
        name = local_name(element)
        self._statement = element
        self._page = Page(KINDS[name], At(name.encode(), self._ended[name] + 1), self._keep_entries)
        self._entries = EntryReader(self._page, self._notes, self._keep_entries, self._reversal_flips)
        version = _VERSION.match(element.tag)
        if version and self._reading.version is None:
            self._reading.version = version[1]
        return True

    def _end_part(self, name: str, element: Element) -> None:
        at = At(name.encode(), self._ended[name] + 1)
        if name == "Ntry":
            self._end_entry(element, at)
        elif name == "Acct":
            self._page.take_account(element)
        elif name == "Bal":
            self._page.take_balance(element, at)
        else:
            self._page.take_totals(element, at)

    def _end_entry(self, element: Element, at: At) -> None:
        why = self._broken.get(at.ordinal)
        if why is None:
            children = {child.tag.rpartition("}")[2]: child for child in element}
            self._entries.take(children, self._details, at)
            self.entries_read += 1
        else:
            self._notes.quarantine("broken_xml", f"the XML of an entry is broken: {why}", at)
        self._details = []
        self._spent.pop("TxDtls", None)
        self._forget("Ntry", element)

    def _end_statement(self, name: str, element: Element) -> None:
        if element is self._statement or self._begins(element):
            self._page.finish_head(element)
            self._statements.add(self._page)
            self._statement = None
            self._spent.pop("Ntry", None)
            self._forget(name, element)

    def _forget(self, name: str, element: Element) -> None:
        """Remove the one before this: lxml allows to remove an element only once the parser has gone past its tail."""
        spent = self._spent.get(name)
        if spent is not None:
            spent.getparent().remove(spent)
        self._spent[name] = element
        self._elements.silence = 0

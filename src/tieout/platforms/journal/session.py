"""A ledger folder opened as an accounting platform."""

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.contracts.platform import Business, PlatformFault, PulledPage, Pushed, SpanSum
from tieout.platforms.journal.books import Books
from tieout.platforms.journal.contents import Contents
from tieout.platforms.journal.folder import LedgerFolder
from tieout.platforms.journal.model import Ledger
from tieout.platforms.journal.pages import Span, page_behind, span_sums, spans_of
from tieout.platforms.journal.pushing import found, push

# Those that others refer to come first.
PULLS = ("ledger_account", "tax_rate", "customer", "vendor", "receivable", "bill", "journal_line")
PUSHES = ("customer", "vendor", "receivable", "bill", "payment_record", "match")

# What moves with every posting is no edit of the account.
_MOVING_KEYS = {"ledger_account": ("current_balance",)}


class JournalSession:
    """The contract's session. Every call looks at the files as they are now, and reads again what changed."""

    def __init__(self, folder: LedgerFolder) -> None:
        self._folder = folder
        self._ledger: Ledger | None = None
        self._contents = Contents(Books(Ledger()))
        self._spans: dict[str, tuple[Span, ...]] = {}

    def business(self) -> Business:
        """The ledger's own declaration, or its title; the folder's name where it has none."""
        said = self._now().books.business
        return Business(
            said.get("name") or self._folder.folder.name,
            said.get("legal-name", ""),
            said.get("currency", ""),
            said.get("email", ""),
            said.get("type", ""),
        )

    def pull(self, object_type: str, cursor: str, limit: int) -> PulledPage:
        """Objects of the months that changed behind the cursor."""
        return page_behind(self._spans_of(object_type), cursor, limit)

    def spans(self, object_type: str) -> Mapping[str, SpanSum]:
        """By month what there is; `all` for what has no day."""
        return span_sums(self._spans_of(object_type), without=_MOVING_KEYS.get(object_type, ()))

    def ids(self, object_type: str, span: str) -> Sequence[str]:
        """Ids of the objects of a month."""
        return [
            pulled.platform_object_id
            for each in self._spans_of(object_type)
            if each.name == span
            for pulled in each.objects
        ]

    def push(self, object_type: str, key: str, body: Mapping[str, Any]) -> Pushed:
        """Write the object into tieout's own files."""
        _require(object_type, PUSHES, "takes")
        return push(self._folder, self._now, object_type, key, body)

    def find(self, object_type: str, key: str) -> Pushed | None:
        """What the files have under the key."""
        _require(object_type, PUSHES, "takes")
        return found(self._now().books, object_type, key)

    def _spans_of(self, object_type: str) -> tuple[Span, ...]:
        _require(object_type, PULLS, "has")
        now = self._now()
        if object_type not in self._spans:
            self._spans[object_type] = spans_of(now.of(object_type))
        return self._spans[object_type]

    def _now(self) -> Contents:
        ledger = self._folder.ledger()
        if ledger is not self._ledger:
            self._ledger, self._contents, self._spans = ledger, Contents(Books(ledger)), {}
        return self._contents


def _require(object_type: str, known: Sequence[str], does: str) -> None:
    if object_type not in known:
        raise PlatformFault("refused", f"a plain-text ledger {does} no {object_type}; it {does} {', '.join(known)}")

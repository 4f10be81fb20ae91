"""What a connector is: one module or package under `tieout.connectors` that fetches settlements from one vendor.

A connector knows the vendor's API and nothing of ours: what is stored, in which order, and what happens after a crash
is decided by services/feeds. Nothing it does is inside a transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import NamedTuple, Protocol

from tieout.contracts.platform import SettingField
from tieout.domain.entry_facts import EntryFacts


class FoundEntry(NamedTuple):
    """One settlement entry as a vendor tells it."""

    vendor_id: str  # the vendor's own id, by which it is marked
    batch: str  # the vendor's payout or reconciliation; empty where it names none
    kind: str  # domain.kinds.STATEMENT_KINDS
    told_date: date  # of its effect on the account; while the vendor waits the day on which that is expected
    facts: EntryFacts  # `received` is empty while the vendor waits
    description: str = ""
    counterparty: str = ""


class FoundPage(NamedTuple):
    """Some unread entries, and what the vendor tells that cannot be taken in: by its id the reason."""

    entries: Sequence[FoundEntry]
    left_out: Mapping[str, str]

    def __bool__(self) -> bool:
        """Whether the vendor told anything at all; nothing is the end of the day."""
        return bool(self.entries or self.left_out)


class ConnectorSession(Protocol):
    """A vendor signed in to. Every call raises CallFault (contracts.http_client)."""

    def unread(self) -> FoundPage:
        """The first unread entries; always the first, since what is marked leaves the list."""
        ...

    def mark_read(self, vendor_ids: Sequence[str]) -> None:
        """They are stored here; to say it twice changes nothing there."""
        ...

    def mark_resolved(self, vendor_ids: Sequence[str]) -> None:
        """They are cleared here; to say it twice changes nothing there."""
        ...


class Surroundings(NamedTuple):
    """What a session needs of whoever opened it."""

    now: Callable[[], int]  # microseconds since 1970 UTC
    pace: Callable[[str, int], None]  # before a call to an endpoint with so many calls a minute; it may not return
    tokens: Callable[[], str]  # what `keep_tokens` was last given; empty for nothing
    keep_tokens: Callable[[str], None]  # sealed, so that the next session goes on with them


class Connector(Protocol):
    """The shape of a module or package under `tieout.connectors`."""

    TITLE: str  # as people call it
    FIELDS: Sequence[SettingField]

    def opened(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], around: Surroundings
    ) -> AbstractContextManager[ConnectorSession]:
        """A session; closed at the end of the block. Raises CallFault."""
        ...

"""Feeds: what is fetched from outside by itself, every day, and how far that is with each entry."""

from dataclasses import dataclass
from enum import StrEnum


class FeedState(StrEnum):
    """Whether a feed is fetched."""

    ACTIVE = "active"
    PAUSED = "paused"
    DEAUTHORIZED = "deauthorized"  # the outside refuses our credentials; nothing is asked until they are given anew
    REMOVED = "removed"  # for good; what was fetched stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A standing order to fetch settlement entries into one provider account; its secrets are of "feed:ID"."""

    entity_id: int
    id: int
    name: str
    connector: str  # a name under tieout.connectors
    account_id: int  # the provider's clearing account
    settings: str  # JSON text, without secrets
    state: str  # FeedState
    fault: str  # why the last run did not end well; empty when it did
    last_ended_at: int | None
    created_at: int
    created_by: str
    updated_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedEntry:
    """One entry of a feed: stored here, then marked read there, then, once cleared, marked resolved there."""

    entity_id: int
    feed_id: int
    vendor_id: str
    line_id: int | None  # None where it could not be taken in
    left_out: str  # why it could not; empty otherwise
    stored_at: int
    read_at: int | None
    resolved_at: int | None

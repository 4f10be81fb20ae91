"""Matches as they are kept: facts that are only ever appended, a state being one of them."""

from dataclasses import dataclass
from enum import StrEnum


class MatchStatus(StrEnum):
    """Where a match stands: its birth state, or its last state record."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRecord:
    """The head of one match, as it was born."""

    entity_id: int
    id: int
    kind: str  # domain.matches.MatchKind
    matcher: str  # the matcher that found it; "person" for one that somebody made
    born: str  # MatchStatus: proposed, or confirmed at once
    automatic: bool  # the engine made it: counts as prepared by nobody who confirms
    prepared_by: str
    plan: str  # sha256 of the plan; empty for a person's
    answers: int
    searched_fully: bool
    steps: int
    accidental_hits: str  # decimal text; empty where a reference agrees
    evidence: str  # JSON text: {"for": [...], "against": [...], "reasons": [...]}
    extra: str  # JSON text, by face
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRecord:
    """The signed amount of one version of one line that a match uses."""

    entity_id: int
    match_id: int
    line_id: int
    line_version: int
    side: str
    minor_units: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRecord:
    """An explicit leg that ends a residual."""

    entity_id: int
    match_id: int
    number: int
    type: str  # domain.matches.AdjustmentType
    minor_units: int
    currency: str
    account: str
    rule: str
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRecord:
    """A later state of a match: who said so, when and why."""

    entity_id: int
    match_id: int
    number: int  # 1, 2, ... after birth
    state: str  # MatchStatus
    reason: str
    at: int
    by: str


@dataclass(frozen=True, slots=True)
class StoredMatch:
    """A match with all that belongs to it."""

    record: MatchRecord
    status: MatchStatus
    allocations: tuple[AllocationRecord, ...]  # statement before ledger, then by line
    adjustments: tuple[AdjustmentRecord, ...]
    states: tuple[StateRecord, ...]  # oldest first

"""Reconciliations of an account as a chain of periods, and what is ticked in them."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One account over the days after `start_day` up to and including `end_day`; its status is derived, never kept.

    Balances are minor units of the account's currency in the books.
    """

    entity_id: int
    id: int
    account_id: int
    start_day: int
    start_minor_units: int
    end_day: int
    end_minor_units: int
    done: bool
    agreed_with_previous: bool | None  # seen at completion: did the opening agree with the predecessor's closing
    per_statement: str  # seen at completion: agrees, differs, no_statement; empty before
    imported: bool  # history taken over from another system
    created_at: int
    created_by: str
    completed_at: int | None
    completed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """One line ticked in one reconciliation, with what it was when it was ticked, brought up to date at completion.

    A status compares these with the line as it is now, once the reconciliation is complete.
    """

    entity_id: int
    line_id: int  # unique in its entity: a line is cleared in at most one reconciliation
    reconciliation_id: int
    completed_minor_units: int | None
    completed_day: int | None
    completed_account_id: int | None
    ticked_at: int
    ticked_by: str


class Step(StrEnum):
    """What somebody did to a reconciliation."""

    COMPLETED = "completed"
    REOPENED = "reopened"
    CORRECTED = "corrected"
    DELETED = "deleted"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationStep:
    """Who completed, reopened, corrected or deleted a reconciliation, when and why: a fact, which outlives it."""

    entity_id: int
    reconciliation_id: int
    number: int  # 1, 2, ... of that reconciliation; the key ends in it
    step: str  # Step
    reason: str  # empty where none is asked for
    at: int
    by: str

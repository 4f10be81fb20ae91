"""Reconciliations on the wire of the native API."""

import msgspec

from tieout.api.native.line_shapes import LineAnswer
from tieout.api.native.spelling import (
    amount_text,
    day_written,
    instant_text,
    maybe_amount_text,
    maybe_day_text,
    maybe_instant_text,
)
from tieout.contracts.exact_json import Amount
from tieout.domain.accounts import Account
from tieout.domain.reconciling import ReconciliationStep
from tieout.domain.results import BankReconciliation, Outstanding
from tieout.services.reconciling import NextPeriod
from tieout.services.reconciling_chain import ReconciliationNow


class ReconciliationBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The period to open: from where the one before ends, through `end_date`; `done` completes it at once."""

    end_date: str
    end_balance: Amount
    done: bool = False


class EndBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another end for the latest reconciliation; a complete one needs a reason, and is reopened by it."""

    end_date: str | None = None
    end_balance: Amount | None = None
    reason: str = ""


class TickBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Book entries to tick and to release; `partial` lets those go that may."""

    tick: list[int] = []
    untick: list[int] = []
    partial: bool = False


class GivenReason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a closed period is touched again."""

    reason: str


class CorrectionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a complete reconciliation has to say instead, and why; what is absent stays."""

    reason: str
    start_date: str | None = None
    start_balance: Amount | None = None
    end_date: str | None = None
    end_balance: Amount | None = None
    tick: list[int] = []
    untick: list[int] = []


class PeriodBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A period that was reconciled in another system."""

    start_date: str
    start_balance: Amount
    end_date: str
    end_balance: Amount
    line_ids: list[int] = []


class HistoryBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Periods of another system, oldest first."""

    periods: list[PeriodBody]
    reason: str = ""


class ReconciliationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A reconciliation with the status that follows from the facts, its culprit and by how much.

    delta: an amount where it is about balances and lines, a number of days where it is about dates.
    """

    id: int
    account_id: int
    currency: str
    start_date: str
    start_balance: str
    end_date: str
    end_balance: str
    cleared: str
    cleared_lines: int
    left: str  # to be ticked
    done: bool
    latest: bool
    status: str
    culprit: list[str]
    delta: str | None
    delta_unit: str | None  # amount, days
    per_statement: str
    imported: bool
    created_at: str
    created_by: str
    completed_at: str | None
    completed_by: str


class ReconciliationsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The reconciliations of an account, in the order of the chain."""

    reconciliations: list[ReconciliationAnswer]


class NextAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where the next period begins, or which one is in progress."""

    in_progress_id: int | None
    start_date: str | None
    start_balance: str | None
    currency: str


class TickedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be ticked or released, and the reconciliation as it is now."""

    failed: list[int]
    reconciliation: ReconciliationAnswer


class CandidatesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Book entries that the reconciliation may clear, those that it has included."""

    lines: list[LineAnswer]


class StepAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did to a reconciliation."""

    step: str
    reason: str
    at: str
    by: str


class StepsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to a reconciliation, oldest first."""

    steps: list[StepAnswer]


class OutstandingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Lines that explain why bank and books differ, with age in days."""

    sum: str
    lines: list[int]
    ages: list[int]
    amounts: list[str]


class BankAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Per bank + in books not on bank - on bank not in books = per books; `holds` null with a reason if unprovable."""

    account_id: int
    currency: str
    as_of: str | None
    per_bank: str | None
    in_books_not_on_bank: OutstandingAnswer
    on_bank_not_in_books: OutstandingAnswer
    per_books: str | None
    difference: str | None
    holds: bool | None
    reason: str | None


def written_reconciliation(now: ReconciliationNow, account: Account) -> ReconciliationAnswer:
    """A reconciliation as the API shows it; amounts are of the account's currency."""
    kept, currency = now.reconciliation, account.currency
    in_days = now.delta_unit == "days"
    return ReconciliationAnswer(
        id=kept.id,
        account_id=kept.account_id,
        currency=currency,
        start_date=day_written(kept.start_day),
        start_balance=amount_text(kept.start_minor_units, currency),
        end_date=day_written(kept.end_day),
        end_balance=amount_text(kept.end_minor_units, currency),
        cleared=amount_text(now.cleared_minor_units, currency),
        cleared_lines=now.cleared_lines,
        left=amount_text(now.left_minor_units, currency),
        done=kept.done,
        latest=now.latest,
        status=now.status,
        culprit=list(now.culprit),
        delta=str(now.delta) if in_days else maybe_amount_text(now.delta, currency),
        delta_unit=None if now.delta is None else "days" if in_days else "amount",
        per_statement=kept.per_statement,
        imported=kept.imported,
        created_at=instant_text(kept.created_at),
        created_by=kept.created_by,
        completed_at=maybe_instant_text(kept.completed_at),
        completed_by=kept.completed_by,
    )


def written_next(period: NextPeriod, account: Account) -> NextAnswer:
    """Where the next period begins, as the API shows it."""
    return NextAnswer(
        in_progress_id=period.in_progress_id,
        start_date=maybe_day_text(period.start_day),
        start_balance=maybe_amount_text(period.start_minor_units, account.currency),
        currency=account.currency,
    )


def written_step(step: ReconciliationStep) -> StepAnswer:
    """A step as the API shows it."""
    return StepAnswer(step=step.step, reason=step.reason, at=instant_text(step.at), by=step.by)


def written_bank(found: BankReconciliation) -> BankAnswer:
    """A bank reconciliation as the API shows it."""
    return BankAnswer(
        account_id=int(found.account),
        currency=found.currency,
        as_of=found.as_of,
        per_bank=maybe_amount_text(found.per_bank, found.currency),
        in_books_not_on_bank=_outstanding(found.in_books_not_on_bank, found.currency),
        on_bank_not_in_books=_outstanding(found.on_bank_not_in_books, found.currency),
        per_books=maybe_amount_text(found.per_books, found.currency),
        difference=maybe_amount_text(found.difference, found.currency),
        holds=found.holds,
        reason=found.reason,
    )


def _outstanding(outstanding: Outstanding, currency: str) -> OutstandingAnswer:
    return OutstandingAnswer(
        sum=amount_text(outstanding.sum, currency),
        lines=[int(each) for each in outstanding.lines],
        ages=list(outstanding.ages),
        amounts=[amount_text(each, currency) for each in outstanding.amounts],
    )

"""Chains of reconciliations of one account, whole until somebody injects a fault."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tieout.domain.accounts import Account, AccountKind
from tieout.domain.reconciliation_status import ClearedLine, LineFacts, ReconciliationNow, Status, chain_now
from tieout.domain.reconciling import Reconciliation

ENTITY, ACCOUNT = 1, 5
# 2024-01-01; periods of 30 days keep the arithmetic of examples in the head.
FIRST_DAY = 19_723
PERIOD_DAYS = 30
OPENING = 1_000_00


def an_account(**changes: Any) -> Account:
    """A bank account in GBP whose history begins on the first day with 1,000.00."""
    account = Account(
        entity_id=ENTITY,
        id=ACCOUNT,
        kind=AccountKind.BANK,
        name="Current account",
        code="1200",
        number="",
        currency="GBP",
        starting_day=FIRST_DAY,
        starting_minor_units=OPENING,
        reconcile_day=None,
        archived_at=None,
        extra="",
        created_at=0,
        updated_at=0,
    )
    return replace(account, **changes)


def end_day_of(number: int) -> int:
    """The end day of a period, counted from 1; of 0 the day that the chain begins."""
    return FIRST_DAY + number * PERIOD_DAYS


def line_of(number: int, place: int) -> int:
    """The id of the first (0) or second (1) line that a period clears."""
    return 1_000 + 2 * number + place


@dataclass(frozen=True)
class GivenChain:
    """The facts of one account; reconciliation 1 is the first."""

    account: Account
    reconciliations: tuple[Reconciliation, ...]
    cleared: tuple[ClearedLine, ...]

    def now(self) -> list[ReconciliationNow]:
        """Every reconciliation with its status."""
        return list(chain_now(self.account, self.reconciliations, self.cleared))

    def faults(self) -> dict[int, tuple[Status, tuple[str, ...], int | None]]:
        """What is not complete, by reconciliation: its status with culprit and delta."""
        return {
            each.reconciliation.id: (each.status, each.culprit, each.delta)
            for each in self.now()
            if each.status is not Status.COMPLETE
        }

    def with_account(self, **changes: Any) -> "GivenChain":
        """The chain after somebody edited the account."""
        return replace(self, account=replace(self.account, **changes))

    def with_reconciliation(self, number: int, **changes: Any) -> "GivenChain":
        """The chain after one reconciliation got other facts."""
        kept = (replace(each, **changes) if each.id == number else each for each in self.reconciliations)
        return replace(self, reconciliations=tuple(kept))

    def with_line(self, line_id: int, **changes: Any) -> "GivenChain":
        """The chain after somebody edited a cleared line; without changes, after they deleted it."""
        return replace(self, cleared=tuple(_edited(self.cleared, line_id, changes)))


def _edited(cleared: Iterable[ClearedLine], line_id: int, changes: dict[str, Any]) -> Iterable[ClearedLine]:
    for line in cleared:
        if line.line_id != line_id:
            yield line
        elif not changes or line.now is None:
            yield line._replace(now=None)
        else:
            yield line._replace(now=line.now._replace(**changes))


def a_chain(periods: int = 24) -> GivenChain:
    """Complete reconciliations, one after another, each clearing 70.00 in and 20.00 out."""
    chain = tuple(_period(number) for number in range(1, periods + 1))
    cleared = tuple(
        ClearedLine(line_of(number, place), number, facts, facts)
        for number in range(1, periods + 1)
        for place, facts in enumerate((_facts(number, 70_00), _facts(number, -20_00)))
    )
    return GivenChain(an_account(reconcile_day=end_day_of(periods) if periods else None), chain, cleared)


def _facts(number: int, minor_units: int) -> LineFacts:
    return LineFacts(minor_units, end_day_of(number) - 3, ACCOUNT)


def _period(number: int) -> Reconciliation:
    return Reconciliation(
        entity_id=ENTITY,
        id=number,
        account_id=ACCOUNT,
        start_day=end_day_of(number - 1),
        start_minor_units=OPENING + (number - 1) * 50_00,
        end_day=end_day_of(number),
        end_minor_units=OPENING + number * 50_00,
        done=True,
        agreed_with_previous=True,
        per_statement="no_statement",
        imported=False,
        created_at=0,
        created_by="user:1@native",
        completed_at=0,
        completed_by="user:1@native",
    )

"""An account whose reconciliations are kept in a store, in the words of a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.given_chains import FIRST_DAY, OPENING, end_day_of
from tests.given_store import Office, given_office
from tieout.domain.accounts import Account
from tieout.domain.people import Principal
from tieout.domain.reconciliation_status import ReconciliationNow, Status
from tieout.domain.reconciling import Reconciliation
from tieout.services.accounts import AccountRequest, account, change_account, open_account
from tieout.services.context import Context, Denied
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.reconciling import open_reconciliation
from tieout.services.reconciling_chain import reconciliations
from tieout.services.reconciling_completion import complete_reconciliation
from tieout.services.reconciling_history import ImportedPeriod, import_chain
from tieout.services.ticking import tick

Answer = TypeVar("Answer")


def done(answer: Answer | Denied) -> Answer:
    """The answer of a service that refuses nothing."""
    assert not isinstance(answer, Denied), answer
    return answer


def codes(answer: object) -> tuple[str, ...]:
    """The codes by which a service refuses."""
    assert isinstance(answer, Denied), answer
    return answer.codes


@dataclass(frozen=True)
class Bookkeeping:
    """One account of an office and the approver who reconciles it."""

    context: Context
    office: Office
    account_id: int
    approver: Principal

    @property
    def entity_id(self) -> int:
        """The entity of the account."""
        return self.office.entity_id

    def account(self) -> Account:
        """The account as it is now."""
        return done(account(self.context, self.approver, self.entity_id, self.account_id))

    def change_account(self, **changes: object) -> None:
        """Edit the account."""
        done(change_account(self.context, self.approver, self.entity_id, self.account_id, changes))

    def book(self, *entries: tuple[int, int]) -> list[int]:
        """Book entries as (day, minor units); their ids."""
        requests = [
            LineRequest(
                side="ledger",
                kind="bank_entry",
                account_id=self.account_id,
                currency="GBP",
                minor_units=minor_units,
                booking_day=day,
            )
            for day, minor_units in entries
        ]
        return [line.id for line in done(enter_lines(self.context, self.approver, self.entity_id, requests))]

    def open(self, end_day: int, end_minor_units: int) -> Reconciliation:
        """Open the next reconciliation."""
        return done(
            open_reconciliation(self.context, self.approver, self.entity_id, self.account_id, end_day, end_minor_units)
        )

    def tick(self, reconciliation_id: int, lines: Sequence[int]) -> None:
        """Tick lines, all of which may be ticked."""
        answer = done(tick(self.context, self.approver, self.entity_id, reconciliation_id, lines))
        assert answer.failed == ()

    def complete(self, reconciliation_id: int) -> Reconciliation:
        """Complete a reconciliation that adds up."""
        return done(complete_reconciliation(self.context, self.approver, self.entity_id, reconciliation_id))

    def reconcile(self, number: int, *, in_progress: bool = False) -> tuple[Reconciliation, list[int]]:
        """One period of a chain in its order, counted from 1: 70.00 in and 20.00 out, cleared; with its lines."""
        end = end_day_of(number)
        lines = self.book((end - 3, 70_00), (end - 3, -20_00))
        opened = self.open(end, OPENING + number * 50_00)
        self.tick(opened.id, lines)
        return (opened if in_progress else self.complete(opened.id)), lines

    def import_periods(self, first: int, last: int) -> tuple[list[Reconciliation], list[list[int]]]:
        """Periods of a chain as another system cleared them, each with its lines."""
        lines = self.book(*(entry for number in range(first, last + 1) for entry in _entries_of(number)))
        pairs = [lines[place : place + 2] for place in range(0, len(lines), 2)]
        periods = [
            ImportedPeriod(
                start_day=end_day_of(number - 1),
                start_minor_units=OPENING + (number - 1) * 50_00,
                end_day=end_day_of(number),
                end_minor_units=OPENING + number * 50_00,
                line_ids=tuple(pair),
            )
            for number, pair in zip(range(first, last + 1), pairs, strict=True)
        ]
        return self.import_chain(*periods), pairs

    def import_chain(self, *periods: ImportedPeriod) -> list[Reconciliation]:
        """Take over these periods."""
        return done(import_chain(self.context, self.approver, self.entity_id, self.account_id, periods))

    def now(self) -> list[ReconciliationNow]:
        """Every reconciliation of the account with its status."""
        return done(reconciliations(self.context, self.approver, self.entity_id, self.account_id))

    def faults(self) -> dict[int, tuple[Status, tuple[str, ...], int | None]]:
        """What is not complete: by number in the chain its status with culprit and delta."""
        return {
            number: (each.status, each.culprit, each.delta)
            for number, each in enumerate(self.now(), start=1)
            if each.status is not Status.COMPLETE
        }


def _entries_of(number: int) -> tuple[tuple[int, int], tuple[int, int]]:
    day = end_day_of(number) - 3
    return (day, 70_00), (day, -20_00)


def bookkeeping(
    context: Context, *, currency: str = "GBP", starting_day: int | None = FIRST_DAY, opening: int = OPENING
) -> Bookkeeping:
    """A bank account in GBP of an entity whose books are in `currency`; nothing is reconciled yet."""
    office = given_office(context, currency)
    request = AccountRequest(
        kind="bank", name="Current account", currency="GBP", starting_day=starting_day, starting_minor_units=opening
    )
    opened = done(open_account(context, office.owner, office.entity_id, request))
    return Bookkeeping(context, office, opened.id, office.approver)


@dataclass(frozen=True)
class GivenHistory:
    """An account after 24 complete periods; the lists begin with period 1 at index 0."""

    books: Bookkeeping
    reconciliations: list[Reconciliation]
    lines: list[list[int]]


def a_history(context: Context) -> GivenHistory:
    """24 periods: the first 20 as another system cleared them, the last four reconciled here."""
    books = bookkeeping(context)
    imported, lines = books.import_periods(1, 20)
    here = [books.reconcile(number) for number in range(21, 25)]
    return GivenHistory(books, [*imported, *(each for each, _ in here)], [*lines, *(pair for _, pair in here)])

"""Random work on one account: whatever is done in whatever order, P1 to P6 hold after every step.

The statuses are computed a second time here, from the rows alone and by other means.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.given_chains import FIRST_DAY, OPENING
from tests.given_reconciliations import bookkeeping, done
from tests.given_store import given_context
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.reconciliation_status import Status
from tieout.domain.reconciling import Clearing, Reconciliation
from tieout.services.context import Context, Denied
from tieout.services.lines import delete_lines, edit_line, restore_line
from tieout.services.reconciling import change_end, delete_reconciliation, open_reconciliation
from tieout.services.reconciling_completion import complete_reconciliation, reopen_reconciliation
from tieout.services.reconciling_correction import CorrectionRequest, correct_reconciliation
from tieout.services.reconciling_history import ImportedPeriod, import_chain
from tieout.services.ticking import candidates, tick
from tieout.store.protocols import Condition, Scope
from tieout.store.sql.store import SqlStore

DAYS = st.integers(0, 60)
AMOUNTS = st.integers(-9, 9)
PLACES = st.integers(0, 50)


@pytest.fixture(scope="session")
def every_run(store: SqlStore) -> Context:
    """What services are handed in every run on one store."""
    return given_context(store, "random work on one account")


class Work(RuleBasedStateMachine):
    """One bookkeeper's account."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.books = bookkeeping(context)
        self.lines: list[int] = []

    def ask(self, service: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Ask a service; a refusal must leave no trace."""
        books = self.books
        before = self.events()
        answer = service(books.context, books.approver, books.entity_id, *arguments, **named)
        if isinstance(answer, Denied):
            assert self.events() == before
        return answer

    def events(self) -> int:
        """How many changes the entity has seen."""
        with self.books.context.store.reading() as view:
            return view.event_count(Scope("entity", self.books.entity_id))

    def kept(self) -> tuple[Account, list[Reconciliation], list[Clearing], dict[int, Line]]:
        """The rows that a status may follow from."""
        entity = self.books.entity_id
        with self.books.context.store.reading() as view:
            account = view.one(Account, entity_id=entity, id=self.books.account_id)
            assert account is not None
            chain = view.all(Reconciliation, entity_id=entity)
            lines = {each.line.id: each.line for each in view.lines(entity)}
            clearings = view.all(Clearing, entity_id=entity)
        return account, sorted(chain, key=lambda each: (each.end_day, each.id)), clearings, lines

    def one_of(self, place: int) -> Reconciliation:
        """One of the reconciliations there are."""
        chain = self.kept()[1]
        return chain[place % len(chain)]

    def some_line(self, place: int) -> int:
        """An entry; a cleared one where the place is even and there is one."""
        cleared = sorted(each.line_id for each in self.kept()[2])
        among = cleared if cleared and place % 2 == 0 else self.lines
        return among[place % len(among)]

    def any_reconciliation(self) -> bool:
        """Whether there is one."""
        return bool(self.kept()[1])

    @rule(day=DAYS, amount=AMOUNTS)
    def book(self, day: int, amount: int) -> None:
        """Somebody posts an entry."""
        self.lines += self.books.book((FIRST_DAY + day, amount))

    @precondition(lambda self: self.lines)
    @rule(place=PLACES, day=DAYS, amount=AMOUNTS)
    def edit(self, place: int, day: int, amount: int) -> None:
        """Somebody edits an entry."""
        line = self.some_line(place)
        self.ask(edit_line, line, {"minor_units": amount, "booking_day": FIRST_DAY + day})

    @precondition(lambda self: self.lines)
    @rule(place=PLACES)
    def delete_or_restore(self, place: int) -> None:
        """Somebody deletes an entry, or restores a deleted one."""
        line = self.some_line(place)
        if isinstance(self.ask(delete_lines, [line]), Denied):
            done(self.ask(restore_line, line))

    @rule(days=DAYS, off=st.sampled_from([0, 0, 0, 1]), whole=st.booleans())
    def reconcile(self, days: int, off: int, whole: bool) -> None:
        """Somebody opens a period, ticks what is there, and completes it where it adds up."""
        chain = self.kept()[1]
        end = days + (chain[-1].end_day if chain else FIRST_DAY)
        opened = self.ask(open_reconciliation, self.books.account_id, end, 0)
        if isinstance(opened, Denied):
            assert "reconciliation_in_progress" in opened.codes or "end_before_start" in opened.codes
            return
        self.lines += self.books.book((end, 5), (end, -2))
        listed = done(self.ask(candidates, opened.id))[: None if whole else 2]
        assert done(self.ask(tick, opened.id, [each.line.id for each in listed])).failed == ()
        reached = opened.start_minor_units + sum(each.line.minor_units for each in listed)
        done(self.ask(change_end, opened.id, end_minor_units=reached + off))
        assert isinstance(self.ask(complete_reconciliation, opened.id), Denied) == bool(off)

    @precondition(any_reconciliation)
    @rule(place=PLACES, lines=st.lists(PLACES, max_size=3), off=st.booleans())
    def tick_some(self, place: int, lines: list[int], off: bool) -> None:
        """Somebody ticks or unticks whatever is at hand."""
        chosen = [self.lines[number % len(self.lines)] for number in lines if self.lines]
        before = self.one_of(place)
        answer = done(self.ask(tick, before.id, [] if off else chosen, chosen if off else []))
        if before.done:
            assert answer.failed == tuple(sorted(set(chosen)))

    @precondition(any_reconciliation)
    @rule(place=PLACES)
    def complete(self, place: int) -> None:
        """Somebody completes a period, where it adds up."""
        self.ask(complete_reconciliation, self.one_of(place).id)

    @precondition(any_reconciliation)
    @rule(place=PLACES, what=st.sampled_from(["reopen", "delete", "end"]), days=DAYS)
    def undo_latest(self, place: int, what: str, days: int) -> None:
        """Somebody reopens, deletes or moves a period; only the latest lets them."""
        chain, chosen = self.kept()[1], self.one_of(place)
        if what == "reopen":
            answer = self.ask(reopen_reconciliation, chosen.id, "forgotten")
        elif what == "delete":
            answer = self.ask(delete_reconciliation, chosen.id)
        else:
            answer = self.ask(change_end, chosen.id, end_day=FIRST_DAY + days, reason="forgotten")
        if chosen != chain[-1]:
            assert isinstance(answer, Denied)
            assert answer.codes == ("not_latest",)

    @rule(field=st.sampled_from(["starting_day", "reconcile_day"]), value=st.none() | DAYS)
    def change_days(self, field: str, value: int | None) -> None:
        """Somebody edits the days that reconciliations start from."""
        self.books.change_account(**{field: None if value is None else FIRST_DAY + value})

    @rule(amount=AMOUNTS)
    def change_starting_balance(self, amount: int) -> None:
        """Somebody edits the balance that the first reconciliation starts from."""
        self.books.change_account(starting_minor_units=OPENING + amount)

    @precondition(any_reconciliation)
    @rule(balance=st.booleans())
    def repair_account(self, balance: bool) -> None:
        """Somebody sets the account right again; its own faults heal."""
        _, chain, _, _ = self.kept()
        if chain[0].done:
            self.books.change_account(starting_day=chain[0].start_day)
            if balance:
                self.books.change_account(starting_minor_units=chain[0].start_minor_units)
        last = [each for each in chain if each.done][-1:]
        self.books.change_account(reconcile_day=last[0].end_day if last else None)
        culprits = {culprit for each in self.books.now() for culprit in each.culprit}
        assert "account.reconcile_day" not in culprits or chain[0].start_day < (self.kept()[0].origin_day or 0)

    @precondition(any_reconciliation)
    @rule(place=PLACES, line=PLACES, days=st.sampled_from([0, 0, 0, 7]))
    def correct(self, place: int, line: int, days: int) -> None:
        """Somebody corrects a complete period by a forgotten entry, or by its days."""
        chosen = self.one_of(place)
        _, _, clearings, lines = self.kept()
        cleared = {each.line_id for each in clearings}
        fresh = [each for each in self.lines if each in lines and each not in cleared]
        more = fresh[line % len(fresh)] if fresh else None
        request = CorrectionRequest(reason="misread", start_day=FIRST_DAY + days if days else None)
        if more is not None:
            reached = chosen.end_minor_units + lines[more].minor_units
            request = replace(request, end_minor_units=reached, tick=(more,))
        self.ask(correct_reconciliation, chosen.id, request)

    @rule(start=st.none() | DAYS, days=st.integers(0, 20), opening=st.sampled_from([0, 0, 1]), closing=AMOUNTS)
    def import_period(self, start: int | None, days: int, opening: int, closing: int) -> None:
        """Somebody takes over a period of another system."""
        chain = self.kept()[1]
        day, balance = (chain[-1].end_day, chain[-1].end_minor_units) if chain else (FIRST_DAY, OPENING)
        begins = day if start is None else FIRST_DAY + start
        period = ImportedPeriod(
            start_day=begins,
            start_minor_units=balance + opening,
            end_day=begins + days,
            end_minor_units=OPENING + closing,
        )
        self.ask(import_chain, self.books.account_id, [period])

    @invariant()
    def statuses_follow_from_what_is_kept(self) -> None:
        """P1 and P6: every status, and none but where something is wrong."""
        account, chain, clearings, lines = self.kept()

        shown = {each.reconciliation.id: each.status for each in self.books.now()}

        assert shown == {each.id: _status(account, chain, clearings, lines, each) for each in chain}

    @invariant()
    def complete_ones_add_up_and_one_is_incomplete_at_most(self) -> None:
        """P2, P3 and P5."""
        _, chain, clearings, _ = self.kept()

        for each in chain:
            own = [line.completed_minor_units for line in clearings if line.reconciliation_id == each.id]
            if each.done and not (each.imported and not own):
                assert each.start_minor_units + sum(amount or 0 for amount in own) == each.end_minor_units
        assert sum(not each.done for each in chain) <= 1
        assert all(each.done for each in chain[:-1])
        assert len({each.line_id for each in clearings}) == len(clearings)


def _status(
    account: Account,
    chain: list[Reconciliation],
    clearings: list[Clearing],
    lines: dict[int, Line],
    this: Reconciliation,
) -> Status:
    """The table, read row by row."""
    earlier = [each for each in chain if (each.end_day, each.id) < (this.end_day, this.id)]
    begins = max([day for day in (account.starting_day, account.origin_day) if day is not None] or [0])
    day, balance = begins, account.starting_minor_units
    if earlier:
        day, balance = earlier[-1].end_day, earlier[-1].end_minor_units
    last = [each for each in chain if each.done][-1:] == [this]
    own = [each for each in clearings if each.reconciliation_id == this.id]
    rows = [
        (not this.done, Status.INCOMPLETE),
        (this.start_day < day, Status.OVERLAPS_PREVIOUS),
        (this.start_day > day or (last and account.reconcile_day != this.end_day), Status.RECONCILE_DATE_CHANGED),
        (this.start_minor_units != balance and this.agreed_with_previous, Status.STARTING_BALANCE_CHANGED),
        (this.start_minor_units != balance, Status.INCORRECT_STARTING_BALANCE),
        (any(not _as_seen(each, lines) for each in own), Status.TRANSACTIONS_MODIFIED),
        (True, Status.COMPLETE),
    ]
    return next(status for applies, status in rows if applies)


def _as_seen(clearing: Clearing, lines: dict[int, Line]) -> bool:
    line = lines.get(clearing.line_id)
    seen = (clearing.completed_minor_units, clearing.completed_day, clearing.completed_account_id)
    return line is not None and seen == (line.minor_units, line.booking_day, line.account_id)


def test_random_work_on_an_account_keeps_its_chain_true(every_run: Context) -> None:
    class OnThisStore(Work):
        def __init__(self) -> None:
            super().__init__(every_run)

    # PostgreSQL is a server of its own: each question takes several times as long as in SQLite's file.
    runs = 30 if every_run.store.name == "sqlite" else 20
    run_state_machine_as_test(OnThisStore, settings=settings(max_examples=runs, stateful_step_count=25))

    with every_run.store.reading() as view:
        assert view.count(Reconciliation, Condition("entity_id", ">", 0)) > 0

"""Several people at work on the books of one entity: every rule is something that somebody does through a service."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.given_store import Clock, given_office
from tests.simulation.changes import change_faults
from tests.simulation.invariants import (
    bank_faults,
    matching_faults,
    reconciliation_faults,
    status_of,
    version_faults,
)
from tests.simulation.kept import Kept, kept_of
from tests.simulation.told import date_text
from tieout.domain.accounts import Account
from tieout.domain.lines import Line, Origin
from tieout.services.accounts import AccountRequest, change_account, open_account
from tieout.services.bank_reconciling import bank_reconciliation
from tieout.services.context import Context, Denied
from tieout.services.intake import receive_document
from tieout.services.invoices import InvoiceRequest, cancel_invoice, create_invoice
from tieout.services.journal import (
    JournalLineRequest,
    JournalRequest,
    cancel_journal_entry,
    delete_journal_entry,
    enter_journal_entry,
)
from tieout.services.lines import LineRequest, delete_lines, edit_line, enter_lines, restore_line
from tieout.services.matching import (
    AdjustmentRequest,
    AllocationRequest,
    MatchRequest,
    confirm_match,
    make_match,
    reject_match,
    undo_match,
)
from tieout.services.payments import pay_instalment, undo_payment
from tieout.services.people.settings import FOUR_EYES, set_setting
from tieout.services.period_locks import lock_period
from tieout.services.proposing import propose_matches
from tieout.services.reconciling import change_end, delete_reconciliation, open_reconciliation
from tieout.services.reconciling_chain import reconciliations
from tieout.services.reconciling_completion import complete_reconciliation, reopen_reconciliation
from tieout.services.ticking import candidates, tick
from tieout.services.transfers import enter_transfer
from tieout.store.protocols import Condition

# 5 January 2026 in days since 1970-01-01; work happens in the six weeks after it.
FIRST_DAY = 20_458
START = 1_000

WHO = st.sampled_from(["owner"] * 5 + ["approver"] * 3 + ["preparer"] * 2 + ["reader", "stranger"])
DAYS = st.integers(1, 24).map(lambda day: FIRST_DAY + day)
AMOUNTS = st.sampled_from([-3, -2, -1, 1, 2, 3])
PLACES = st.integers(0, 60)
_VALUES = {"minor_units": AMOUNTS, "booking_day": DAYS, "description": st.sampled_from(["seen", "paid", ""])}
SAVINGS = st.sampled_from([False, False, True])


class OfficeWork(RuleBasedStateMachine):
    """One entity, the rows that are kept of it, and everybody who works there."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.office = given_office(context)
        self.four_eyes = False
        self.kept = self.read()
        self.proved: Kept | None = None
        self.accounts = [
            self.did(self.ask("owner", open_account, AccountRequest(
                kind=kind, name=kind, currency="NOK", number=f"90010{number}{self.entity_id}", code=str(1920 + number),
                starting_day=FIRST_DAY, starting_minor_units=START,
            ))).id
            for number, kind in enumerate(("bank", "bank", "book"))
        ]  # fmt: skip
        self.begin()

    def begin(self) -> None:
        """Two weeks of work are done: two periods are complete, the first days locked; matches stand, one is stale."""
        for amount, day in ((2, 2), (-1, 6), (3, 10), (1, 11)):
            self.enter("owner", "statement", amount, FIRST_DAY + day, savings=False, feed=True)
            self.enter("owner", "ledger", amount, FIRST_DAY + day, savings=False, feed=False)
        self.invoice("owner", [2, 1], FIRST_DAY + 9)
        for amount in (2, -2):
            self.enter("owner", "ledger", amount, FIRST_DAY + 12, savings=True, feed=False)
        bank, books = self.of("statement"), self.of("ledger", kinds=["bank_entry"])
        self.match("across", bank[0], books[0])
        self.match("across", bank[2], books[2])
        self.match("within", *books[4:])
        self.match("across", bank[3], books[3], confirm=False)
        self.did(self.ask("preparer", edit_line, books[3].id, {"minor_units": 2}))
        for days in (4, 4):
            self.reconcile("owner", "owner", days, 0, savings=False)
        self.enter("owner", "ledger", 3, FIRST_DAY + 1, savings=False, feed=False)
        self.direct("owner", "lock", 0, 3)

    def match(self, kind: str, *lines: Line, confirm: bool = True) -> None:
        """The owner ties all of these lines, or the preparer says that they might belong together."""
        request = MatchRequest(kind=kind, allocations=tuple(AllocationRequest(line_id=line.id) for line in lines))
        self.did(self.ask("owner" if confirm else "preparer", make_match, request, confirm=confirm))

    @property
    def entity_id(self) -> int:
        """The entity that they work on."""
        return self.office.entity_id

    def read(self) -> Kept:
        """The rows as they are now."""
        with self.context.store.reading() as view:
            return kept_of(view, self.entity_id, self.office.organisation.id)

    def ask(self, who: str, service: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What a service answers somebody; what it did meanwhile is compared with what it may do."""
        answer = service(self.context, getattr(self.office, who), self.entity_id, *arguments, **named)
        self.judge(refused=isinstance(answer, Denied))
        if who == "stranger":
            assert isinstance(answer, Denied), "strangers see nothing"
            assert set(answer.codes) == {"not_found"}
        if who == "reader":
            assert isinstance(answer, Denied), "readers change nothing"
        return answer

    def judge(self, *, refused: bool = False, whole: bool = True, platform: bool = False) -> None:
        """Compare the rows with those before, as `change_faults` says, and go on from them."""
        before, after = self.kept, self.read()
        faults = change_faults(before, after, refused=refused, four_eyes=self.four_eyes, whole=whole, platform=platform)
        assert faults == []
        self.kept = before if after == before else after

    def did(self, answer: Any) -> Any:
        """The answer of a service that has no reason to refuse."""
        assert not isinstance(answer, Denied), answer
        return answer

    def account(self, *, savings: bool) -> Account:
        """One of the two bank accounts."""
        return next(each for each in self.kept.accounts if each.id == self.accounts[savings])

    def some(self, place: int, lines: Iterable[Line]) -> Line:
        """One of the lines: an open one for an even place, a tied one for some others, any where there is none such."""
        among = sorted(lines, key=lambda line: line.id) or list(self.kept.latest.values())
        still_open = [line for line in among if line.id in self.kept.lines and self.kept.left(line.id)]
        tied = [line for line in among if line.id in self.kept.used]
        chosen = (still_open if place % 2 == 0 else tied if place % 4 == 3 else among) or among
        return chosen[place // 4 % len(chosen)]

    def of(self, side: str, sign: int = 0, kinds: Sequence[str] = ()) -> list[Line]:
        """Lines of one side, of one sign and of some kinds where they are asked for."""
        return [
            line
            for line in self.kept.lines.values()
            if line.side == side and line.minor_units * sign >= 0 and (not kinds or line.kind in kinds)
        ]

    @rule(who=WHO, side=st.sampled_from(["statement", "ledger"]), amount=AMOUNTS, day=DAYS, savings=SAVINGS,
          feed=st.booleans())  # fmt: skip
    def enter(self, who: str, side: str, amount: int, day: int, *, savings: bool, feed: bool) -> None:
        """Somebody types a line in, or the bank sends one."""
        request = LineRequest(
            side=side,
            kind="bank_entry" if side == "ledger" else "",
            account_id=self.accounts[savings],
            currency="NOK",
            minor_units=amount,
            booking_day=day,
        )
        sent = feed and side == "statement"
        self.ask(who, enter_lines, [request], Origin.FEED if sent else Origin.ENTERED)

    @rule(who=WHO, rows=st.lists(st.tuples(AMOUNTS, DAYS), min_size=1, max_size=3), savings=SAVINGS)
    def receive(self, who: str, rows: list[tuple[int, int]], *, savings: bool) -> None:
        """Somebody uploads what the bank wrote; twice is once."""
        number = self.account(savings=savings).number
        lines = [
            f"{place},{number},NOK,{amount / 100:.2f},{date_text(day)}" for place, (amount, day) in enumerate(rows)
        ]
        content = "\n".join(["id,account,currency,amount,booking_date", *lines, ""]).encode()
        received = self.ask(who, receive_document, "bank.csv", content)
        before = self.kept
        if not isinstance(received, Denied):
            assert self.did(self.ask(who, receive_document, "again.csv", content)).id == received.id
            assert self.kept == before

    @rule(who=WHO, amounts=st.lists(AMOUNTS, min_size=1, max_size=2), day=DAYS)
    def invoice(self, who: str, amounts: list[int], day: int) -> None:
        """Somebody enters an invoice, or a bill, with an instalment of each amount."""
        receivable = amounts[0] > 0
        instalments = tuple(
            (day + number, abs(each) * (1 if receivable else -1)) for number, each in enumerate(amounts)
        )
        direction = "receivable" if receivable else "payable"
        request = InvoiceRequest(direction=direction, currency="NOK", issue_day=day, instalments=instalments)
        self.ask(who, create_invoice, request)

    @rule(
        who=WHO, place=PLACES, day=DAYS, off=st.sampled_from([0, 0, 1]), how=st.sampled_from(["pay", "undo", "cancel"])
    )
    def pay(self, who: str, place: int, day: int, off: int, how: str) -> None:
        """Somebody says that an instalment was paid, takes that back, or cancels its invoice."""
        line = self.some(place, self.of("ledger", kinds=("receivable", "payable")))
        if how == "undo":
            self.ask(who, undo_payment, line.id)
        elif how == "pay":
            self.ask(who, pay_instalment, line.id, day, line.minor_units + off)
        else:
            self.ask(who, cancel_invoice, line.parent_id or 0)

    @rule(who=WHO, amount=AMOUNTS, day=DAYS, savings=SAVINGS, place=PLACES,
          how=st.sampled_from(["post", "delete", "reverse"]))  # fmt: skip
    def post(self, who: str, amount: int, day: int, place: int, how: str, *, savings: bool) -> None:
        """Somebody posts a journal entry on a bank account, deletes one, or reverses it."""
        if how == "post" or not self.kept.entries:
            lines = (
                JournalLineRequest(account_id=self.accounts[savings], minor_units=amount),
                JournalLineRequest(account_id=self.accounts[2], minor_units=-amount),
            )
            self.ask(who, enter_journal_entry, JournalRequest(booking_day=day, lines=lines))
            return
        entry = self.kept.entries[place % len(self.kept.entries)]
        if how == "delete":
            self.ask(who, delete_journal_entry, entry.id)
        else:
            self.ask(who, cancel_journal_entry, entry.id, "wrong", day)

    @rule(who=WHO, amount=AMOUNTS, day=DAYS, savings=SAVINGS)
    def transfer(self, who: str, amount: int, day: int, *, savings: bool) -> None:
        """Somebody enters an own transfer."""
        self.ask(who, enter_transfer, self.accounts[savings], self.accounts[not savings], amount, day)

    @rule(
        who=WHO,
        place=PLACES,
        tied=st.booleans(),
        changes=st.sampled_from(["minor_units", "booking_day", "description"]).flatmap(
            lambda name: st.fixed_dictionaries({name: _VALUES[name]})
        ),
        side=st.sampled_from(["ledger", "ledger", "statement"]),
    )
    def edit(self, who: str, place: int, changes: dict[str, Any], side: str, *, tied: bool) -> None:
        """Somebody edits a line, often one that is tied."""
        self.ask(who, edit_line, self.some(4 * place + 3 if tied else place, self.of(side)).id, changes)

    @rule(who=WHO, places=st.lists(PLACES, min_size=1, max_size=2), partial=st.booleans(), restore=st.booleans())
    def delete(self, who: str, places: list[int], *, partial: bool, restore: bool) -> None:
        """Somebody deletes lines, or brings a deleted one back."""
        gone = sorted(self.kept.latest.keys() - self.kept.lines.keys())
        if restore and gone:
            self.ask(who, restore_line, gone[places[0] % len(gone)])
        else:
            lines = [self.some(place, self.kept.lines.values()).id for place in places]
            self.ask(who, delete_lines, lines, partial=partial)

    @rule(
        who=WHO,
        place=PLACES,
        books=st.lists(PLACES, min_size=1, max_size=2),
        part=st.sampled_from([None, None, None, 1, 2]),
        off=st.sampled_from([0, 0, 0, 1]),
        confirm=st.sampled_from([True, True, False]),
    )
    def tie(self, who: str, place: int, books: list[int], part: int | None, off: int, *, confirm: bool) -> None:
        """Somebody ties a bank line to one or two lines of the books, with a leg for what is left over."""
        money = self.some(place, self.of("statement"))
        sign = 1 if money.minor_units > 0 else -1
        fitting = [line for line in self.of("ledger", sign) if line.account_id in (0, money.account_id)]
        chosen = {self.some(number, fitting).id for number in books}
        legs = [AllocationRequest(line_id=money.id, minor_units=None if part is None else part * sign)]
        legs += [AllocationRequest(line_id=line_id) for line_id in sorted(chosen)]
        over = (legs[0].minor_units or self._left(money.id)) - sum(map(self._left, chosen)) + off
        adjustments = [AdjustmentRequest(type="fee", minor_units=over, currency="NOK")] if over else []
        request = MatchRequest(allocations=tuple(legs), adjustments=tuple(adjustments))
        made = self.ask(who, make_match, request, confirm=confirm)
        assert not (off and confirm and not isinstance(made, Denied)), "what leaves money over is not confirmed"

    def _left(self, line_id: int) -> int:
        return self.kept.left(line_id) if line_id in self.kept.lines else 0

    @rule(who=WHO, place=PLACES, side=st.sampled_from(["statement", "ledger"]), confirm=st.booleans())
    def offset(self, who: str, place: int, side: str, *, confirm: bool) -> None:
        """Somebody ties two lines of one side that cancel."""
        first = self.some(place, self.of(side, 1))
        second = [line for line in self.of(side, -1) if self._left(line.id) == -self._left(first.id)]
        legs = tuple(AllocationRequest(line_id=line.id) for line in (first, self.some(place + 2, second)))
        self.ask(who, make_match, MatchRequest(kind="within", allocations=legs), confirm=confirm)

    @rule(who=WHO, place=PLACES, how=st.sampled_from(["confirm", "confirm", "reject", "undo", "undo", "engine"]))
    def decide(self, who: str, place: int, how: str) -> None:
        """Somebody confirms, rejects or undoes a match, mostly one that waits for that; or lets the engine look."""
        waits = "confirmed" if how == "undo" else "proposed"
        among = [number for number, status in self.kept.statuses.items() if status == waits]
        chosen = list(self.kept.statuses) if place % 8 == 0 else among
        if how == "engine" or not chosen:
            self.ask(who, propose_matches)
        else:
            service = {"confirm": confirm_match, "reject": reject_match, "undo": undo_match}[how]
            self.ask(who, service, chosen[place % len(chosen)], "seen")

    @rule(who=WHO, by=WHO, savings=SAVINGS, days=st.integers(0, 12), off=st.sampled_from([0, 0, 0, 1]))
    def reconcile(self, who: str, by: str, days: int, off: int, *, savings: bool) -> None:
        """Somebody opens a period and ticks what is there; somebody completes it."""
        account = self.account(savings=savings)
        last = [each.end_day for each in self.kept.chain(account.id)][-1:] or [FIRST_DAY]
        opened = self.ask(who, open_reconciliation, account.id, last[0] + days, 0)
        if isinstance(opened, Denied):
            return
        listed = self.did(candidates(self.context, self.office.owner, self.entity_id, opened.id))
        self.did(self.ask(who, tick, opened.id, [each.line.id for each in listed]))
        reached = opened.start_minor_units + sum(each.line.minor_units for each in listed)
        self.did(self.ask(who, change_end, opened.id, end_minor_units=reached + off))
        completed = self.ask(by, complete_reconciliation, opened.id)
        assert not (off and not isinstance(completed, Denied)), "what does not add up is not complete"

    @precondition(lambda self: self.kept.reconciliations)
    @rule(who=WHO, place=PLACES, line=PLACES, day=DAYS,
          how=st.sampled_from(["complete", "reopen", "reopen", "delete", "end", "tick", "untick"]))  # fmt: skip
    def settle(self, who: str, place: int, line: int, how: str, day: int) -> None:
        """Somebody completes, reopens, deletes or moves a period, or ticks or unticks whatever is at hand."""
        chosen = self.kept.reconciliations[place % len(self.kept.reconciliations)].id
        if how == "complete":
            self.ask(who, complete_reconciliation, chosen)
        elif how == "reopen":
            self.ask(who, reopen_reconciliation, chosen, "forgotten")
        elif how == "delete":
            self.ask(who, delete_reconciliation, chosen, "forgotten")
        elif how == "end":
            self.ask(who, change_end, chosen, end_day=day, reason="forgotten")
        else:
            ticked = [self.some(line, self.of("ledger")).id]
            self.ask(who, tick, chosen, **{how: ticked})

    @rule(
        who=WHO,
        what=st.sampled_from(["lock", "lock", "lock", "unlock", "restate", "four eyes", "four eyes", "wait"]),
        account=st.sampled_from([None, 0, 1]),
        number=st.integers(0, 12),
    )
    def direct(self, who: str, what: str, account: int | None, number: int) -> None:
        """Somebody locks or unlocks a period or edits where an account starts; the owner decides; time passes."""
        account_id = 0 if account is None else self.accounts[account]
        if what in ("lock", "unlock"):
            self.ask(who, lock_period, account_id, FIRST_DAY + number, enabled=what == "lock")
        elif what == "restate":
            self.ask(who, change_account, self.accounts[account or 0], {"starting_minor_units": START + number})
        elif what == "wait":
            assert isinstance(self.context.now, Clock)
            self.context.now.forward(hours=number)
        else:
            self.four_eyes = number % 3 > 0
            value = "on" if self.four_eyes else "off"
            self.did(set_setting(self.context, self.office.owner, FOUR_EYES, value, entity_id=self.entity_id))
            self.kept = self.read()

    @invariant()
    def everything_holds(self) -> None:
        """Whatever has to, of the office and of its dealings with the outside."""
        self.require()

    def require(self) -> None:
        """M1, M2, M4, M5, M7, M9, P1, P2, P3, P5, P6, P7 and conservation, wherever something has changed."""
        if self.kept is not self.proved:
            assert [*matching_faults(self.kept), *version_faults(self.kept), *reconciliation_faults(self.kept)] == []
            for account in self.kept.accounts[:2]:
                self.statuses_are_what_the_facts_say(account)
                self.bank_and_books_differ_by_what_is_listed(account)
            self.every_line_is_tied_or_open()
            self.proved = self.kept

    def statuses_are_what_the_facts_say(self, account: Account) -> None:
        """P1 and P6."""
        told = self.did(reconciliations(self.context, self.office.reader, self.entity_id, account.id))
        expected = [(each.id, status_of(self.kept, account, each)) for each in self.kept.chain(account.id)]
        assert [(each.reconciliation.id, str(each.status)) for each in told] == expected

    def bank_and_books_differ_by_what_is_listed(self, account: Account) -> None:
        """P7, at a day amid the work and at the end."""
        for day in (FIRST_DAY + 12, FIRST_DAY + 60):
            told = self.did(bank_reconciliation(self.context, self.office.reader, self.entity_id, account.id, day))
            assert list(bank_faults(self.kept, account, day, told)) == []

    def every_line_is_tied_or_open(self) -> None:
        """Conservation: the lines of a side are what is tied and what the store calls open."""
        with self.context.store.reading() as view:
            for side in ("statement", "ledger"):
                lines = [line for line in self.kept.lines.values() if line.side == side]
                left = view.line_totals(self.entity_id, Condition("side", "=", side), open_only=True)
                tied = sum(self.kept.used.get(line.id, 0) for line in lines)
                assert left.minor_units - left.used_minor_units == sum(line.minor_units for line in lines) - tied

    def teardown(self) -> None:
        """A1 and A2: the chains are whole, and put together they are the rows."""
        with self.context.store.reading() as view:
            assert view.trail_faults(self.office.organisation.id) == []

"""Providers tell what they paid, the engine and people tie it, and consuming systems fetch what came of it."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.simulation.kept import Kept
from tests.simulation.office_work import AMOUNTS, DAYS, FIRST_DAY, PLACES, WHO, OfficeWork
from tests.simulation.settlement_invariants import (
    closes,
    delivery_faults,
    expected_unread,
    expected_unresolved,
    marked_as_told,
    report_faults,
    settlement_faults,
)
from tests.simulation.told import Feed, Reports
from tieout.domain.lines import Line, Origin
from tieout.domain.settlements import Integration
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Denied
from tieout.services.intake import receive_document
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.settlements.analysing import analyse, finalise
from tieout.services.settlements.delivery import Fetch, mark_read, mark_resolved, resolved, unresolved
from tieout.services.settlements.integrations import assign_user, create_integration, integration_of
from tieout.services.settlements.receiving import EntriesReceived, receive_entries

KINDS = st.sampled_from(["sale", "sale", "sale", "fee", "refund", "chargeback", "adjustment"])
ROWS = st.sampled_from(["Settled", "Settled", "Refunded", "Chargeback", "MerchantPayout", "MerchantPayout"])
OFF = st.sampled_from([0, 0, 0, 1])
PAGE = 2
# Amounts of providers lie apart, so that the engine may tell which payout is which.
WIDE = 100


class ProviderWork(OfficeWork):
    """The office sells through a provider that writes reports and through one that is a feed."""

    def begin(self) -> None:
        """Two consuming systems with logins of their own; a payout that was reported and has arrived, one of a feed."""
        super().begin()
        self.reports, self.feed = Reports(), Feed()
        self.settled: Kept | None = None
        self.integrations: list[Integration] = [
            self.did(self.ask("owner", create_integration, name, unread_only=name == "erp")) for name in ("erp", "shop")
        ]
        for who, place in (("owner", 0), ("preparer", 0), ("approver", 1)):
            user_id = getattr(self.office, who).user_id
            self.did(self.ask("owner", assign_user, self.integrations[place].id, user_id))
        market = AccountRequest(kind="provider", name="B2W", currency="NOK", number="B2W", code="1925")
        self.market_id = self.did(self.ask("owner", open_account, market)).id
        for kind in ("Settled", "MerchantPayout"):
            self.report("owner", "1", kind, 3, 18, 0, 0, commission=True, whole=True)
        self.order("owner", 0, 0)
        for how in ("arrive", "tie"):
            self.arrive("owner", 0, 0, how)
        for how, kind, off in (("new", "sale", 0), ("new", "fee", 0), ("pay", "fee", 0), ("again", "fee", 0)):
            self.hear("owner", "2", kind, 2 + (kind == "sale"), FIRST_DAY + 14, off, how, signed=False)
        self.hear("owner", "1", "sale", 2, FIRST_DAY + 5, 0, "new", signed=True)
        self.analyse("owner", None)
        self.mark("preparer", 0, [0, 1, 9], "read", own=True)

    @property
    def reporter_id(self) -> int:
        """The account of the provider that writes reports; 0 before its first one."""
        return next(
            (each.id for each in self.kept.accounts if each.kind == "provider" and each.id != self.market_id), 0
        )

    def payouts(self) -> list[Line]:
        """Payouts among the lines of the clearing accounts."""
        return sorted((line for line in self.of("statement", kinds=["payout"])), key=lambda line: line.id)

    @rule(who=WHO, batch=st.sampled_from("123"), kind=ROWS, amount=AMOUNTS, day=st.integers(8, 28), off=OFF,
          first=st.sampled_from([0, 0, 1, 2]), commission=st.booleans(), whole=st.booleans())  # fmt: skip
    def report(
        self, who: str, batch: str, kind: str, amount: int, day: int, off: int, first: int, *,
        commission: bool, whole: bool,
    ) -> None:  # fmt: skip
        """Something happens at the provider, and somebody uploads its report: twice is once, overlaps are united."""
        size = (amount if amount > 0 else -amount) * WIDE + self.reports.made
        sign = 1 if kind == "Settled" else -1
        self.reports.happened(batch, kind, off if kind == "MerchantPayout" else sign * size, day, commission=commission)
        content, rows = self.reports.report(first, whole=whole)
        if not rows:
            return
        received = self.ask(who, receive_document, "settled.csv", content)
        if not isinstance(received, Denied):
            self.reports.taken(rows)
            before = self.kept
            assert self.did(self.ask("owner", receive_document, "again.csv", content)).id == received.id
            assert self.kept == before

    @rule(who=WHO, batch=st.sampled_from(["1", "2", "3", ""]), kind=KINDS, amount=AMOUNTS, day=DAYS, off=OFF,
          how=st.sampled_from(["new", "new", "waits", "again", "release", "name", "pay", "pay"]),
          signed=st.booleans())  # fmt: skip
    def hear(self, who: str, batch: str, kind: str, amount: int, day: int, off: int, how: str, *, signed: bool) -> None:
        """The feed tells of a payout: an entry more, the same again, a value that was waited for, the payout itself."""
        told = self.feed.of(batch)
        if how in ("new", "waits") or not told:
            # A provider writes its signs in one way within a payout.
            self.feed.entry(
                batch,
                kind,
                amount * WIDE + len(self.feed.told),
                day,
                signed=batch != "2",
                waits=how == "waits",
            )
        elif how == "release":
            waiting = [each for each in told if not each.facts.received]
            for each in waiting[:1]:
                self.feed.tell(replace(each, day=day, facts=each.facts._replace(received="0.02")))
        elif how == "name" and batch != "":
            self.feed.batches[batch] += self.feed.batches.pop("", [])
        paid = self.feed.payout(batch) + off if how == "pay" and batch else None
        entries = tuple(self.feed.of(batch))
        before, known = self.kept, {line.native_id for line in self.kept.lines.values()}
        request = EntriesReceived(
            account_id=self.market_id,
            batch_number=batch,
            entries=entries,
            payout_minor_units=paid if paid is None or paid >= 0 else None,
            payout_day=None if paid is None else day,
        )
        received = self.ask(who, receive_entries, request)
        if isinstance(received, Denied):
            return
        assert received.new == len({each.native_id for each in entries} - known)
        assert all(self.kept.latest[received.lines[each.native_id]].native_id == each.native_id for each in entries)
        repeated = self.kept
        self.did(self.ask("owner", receive_entries, request))
        assert self.kept.versions == repeated.versions, "what is told twice is told once"
        assert self.kept.outside.told == repeated.outside.told
        assert all(self.kept.latest[line_id].account_id == self.market_id for line_id in received.lines.values())
        assert len(before.outside.told) <= len(self.kept.outside.told)

    @rule(who=WHO, place=PLACES, off=OFF)
    def order(self, who: str, place: int, off: int) -> None:
        """Somebody enters the order of a sale, mostly for what was settled."""
        sales = sorted((line for line in self.of("statement", kinds=["sale"])), key=lambda line: line.id)
        if sales:
            sale = sales[place % len(sales)]
            request = LineRequest(
                side="ledger", kind="order", account_id=0, currency="NOK", minor_units=sale.minor_units + off or 1,
                booking_day=sale.booking_day, reference=sale.reference,
            )  # fmt: skip
            self.ask(who, enter_lines, [request])

    @rule(who=WHO, place=PLACES, account=st.sampled_from([0, 0, 1]),
          how=st.sampled_from(["arrive", "arrive", "tie", "tie", "undo", "undo"]))  # fmt: skip
    def arrive(self, who: str, place: int, account: int, how: str) -> None:
        """A payout arrives at the bank, somebody ties it there, or takes that back, which leaves every other tie."""
        payouts = self.payouts()
        if not payouts:
            return
        payout = payouts[place % len(payouts)]
        tied = [leg.match_id for leg in self.kept.live if leg.line_id == payout.id]
        if how == "arrive":
            request = LineRequest(
                side="statement",
                kind="",
                account_id=self.accounts[account],
                currency="NOK",
                minor_units=-payout.minor_units,
                booking_day=payout.booking_day,
                description=f"{'B2W' if payout.account_id == self.market_id else 'ADYEN'} {payout.batch}",
            )
            self.ask(who, enter_lines, [request], Origin.FEED)
        elif how == "undo" and tied:
            self.ask(who, undo_match, tied[0], "seen")
        else:
            at_bank = [line for line in self.of("statement", 1) if line.account_id in self.accounts]
            fitting = [line for line in at_bank if self.kept.left(line.id) == -self._left(payout.id)]
            if fitting:
                legs = (payout.id, fitting[place % len(fitting)].id)
                allocations = tuple(AllocationRequest(line_id=line_id) for line_id in legs)
                self.ask(who, make_match, MatchRequest(kind="within", allocations=allocations))

    @rule(who=WHO, account=st.sampled_from([None, None, 0, 1]))
    def analyse(self, who: str, account: int | None) -> None:
        """Somebody lets the engine look at the providers: what closes is finalised, and what does not is told."""
        account_id = None if account is None else (self.reporter_id, self.market_id)[account]
        found = analyse(self.context, getattr(self.office, who), self.entity_id, account_id)
        self.judge(refused=isinstance(found, Denied), whole=isinstance(found, Denied))
        assert isinstance(found, Denied) or who not in ("reader", "stranger")
        if not isinstance(found, Denied):
            self.analysed({self.market_id, self.reporter_id} if account_id is None else {account_id})

    def analysed(self, account_ids: set[int]) -> None:
        """Every batch is where it belongs, and every gap has somebody to explain it."""
        told = {each.subject for each in self.kept.outside.differences}
        for batch in self.kept.outside.batches:
            if batch.account_id in account_ids and batch.number:
                assert batch.state == ("finalized" if closes(self.kept, batch) else "analyzed"), batch
                assert not batch.gap_minor_units or f"batch:{batch.id}" in told, batch

    @precondition(lambda self: self.kept.outside.batches)
    @rule(who=WHO, place=PLACES)
    def close(self, who: str, place: int) -> None:
        """Somebody finalises a batch by hand."""
        batch = self.kept.outside.batches[place % len(self.kept.outside.batches)]
        closed = closes(self.kept, batch)
        answer = self.ask(who, finalise, batch.id)
        if who in ("owner", "approver"):
            assert isinstance(answer, Denied) != closed, (batch, answer)

    @rule(who=WHO, integration=st.integers(0, 1), places=st.lists(PLACES, max_size=4),
          flag=st.sampled_from(["read", "read", "resolved"]), own=st.booleans())  # fmt: skip
    def mark(self, who: str, integration: int, places: list[int], flag: str, *, own: bool) -> None:
        """A login says that its system has read or cleared entries, some that it cannot see among them, some twice."""
        consumer = self.integrations[integration]
        if own and who not in ("reader", "stranger"):
            consumer = self.consumer(who)
        told = sorted(entry.line_id for entry in self.kept.outside.told)
        ids = [told[place % len(told)] if told and place % 7 else -place for place in places]
        service = mark_read if flag == "read" else mark_resolved
        expected = marked_as_told(self.kept, consumer.id, ids, flag)
        answer = self.ask(who, lambda context, principal, _: service(context, principal, consumer, ids))
        if not isinstance(answer, Denied):
            assert ([*answer.marked], [*answer.already], [*answer.unknown]) == expected

    def consumer(self, who: str) -> Integration:
        """The system that a login acts for: that of its user."""
        found: Integration = self.did(integration_of(self.context, getattr(self.office, who)))
        assert found.id == self.integrations[who == "approver"].id
        return found

    @rule(who=st.sampled_from(["owner", "approver", "preparer"]))
    def drain(self, who: str) -> None:
        """A system fetches and marks page by page until nothing is unread: as few pages as hold it, each entry once."""
        consumer, delivered, pages = self.consumer(who), list[int](), 0
        expected = expected_unread(self.kept, consumer.id)
        while page := self.page(unresolved, who, consumer, Fetch(limit=PAGE, unread_only=True))[1]:
            pages += 1
            delivered += page
            assert pages <= len(expected), "it ends"
            self.did(
                self.ask(who, lambda context, principal, _, ids=page: mark_read(context, principal, consumer, ids))
            )
        assert delivered == expected
        assert pages == -(-len(expected) // PAGE)

    def page(self, service: Any, who: str, consumer: Integration, fetch: Fetch) -> tuple[int, list[int]]:
        """How many entries a list has, and those of one page by line."""
        found = self.did(service(self.context, getattr(self.office, who), consumer, fetch))
        return found.total, [each.entry.line_id for each in found.entries]

    def require(self) -> None:
        """As for the office; S1 to S5 and N1 wherever something has changed."""
        super().require()
        if self.kept is not self.settled:
            assert [*settlement_faults(self.kept), *delivery_faults(self.kept)] == []
            assert [*report_faults(self.kept, self.reporter_id, self.reports.received)] == []
            self.lists_are_what_the_flags_say(self.integrations[len(self.kept.outside.deliveries) % 2])
            self.settled = self.kept

    def lists_are_what_the_flags_say(self, consumer: Integration) -> None:
        """S1: what is resolved has left the list of the unresolved, read or not; nothing else has."""
        unread, left = expected_unread(self.kept, consumer.id), expected_unresolved(self.kept, consumer.id)
        done = [entry.line_id for entry in self.kept.outside.shown if entry.line_id not in left]
        assert self.page(unresolved, "reader", consumer, Fetch(unread_only=True)) == (len(unread), unread)
        assert self.page(unresolved, "reader", consumer, Fetch(unread_only=False)) == (len(left), left)
        assert self.page(resolved, "reader", consumer, Fetch()) == (len(done), done)
        if left:
            assert self.page(unresolved, "reader", consumer, Fetch(unread_only=False, offset=1, limit=1)) == (
                len(left), left[1:2],
            )  # fmt: skip

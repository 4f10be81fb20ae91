"""A provider settles, a bank is paid, people tie and untie, systems fetch: every rule is something somebody does."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.given_reports import Settled, settlement_detail
from tests.given_store import given_office
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.settlements import Delivery, Integration, SettlementBatch, SettlementEntry
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context, Denied
from tieout.services.intake import receive_document
from tieout.services.lines import LineRequest, enter_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.settlements.analysing import analyse, finalise
from tieout.services.settlements.delivery import Fetch, mark_read, mark_resolved, resolved, unresolved
from tieout.services.settlements.integrations import create_integration, integration_of
from tieout.services.settlements.receiving import EntriesReceived, ReceivedEntry, receive_entries
from tieout.store.protocols import LineNow, Reading

MAY_4 = 20_577
SALES = [Settled("Settled", f"{10 + n}.00", f"ORD-10{n:02d}", "1.00", psp=f"PSP10{n:02d}") for n in range(4)]
PLACES = st.integers(0, 40)
SIZES = st.integers(1, 4)


class SettlementWork(RuleBasedStateMachine):
    """One entity with a provider that sends reports, one that is fetched from, a bank, and two consuming systems."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.office = given_office(context, "BRL")
        self.entity_id = self.office.entity_id
        self.bank, self.feed = (
            self.did(open_account(context, self.office.owner, self.entity_id, request)).id
            for request in (
                AccountRequest(kind="bank", name="Bank", number="1-9", currency="BRL"),
                AccountRequest(kind="provider", name="B2W", currency="BRL"),
            )
        )
        self.integrations: list[Integration] = [
            self.did(integration_of(context, self.office.owner)),
            self.did(create_integration(context, self.office.owner, self.entity_id, "shop", unread_only=False)),
        ]
        self.flags: dict[tuple[int, int], Delivery] = {}
        self.begin()

    def begin(self) -> None:
        """Two payouts arrived and their batches are final; one system has read some of their entries."""
        self.report("7", 3, 0)
        self.fetch("77", 2, payout=True, written="")
        for place in range(len(self._payouts())):
            self.arrive(place)
        for _ in self._payouts():
            self.tie(0)
        self.analyse("owner")
        assert {batch.state for batch in self._all(SettlementBatch)} == {"finalized"}
        self.mark(0, mark_read, 3, 1)

    @staticmethod
    def did(answer: Any) -> Any:
        """What somebody did, which nothing refuses."""
        assert not isinstance(answer, Denied), answer
        return answer

    @rule(batch=st.sampled_from(["7", "8"]), count=SIZES, paid=st.sampled_from([0, 0, 50, None]))
    def report(self, batch: str, count: int, paid: int | None) -> None:
        """A report comes in: some sales of a batch, and its payout, which may be short."""
        rows = [each._replace(batch=batch, psp=f"{each.psp}{batch}") for each in SALES[:count]]
        if paid is not None:
            net = sum(int(each.gross.replace(".", "")) - 100 for each in rows) - paid
            rows.append(Settled("MerchantPayout", f"-{net // 100}.{net % 100:02d}", batch=batch, day=6, psp=f"W{net}"))
        content = settlement_detail(rows)
        self.did(receive_document(self.context, self.office.owner, self.entity_id, "r.csv", content))

    @rule(number=st.sampled_from(["", "77"]), count=SIZES, payout=st.booleans(), written=st.sampled_from(["", "-"]))
    def fetch(self, number: str, count: int, payout: bool, written: str) -> None:
        """A feed tells entries whose commissions are written as positive or as negative values."""
        entries = [self._entry(place, written) for place in range(count)]
        told = EntriesReceived(
            account_id=self.feed,
            batch_number=number,
            entries=[each for pair in entries for each in pair],
            payout_minor_units=900 * count if payout and number else None,
            payout_day=MAY_4 + 1,
        )
        self.did(receive_entries(self.context, self.office.owner, self.entity_id, told))

    def _entry(self, place: int, written: str) -> tuple[ReceivedEntry, ReceivedEntry]:
        order = f"ORD-20{place:02d}"
        sale, fee = (
            ReceivedEntry(native_id=f"{kind}{place}", kind=kind, day=MAY_4, facts=EntryFacts(kind, value, order))
            for kind, value in (("sale", "10.00"), ("fee", f"{written}1.00"))
        )
        return sale, fee

    @rule(place=PLACES)
    def arrive(self, place: int) -> None:
        """Some payout arrives at the bank."""
        payouts = self._payouts()
        if payouts:
            amount = -payouts[place % len(payouts)].line.minor_units
            request = LineRequest(
                side="statement",
                kind="",
                account_id=self.bank,
                currency="BRL",
                minor_units=amount,
                booking_day=MAY_4 + 3,
            )
            self.did(enter_lines(self.context, self.office.owner, self.entity_id, [request]))

    @rule(place=PLACES)
    def tie(self, place: int) -> None:
        """Somebody ties a payout to a line of the bank with its amount."""
        with self.context.store.reading() as view:
            lines = view.lines(self.entity_id, open_only=True)
        arrived = {now.line.minor_units: now for now in lines if now.line.account_id == self.bank}
        pairs = [(now, arrived[-now.line.minor_units]) for now in self._payouts() if -now.line.minor_units in arrived]
        open_pairs = [pair for pair in pairs if not pair[0].used_minor_units]
        if open_pairs:
            legs = tuple(AllocationRequest(line_id=now.line.id) for now in open_pairs[place % len(open_pairs)])
            request = MatchRequest(kind="within", allocations=legs)
            self.did(make_match(self.context, self.office.owner, self.entity_id, request))

    @rule(place=PLACES)
    def untie(self, place: int) -> None:
        """Somebody takes a match back."""
        matches = self._matches()
        if matches:
            match = matches[place % len(matches)]
            self.did(undo_match(self.context, self.office.owner, self.entity_id, match.record.id))

    @rule(who=st.sampled_from(["owner", "preparer"]))
    def analyse(self, who: str) -> None:
        """Somebody analyses."""
        self.did(analyse(self.context, getattr(self.office, who), self.entity_id))

    @rule(place=PLACES)
    def finalise(self, place: int) -> None:
        """Somebody finalises a batch, which may be refused."""
        batches = self._all(SettlementBatch)
        if batches:
            finalise(self.context, self.office.owner, self.entity_id, batches[place % len(batches)].id)

    @rule(system=st.integers(0, 1), flag=st.sampled_from([mark_read, mark_resolved]), limit=SIZES, offset=SIZES)
    def mark(self, system: int, flag: Any, limit: int, offset: int) -> None:
        """A consuming system fetches and marks some entries of what it is given."""
        integration, fetch = self.integrations[system], Fetch(limit=limit, offset=offset - 1)
        page = self.did(unresolved(self.context, self.office.owner, integration, fetch))
        ids = [each.line.id for each in page.entries]
        marked = self.did(flag(self.context, self.office.owner, integration, ids))
        assert sorted((*marked.marked, *marked.already)) == ids

    @invariant()
    def batches_are_what_their_entries_say(self) -> None:
        """S5: sums are those of the lines, gaps follow, and what is final closes to zero with its payout arrived."""
        with self.context.store.reading() as view:
            lines = {now.line.id: now.line.minor_units for now in view.lines(self.entity_id)}
        entries = self._all(SettlementEntry)
        for batch in self._all(SettlementBatch):
            effects = [lines[entry.line_id] for entry in entries if entry.batch_id == batch.id]
            assert (batch.entries, batch.entries_minor_units) == (len(effects), sum(effects)), batch
            if batch.payout_minor_units is not None:
                gap = batch.payout_minor_units - sum(effects) - batch.carried_minor_units
                assert batch.gap_minor_units == gap, batch
            if batch.state == "finalized":
                assert (batch.gap_minor_units, bool(batch.sign_rule)) == (0, True), batch
                assert batch.payout_line_id in self._arrived(), batch

    @invariant()
    def flags_go_once_and_lists_are_what_they_say(self) -> None:
        """S1 and S3: no flag goes back or changes its moment; each list holds what its flags say."""
        now = {(each.integration_id, each.line_id): each for each in self._all(Delivery)}
        for key, before in self.flags.items():
            for instant in ("read_at", "resolved_at"):
                assert getattr(before, instant) in (None, getattr(now[key], instant))
        self.flags = now
        shown = {batch.id for batch in self._all(SettlementBatch) if batch.state != "open"}
        ids = [entry.line_id for entry in self._all(SettlementEntry) if entry.batch_id in shown]
        for integration in self.integrations:
            of_it = {line_id: each for (system, line_id), each in now.items() if system == integration.id}
            done = [each for each in ids if each in of_it and of_it[each].resolved_at is not None]
            wanted = (
                (Fetch(unread_only=True), unresolved, [each for each in ids if each not in of_it]),
                (Fetch(unread_only=False), unresolved, [each for each in ids if each not in done]),
                (Fetch(), resolved, done),
            )
            for fetch, listing, expected in wanted:
                page = self.did(listing(self.context, self.office.owner, integration, fetch))
                assert (page.total, [each.line.id for each in page.entries]) == (len(expected), expected)

    def _arrived(self) -> set[int]:
        """Lines that stand in a live match with a line of the bank."""
        with self.context.store.reading() as view:
            banks = {now.line.id for now in view.lines(self.entity_id) if now.line.account_id == self.bank}
        groups = [{leg.line_id for leg in match.allocations} for match in self._matches()]
        return {line_id for group in groups if group & banks for line_id in group - banks}

    def _payouts(self) -> list[LineNow]:
        with self.context.store.reading() as view:
            return [now for now in view.lines(self.entity_id) if now.line.kind == "payout"]

    def _matches(self) -> list[StoredMatch]:
        with self.context.store.reading() as view:
            return list(_confirmed(view, self.entity_id))

    def _all(self, noun: type[Any]) -> list[Any]:
        with self.context.store.reading() as view:
            return view.all(noun, entity_id=self.entity_id)


def _confirmed(view: Reading, entity_id: int) -> Iterator[StoredMatch]:
    yield from view.matches(entity_id, status=MatchStatus.CONFIRMED, limit=1_000)

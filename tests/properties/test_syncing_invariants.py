"""Y1 to Y6 hold after every step of random work with a platform that misbehaves, by workers that are killed."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from

from tests.given_books import JANUARY_5, Books
from tests.given_crashes import CrashingStore, Killed
from tests.given_matches import accepted, lasting_context
from tests.given_platform import SECRETS, SETTINGS, Stub, a_posting, an_invoice, given_connection, with_platform
from tests.given_store import Clock, given_office
from tieout.contracts.platform import PlatformFault
from tieout.domain.connections import Connection, Intent, SyncCursor, SyncedRecord
from tieout.domain.match_records import MatchStatus
from tieout.domain.work import Job
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.job_claims import claim_jobs, end_jobs
from tieout.services.jobs import lease_seconds, run_job, run_queued
from tieout.services.matching import find_matches, undo_match
from tieout.services.syncing.connections import configure_connection, sync_connection
from tieout.services.syncing.synced_records import push_record
from tieout.store.sql.store import SqlStore

# What a push may make of a record between two looks; unknown is left for done or pending, with evidence.
MAY_BECOME = {
    "pending": {"pending", "done", "error", "unknown"},
    "unknown": {"unknown", "done", "pending", "error"},
    "error": {"error", "pending", "done", "unknown"},
    "done": {"done"},
}


class Work:
    """Random work of an office whose books are a platform's."""

    def __init__(self, context: Context, seed: int) -> None:
        self.chance, self.clock, self.stub = Random(seed), Clock(), Stub()
        self.store = CrashingStore(context.store)
        here = with_platform(replace(context, store=self.store, now=self.clock), self.stub)
        office = given_office(here)
        request = AccountRequest(kind="bank", name="Bank", currency="NOK", code="1920")
        account = accepted(open_account(here, office.owner, office.entity_id, request))
        connection = given_connection(here, office)
        self.books = Books(here, office, account, self.clock, connection, self.stub)
        self.statuses: dict[str, str] = {}
        self.cursors: dict[str, int] = {}
        self.numbers = 0
        self.stub.says = self._looked_at

    def _looked_at(self, call: str, object_type: str) -> PlatformFault | None:
        """Y3: whatever the platform is asked, no transaction is open."""
        assert not self.store.open, f"{call} {object_type} inside a transaction"
        return None

    def step(self, action: str) -> None:
        """Do something, in a process that may be killed on the way."""
        self.store.chance = self.stub.chance = self.chance
        try:
            getattr(self, action)()
        except Killed:
            # What its worker held comes free when the lease has passed.
            self.clock.forward(minutes=11)
        finally:
            self.store.chance = self.stub.chance = None

    def invoice(self) -> None:
        """An invoice made here."""
        self.numbers += 1
        self.books.invoiced(f"I-{self.numbers}")

    def pay(self) -> None:
        """Money for an open item, tied to it."""
        for now in self.books.lines():
            if not now.used_minor_units and now.line.minor_units > 0:
                self.books.tie(self.books.money(now.line.minor_units, JANUARY_5), now.line.id)
                return

    def undo(self) -> None:
        """A match taken back."""
        books = self.books
        found = accepted(find_matches(books.context, books.office.owner, books.entity_id, status=MatchStatus.CONFIRMED))
        if found:
            undo_match(books.context, books.office.owner, books.entity_id, found[0].record.id)

    def posted(self) -> None:
        """Something new on the platform."""
        self.stub.put("journal_line", a_posting("55.00"))
        self.stub.put("bill", an_invoice(f"B-{self.stub.made}"))

    def edited(self) -> None:
        """A back-dated edit on the platform."""
        ids = sorted(self.stub.objects["journal_line"])
        if ids:
            self.stub.edit_quietly("journal_line", ids[0], amount=f"{self.chance.randint(1, 99)}.00")

    def deleted(self) -> None:
        """A deletion on the platform."""
        ids = sorted(self.stub.objects["journal_line"])
        if ids:
            self.stub.remove("journal_line", ids[-1])

    def sync(self) -> None:
        """A sync asked for."""
        sync_connection(self.books.context, self.books.office.owner, self.books.entity_id, self.books.connection.id)

    def work(self) -> None:
        """A worker that runs what is due."""
        run_queued(self.books.context)
        self.clock.forward(minutes=self.chance.choice([0, 1, 70]))

    def stall(self) -> None:
        """A worker that stops in the middle of a job for longer than its lease, while another does the job."""
        claimed = claim_jobs(self.books.context, "slow", 1, lease_seconds)
        if not claimed:
            return

        def stalled(call: str, object_type: str) -> PlatformFault | None:
            self._looked_at(call, object_type)
            self.stub.says = self._looked_at
            self.clock.forward(minutes=20)
            run_queued(self.books.context)
            return None

        self.stub.says = stalled
        try:
            ended = run_job(self.books.context, claimed[0])
            end_jobs(self.books.context, [ended] if ended else [])
        finally:
            self.stub.says = self._looked_at

    def by_hand(self) -> None:
        """Somebody pushes what failed."""
        for record in self._records():
            push_record(self.books.context, self.books.office.owner, self.books.entity_id, record.public_id)

    def sign_in_again(self) -> None:
        """Somebody gives the credentials anew."""
        books = self.books
        configure_connection(
            books.context, books.office.owner, books.entity_id, books.connection.id, "stub", SETTINGS, SECRETS
        )

    def settle(self) -> None:
        """Everything works again, for long enough."""
        for _ in range(SETTLING_ROUNDS_MAX):
            self.sync()
            run_queued(self.books.context)
            self.by_hand()
            self.clock.forward(minutes=61)
            if not self._waiting():
                break
        self.sync()
        run_queued(self.books.context)
        self.stub.deliver()

    def _waiting(self) -> bool:
        """Whether anything is still on its way."""
        with self.books.context.store.reading() as view:
            return any(
                view.count(Intent, entity_id=self.books.entity_id, state=state)
                for state in ("pending", "sent", "unknown")
            )

    def _records(self) -> list[SyncedRecord]:
        with self.books.context.store.reading() as view:
            return view.all(SyncedRecord, entity_id=self.books.entity_id)

    def require(self) -> None:
        """Every invariant, as things stand."""
        records, entity_id = self._records(), self.books.entity_id
        with self.books.context.store.reading() as view:
            intents = view.all(Intent, entity_id=entity_id)
            cursors = view.all(SyncCursor, entity_id=entity_id)
            active = view.count(Connection, entity_id=entity_id, status="connected")
        self._require_states(records, intents)
        self._require_one_effect(intents)
        assert active <= 1, "Y4"
        self._require_bijection(records)
        self._require_cursors(records, cursors)

    def _require_states(self, records: list[SyncedRecord], intents: list[Intent]) -> None:
        """Y1: what a record says follows from what it said, and from evidence."""
        by_record = {intent.record_id: intent for intent in intents}
        for record in records:
            before = self.statuses.get(record.public_id, "pending" if record.id in by_record else record.status)
            assert record.status in MAY_BECOME[before] or record.id not in by_record, (before, record)
            self.statuses[record.public_id] = record.status
            intent = by_record.get(record.id)
            if intent is not None and intent.state == "done":
                assert json.loads(intent.evidence)["platform_object_id"] == record.platform_object_id, "Y1"
                assert record.platform_object_id in self.stub.objects[record.object_type], "Y1: done is there"

    def _require_one_effect(self, intents: list[Intent]) -> None:
        """Y2: an intent has at most one effect, and a record one intent."""
        assert len({intent.record_id for intent in intents}) == len(intents), "Y2"
        for object_type, objects in self.stub.objects.items():
            keys = Counter(each.key for each in objects.values() if each.key)
            assert all(count == 1 for count in keys.values()), ("Y2", object_type, keys)
            assert keys.keys() <= {intent.key for intent in intents}, "Y2: nothing without an intent"

    def _require_bijection(self, records: list[SyncedRecord]) -> None:
        """Y5: one object there is one record here is one row of ours."""
        there = [(each.object_type, each.platform_object_id) for each in records if each.platform_object_id]
        ours = [
            (each.object_type, each.own_id)
            for each in records
            if each.own_id is not None and each.object_type not in ("payment_record", "match")
        ]
        assert len(set(there)) == len(there), "Y5"
        assert len(set(ours)) == len(ours), "Y5"

    def _require_cursors(self, records: list[SyncedRecord], cursors: list[SyncCursor]) -> None:
        """Y5: a cursor never moves back, and whatever lies in front of it has a record."""
        known = {(each.object_type, each.platform_object_id) for each in records}
        for kept in cursors:
            place = int(kept.cursor or 0)
            assert place >= self.cursors.get(kept.object_type, 0), "Y5: back"
            self.cursors[kept.object_type] = place
            for each in self.stub.objects[kept.object_type].values():
                passed = each.changed <= place
                assert not passed or (kept.object_type, each.id) in known, ("Y5: past", each)

    def require_settled(self) -> None:
        """In the end nothing is lost and nothing is open: each invoice is there once, and says so."""
        wanted = {each["number"] for each in self.books.there("receivable")}
        made = {record.name for record in self._records() if record.object_type == "receivable"}
        assert wanted == made
        with self.books.context.store.reading() as view:
            left = view.count(Job, entity_id=self.books.entity_id, state="running")
        assert left == 0
        for record in self._records():
            code = json.loads(record.errors).get("code", "")
            assert record.status == "done" or code in ("undone_here", "not_there"), record


# A day and a half of hours: no wait is longer.
SETTLING_ROUNDS_MAX = 40
ACTIONS = (
    "invoice", "invoice", "pay", "undo", "posted", "edited", "deleted", "sync", "work", "work", "work", "stall",
    "by_hand", "sign_in_again",
)  # fmt: skip


@settings(max_examples=15)
@given(seed=integers(0, 2**32), actions=lists(sampled_from(ACTIONS), min_size=5, max_size=30))
def test_whatever_happens_on_the_way_everything_is_there_once_and_known(
    store: SqlStore, seed: int, actions: list[str]
) -> None:
    work = Work(lasting_context(store, "syncing"), seed)

    for action in actions:
        work.step(action)
        work.require()
    work.settle()

    work.require()
    work.require_settled()

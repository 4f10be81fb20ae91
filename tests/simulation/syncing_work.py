"""A platform that doubles, drops, delays and lies, and workers that stall, are killed, or never come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.given_crashes import CrashingStore, Killed
from tests.given_platform import SECRETS, SETTINGS, a_posting, an_invoice, with_platform
from tests.given_store import Clock
from tests.simulation.changes_outside import evidence_faults, sent_faults
from tests.simulation.kept import Kept
from tests.simulation.office_work import AMOUNTS, DAYS, FIRST_DAY, PLACES, WHO
from tests.simulation.provider_work import ProviderWork
from tests.simulation.syncing_invariants import job_faults, platform_faults, syncing_faults
from tests.simulation.told import date_text, text
from tests.simulation.witness import Witness
from tieout.contracts.platform import FaultKind, PlatformFault
from tieout.domain.work import Job
from tieout.services.context import Context, Denied
from tieout.services.job_claims import claim_jobs, end_jobs
from tieout.services.jobs import lease_seconds, run_job
from tieout.services.matching import AllocationRequest, MatchRequest, confirm_match, make_match, undo_match
from tieout.services.period_locks import lock_period
from tieout.services.schedules import run_due_schedules
from tieout.services.syncing.connections import (
    configure_connection,
    create_connection,
    disconnect,
    sync_connection,
)
from tieout.services.syncing.synced_records import push_record

# Nobody waits longer than for the attempts that one step of work allows.
JOBS_MAX = 60
TYPES = st.sampled_from(["journal_line", "journal_line", "receivable", "bill", "customer"])
FAULTS: list[tuple[str, FaultKind]] = [
    ("open", "unauthorised"), ("push", "unknown"), ("push", "refused"), ("push", "malformed"), ("find", "unavailable"),
    ("push", "unauthorised"), ("pull", "malformed"), ("pull", "unavailable"), ("spans", "unauthorised"),
]  # fmt: skip
SEEDS = st.integers(0, 2**16)


class SyncingWork(ProviderWork):
    """The office's books are also those of a platform; workers do what waits."""

    def __init__(self, context: Context) -> None:
        self.store = CrashingStore(context.store)
        self.there = Witness(says=self.asked, wanted=self.wanted)
        waits = Random("how long jobs wait")

        def random_bytes(count: int) -> bytes:
            """Identifiers never come twice; waits, four bytes each, are the same in every run."""
            return waits.randbytes(count) if count == 4 else context.random_bytes(count)

        here = replace(context, store=self.store, now=Clock(), random_bytes=random_bytes)
        self.synced: Kept | None = None
        self.fault: tuple[str, FaultKind] | None = None  # a call that goes wrong the next time, and how
        super().__init__(with_platform(here, self.there))

    def begin(self) -> None:
        """The office is connected: a posting came from there, an invoice went there and was paid, one was not taken."""
        super().begin()
        self.happen("put", "journal_line", 2, FIRST_DAY + 10, 0)
        self.happen("put", "receivable", 3, FIRST_DAY + 11, 0)
        for _ in range(2):
            self.did(self.ask("owner", create_connection))
        self.connect("owner", 0)
        self.work(0, 0, crash=False, lying=False)
        self.enter("owner", "statement", 2, FIRST_DAY + 10, savings=False, feed=True)
        self.match("across", self.of("statement")[-1], self.of("ledger", kinds=["journal_entry_line"])[-1])
        self.invoice("owner", [3], FIRST_DAY + 13)
        self.enter("owner", "statement", 3, FIRST_DAY + 13, savings=False, feed=True)
        paid = [self.of("statement")[-1], self.of("ledger", kinds=["receivable"])[-1]]
        self.match("across", *paid)
        self.work(0, 0, crash=False, lying=False)
        for kind in ("refused", "unknown"):
            self.invoice("owner", [-2], FIRST_DAY + 14)
            self.fault = "push", kind
            self.work(0, 0, crash=False, lying=False)

    def judge(self, *, refused: bool = False, whole: bool = True, platform: bool = False) -> None:
        """As for the office; what is open on the platform becomes something else only by what that said."""
        before = self.kept
        super().judge(refused=refused, whole=whole, platform=platform)
        assert [*evidence_faults(before, self.kept, self.there)] == []
        self.there.said.clear()

    def asked(self, call: str, object_type: str) -> PlatformFault | None:
        """Y3: whatever the platform is asked, no transaction is open."""
        if self.store.open:
            self.there.faults.append(f"{call} {object_type} was asked inside a transaction")
        if self.fault is None or self.fault[0] != call:
            return None
        (_, kind), self.fault = self.fault, None
        return PlatformFault(kind, f"this is {kind}, for once")

    def wanted(self, object_type: str, key: str) -> str:
        """Why nothing may be sent under a key now; empty where it may."""
        return sent_faults(self.read(), object_type, key)

    @contextmanager
    def trouble(self, seed: int, *, crash: bool, lying: bool) -> Iterator[None]:
        """Let the platform misbehave, or the process be killed, which ends what is done; its leases pass then."""
        chance = Random(seed)
        self.there.chance = chance if lying else None
        self.store.chance = chance if crash else None
        try:
            yield
        except Killed:
            note("  the process is killed")
            self.clock.forward(minutes=11)
        finally:
            self.store.chance = self.there.chance = None

    @property
    def clock(self) -> Clock:
        """The time of this run."""
        assert isinstance(self.context.now, Clock)
        return self.context.now

    def run_due(self) -> None:
        """One worker does whatever is due; each job is judged by itself."""
        for _ in range(JOBS_MAX):
            claimed = claim_jobs(self.context, "busy", 1, lease_seconds)
            if not claimed:
                return
            self.run(claimed[0])
        raise AssertionError("there is no end to the work")

    def run(self, job: Job) -> bool:
        """Run one job and judge what it did; whether it was still held in the end."""
        held = False
        try:
            ended = run_job(self.context, job)
            held = ended is not None and not end_jobs(self.context, [ended])
            note(f"  job {job.id} {job.kind} {job.request}: {dict(ended.values) if ended else 'lost'}")
        finally:
            with self.unharmed():
                self.judge(whole=False, platform=job.kind == "pull_connection")
        return held

    @contextmanager
    def unharmed(self) -> Iterator[None]:
        """The judge reads undisturbed."""
        chance, self.store.chance = self.store.chance, None
        yield
        self.store.chance = chance

    @rule(minutes=st.sampled_from([0, 0, 1, 70, 1500]), seed=SEEDS, crash=st.sampled_from([False, False, True]),
          lying=st.booleans())  # fmt: skip
    def work(self, minutes: int, seed: int, *, crash: bool, lying: bool) -> None:
        """Time passes, schedules fire, and a worker does what is due, unless it is killed on the way."""
        self.clock.forward(minutes=minutes)
        with self.trouble(seed, crash=crash, lying=lying):
            fired = run_due_schedules(self.context)
            self.judge()
            assert fired <= len(self.kept.outside.schedules), "what was missed is made up for once"
            self.run_due()

    @rule(seed=SEEDS, lying=st.booleans())
    def work_now(self, seed: int, *, lying: bool) -> None:
        """A worker does what is due, which is what workers mostly do."""
        self.work(0, seed, crash=False, lying=lying)

    @rule(seed=SEEDS, crash=st.booleans())
    def work_soon(self, seed: int, *, crash: bool) -> None:
        """An hour and more later a worker tries again what failed."""
        self.work(70, seed, crash=crash, lying=False)

    @rule(seed=SEEDS, lying=st.booleans(), comes_back=st.sampled_from([True, True, False]))
    def stall(self, seed: int, *, lying: bool, comes_back: bool) -> None:
        """A worker stops in the middle of a job for longer than its lease; another does that. Then it goes on."""
        claimed = claim_jobs(self.context, "slow", 1, lease_seconds)
        if not claimed:
            return
        if not comes_back:
            self.clock.forward(minutes=11)
            with self.trouble(seed, crash=False, lying=lying):
                self.run_due()
            assert next(job for job in self.kept.outside.jobs if job.id == claimed[0].id).fence > claimed[0].fence
            return
        meanwhile: list[Kept] = []

        def stalled(call: str, object_type: str) -> PlatformFault | None:
            self.there.says = self.asked
            self.clock.forward(minutes=20)
            self.run_due()
            meanwhile.append(self.kept)
            return self.asked(call, object_type)

        self.there.says = stalled
        with self.trouble(seed, crash=False, lying=lying):
            try:
                held = self.run(claimed[0])
            finally:
                self.there.says = self.asked
        assert not meanwhile or (not held and self.kept == meanwhile[0]), "who lost a job changes nothing"

    @rule(by=WHO, place=PLACES, undo=st.booleans())
    def collect(self, by: str, place: int, *, undo: bool) -> None:
        """Money comes for an invoice: the preparer says so, somebody confirms it, and it may be taken back at once."""
        waiting = [line for line in self.of("ledger", kinds=["receivable", "payable"]) if self.kept.left(line.id)]
        if not waiting:
            return
        due = waiting[place % len(waiting)]
        known = {line.id for line in self.of("statement")}
        self.enter("owner", "statement", self.kept.left(due.id), due.booking_day, savings=False, feed=True)
        for money in [line for line in self.of("statement") if line.id not in known]:
            legs = tuple(AllocationRequest(line_id=line.id) for line in (money, due))
            made = self.ask("preparer", make_match, MatchRequest(allocations=legs), confirm=False)
            if isinstance(made, Denied):
                return
            confirmed = self.ask(by, confirm_match, max(self.kept.statuses))
            if undo and not isinstance(confirmed, Denied):
                self.ask("owner", undo_match, max(self.kept.statuses), "seen")

    @rule(place=PLACES, how=st.sampled_from(["edit quietly", "edit", "remove"]), amount=AMOUNTS, lock=st.booleans())
    def overtake(self, place: int, how: str, amount: int, *, lock: bool) -> None:
        """The platform changes a posting that is here, tied or not, in days that are locked since or not."""
        lines = {each.own_id for each in self.kept.outside.records if each.object_type == "journal_line"}
        ours = [line for line in self.of("ledger") if line.id in lines and not line.deleted]
        if not ours or not self.kept.outside.connected:
            return
        line = ours[place % len(ours)]
        if lock:
            self.ask("owner", lock_period, line.account_id, line.booking_day, enabled=True)
        there = sorted(self.there.objects["journal_line"])
        if line.native_id in there:
            self.happen(how, "journal_line", amount, line.booking_day, there.index(line.native_id))
        self.did(self.ask("owner", sync_connection, self.kept.outside.connected[0].id))
        self.work(0, place, crash=False, lying=False)

    @rule(seed=SEEDS, day=DAYS)
    def share(self, seed: int, day: int) -> None:
        """Two workers at once, while more comes in: what the one does the other leaves alone."""
        first = claim_jobs(self.context, "first", 2, lease_seconds)
        self.hear("owner", "3", "fee", 1, day, 0, "new", signed=True)
        second = claim_jobs(self.context, "second", JOBS_MAX, lease_seconds)
        keys = [job.joined_by for job in (*first, *second)]
        assert len(set(keys)) == len(keys), "jobs of one key never run beside each other"
        for job in (*second, *first) if seed % 2 else (*first, *second):
            assert self.run(job), "nobody else has it"

    @rule(who=WHO, place=PLACES)
    def connect(self, who: str, place: int) -> None:
        """Somebody connects the office, signs in again, or does so with a password that is wrong."""
        standing = [each for each in self.kept.outside.connections if each.status != "disconnected"]
        if not standing or (place % 4 == 3 and not self.kept.outside.connected):
            made = self.ask(who, create_connection)
            if isinstance(made, Denied):
                return
            standing.append(made)
        secrets = {"password": "guessed"} if place % 6 == 5 else SECRETS
        connection_id = standing[place % len(standing)].id
        told = configure_connection(
            self.context, getattr(self.office, who), self.entity_id, connection_id, "stub", SETTINGS, secrets
        )
        self.judge(whole=False)
        assert isinstance(told, Denied) or who == "owner"

    @precondition(lambda self: self.kept.outside.connections)
    @rule(
        who=WHO,
        how=st.sampled_from(["sync", "by hand", "by hand", "disconnect", "disconnect", "another"]),
        place=PLACES,
    )
    def command(self, who: str, how: str, place: int) -> None:
        """Somebody asks for a sync, sends what failed again, ends the connection, or makes another one beside it."""
        connection = (self.kept.outside.connected or self.kept.outside.connections)[0]
        failed = [each for each in self.kept.outside.records if each.status == "error"]
        if how == "sync":
            self.ask(who, sync_connection, connection.id)
        elif how == "by hand" and failed:
            self.ask(who, push_record, failed[place % len(failed)].public_id)
        elif how == "disconnect":
            self.invoice("preparer", [1], FIRST_DAY + 20)
            ended = disconnect(self.context, getattr(self.office, who), self.entity_id, connection.id)
            self.judge(whole=False)
            assert isinstance(ended, Denied) or who == "owner"
        elif how == "another":
            made = self.ask(who, create_connection)
            assert isinstance(made, Denied) or not self.kept.outside.connected

    @rule(how=st.sampled_from(["put", "put", "edit", "edit quietly", "remove", "arrive", "fail", "fail"]), kind=TYPES,
          amount=AMOUNTS, day=DAYS, place=PLACES)  # fmt: skip
    def happen(self, how: str, kind: str, amount: int, day: int, place: int) -> None:
        """Something happens at the platform: its own user posts, edits or deletes; what was delayed arrives."""
        own = sorted(self.there.objects[kind])
        values = self.content(kind, amount, day)
        if how == "arrive":
            self.there.deliver()
        elif how == "fail":
            self.fault = FAULTS[place % len(FAULTS)]
        elif how == "put" or not own:
            self.there.put(kind, values)
        elif how == "remove":
            if not self.there.objects[kind][own[place % len(own)]].key:
                self.there.remove(kind, own[place % len(own)])
        elif how == "edit":
            changed = {**self.there.objects[kind][own[place % len(own)]].content, **values}
            self.there.put(kind, changed, id=own[place % len(own)])
        else:
            self.there.edit_quietly(kind, own[place % len(own)], **values)

    def content(self, kind: str, amount: int, day: int) -> dict[str, object]:
        """What the platform's user enters."""
        written, booked = text(amount), date_text(day)
        if kind == "journal_line":
            return dict(a_posting(written, booked, account=f"192{day % 4}"))
        if kind == "customer":
            return {"name": f"Fjord {amount}", "tax_number": None, "email": None}
        size = text(amount if amount > 0 else -amount)
        return dict(
            an_invoice(
                f"P-{self.there.made}", size, issue_date=booked, instalments=[{"due_date": booked, "amount": size}]
            )
        )

    def require(self) -> None:
        """As with providers; Y1 to Y6 wherever something has changed here or there."""
        super().require()
        assert [*platform_faults(self.kept, self.there)] == []
        if self.kept is not self.synced:
            assert [*syncing_faults(self.kept), *job_faults(self.kept)] == []
            self.synced = self.kept

"""Jobs that do not end at once: tried again after growing waits, or when the other side asked; then dead letters."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.given_documents import done, refused
from tests.given_jobs import KIND, claimed, given_empty_queue, given_kind, job_now, message_of, queued
from tests.given_store import SECOND, Clock, given_office
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.dead_letters import entity_of_job, jobs, retry_job
from tieout.services.job_claims import claim_jobs, end_jobs, forget_old_jobs, given_back, jobs_wait
from tieout.services.job_holds import Again, Later
from tieout.services.job_waits import wait_before
from tieout.services.jobs import LOST_MAX, lease_seconds, run_job, run_queued
from tieout.store.errors import StoreUnreachable


class Attempts:
    """A run that raises one fault after another, and then answers."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = [*faults]
        self.begun = 0
        self.given_up: list[str] = []

    def __call__(self, _context: Context, _job: Job) -> str:
        self.begun += 1
        if self.faults:
            raise self.faults.pop(0)
        return json.dumps({"attempts": self.begun})

    def give_up(self, _context: Context, _job: Job, message: str) -> None:
        """Remember why."""
        self.given_up.append(message)


def test_a_fault_that_may_pass_is_tried_again_after_waits_that_double(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    attempts = Attempts(*[Again(f"answered 503 the {number}. time") for number in (1, 2, 3)])
    given_kind(monkeypatch, attempts, attempts_max=10)
    job = queued(context, given_office(context).entity_id)
    waits = []

    run_queued(context)
    while (waiting := job_now(context, job)).state == "queued":
        assert waiting.fault.startswith("answered 503")
        waits.append((waiting.due_at - clock.now) / SECOND)
        clock.now = waiting.due_at - 1
        assert run_queued(context) == 0
        clock.now = waiting.due_at
        run_queued(context)

    assert [most / 2 <= wait <= most for wait, most in zip(waits, (2, 4, 8), strict=True)] == [True] * 3
    assert (waiting.state, waiting.fault, json.loads(waiting.answer)) == ("done", "", {"attempts": 4})


def test_the_other_side_says_when_to_come_back(context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, Attempts(Again("too many calls", after_seconds=90)), attempts_max=2)
    job = queued(context, given_office(context).entity_id)

    run_queued(context)

    clock.forward(seconds=90)
    assert run_queued(context) == 0
    clock.forward(seconds=1)
    assert run_queued(context) == 1
    assert job_now(context, job).state == "done"


def test_what_only_waits_its_turn_uses_up_no_attempt(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, Attempts(*[Later("3 calls a minute", 20)] * 7), attempts_max=1)
    job = queued(context, given_office(context).entity_id)

    for _ in range(8):
        run_queued(context)
        clock.forward(seconds=21)

    ended = job_now(context, job)
    assert (ended.state, ended.attempts, ended.fence) == ("done", 1, 8)


def test_after_the_last_attempt_a_job_is_a_dead_letter_that_says_why(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    attempts = Attempts(*[Again("the host does not answer")] * 9)
    given_kind(monkeypatch, attempts, give_up=attempts.give_up, attempts_max=3)
    job = queued(context, given_office(context).entity_id)

    for _ in range(9):
        run_queued(context)
        clock.forward(hours=1)

    letter = job_now(context, job)
    assert (letter.state, letter.attempts, attempts.begun) == ("failed", 3, 3)
    assert message_of(letter) == letter.fault == "the host does not answer"
    assert attempts.given_up == ["the host does not answer"]


@pytest.mark.parametrize("retries", [False, True])
def test_an_unforeseen_fault_ends_a_job_unless_its_kind_says_that_it_may_pass(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch, retries: bool
) -> None:
    given_empty_queue(context)
    attempts = Attempts(ZeroDivisionError())
    given_kind(monkeypatch, attempts, give_up=attempts.give_up, attempts_max=2, retries_faults=retries)
    job = queued(context, given_office(context).entity_id)

    run_queued(context)
    clock.forward(hours=1)
    run_queued(context)

    assert job_now(context, job).state == ("done" if retries else "failed")
    assert len(attempts.given_up) == (0 if retries else 1)
    assert "ZeroDivisionError" in (attempts.given_up or ["ZeroDivisionError"])[0]


def test_a_database_that_does_not_answer_is_no_fault_of_the_job(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    attempts = Attempts(StoreUnreachable("the connection was closed"))
    given_kind(monkeypatch, attempts, give_up=attempts.give_up)
    job = queued(context, given_office(context).entity_id)

    run_queued(context)
    clock.forward(seconds=2)
    run_queued(context)

    assert (job_now(context, job).state, attempts.given_up) == ("done", [])


def test_a_job_that_ends_its_workers_is_not_begun_for_ever(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    attempts = Attempts()
    given_kind(monkeypatch, attempts, give_up=attempts.give_up)
    job = queued(context, given_office(context).entity_id)
    for _ in range(LOST_MAX):
        assert [each.id for each in claimed(context)] == [job.id]
        clock.forward(minutes=11)

    run_queued(context)

    assert (job_now(context, job).state, attempts.begun) == ("failed", 0)
    assert attempts.given_up == [message_of(job_now(context, job))]
    assert attempts.given_up[0].startswith("begun 5 times, its worker was gone before it ended; ")


def test_a_dead_letter_is_listed_and_retried_with_all_its_attempts(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    office = given_office(context)
    given_kind(monkeypatch, Attempts(Again("not now")))
    letter = queued(context, office.entity_id, 1)
    run_queued(context)
    other = queued(context, office.entity_id, 2)

    listed = done(jobs(context, office.reader, office.entity_id, state="failed"))
    again = done(retry_job(context, office.preparer, office.entity_id, letter.id))
    run_queued(context)

    assert [each.id for each in listed] == [letter.id]
    assert (again.state, again.attempts, again.answer) == ("queued", 0, "")
    assert [each.state for each in done(jobs(context, office.reader, office.entity_id))] == ["done", "done"]
    assert done(jobs(context, office.reader, office.entity_id, kind=KIND, after=letter.id, limit=1)) == [
        job_now(context, other)
    ]
    assert entity_of_job(context, letter.id) == office.entity_id


def test_only_a_dead_letter_is_retried_and_only_by_who_may(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    office = given_office(context)
    given_kind(monkeypatch, Attempts())
    job = queued(context, office.entity_id)

    assert refused(retry_job(context, office.preparer, office.entity_id, job.id)) == [("state_differs", "job")]
    assert refused(retry_job(context, office.reader, office.entity_id, job.id)) == [("not_permitted", "prepare")]
    assert refused(retry_job(context, office.preparer, office.entity_id, job.id + 1)) == [("not_found", "job")]
    assert refused(jobs(context, office.reader, office.entity_id, state="lost")) == [("not_allowed", "state")]
    theirs = jobs(context, office.stranger, office.entity_id)
    assert refused(theirs) == [("not_found", "entity")]


def test_what_a_worker_gives_back_waits_as_before(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, Attempts())
    job = queued(context, given_office(context).entity_id)
    (held,) = claimed(context)
    nothing_waits = jobs_wait(context)

    assert end_jobs(context, [given_back(held)]) == []

    waiting = job_now(context, job)
    assert (nothing_waits, jobs_wait(context)) == (False, True)
    assert (waiting.state, waiting.attempts, waiting.lease_until, waiting.worker) == ("queued", 0, 0, "")


def test_jobs_that_were_done_a_month_ago_are_forgotten_and_dead_letters_are_not(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    office = given_office(context)
    given_kind(monkeypatch, Attempts(Again("not now")))
    letter, old = queued(context, office.entity_id, 1), queued(context, office.entity_id, 2)
    run_queued(context)
    clock.forward(days=29)
    young = queued(context, office.entity_id, 3)
    run_queued(context)

    clock.forward(days=2)
    forget_old_jobs(context)

    left = [each.id for each in done(jobs(context, office.reader, office.entity_id))]
    assert left == [letter.id, young.id]
    assert old.id not in left


@given(attempts=st.integers(1, 100), chance=st.binary(min_size=4, max_size=4))
def test_waits_double_up_to_an_hour_and_chance_takes_at_most_half(attempts: int, chance: bytes) -> None:
    wait = wait_before(attempts, None, lambda _: chance)

    most = min(2**attempts, 3600) * SECOND
    assert most // 2 <= wait <= most


@given(asked=st.integers(-10, 10**9))
def test_nobody_is_asked_sooner_than_they_said_up_to_a_day(asked: int) -> None:
    wait = wait_before(1, asked, lambda _: b"\0\0\0\0")

    assert wait > min(max(asked, 0), 24 * 3600) * SECOND


def test_jobs_are_claimed_oldest_first_and_each_once(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, Attempts())
    entity_id = given_office(context).entity_id
    waiting = [queued(context, entity_id, number) for number in range(5)]
    later = queued(context, entity_id, due_at=context.now() + 1)

    first = claim_jobs(context, "first", 2, lease_seconds)
    second = claim_jobs(context, "second", 10, lease_seconds)

    assert [each.id for each in (*first, *second)] == [each.id for each in waiting]
    assert {each.worker for each in first} == {"first"}
    assert later.id not in [each.id for each in second]
    end_jobs(context, [each for one in (*first, *second) if (each := run_job(context, one))])

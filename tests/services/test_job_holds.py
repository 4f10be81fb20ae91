"""A job has one effective worker: whoever holds the highest fence; and jobs of one key run one after another."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.given_documents import done
from tests.given_jobs import KIND, claimed, given_empty_queue, given_kind, job_now, queued
from tests.given_store import Clock, given_office
from tieout.domain.notes import Note
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.dead_letters import retry_job
from tieout.services.job_claims import Ended, claim_jobs, end_jobs, extend_leases
from tieout.services.job_holds import Again, LeaseLost, end_held, keep_hold, require_held
from tieout.services.job_rows import queue_job
from tieout.services.jobs import lease_seconds, run_job, run_queued
from tieout.store.protocols import Condition, Scope


def noted(context: Context, job: Job, *, ends: bool = False) -> str:
    """The effect of a job: one more note in its entity."""
    with context.store.writing(Scope("entity", job.entity_id), "job", "note", context.now()) as work:
        if ends:
            end_held(work, job, "{}", context.now())
        else:
            require_held(work, job)
        (note_id,) = work.new_ids(Note)
        work.add(
            Note(entity_id=job.entity_id, id=note_id, extra="{}", created_at=context.now(), created_by=str(job.fence))
        )
    return "{}"


def notes(context: Context, entity_id: int) -> list[str]:
    """The fences of the workers that had an effect in an entity."""
    with context.store.reading() as view:
        return [each.created_by for each in view.all(Note, entity_id=entity_id)]


def test_a_worker_that_stalled_changes_nothing_once_another_has_the_job(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, noted)
    job = queued(context, given_office(context).entity_id)
    (stalled,) = claimed(context, "first")
    clock.forward(minutes=11)
    (held,) = claimed(context, "second")

    with pytest.raises(LeaseLost, match=rf"job {job.id} \(count\) is no longer held by first"):
        noted(context, stalled)
    with pytest.raises(LeaseLost):
        keep_hold(context, stalled, 1, 2)
    clock.forward(seconds=1)
    extend_leases(context, [stalled])
    as_before = job_now(context, job)
    ended = [run_job(context, stalled), run_job(context, held)]

    assert as_before == held
    assert ended[0] is None
    assert ended[1] is not None
    assert end_jobs(context, [Ended(stalled, ended[1].values), ended[1]]) == [stalled]
    assert notes(context, job.entity_id) == ["2"]


def test_a_job_that_ended_itself_with_its_effect_is_not_run_again_though_its_end_was_not_written(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, partial(noted, ends=True))
    job = queued(context, given_office(context).entity_id)
    (held,) = claimed(context)

    ended = run_job(context, held)
    clock.forward(minutes=11)

    assert claimed(context, "second") == []
    assert ended is not None
    assert end_jobs(context, [ended]) == []
    assert (job_now(context, job).state, notes(context, job.entity_id)) == ("done", ["1"])


def test_an_effect_that_fails_leaves_the_job_to_be_done(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: "{}")
    job = queued(context, given_office(context).entity_id)
    (held,) = claimed(context)

    with context.store.writing(Scope("entity", job.entity_id), "job", "note", context.now()) as work:
        end_held(work, held, "{}", context.now())
        work.roll_back()

    assert job_now(context, job) == held


def test_a_hold_that_is_kept_outlives_its_first_lease_and_tells_how_far_the_job_is(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: "{}", lease_seconds=60)
    job = queued(context, given_office(context).entity_id)
    (held,) = claimed(context)

    clock.forward(seconds=59)
    keep_hold(context, held, 300, 1000)
    clock.forward(seconds=59)
    extend_leases(context, [held])
    clock.forward(seconds=59)
    keep_hold(context, held)

    assert claimed(context, "second") == []
    assert json.loads(job_now(context, job).progress) == {"done": 300, "of": 1000}
    clock.forward(seconds=61)
    assert [each.fence for each in claimed(context, "second")] == [2]


def test_asking_again_joins_the_job_that_waits_and_brings_it_forward(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: "{}")
    entity_id = given_office(context).entity_id
    later = clock.now + 3_600_000_000

    first = queued(context, entity_id, 1, due_at=later, joined_by=f"feed:{entity_id}")
    second = queued(context, entity_id, 2, due_at=clock.now, joined_by=f"feed:{entity_id}")
    third = queued(context, entity_id, 3, due_at=later, joined_by=f"feed:{entity_id}")

    assert (first.due_at, second.id, second.due_at) == (later, first.id, clock.now)
    assert third == second == job_now(context, first)


def test_a_job_of_a_key_waits_until_the_one_that_runs_has_ended(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: "{}")
    entity_id = given_office(context).entity_id
    key = f"feed:{entity_id}"
    queued(context, entity_id, 1, joined_by=key)
    (running,) = claimed(context)
    waiting = queued(context, entity_id, 2, joined_by=key)
    other = queued(context, entity_id, 3)

    beside = claimed(context, "second", 10)
    ended = [each for job in (running, *beside) if (each := run_job(context, job))]
    end_jobs(context, ended)
    clock.forward(seconds=1)
    after = claimed(context, "second", 10)

    assert waiting.id != running.id
    assert [each.id for each in beside] == [other.id]
    assert [each.id for each in after] == [waiting.id]


def test_a_job_that_is_tried_again_takes_the_one_in_that_was_queued_meanwhile(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    office = given_office(context)
    key = f"feed:{office.entity_id}"
    asked_again: list[Job] = []

    def run(context: Context, job: Job) -> str:
        if len(asked_again) < 2:
            asked_again.append(queued(context, job.entity_id, joined_by=key))
            raise Again("not now")
        return "{}"

    given_kind(monkeypatch, run, attempts_max=2)
    first = queued(context, office.entity_id, joined_by=key)
    run_queued(context)
    taken_in = job_now(context, asked_again[0])
    clock.forward(minutes=1)
    run_queued(context)
    letter = job_now(context, first)
    retried = done(retry_job(context, office.preparer, office.entity_id, first.id))
    run_queued(context)

    assert (taken_in.state, json.loads(taken_in.answer)) == ("done", {"joined": first.id})
    assert (letter.state, retried.state) == ("failed", "queued")
    assert [job_now(context, each).state for each in (first, *asked_again)] == ["done"] * 3


def test_many_workers_that_claim_at_once_never_get_the_same_job(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: "{}")
    entity_id = given_office(context).entity_id
    with context.store.operating() as work:
        waiting = [queue_job(work, entity_id, KIND, {}, context.now(), "somebody") for _ in range(60)]
    together = threading.Barrier(4)

    def drain(name: str) -> list[int]:
        together.wait(10)
        found: list[int] = []
        while got := claim_jobs(context, name, 3, lease_seconds):
            found += [each.id for each in got]
        return found

    with ThreadPoolExecutor(4) as workers:
        got = [each for found in workers.map(drain, "abcd") for each in found]

    assert sorted(got) == [each.id for each in waiting]


def test_who_asks_while_another_is_just_asking_joins_that_job(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    given_kind(monkeypatch, lambda *_: "{}")
    entity_id = given_office(context).entity_id
    asking = threading.Semaphore(0)

    def ask(key: str) -> int:
        asking.release()
        return queued(context, entity_id, joined_by=key).id

    with ThreadPoolExecutor(1) as other:
        for key in (f"feed:{entity_id}:{number}" for number in range(20)):
            with context.store.operating() as work:
                first = queue_job(work, entity_id, KIND, {}, context.now(), "somebody", joined_by=key)
                second = other.submit(ask, key)
                assert asking.acquire(timeout=10)
            assert second.result(10) == first.id

    with context.store.reading() as view:
        assert view.count(Job, Condition("entity_id", "=", entity_id), state="queued") == 20

"""Rows that several transactions want at once: locked, left to others, put in once; and who is told of them."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.given_rows import new_id, scope_of
from tests.given_store import NOON, given_office
from tieout.domain.work import Job, ScheduleState
from tieout.services.context import Context
from tieout.store.errors import StoreUnreachable
from tieout.store.protocols import Condition, Order, Store
from tieout.store.sql.store import SqlStore, open_store


def a_job(context: Context, entity_id: int, **fields: object) -> Job:
    """A job that no worker knows the kind of; it is not due within the century."""
    job = Job(
        entity_id=entity_id,
        id=new_id(context, Job),
        kind="dream",
        state="queued",
        request="{}",
        answer="",
        created_at=NOON,
        created_by="somebody",
        started_at=None,
        finished_at=None,
        due_at=2**62,
    )
    return replace(job, **fields)  # type: ignore[arg-type]


def given_jobs(context: Context, count: int) -> list[Job]:
    """Jobs of an office of their own."""
    entity_id = given_office(context).entity_id
    jobs = [a_job(context, entity_id) for _ in range(count)]
    with context.store.operating() as work:
        work.add(*jobs)
    return jobs


def test_rows_are_locked_in_order_and_others_leave_them_out(context: Context) -> None:
    jobs = given_jobs(context, 4)
    mine = Condition("entity_id", "=", jobs[0].entity_id)
    newest = (Order("id", descending=True),)

    with context.store.operating() as work:
        locked = work.lock(Job, mine, order=newest, limit=2, wait=False, state="queued")
        others = [] if context.store.name == "sqlite" else locked_elsewhere(context.store, mine)

    assert [each.id for each in locked] == [jobs[3].id, jobs[2].id]
    assert [each.id for each in others] in ([], [jobs[0].id, jobs[1].id])
    assert [each.id for each in locked_elsewhere(context.store, mine)] == [each.id for each in jobs]


def locked_elsewhere(store: Store, *conditions: Condition) -> list[Job]:
    """What another transaction gets of these rows now."""
    with store.operating() as work:
        return work.lock(Job, *conditions, order=(Order("id"),), wait=False)


def test_who_waits_for_a_row_sees_it_as_the_other_left_it(context: Context) -> None:
    (job,) = given_jobs(context, 1)
    locked, waits = threading.Event(), threading.Event()

    def waiting() -> str:
        assert locked.wait(10)
        waits.set()
        with context.store.operating() as work:
            (now,) = work.lock(Job, entity_id=job.entity_id, id=job.id)
            return now.fault

    with ThreadPoolExecutor(1) as other:
        asked = other.submit(waiting)
        with context.store.operating() as work:
            (held,) = work.lock(Job, entity_id=job.entity_id, id=job.id)
            locked.set()
            assert waits.wait(10)
            work.change(held, fault="changed")

        assert asked.result(10) == "changed"


def test_a_row_is_put_in_unless_its_place_is_taken(context: Context) -> None:
    entity_id = given_office(context).entity_id
    first = a_job(context, entity_id, joined_by=f"key:{entity_id}")
    second = a_job(context, entity_id, joined_by=f"key:{entity_id}")
    state = ScheduleState(entity_id=entity_id, schedule_id=1, next_at=2**62, last_key="", last_job_id=None)

    with context.store.operating() as work:
        put = [work.add_unless_kept(each) for each in (first, second, first, state, state)]
        work.change(first, state="done")
        put.append(work.add_unless_kept(second))

    with context.store.reading() as view:
        assert [each.id for each in view.all(Job, entity_id=entity_id)] == [first.id, second.id]
    assert put == [True, False, False, True, False, True]


def test_whoever_watches_a_noun_is_told_after_it_was_committed(context: Context) -> None:
    office = given_office(context)
    job, unseen = a_job(context, office.entity_id), a_job(context, office.entity_id)
    seen: list[int] = []

    def look() -> None:
        with context.store.reading() as view:
            seen.append(view.count(Job, entity_id=office.entity_id))

    with context.store.watching(Job, look):
        with context.store.writing(scope_of(office), "somebody", "queue", NOON) as work:
            work.operational().add(job)
            assert seen == []
        with context.store.operating() as work:
            work.change(job, fault="changed")
        with context.store.operating() as work:
            work.remove(replace(job, fault="changed"))
            work.roll_back()
        with context.store.operating() as work:
            work.all(Job, entity_id=office.entity_id)
    with context.store.operating() as work:
        work.add(unseen)

    assert seen == [1, 1]


def test_a_connection_that_is_lost_is_told_in_our_words_and_the_next_one_answers(store: SqlStore) -> None:
    url = store.database.engine.url.render_as_string(hide_password=False)
    other = open_store(url)

    def lose() -> None:
        with other.operating() as work:
            if store.name == "postgresql":
                work.connection.close()
            work.connection.execute("SELECT * FROM nowhere")

    with pytest.raises(StoreUnreachable, match="the database cannot be reached: "):
        lose()

    with other.operating() as work:
        assert work.count(Job, entity_id=-1) == 0
    other.close()


@pytest.mark.parametrize("answered_before", [False, True], ids=["from the start", "later"])
def test_a_database_that_went_away_is_told_in_our_words(tmp_path: Path, answered_before: bool) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    store = open_store(f"sqlite:///{folder}/tieout.db")
    if answered_before:
        with store.glancing():
            pass
        store.database.engine.dispose()
    shutil.rmtree(folder)

    with pytest.raises(StoreUnreachable, match="the database cannot be reached: "), store.glancing():
        pass

    gone = open_store(f"postgresql://nobody@/nowhere?host={tmp_path}")
    with pytest.raises(StoreUnreachable, match="the database cannot be reached: "), gone.glancing():
        pass

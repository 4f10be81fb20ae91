"""Documents that are read later, by whoever finds the job first."""

import ast
import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from tests.given_documents import became, csv_bytes, done, given_account, lines_of, mt940_bytes, received, refused, told
from tests.given_files import ACCOUNT, Entry, Row
from tests.given_jobs import given_empty_queue
from tests.given_store import Clock, given_office
from tests.house.sources import Source, sources
from tieout.domain.kinds import Side
from tieout.domain.work import Job
from tieout.services import intake, jobs
from tieout.services.context import Context
from tieout.services.document_reading import read_bytes
from tieout.services.intake import document, documents, receive_document, statements
from tieout.services.job_claims import Ended, claim_jobs, end_jobs
from tieout.services.job_holds import LeaseLost
from tieout.services.job_rows import queue_job
from tieout.services.jobs import job, lease_seconds, run_queued
from tieout.services.matching_jobs import queue_matching
from tieout.services.scheduled_kinds import SCHEDULED
from tieout.store.protocols import Scalar

MAY = mt940_bytes(("0.00", "2026-05-01"), ("9.00", "2026-05-31"), Entry("2026-05-04", "9.00", "SALE"))


def jobs_of(context: Context, entity_id: int) -> list[Job]:
    """The jobs of one entity."""
    with context.store.reading() as view:
        return view.all(Job, entity_id=entity_id)


def test_a_document_that_is_read_later_is_queued_and_then_read(context: Context) -> None:
    office = given_office(context)
    queued = received(context, office, MAY, later=True)
    before = lines_of(context, office)

    run_queued(context)

    read = done(document(context, office.reader, office.entity_id, queued.id))
    (ran,) = jobs_of(context, office.entity_id)
    assert (queued.state, before) == ("queued", [])
    assert (read.state, read.format, became(read)) == ("read", "mt940", (1, 0, 0))
    assert told(lines_of(context, office)) == ["4 900 SALE"]
    assert (ran.state, json.loads(ran.answer)) == ("done", {"document": read.id, "state": "read"})
    assert done(job(context, office.reader, office.entity_id, ran.id)) == ran


def test_a_document_that_cannot_be_read_later_says_why(context: Context) -> None:
    office = given_office(context)
    content = csv_bytes([Row("S1", "1.0x", account=ACCOUNT)])
    queued = received(context, office, content, "may.csv", later=True)

    run_queued(context)

    kept = done(document(context, office.reader, office.entity_id, queued.id))
    (reason,) = json.loads(kept.answer)["refusals"]
    assert kept.state == "refused"
    assert (reason["code"], reason["concerns"]) == ("not_an_amount", "may.csv:2:24")
    assert lines_of(context, office) == []


@pytest.mark.parametrize("side", ["statement", "ledger"])
def test_a_document_that_was_refused_for_one_account_may_come_again_for_its_own(context: Context, side: Side) -> None:
    office = given_office(context)
    account_id = given_account(context, office, number="NO1234567890123")
    content = csv_bytes([Row("S1", "1.00", account=ACCOUNT, kind="bank_entry" if side == "ledger" else "")])
    first = received(context, office, content, "may.csv", account_id=account_id, side=side, later=True)
    run_queued(context)

    elsewhere = received(context, office, content, "may.csv", side=side)
    again = receive_document(
        context, office.preparer, office.entity_id, "may.csv", content, account_id=account_id, side=side, later=True
    )

    (reason,) = json.loads(done(document(context, office.reader, office.entity_id, first.id)).answer)["refusals"]
    assert reason["code"] == "account_mismatch"
    assert (elsewhere.state, elsewhere.id == first.id) == ("read", False)
    assert again == elsewhere
    assert len(lines_of(context, office)) == 1


def test_a_document_that_was_refused_is_read_again_under_its_first_id(context: Context) -> None:
    office = given_office(context)
    content = csv_bytes([Row("S1", "1.00")])
    first = received(context, office, content, "may.csv", later=True)
    run_queued(context)

    again = received(context, office, content, "may.csv", later=True)
    run_queued(context)

    assert (again.id, again.state) == (first.id, "queued")
    assert [ran.state for ran in jobs_of(context, office.entity_id)] == ["done", "done"]
    assert done(document(context, office.reader, office.entity_id, first.id)).state == "refused"


def test_the_same_bytes_twice_in_the_queue_are_one_document(context: Context) -> None:
    office = given_office(context)
    first = received(context, office, MAY, later=True)

    again = received(context, office, MAY, later=True)
    run_queued(context)

    assert again == first
    assert len(jobs_of(context, office.entity_id)) == 1
    assert len(lines_of(context, office)) == 1


def test_a_job_has_one_worker_until_that_is_gone(context: Context, clock: Clock) -> None:
    given_empty_queue(context)
    office = given_office(context)
    received(context, office, MAY, later=True)

    (claimed,) = claim_jobs(context, "first", 10, lease_seconds)
    second = claim_jobs(context, "second", 10, lease_seconds)
    clock.forward(minutes=11)
    (after_a_crash,) = claim_jobs(context, "second", 10, lease_seconds)

    assert second == []
    assert (after_a_crash.id, after_a_crash.fence, after_a_crash.attempts) == (claimed.id, 2, 2)
    ended: dict[str, Scalar] = {"state": "done", "answer": "{}", "finished_at": clock.now}
    assert end_jobs(context, [Ended(claimed, ended)]) == [claimed]
    assert end_jobs(context, [Ended(after_a_crash, ended)]) == []
    assert claim_jobs(context, "first", 10, lease_seconds) == []


def test_a_worker_that_stalls_while_another_reads_its_document_changes_nothing(
    context: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_empty_queue(context)
    office = given_office(context)
    received(context, office, MAY, later=True)
    run, read = jobs.RUNNERS["read_document"].run, read_bytes
    (stalled,) = claim_jobs(context, "first", 1, lease_seconds)

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(intake, "read_bytes", read)
        clock.forward(minutes=11)
        run_queued(context)
        return read(*arguments)

    monkeypatch.setattr(intake, "read_bytes", overtaken)

    with pytest.raises(LeaseLost):
        run(context, stalled)

    assert len(lines_of(context, office)) == 1
    assert len(done(statements(context, office.reader, office.entity_id))) == 1
    assert [(ran.state, ran.fence) for ran in jobs_of(context, office.entity_id)] == [("done", 2)]


def test_a_job_that_fails_says_so_and_does_not_stop_the_next(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    given_empty_queue(context)
    office = given_office(context)
    received(context, office, MAY, later=True)
    received(context, office, csv_bytes([Row("S1", "1.00", account=ACCOUNT)]), "may.csv", later=True)
    run = jobs.RUNNERS["read_document"].run
    calls: list[int] = []

    def faulty(context: Context, job_now: Job) -> str:
        calls.append(job_now.id)
        if len(calls) == 1:
            raise ZeroDivisionError
        return run(context, job_now)

    monkeypatch.setattr(jobs, "RUNNERS", {"read_document": jobs.RUNNERS["read_document"]._replace(run=faulty)})

    count = run_queued(context)

    first, second = jobs_of(context, office.entity_id)
    assert count == 2
    assert (first.state, json.loads(first.answer)["code"]) == ("failed", "fault")
    assert second.state == "done"
    states = [each.state for each in done(documents(context, office.reader, office.entity_id))]
    assert states == ["refused", "read"]


def test_a_queued_document_makes_no_difference_to_others_who_may_not_see_it(context: Context) -> None:
    office = given_office(context)
    received(context, office, MAY, later=True)
    (queued,) = jobs_of(context, office.entity_id)

    theirs = job(context, office.stranger, office.stranger_entity.id, queued.id)
    by_reader = receive_document(context, office.reader, office.entity_id, "x", MAY, later=True)

    assert refused(theirs) == [("not_found", "job")]
    assert refused(by_reader) == [("not_permitted", "prepare")]
    assert done(documents(context, office.stranger, office.stranger_entity.id)) == []
    run_queued(context)


def test_a_run_of_the_engine_may_wait_for_its_turn_like_a_document(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office, number=ACCOUNT)
    received(context, office, MAY, account_id=account_id)
    queued = done(queue_matching(context, office.preparer, office.entity_id))

    run_queued(context)

    ran = done(job(context, office.reader, office.entity_id, queued.id))
    assert ran.state == "done"
    assert json.loads(ran.answer)["statement_lines"] == 1


def test_a_job_of_a_kind_that_nobody_knows_fails_and_says_so(context: Context) -> None:
    given_empty_queue(context)
    office = given_office(context)
    with context.store.operating() as work:
        unknown = queue_job(work, office.entity_id, "dream", {}, context.now(), "somebody")
    received(context, office, MAY, later=True)

    count = run_queued(context)

    failed, read = jobs_of(context, office.entity_id)
    assert count == 2
    assert (failed.id, failed.state, read.state) == (unknown.id, "failed", "done")
    assert json.loads(failed.answer)["message"].startswith('this tieout knows no job of the kind "dream"; ')


def test_every_kind_of_job_that_is_queued_can_be_run() -> None:
    kinds = {kind for source in sources("src") for kind in kinds_queued_by(source)}

    assert kinds | set(SCHEDULED) == set(jobs.RUNNERS)


def kinds_queued_by(source: Source) -> Iterator[str]:
    """What calls of `queue_job` and requests for schedules name as their kind: a text, or a constant of the module."""
    if "queue_job(" not in source.text and "ScheduleRequest(" not in source.text:
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id="queue_job"), args=[_, _, ast.Constant(value=str(kind)), *_]):
                yield kind
            case ast.Call(func=ast.Name(id="queue_job"), args=[_, _, ast.Name(id=name), *_]):
                yield getattr(import_module(source.module), name)
            case ast.Call(func=ast.Name(id="queue_job"), args=[_, _, ast.Attribute(attr="kind"), *_]):
                pass  # of a schedule, which the next function finds
            case ast.Call(func=ast.Name(id="ScheduleRequest"), keywords=given):
                (found,) = [each.value for each in given if each.arg == "kind"]
                if isinstance(found, ast.Name) and found.id.isupper():
                    yield getattr(import_module(source.module), found.id)
            case ast.Call(func=ast.Name(id="queue_job")):
                raise AssertionError(f"{source.path}:{node.lineno}: which kind of job is queued cannot be told")

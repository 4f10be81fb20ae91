"""What became of a push: done, declined, or unknown until there is evidence; never twice."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tests.given_books import Books, given_books
from tests.given_crashes import Killed
from tests.given_matches import accepted, codes
from tests.given_platform import (
    SECRETS,
    SETTINGS,
    found_connection,
)
from tests.given_store import Clock
from tieout.contracts.platform import FaultKind, PlatformFault
from tieout.domain.connections import Intent
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.invoices import cancel_invoice
from tieout.services.job_claims import claim_jobs
from tieout.services.jobs import lease_seconds, run_job, run_queued
from tieout.services.lines import delete_lines
from tieout.services.syncing.connections import (
    configure_connection,
    disconnect,
)
from tieout.services.syncing.synced_records import push_record


@pytest.fixture
def books(context: Context, clock: Clock) -> Books:
    return given_books(context, clock)


def fault(kind: FaultKind, call: str = "push") -> Any:
    """What the platform says to every call of one kind."""
    return lambda asked, _: PlatformFault(kind, f"it is {kind}") if asked == call else None


def well(_call: str, _object_type: str) -> None:
    """Nothing is wrong."""


def test_a_push_by_hand_is_for_what_failed(books: Books) -> None:
    books.invoiced()
    waiting = books.record()
    once = accepted(push_record(books.context, books.office.owner, books.entity_id, waiting.public_id))
    books.work_off()
    sent = books.sent()

    again = push_record(books.context, books.office.owner, books.entity_id, waiting.public_id)
    books.work_off()

    assert once == waiting
    assert codes(again) == ["state_differs"]
    assert books.sent() == sent == 1


def test_what_the_platform_declines_is_an_error_with_its_words(books: Books) -> None:
    books.stub.says = fault("refused")

    books.invoiced()
    books.work_off(hours=2)

    assert (books.record().status, books.error()) == ("error", {"code": "refused", "message": "it is refused"})
    assert books.sent() == 1


def test_a_refusal_that_cannot_be_checked_is_none_yet(books: Books) -> None:
    books.stub.says = lambda call, _: {
        "push": PlatformFault("refused", "no such thing"),
        "find": PlatformFault("unavailable", "nobody answers"),
    }.get(call)
    books.invoiced()

    books.work_off()

    assert books.record().status == "unknown"


@pytest.mark.parametrize("kind", ["unavailable", "unknown", "malformed", "settings"])
def test_what_may_pass_is_tried_again_by_itself(books: Books, kind: FaultKind) -> None:
    books.stub.says = fault(kind)
    books.invoiced()
    books.work_off()
    before = books.record().status

    books.stub.says = well
    books.work_off(hours=2)

    assert before == ("unknown" if kind in ("unknown", "malformed") else "pending")
    assert books.record().status == "done"
    assert len(books.there()) == 1


def test_an_outcome_that_nobody_knows_stays_unknown_until_the_platform_says(books: Books) -> None:
    def away(call: str, _: str) -> PlatformFault | None:
        return PlatformFault("unknown", "no answer") if call in ("push", "find") else None

    books.stub.says = away
    books.invoiced()
    books.work_off(hours=30)
    unknown = books.record()
    by_hand = push_record(books.context, books.office.owner, books.entity_id, unknown.public_id)

    books.stub.says = well
    books.synced()
    books.work_off(hours=2)

    assert unknown.status == "unknown"
    assert json.loads(unknown.errors)["code"] == "outcome_unknown"
    assert codes(by_hand) == ["state_differs"]
    assert by_hand.refusals[0].fact("state") == "unknown"  # type: ignore[union-attr]
    assert (books.record().status, len(books.there())) == ("done", 1)


def test_an_answer_that_was_lost_is_found_by_its_key(books: Books) -> None:
    made = books.stub.make

    def lost(object_type: str, key: str, body: Mapping[str, Any]) -> Any:
        made(object_type, key, body)
        raise PlatformFault("unknown", "the answer was lost")

    books.stub.push = lost  # type: ignore[method-assign]
    books.invoiced()

    books.work_off()

    assert (books.record().status, len(books.there())) == ("done", 1)


def test_a_worker_that_was_killed_after_sending_sends_nothing_twice(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoiced()

    killed_before_the_outcome_was_written(books, monkeypatch)
    with books.context.store.reading() as view:
        (during,) = view.all(Intent, entity_id=books.entity_id)
    books.work_off(hours=2)

    assert during.state == "sent"
    assert (books.record().status, len(books.there()), books.sent()) == ("done", 1, 1)


def killed_before_the_outcome_was_written(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("tieout.services.syncing.pushing._written", killed)
        with pytest.raises(Killed):
            run_queued(books.context)


def test_what_was_sent_by_a_worker_that_is_gone_is_unknown_while_the_platform_is_away(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.invoiced()
    killed_before_the_outcome_was_written(books, monkeypatch)

    books.stub.says = fault("unavailable", "open")
    books.work_off(hours=1)
    away = books.record()
    books.stub.says = well
    books.work_off(hours=2)

    assert away.status == "unknown"
    assert (books.record().status, books.sent()) == ("done", 1)


def test_a_worker_that_stalled_in_a_push_changes_nothing_any_more(books: Books) -> None:
    books.invoiced()
    (slow,) = claim_jobs(books.context, "slow", 1, lease_seconds)

    def stalled(call: str, _: str) -> PlatformFault | None:
        if call != "push":
            return None
        books.stub.says = well
        books.clock.forward(minutes=20)
        run_queued(books.context)
        return PlatformFault("refused", "the slow one was told something else")

    books.stub.says = stalled
    ended = run_job(books.context, slow)

    assert ended is None
    assert (books.record().status, len(books.there())) == ("done", 1)


def test_a_platform_that_no_longer_takes_the_credentials_gets_what_waits_later(books: Books) -> None:
    books.stub.says = fault("unauthorised")
    books.invoiced()
    books.work_off(hours=3)
    waiting, refused = books.record(), found_connection(books.context, books.office, books.connection.id)
    sent = books.sent()

    books.stub.says = well
    accepted(
        configure_connection(
            books.context, books.office.owner, books.entity_id, books.connection.id, "stub", SETTINGS, SECRETS
        )
    )
    books.work_off(hours=1)

    assert (waiting.status, refused.status, sent) == ("pending", "deauthorized", 1)
    assert books.record().status == "done"


def test_disconnecting_stops_what_was_not_sent(books: Books) -> None:
    books.invoiced()

    accepted(disconnect(books.context, books.office.owner, books.entity_id, books.connection.id))
    books.work_off(hours=2)

    assert books.there() == []
    assert (books.record().status, books.error()["code"]) == ("error", "disconnected")
    answer = push_record(books.context, books.office.owner, books.entity_id, books.record().public_id)
    assert codes(answer) == ["state_differs"]


def test_two_records_are_never_one_object_there(books: Books) -> None:
    books.invoiced("I-1")
    books.work_off()
    taken = books.record().platform_object_id
    books.stub.find = lambda object_type, key: books.stub.push(object_type, "x", {})._replace(platform_object_id=taken)  # type: ignore[method-assign]

    books.invoiced("I-2")
    books.work_off()

    first, second = books.records("receivable")
    assert (first.status, second.status) == ("done", "error")
    assert json.loads(second.errors)["code"] == "id_taken"


def test_many_pushes_to_a_platform_that_doubles_drops_delays_and_lies_are_each_there_once(books: Books) -> None:
    books.stub.chance = Random(4)
    wanted = {books.invoiced(f"I-{number}").number for number in range(60)}

    books.work_off(hours=30)
    books.stub.deliver()

    assert sorted(each["number"] for each in books.there()) == sorted(wanted)
    assert {each.status for each in books.records("receivable")} == {"done"}
    ids = [each.platform_object_id for each in books.records("receivable")]
    assert sorted(ids) == sorted(books.stub.objects["receivable"])


def test_a_job_that_was_tried_too_often_says_so_on_its_record(books: Books) -> None:
    books.stub.says = fault("unavailable")
    books.invoiced()

    books.work_off(hours=40)

    with books.context.store.reading() as view:
        states = {job.state for job in view.all(Job, entity_id=books.entity_id, kind="push_record")}
    assert states == {"failed"}
    assert (books.record().status, books.error()["code"]) == ("error", "not_sent")


def test_what_was_declined_and_then_cancelled_here_is_not_sent_by_hand_either(books: Books) -> None:
    books.stub.says = fault("refused")
    invoice = books.invoiced()
    books.work_off(hours=2)
    books.stub.says = well
    accepted(cancel_invoice(books.context, books.office.owner, books.entity_id, invoice.id))

    accepted(push_record(books.context, books.office.owner, books.entity_id, books.record().public_id))
    books.work_off(hours=2)

    assert (books.there(), books.error()["code"]) == ([], "cancelled_here")


def test_what_is_certain_not_to_be_there_is_not_sent_again_once_it_is_cancelled_here(books: Books) -> None:
    books.stub.says = lambda call, _: PlatformFault("unknown", "no whole answer") if call == "push" else None
    invoice = books.invoiced()
    books.work_off()
    unknown = books.record().status
    accepted(cancel_invoice(books.context, books.office.owner, books.entity_id, invoice.id))
    books.stub.says = well

    books.work_off(hours=2)

    assert unknown == "unknown"
    assert (books.there(), books.record().status) == ([], "error")


def test_an_invoice_whose_only_instalment_is_deleted_is_not_sent(books: Books) -> None:
    invoice = books.invoiced()

    deleted = delete_lines(books.context, books.office.owner, books.entity_id, [books.instalment(invoice)])
    books.work_off(hours=2)

    assert accepted(deleted).refused == ()
    assert books.there() == []
    assert books.record().status == "error"

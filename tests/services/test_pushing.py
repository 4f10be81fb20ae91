"""What is ours goes to the platform once, whatever happens on the way, and each record says what became of it."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tests.given_matches import Desk, accepted, codes
from tests.given_platform import (
    SECRETS,
    SETTINGS,
    Stub,
    a_posting,
    a_rate,
    found_connection,
    given_connection,
    with_platform,
)
from tests.given_store import Clock, given_office
from tieout.contracts.platform import FaultKind, PlatformFault
from tieout.domain.books import Difference, Invoice
from tieout.domain.connections import Connection, Intent, SyncedRecord
from tieout.domain.work import Job
from tieout.services.accounts import AccountRequest, change_account, open_account
from tieout.services.context import Context
from tieout.services.invoices import InvoiceLineRequest, InvoiceRequest, cancel_invoice, create_invoice
from tieout.services.jobs import run_queued
from tieout.services.lines import find_lines
from tieout.services.matching import AdjustmentRequest, AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.syncing.connections import configure_connection, disconnect, sync_connection
from tieout.services.syncing.synced_records import push_record

JANUARY_5 = 20_458


class Books(Desk):
    """An office whose books are a platform's."""

    stub: Stub
    connection: Connection
    clock: Clock

    def invoiced(self, number: str = "I-1", minor_units: int = 100_00, **fields: Any) -> Invoice:
        """An invoice without tax, made here."""
        line = fields.pop("line", {})
        request = InvoiceRequest(
            direction="receivable" if minor_units > 0 else "payable",
            currency="NOK",
            issue_day=JANUARY_5,
            number=number,
            counterparty="Fjord AS",
            lines=(InvoiceLineRequest(description="Goods", minor_units=minor_units, account_code="3000", **line),),
            **fields,
        )
        return accepted(create_invoice(self.context, self.office.owner, self.entity_id, request))[0]

    def instalment(self, invoice: Invoice) -> int:
        """The one open item of an invoice."""
        found = accepted(find_lines(self.context, self.office.owner, self.entity_id))
        return next(now.line.id for now in found if now.line.parent_id == invoice.id)

    def work_off(self, hours: int = 0) -> None:
        """Run what is due, and what becomes due in the next hours."""
        run_queued(self.context)
        for _ in range(hours):
            self.clock.forward(hours=1)
            run_queued(self.context)

    def record(self, object_type: str = "receivable") -> SyncedRecord:
        """The one record of a type."""
        (found,) = self.records(object_type)
        return found

    def records(self, object_type: str) -> list[SyncedRecord]:
        """The records of a type."""
        with self.context.store.reading() as view:
            return view.all(SyncedRecord, entity_id=self.entity_id, object_type=object_type)

    def error(self, object_type: str = "receivable") -> Mapping[str, str]:
        """What the one record of a type says is wrong."""
        told: Mapping[str, str] = json.loads(self.record(object_type).errors)
        return told

    def there(self, object_type: str = "receivable") -> list[dict[str, Any]]:
        """What the platform has of a type."""
        return [each.content for each in self.stub.objects[object_type].values()]

    def sent(self) -> int:
        """How often something was pushed."""
        return [call for call, _ in self.stub.calls].count("push")


@pytest.fixture
def books(context: Context, clock: Clock) -> Books:
    """Books with a bank account 1920, connected before anything is in them."""
    stub = Stub()
    here = with_platform(context, stub)
    office = given_office(here)
    request = AccountRequest(kind="bank", name="Bank", currency="NOK", code="1920")
    made = Books(here, office, accepted(open_account(here, office.owner, office.entity_id, request)))
    for name, value in (("stub", stub), ("clock", clock), ("connection", given_connection(here, office))):
        object.__setattr__(made, name, value)
    return made


def fault(kind: FaultKind, call: str = "push") -> Any:
    """What the platform says to every call of one kind."""
    return lambda asked, _: PlatformFault(kind, f"it is {kind}") if asked == call else None


def well(_call: str, _object_type: str) -> None:
    """Nothing is wrong."""


def test_an_invoice_goes_to_the_platform_that_the_entity_is_connected_to(books: Books) -> None:
    invoice = books.invoiced()
    waiting = books.record()

    books.work_off()

    (there,) = books.there()
    done = books.record()
    assert (waiting.status, done.status, done.object_id) == ("pending", "done", invoice.public_id)
    assert done.platform_object_id in books.stub.objects["receivable"]
    assert {name: there[name] for name in ("number", "total", "tax", "currency", "issue_date")} == {
        "number": "I-1", "total": "100.00", "tax": "0.00", "currency": "NOK", "issue_date": "2026-01-05",
    }  # fmt: skip
    assert there["instalments"] == [{"due_date": "2026-01-05", "amount": "100.00"}]


def test_a_bill_is_positive_there(books: Books) -> None:
    books.invoiced(minor_units=-70_00)

    books.work_off()

    (there,) = books.there("bill")
    assert (there["total"], there["lines"][0]["amount"]) == ("70.00", "70.00")


def test_what_was_there_before_the_connection_is_not_sent(context: Context) -> None:
    office, stub = given_office(context), Stub()
    here = with_platform(context, stub)
    request = InvoiceRequest(direction="receivable", currency="NOK", issue_day=JANUARY_5, instalments=((JANUARY_5, 1),))
    accepted(create_invoice(here, office.owner, office.entity_id, request))

    given_connection(here, office)
    run_queued(here)

    assert stub.objects["receivable"] == {}


def test_an_invoice_that_is_refused_here_wants_nothing_there(books: Books) -> None:
    request = InvoiceRequest(direction="receivable", currency="NOK", issue_day=JANUARY_5)

    answer = create_invoice(books.context, books.office.owner, books.entity_id, request)

    assert codes(answer) == ["required"]
    assert books.records("receivable") == []


@pytest.mark.parametrize(
    ("line", "rates", "code"),
    [
        ({"tax_minor_units": 25_00, "tax_rate_value": 2500}, [], "tax_not_mapped"),
        ({"tax_minor_units": 25_00, "tax_rate_value": 2500}, [a_rate(direction="purchases")], "tax_not_mapped"),
        ({"tax_minor_units": 25_00, "tax_rate_value": 2500}, [a_rate("One"), a_rate("Two")], "tax_not_mapped"),
        ({"tax_minor_units": 25_00, "tax_rate_value": 2400}, [a_rate()], "tax_not_mapped"),
        ({"tax_minor_units": 25_00}, [a_rate()], "tax_not_mapped"),
        ({"vat_rate_id": "0197"}, [a_rate()], "tax_not_mapped"),
    ],
    ids=["no rate", "of the other direction", "several", "the nearest", "nobody said", "an unknown name"],
)
def test_tax_that_cannot_be_mapped_is_an_error_that_names_the_line_and_what_there_is(
    books: Books, line: Mapping[str, Any], rates: list[Any], code: str
) -> None:
    for rate in rates:
        books.stub.put("tax_rate", rate)
    synced(books)

    books.invoiced(line=line)
    books.work_off()

    told = books.error()
    assert (books.record().status, told["code"]) == ("error", code)
    assert told["message"].startswith("line 1: ")
    assert books.there() == []


def synced(books: Books) -> None:
    accepted(sync_connection(books.context, books.office.owner, books.entity_id, books.connection.id))
    run_queued(books.context)


def test_a_rate_that_is_made_there_afterwards_lets_the_push_go_by_hand(books: Books) -> None:
    books.invoiced(line={"tax_minor_units": 25_00, "tax_rate_value": 2500})
    books.work_off()
    rate = books.stub.put("tax_rate", a_rate())
    synced(books)

    pushed = accepted(push_record(books.context, books.office.preparer, books.entity_id, books.record().public_id))
    books.work_off()

    (there,) = books.there()
    assert pushed.status == "pending"
    assert books.record().status == "done"
    assert there["lines"][0]["tax_rate"] == rate


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
    synced(books)
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

    class Killed(BaseException):
        """The process is gone."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("tieout.services.syncing.pushing._written", killed)
        with pytest.raises(Killed):
            run_queued(books.context)
    with books.context.store.reading() as view:
        (during,) = view.all(Intent, entity_id=books.entity_id)
    books.work_off(hours=2)

    assert during.state == "sent"
    assert (books.record().status, len(books.there()), books.sent()) == ("done", 1, 1)


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


def test_a_confirmed_match_is_a_payment_of_its_invoice(books: Books) -> None:
    invoice = books.invoiced()
    books.work_off()

    tied = books.tied(books.money(100_00, JANUARY_5, reference="KID 1"), books.instalment(invoice))
    books.work_off()

    (payment,) = books.there("payment_record")
    assert payment == {
        "invoice": books.record().platform_object_id, "date": "2026-01-05", "amount": "100.00", "currency": "NOK",
        "account": "1920", "reference": "KID 1",
    }  # fmt: skip
    assert books.record("payment_record").own_id == tied.record.id


def test_a_payment_waits_for_its_invoice(books: Books) -> None:
    invoice = books.invoiced()
    books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))
    books.stub.says = lambda call, kind: (
        PlatformFault("unavailable", "away") if (call, kind) == ("push", "receivable") else None
    )
    books.work_off()
    early = books.there("payment_record")

    books.stub.says = well
    books.work_off(hours=2)

    assert early == []
    assert books.record("payment_record").status == "done"


def test_one_payment_of_two_invoices_is_two_payment_records(books: Books) -> None:
    first, second = books.invoiced("I-1"), books.invoiced("I-2", 50_00)

    books.tied(books.money(150_00, JANUARY_5), books.instalment(first), books.instalment(second))
    books.work_off(hours=1)

    assert sorted(each["amount"] for each in books.there("payment_record")) == ["100.00", "50.00"]


def test_a_fee_that_the_bank_kept_is_no_cash(books: Books) -> None:
    invoice = books.invoiced()
    lines = (books.money(98_00, JANUARY_5), books.instalment(invoice))

    tied_less(books, *lines, fee=-2_00)
    books.work_off(hours=1)

    (payment,) = books.there("payment_record")
    assert payment["amount"] == "98.00"


def test_a_fee_on_several_invoices_is_for_somebody_to_divide(books: Books) -> None:
    lines = [books.instalment(books.invoiced(number)) for number in ("I-1", "I-2")]

    tied_less(books, books.money(198_00, JANUARY_5), *lines, fee=-2_00)
    books.work_off(hours=1)

    assert books.there("payment_record") == []
    assert {json.loads(each.errors)["code"] for each in books.records("payment_record")} == {"by_hand"}


def tied_less(books: Books, *lines: int, fee: int) -> None:
    allocations = tuple(AllocationRequest(line_id=line) for line in lines)
    kept = (AdjustmentRequest(type="bank_charge", minor_units=fee, currency="NOK"),)
    request = MatchRequest(allocations=allocations, adjustments=kept)
    accepted(make_match(books.context, books.office.owner, books.entity_id, request))


def test_a_match_with_the_platforms_own_postings_is_told_there(books: Books) -> None:
    posting = books.stub.put("journal_line", a_posting("100.00", "2026-01-05"))
    synced(books)
    found = accepted(find_lines(books.context, books.office.owner, books.entity_id))
    entry = next(now.line.id for now in found if now.line.side == "ledger")

    books.tied(books.money(100_00, JANUARY_5), entry)
    books.work_off()

    (told,) = books.there("match")
    assert (told["ledger"], told["bank_account"], told["amount"]) == ([posting], "1920", "100.00")
    assert [each["amount"] for each in told["statement"]] == ["100.00"]


def test_an_account_without_a_code_is_named(books: Books) -> None:
    accepted(change_account(books.context, books.office.owner, books.entity_id, books.account.id, {"code": ""}))
    invoice = books.invoiced()
    books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))

    books.work_off(hours=1)

    assert books.error("payment_record")["code"] == "account_without_code"


def test_the_posting_that_our_own_payment_made_there_is_no_new_book_entry(books: Books) -> None:
    invoice = books.invoiced()
    books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))
    books.work_off(hours=1)
    key = next(each.key for each in books.stub.objects["payment_record"].values())

    books.stub.put("journal_line", a_posting("100.00", "2026-01-05"), key=key)
    synced(books)

    found = accepted(find_lines(books.context, books.office.owner, books.entity_id))
    assert [now.line.kind for now in found if now.line.side == "ledger"] == ["receivable"]


def test_a_match_that_was_undone_takes_back_what_was_not_sent(books: Books) -> None:
    invoice = books.invoiced()
    tied = books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))

    accepted(undo_match(books.context, books.office.owner, books.entity_id, tied.record.id))
    books.work_off(hours=1)

    assert books.there("payment_record") == []
    assert books.error("payment_record")["code"] == "undone_here"


def test_a_match_that_was_undone_after_its_payment_went_is_a_difference(books: Books) -> None:
    invoice = books.invoiced()
    tied = books.tied(books.money(100_00, JANUARY_5), books.instalment(invoice))
    books.work_off(hours=1)

    accepted(undo_match(books.context, books.office.owner, books.entity_id, tied.record.id))

    record = books.record("payment_record")
    assert (record.status, json.loads(record.errors)["code"]) == ("done", "undone_here")
    with books.context.store.reading() as view:
        (told,) = view.all(Difference, entity_id=books.entity_id)
    assert (told.subject, told.minor_units) == (f"match:{tied.record.id}", 100_00)


def test_an_invoice_cancelled_here_is_not_sent_any_more(books: Books) -> None:
    invoice = books.invoiced()

    accepted(cancel_invoice(books.context, books.office.owner, books.entity_id, invoice.id))
    books.work_off(hours=1)

    assert books.there() == []
    assert books.error()["code"] == "cancelled_here"


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

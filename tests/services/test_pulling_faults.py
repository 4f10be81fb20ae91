"""What makes no sense at a platform, or goes wrong on the way, is told, and costs nothing else."""

import pytest

from tests.given_books import Books, given_books
from tests.given_matches import accepted, codes
from tests.given_platform import (
    SECRETS,
    SETTINGS,
    Body,
    a_posting,
    an_invoice,
    found_connection,
)
from tests.given_store import Clock
from tieout.contracts.platform import PlatformFault
from tieout.domain.connections import SyncCursor
from tieout.services.context import Context
from tieout.services.jobs import run_queued
from tieout.services.syncing.connections import (
    configure_connection,
    create_connection,
    disconnect,
    error_messages,
    sync_connection,
)


@pytest.fixture
def books(context: Context, clock: Clock) -> Books:
    return given_books(context, clock)


@pytest.mark.parametrize(
    "content",
    [
        {**an_invoice(), "total": "126.00"},
        {**an_invoice(), "currency": "XXX"},
        {**an_invoice(), "issue_date": "5.1.2026"},
        {**an_invoice(), "instalments": "none"},
        {**an_invoice(), "total": 1.5},
        {"name": "not an invoice"},
    ],
)
def test_an_object_that_makes_no_sense_is_an_error_of_its_own_record(books: Books, content: Body) -> None:
    books.stub.put("receivable", content)
    books.stub.put("receivable", an_invoice("I-2"))

    books.synced()

    assert [each.status for each in books.records("receivable")] == ["error", "done"]
    assert books.only_invoice().invoice.number == "I-2"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (lambda page: page._replace(objects=(), more=True), "does not go on"),
        (lambda page: page._replace(cursor="", more=True), "does not go on"),
        (lambda page: page._replace(objects=[*page.objects, *page.objects]), "twice"),
        (
            lambda page: page._replace(objects=[replace_type(each) for each in page.objects]),
            "holds a product",
        ),
    ],
    ids=["an empty page with more behind it", "a circle", "one object twice", "another type"],
)
def test_a_page_that_makes_no_sense_is_told_and_nothing_is_lost(books: Books, page: object, said: str) -> None:
    books.stub.put("receivable", an_invoice())
    books.stub.page = page  # type: ignore[assignment]
    books.synced()
    told = error_messages(found_connection(books.context, books.office, books.connection.id))

    books.stub.page = lambda page: page
    books.synced()

    assert any(said in message for message in told)
    assert books.only_invoice().invoice.minor_units == 125_00
    assert error_messages(found_connection(books.context, books.office, books.connection.id)) == ()


def replace_type(pulled: object) -> object:
    return pulled._replace(object_type="product")  # type: ignore[attr-defined]


def test_a_fault_in_one_type_of_object_does_not_cost_the_others(books: Books) -> None:
    books.stub.put("receivable", an_invoice())
    books.stub.says = lambda call, kind: PlatformFault("malformed", "half of it") if kind == "customer" else None

    books.synced()

    assert books.only_invoice().invoice.minor_units == 125_00
    assert error_messages(found_connection(books.context, books.office, books.connection.id)) == ("half of it",)


def test_most_of_the_books_gone_at_once_is_believed_when_it_is_seen_twice(books: Books) -> None:
    ids = [books.stub.put("journal_line", a_posting(f"{number}.00")) for number in range(1, 31)]
    books.synced()

    for each in ids:
        books.stub.remove("journal_line", each)
    books.synced()
    first = len(books.entries())
    told = error_messages(found_connection(books.context, books.office, books.connection.id))
    books.synced()

    assert first == 30
    assert any("gone at once" in message for message in told)
    assert books.entries() == []


def test_where_most_accounts_are_gone_the_rest_of_the_books_is_not_believed_either(books: Books) -> None:
    accounts = [books.stub.put("ledger_account", an_account(code)) for code in ("1920", "1500", "3000")]
    invoice = books.stub.put("receivable", an_invoice())
    books.synced()

    for each in accounts:
        books.stub.remove("ledger_account", each)
    books.stub.remove("receivable", invoice)
    books.synced()
    first = books.only_invoice().invoice.status
    told = error_messages(found_connection(books.context, books.office, books.connection.id))
    books.synced()

    assert (first, len(told), "gone at once" in told[0]) == ("open", 1, True)
    assert books.only_invoice().invoice.status == "cancelled"


def an_account(code: str) -> Body:
    return {
        "name": f"Account {code}",
        "type": "asset",
        "subtype": None,
        "status": "active",
        "nominal_code": code,
        "currency": None,
        "current_balance": None,
        "is_bank_account": False,
    }


def test_one_fault_of_all_types_of_object_is_told_once(books: Books) -> None:
    books.stub.says = lambda _call, _object_type: PlatformFault("malformed", "line 7 makes no sense")

    books.synced()

    told = error_messages(found_connection(books.context, books.office, books.connection.id))
    assert told == ("line 7 makes no sense",)


def test_objects_that_a_platform_counts_and_does_not_show_are_not_taken_for_deleted(books: Books) -> None:
    for number in range(1, 4):
        books.stub.put("journal_line", a_posting(f"{number}.00"))
    books.synced()
    books.stub.edit_quietly("journal_line", "jour-1", amount="9.00")
    books.stub.page = lambda page: page._replace(objects=[], more=False)
    books.stub.ids = lambda object_type, span: []  # type: ignore[method-assign]

    books.synced()

    assert len(books.entries()) == 3


def test_a_cursor_stays_where_a_page_was_not_taken_in(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.stub.put("receivable", an_invoice())
    before = cursors(books)

    def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("tieout.services.syncing.taking.take_invoice", broken)
        books.synced()
    during = cursors(books)
    told = error_messages(found_connection(books.context, books.office, books.connection.id))
    books.synced()

    assert during == before
    assert any("tieout itself failed" in message for message in told)
    assert books.only_invoice().invoice.minor_units == 125_00


def cursors(books: Books) -> dict[str, str]:
    with books.context.store.reading() as view:
        return {each.object_type: each.cursor for each in view.all(SyncCursor, entity_id=books.entity_id)}


def test_a_second_connection_to_the_same_books_goes_on_with_what_is_known(books: Books) -> None:
    books.stub.put("receivable", an_invoice())
    gone = books.stub.put("journal_line", a_posting("55.00"))
    books.synced()
    before = {each.public_id for each in books.records("receivable")}
    accepted(disconnect(books.context, books.office.owner, books.entity_id, books.connection.id))
    books.stub.remove("journal_line", gone)

    again = accepted(create_connection(books.context, books.office.owner, books.entity_id))
    accepted(
        configure_connection(books.context, books.office.owner, books.entity_id, again.id, "stub", SETTINGS, SECRETS)
    )
    run_queued(books.context)

    assert {each.public_id for each in books.records("receivable")} == before
    assert books.only_invoice().invoice.minor_units == 125_00
    assert books.entries() == []


def test_an_entity_of_others_is_not_synced(books: Books) -> None:
    answer = sync_connection(books.context, books.office.stranger, books.entity_id, books.connection.id)

    assert codes(answer) == ["not_found"]


def test_postings_of_accounts_that_are_not_reconciled_here_are_nobodys_fault(books: Books) -> None:
    books.stub.put("journal_line", {**a_posting("100.00"), "account": None})
    books.stub.put("journal_line", {**a_posting("3"), "account": "1500", "currency": "SHARES"})

    books.synced()

    assert books.records("journal_line") == []

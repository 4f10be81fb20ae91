"""Synced records: listed in every order, paged both ways, read directly, shown to whom they belong."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, integers, lists, sampled_from

from tests.given_books import Books, given_books
from tests.given_matches import accepted, codes
from tests.given_platform import Stub, a_rate, an_invoice, with_platform
from tests.given_store import Clock, given_context, given_office
from tieout.contracts.platform import PlatformFault
from tieout.domain.connections import Connection, SyncedRecord
from tieout.services.context import Context
from tieout.services.syncing.connections import create_connection, disconnect
from tieout.services.syncing.synced_records import (
    OrderBy,
    RecordPage,
    RecordQuery,
    push_record,
    read_platform,
    synced_record,
    synced_records,
)
from tieout.store.protocols import Scope
from tieout.store.sql.store import SqlStore


@pytest.fixture
def books(context: Context, clock: Clock) -> Books:
    return given_books(context, clock)


def listed(books: Books, query: RecordQuery) -> list[SyncedRecord]:
    page = accepted(synced_records(books.context, books.office.reader, books.entity_id, query))
    return [*page.records]


def test_an_entity_that_never_was_connected_has_no_records(context: Context) -> None:
    office = given_office(context)

    page = accepted(synced_records(context, office.reader, office.entity_id, RecordQuery(object_type="bill")))

    assert (page.records, page.more_after, page.more_before) == ((), False, False)


def test_records_are_narrowed_by_object_and_by_time(books: Books, clock: Clock) -> None:
    books.stub.put("receivable", an_invoice("I-1"))
    books.synced()
    clock.forward(minutes=1)
    books.stub.put("receivable", an_invoice("I-2"))
    books.synced()
    first, second = books.records("receivable")

    by_id = listed(books, RecordQuery(object_type="receivable", object_ids=(second.object_id, "elsewhere")))
    later = listed(books, RecordQuery(object_type="receivable", bounds=(("created_at", ">", first.created_at),)))
    until = listed(books, RecordQuery(object_type="receivable", bounds=(("updated_at", "<=", first.updated_at),)))

    assert [each.name for each in by_id] == ["I-2"]
    assert [each.name for each in later] == ["I-2"]
    assert [each.name for each in until] == ["I-1"]


def test_instants_are_kept_at_the_precision_that_is_shown(books: Books, clock: Clock) -> None:
    clock.now += 123_456
    books.stub.put("receivable", an_invoice())
    books.synced()

    assert books.record().created_at % 1_000 == 0


def test_tax_rates_are_listed_by_name_without_those_that_are_gone(books: Books) -> None:
    for name in ("B", "A", "C"):
        books.stub.put("tax_rate", a_rate(name))
    books.synced()
    books.stub.remove("tax_rate", "tax_-3")
    books.synced()

    found = listed(books, RecordQuery(object_type="tax_rate", order_by="name"))

    assert [each.name for each in found] == ["A", "B"]


def test_records_of_an_ended_connection_are_shown_until_there_is_another(books: Books) -> None:
    books.stub.put("receivable", an_invoice())
    books.synced()
    accepted(disconnect(books.context, books.office.owner, books.entity_id, books.connection.id))
    ended = listed(books, RecordQuery(object_type="receivable"))

    accepted(create_connection(books.context, books.office.owner, books.entity_id))

    assert [each.name for each in ended] == ["I-1"]
    assert listed(books, RecordQuery(object_type="receivable")) == ended


@pytest.mark.parametrize("query", [RecordQuery(object_type="cheque"), RecordQuery(object_type="bill", limit=0)])
def test_a_query_that_makes_no_sense_is_refused(books: Books, query: RecordQuery) -> None:
    assert codes(synced_records(books.context, books.office.reader, books.entity_id, query)) == ["not_allowed"]


def test_strangers_see_and_push_nothing(books: Books) -> None:
    books.stub.put("receivable", an_invoice())
    books.synced()
    record, stranger = books.record(), books.office.stranger

    assert codes(synced_record(books.context, stranger, books.entity_id, record.public_id)) == ["not_found"]
    assert codes(push_record(books.context, stranger, books.entity_id, record.public_id)) == ["not_found"]
    assert codes(push_record(books.context, books.office.reader, books.entity_id, record.public_id)) == [
        "not_permitted"
    ]


def test_what_was_pulled_is_not_pushed(books: Books) -> None:
    books.stub.put("receivable", {"name": "nonsense"})
    books.synced()

    answer = push_record(books.context, books.office.owner, books.entity_id, books.record().public_id)

    assert codes(answer) == ["state_differs"]


def test_a_platform_is_read_directly(books: Books) -> None:
    for number in range(1, 6):
        books.stub.put("bill", an_invoice(f"B-{number}"))

    found = accepted(read_platform(books.context, books.office.reader, books.entity_id, "bill", 2, 1))

    assert [each.content["number"] for each in found] == ["B-2", "B-3"]
    assert books.records("bill") == []


def test_a_platform_that_does_not_answer_a_direct_reading_is_a_refusal_with_its_words(books: Books) -> None:
    books.stub.says = lambda call, _: PlatformFault("unavailable", "closed for the night") if call == "pull" else None

    answer = read_platform(books.context, books.office.reader, books.entity_id, "bill")

    assert codes(answer) == ["platform_unavailable"]
    assert answer.refusals[0].fact("message") == "closed for the night"  # type: ignore[union-attr]


PAGED_TYPE = "product"


@settings(max_examples=50)
@given(
    minutes=lists(integers(0, 3), min_size=1, max_size=12),
    limit=integers(1, 5),
    order_by=sampled_from(["created_at", "updated_at", "name", "id"]),
    descending=booleans(),
)
def test_pages_walked_forwards_and_backwards_are_the_whole_list(
    store: SqlStore, minutes: list[int], limit: int, order_by: OrderBy, descending: bool
) -> None:
    context = with_platform(given_context(store, f"pages {minutes}{limit}{order_by}{descending}"), Stub())
    office = given_office(context)
    connection = given_records(context, office.entity_id, minutes)

    def asked(**place: object) -> RecordPage:
        query = RecordQuery(
            object_type=PAGED_TYPE,
            order_by=order_by,
            descending=descending,
            limit=limit,
            **place,  # type: ignore[arg-type]
        )
        return accepted(synced_records(context, office.reader, office.entity_id, query))

    records, more, before = asked()
    forwards = [records]
    while more:
        records, more, _ = asked(after=(getattr(records[-1], order_by), records[-1].id))
        forwards.append(records)
    backwards = [forwards[-1]]
    behind = len(forwards) > 1
    while behind:
        first = backwards[-1][0]
        records, _, behind = asked(before=(getattr(first, order_by), first.id))
        backwards.append(records)

    whole = [each.id for page in forwards for each in page]
    key = {each.id: (getattr(each, order_by), each.id) for page in forwards for each in page}
    assert not before
    assert len(whole) == len(minutes)
    assert whole == sorted(whole, key=lambda each: key[each], reverse=descending)
    assert [each.id for page in reversed(backwards) for each in page] == whole
    assert connection.entity_id == office.entity_id


def given_records(context: Context, entity_id: int, minutes: list[int]) -> Connection:
    """Records made at these minutes, several at one."""
    with context.store.writing(Scope("entity", entity_id), "given", "given_records", 0) as work:
        connection = Connection(
            entity_id=entity_id, id=work.new_ids(Connection)[0], public_id=context.random_bytes(8).hex(),
            platform="stub", status="connected", settings="{}", business="", errors="[]", last_pull_at=None,
            created_at=0, created_by="given", updated_at=0,
        )  # fmt: skip
        work.add(connection)
        for minute, record_id in zip(minutes, work.new_ids(SyncedRecord, len(minutes)), strict=True):
            public_id = context.random_bytes(8).hex()
            work.add(
                SyncedRecord(
                    entity_id=entity_id, id=record_id, public_id=public_id, connection_id=connection.id,
                    object_type=PAGED_TYPE, object_id=public_id, own_id=None, platform_object_id=public_id,
                    status="done", errors="{}", content="{}", name=f"name {minute}", gone=False,
                    created_at=minute * 60_000_000, updated_at=-minute * 60_000_000, last_pulled_at=None,
                    object_updated_at=None, platform_updated_at=None,
                )
            )  # fmt: skip
    return connection

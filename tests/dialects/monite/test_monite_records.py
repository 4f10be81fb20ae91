"""Synced records: what each field says, which filters there are, and what pushing again answers."""

from typing import Any

import pytest

from tests.dialects.monite.given import Firm, public_id_of
from tests.dialects.monite.monite_client import MoniteClient
from tests.given_store import NOON
from tieout.domain.connections import ObjectType, SyncStatus

RECORDS = "/accounting_synced_records"
MILLISECOND = 1_000


def test_a_record_shows_both_sides_to_the_millisecond(client: MoniteClient, firm: Firm) -> None:
    own = "018f2c4e-7c1a-7b11-9d1c-0c3f6a1be001"
    kept = firm.record(
        "receivable",
        object_id=own,
        platform_object_id="SO-7",
        updated_at=NOON + 728 * MILLISECOND,
        last_pulled_at=NOON + 5 * MILLISECOND,
        object_updated_at=NOON,
        platform_updated_at=NOON + 1_234_567,
    )

    assert client.get(f"{RECORDS}/{kept.public_id}") == {
        "id": kept.public_id,
        "created_at": "2026-01-15T12:00:00.000Z",
        "updated_at": "2026-01-15T12:00:00.728Z",
        "errors": {},
        "last_pulled_at": "2026-01-15T12:00:00.005Z",
        "object_id": own,
        "object_type": "receivable",
        "object_updated_at": "2026-01-15T12:00:00.000Z",
        "platform": None,
        "platform_object_id": "SO-7",
        "platform_updated_at": "2026-01-15T12:00:01.234Z",
        "provider": None,
        "provider_object_id": None,
        "provider_updated_at": None,
        "sync_status": "done",
    }


@pytest.mark.parametrize("status", list(SyncStatus))
def test_only_statuses_of_the_vendor_are_ever_written(client: MoniteClient, firm: Firm, status: SyncStatus) -> None:
    kept = firm.record("bill", status, errors={"code": "refused", "message": "no"} if status == "error" else {})

    found = client.get(f"{RECORDS}/{kept.public_id}")

    spelled = {"pending": ("pending", None), "done": ("done", None), "error": ("error", "refused")}
    assert (found["sync_status"], found["errors"].get("code")) == spelled.get(status, ("pending", "outcome_unknown"))


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({}, "abcde"),
        ({"created_at__gt": "2026-01-15T12:00:00.001Z"}, "cde"),
        ({"created_at__gte": "2026-01-15T12:00:00.001Z"}, "bcde"),
        ({"created_at__lt": "2026-01-15T12:00:00.002Z"}, "ab"),
        ({"created_at__lte": "2026-01-15T12:00:00.002Z"}, "abc"),
        ({"created_at__gt": "2026-01-15T12:00:00.001500Z"}, "cde"),
        ({"created_at__gt": "2026-01-15T13:00:00.001+01:00"}, "cde"),
        ({"created_at__gt": "2026-01-15T09:30:00.001-0230"}, "cde"),
        ({"created_at__gt": "2026-01-15 12:00:00.001"}, "cde"),
        ({"created_at__gt": "2026-01-15T12:00:00Z", "created_at__lt": "2026-01-15T12:00:00.004Z"}, "bcd"),
        ({"updated_at__gte": "2026-01-15T12:00:09.003Z"}, "de"),
        ({"updated_at__lt": "2026-01-15T12:00:09Z"}, ""),
        ({"sort": "updated_at", "order": "desc"}, "edcba"),
        ({"order": "desc"}, "edcba"),
        ({"limit": 2}, "ab"),
        ({"limit": 250}, "abcde"),
        ({"surprise": "1"}, "abcde"),
    ],
    ids=str,
)
def test_records_are_filtered_and_sorted(client: MoniteClient, firm: Firm, query: dict[str, Any], kept: str) -> None:
    firm.record("product")
    records = {
        letter: firm.record(
            "bill", at=NOON + row * MILLISECOND, updated_at=NOON + 9_000_000 + row * MILLISECOND
        ).public_id
        for row, letter in enumerate("abcde")
    }

    assert client.ids(RECORDS, object_type="bill", **query) == [records[letter] for letter in kept]


def test_records_are_found_by_the_ids_of_our_objects(client: MoniteClient, firm: Firm) -> None:
    one, two, _ = (firm.record("bill").public_id for _ in range(3))

    assert client.ids(RECORDS, object_type="bill", object_id=one.upper()) == [one]
    assert client.ids(RECORDS, object_type="bill", object_id__in=[two, one, two]) == [one, two]
    assert client.ids(RECORDS, object_type="bill", object_id__in=[two, one], object_id=two) == [two]
    assert client.ids(RECORDS, object_type="bill", object_id__in=[two], object_id=one) == []
    assert client.ids(RECORDS, object_type="product", object_id=one) == []


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"object_type": "match"}, "object_type"),
        ({"object_type": "BILL"}, "object_type"),
        ({"object_type": ""}, "object_type"),
        ({"object_type": ["bill", "product"]}, "object_type"),
        ({"limit": 0}, "limit"),
        ({"limit": 251}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"sort": "name"}, "sort"),
        ({"order": "up"}, "order"),
        ({"object_id": "7"}, "object_id"),
        ({"object_id__in": "7"}, "object_id__in"),
        ({"object_id__in": ["018f2c4e-7c1a-7b11-9d1c-0c3f6a1be001"] * 201}, "object_id__in"),
        ({"created_at__gt": "2026-02-30T00:00:00Z"}, "created_at__gt"),
        ({"created_at__gt": "2026-01-15"}, "created_at__gt"),
        ({"updated_at__lte": "1768478400"}, "updated_at__lte"),
        ({"updated_at__lte": "2026-01-15T24:00:00Z"}, "updated_at__lte"),
        ({"updated_at__lte": "2026-01-15T12:00:00+24:00"}, "updated_at__lte"),
        ({"updated_at__lte": "2026-01-15T12:00:00+01:60"}, "updated_at__lte"),
        ({"updated_at__lte": "٢٠٢٦-01-15T12:00:00Z"}, "updated_at__lte"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_filter_that_cannot_be_is_refused_with_its_place(
    client: MoniteClient, query: dict[str, Any], place: str
) -> None:
    assert client.wrong("GET", RECORDS, **{"object_type": "bill", **query}) == (422, [["query", place]])


@pytest.mark.parametrize(
    "object_type", [ObjectType.TAX_RATE, ObjectType.LEDGER_ACCOUNT, ObjectType.JOURNAL_LINE, ObjectType.MATCH]
)
def test_what_is_no_record_of_the_vendors_is_not_found_as_one(
    client: MoniteClient, firm: Firm, object_type: str
) -> None:
    kept = firm.record(object_type)

    assert client.wrong("GET", f"{RECORDS}/{kept.public_id}") == (404, [])
    assert client.wrong("POST", f"{RECORDS}/{kept.public_id}/push") == (404, [])


def test_a_reader_looks_and_does_not_push(client: MoniteClient, firm: Firm) -> None:
    failed = firm.record("bill", SyncStatus.ERROR)
    reader = MoniteClient(client.base, firm.user_token(firm.office.reader), firm.entity_id)

    assert reader.ids(RECORDS, object_type="bill") == [failed.public_id]
    assert reader.wrong("POST", f"{RECORDS}/{failed.public_id}/push") == (403, [])
    assert public_id_of(firm.context, firm.office.reader) == firm.reader_id
    reader.close()


def test_records_of_another_entity_are_not_there(client: MoniteClient, firm: Firm) -> None:
    kept = firm.record("bill")
    other = {"X-Monite-Entity-Id": firm.second_entity_id}

    assert client.call("GET", f"{RECORDS}/{kept.public_id}", headers=other).status == 404
    assert client.call("GET", RECORDS, headers=other, object_type="bill").json["data"] == []


def test_after_a_disconnection_the_log_is_still_there(client: MoniteClient, firm: Firm) -> None:
    failed = firm.record("bill", SyncStatus.ERROR)

    client.call("POST", f"/accounting_connections/{firm.connection.public_id}/disconnect")

    assert client.ids(RECORDS, object_type="bill") == [failed.public_id]
    assert client.wrong("POST", f"{RECORDS}/{failed.public_id}/push") == (409, [])

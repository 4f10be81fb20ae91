"""Pages of synced records: by token, in both directions, complete and in order whatever their size."""

from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.testclient import TestClient

from tests.dialects.monite.given import VERSION, Firm, given_firm, prepared
from tests.dialects.monite.monite_client import MoniteClient
from tests.given_store import NOON, given_context
from tieout.dialects.monite import application
from tieout.store.sql.store import SqlStore

RECORDS = "/accounting_synced_records"
SECOND = 1_000_000


def given_records(firm: Firm) -> list[str]:
    """Nine bills, of which several were made or changed at one instant; their ids in the order of making."""
    made = [
        NOON - 5 * SECOND,
        NOON - 5 * SECOND,
        NOON - 4 * SECOND,
        NOON,
        NOON,
        NOON,
        NOON,
        NOON + SECOND,
        NOON + 9_000,
    ]
    return [firm.record("bill", at=at, updated_at=NOON - row % 3 * SECOND).public_id for row, at in enumerate(made)]


@given(
    limit=some.integers(1, 10),
    other_limit=some.integers(1, 10),
    sort=some.sampled_from(["created_at", "updated_at"]),
    order=some.sampled_from(["asc", "desc"]),
    turn=some.integers(0, 9),
)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@pytest.mark.slow
def test_pages_hold_every_record_once_in_order_and_lead_back_the_same_way(
    store: SqlStore, limit: int, other_limit: int, sort: str, order: str, turn: int
) -> None:
    context = given_context(store, f"pages {limit} {other_limit} {sort} {order} {turn}")
    firm = given_firm(context)
    given_records(firm)
    with TestClient(application(prepared(context)), headers=_headers(firm)) as client:

        def page(**query: object) -> tuple[list[str], str | None, str | None]:
            told = client.get(f"/v1{RECORDS}", params={name: str(value) for name, value in query.items()}).json()
            ids = [each["id"] for each in told["data"]]
            return ids, told["next_pagination_token"], told["prev_pagination_token"]

        whole, _, _ = page(object_type="bill", sort=sort, order=order)
        ids, following, preceding = page(object_type="bill", sort=sort, order=order, limit=limit)
        pages = [ids]
        assert preceding is None
        while following is not None and len(pages) <= turn:
            ids, following, preceding = page(limit=other_limit, pagination_token=following)
            pages.append(ids)
        forward = list(chain(*pages))
        back = [pages[-1]]
        while preceding is not None:
            ids, onward, preceding = page(limit=limit, pagination_token=preceding)
            assert onward is not None
            back.append(ids)

    assert whole[: len(forward)] == forward
    assert list(chain(*reversed(back))) == forward
    assert following is not None or forward == whole


def _headers(firm: Firm) -> dict[str, str]:
    return {
        "authorization": f"Bearer {firm.token}",
        "x-monite-version": VERSION,
        "x-monite-entity-id": firm.entity_id,
    }


def test_records_that_come_meanwhile_neither_hide_nor_repeat_others(client: MoniteClient, firm: Firm) -> None:
    before = given_records(firm)
    page = client.get(RECORDS, object_type="bill", limit=4)

    later = firm.record("bill", at=NOON + 60 * SECOND).public_id
    rest = client.walked(RECORDS, limit=2, pagination_token=page["next_pagination_token"])

    seen = [*(each["id"] for each in page["data"]), *chain(*rest)]
    assert sorted(seen) == sorted([*before, later])


def test_a_token_carries_filters_and_order_and_nothing_beside_it_counts(client: MoniteClient, firm: Firm) -> None:
    bills = given_records(firm)
    firm.record("product")
    wanted = client.get(
        RECORDS, object_type="bill", sort="created_at", order="desc", limit=2, object_id__in=bills[:5], **_until_noon()
    )

    rest = client.walked(
        RECORDS,
        limit=1,
        pagination_token=wanted["next_pagination_token"],
        object_type="nonsense",
        order="sideways",
        created_at__gt="never",
    )

    assert [each["id"] for each in wanted["data"]] == [bills[4], bills[3]]
    assert rest == [[bills[2]], [bills[1]], [bills[0]]]


def _until_noon() -> dict[str, str]:
    return {"created_at__lte": "2026-01-15T12:00:00Z", "created_at__gte": "2026-01-15T11:00:00Z"}


def test_a_token_is_good_for_its_list_and_entity_alone(client: MoniteClient, firm: Firm) -> None:
    given_records(firm)
    firm.tax_rate("A"), firm.tax_rate("B")
    token = client.get(RECORDS, object_type="bill", limit=1)["next_pagination_token"]
    of_rates = client.get("/accounting_tax_rates", limit=1)["next_pagination_token"]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    bad = [token[::-1], changed, of_rates, "", "x", "é", f"{token}A"]

    answers = [client.wrong("GET", RECORDS, pagination_token=each) for each in bad]
    elsewhere = client.call(
        "GET", RECORDS, headers={"X-Monite-Entity-Id": firm.second_entity_id}, pagination_token=token
    )

    assert answers == [(422, [["query", "pagination_token"]])] * len(bad)
    assert elsewhere.status == 422
    assert firm.entity_id not in token


def test_a_token_serves_a_client_and_its_users_alike(client: MoniteClient, firm: Firm) -> None:
    bills = given_records(firm)
    token = client.get(RECORDS, object_type="bill", limit=8)["next_pagination_token"]

    reader = MoniteClient(client.base, firm.user_token(firm.office.reader), firm.entity_id)

    assert reader.ids(RECORDS, pagination_token=token) == [bills[7]]
    reader.close()


def test_tax_rates_and_ledger_accounts_page_by_name(client: MoniteClient, firm: Firm) -> None:
    rates = {name: firm.tax_rate(name).public_id for name in ("b", "a", "c", "a ")}
    accounts = {name: firm.ledger_account(name).public_id for name in ("Sales", "Bank", "Purchases")}
    firm.tax_rate("gone", gone=True), firm.ledger_account("Gone", gone=True)

    forward = client.walked("/accounting_tax_rates", limit=3)
    back = client.walked("/ledger_accounts", limit=2, order="desc", sort="name")

    assert list(chain(*forward)) == [rates[name] for name in ("a", "a ", "b", "c")]
    assert back == [[accounts["Sales"], accounts["Purchases"]], [accounts["Bank"]]]

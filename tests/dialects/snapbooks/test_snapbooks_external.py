"""External reconciliations as a client of the vendor knows them: notes and matches, rates, pages, and who may."""

from typing import Any

import pytest

from tests.dialects.snapbooks.given import Firm, day
from tests.dialects.snapbooks.snapbooks_client import SnapbooksClient
from tests.given_matches import accepted
from tests.given_store import Clock
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.period_locks import lock_period

PATH = "/external-reconciliations"


def entry(kind: str, number: int, amount: object, currency: str = "NOK", rate: object = "1.00") -> dict[str, object]:
    return {
        "relation_type": kind,
        "relation_id": number,
        "relation_line_id": 1,
        "amount": amount,
        "currency_code": currency,
        "exchange_rate": rate,
    }


def bank(number: int, amount: object, currency: str = "NOK", rate: object = "1.00") -> dict[str, object]:
    return entry("bank_transaction", number, amount, currency, rate)


def journal(number: int, amount: object, currency: str = "NOK", rate: object = "1.00") -> dict[str, object]:
    return entry("journal_entry_line", number, amount, currency, rate)


def stated(firm: Firm, internal_id: int, *entries: dict[str, object], **fields: object) -> dict[str, Any]:
    return {
        "client_account_id": firm.client_account_id,
        "external_type": "bank_transaction",
        "internal_type": "journal_entry_line",
        "internal_id": internal_id,
        "sequence_number": 1,
        "entries": list(entries),
        **fields,
    }


def test_entries_of_both_sides_are_a_match_that_ties_both_records(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)) = firm.transaction(1500_00), firm.journal(1500_00)

    made = client.made(PATH, stated(firm, money.id, bank(paid, "1500.00"), journal(money.id, 1500.00)))

    assert [(each["relation_id"], each["amount"], each["exchange_rate"]) for each in made["entries"]] == [
        (paid, "1500.000000", "1.000000"),
        (money.id, "1500.000000", "1.000000"),
    ]
    assert client.ids("/bank-transactions") == []
    assert client.ids("/bank-transactions", include_externally_reconciled="true") == [paid]
    assert client.get(PATH, client_account_id=firm.client_account_id)["data"] == [made]


def test_the_vendor_s_own_example_is_a_note_that_ties_nothing(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)) = firm.transaction(1500_00), firm.journal(1500_00)

    made = client.made(PATH, stated(firm, money.id, journal(money.id, "1500.00")))
    match = client.made(PATH, stated(firm, money.id, bank(paid, "1500.00"), journal(money.id, "1500.00")))

    listed = client.get(PATH, client_account_id=firm.client_account_id)
    assert [each["id"] for each in listed["data"]] == [made["id"], match["id"]]
    assert made["created_by_id"] == firm.office.owner.user_id
    assert listed["meta"] == {"page": 1, "pages": 1, "per_page": 25, "records": 2}
    for each in (made, match):
        assert client.call("DELETE", f"{PATH}/{each['id']}").status == 204
        assert client.call("DELETE", f"{PATH}/{each['id']}").status == 404
    assert client.ids("/bank-transactions") == [paid]
    assert client.ids(PATH, client_account_id=firm.client_account_id) == []


def test_euros_meet_kroner_at_the_rate_that_is_given(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)) = firm.transaction(100_00, currency="EUR"), firm.journal(1150_00, euros=100_00, rate="11.5")

    made = client.made(PATH, stated(firm, money.id, bank(paid, "100.00", "EUR", "11.50"), journal(money.id, "1150.00")))

    assert [(each["currency_code"], each["exchange_rate"]) for each in made["entries"]] == [
        ("EUR", "11.500000"),
        ("NOK", "1.000000"),
    ]
    assert client.ids("/bank-transactions") == []


def test_a_journal_line_may_be_stated_in_its_foreign_currency(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)) = firm.transaction(100_00, currency="EUR"), firm.journal(1150_00, euros=100_00, rate="11.5")
    entries = (bank(paid, "100", "EUR", "11.5"), journal(money.id, "100", "EUR", "11.5"))

    client.made(PATH, stated(firm, money.id, *entries))

    assert client.ids("/bank-transactions") == []


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "field"),
    [
        ("100.00", "EUR", "11.40", "entries"),  # 1140 is not 1150
        ("100.00", "EUR", "0", "entries[0].exchange_rate"),
        ("100.00", "EUR", "-11.5", "entries[0].exchange_rate"),
        ("100.00", "NOK", "1", "entries"),  # the transaction is in EUR
        ("100.00", "NOK", "11.5", "entries[0].exchange_rate"),
        ("100.001", "EUR", "11.5", "entries[0].amount"),
        ("0", "EUR", "11.5", "entries"),
        ("-100", "EUR", "11.5", "entries"),
        ("100.00", "XXX", "11.5", "entries[0].currency_code"),
    ],
)
def test_what_does_not_balance_or_fit_is_refused_and_ties_nothing(
    firm: Firm, client: SnapbooksClient, amount: str, currency: str, rate: str, field: str
) -> None:
    paid, (_, (money, _)) = firm.transaction(100_00, currency="EUR"), firm.journal(1150_00, euros=100_00, rate="11.5")
    body = stated(firm, money.id, bank(paid, amount, currency, rate), journal(money.id, "1150.00"))

    status, fields = client.errors("POST", PATH, body)

    assert (status, fields) == (400, [field])
    assert client.ids("/bank-transactions") == [paid]
    assert client.ids(PATH, client_account_id=firm.client_account_id) == []


@pytest.mark.parametrize("name", ["client_account_id", "external_type", "internal_type", "internal_id",
                                  "sequence_number", "entries"])  # fmt: skip
def test_every_field_is_required(firm: Firm, client: SnapbooksClient, name: str) -> None:
    body = stated(firm, 1, bank(1, "1"))
    del body[name]

    assert client.errors("POST", PATH, body) == (400, [name])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_account_id", True),
        ("client_account_id", "7"),
        ("internal_id", 1.5),
        ("external_type", "voucher"),
        ("internal_type", 1),
        ("entries", []),
        ("entries", None),
    ],
)
def test_a_field_of_another_type_is_refused_by_its_name(
    firm: Firm, client: SnapbooksClient, name: str, value: object
) -> None:
    assert client.errors("POST", PATH, stated(firm, 1, bank(1, "1")) | {name: value}) == (400, [name])


def test_every_wrong_entry_is_told_at_once(firm: Firm, client: SnapbooksClient) -> None:
    body = stated(firm, 1, entry("voucher", 1, "1"), bank(2, "1_000"), bank(3, "1.0000001"))

    status, fields = client.errors("POST", PATH, body)

    assert (status, fields) == (400, ["entries[1].amount", "entries[2].amount"])


def test_unknown_records_and_records_of_another_type_are_told_alike(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)) = firm.transaction(10_00), firm.journal(10_00)

    swapped = client.call("POST", PATH, stated(firm, paid, bank(money.id, "10"), journal(paid, "10")))
    unknown = client.call("POST", PATH, stated(firm, 2**52, bank(paid, "10"), journal(2**52, "10")))
    note = client.call("POST", PATH, stated(firm, paid, bank(paid, "10")))

    assert (swapped.status, unknown.status, note.status) == (400, 400, 400)
    assert all("There is no record" in reply.json["errors"]["entries"][0] for reply in (swapped, unknown, note))


def test_a_transaction_used_in_part_stays_open_until_it_is_used_up(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (first, _)), (_, (second, _)) = firm.transaction(100_00), firm.journal(60_00), firm.journal(40_00)

    one = client.made(PATH, stated(firm, first.id, bank(paid, "60"), journal(first.id, "60")))
    still = client.ids("/bank-transactions")
    client.made(PATH, stated(firm, second.id, bank(paid, "40"), journal(second.id, "40")))
    third = client.call("POST", PATH, stated(firm, first.id, bank(paid, "60"), journal(first.id, "60")))

    assert still == [paid]
    assert client.ids("/bank-transactions") == []
    assert third.status == 400
    assert f"reconciled by {one['id']}" in " ".join(third.json["errors"]["entries"])


def test_a_journal_line_of_another_account_is_not_what_the_bank_says(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (_, sales)) = firm.transaction(-10_00), firm.journal(10_00)

    assert client.errors("POST", PATH, stated(firm, sales.id, bank(paid, "-10"), journal(sales.id, "-10"))) == (
        400,
        ["entries"],
    )


def test_the_internal_record_is_one_of_the_entries_of_a_match(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, other)) = firm.transaction(10_00), firm.journal(10_00)
    body = stated(firm, other.id, bank(paid, "10"), journal(money.id, "10"))

    assert client.errors("POST", PATH, body) == (400, ["internal_id"])


def test_nothing_is_reconciled_or_taken_back_in_a_locked_period(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)), (_, (noted, _)) = firm.transaction(10_00), firm.journal(10_00), firm.journal(5_00)
    made = client.made(PATH, stated(firm, money.id, bank(paid, "10"), journal(money.id, "10")))
    note = client.made(PATH, stated(firm, noted.id, journal(noted.id, "5")))
    lock = client.made("/period-locks", {"client_account_id": firm.client_account_id, "locked_to": "2024-03-31"})

    refused = [client.call("DELETE", f"{PATH}/{each['id']}").status for each in (made, note)]
    again = client.call("POST", PATH, stated(firm, noted.id, journal(noted.id, "5"))).status
    assert client.call("DELETE", f"/period-locks/{lock['id']}").status == 204
    allowed = [client.call("DELETE", f"{PATH}/{each['id']}").status for each in (made, note)]

    assert (refused, again, allowed) == ([400, 400], 400, [204, 204])


def test_what_another_face_ties_is_listed_and_can_be_deleted(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)) = firm.transaction(10_00), firm.journal(10_00)
    legs = (AllocationRequest(line_id=paid), AllocationRequest(line_id=money.id))
    made = accepted(make_match(firm.context, firm.office.owner, firm.client_account_id, MatchRequest(allocations=legs)))

    (shown,) = client.get(PATH, client_account_id=firm.client_account_id)["data"]
    deleted = client.call("DELETE", f"{PATH}/{made.record.id}").status

    assert (shown["id"], shown["internal_id"], deleted) == (made.record.id, money.id, 204)
    assert [each["amount"] for each in shown["entries"]] == ["10.000000", "10.000000"]
    assert client.ids("/bank-transactions") == [paid]


def test_what_another_face_undoes_is_no_longer_listed(firm: Firm, client: SnapbooksClient) -> None:
    paid, (_, (money, _)) = firm.transaction(10_00), firm.journal(10_00)
    made = client.made(PATH, stated(firm, money.id, bank(paid, "10"), journal(money.id, "10")))

    accepted(undo_match(firm.context, firm.office.owner, firm.client_account_id, made["id"]))

    assert client.ids(PATH, client_account_id=firm.client_account_id) == []
    assert client.call("DELETE", f"{PATH}/{made['id']}").status == 404


def test_pages_hold_notes_and_matches_in_one_order(firm: Firm, client: SnapbooksClient) -> None:
    made = []
    for number in range(7):
        paid, (_, (money, _)) = firm.transaction(10_00), firm.journal(10_00)
        sides = [bank(paid, "10"), journal(money.id, "10")] if number % 3 else [journal(money.id, "10")]
        made.append(client.made(PATH, stated(firm, money.id, *sides))["id"])
    query = {"client_account_id": firm.client_account_id, "per_page": 2}

    pages = [client.get(PATH, page=number, **query) for number in range(6)]

    assert [[each["id"] for each in page["data"]] for page in pages] == [
        made[0:2], made[0:2], made[2:4], made[4:6], made[6:7], []
    ]  # fmt: skip
    assert pages[0]["meta"] == pages[1]["meta"] == {"page": 1, "pages": 4, "per_page": 2, "records": 7}


def test_lists_are_narrowed_by_relation_and_by_day(firm: Firm, client: SnapbooksClient, clock: Clock) -> None:
    paid, (_, (money, _)) = firm.transaction(10_00), firm.journal(10_00)
    match = client.made(PATH, stated(firm, money.id, bank(paid, "10"), journal(money.id, "10")))["id"]
    clock.forward(days=1)
    fresh = SnapbooksClient(client.base, firm.token_of(firm.office.owner))
    other = firm.journal(5_00)[1][0]
    note = fresh.made(PATH, stated(firm, other.id, journal(other.id, "5") | {"relation_line_id": 44}))["id"]
    every = {"client_account_id": firm.client_account_id}

    queries: dict[str, dict[str, object]] = {
        "bank": {"relation_type": "bank_transaction"},
        "journal": {"relation_type": "journal_entry_line"},
        "paid": {"relation_type": "bank_transaction", "relation_id": paid},
        "paid as journal": {"relation_type": "journal_entry_line", "relation_id": paid},
        "other": {"relation_id": other.id},
        "line": {"relation_line_id": 44},
        "first day": {"from_date": "2026-01-15", "to_date": "2026-01-15"},
        "later": {"from_date": "2026-01-16"},
        "before": {"to_date": "2026-01-14"},
    }
    found = {name: fresh.ids(PATH, **every, **query) for name, query in queries.items()}

    fresh.close()
    assert found == {
        "bank": [match],
        "journal": [match, note],
        "paid": [match],
        "paid as journal": [],
        "other": [note],
        "line": [note],
        "first day": [match],
        "later": [note],
        "before": [],
    }


@pytest.mark.parametrize(
    "query",
    [
        {"client_account_id": "seven"},
        {"page": "-1"},
        {"per_page": 0},
        {"per_page": 101},
        {"per_page": "1_0"},
        {"from_date": "15.03.2024"},
        {"to_date": "2024-02-30"},
        {"relation_type": "voucher"},
        {"relation_id": "x"},
    ],
)
def test_a_query_that_cannot_be_read_names_its_parameter(
    firm: Firm, client: SnapbooksClient, query: dict[str, object]
) -> None:
    (name,) = query

    assert client.errors("GET", PATH, **{"client_account_id": firm.client_account_id, **query}) == (400, [name])


def test_a_missing_client_account_is_a_bad_request_and_a_foreign_one_forbidden(
    firm: Firm, client: SnapbooksClient
) -> None:
    foreign, unknown = firm.office.stranger_entity.id, 2**52

    replies = [client.call("GET", PATH, client_account_id=number) for number in (foreign, unknown)]
    posts = [
        client.call("POST", PATH, stated(firm, 1, bank(1, "1"), client_account_id=each)) for each in (foreign, unknown)
    ]

    assert client.errors("GET", PATH) == (400, ["client_account_id"])
    assert {(reply.status, reply.body) for reply in (*replies, *posts)} == {
        (403, b'{"message":"Forbidden.","errors":{}}')
    }


def test_a_reader_may_read_and_a_token_without_post_may_not_reconcile(
    firm: Firm, client: SnapbooksClient, server: str
) -> None:
    paid, (_, (money, _)) = firm.transaction(10_00), firm.journal(10_00)
    body = stated(firm, money.id, bank(paid, "10"), journal(money.id, "10"))
    reader = SnapbooksClient(client.base, firm.token_of(firm.office.reader))
    silent = SnapbooksClient(client.base, firm.token_of(firm.office.owner, post=False))

    answers = [(each.call("POST", PATH, body).status, each.ids("/bank-transactions")) for each in (reader, silent)]

    assert answers == [(403, [paid]), (403, [paid])]


def test_a_token_is_good_for_a_day(firm: Firm, client: SnapbooksClient, clock: Clock) -> None:
    good = client.call("GET", "/users/me").status
    clock.forward(hours=24)
    stale = client.call("GET", "/users/me")

    assert (good, stale.status, stale.headers["www-authenticate"]) == (200, 401, "Bearer")
    assert stale.json == {"message": "Unauthenticated.", "errors": {}}


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Token abc"])
def test_without_a_token_nothing_is_told(server: str, authorization: str) -> None:
    import urllib3

    answer = urllib3.request(
        "GET", f"{server}/api/v2/users/me", headers={"Authorization": authorization}, retries=False
    )

    assert (answer.status, answer.json()) == (401, {"message": "Unauthenticated.", "errors": {}})


def test_both_prefixes_answer_alike(firm: Firm, client: SnapbooksClient, server: str) -> None:
    other = SnapbooksClient(f"{server}/snapbooks/api/v2", firm.token)

    assert other.get("/users/me") == client.get("/users/me")
    assert other.call("GET", "/nothing").body == client.call("GET", "/nothing").body
    assert client.call("GET", "/nothing").status == 404
    assert client.call("PUT", PATH, {}).status == 405


def test_an_account_of_a_provider_has_no_bank_transactions(
    firm: Firm, client: SnapbooksClient, context: Context
) -> None:
    request = AccountRequest(kind="provider", name="Kortinnløser", currency="NOK")
    provider = accepted(open_account(context, firm.office.owner, firm.client_account_id, request))
    from dataclasses import replace

    settled = replace(firm, bank_account_id=provider.id).transaction(10_00)

    assert client.ids("/bank-transactions") == []
    assert client.call("GET", f"/bank-transactions/{settled}").status == 404


def test_a_lock_of_another_face_is_the_same_fact(firm: Firm, client: SnapbooksClient) -> None:
    accepted(lock_period(firm.context, firm.office.owner, firm.client_account_id, 0, day("2024-03-31"), enabled=True))

    (lock,) = client.get("/period-locks", client_account_id=firm.client_account_id)["data"]

    assert (lock["locked_to"], lock["general_ledger_account_id"]) == ("2024-03-31", None)

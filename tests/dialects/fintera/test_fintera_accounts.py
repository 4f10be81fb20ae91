"""Payable and receivable accounts over a real connection: made, changed, paid, received and back, deleted, paged."""

from typing import Any

import pytest

from tests.dialects.fintera.fintera_client import FinteraClient
from tests.dialects.fintera.given import Firm

NOT_BLANK, NOT_A_DAY = ["não pode ser vazio"], ["não é uma data válida"]
# Every field of the page of 2013 and of the recordings of 2017.
FIELDS = set(
    "id entity_id status status_name due_date occurred_at amount ticket_amount interest_amount discount_amount "
    "nominal_amount total_amount description document document_emission_date observation remind reminded_at "
    "category_id classification_center_id expected_deposit_account_id financial_transaction_id recurrence_id person_id "
    "created_at updated_at competency_month recurrent parcelled recurrence_period number_of_parcels current_parcel "
    "attachment_id_list financial_account_taxes_attributes tax_charges reconciliations links".split()
)

both = pytest.mark.parametrize("direction", ["payable", "receivable"])


def collection(firm: Firm, direction: str) -> str:
    """The path of a list."""
    return f"/entities/{firm.entity_id}/{direction}_accounts"


def create(client: FinteraClient, firm: Firm, direction: str = "payable", **fields: Any) -> dict[str, Any]:
    """A new account of 150.99, due on 2015-08-15."""
    wanted = {"due_date": "2015-08-15", "amount": 150.99, **fields}
    reply = client.call("POST", collection(firm, direction), {f"{direction}_account": wanted})
    assert reply.status == 201, reply.text
    made: dict[str, Any] = reply.json[f"{direction}_account"]
    return made


def relations(account: dict[str, Any]) -> list[str]:
    """The relations of an account's links."""
    return [link["rel"] for link in account["links"]]


@both
def test_a_new_account_waits_for_money_and_has_every_field(client: FinteraClient, firm: Firm, direction: str) -> None:
    wanted = {"due_date": "2015-08-15", "amount": 150.99}

    reply = client.call("POST", collection(firm, direction), {f"{direction}_account": wanted})

    account = reply.json[f"{direction}_account"]
    state, action = {"payable": ("unpaid", "pay"), "receivable": ("unreceived", "receive")}[direction]
    assert reply.status == 201
    assert reply.headers["Location"] == f"{client.url}{collection(firm, direction)}/{account['id']}"
    assert set(account) == FIELDS
    assert (account["status"], account["status_name"]) == (1, state)
    assert (account["amount"], account["nominal_amount"], account["total_amount"]) == ("150.99", "150.99", None)
    assert (account["due_date"], account["occurred_at"], account["competency_month"]) == ("2015-08-15", None, "2015-08")
    assert account["created_at"] == "2026-01-15T09:00:00-03:00"
    assert relations(account) == ["self", "destroy", action]
    assert client.call("GET", reply.headers["Location"]).json == reply.json


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"due_date": "", "amount": 1}, {"due_date": NOT_A_DAY, "competency_month": NOT_BLANK}),
        ({"due_date": "2015-02-30", "amount": 1, "competency_month": "2015-02"}, {"due_date": NOT_A_DAY}),
        ({"due_date": "2015-08-15"}, {"amount": NOT_BLANK}),
        ({"due_date": "2015-08-15", "amount": "1_000"}, {"amount": ["não é um número"]}),
        ({"due_date": "2015-08-15", "amount": True}, {"amount": ["não é um número"]}),
        ({"due_date": "2015-08-15", "amount": "-1"}, {"amount": ["deve ser maior ou igual a 0"]}),
        (
            {"due_date": "2015-08-15", "amount": 1.005},
            {"amount": ["tem mais casas decimais do que a moeda permite"]},
        ),
        ({"due_date": "2015-08-15", "amount": 1, "occurred_at": "2015-08-16"}, {"total_amount": NOT_BLANK}),
        ({"due_date": "2015-08-15", "amount": 1, "total_amount": 1}, {"occurred_at": NOT_BLANK}),
        ({"due_date": "2015-08-15", "amount": 1, "create_as_recurrent": "x"}, {"create_as_recurrent": "..."}),
        ({"due_date": "2015-08-15", "amount": 1, "competency_month": "2015-13"}, {"competency_month": "..."}),
        (
            {"due_date": "2015-08-15", "amount": 1, "expected_deposit_account_id": 999_999},
            {"expected_deposit_account": ["não encontrado"]},
        ),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_told_by_field_and_nothing_is_stored(
    client: FinteraClient, firm: Firm, fields: dict[str, Any], faults: dict[str, Any]
) -> None:
    reply = client.call("POST", collection(firm, "payable"), {"payable_account": fields})

    assert (reply.status, list(reply.json)) == (422, list(faults))
    assert all(reply.json[name] == messages for name, messages in faults.items() if messages != "...")
    assert client.call("GET", collection(firm, "payable")).json == []


def test_an_account_made_with_a_day_and_a_total_is_paid_at_once(client: FinteraClient, firm: Firm) -> None:
    account = create(client, firm, occurred_at="2015-08-05", total_amount=150.99)

    assert (account["status"], account["occurred_at"], account["total_amount"]) == (2, "2015-08-05", "150.99")
    assert relations(account) == ["self", "destroy", "undo_payment"]


@pytest.mark.parametrize(
    ("direction", "pay", "undo", "states"),
    [
        ("payable", "pay", "undo_payment", ("paid", "unpaid")),
        ("receivable", "receive", "undo_receivement", ("received", "unreceived")),
    ],
)
def test_a_payment_and_its_undo_lead_back_to_where_it_began(
    client: FinteraClient, firm: Firm, direction: str, pay: str, undo: str, states: tuple[str, str]
) -> None:
    name = f"{direction}_account"
    before = create(client, firm, direction)
    path = f"{collection(firm, direction)}/{before['id']}"
    payment = {"total_amount": 155.99, "ticket_amount": 5, "occurred_at": "2015-08-05", "amount": 150.99}

    paid = client.call("PUT", f"{path}/{pay}", {name: payment})
    again = client.call("PUT", f"{path}/{pay}", {name: payment})
    unpaid = client.call("PUT", f"{path}/{undo}")
    twice = client.call("PUT", f"{path}/{undo}", {name: {}})

    shown = paid.json[name]
    assert (paid.status, shown["status"], shown["status_name"]) == (200, 2, states[0])
    assert (shown["amount"], shown["ticket_amount"], shown["total_amount"]) == ("150.99", "5.0", "155.99")
    assert relations(shown) == ["self", "destroy", undo]
    assert (again.status, list(again.json)) == (422, ["status"])
    assert (unpaid.status, unpaid.json[name]["status_name"]) == (200, states[1])
    assert [unpaid.json[name][each] for each in ("amount", "total_amount", "occurred_at")] == ["150.99", None, None]
    assert (twice.status, list(twice.json)) == (422, ["status"])


def test_a_payment_needs_its_day_and_its_total(client: FinteraClient, firm: Firm) -> None:
    path = f"{collection(firm, 'payable')}/{create(client, firm)['id']}/pay"

    blank = client.call("PUT", path, {"payable_account": {"total_amount": None, "occurred_at": "2015-08-05"}})
    none = client.call("PUT", path, {"payable_account": {}})
    wrapped_otherwise = client.call("PUT", path, {"pay_account": {"total_amount": 1, "occurred_at": "2015-08-05"}})

    assert (blank.status, blank.json) == (422, {"total_amount": NOT_BLANK})
    assert (none.status, none.json) == (422, {"occurred_at": NOT_BLANK, "total_amount": NOT_BLANK})
    assert (wrapped_otherwise.status, list(wrapped_otherwise.json)) == (422, ["error"])


def test_a_changed_account_keeps_what_was_not_given(client: FinteraClient, firm: Firm) -> None:
    account = create(client, firm, description="Conserto", document="654322", observation="urgente", category_id=7)
    path = f"{collection(firm, 'payable')}/{account['id']}"

    reply = client.call("PUT", path, {"payable_account": {"amount": 100.0, "due_date": "2015-09-01"}})

    changed = reply.json["payable_account"]
    assert reply.status == 200
    assert (changed["amount"], changed["due_date"]) == ("100.0", "2015-09-01")
    kept = [changed[name] for name in ("description", "document", "observation", "category_id", "competency_month")]
    assert kept == ["Conserto", "654322", "urgente", 7, "2015-08"]
    assert client.call("GET", path).json == reply.json


def test_what_the_vendor_answered_may_be_sent_back_as_it_is(client: FinteraClient, firm: Firm) -> None:
    account = create(client, firm, occurred_at="2015-08-05", total_amount=150.99, description="Conserto")
    path = f"{collection(firm, 'payable')}/{account['id']}"

    reply = client.call("PUT", path, {"payable_account": account})

    assert (reply.status, reply.json["payable_account"]) == (200, account)


def test_the_amount_of_a_paid_account_stays_until_the_payment_is_undone(client: FinteraClient, firm: Firm) -> None:
    account = create(client, firm, occurred_at="2015-08-05", total_amount=150.99)

    reply = client.call("PUT", f"{collection(firm, 'payable')}/{account['id']}", {"payable_account": {"amount": 100.0}})

    assert (reply.status, list(reply.json)) == (422, ["amount"])


def test_a_reconciled_account_is_neither_unpaid_nor_deleted_nor_changed(client: FinteraClient, firm: Firm) -> None:
    account, transaction = firm.payable(50_00), firm.transaction(-50_00)
    body = {"selected_financial_account_ids": [account], "selected_financial_transaction_ids": [transaction]}
    assert client.call("POST", f"/entities/{firm.entity_id}/reconciles", body).status == 200
    path = f"{collection(firm, 'payable')}/{account}"

    refused = [
        client.call("PUT", f"{path}/undo_payment"),
        client.call("DELETE", path),
        client.call("DELETE", f"{collection(firm, 'payable')}?selected_ids={account}"),
        client.call("PUT", path, {"payable_account": {"due_date": "2015-01-01"}}),
    ]

    for reply in refused:
        assert (reply.status, list(reply.json)) == (422, ["base"]), reply.text
        assert "desfaça a conciliação" in reply.json["base"][0]
    assert client.call("GET", path).json["payable_account"]["status"] == 3


@both
def test_deleted_accounts_are_gone_one_by_one_and_together(client: FinteraClient, firm: Firm, direction: str) -> None:
    one, two, three = (create(client, firm, direction)["id"] for _ in range(3))
    path = collection(firm, direction)

    single = client.call("DELETE", f"{path}/{one}", {})
    unknown = client.call("DELETE", f"{path}?selected_ids={two},9007199254740991")
    none = client.call("DELETE", path)
    several = client.call("DELETE", f"{path}?selected_ids={two},{three}")

    assert (single.status, single.body) == (200, b"")
    assert (unknown.status, none.status, none.json) == (404, 422, {"selected_ids": NOT_BLANK})
    assert (several.status, several.body) == (200, b"")
    assert [client.call("GET", f"{path}/{each}").status for each in (one, two, three)] == [404] * 3
    assert client.call("GET", path).json == []


def test_an_account_of_one_direction_is_not_found_under_the_other(client: FinteraClient, firm: Firm) -> None:
    payable = create(client, firm)["id"]

    shown = client.call("GET", f"{collection(firm, 'receivable')}/{payable}")
    deleted = client.call("DELETE", f"{collection(firm, 'receivable')}?selected_ids={payable}")

    assert (shown.status, deleted.status) == (404, 404)
    assert list(shown.json) == ["error"]
    assert client.call("GET", f"{collection(firm, 'payable')}/{payable}").status == 200


def test_a_recurrence_is_made_at_once_and_linked_and_goes_together(client: FinteraClient, firm: Firm) -> None:
    first = create(client, firm, create_as_recurrent="annual")
    path = collection(firm, "payable")
    links = {link["rel"]: link for link in first["links"]}

    second = client.call("GET", links["next"]["href"]).json["payable_account"]
    gone = client.call("DELETE", links["destroy_recurrence"]["href"])

    assert (first["recurrent"], first["recurrence_period"], first["number_of_parcels"]) == (True, "annual", None)
    assert links["destroy_recurrence"]["method"] == "delete"
    assert (second["due_date"], second["competency_month"]) == ("2016-08-15", "2016-08")
    assert second["recurrence_id"] == first["recurrence_id"]
    assert "previous" in relations(second)
    assert (gone.status, gone.body) == (200, b"")
    assert [client.call("GET", f"{path}/{each['id']}").status for each in (first, second)] == [404, 404]
    assert client.call("GET", path).json == []


def test_parcels_share_the_month_they_belong_to(client: FinteraClient, firm: Firm) -> None:
    create(client, firm, due_date="2015-10-31", number_of_parcels=4)

    parcels = [each["payable_account"] for each in client.call("GET", collection(firm, "payable")).json]

    assert [each["due_date"] for each in parcels] == ["2015-10-31", "2015-11-30", "2015-12-31", "2016-01-31"]
    assert [each["current_parcel"] for each in parcels] == [1, 2, 3, 4]
    assert {(each["parcelled"], each["number_of_parcels"], each["competency_month"]) for each in parcels} == {
        (True, 4, "2015-10")
    }
    assert relations(parcels[0]) == ["self", "destroy", "pay", "next", "destroy_recurrence"]
    assert relations(parcels[3]) == ["self", "destroy", "pay", "previous", "destroy_recurrence"]


def test_lists_page_by_50_with_those_that_wait_for_money_first(client: FinteraClient, firm: Firm) -> None:
    paid = firm.payable(1_00, due="2012-01-01")
    create(client, firm, number_of_parcels=100)
    path = f"{client.url}{collection(firm, 'payable')}"

    first, last = client.call("GET", path), client.call("GET", f"{path}?page=3")
    beyond = client.call("GET", f"{path}?page=42424242")

    assert (len(first.json), len(last.json), last.json[0]["payable_account"]["id"]) == (50, 1, paid)
    assert first.headers["Link"] == f'<{path}?page=3>; rel="last", <{path}?page=2>; rel="next"'
    assert last.headers["Link"] == f'<{path}?page=1>; rel="first", <{path}?page=2>; rel="prev"'
    assert (beyond.status, beyond.json) == (200, [])
    assert beyond.pages == {"first": f"{path}?page=1", "prev": f"{path}?page=42424241"}


def test_following_next_from_page_to_page_gives_every_account_once(client: FinteraClient, firm: Firm) -> None:
    create(client, firm, number_of_parcels=120)
    seen, page = [], collection(firm, "payable")

    while page:
        reply = client.call("GET", page)
        seen += [each["payable_account"]["id"] for each in reply.json]
        page = reply.pages.get("next", "")

    assert len(seen) == len(set(seen)) == 120


def test_one_page_needs_no_link_and_a_page_that_is_no_number_is_the_first(client: FinteraClient, firm: Firm) -> None:
    create(client, firm)
    path = collection(firm, "payable")

    replies = [client.call("GET", f"{path}{query}") for query in ("", "?page=1", "?page=0", "?page=-1", "?page=x")]

    assert [(reply.status, len(reply.json), "Link" in reply.headers) for reply in replies] == [(200, 1, False)] * 5


def test_withheld_taxes_are_kept_and_lower_the_cash(client: FinteraClient, firm: Firm) -> None:
    taxes = [{"tax_id": 3, "amount": "10.50"}]

    account = create(
        client, firm, amount=100, total_amount=89.5, occurred_at="2015-08-05", financial_account_taxes_attributes=taxes
    )

    assert account["tax_charges"] == account["financial_account_taxes_attributes"] == [{"tax_id": 3, "amount": "10.5"}]
    body = {"selected_financial_account_ids": [account["id"]], "selected_financial_transaction_ids": []}
    body["selected_financial_transaction_ids"] = [firm.transaction(-89_50)]
    assert client.call("POST", f"/entities/{firm.entity_id}/reconciles", body).status == 200

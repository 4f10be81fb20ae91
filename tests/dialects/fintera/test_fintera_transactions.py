"""Deposit accounts, their transactions, and bank statements that bring transactions, over a real connection."""

from typing import Any

import pytest

from tests.dialects.fintera.fintera_client import FinteraClient
from tests.dialects.fintera.given import OFX, Firm
from tieout.services.jobs import run_queued

NOT_BLANK = ["não pode ser vazio"]
# Every field of the page of 2013 and of the recordings of 2017.
FIELDS = set(
    "id guid type absolute_amount amount occurred_at document original_description user_description bank_statement_id "
    "classification_center_id deposit_account_id person_id parent_id currency_id category_id transfer_id created_at "
    "updated_at imported_from_sync balance_difference divided attachments_count observation reconciled "
    "transfer_deposit_account_id attachment_id_list reconciliations links".split()
)


def transactions(firm: Firm) -> str:
    """The path of the list."""
    return f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/financial_transactions"


def create(client: FinteraClient, firm: Firm, **fields: Any) -> dict[str, Any]:
    """A new debit of 68.50."""
    wanted = {"type": "Debit", "amount": 68.5, "occurred_at": "2011-07-15", **fields}
    reply = client.call("POST", transactions(firm), {"financial_transaction": wanted})
    assert reply.status == 201, reply.text
    made: dict[str, Any] = reply.json["financial_transaction"]
    return made


def test_the_type_of_a_transaction_is_the_sign_of_its_amount(client: FinteraClient, firm: Firm) -> None:
    debit, credit = create(client, firm), create(client, firm, type="Credit")

    assert (debit["type"], debit["amount"], debit["absolute_amount"]) == ("Debit", "-68.5", "68.5")
    assert (credit["type"], credit["amount"], credit["absolute_amount"]) == ("Credit", "68.5", "68.5")


def test_a_new_transaction_has_every_field_and_stands_where_location_says(client: FinteraClient, firm: Firm) -> None:
    wanted = {"type": "Credit", "amount": "150.00", "occurred_at": "2017-01-01", "document": "9", "category_id": 3}

    reply = client.call("POST", transactions(firm), {"financial_transaction": wanted})

    made = reply.json["financial_transaction"]
    assert set(made) == FIELDS
    assert reply.headers["Location"] == f"{client.url}{transactions(firm)}/{made['id']}"
    assert client.call("GET", reply.headers["Location"]).json == reply.json
    assert (made["currency_id"], made["document"], made["category_id"], made["reconciled"]) == (1, "9", 3, False)
    assert made["reconciliations"] == {"financial_transactions": [], "financial_accounts": []}
    assert [(link["rel"], link["method"]) for link in made["links"]] == [("self", "get"), ("destroy", "delete")]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({"type": "QUALQUER", "amount": 1, "occurred_at": "2011-07-15"}, ["type"]),
        ({}, ["type", "amount", "occurred_at"]),
        ({"type": "Debit", "amount": "abc", "occurred_at": "15/07/2011"}, ["amount", "occurred_at"]),
        ({"type": ["Debit"], "amount": 1, "occurred_at": "2011-07-15"}, ["type"]),
        ({"type": "Debit", "amount": "9" * 18, "occurred_at": "2011-07-15"}, ["amount"]),
        ({"type": "Debit", "amount": 1, "occurred_at": "2011-07-15", "category_id": True}, ["category_id"]),
    ],
)
def test_what_is_wrong_with_a_transaction_is_told_by_field_and_nothing_is_stored(
    client: FinteraClient, firm: Firm, fields: dict[str, Any], keys: list[str]
) -> None:
    reply = client.call("POST", transactions(firm), {"financial_transaction": fields})

    assert (reply.status, list(reply.json)) == (422, keys)
    assert client.call("GET", transactions(firm)).json == []


def test_a_changed_transaction_keeps_its_sign_unless_its_type_changes(client: FinteraClient, firm: Firm) -> None:
    made = create(client, firm, user_description="Mercado")
    path = f"{transactions(firm)}/{made['id']}"

    as_ruby_sends = client.call("PUT", path, {"financial_transaction": {"id": made["id"], "amount": "0.5E3"}})
    turned = client.call("PUT", path, {"financial_transaction": {"type": "Credit"}})
    echoed = client.call("PUT", path, {"financial_transaction": turned.json["financial_transaction"]})

    assert as_ruby_sends.json["financial_transaction"]["amount"] == "-500.0"
    assert turned.json["financial_transaction"]["amount"] == "500.0"
    assert turned.json["financial_transaction"]["user_description"] == "Mercado"
    assert (echoed.status, echoed.json) == (200, turned.json)


def test_transactions_are_listed_newest_first_20_a_page(client: FinteraClient, firm: Firm) -> None:
    days = [f"2011-07-{number:02}" for number in range(1, 24)]
    ids = [firm.transaction(-1_00, on=each) for each in days]
    path = f"{client.url}{transactions(firm)}"

    first, second = client.call("GET", path), client.call("GET", f"{path}?page=2")

    listed = [each["financial_transaction"]["id"] for each in first.json + second.json]
    assert listed == ids[::-1]
    assert len(first.json) == 20
    assert first.pages == {"last": f"{path}?page=2", "next": f"{path}?page=2"}
    assert second.pages == {"first": f"{path}?page=1", "prev": f"{path}?page=1"}


def test_transactions_are_deleted_one_by_one_and_together_all_or_none(client: FinteraClient, firm: Firm) -> None:
    one, two, three = (firm.transaction(-1_00) for _ in range(3))
    elsewhere = firm.transaction(-1_00, other=True)
    path = transactions(firm)

    single = client.call("DELETE", f"{path}/{one}", {})
    mixed = client.call("DELETE", f"{path}/destroy_many?selected_ids={two},{elsewhere}", {})
    several = client.call("DELETE", f"{path}/destroy_many?selected_ids={two},{three}", {})
    again = client.call("DELETE", f"{path}/{one}", {})

    assert (single.status, single.body, mixed.status) == (200, b"", 404)
    assert (several.status, several.body, again.status) == (200, b"", 404)
    assert client.call("GET", path).json == []


def test_only_transactions_of_the_account_in_the_path_are_deleted(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts"
    till = client.call("POST", path, {"deposit_account": {"name": "Caixa", "deposit_account_type_id": 2}})
    own, payable = firm.transaction(-1_00), firm.payable(1_00)
    others = f"{till.headers['Location']}/financial_transactions"

    refused = [
        client.call("DELETE", f"{others}/destroy_many?selected_ids={own}"),
        client.call("DELETE", f"{others}/{own}"),
        client.call("GET", f"{others}/{own}"),
        client.call("DELETE", f"{transactions(firm)}/destroy_many?selected_ids={payable}"),
        client.call("DELETE", f"{transactions(firm)}/{payable}"),
    ]

    assert [reply.status for reply in refused] == [404] * 5
    assert client.call("GET", f"{transactions(firm)}/{own}").status == 200
    assert client.call("GET", f"/entities/{firm.entity_id}/payable_accounts/{payable}").status == 200


def test_a_reconciled_transaction_is_neither_deleted_nor_changed_in_amount(client: FinteraClient, firm: Firm) -> None:
    account, transaction = firm.receivable(50_00), firm.transaction(50_00)
    body = {"selected_financial_account_ids": [account], "selected_financial_transaction_ids": [transaction]}
    client.call("POST", f"/entities/{firm.entity_id}/reconciles", body)
    path = f"{transactions(firm)}/{transaction}"

    deleted = client.call("DELETE", path)
    changed = client.call("PUT", path, {"financial_transaction": {"amount": 51}})
    described = client.call("PUT", path, {"financial_transaction": {"observation": "conferido"}})

    assert (deleted.status, list(deleted.json)) == (422, ["base"])
    assert (changed.status, list(changed.json)) == (422, ["base"])
    assert described.status == 200
    shown = client.call("GET", path).json["financial_transaction"]
    assert (shown["reconciled"], shown["observation"], shown["amount"]) == (True, "conferido", "50.0")
    assert [other["id"] for other in shown["reconciliations"]["financial_accounts"]] == [account]


def test_a_deposit_account_is_opened_changed_and_removed(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts"
    wanted = {"name": "Caixa 18", "deposit_account_type_id": 3, "description": "loja", "initial_balance": "10.5"}

    made = client.call("POST", path, {"deposit_account": {**wanted, "calculated_balance": "34290.11"}})
    own = made.headers["Location"]
    changed = client.call("PUT", own, {"deposit_account": {"name": "Caixa 19"}})
    shown = client.call("GET", own).json["deposit_account"]
    gone = client.call("DELETE", own, {})

    assert (made.status, own) == (201, f"{client.url}{path}/{made.json['deposit_account']['id']}")
    assert (changed.status, changed.body) == (200, b"")
    assert [shown[name] for name in ("name", "description", "deposit_account_type_id", "currency_id")] == [
        "Caixa 19", "loja", 3, 1,
    ]  # fmt: skip
    assert (shown["initial_balance"], shown["calculated_balance"], shown["archived_at"]) == ("10.5", "10.5", None)
    assert (gone.status, gone.body, client.call("GET", own).status) == (200, b"", 404)


def test_a_deposit_account_needs_a_name_and_a_type_and_a_currency_that_is_known(
    client: FinteraClient, firm: Firm
) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts"

    empty = client.call("POST", path, {"deposit_account": {}})
    unknown = client.call(
        "POST", path, {"deposit_account": {"name": "a", "deposit_account_type_id": 1, "currency_id": 2}}
    )
    nameless = client.call("PUT", f"{path}/{firm.account_id}", {"deposit_account": {"name": ""}})

    assert (empty.status, empty.json) == (422, {"deposit_account_type": NOT_BLANK, "name": NOT_BLANK})
    assert (unknown.status, list(unknown.json)) == (422, ["currency"])
    assert (nameless.status, nameless.json) == (422, {"name": NOT_BLANK})


def test_the_balance_of_an_account_is_what_its_transactions_add_up_to(client: FinteraClient, firm: Firm) -> None:
    firm.transaction(100_00, on="2013-01-01")
    firm.transaction(-30_50, on="2013-02-01")

    (listed,) = client.call("GET", f"/entities/{firm.entity_id}/deposit_accounts").json
    in_use = client.call("DELETE", f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}")

    account = listed["deposit_account"]
    assert (account["calculated_balance"], account["last_transaction_date"]) == ("69.5", "2013-02-01")
    assert (in_use.status, list(in_use.json)) == (422, ["base"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("?", 2),
        ("?search[name]=Carteira", 1),
        ("?search%5Bname%5D=Carteira", 1),
        ("?search[name]=carteira", 0),
        ("?search[name_contains]=ORRENTE", 1),
        ("?search[name]=NAO_EXISTE", 0),
    ],
)
def test_deposit_accounts_are_searched_by_name_with_raw_and_encoded_brackets(
    client: FinteraClient, firm: Firm, query: str, found: int
) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts"
    client.call("POST", path, {"deposit_account": {"name": "Carteira", "deposit_account_type_id": 2}})

    reply = client.call("GET", f"{path}{query}", {})

    assert (reply.status, len(reply.json)) == (200, found)


def test_an_uploaded_statement_is_queued_read_and_polled_until_it_succeeded(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/bank_statements"

    sent = client.upload(path, "extrato.ofx", OFX.format(number="5566").encode())
    own = sent.headers["Location"]
    waiting = client.call("GET", own)
    run_queued(firm.context)
    done = client.call("GET", own)

    statement = sent.json["bank_statement"]
    assert (sent.status, own) == (201, f"{client.url}{path}/{statement['id']}")
    assert (statement["file_file_name"], statement["deposit_account_id"]) == ("extrato.ofx", firm.account_id)
    assert waiting.json["bank_statement"]["event"]["status"] == statement["event"]["status"] == "queued"
    assert statement["event"]["output"] is None
    event = done.json["bank_statement"]["event"]
    assert (event["status"], event["output"]) == ("success", "Foram importadas 2 transações.")
    listed = [each["financial_transaction"] for each in client.call("GET", transactions(firm)).json]
    assert [(each["amount"], each["original_description"]) for each in listed] == [
        ("800.0", "Venda"),
        ("-120.5", "Energia"),
    ]
    assert {each["bank_statement_id"] for each in listed} == {statement["id"]}


def test_the_same_file_again_brings_nothing_twice(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/bank_statements"
    content = OFX.format(number="5567").encode()

    first, second = client.upload(path, "a.ofx", content), client.upload(path, "b.ofx", content)
    run_queued(firm.context)

    assert (first.status, second.status) == (201, 201)
    assert first.json["bank_statement"]["id"] == second.json["bank_statement"]["id"]
    assert len(client.call("GET", transactions(firm)).json) == 2


def test_a_file_that_is_no_statement_ends_in_an_error_and_brings_nothing(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/bank_statements"

    sent = client.upload(path, "foto.ofx", b"no statement at all")
    run_queued(firm.context)

    event = client.call("GET", sent.headers["Location"]).json["bank_statement"]["event"]
    assert (sent.status, event["status"]) == (201, "error")
    assert event["output"].startswith("O arquivo não pôde ser importado")
    assert client.call("GET", transactions(firm)).json == []


def test_an_upload_without_its_file_or_as_no_form_is_refused(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/bank_statements"

    empty = client.upload(path, "extrato.ofx", b"")
    as_json = client.call("POST", path, {"bank_statement": {"file": "x"}})

    assert (empty.status, empty.json) == (422, {"file": NOT_BLANK})
    assert (as_json.status, list(as_json.json)) == (415, ["error"])


def test_whoever_is_not_known_does_not_get_a_file_read(server: str, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/bank_statements"
    client = FinteraClient(server, "0" * 64)

    reply = client.upload(path, "extrato.ofx", b"x" * 1_000_000)

    assert (reply.status, reply.body) == (401, b"HTTP Basic: Access denied.\n")
    client.close()


def test_a_transaction_from_the_bank_keeps_what_the_bank_said(client: FinteraClient, firm: Firm) -> None:
    path = f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/bank_statements"
    client.upload(path, "extrato.ofx", OFX.format(number="5568").encode())
    run_queued(firm.context)
    line = client.call("GET", transactions(firm)).json[0]["financial_transaction"]
    own = f"{transactions(firm)}/{line['id']}"

    changed = client.call("PUT", own, {"financial_transaction": {"amount": 1}})
    deleted = client.call("DELETE", own)
    described = client.call("PUT", own, {"financial_transaction": {"user_description": "minha venda"}})

    assert (changed.status, deleted.status, described.status) == (422, 422, 200)
    shown = described.json["financial_transaction"]
    assert (shown["original_description"], shown["user_description"]) == ("Venda", "minha venda")

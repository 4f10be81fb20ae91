"""`tieout demo` served: every promise of the credentials file, asked for as a client of each vendor would."""

import re
import signal
import stat
from decimal import Decimal
from typing import Any

import pytest
import urllib3

from tests.examples.given_demo import LIMIT_SECONDS, Demo, demo

__all__ = ("demo",)

FACES = ("native", "koncili", "fintera", "kashflow", "snapbooks", "monite")

# Those whose file names a token instead of a way to sign in, or a session.
TOKEN_FACES = ("native", "fintera", "kashflow", "snapbooks")

pytestmark = pytest.mark.slow


def test_the_file_tells_where_every_face_is_and_is_for_its_owner_alone(demo: Demo) -> None:
    address = demo.told["base_url"]

    assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", address)
    assert [demo.told[face]["base_url"] for face in FACES] == [
        f"{address}/tieout/v1",
        address,
        address,
        f"{address}/v2",
        f"{address}/api/v2",
        f"{address}/v1",
    ]
    assert set(demo.told) == {"base_url", *FACES}
    assert stat.S_IMODE(demo.file.stat().st_mode) == 0o600


def test_the_native_token_sees_the_three_companies_and_the_document_is_there(demo: Demo) -> None:
    companies = demo.done("native", "GET", "/entities")["entities"]
    document = demo.ask("native", "GET", "/openapi.json", "")

    assert [each["currency"] for each in companies] == ["NOK", "BRL", "GBP"]
    assert (document.status, document.json["openapi"][:3]) == (200, "3.1")


def test_the_foreign_transaction_is_worth_its_journal_line_at_the_rate_of_the_file(demo: Demo) -> None:
    entity_id = demo.told["snapbooks"]["client_account_id"]
    pair = demo.told["snapbooks"]["foreign"]

    lines = [
        demo.done("native", "GET", f"/entities/{entity_id}/lines/{pair[name]}")
        for name in ("journal_entry_line_id", "bank_transaction_id")
    ]

    assert [(each["currency"], each["side"]) for each in lines] == [("NOK", "ledger"), ("EUR", "statement")]
    rate = Decimal(pair["exchange_rate"])
    assert Decimal(lines[1]["amount"]) * rate == Decimal(lines[0]["amount"])


def test_every_id_of_fintera_is_there(demo: Demo) -> None:
    told = demo.told["fintera"]
    entity = f"/entities/{told['entity_id']}"
    transactions = f"{entity}/deposit_accounts/{told['deposit_account_id']}/financial_transactions"
    paths = [
        *(f"{entity}/payable_accounts/{each}" for each in told["payable_account_ids"]),
        *(f"{entity}/receivable_accounts/{each}" for each in told["receivable_account_ids"]),
        *(f"{transactions}/{each}" for each in told["financial_transaction_ids"]),
    ]

    statuses = [demo.call("fintera", "GET", path).status for path in paths]
    account = demo.done("fintera", "GET", f"{entity}/deposit_accounts/{told['deposit_account_id']}")
    listed = [demo.done("fintera", "GET", f"/entities/{told['other_entity_id']}/{each}") for each in
              ("deposit_accounts", "payable_accounts", "receivable_accounts")]  # fmt: skip

    assert len(paths) >= 3
    assert set(statuses) == {200}
    assert account["deposit_account"]["id"] == told["deposit_account_id"]
    assert all(len(each) > 0 for each in listed)


def test_what_fintera_reconciles_is_no_longer_open_in_snapbooks(demo: Demo) -> None:
    told, client_account = demo.told["fintera"], demo.told["snapbooks"]["client_account_id"]
    wanted = told["reconcilable"]
    query = f"/bank-transactions?client_account_id={client_account}&bank_account_id={told['deposit_account_id']}"
    before = _ids(demo, query)
    body = {f"selected_{name}": ids for name, ids in wanted.items()}

    reply = demo.call("fintera", "POST", f"/entities/{told['entity_id']}/reconciles", body)

    assert reply.status == 200, reply
    assert [each["reconciled"] for each in reply.json["financial_transactions"]] == [True] * len(
        wanted["financial_transaction_ids"]
    )
    after = _ids(demo, query)
    everything = _ids(demo, f"{query}&include_externally_reconciled=true")
    assert before - after == set(wanted["financial_transaction_ids"])
    assert before <= everything


def test_kashflows_next_reconciliation_is_completed_with_the_entries_that_the_file_names(demo: Demo) -> None:
    told = demo.told["kashflow"]
    session = demo.sign_in(told)
    chain = f"/bankaccounts/{told['bank_account_id']}/reconciliations"

    before = demo.ask("kashflow", "GET", f"{chain}/metadata", session).json
    body = {"EndDate": told["next"]["EndDate"], "EndBalance": told["next"]["EndBalance"]}
    opened = demo.ask("kashflow", "POST", chain, session, body)
    one = f"{chain}/{opened.json['Id']}"
    ticked = demo.ask("kashflow", "PUT", f"{one}/transactions", session, {"Reconcile": told["next"]["items"]})
    done = demo.ask("kashflow", "PUT", one, session, {"ReconciliationDone": True})

    assert opened.status == 201, opened
    assert opened.json["StartBalance"] == before["NextReconciliationStartBalance"]
    assert (ticked.status, ticked.json) == (200, {"Failed": []})
    assert (done.status, done.json["Status"], done.json["ReconciliationDone"]) == (200, "Complete", True)
    chain_now = demo.ask("kashflow", "GET", f"{chain}?perpage=100", session).json["Data"]
    assert [each["Status"] for each in chain_now] == ["Complete"] * 25


def test_kashflows_limited_user_signs_in_and_may_not_reconcile(demo: Demo) -> None:
    told = demo.told["kashflow"]
    session = demo.sign_in(told["limited"])
    account = f"/bankaccounts/{told['bank_account_id']}"

    accounts = demo.ask("kashflow", "GET", "/bankaccounts", session)
    chain = demo.ask("kashflow", "GET", f"{account}/reconciliations", session)

    assert (accounts.status, told["bank_account_id"] in [each["Id"] for each in accounts.json]) == (200, True)
    assert (chain.status, chain.json["Error"]) == (403, "InsufficientPermissions")


def test_snapbooks_takes_the_full_form_of_the_pair_in_kroner_and_deletes_it(demo: Demo) -> None:
    told = demo.told["snapbooks"]
    amount = _amount_of(demo, told["bank_transaction_id"])

    made = demo.done("snapbooks", "POST", "/external-reconciliations", _full_form(told, told, (amount, amount)))

    assert [each["relation_id"] for each in made["entries"]] == [
        told["bank_transaction_id"],
        told["journal_entry_line_id"],
    ]
    assert told["bank_transaction_id"] not in _ids(demo, "/bank-transactions")
    assert demo.call("snapbooks", "DELETE", f"/external-reconciliations/{made['id']}").status == 204
    assert told["bank_transaction_id"] in _ids(demo, "/bank-transactions")


def test_snapbooks_takes_the_full_form_of_the_foreign_pair_at_its_rate(demo: Demo) -> None:
    told = demo.told["snapbooks"]
    foreign = told["foreign"]
    euros = _amount_of(demo, foreign["bank_transaction_id"])
    kroner = f"{Decimal(euros) * Decimal(foreign['exchange_rate']):.2f}"
    body = _full_form(told, foreign, (euros, kroner), foreign["currency_code"], foreign["exchange_rate"])
    body["entries"][0]["exchange_rate"] = "11.4"

    wrong = demo.call("snapbooks", "POST", "/external-reconciliations", body)
    body["entries"][0]["exchange_rate"] = foreign["exchange_rate"]
    made = demo.done("snapbooks", "POST", "/external-reconciliations", body)

    assert wrong.status == 400
    assert [(each["currency_code"], Decimal(each["exchange_rate"])) for each in made["entries"]] == [
        ("EUR", Decimal("11.5")),
        ("NOK", Decimal(1)),
    ]
    assert foreign["bank_transaction_id"] not in _ids(demo, "/bank-transactions")


@pytest.mark.parametrize("face", ["native", "fintera", "snapbooks"])
def test_a_token_is_refused_by_every_other_face(demo: Demo, face: str) -> None:
    reads = {
        "native": ("/entities", "Bearer"),
        "fintera": ("/entities", "Basic"),
        "kashflow": ("/bankaccounts", "KfToken"),
        "snapbooks": ("/users/me", "Bearer"),
    }
    token = demo.told[face]["token"]

    statuses = {}
    for other, (path, scheme) in reads.items():
        shown = urllib3.make_headers(basic_auth=f"{token}:X")["authorization"] if scheme == "Basic" else token
        authorization = shown if scheme == "Basic" else f"{scheme} {token}"
        statuses[other] = demo.ask(other, "GET", path, authorization).status

    assert statuses == {other: 200 if other == face else 401 for other in TOKEN_FACES}


def test_ctrl_c_ends_it_without_a_word_of_complaint(demo: Demo) -> None:
    address = demo.told["base_url"]

    demo.running.send_signal(signal.SIGINT)
    demo.running.communicate(timeout=LIMIT_SECONDS)

    assert demo.running.returncode == 130
    assert demo.complaints.read_text("utf-8") == ""
    with pytest.raises(urllib3.exceptions.HTTPError):
        urllib3.request("GET", f"{address}/docs", retries=False)


def _ids(demo: Demo, path: str) -> set[int]:
    """The ids of a list of Snapbooks, page by page."""
    joined, ids, page, pages = "&" if "?" in path else "?", set[int](), 1, 1
    while page <= pages:
        found = demo.done("snapbooks", "GET", f"{path}{joined}page={page}")
        ids |= {each["id"] for each in found["data"]}
        page, pages = page + 1, found["meta"]["pages"]
    return ids


def _amount_of(demo: Demo, transaction_id: int) -> str:
    amount: str = demo.done("snapbooks", "GET", f"/bank-transactions/{transaction_id}")["amount"]
    return amount


def _full_form(
    told: dict[str, Any], pair: dict[str, Any], amounts: tuple[str, str], currency: str = "NOK", rate: str = "1.00"
) -> dict[str, Any]:
    """A reconciliation with both entries: the bank transaction in its currency, the journal line in kroner."""
    entries = [
        {
            "relation_type": kind,
            "relation_id": pair[f"{kind}_id"],
            "relation_line_id": 1,
            "amount": amount,
            "currency_code": code,
            "exchange_rate": at,
        }
        for kind, amount, code, at in (
            ("bank_transaction", amounts[0], currency, rate),
            ("journal_entry_line", amounts[1], "NOK", "1.00"),
        )
    ]
    return {
        "client_account_id": told["client_account_id"],
        "external_type": "bank_transaction",
        "internal_type": "journal_entry_line",
        "internal_id": pair["journal_entry_line_id"],
        "sequence_number": 1,
        "entries": entries,
    }

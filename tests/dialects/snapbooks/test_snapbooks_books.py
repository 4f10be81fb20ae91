"""What feeds reconciliations: bank transactions of several client accounts, journal entries, statements, extremes."""

from dataclasses import replace

import pytest

from tests.dialects.fintera.given import OFX
from tests.dialects.snapbooks.given import Firm
from tests.dialects.snapbooks.snapbooks_client import SnapbooksClient
from tests.given_matches import accepted
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.intake import receive_document
from tieout.services.matching import AllocationRequest, MatchRequest, make_match


def test_without_a_client_account_the_transactions_of_all_are_listed_in_one_order(
    firm: Firm, client: SnapbooksClient
) -> None:
    owner, entities = firm.office.owner, firm.office.entities
    request = AccountRequest(kind="bank", name="Skattetrekk", currency="NOK")
    account = accepted(open_account(firm.context, owner, entities[1].id, request))
    other = replace(firm, bank_account_id=account.id, office=replace(firm.office, entities=entities[::-1]))
    made = [
        firm.transaction(10_00, "2024-03-15"),
        other.transaction(5_00, "2024-03-15"),
        other.transaction(20_00, "2024-03-14"),
        firm.transaction(1_00, "2024-03-16"),
    ]

    pages = [client.ids("/bank-transactions", per_page=3, page=number) for number in (1, 2, 3)]
    backwards = client.ids("/bank-transactions", order_by="booking_date desc, amount desc")

    assert pages == [[made[2], made[1], made[0]], [made[3]], []]
    assert backwards == [made[3], made[0], made[1], made[2]]
    assert client.ids("/bank-transactions", client_account_id=entities[1].id) == [made[2], made[1]]


def test_the_statement_of_a_transaction_is_the_one_it_came_in_with(firm: Firm, client: SnapbooksClient) -> None:
    owner, content = firm.office.owner, OFX.replace("BRL", "NOK").format(number="86011117947").encode()
    accepted(
        receive_document(
            firm.context, owner, firm.client_account_id, "mars.ofx", content, account_id=firm.bank_account_id
        )
    )
    first, second = client.get("/bank-transactions")["data"]

    (statement,) = client.get(f"/bank-transactions/{first['id']}/statements")["data"]

    assert (first["amount"], second["amount"]) == ("-120.500000", "800.000000")
    assert (statement["bank_account_id"], statement["closing_balance"]) == (firm.bank_account_id, "679.500000")
    assert client.ids(f"/bank-transactions/{second['id']}/statements") == [statement["id"]]


def test_an_entry_one_of_whose_lines_is_reconciled_is_neither_changed_nor_deleted(
    firm: Firm, client: SnapbooksClient
) -> None:
    paid, (entry, (money, _)) = firm.transaction(10_00), firm.journal(10_00)
    legs = (AllocationRequest(line_id=paid), AllocationRequest(line_id=money.id))
    accepted(make_match(firm.context, firm.office.owner, firm.client_account_id, MatchRequest(allocations=legs)))
    path = f"/journal-entries/{entry.id}"
    lines = [{"general_ledger_account_id": firm.bank_account_id, "debit": "1", "credit": "1"}]

    assert client.errors("DELETE", path) == (400, ["lines[0]"])
    assert client.errors("PATCH", path, {"lines": lines}) == (400, ["lines[0]"])
    assert client.call("PATCH", path, {"memo": "freight"}).json["memo"] == "freight"


def test_a_draft_is_posted_when_it_balances_and_only_then_its_lines_are_found(
    firm: Firm, client: SnapbooksClient
) -> None:
    paid = firm.transaction(10_00)
    draft = client.made(
        "/journal-entries",
        {
            "client_account_id": firm.client_account_id,
            "date": "2024-03-15",
            "is_draft": True,
            "lines": [{"general_ledger_account_id": firm.bank_account_id, "debit": "10.00"}],
        },
    )
    number = draft["lines"][0]["id"]
    body = {
        "client_account_id": firm.client_account_id,
        "external_type": "bank_transaction",
        "internal_type": "journal_entry_line",
        "internal_id": number,
        "sequence_number": 1,
        "entries": [
            {"relation_type": kind, "relation_id": each, "relation_line_id": 1, "amount": "10", "currency_code": "NOK",
             "exchange_rate": 1}
            for kind, each in (("bank_transaction", paid), ("journal_entry_line", number))
        ],
    }  # fmt: skip
    path = f"/journal-entries/{draft['id']}"

    assert client.errors("POST", "/external-reconciliations", body) == (400, ["entries"])
    assert client.errors("PATCH", path, {"is_draft": False}) == (400, ["lines"])


HUGE = "999999999999999999"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/bank-transactions", {"booking_date": "9999-12-31", "amount": f"{HUGE}.99", "currency_code": "NOK"}),
        ("/bank-transactions", {"booking_date": "0001-01-01", "amount": HUGE, "currency_code": "CLF"}),
        (
            "/bank-transactions",
            {"booking_date": "2024-03-15", "amount": 0, "currency_code": "NOK", "bank_account_id": -1},
        ),
        ("/journal-entries", {"date": "2024-03-15", "lines": [{"general_ledger_account_id": -1, "debit": HUGE}]}),
        ("/journal-entries", {"date": "2024-03-15", "sequence_number": -(10**15), "lines": []}),
        ("/journal-entries", {"date": "2024-03-15", "relation_id": 10**17, "lines": []}),
        ("/period-locks", {"locked_to": "0000-00-00"}),
        ("/period-locks", {"locked_to": "2024-03-15", "general_ledger_account_id": 10**15}),
        ("/bank-accounts", {"name": "", "currency_code": "nok"}),
        ("/bank-accounts", {"name": "x" * 100_000, "currency_code": "NOK", "iban": "y" * 100_000}),
    ],
)
def test_what_nobody_has_is_a_bad_request_and_never_a_fault(
    firm: Firm, client: SnapbooksClient, path: str, fields: dict[str, object]
) -> None:
    body = {"client_account_id": firm.client_account_id, "bank_account_id": firm.bank_account_id, **fields}

    reply = client.call("POST", path, body)

    assert reply.status == 400, reply.body
    assert reply.json["errors"]


@pytest.mark.parametrize("sides", [("debit", HUGE, "credit", f"-{HUGE}"), ("debit_fc", HUGE, "credit_fc", f"-{HUGE}")])
def test_sums_that_no_ledger_holds_are_refused(
    firm: Firm, client: SnapbooksClient, sides: tuple[str, str, str, str]
) -> None:
    line = {
        "general_ledger_account_id": firm.euro_account_id,
        "debit": "1",
        "currency_code": "CLF",
        "exchange_rate": "1",
    }
    body = {
        "client_account_id": firm.client_account_id,
        "date": "2024-03-15",
        "lines": [line | {sides[0]: sides[1], sides[2]: sides[3]}],
    }

    assert client.call("POST", "/journal-entries", body).status == 400

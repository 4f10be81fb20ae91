"""Bank transactions as the vendor's clients enter, list, edit and delete them."""

from decimal import Decimal
from typing import Any

import pytest

from tests.dialects.kashflow.given import day, given_account, given_entry, granted
from tests.dialects.kashflow.served import Served, served
from tieout.services.context import Context
from tieout.services.lines import LineRequest, enter_lines, enter_transfer
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match


def _enter(here: Served, account_id: int, **fields: object) -> dict[str, Any]:
    made: dict[str, Any] = here.client.ask("POST", f"/bankaccounts/{account_id}/transactions", fields, 201)
    return made


def _page(here: Served, account_id: int, query: str = "") -> dict[str, Any]:
    page: dict[str, Any] = here.client.ask("GET", f"/bankaccounts/{account_id}/transactions{query}")
    return page


def test_money_out_is_a_negative_book_entry_of_the_account(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)

        made = _enter(here, account_id, Date="2014-02-03 12:00:00", PaidOut=350.5, Comment="Rent", MoneyType=3)

        assert here.client.ask("GET", f"/bankaccounts/{account_id}/transactions/{made['Id']}") == made
        assert here.client.ask("GET", f"/bankaccounts/{account_id}")["BankBalance"] == Decimal("1149.5000")
    assert (made["PaidIn"], made["PaidOut"]) == (Decimal("0.0000"), Decimal("350.5000"))
    assert (made["Date"], made["Comment"], made["MoneyType"]) == ("2014-02-03 12:00:00", "Rent", 3)
    assert (made["TransactionType"], made["Type"], made["EntityName"]) == (0, "Bank Transaction", "banktransaction")
    assert (made["Reconciled"], made["ReconciledId"], made["AccountId"]) == (False, 0, account_id)


@pytest.mark.parametrize(
    ("type_code", "entity_name"),
    [
        (1, "invoice"),
        (2, "purchase"),
        (3, "invoicebatchpayment"),
        (4, "purchasebatchpayment"),
        (5, "journal"),
        (6, "banktransaction"),
    ],
)
def test_a_type_code_leads_to_the_entity_it_stands_for(context: Context, type_code: int, entity_name: str) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)

        made = _enter(here, account_id, Date="2014-02-03", PaidIn=1, TransactionType=type_code)

    assert (made["TransactionType"], made["EntityName"]) == (type_code, entity_name)


def test_the_balance_runs_by_day_and_id_and_never_permutes(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        for booked, amount in (("2014-01-20", 100_00), ("2014-01-10", 200_00), ("2014-01-10", 300_00)):
            given_entry(context, here.office, account_id, booked, amount)

        ascending = _page(here, account_id)["Data"]
        descending = _page(here, account_id, "?order=desc")["Data"]

    assert [each["Balance"] for each in ascending] == [1700, 2000, 2100]
    assert list(reversed(descending)) == ascending


def test_totals_tell_the_balance_before_and_after_the_days_asked_for(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        for booked, amount in (("2014-01-10", 100_00), ("2014-02-10", -30_00), ("2014-03-10", 7_00)):
            given_entry(context, here.office, account_id, booked, amount)

        page = _page(here, account_id, "?StartDate=2014-02-01&endDate=2014-02-28")

    assert [(each["PaidOut"], each["Balance"]) for each in page["Data"]] == [(30, 1570)]
    assert page["MetaData"]["OpeningBalance"] == 1600
    assert page["MetaData"]["ClosingBalance"] == 1570
    assert page["MetaData"]["TotalAmount"] == -30


def test_a_list_has_ten_a_page_and_the_last_page_leads_nowhere(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        requests = [
            LineRequest(
                side="ledger",
                kind="bank_entry",
                account_id=account_id,
                currency="GBP",
                minor_units=100 + number,
                booking_day=day("2014-01-10") + number,
            )
            for number in range(23)
        ]
        granted(enter_lines(context, here.office.owner, here.office.entity_id, requests))

        url, pages = f"{here.base_url}/bankaccounts/{account_id}/transactions", []
        while url:
            pages.append(here.client.ask("GET", url.removeprefix(here.base_url)))
            url = pages[-1]["MetaData"]["NextPageUrl"]

    assert [len(page["Data"]) for page in pages] == [10, 10, 3]
    assert len({each["Id"] for page in pages for each in page["Data"]}) == 23
    assert all(page["MetaData"]["TotalRecords"] == 23 for page in pages)


@pytest.mark.parametrize(
    ("query", "comments"),
    [
        ("", ["fee", "Sale to Ann", "batch", "journal"]),
        ("?reconciled=false", ["fee", "Sale to Ann", "batch", "journal"]),
        ("?reconciled=true", []),
        ("?includebulk=false", ["fee", "Sale to Ann", "journal"]),
        ("?includejournals=FALSE", ["fee", "Sale to Ann", "batch"]),
        ("?includefeedmatched=false", ["fee", "Sale to Ann", "batch", "journal"]),
        ("?filterby=Unreconciled&reconciled=", ["fee", "Sale to Ann", "batch", "journal"]),
        ("?searchtext=ann", ["Sale to Ann"]),
        ("?filterby=paidout", ["fee"]),
        ("?sortcolumn=2&order=desc", ["journal", "batch", "Sale to Ann", "fee"]),
        ("?sortcolumn=3&order=desc", ["fee", "Sale to Ann", "batch", "journal"]),
        ("?sortcolumn=4", ["fee", "Sale to Ann", "batch", "journal"]),
        ("?sortcolumn=5", ["batch", "fee", "journal", "Sale to Ann"]),
        ("?sortcolumn=6&order=desc", ["Sale to Ann", "journal", "batch", "fee"]),
        ("?perpage=2&page=2", ["batch", "journal"]),
        ("?page=9", []),
    ],
)
def test_a_list_is_filtered_sorted_and_paged(context: Context, query: str, comments: list[str]) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        for number, (kind, amount, comment, party) in enumerate(
            (
                ("bank_entry", -5_00, "fee", ""),
                ("customer_payment", 10_00, "Sale to Ann", "Ann"),
                ("customer_batch_payment", 20_00, "batch", ""),
                ("journal_entry_line", 30_00, "journal", ""),
            )
        ):
            given_entry(context, here.office, account_id, f"2014-01-1{number}", amount, kind, comment, party)

        page = _page(here, account_id, query)

    assert [each["Comment"] for each in page["Data"]] == comments


def test_a_list_can_be_had_as_a_table(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        given_entry(context, here.office, account_id, "2014-01-10", 5_00, description="=cmd()")

        response = here.client.send("GET", f"/bankaccounts/{account_id}/transactions?iscsv=true")

    header, row = response.data.decode().splitlines()
    assert response.headers["content-type"].startswith("text/csv")
    assert header.startswith("Id,Date,MoneyType,Comment")
    assert "2014-01-10 12:00:00,0,'=cmd()" in row


def test_an_edit_changes_what_it_names_and_a_whole_transaction_sent_back_nothing(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        made = _enter(here, account_id, Date="2014-02-03", PaidOut=350.5, Comment="Rent", VATRate=20)
        path = f"/bankaccounts/{account_id}/transactions/{made['Id']}"

        same = here.client.ask("PUT", path, made)
        edited = here.client.ask("PUT", path, {"PaidIn": "10.00", "Date": "2014-02-04T09:30:00"})

    assert same == made
    assert (edited["PaidIn"], edited["PaidOut"]) == (10, 0)
    assert (edited["Date"], edited["Comment"], edited["VATRate"]) == ("2014-02-04 12:00:00", "Rent", 20)


def test_a_transaction_can_be_moved_to_another_account(context: Context) -> None:
    with served(context) as here:
        current, savings = given_account(context, here.office), given_account(context, here.office, "Savings", "1210")
        made = _enter(here, current, Date="2014-02-03", PaidOut=350.5)

        here.client.ask("PUT", f"/bankaccounts/{current}/transactions/{made['Id']}", {"AccountId": savings})

        assert here.client.try_to("GET", f"/bankaccounts/{current}/transactions/{made['Id']}")[0] == 404
        assert here.client.try_to("GET", f"/bankaccounts/{savings}/transactions/{made['Id']}")[0] == 200


def test_a_transfer_shows_in_both_accounts_under_one_id_with_the_amounts_swapped(context: Context) -> None:
    with served(context) as here:
        current, savings = given_account(context, here.office), given_account(context, here.office, "Savings", "1210")
        owner, entity_id = here.office.owner, here.office.entity_id
        granted(enter_transfer(context, owner, entity_id, current, savings, 400_00, day("2014-02-05"), "To savings"))

        (left,), (arrived,) = _page(here, current)["Data"], _page(here, savings)["Data"]

        here.client.ask("PUT", f"/bankaccounts/{savings}/transactions/{arrived['Id']}", {"PaidIn": 450})
        (after,) = _page(here, current)["Data"]
        here.client.ask("DELETE", f"/bankaccounts/{savings}/transactions/{arrived['Id']}", wanted=204)
        assert _page(here, current)["Data"] == _page(here, savings)["Data"] == []
    assert left["Id"] == arrived["Id"]
    assert (left["PaidOut"], arrived["PaidIn"], after["PaidOut"]) == (400, 400, 450)
    assert (left["TransactionType"], arrived["TransactionType"]) == (0, 6)
    assert left["AccountId"] == arrived["AccountId"] == current


def test_a_transaction_that_a_match_uses_says_which_until_it_is_undone(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        entry = given_entry(context, here.office, account_id, "2014-02-03", 10_00)
        bank_line = LineRequest(
            side="statement",
            kind="",
            account_id=account_id,
            currency="GBP",
            minor_units=10_00,
            booking_day=day("2014-02-03"),
        )
        owner, entity_id = here.office.owner, here.office.entity_id
        (on_bank,) = granted(enter_lines(context, owner, entity_id, [bank_line]))
        request = MatchRequest(allocations=(AllocationRequest(line_id=on_bank.id), AllocationRequest(line_id=entry)))
        match = granted(make_match(context, owner, entity_id, request))
        path = f"/bankaccounts/{account_id}/transactions/{entry}"

        edited = here.client.try_to("PUT", path, {"PaidIn": 11})
        deleted = here.client.try_to("DELETE", path)
        several = here.client.try_to("DELETE", f"/bankaccounts/{account_id}/transactionlist", [entry])
        granted(undo_match(context, owner, entity_id, match.record.id, "wrong"))
        undone = here.client.try_to("PUT", path, {"PaidIn": 11})

    message = f"The transaction is used by match {match.record.id}; undo it first."
    assert edited == deleted == (400, {"Error": "TransactionMatched", "Message": message})
    assert several == (200, [{"Id": entry, "Reason": message}])
    assert undone[0] == 200


def test_deleting_several_keeps_those_that_must_stay_and_says_why(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        good = given_entry(context, here.office, account_id, "2014-03-03", 10_00)
        locked = given_entry(context, here.office, account_id, "2014-01-03", 10_00)
        path = f"/bankaccounts/{account_id}"
        here.client.ask("PUT", path, {"TransactionLockDate": "2014-01-31", "TransactionLockEnabled": True})

        some = here.client.try_to("DELETE", f"{path}/transactionlist", [locked, good, 9_000_000_000, good])
        left = [each["Id"] for each in _page(here, account_id)["Data"]]
        here.client.ask("PUT", path, {"TransactionLockEnabled": False})
        rest = here.client.try_to("DELETE", f"{path}/transactionlist", [locked])
        unknown_account = here.client.try_to("DELETE", "/bankaccounts/9000000000/transactionlist", [locked])

    assert some == (
        200,
        [
            {"Id": locked, "Reason": "Transactions up to 2014-01-31 are locked."},
            {"Id": 9_000_000_000, "Reason": "Transaction was not found."},
        ],
    )
    assert left == [locked]
    assert rest == (204, None)
    assert unknown_account[0] == 404


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"PaidIn": 1}', "MissingField"),
        (b'{"Date": "2014-02-03"}', "MissingField"),
        (b'{"Date": "2014-02-30", "PaidIn": 1}', "InvalidDate"),
        (b'{"Date": "2014-02-03", "PaidIn": 1, "PaidOut": 1}', "MutuallyExclusive"),
        (b'{"Date": "2014-02-03", "PaidIn": -1}', "InvalidField"),
        (b'{"Date": "2014-02-03", "PaidIn": 0.001}', "InvalidAmount"),
        (b'{"Date": "2014-02-03", "PaidIn": 1e3}', "InvalidAmount"),
        (b'{"Date": "2014-02-03", "PaidIn": NaN}', "InvalidRequest"),
        (b'{"Date": "2014-02-03", "PaidIn": 1, "PaidIn": 2}', "DuplicateField"),
        (b'{"Date": "2014-02-03", "PaidIn": 1, "TransactionType": 7}', "InvalidField"),
        (b'{"Date": "2014-02-03", "PaidIn": 1, "Id": true}', "InvalidField"),
        (b'{"Date": "2014-02-03", "PaidIn": 99999999999999999999}', "InvalidAmount"),
        (b"", "InvalidRequest"),
    ],
)
def test_a_transaction_that_cannot_be_kept_is_refused_and_not_entered(
    context: Context, body: bytes, error: str
) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        path = f"/bankaccounts/{account_id}/transactions"

        response = here.client.send("POST", path, body, {"Content-Type": "application/json"})

        assert _page(here, account_id)["MetaData"]["TotalRecords"] == 0
    assert (response.status, response.json()["Error"]) == (400, error)


def test_a_byte_order_mark_in_front_of_a_body_says_nothing(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        body = b'\xef\xbb\xbf{"Date": "2014-02-03", "PaidIn": 1}'

        response = here.client.send(
            "POST", f"/bankaccounts/{account_id}/transactions", body, {"Content-Type": "text/json"}
        )

    assert response.status == 201


def test_trailing_commas_are_let_pass_as_on_the_vendors_page(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        body = b'{"Date": "2014-02-03 12:00:00", "PaidIn": 4980.0400,\n}'

        response = here.client.send(
            "POST", f"/bankaccounts/{account_id}/transactions", body, {"Content-Type": "application/json"}
        )

    assert response.status == 201
    assert b'"PaidIn":4980.0400' in response.data


@pytest.mark.parametrize(
    "query",
    [
        "?page=0",
        "?perpage=0",
        "?perpage=9999",
        "?page=1_0",
        "?sortcolumn=7",
        "?order=up",
        "?startdate=x",
        "?iscsv=maybe",
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused(context: Context, query: str) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)

        status, answer = here.client.try_to("GET", f"/bankaccounts/{account_id}/transactions{query}")

    assert (status, answer["Error"]) in [(400, "InvalidParameter"), (400, "InvalidDate")]

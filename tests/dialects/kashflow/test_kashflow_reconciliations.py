"""Reconciliations as the vendor's clients go through them: from the metadata to a complete chain."""

from decimal import Decimal
from typing import Any

import pytest

from tests.dialects.kashflow.given import day, given_account, given_entry, granted
from tests.dialects.kashflow.served import Served, served
from tieout.domain.people import Role
from tieout.services.context import Context
from tieout.services.lines import enter_transfer
from tieout.services.reconciling_history import ImportedPeriod, import_chain


def _path(account_id: int, reconciliation_id: object = "") -> str:
    return f"/bankaccounts/{account_id}/reconciliations" + (f"/{reconciliation_id}" if reconciliation_id else "")


def _open(here: Served, account_id: int, end: str, balance: object) -> dict[str, Any]:
    made: dict[str, Any] = here.client.ask("POST", _path(account_id), {"EndDate": end, "EndBalance": balance}, 201)
    return made


def _tick(here: Served, account_id: int, reconciliation_id: int, *ids: int, type_code: int = 0) -> list[Any]:
    body = {"Reconcile": [{"Id": each, "Type": type_code} for each in ids]}
    failed: list[Any] = here.client.ask("PUT", f"{_path(account_id, reconciliation_id)}/transactions", body)["Failed"]
    return failed


def _close(here: Served, account_id: int, end: str, balance: object, *ids: int) -> int:
    made: int = _open(here, account_id, end, balance)["Id"]
    assert _tick(here, account_id, made, *ids) == []
    done = here.client.ask("PUT", _path(account_id, made), {"ReconciliationDone": True})
    assert (done["Status"], done["ReconciliationDone"]) == ("Complete", True)
    return made


def test_the_first_begins_where_the_account_does_and_the_next_where_it_ended(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        entry = given_entry(context, here.office, account_id, "2014-01-10", 250_50)

        before = here.client.ask("GET", f"{_path(account_id)}/metadata")
        made = _open(here, account_id, "2014-01-31", 1750.5)
        during = here.client.ask("GET", f"{_path(account_id)}/Metadata")
        _tick(here, account_id, made["Id"], entry)
        here.client.ask("PUT", _path(account_id, made["Id"]), {"ReconciliationDone": True})
        after = here.client.ask("GET", f"{_path(account_id)}/metadata")

    assert before == {
        "NextReconciliationStartDate": "2013-12-31 12:00:00",
        "NextReconciliationStartBalance": Decimal("1500.0000"),
    }
    assert during == {"InProgressReconciliationId": made["Id"]}
    assert after == {
        "NextReconciliationStartDate": "2014-01-31 12:00:00",
        "NextReconciliationStartBalance": Decimal("1750.5000"),
    }


def test_a_reconcile_date_set_before_any_reconciliation_is_where_the_first_begins(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        here.client.ask("PUT", f"/bankaccounts/{account_id}", {"ReconcileDate": "2014-01-15"})

        metadata = here.client.ask("GET", f"{_path(account_id)}/metadata")
        done = {"EndDate": "2014-01-31", "EndBalance": 1500, "ReconciliationDone": True}
        made = here.client.ask("POST", _path(account_id), done, 201)

    assert metadata["NextReconciliationStartDate"] == made["StartDate"] == "2014-01-15 12:00:00"
    assert made["Status"] == "Complete"


def test_a_new_one_answers_with_its_candidates_and_nothing_ticked(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        sale = given_entry(
            context, here.office, account_id, "2014-01-10", 1_000_00, "customer_payment", "INV #1632: ", "TEST02"
        )
        old = given_entry(context, here.office, account_id, "2009-10-26", -200_00)
        given_entry(context, here.office, account_id, "2014-02-01", -1_00)

        made = _open(here, account_id, "2014-01-21 12:00:00", -4980.04)

    assert made["EndBalance"] == Decimal("-4980.0400")
    assert (made["StartDate"], made["StartBalance"]) == ("2013-12-31 12:00:00", 1500)
    assert (made["Status"], made["LatestReconciliation"], made["ReconciliationDone"]) == ("InComplete", True, False)
    assert made["AccountName"] == "Current account"
    assert [each["Id"] for each in made["Transactions"]] == [old, sale]
    assert made["Transactions"][1] == {
        "Id": sale,
        "PaymentId": sale,
        "Date": "2014-01-10 12:00:00",
        "Type": "Sale - TEST02",
        "PaymentType": 1,
        "TransactionType": 1,
        "Payee": "TEST02",
        "Comment": "INV #1632: ",
        "PaidIn": 1000,
        "PaidOut": 0,
        "Balance": 2300,
        "Reconciled": False,
        "ReconciledId": 0,
        "EditLink": f"/viewInvoice.asp?id={sale}",
        "EntityName": "invoice",
        "ResourceNumber": None,
        "IsSystemGeneratedTransaction": False,
    }


def test_transactions_come_along_only_when_they_are_not_excluded(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        given_entry(context, here.office, account_id, "2014-01-10", 250_50)
        made = _open(here, account_id, "2014-01-31", 1750.5)

        plain = here.client.ask("GET", _path(account_id, made["Id"]))
        excluded = here.client.ask("GET", _path(account_id, made["Id"]) + "?excludetransactions=true")
        whole = here.client.ask("GET", _path(account_id, made["Id"]) + "?ExcludeTransactions=false")

    assert plain == excluded
    assert "Transactions" not in plain
    assert whole == made


def test_what_does_not_add_up_stays_incomplete(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        made = _open(here, account_id, "2014-01-31", 1750.5)["Id"]

        status, answer = here.client.try_to("PUT", _path(account_id, made), {"ReconciliationDone": True})

        assert here.client.ask("GET", _path(account_id, made))["Status"] == "InComplete"
    assert (status, answer["Error"]) == (400, "ReconciliationNotBalanced")


def test_a_second_one_is_refused_while_one_is_in_progress(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        _open(here, account_id, "2014-01-31", 1500)

        status, answer = here.client.try_to("POST", _path(account_id), {"EndDate": "2014-02-28", "EndBalance": 1500})

        assert here.client.ask("GET", _path(account_id))["MetaData"]["TotalRecords"] == 1
    assert (status, answer["Error"]) == (400, "ReconciliationInProgress")


def test_one_can_be_completed_as_it_is_made(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        body = {"EndDate": "2014-01-31", "EndBalance": 1500, "ReconciliationDone": True}

        made = here.client.ask("POST", _path(account_id), body, 201)
        status, answer = here.client.try_to(
            "POST", _path(account_id), {**body, "EndDate": "2014-02-28", "EndBalance": 1}
        )

        assert here.client.ask("GET", _path(account_id))["MetaData"]["TotalRecords"] == 1
    assert (made["Status"], made["ReconciliationDone"]) == ("Complete", True)
    assert (status, answer["Error"]) == (400, "ReconciliationNotBalanced")


def test_ticks_that_cannot_be_are_named_and_the_others_are_made(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        good, both, later, earlier = (
            given_entry(context, here.office, account_id, booked, 10_00)
            for booked in ("2014-02-10", "2014-02-10", "2014-03-10", "2014-01-10")
        )
        elsewhere = given_entry(context, here.office, given_account(context, here.office), "2014-02-10", 10_00)
        _close(here, account_id, "2014-01-31", 1510, earlier)
        made = _open(here, account_id, "2014-02-28", 1520)["Id"]

        body = {
            "Reconcile": [
                {"Id": good, "Type": 0},
                {"Id": both, "Type": 0},
                {"Id": later, "Type": 0},
                {"Id": earlier, "Type": 0},
                {"Id": elsewhere, "Type": 0},
                {"Id": 9_000_000_000, "Type": 2},
            ],
            "UnReconcile": [{"Id": both, "Type": 0}],
        }
        answer = here.client.ask("PUT", f"{_path(account_id, made)}/transactions", body)
        whole = here.client.ask("GET", _path(account_id, made) + "?excludetransactions=false")

    assert [(each["Id"], each["Type"]) for each in answer["Failed"]] == [
        (both, 0),
        (later, 0),
        (earlier, 0),
        (elsewhere, 0),
        (9_000_000_000, 2),
    ]
    assert [(each["Id"], each["Reconciled"], each["ReconciledId"]) for each in whole["Transactions"]] == [
        (good, True, made),
        (both, False, 0),
    ]


def test_a_tick_needs_the_right_type_and_unticking_what_is_not_ticked_is_no_failure(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        entry = given_entry(context, here.office, account_id, "2014-01-10", 10_00, "supplier_payment")
        made = _open(here, account_id, "2014-01-31", 1510)["Id"]

        wrong_type = _tick(here, account_id, made, entry, type_code=1)
        never_ticked = here.client.ask(
            "PUT", f"{_path(account_id, made)}/transactions", {"UnReconcile": [{"Id": entry, "Type": 2}]}
        )

    assert wrong_type == [{"Id": entry, "Type": 1}]
    assert never_ticked == {"Failed": []}


def test_outside_incomplete_every_tick_fails(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        ticked, other = (given_entry(context, here.office, account_id, "2014-01-10", 10_00) for _ in range(2))
        made = _close(here, account_id, "2014-01-31", 1510, ticked)

        body = {"Reconcile": [{"Id": other, "Type": 0}], "UnReconcile": [{"Id": ticked, "Type": 0}]}
        answer = here.client.ask("PUT", f"{_path(account_id, made)}/transactions", body)

    assert [each["Id"] for each in answer["Failed"]] == [other, ticked]


@pytest.mark.parametrize("type_code", [0, 6])
def test_a_transfer_is_ticked_in_each_of_its_accounts_by_the_id_they_share(context: Context, type_code: int) -> None:
    with served(context) as here:
        current, savings = given_account(context, here.office), given_account(context, here.office, "Savings", "1210")
        owner, entity_id = here.office.owner, here.office.entity_id
        left, arrived = granted(enter_transfer(context, owner, entity_id, current, savings, 400_00, day("2014-01-05")))
        out, into = _open(here, current, "2014-01-31", 1100)["Id"], _open(here, savings, "2014-01-31", 1900)["Id"]

        assert _tick(here, current, out, left.id, type_code=type_code) == []
        assert _tick(here, savings, into, left.id, type_code=6) == []
        unknown = _tick(here, savings, into, arrived.id, type_code=6)

        for account_id, made in ((current, out), (savings, into)):
            assert here.client.ask("PUT", _path(account_id, made), {"ReconciliationDone": True})["Status"] == "Complete"
    assert unknown == [{"Id": arrived.id, "Type": 6}]


def test_another_end_reopens_the_latest_and_its_transactions_stay_ticked(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        entry = given_entry(context, here.office, account_id, "2014-01-10", 10_00)
        made = _close(here, account_id, "2014-01-31", 1510, entry)

        changed = here.client.ask("PUT", _path(account_id, made), {"EndBalance": "1511.00"})
        moved = here.client.ask("PUT", _path(account_id, made), {"EndDate": "2014-02-02", "EndBalance": 1510})
        done = here.client.ask("PUT", _path(account_id, made), {"ReconciliationDone": True})

    assert (changed["Status"], changed["EndBalance"], changed["EndDate"]) == ("InComplete", 1511, "2014-01-31 12:00:00")
    assert "Transactions" not in changed
    assert (moved["EndDate"], done["Status"]) == ("2014-02-02 12:00:00", "Complete")


def test_reconciliation_done_false_reopens_the_latest_alone(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        first = _close(here, account_id, "2014-01-31", 1500)
        second = _close(here, account_id, "2014-02-28", 1500)

        of_first = here.client.try_to("PUT", _path(account_id, first), {"ReconciliationDone": False})
        of_second = here.client.ask("PUT", _path(account_id, second), {"ReconciliationDone": False})
        again = here.client.ask("PUT", _path(account_id, second), {"ReconciliationDone": False})

    assert (of_first[0], of_first[1]["Error"]) == (400, "NotLatestReconciliation")
    assert of_second == again
    assert of_second["Status"] == "InComplete"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "MissingField"),
        ({"Status": "Complete"}, "MissingField"),
        ({"ReconciliationDone": True, "EndBalance": 1500}, "MutuallyExclusive"),
        ({"ReconciliationDone": "1_0"}, "InvalidField"),
        ({"EndBalance": "1_000"}, "InvalidAmount"),
        ({"EndBalance": 1500.001}, "InvalidAmount"),
        ({"EndDate": "2013-12-01"}, "InvalidDate"),
        ({"Id": 1, "EndBalance": 1500}, "InvalidField"),
    ],
)
def test_a_header_that_cannot_be_is_refused_and_stays(context: Context, body: object, error: str) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        made = _open(here, account_id, "2014-01-31", 1500)["Id"]
        before = here.client.ask("GET", _path(account_id, made))

        status, answer = here.client.try_to("PUT", _path(account_id, made), body)

        assert here.client.ask("GET", _path(account_id, made)) == before
    assert (status, answer["Error"]) == (400, error)


def test_deleting_the_latest_releases_its_transactions(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        entry = given_entry(context, here.office, account_id, "2014-02-10", 10_00)
        first = _close(here, account_id, "2014-01-31", 1500)
        second = _close(here, account_id, "2014-02-28", 1510, entry)
        transactions = f"/bankaccounts/{account_id}/transactions"

        of_first = here.client.try_to("DELETE", _path(account_id, first))
        ticked = here.client.ask("GET", transactions)["Data"][0]["ReconciledId"]
        here.client.ask("DELETE", _path(account_id, second), wanted=204)

        assert here.client.try_to("GET", _path(account_id, second))[0] == 404
        assert here.client.ask("GET", transactions)["Data"][0]["Reconciled"] is False
        assert here.client.ask("GET", f"/bankaccounts/{account_id}")["ReconcileDate"] == "2014-01-31"
    assert (of_first[0], of_first[1]["Error"]) == (400, "NotLatestReconciliation")
    assert ticked == second


def test_the_list_has_ten_a_page_oldest_first_and_clients_that_follow_its_links_come_to_an_end(
    context: Context,
) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        start = day("2013-12-31")
        periods = [
            ImportedPeriod(
                start_day=start + 30 * number,
                start_minor_units=1_500_00,
                end_day=start + 30 * (number + 1),
                end_minor_units=1_500_00,
            )
            for number in range(24)
        ]
        imported = granted(import_chain(context, here.office.owner, here.office.entity_id, account_id, periods))

        url, pages = f"{here.base_url}{_path(account_id)}?Page=1", []
        while url:
            pages.append(here.client.ask("GET", url.removeprefix(here.base_url)))
            url = pages[-1]["MetaData"]["NextPageUrl"]
        newest_first = here.client.ask("GET", f"{_path(account_id)}?perPage=200&sortOrder=1")

    ids = [each["Id"] for page in pages for each in page["Data"]]
    assert [len(page["Data"]) for page in pages] == [10, 10, 4]
    assert ids == [each.id for each in imported]
    assert [each["Id"] for each in newest_first["Data"]] == ids[::-1]
    assert [each["LatestReconciliation"] for each in newest_first["Data"]] == [True, *[False] * 23]
    assert pages[1]["MetaData"] == {
        "FirstPageUrl": f"{here.base_url}{_path(account_id)}?page=1",
        "LastPageUrl": f"{here.base_url}{_path(account_id)}?page=3",
        "NextPageUrl": f"{here.base_url}{_path(account_id)}?page=3",
        "PreviousPageUrl": f"{here.base_url}{_path(account_id)}?page=1",
        "TotalRecords": 24,
        "TotalAmount": 0,
        "InvoiceLimitReached": False,
    }


@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("GET", "", None),
        ("POST", "", {"EndDate": "2014-02-28", "EndBalance": 1500}),
        ("GET", "/metadata", None),
        ("GET", "/{id}", None),
        ("PUT", "/{id}", {"ReconciliationDone": True}),
        ("PUT", "/{id}/transactions", {"Reconcile": []}),
        ("DELETE", "/{id}", None),
    ],
)
def test_without_full_access_every_operation_on_reconciliations_is_refused(
    context: Context, method: str, below: str, body: object
) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        made = _open(here, account_id, "2014-01-31", 1500)["Id"]
        preparer = here.client_of(Role.PREPARER)

        status, answer = preparer.try_to(method, _path(account_id) + below.format(id=made), body)

        assert here.client.ask("GET", _path(account_id, made))["Status"] == "InComplete"
        assert preparer.try_to("GET", f"/bankaccounts/{account_id}")[0] == 200
    assert (status, answer["Error"]) == (403, "InsufficientPermissions")


def test_an_approver_has_full_access(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)

        assert here.client_of(Role.APPROVER).try_to("GET", _path(account_id))[0] == 200


def test_reconciliations_of_another_account_are_not_found_under_this_one(context: Context) -> None:
    with served(context) as here:
        current, savings = given_account(context, here.office), given_account(context, here.office, "Savings", "1210")
        made = _open(here, current, "2014-01-31", 1500)["Id"]

        assert here.client.try_to("GET", _path(savings, made))[0] == 404
        assert here.client.try_to("DELETE", _path(savings, made))[0] == 404
        assert here.client.try_to("GET", _path(current, made))[0] == 200

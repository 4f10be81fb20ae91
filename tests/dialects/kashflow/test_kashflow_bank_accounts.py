"""Bank accounts as the vendor's clients list, make, edit and delete them."""

from decimal import Decimal

import pytest

from tests.dialects.kashflow.given import day, given_account, given_entry, granted
from tests.dialects.kashflow.served import served
from tieout.domain.people import Role
from tieout.services.context import Context
from tieout.services.period_locks import lock_period, locks


def test_an_account_is_shown_with_every_field_that_the_vendor_shows(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        given_entry(context, here.office, account_id, "2014-01-10", 250_50)

        (listed,) = here.client.ask("GET", "/bankaccounts")
        alone = here.client.ask("GET", f"/bankaccounts/{account_id}")

    assert listed["BankBalance"] == Decimal("1750.5000")
    assert listed["IsBankEmpty"] is False
    assert listed["IsDefaultAccount"] is True
    assert (listed["TransactionLockDate"], listed["ReconcileDate"]) == ("1970-01-01", "1970-01-01")
    assert (listed["FeedSource"], listed["BankFeedsAccountId"], listed["LastTransactionImportDate"]) == ("", 0, None)
    assert alone["StartingDate"] == "2013-12-31 12:00:00"
    assert alone["StartingAmount"] == Decimal("1500.0000")
    assert alone["Code"] == 1200
    assert "StartingDate" not in listed
    assert {name: alone[name] for name in listed} == listed


def test_money_is_written_with_four_decimals_and_every_digit_is_kept(context: Context) -> None:
    with served(context) as here:
        body = b'{"AccountName": "Huge", "StartingAmount": 90071992547409.93}'
        made = here.client.send("POST", "/bankaccounts", body, {"Content-Type": "application/json"})

    assert made.status == 201
    assert b'"StartingAmount":90071992547409.9300' in made.data


def test_a_made_account_can_be_edited_and_only_what_is_named_changes(context: Context) -> None:
    with served(context) as here:
        made = here.client.ask("POST", "/bankaccounts", {"AccountName": "Current", "Code": 1205, "Note": "Main"}, 201)
        path = f"/bankaccounts/{made['Id']}"

        edited = here.client.ask("PUT", path, {"StartingDate": "2014-01-01", "startingamount": "12.50"})

        assert edited == here.client.ask("GET", path)
    assert (edited["StartingDate"], edited["StartingAmount"]) == ("2014-01-01 12:00:00", Decimal("12.5000"))
    assert (edited["AccountName"], edited["Code"], edited["Note"]) == ("Current", 1205, "Main")


def test_a_whole_account_sent_back_changes_nothing(context: Context) -> None:
    with served(context) as here:
        path = f"/bankaccounts/{given_account(context, here.office)}"
        before = here.client.ask("GET", path)

        after = here.client.ask("PUT", path, before)

    assert after == before


def test_the_lock_is_the_cores_period_lock_and_refuses_older_transactions(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        entry = given_entry(context, here.office, account_id, "2014-01-10", 250_50)
        path = f"/bankaccounts/{account_id}"

        locked = here.client.ask("PUT", path, {"TransactionLockDate": "2014-01-31", "TransactionLockEnabled": True})
        edited = here.client.try_to("PUT", f"{path}/transactions/{entry}", {"PaidIn": 1})
        entered = here.client.try_to("POST", f"{path}/transactions", {"Date": "2014-01-31", "PaidIn": 1})
        here.client.ask("PUT", path, {"TransactionLockEnabled": False})
        open_again = here.client.try_to("PUT", f"{path}/transactions/{entry}", {"PaidIn": 1})

    assert (locked["TransactionLockEnabled"], locked["TransactionLockDate"]) == (True, "2014-01-31")
    assert (edited[0], edited[1]["Error"]) == (400, "TransactionLocked")
    assert (entered[0], entered[1]["Error"]) == (400, "TransactionLocked")
    assert open_again[0] == 200


def test_a_lock_of_every_account_shows_on_each_and_a_whole_account_sent_back_does_not_copy_it(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        owner, entity_id = here.office.owner, here.office.entity_id
        granted(lock_period(context, owner, entity_id, 0, day("2014-01-31"), enabled=True))
        path = f"/bankaccounts/{account_id}"

        shown = here.client.ask("GET", path)
        here.client.ask("PUT", path, shown)

        assert [each.account_id for each in granted(locks(context, owner, entity_id))] == [0]
    assert (shown["TransactionLockEnabled"], shown["TransactionLockDate"]) == (True, "2014-01-31")


def test_archived_accounts_are_listed_only_when_asked_for(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        here.client.ask("PUT", f"/bankaccounts/{account_id}", {"IsArchived": True})

        without = here.client.ask("GET", "/bankaccounts")
        with_it = here.client.ask("GET", "/bankaccounts?INCLUDEARCHIVEDACCOUNTS=true")

    assert without == []
    assert [(each["Id"], each["IsArchived"]) for each in with_it] == [(account_id, True)]


def test_one_account_is_the_default_one(context: Context) -> None:
    with served(context) as here:
        first, second = given_account(context, here.office), given_account(context, here.office, "Savings", "1210")

        here.client.ask("PUT", f"/bankaccounts/{second}", {"IsDefaultAccount": True})
        here.client.ask("PUT", f"/bankaccounts/{first}", {"IsDefaultAccount": True})

        listed = {each["Id"]: each["IsDefaultAccount"] for each in here.client.ask("GET", "/bankaccounts")}
    assert listed == {first: True, second: False}


def test_the_paged_list_links_its_pages_and_ends(context: Context) -> None:
    with served(context) as here:
        for number in range(3):
            given_account(context, here.office, f"Account {number}", str(1200 + number))

        first = here.client.ask("GET", "/bankaccounts/list?perpage=2")
        second = here.client.ask("GET", first["MetaData"]["NextPageUrl"].removeprefix(here.base_url))

    assert [len(page["Data"]) for page in (first, second)] == [2, 1]
    assert first["MetaData"]["TotalRecords"] == 3
    assert first["MetaData"]["LastPageUrl"] == f"{here.base_url}/bankaccounts/list?perpage=2&page=2"
    assert second["MetaData"]["NextPageUrl"] is None
    assert second["MetaData"]["PreviousPageUrl"] == f"{here.base_url}/bankaccounts/list?perpage=2&page=1"


def test_only_an_account_in_which_nothing_ever_was_can_be_deleted(context: Context) -> None:
    with served(context) as here:
        empty, used = given_account(context, here.office), given_account(context, here.office, "Savings", "1210")
        given_entry(context, here.office, used, "2014-01-10", 250_50)

        here.client.ask("DELETE", f"/bankaccounts/{empty}", wanted=204)
        status, answer = here.client.try_to("DELETE", f"/bankaccounts/{used}")

        assert here.client.try_to("GET", f"/bankaccounts/{empty}")[0] == 404
    assert (status, answer["Error"]) == (400, "BankAccountInUse")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "MissingField"),
        ({"AccountName": ""}, "MissingField"),
        ({"AccountName": "Current", "StartingAmount": "1_000"}, "InvalidAmount"),
        ({"AccountName": "Current", "StartingAmount": 12.345}, "InvalidAmount"),
        ({"AccountName": "Current", "StartingAmount": True}, "InvalidAmount"),
        ({"AccountName": "Current", "StartingDate": "31/12/2013"}, "InvalidDate"),
        ({"AccountName": "Current", "IsArchived": "perhaps"}, "InvalidField"),
        ({"AccountName": "Current\0"}, "InvalidRequest"),
        ({"AccountName": "Current", "accountname": "Savings"}, "DuplicateField"),
        ([], "InvalidField"),
    ],
)
def test_an_account_that_cannot_be_kept_is_refused_and_not_made(context: Context, body: object, error: str) -> None:
    with served(context) as here:
        status, answer = here.client.try_to("POST", "/bankaccounts", body)

        assert here.client.ask("GET", "/bankaccounts?includeArchivedAccounts=true") == []
    assert (status, answer["Error"]) == (400, error)


def test_every_field_that_does_not_fit_is_named_in_one_answer(context: Context) -> None:
    with served(context) as here:
        body = {"StartingAmount": "ten", "StartingDate": "soon", "DefaultInvoicePaymentType": {"Id": True}}

        status, answer = here.client.try_to("POST", "/bankaccounts", body)

    assert status == 400
    assert answer["Message"] == (
        "StartingDate is not a date. StartingAmount is not an amount. DefaultInvoicePaymentType.Id is not valid."
    )


def test_without_full_access_lock_and_reconcile_date_stay_and_nothing_is_half_changed(context: Context) -> None:
    with served(context) as here:
        path = f"/bankaccounts/{given_account(context, here.office)}"
        preparer = here.client_of(Role.PREPARER)

        reconciled = preparer.try_to("PUT", path, {"AccountName": "New", "ReconcileDate": "2014-01-31"})
        locked = preparer.try_to("PUT", path, {"AccountName": "New", "TransactionLockEnabled": True})

        assert here.client.ask("GET", path)["AccountName"] == "Current account"
    assert [reconciled[0], locked[0]] == [403, 403]
    assert reconciled[1] == {"Error": "InsufficientPermissions", "Message": "This needs FullAccess permission."}


def test_a_reader_sees_the_accounts_and_changes_nothing(context: Context) -> None:
    with served(context) as here:
        path = f"/bankaccounts/{given_account(context, here.office)}"
        reader = here.client_of(Role.READER)

        assert reader.try_to("GET", path)[0] == 200
        assert reader.try_to("PUT", path, {"AccountName": "New"})[0] == 403
        assert reader.try_to("DELETE", path)[0] == 403

"""Several clients of one company at the same moment: one wins, the others are told why."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.dialects.kashflow.given import MEMORABLE_WORD, PASSWORD, given_account, given_entry
from tests.dialects.kashflow.served import Served, served
from tests.dialects.kashflow.vendor_client import VendorClient
from tieout.services.context import Context

CLIENTS = 4


def _all_at_once(here: Served, act: Callable[[VendorClient], tuple[int, Any]]) -> list[tuple[int, Any]]:
    clients = [VendorClient(here.base_url, here.user.token) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as threads:
        return list(threads.map(act, clients))


def test_of_several_who_open_the_next_reconciliation_one_does(context: Context) -> None:
    with served(context) as here:
        path = f"/bankaccounts/{given_account(context, here.office)}/reconciliations"
        body = {"EndDate": "2014-01-31", "EndBalance": 1500}

        answers = _all_at_once(here, lambda client: client.try_to("POST", path, body))

        assert here.client.ask("GET", path)["MetaData"]["TotalRecords"] == 1
    assert sorted(status for status, _ in answers) == [201, 400, 400, 400]
    assert {answer["Error"] for status, answer in answers if status == 400} == {"ReconciliationInProgress"}


def test_of_several_who_complete_it_one_does(context: Context) -> None:
    with served(context) as here:
        account_id = given_account(context, here.office)
        entry = given_entry(context, here.office, account_id, "2014-01-10", 10_00)
        path = f"/bankaccounts/{account_id}/reconciliations"
        made = here.client.ask("POST", path, {"EndDate": "2014-01-31", "EndBalance": 1510}, 201)["Id"]

        ticks = _all_at_once(
            here,
            lambda client: client.try_to(
                "PUT", f"{path}/{made}/transactions", {"Reconcile": [{"Id": entry, "Type": 0}]}
            ),
        )
        done = _all_at_once(here, lambda client: client.try_to("PUT", f"{path}/{made}", {"ReconciliationDone": True}))

    assert ticks == [(200, {"Failed": []})] * CLIENTS
    assert sorted(status for status, _ in done) == [200, 400, 400, 400]
    assert {answer["Error"] for status, answer in done if status == 400} == {"ReconciliationComplete"}


def test_of_several_who_bring_the_same_temporary_token_one_signs_in(context: Context) -> None:
    with served(context) as here:
        credentials = {"UserName": here.user.user_name, "Password": PASSWORD}
        half_way = VendorClient(here.base_url).ask("POST", "/sessiontoken", credentials, 201)
        characters = [
            {"Position": each["Position"], "Value": MEMORABLE_WORD[each["Position"] - 1]}
            for each in half_way["MemorableWordList"]
        ]
        body = {"TemporaryToken": half_way["TemporaryToken"], "MemorableWordList": characters}

        answers = _all_at_once(here, lambda client: client.try_to("PUT", "/sessiontoken", body))

    assert sorted(status for status, _ in answers) == [200, 401, 401, 401]

"""The vendor's four rules as a property, and the core's own rules as this vendor's clients meet them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.testclient import TestClient

from tests.dialects.fintera.fintera_client import FinteraClient, Reply
from tests.dialects.fintera.given import Firm, basic, day, given_firm, granted
from tests.given_store import given_context
from tieout.dialects.fintera import application
from tieout.services.period_locks import lock_period
from tieout.store.sql.store import SqlStore

BREAKS = ("type", "entity", "amount", "status")


def cut(total: int, marks: list[int]) -> list[int]:
    """A total in parts that are not zero, cut at marks between its ends."""
    ends = sorted({mark % total for mark in marks if mark % total} | {total})
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def test_exactly_the_rules_that_are_broken_are_told_and_without_any_all_are_tied(store: SqlStore) -> None:
    context = given_context(store, "four rules")

    @given(
        direction=some.sampled_from(["payable", "receivable"]),
        total=some.integers(5, 10_000),
        account_marks=some.lists(some.integers(1, 9_999), max_size=3),
        transaction_marks=some.lists(some.integers(1, 9_999), max_size=3),
        broken=some.frozensets(some.sampled_from(BREAKS)),
    )
    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    def holds(
        direction: str, total: int, account_marks: list[int], transaction_marks: list[int], broken: frozenset[str]
    ) -> None:
        firm = given_firm(context)
        accounts = given_accounts(firm, direction, cut(total, account_marks), broken)
        transactions = given_transactions(firm, direction, cut(total + ("amount" in broken), transaction_marks), broken)

        client = TestClient(application(context), headers={"authorization": basic(firm.token)})
        body = {"selected_financial_account_ids": accounts, "selected_financial_transaction_ids": transactions}
        answer = client.post(f"/entities/{firm.entity_id}/reconciles", json=body)

        if broken:
            assert (answer.status_code, list(answer.json())) == (422, [rule for rule in BREAKS if rule in broken])
        else:
            assert answer.status_code == 200
            assert {account["status"] for account in answer.json()["financial_accounts"]} == {3}
            assert all(each["reconciled"] for each in answer.json()["financial_transactions"])

    holds()


def given_accounts(firm: Firm, direction: str, parts: list[int], broken: frozenset[str]) -> list[int]:
    """Accounts over these amounts, the first of them unpaid where the rule on that is broken."""
    make = firm.payable if direction == "payable" else firm.receivable
    return [
        make(part, paid=None if "status" in broken and number == 0 else "2013-09-09")
        for number, part in enumerate(parts)
    ]


def given_transactions(firm: Firm, direction: str, parts: list[int], broken: frozenset[str]) -> list[int]:
    """Transactions over these amounts: the wrong way, or the first of another entity, where those rules are broken."""
    sign = (-1 if direction == "payable" else 1) * (-1 if "type" in broken else 1)
    return [
        firm.transaction(sign * part, other="entity" in broken and number == 0) for number, part in enumerate(parts)
    ]


def reconcile(client: FinteraClient, firm: Firm, account: int, transaction: int) -> Reply:
    """One account with one transaction."""
    body = {"selected_financial_account_ids": [account], "selected_financial_transaction_ids": [transaction]}
    return client.call("POST", f"/entities/{firm.entity_id}/reconciles", body)


def test_two_currencies_are_not_reconciled_with_each_other(client: FinteraClient, firm: Firm) -> None:
    deposits = f"/entities/{firm.entity_id}/deposit_accounts"
    dollars = {"name": "Dólares", "deposit_account_type_id": 2, "currency_id": 840}
    account = client.call("POST", deposits, {"deposit_account": dollars}).json["deposit_account"]
    paid = {"type": "Debit", "amount": 50, "occurred_at": "2013-09-09"}
    made = client.call(
        "POST", f"{deposits}/{account['id']}/financial_transactions", {"financial_transaction": paid}
    ).json["financial_transaction"]

    reply = reconcile(client, firm, firm.payable(50_00), made["id"])

    assert (account["currency_id"], made["currency_id"]) == (840, 840)
    assert (reply.status, list(reply.json)) == (422, ["currency"])


def test_in_a_locked_period_nothing_is_entered_changed_reconciled_or_deleted(client: FinteraClient, firm: Firm) -> None:
    account, transaction = firm.payable(50_00), firm.transaction(-50_00)
    own = f"/entities/{firm.entity_id}/deposit_accounts/{firm.account_id}/financial_transactions"
    granted(lock_period(firm.context, firm.office.owner, firm.entity_id, 0, day("2013-12-31"), enabled=True))
    late = {"type": "Debit", "amount": 1, "occurred_at": "2013-10-01"}

    replies = [
        reconcile(client, firm, account, transaction),
        client.call("POST", own, {"financial_transaction": late}),
        client.call("PUT", f"{own}/{transaction}", {"financial_transaction": {"amount": 51}}),
        client.call("DELETE", f"{own}/{transaction}"),
        client.call("PUT", f"/entities/{firm.entity_id}/payable_accounts/{account}/undo_payment"),
    ]

    assert [reply.status for reply in replies] == [422] * 5
    assert {reply.json["base"][0] for reply in replies} == {"o período está bloqueado até 2013-12-31"}

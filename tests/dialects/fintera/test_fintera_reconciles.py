"""POST /entities/:entity_id/reconciles over a real connection: n to m, every broken rule told at once, both formats."""

import json
import threading
from typing import Any

import pytest

from tests.dialects.fintera.fintera_client import JSON, XML, FinteraClient, Reply
from tests.dialects.fintera.given import Firm, granted
from tieout.services.matching import AllocationRequest as Allocation
from tieout.services.matching import MatchRequest, find_matches, make_match, undo_match

TYPE = "itens para conciliação não são compatíveis"
ENTITY = "não pertencem à mesma entidade"
SUMS = "a soma das contas não é igual à soma dos lançamentos"


def selected(accounts: list[Any], transactions: list[Any]) -> dict[str, list[Any]]:
    """The body of a request."""
    return {"selected_financial_account_ids": accounts, "selected_financial_transaction_ids": transactions}


def selected_in_xml(accounts: list[int], transactions: list[int]) -> str:
    """The body of a request as the vendor's page writes it: two roots side by side."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>']
    for name, ids in (("account", accounts), ("transaction", transactions)):
        inside = "".join(f"\n    <id>{each}</id>" for each in ids)
        tag = f"selected-financial-{name}-ids"
        parts.append(f'  <{tag} type="array">{inside}\n  </{tag}>')
    return "\n".join(parts)


def reconcile(client: FinteraClient, firm: Firm, accounts: list[Any], transactions: list[Any]) -> Reply:
    """One request in JSON."""
    return client.call("POST", f"/entities/{firm.entity_id}/reconciles", selected(accounts, transactions))


def live_matches(firm: Firm) -> int:
    """How many matches stand."""
    matches = granted(find_matches(firm.context, firm.office.owner, firm.entity_id))
    return sum(match.status == "confirmed" for match in matches)


def test_two_accounts_are_tied_to_three_transactions(client: FinteraClient, firm: Firm) -> None:
    accounts = [firm.payable(3000_00), firm.payable(2000_00)]
    transactions = [firm.transaction(-3000_00), firm.transaction(-1000_00), firm.transaction(-1000_00)]

    reply = reconcile(client, firm, accounts, transactions)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert reply.headers["Location"] == f"{client.url}/entities/{firm.entity_id}/reconciles"
    assert list(reply.json) == ["financial_transactions", "financial_accounts"]
    assert [each["id"] for each in reply.json["financial_transactions"]] == transactions
    assert [each["reconciled"] for each in reply.json["financial_transactions"]] == [True] * 3
    assert [each["id"] for each in reply.json["financial_accounts"]] == accounts
    for each in reply.json["financial_accounts"]:
        assert (each["status"], each["status_name"]) == (3, "reconciled")
        assert each["expected_deposit_account_id"] == firm.account_id
        assert [other["id"] for other in each["reconciliations"]["financial_transactions"]] == transactions
        assert [link["rel"] for link in each["links"]] == ["self", "destroy"]
    assert live_matches(firm) == 1


def test_the_literal_request_of_the_vendors_page_is_answered_in_xml(client: FinteraClient, firm: Firm) -> None:
    accounts = [firm.payable(3000_00), firm.payable(2000_00)]
    transactions = [firm.transaction(-3000_00), firm.transaction(-2000_00)]

    reply = client.call_xml("POST", f"/entities/{firm.entity_id}/reconciles", selected_in_xml(accounts, transactions))

    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    lines = [line.strip() for line in reply.text.splitlines()]
    assert lines[:5] == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<hash>",
        '<financial-transactions type="array">',
        "<financial-transaction>",
        f'<id type="integer">{transactions[0]}</id>',
    ]
    assert lines.count('<status-name type="symbol">reconciled</status-name>') == 2
    assert lines.count('<amount type="decimal">-3000.0</amount>') == 1


@pytest.mark.parametrize("root", ["hash", "request", "reconcile"])
def test_any_single_root_may_stand_around_the_two_lists(client: FinteraClient, firm: Firm, root: str) -> None:
    inside = selected_in_xml([firm.payable(10_00)], [firm.transaction(-10_00)]).split("?>")[1]

    reply = client.call_xml("POST", f"/entities/{firm.entity_id}/reconciles", f"<{root}>{inside}</{root}>")

    assert reply.status == 200


@pytest.mark.parametrize(("sent", "wanted"), [(JSON, XML), (XML, JSON)])
def test_the_answer_may_be_in_another_format_than_the_request(
    client: FinteraClient, firm: Firm, sent: str, wanted: str
) -> None:
    ids = [firm.receivable(10_00)], [firm.transaction(10_00)]
    body = selected_in_xml(*ids) if sent == XML else json.dumps(selected(*ids))

    reply = client.call("POST", f"/entities/{firm.entity_id}/reconciles", body, Content_Type=sent, Accept=wanted)

    assert (reply.status, reply.headers["Content-Type"]) == (200, f"{wanted}; charset=utf-8")


def broken(firm: Firm, rule: str) -> tuple[list[int], list[int]]:
    """Accounts and transactions that break one rule and no other."""
    match rule:
        case "type":
            return [firm.payable(50_00)], [firm.transaction(50_00)]
        case "netting":
            return [firm.payable(50_00), firm.receivable(20_00)], [firm.transaction(-50_00), firm.transaction(20_00)]
        case "debits and credits":
            return [firm.payable(30_00)], [firm.transaction(-40_00), firm.transaction(10_00)]
        case "entity":
            return [firm.payable(50_00)], [firm.transaction(-50_00, other=True)]
        case "amount":
            return [firm.payable(50_00)], [firm.transaction(-49_99)]
        case "status":
            return [firm.payable(50_00, paid=None)], [firm.transaction(-50_00)]
    return [9_007_199_254_740_991], [firm.transaction(-50_00)]


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        ("type", ["type"]),
        ("netting", ["type"]),
        ("entity", ["entity"]),
        ("amount", ["amount"]),
        ("status", ["status"]),
        ("unknown", ["base"]),
    ],
)
def test_each_rule_alone_is_told_under_its_key_and_nothing_is_tied(
    client: FinteraClient, firm: Firm, rule: str, keys: list[str]
) -> None:
    accounts, transactions = broken(firm, rule)

    reply = reconcile(client, firm, accounts, transactions)
    in_xml = client.call_xml("POST", f"/entities/{firm.entity_id}/reconciles", selected_in_xml(accounts, transactions))

    assert (reply.status, list(reply.json)) == (422, keys)
    assert reply.headers["Location"].endswith("/reconciles")
    assert in_xml.status == 422
    assert len(in_xml.errors) == len(keys)
    assert live_matches(firm) == 0


def test_debits_and_credits_together_break_the_type_rule(client: FinteraClient, firm: Firm) -> None:
    reply = reconcile(client, firm, *broken(firm, "debits and credits"))

    assert reply.json["type"] == [TYPE]


def test_the_two_errors_of_the_vendors_page_come_in_its_order_and_words(client: FinteraClient, firm: Firm) -> None:
    accounts, transactions = [firm.payable(50_00)], [firm.transaction(50_00, other=True)]

    reply = reconcile(client, firm, accounts, transactions)
    in_xml = client.call_xml("POST", f"/entities/{firm.entity_id}/reconciles", selected_in_xml(accounts, transactions))

    assert (reply.status, list(reply.json.items())) == (422, [("type", [TYPE]), ("entity", [ENTITY])])
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert in_xml.errors == [f"Entity {ENTITY}", f"Type {TYPE}"]


def test_all_four_rules_broken_together_are_all_told_in_both_formats(client: FinteraClient, firm: Firm) -> None:
    accounts = [firm.payable(50_00, paid=None), firm.receivable(20_00)]
    transactions = [firm.transaction(70_01), firm.transaction(-5_00, other=True)]

    reply = reconcile(client, firm, accounts, transactions)
    in_xml = client.call_xml("POST", f"/entities/{firm.entity_id}/reconciles", selected_in_xml(accounts, transactions))

    assert (reply.status, list(reply.json)) == (422, ["type", "entity", "amount", "status"])
    assert reply.json["amount"] == [SUMS]
    assert reply.json["status"] == [f"a conta {accounts[0]} ainda não está paga ou recebida"]
    assert [error.split()[0] for error in in_xml.errors] == ["Amount", "Entity", "Status", "Type"]


def test_unknown_and_unseen_ids_are_answered_alike(client: FinteraClient, firm: Firm) -> None:
    stranger = firm.office.stranger_entity.id

    unknown = reconcile(client, firm, [firm.payable(5_00)], [9_007_199_254_740_991])
    elsewhere = client.call("POST", f"/entities/{stranger}/reconciles", selected([1], [2]))
    missing = client.call("POST", "/entities/9007199254740991/reconciles", selected([1], [2]))

    assert (unknown.status, unknown.json) == (422, {"base": ["9007199254740991 não encontrado"]})
    assert (elsewhere.status, elsewhere.body) == (missing.status, missing.body)
    assert elsewhere.status == 403


def test_an_account_named_as_a_transaction_is_no_transaction(client: FinteraClient, firm: Firm) -> None:
    account, transaction = firm.payable(5_00), firm.transaction(-5_00)

    reply = reconcile(client, firm, [transaction], [account])

    assert list(reply.json) == ["base"]
    assert live_matches(firm) == 0


@pytest.mark.parametrize(
    ("accounts", "transactions", "keys"),
    [
        ([], [7], ["selected_financial_account_ids"]),
        ([7], [], ["selected_financial_transaction_ids"]),
        ([], [], ["selected_financial_account_ids", "selected_financial_transaction_ids"]),
        ([7, 7], [8], ["selected_financial_account_ids"]),
        ([True], [8], ["selected_financial_account_ids"]),
        (["1_000"], [8], ["selected_financial_account_ids"]),
        ([1.5], [8], ["selected_financial_account_ids"]),
        ([-1], ["x"], ["selected_financial_account_ids", "selected_financial_transaction_ids"]),
        ([7] * 10_001, [8], ["selected_financial_account_ids"]),
    ],
)
def test_lists_that_are_empty_repeated_or_no_ids_are_refused(
    client: FinteraClient, firm: Firm, accounts: list[Any], transactions: list[Any], keys: list[str]
) -> None:
    reply = reconcile(client, firm, accounts, transactions)

    assert (reply.status, list(reply.json)) == (422, keys)
    assert live_matches(firm) == 0


def test_what_is_reconciled_says_which_match_holds_it(client: FinteraClient, firm: Firm) -> None:
    account, transaction = firm.payable(50_00), firm.transaction(-50_00)
    reconcile(client, firm, [account], [transaction])
    (match,) = granted(find_matches(firm.context, firm.office.owner, firm.entity_id))

    reply = reconcile(client, firm, [account], [transaction])

    held = f"já está conciliado (conciliação {match.record.id})"
    assert (reply.status, reply.json) == (422, {"base": [f"{account} {held}", f"{transaction} {held}"]})


def test_of_two_who_reconcile_the_same_transaction_at_once_one_wins_and_the_other_is_told(
    server: str, firm: Firm
) -> None:
    transaction = firm.transaction(-50_00)
    accounts = [firm.payable(50_00) for _ in range(4)]
    together, replies = threading.Barrier(len(accounts)), []

    def ask(account: int) -> None:
        client = FinteraClient(server, firm.token)
        together.wait()
        replies.append(reconcile(client, firm, [account], [transaction]))
        client.close()

    threads = [threading.Thread(target=ask, args=(account,)) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (match,) = granted(find_matches(firm.context, firm.office.owner, firm.entity_id))
    assert sorted(reply.status for reply in replies) == [200, 422, 422, 422]
    for reply in replies:
        if reply.status == 422:
            assert reply.json == {"base": [f"{transaction} já está conciliado (conciliação {match.record.id})"]}


def test_undoing_through_the_core_frees_both_sides_again(client: FinteraClient, firm: Firm) -> None:
    account, transaction = firm.payable(50_00), firm.transaction(-50_00)
    reconcile(client, firm, [account], [transaction])
    (match,) = granted(find_matches(firm.context, firm.office.owner, firm.entity_id))

    granted(undo_match(firm.context, firm.office.owner, firm.entity_id, match.record.id))

    shown = client.call("GET", f"/entities/{firm.entity_id}/payable_accounts/{account}").json["payable_account"]
    assert (shown["status"], shown["expected_deposit_account_id"]) == (2, None)
    assert reconcile(client, firm, [account], [transaction]).status == 200


def test_an_account_tied_in_part_through_another_face_stays_paid(client: FinteraClient, firm: Firm) -> None:
    account, part = firm.payable(50_00), firm.transaction(-20_00)
    request = MatchRequest(allocations=(Allocation(line_id=part), Allocation(line_id=account, minor_units=-20_00)))
    granted(make_match(firm.context, firm.office.owner, firm.entity_id, request))

    shown = client.call("GET", f"/entities/{firm.entity_id}/payable_accounts/{account}").json["payable_account"]
    reply = reconcile(client, firm, [account], [firm.transaction(-50_00)])

    assert (shown["status"], shown["expected_deposit_account_id"]) == (2, firm.account_id)
    assert (reply.status, list(reply.json)) == (422, ["base"])
    assert "em parte" in reply.json["base"][0]


def test_a_token_without_post_needs_a_second_person(server: str, firm: Firm) -> None:
    client = FinteraClient(server, firm.token_of(firm.office.approver, post=False))

    reply = reconcile(client, firm, [firm.payable(50_00)], [firm.transaction(-50_00)])

    assert (reply.status, list(reply.json)) == (422, ["base"])
    assert "segunda pessoa" in reply.json["base"][0]
    assert live_matches(firm) == 0
    client.close()


def test_a_reader_may_look_and_not_reconcile(server: str, firm: Firm) -> None:
    client = FinteraClient(server, firm.token_of(firm.office.reader, post=False))

    reply = reconcile(client, firm, [firm.payable(50_00)], [firm.transaction(-50_00)])

    assert (reply.status, list(reply.json)) == (403, ["error"])
    assert client.call("GET", f"/entities/{firm.entity_id}/payable_accounts").status == 200
    client.close()


def test_a_total_that_its_parts_explain_counts_and_one_that_they_do_not_gives_way_to_the_amount(
    client: FinteraClient, firm: Firm
) -> None:
    collection = f"/entities/{firm.entity_id}/payable_accounts"
    wanted = {"due_date": "2013-09-06", "occurred_at": "2013-09-09", "amount": 3000}
    fine = {**wanted, "ticket_amount": 30, "interest_amount": "4.50", "discount_amount": 2, "total_amount": "3032.5"}
    unexplained = {**wanted, "total_amount": 5000}
    explained, stated = (
        client.call("POST", collection, {"payable_account": each}).json["payable_account"]
        for each in (fine, unexplained)
    )

    reply = reconcile(
        client, firm, [explained["id"], stated["id"]], [firm.transaction(-3032_50), firm.transaction(-3000_00)]
    )

    assert reply.status == 200
    assert [each["total_amount"] for each in reply.json["financial_accounts"]] == ["3032.5", "5000.0"]
    (match,) = granted(find_matches(firm.context, firm.office.owner, firm.entity_id))
    sums = {str(explained["id"]): "total_amount", str(stated["id"]): "amount"}
    assert json.loads(match.record.extra)["fintera"]["sums"] == sums
    assert f"the amount counts for {stated['id']}" in match.record.evidence

"""Book entries and locks in every face: KashFlow's transactions are the books' side of what the others tie."""

import pytest

from tests.crossing.given_crossing import Firm


def test_a_journal_line_on_a_bank_account_is_kashflows_transaction_of_type_5(firm: Firm) -> None:
    line_id = firm.journal_line("1500.00")

    (listed,) = firm.kashflow.done("GET", firm.entries)["Data"]

    assert (listed["Id"], listed["TransactionType"], listed["EntityName"]) == (line_id, 5, "journal")
    assert (listed["PaidIn"], listed["PaidOut"], listed["Reconciled"]) == (1500, 0, False)


def test_a_journal_line_changes_with_its_entry_alone(firm: Firm) -> None:
    line_id = firm.journal_line("1500.00")

    changed = firm.kashflow.call("PUT", f"{firm.entries}/{line_id}", {"PaidIn": 1})
    deleted = firm.kashflow.call("DELETE", f"{firm.entries}/{line_id}")

    assert [(each.status, each.json["Error"]) for each in (changed, deleted)] == [(400, "TransactionOfJournal")] * 2
    assert firm.line(line_id)["amount"] == "1500.00"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_book_entry_that_a_match_uses_stays_until_the_match_is_undone(firm: Firm, method: str) -> None:
    transaction_id = firm.transaction(350_50)
    entry_id = firm.kashflow.done("POST", firm.entries, {"Date": "2026-01-12", "PaidIn": 350.5})["Id"]
    allocations = [{"line_id": transaction_id}, {"line_id": entry_id}]
    match_id = firm.native.done("POST", "/matches", {"allocations": allocations})["id"]
    body = {"PaidIn": 351} if method == "PUT" else None

    refused = firm.kashflow.call(method, f"{firm.entries}/{entry_id}", body)
    before = firm.line(entry_id)
    firm.undo(match_id)
    allowed = firm.kashflow.call(method, f"{firm.entries}/{entry_id}", body)

    assert (refused.status, refused.json["Error"], refused.names(match_id)) == (400, "TransactionMatched", True)
    assert (before["amount"], before["tied"]) == ("350.50", True)
    assert allowed.status in (200, 204)
    assert firm.open_in_snapbooks() == [transaction_id]


def test_tied_is_not_cleared_and_cleared_is_not_tied(firm: Firm) -> None:
    transaction_id, tied_id, cleared_id = (
        firm.transaction(100_00),
        firm.journal_line("100.00"),
        firm.journal_line("30.00"),
    )
    chain = f"/bankaccounts/{firm.account_id}/reconciliations"

    firm.external(transaction_id, tied_id, "100.00")
    opened = firm.kashflow.done("POST", chain, {"EndDate": "2026-01-13", "EndBalance": 30})["Id"]
    ticks = {"Reconcile": [{"Id": cleared_id, "Type": 5}]}
    failed = firm.kashflow.done("PUT", f"{chain}/{opened}/transactions", ticks)["Failed"]

    shown = {each["Id"]: each["Reconciled"] for each in firm.kashflow.done("GET", firm.entries)["Data"]}
    assert failed == []
    assert shown == {tied_id: False, cleared_id: True}
    assert [firm.line(each)["tied"] for each in (tied_id, cleared_id)] == [True, False]
    assert [firm.line(each)["cleared_in"] for each in (tied_id, cleared_id)] == [None, opened]


def test_one_line_is_tied_and_cleared_and_each_is_taken_back_by_itself(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(100_00), firm.journal_line("100.00")
    chain = f"/bankaccounts/{firm.account_id}/reconciliations"
    opened = firm.kashflow.done("POST", chain, {"EndDate": "2026-01-13", "EndBalance": 100})["Id"]
    firm.kashflow.done("PUT", f"{chain}/{opened}/transactions", {"Reconcile": [{"Id": line_id, "Type": 5}]})
    match_id = firm.external(transaction_id, line_id, "100.00").json["id"]

    firm.snapbooks.done("DELETE", f"/external-reconciliations/{match_id}")
    still_cleared = firm.line(line_id)["cleared_in"]
    firm.external(transaction_id, line_id, "100.00")
    firm.kashflow.done("PUT", f"{chain}/{opened}/transactions", {"UnReconcile": [{"Id": line_id, "Type": 5}]})

    assert still_cleared == opened
    assert (firm.line(line_id)["cleared_in"], firm.line(line_id)["tied"]) == (None, True)
    assert firm.open_in_snapbooks() == []


def test_a_period_completed_in_kashflow_is_closed_to_every_face(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(100_00), firm.journal_line("100.00")
    chain = f"/bankaccounts/{firm.account_id}/reconciliations"
    opened = firm.kashflow.done("POST", chain, {"EndDate": "2026-01-13", "EndBalance": 100})["Id"]
    firm.kashflow.done("PUT", f"{chain}/{opened}/transactions", {"Reconcile": [{"Id": line_id, "Type": 5}]})
    firm.kashflow.done("PUT", f"{chain}/{opened}", {"ReconciliationDone": True})

    refused = firm.external(transaction_id, line_id, "100.00")
    natively = firm.native.call(
        "POST", "/matches", {"allocations": [{"line_id": transaction_id}, {"line_id": line_id}]}
    )

    assert (refused.status, "closed through 2026-01-13" in refused.text) == (400, True)
    assert natively.json["code"] == "period_closed"
    assert firm.open_in_snapbooks() == [transaction_id]


def test_a_lock_set_through_kashflow_is_listed_by_snapbooks_and_natively(firm: Firm) -> None:
    lock(firm, "2026-01-12")

    (in_snapbooks,) = firm.snapbooks.done("GET", f"/period-locks?client_account_id={firm.entity_id}")["data"]
    (natively,) = firm.native.done("GET", "/period-locks")["period_locks"]

    assert (in_snapbooks["general_ledger_account_id"], in_snapbooks["locked_to"]) == (firm.account_id, "2026-01-12")
    assert (natively["account_id"], natively["through_date"], natively["enabled"]) == (
        firm.account_id,
        "2026-01-12",
        True,
    )


def test_a_lock_set_through_kashflow_refuses_matches_in_every_face(firm: Firm) -> None:
    transaction_id, line_id, payable_id = (
        firm.transaction(-80_00),
        firm.journal_line("-80.00"),
        firm.paid_payable(-80_00),
    )
    lock(firm, "2026-01-12")

    in_snapbooks = firm.external(transaction_id, line_id, "-80.00")
    in_fintera = firm.reconcile([payable_id], [transaction_id])
    natively = firm.native.call(
        "POST", "/matches", {"allocations": [{"line_id": transaction_id}, {"line_id": line_id}]}
    )

    assert (in_snapbooks.status, "locked through 2026-01-12" in in_snapbooks.text) == (400, True)
    assert (in_fintera.status, natively.json["code"]) == (422, "period_locked")
    assert firm.open_in_snapbooks() == [transaction_id]


def test_a_lock_set_through_kashflow_refuses_new_and_changed_lines_in_every_face(firm: Firm) -> None:
    transaction_id = firm.transaction(-80_00)
    line = {"side": "statement", "currency": "NOK", "amount": "1.00", "booking_date": "2026-01-12"}
    lock(firm, "2026-01-12")

    entered = {
        "snapbooks": firm.snapbooks.call(
            "POST",
            "/bank-transactions",
            {
                "client_account_id": firm.entity_id,
                "bank_account_id": firm.account_id,
                "booking_date": "2026-01-12",
                "amount": "1.00",
                "currency_code": "NOK",
            },
        ),
        "fintera": firm.fintera.call(
            "POST",
            firm.transactions,
            {"financial_transaction": {"type": "Credit", "amount": "1.00", "occurred_at": "2026-01-12"}},
        ),
        "native": firm.native.call("POST", "/lines", {"lines": [{**line, "account_id": firm.account_id}]}),
        "kashflow": firm.kashflow.call("POST", firm.entries, {"Date": "2026-01-12", "PaidIn": 1}),
    }
    deleted = firm.fintera.call("DELETE", f"{firm.transactions}/{transaction_id}")

    assert {face: reply.status for face, reply in entered.items()} == {
        "snapbooks": 400,
        "fintera": 422,
        "native": 409,
        "kashflow": 400,
    }
    assert entered["kashflow"].json["Error"] == "TransactionLocked"
    assert all("2026-01-12" in entered[face].text for face in ("snapbooks", "kashflow", "native"))
    assert (deleted.status, "2026-01-12" in deleted.text) == (422, True)
    assert firm.open_natively() == [transaction_id]


def test_a_lock_taken_away_through_snapbooks_is_off_in_kashflow(firm: Firm) -> None:
    lock(firm, "2026-01-12")
    (listed,) = firm.snapbooks.done("GET", f"/period-locks?client_account_id={firm.entity_id}")["data"]

    firm.snapbooks.done("DELETE", f"/period-locks/{listed['id']}")

    assert not firm.kashflow.done("GET", f"/bankaccounts/{firm.account_id}")["TransactionLockEnabled"]
    firm.kashflow.done("POST", firm.entries, {"Date": "2026-01-12", "PaidIn": 1})


def lock(firm: Firm, through: str) -> None:
    """Lock the bank account as KashFlow's clients do."""
    body = {"TransactionLockDate": through, "TransactionLockEnabled": True}
    firm.kashflow.done("PUT", f"/bankaccounts/{firm.account_id}", body)

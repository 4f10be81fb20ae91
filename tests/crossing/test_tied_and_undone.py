"""One bank transaction in every face: tied through one, it is open in none; undone through one, it is open in all."""

import pytest

from tests.crossing.given_crossing import Firm, Reply


def test_a_line_has_the_same_id_in_every_face(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(-50_00), firm.journal_line("80.00")

    in_fintera = firm.fintera.done("GET", f"{firm.transactions}/{transaction_id}")["financial_transaction"]
    in_snapbooks = firm.snapbooks.done("GET", f"/bank-transactions/{transaction_id}")
    in_kashflow = firm.kashflow.done("GET", f"{firm.entries}/{line_id}")

    assert (in_fintera["id"], in_fintera["amount"]) == (transaction_id, "-50.0")
    assert (in_snapbooks["id"], in_snapbooks["amount"]) == (transaction_id, "-50.000000")
    assert (firm.line(transaction_id)["id"], firm.line(transaction_id)["amount"]) == (transaction_id, "-50.00")
    assert (in_kashflow["Id"], in_kashflow["PaidIn"]) == (line_id, 80)
    assert (firm.line(line_id)["amount"], firm.line(line_id)["side"]) == ("80.00", "ledger")


def test_the_two_faces_that_say_bank_transaction_mean_opposite_sides(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(-50_00), firm.journal_line("80.00")

    assert firm.kashflow.call("GET", f"{firm.entries}/{transaction_id}").status == 404
    assert firm.snapbooks.call("GET", f"/bank-transactions/{line_id}").status == 404
    assert firm.fintera.call("GET", f"{firm.transactions}/{line_id}").status == 404
    assert firm.open_in_snapbooks() == [transaction_id]


def test_what_fintera_ties_is_open_in_no_face_until_it_is_undone_natively(firm: Firm) -> None:
    transactions = [firm.transaction(-300_00), firm.transaction(-200_00)]
    waiting = firm.transaction(-7_00)

    assert firm.reconcile([firm.paid_payable(-500_00)], transactions).status == 200

    assert firm.open_in_snapbooks() == firm.open_natively() == [waiting]
    assert firm.all_in_snapbooks() == {transactions[0]: True, transactions[1]: True, waiting: False}
    assert [firm.line(each)["tied"] for each in transactions] == [True, True]

    firm.undo(firm.live_match())

    assert sorted(firm.open_in_snapbooks()) == sorted(firm.open_natively()) == sorted([*transactions, waiting])
    assert not any(firm.reconciled_in_fintera(each) for each in transactions)
    assert not any(firm.all_in_snapbooks().values())


def test_what_snapbooks_ties_is_reconciled_in_fintera_which_then_keeps_it_as_it_is(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(-120_00), firm.journal_line("-120.00")
    payable_id = firm.paid_payable(-120_00)

    match_id = firm.external(transaction_id, line_id, "-120.00").json["id"]
    deleted = firm.fintera.call("DELETE", f"{firm.transactions}/{transaction_id}")
    tied_again = firm.reconcile([payable_id], [transaction_id])

    assert firm.reconciled_in_fintera(transaction_id)
    assert (deleted.status, tied_again.status) == (422, 422)
    assert deleted.text.count(f"(conciliação {match_id})") == 1
    assert tied_again.text.count(f"(conciliação {match_id})") == 1
    assert firm.live_match() == match_id


def test_deleting_the_external_reconciliation_opens_both_lines_in_every_face(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(-120_00), firm.journal_line("-120.00")
    match_id = firm.external(transaction_id, line_id, "-120.00").json["id"]

    firm.snapbooks.done("DELETE", f"/external-reconciliations/{match_id}")

    assert firm.open_in_snapbooks() == firm.open_natively() == [transaction_id]
    assert not firm.reconciled_in_fintera(transaction_id)
    assert not firm.line(line_id)["tied"]
    assert firm.native.done("GET", f"/matches/{match_id}")["status"] == "undone"
    assert firm.reconcile([firm.paid_payable(-120_00)], [transaction_id]).status == 200


def test_a_match_of_fintera_is_none_of_the_external_reconciliations(firm: Firm) -> None:
    transaction_id = firm.transaction(-120_00)
    firm.reconcile([firm.paid_payable(-120_00)], [transaction_id])

    listed = firm.snapbooks.done("GET", f"/external-reconciliations?client_account_id={firm.entity_id}")["data"]
    deleted = firm.snapbooks.call("DELETE", f"/external-reconciliations/{firm.live_match()}")

    assert listed == []
    assert deleted.status == 404
    assert firm.line(transaction_id)["tied"]


def test_a_match_of_bank_and_journal_made_natively_is_an_external_reconciliation(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(90_00), firm.journal_line("90.00")

    made = firm.native.done("POST", "/matches", {"allocations": [{"line_id": transaction_id}, {"line_id": line_id}]})

    (listed,) = firm.snapbooks.done("GET", f"/external-reconciliations?client_account_id={firm.entity_id}")["data"]
    assert listed["id"] == made["id"]
    assert {(each["relation_id"], each["amount"]) for each in listed["entries"]} == {
        (transaction_id, "90.000000"),
        (line_id, "90.000000"),
    }


def test_a_part_that_is_tied_leaves_the_transaction_unreconciled_in_both_faces(firm: Firm) -> None:
    transaction_id, line_id = firm.transaction(-100_00), firm.journal_line("-60.00")

    match_id = firm.external(transaction_id, line_id, "-60.00").json["id"]

    assert firm.open_in_snapbooks() == firm.open_natively() == [transaction_id]
    assert firm.all_in_snapbooks() == {transaction_id: False}
    assert not firm.reconciled_in_fintera(transaction_id)
    assert (firm.line(transaction_id)["left"], firm.line(transaction_id)["tied"]) == ("-40.00", False)
    assert firm.fintera.call("DELETE", f"{firm.transactions}/{transaction_id}").status == 422
    refused = firm.reconcile([firm.paid_payable(-100_00)], [transaction_id])
    assert (refused.status, refused.text.count(f"(conciliação {match_id})")) == (422, 1)


def test_the_rest_of_a_transaction_ties_natively_and_then_it_is_reconciled_everywhere(firm: Firm) -> None:
    transaction_id, first, second = firm.transaction(-100_00), firm.journal_line("-60.00"), firm.journal_line("-40.00")
    first_match = firm.external(transaction_id, first, "-60.00").json["id"]

    firm.native.done("POST", "/matches", {"allocations": [{"line_id": transaction_id}, {"line_id": second}]})

    assert firm.open_in_snapbooks() == firm.open_natively() == []
    assert firm.reconciled_in_fintera(transaction_id)
    firm.snapbooks.done("DELETE", f"/external-reconciliations/{first_match}")
    assert firm.line(transaction_id)["left"] == "-60.00"
    assert not firm.reconciled_in_fintera(transaction_id)


@pytest.mark.parametrize("face", ["snapbooks", "native", "fintera"])
def test_whoever_comes_second_is_told_which_match_holds_the_transaction(firm: Firm, face: str) -> None:
    transaction_id, line_id, payable_id = (
        firm.transaction(-120_00),
        firm.journal_line("-120.00"),
        firm.paid_payable(-120_00),
    )
    firm.native.done("POST", "/matches", {"allocations": [{"line_id": transaction_id}, {"line_id": payable_id}]})

    second = tied_through(firm, face, transaction_id, line_id, firm.paid_payable(-120_00))

    assert 400 <= second.status < 500
    assert second.names(firm.live_match())


def tied_through(firm: Firm, face: str, transaction_id: int, line_id: int, payable_id: int) -> Reply:
    """The answer of a face that is asked to tie the transaction."""
    if face == "snapbooks":
        return firm.external(transaction_id, line_id, "-120.00")
    if face == "fintera":
        return firm.reconcile([payable_id], [transaction_id])
    allocations = [{"line_id": transaction_id}, {"line_id": payable_id}]
    return firm.native.call("POST", "/matches", {"allocations": allocations})

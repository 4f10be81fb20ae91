"""Payments and matches that are put into the books of a company in Tryton, and those that are not."""

from typing import Any

import pytest

from tests.conformance.platforms import pulled_all
from tests.platforms.tryton.given import body_of
from tests.platforms.tryton.office import BANK, CLEARING, RECEIVABLE, SALES, Office, entry, invoice
from tests.platforms.tryton.pushing import (
    bank_balance,
    drafts,
    match,
    new_key,
    owed_line,
    payment,
    refusal,
    state,
)
from tieout.contracts.platform import PlatformSession

pytestmark = pytest.mark.slow


def test_payments_in_parts_pay_an_invoice_when_they_come_to_the_whole(place: Office, session: PlatformSession) -> None:
    owed = invoice(place, "out", "2026-10-05", "60.00", "")
    before = bank_balance(place)

    session.push("payment_record", new_key(), payment(owed, "25.00"))
    part_paid = state(place, owed)
    session.push("payment_record", new_key(), payment(owed, "35.00"))

    assert (part_paid, state(place, owed)) == ("posted", "paid")
    assert bank_balance(place) - before == 6000


def test_a_bill_is_paid_out_of_the_bank(place: Office, session: PlatformSession) -> None:
    owing = invoice(place, "in", "2026-10-05", "45.00", new_key())
    before = bank_balance(place)

    session.push("payment_record", new_key(), payment(owing, "45.00"))

    assert state(place, owing) == "paid"
    assert bank_balance(place) - before == -4500


def test_a_payment_that_cannot_be_is_refused_with_the_reason(place: Office, session: PlatformSession) -> None:
    owed = invoice(place, "out", "2026-10-05", "60.00", "")
    drafted = invoice(place, "out", "2026-10-05", "61.00", "", posted=False)

    def told(invoice_id: str | int, amount: str = "60.00", **others: Any) -> str:
        return refusal(place, session, "payment_record", payment(invoice_id, amount, **others))

    assert "60.00 left to be paid in Tryton, not 60.01" in told(owed, "60.01")
    assert "not -1.00" in told(owed, "-1.00")
    assert "is draft in Tryton" in told(drafted)
    assert "no invoice 987654 any more" in told(987654)
    assert "no invoice abc any more" in told("abc")
    assert "differ in currency: EUR, NOK" in told(owed, currency="EUR")
    assert told(owed, account=CLEARING) == "Tryton has no statement journal for account 1940; add one, push again"
    assert "2031" in told(owed, date="2031-01-01") or "period" in told(owed, date="2031-01-01").lower()
    assert drafts(place) == []


def test_a_match_of_what_was_booked_on_the_bank_leaves_its_balance_and_reconciles_the_entry(
    place: Office, session: PlatformSession
) -> None:
    line = booked(place, "88.00")
    before = bank_balance(place)

    pushed = session.push("match", new_key(), match([line], "80.00", "8.00"))

    (row,) = place.desk.rows("account.move.line", ["reconciliation"], ["id", "=", line])
    assert row["reconciliation"]
    assert bank_balance(place) == before
    (statement,) = place.desk.rows(
        "account.statement", ["state", "origins.amount"], ["id", "=", int(pushed.platform_object_id)]
    )
    assert statement["state"] == "posted"
    assert sorted(each["amount"]["decimal"] for each in statement["origins."]) == ["8.00", "80.00"]


def test_a_match_of_two_customers_invoices_and_a_bill_with_two_bank_lines_pays_them_all(
    place: Office, session: PlatformSession
) -> None:
    other = place.desk.make("party.party", name="Second customer", addresses=[["create", [{}]]])
    owed = [
        invoice(place, "out", "2026-10-05", "100.00", ""),
        invoice(place, "out", "2026-10-05", "30.00", "", party=other),
        invoice(place, "out", "2026-10-05", "7.00", ""),
        invoice(place, "out", "2026-10-05", "-12.00", "", party=other),
    ]

    session.push("match", new_key(), match([owed_line(place, each) for each in owed], "65.00", "60.00"))

    assert [state(place, each) for each in owed] == ["paid"] * 4


def test_a_match_that_tryton_cannot_keep_is_refused_with_what_to_do(place: Office, session: PlatformSession) -> None:
    owed = owed_line(place, invoice(place, "out", "2026-10-05", "50.00", ""))
    move = entry(place, "2026-10-20", CLEARING, SALES, "50.00", "Card")
    (cleared,) = place.desk.ids("account.move.line", ["move", "=", move], ["account", "=", place.accounts[CLEARING]])

    def told(*asked: Any, **others: Any) -> str:
        return refusal(place, session, "match", match(*asked, **others))

    assert "the bank's lines come to 49.00, the matched lines in Tryton to 50.00" in told([owed], "49.00")
    assert 'lines of account 1940 cannot be reconciled in Tryton: mark the account "Reconcile"' in told(
        [cleared], "50.00"
    )
    assert "no posted journal line 99999 any more" in told([99999], "50.00")
    assert "no statement journal for account 1940" in told([owed], "50.00", bank_account=CLEARING)
    session.push("match", new_key(), match([owed], "50.00"))
    assert "reconciled" in told([owed], "50.00")
    assert drafts(place) == []


def test_what_was_posted_for_us_carries_our_key_in_the_journal(place: Office, session: PlatformSession) -> None:
    key = new_key()
    body = body_of(place, "payment_record")
    _, cursor = pulled_all(session, "journal_line")

    session.push("payment_record", key, body)

    behind = pulled_all(session, "journal_line", cursor)[0]
    assert [(each.content["account"], each.content["amount"]) for each in behind if each.key == key] == [
        (RECEIVABLE, "-165.00"),
        (BANK, "165.00"),
    ]


def test_a_statement_proves_itself_as_its_journal_asks_whatever_the_last_one_was_asked(
    place: Office, session: PlatformSession
) -> None:
    (journal,) = place.desk.ids("account.statement.journal", ["account", "=", place.accounts[BANK]])
    asked = ["number_of_lines", "amount", "balance", "amount", "balance"]
    pushed = []

    try:
        for validation in asked:
            place.desk.change("account.statement.journal", journal, validation=validation)
            line = booked(place, "50.00")
            pushed.append(session.push("match", new_key(), match([line], "20.00", "20.00", "10.00", date="2026-12-15")))
    finally:
        place.desk.change("account.statement.journal", journal, validation="balance")

    fields = ["state", "start_balance", "end_balance"]
    ids = [int(each.platform_object_id) for each in pushed]
    statements = place.desk.rows("account.statement", fields, ["id", "in", ids])
    assert [row["state"] for row in statements] == ["posted"] * len(asked)
    *_, first, _, last = statements
    assert last["start_balance"] == first["end_balance"] != last["end_balance"]


def booked(place: Office, amount: str) -> int:
    """The journal line on the bank account of a sale that was entered by hand."""
    move = entry(place, "2026-10-20", BANK, SALES, amount, "Sale")
    (line,) = place.desk.ids("account.move.line", ["move", "=", move], ["account", "=", place.accounts[BANK]])
    return line

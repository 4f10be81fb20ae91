"""Invoices and customers that are put into the books of a company in Tryton, and those that are not."""

from itertools import count
from typing import Any

import pytest

from tests.platforms.tryton.office import COSTS, DUE, SALES, Office
from tests.platforms.tryton.pushing import (
    bank_balance,
    drafts,
    new_key,
    payment,
    plain_invoice,
    pulled,
    refusal,
    state,
)
from tieout.contracts.platform import PlatformSession

pytestmark = pytest.mark.slow

_numbers = count(1)


def test_an_invoice_is_posted_under_trytons_number_and_keeps_ours(place: Office, session: PlatformSession) -> None:
    pushed = session.push("receivable", new_key(), plain_invoice(number="W-2042"))

    (row,) = place.desk.rows(
        "account.invoice", ["state", "number", "reference", "party"], ["id", "=", int(pushed.platform_object_id)]
    )
    assert (row["state"], row["reference"], row["party"]) == ("posted", "W-2042", place.customer)
    assert row["number"].isdecimal()


def test_a_tax_that_differs_by_rounding_is_set_to_what_the_invoice_says(
    place: Office, session: PlatformSession
) -> None:
    (line,) = plain_invoice()["lines"]
    # A quarter of 0.10 is 0.025 for each of three lines, and Tryton rounds the whole.
    taxed = {**line, "amount": "0.10", "tax_amount": "0.03", "tax_rate": str(place.sales_tax)}
    instalments = [{"due_date": DUE, "amount": "0.39"}]
    body = plain_invoice(lines=[taxed] * 3, total="0.39", tax="0.09", instalments=instalments)

    pushed = session.push("receivable", new_key(), body)

    (row,) = place.desk.rows(
        "account.invoice", ["tax_amount", "total_amount"], ["id", "=", int(pushed.platform_object_id)]
    )
    assert (row["tax_amount"]["decimal"], row["total_amount"]["decimal"]) == ("0.09", "0.39")


def test_what_tryton_computes_otherwise_is_refused_with_both_figures(place: Office, session: PlatformSession) -> None:
    (line,) = plain_invoice()["lines"]
    taxed = {**line, "tax_amount": "18.00", "tax_rate": str(place.sales_tax)}
    instalments = [{"due_date": DUE, "amount": "98.00"}]

    told = refusal(
        place, session, "receivable", plain_invoice(lines=[taxed], total="98.00", tax="18.00", instalments=instalments)
    )

    assert told == ("Tryton comes to 100.00 with 20.00 tax, the invoice says 98.00 with 18.00 tax; nothing was posted")
    assert drafts(place) == []


@pytest.mark.parametrize(
    ("quantity", "price", "kept"),
    [("4", "20.00", ("4", "20.00")), ("3", "26.666667", ("1", "80.00")), ("2", "45.00", ("1", "80.00"))],
)
def test_quantity_and_price_are_kept_where_they_give_the_amount_exactly(
    session: PlatformSession, quantity: str, price: str, kept: tuple[str, str]
) -> None:
    (line,) = plain_invoice()["lines"]

    pushed = session.push(
        "receivable", new_key(), plain_invoice(lines=[{**line, "quantity": quantity, "price": price}])
    )

    content = pulled(session, "receivable", pushed.platform_object_id).content
    (told,) = content["lines"]
    assert (told["quantity"], told["price"], told["amount"]) == (*kept, "80.00")


def test_a_line_without_an_account_goes_to_the_one_of_sales_or_purchases(
    place: Office, session: PlatformSession
) -> None:
    for object_type, account in (("receivable", SALES), ("bill", COSTS)):
        key = new_key()
        body = plain_invoice(counterparty=str(place.vendor if object_type == "bill" else place.customer), number=key)

        pushed = session.push(object_type, key, body)

        lines = place.desk.rows("account.invoice.line", ["account"], ["invoice", "=", int(pushed.platform_object_id)])
        assert [line["account"] for line in lines] == [place.accounts[account]]


def test_whom_an_invoice_names_is_found_by_number_then_by_name_and_else_made(
    place: Office, session: PlatformSession
) -> None:
    number = f"NO{next(_numbers):09}MVA"
    known = place.desk.make(
        "party.party", name="Numbered", addresses=[["create", [{}]]], identifiers=[["create", [{"code": number}]]]
    )

    def party_of(**told: Any) -> int:
        pushed = session.push("receivable", new_key(), plain_invoice(**told))
        (row,) = place.desk.rows("account.invoice", ["party"], ["id", "=", int(pushed.platform_object_id)])
        return int(row["party"])

    assert party_of(counterparty_name="Another name", counterparty_tax_number=number) == known
    assert party_of(counterparty_name="Numbered", counterparty_tax_number="NO999") == known
    made = party_of(counterparty_name="Ny kunde", counterparty_tax_number="NO998")
    assert made not in (known, place.customer)
    assert party_of(counterparty_name="Somebody", counterparty_tax_number="NO998") == made


def test_one_name_of_several_parties_is_somebodys_decision(place: Office, session: PlatformSession) -> None:
    twins = [place.desk.make("party.party", name="Twin", addresses=[["create", [{}]]]) for _ in range(2)]

    told = refusal(place, session, "receivable", plain_invoice(counterparty_name="Twin"))

    assert told == f'Tryton has several parties with "Twin" ({twins[0]}, {twins[1]}); say which one it is'


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"counterparty": "424242"}, "no party 424242 any more"),
        ({"counterparty_name": ""}, "names nobody"),
        ({"currency": "XTS"}, "no currency XTS"),
        ({"lines": []}, "has no lines"),
        ({"issue_date": "05.10.2026"}, "no day like"),
        ({"total": "eighty"}, "no amount like"),
        ({"instalments": [{"due_date": DUE, "amount": "79.00"}]}, "instalments come to 79.00"),
        ({"issue_date": "2031-10-05"}, "2031"),
    ],
)
def test_an_invoice_that_cannot_be_kept_is_refused_with_the_reason(
    place: Office, session: PlatformSession, others: dict[str, Any], words: str
) -> None:
    told = refusal(place, session, "receivable", plain_invoice(**others))

    assert words in told
    assert drafts(place) == []


def test_an_account_that_is_not_there_or_there_twice_is_refused(place: Office, session: PlatformSession) -> None:
    (line,) = plain_invoice()["lines"]
    (kind,) = place.desk.ids("account.account.type", ["name", "=", SALES])
    twice = [
        place.desk.make("account.account", name="Twice", code="3999", company=place.company_id, type=kind)
        for _ in range(2)
    ]

    missing = refusal(place, session, "receivable", plain_invoice(lines=[{**line, "account": "8888"}]))
    several = refusal(place, session, "receivable", plain_invoice(lines=[{**line, "account": "3999"}]))

    assert missing == "Tryton has no account 8888 that can be posted to"
    assert several == "Tryton has several accounts 3999: give each its own code"
    place.desk.call("model.account.account.delete", twice)


def test_a_bill_with_the_number_of_another_is_left_to_somebody(place: Office, session: PlatformSession) -> None:
    body = plain_invoice(counterparty=str(place.vendor), counterparty_name="Papir & Penn", number="SAME-1")
    session.push("bill", new_key(), body)

    told = refusal(place, session, "bill", body)

    assert told.startswith("Tryton warns: ")
    assert drafts(place) == []


def test_instalments_fall_due_as_told_and_the_same_split_uses_one_payment_term(
    place: Office, session: PlatformSession
) -> None:
    parts = [("2026-10-01", "10.00"), ("2026-11-05", "30.00"), ("2027-01-31", "40.00")]
    instalments = [{"due_date": due, "amount": amount} for due, amount in parts]
    before = set(place.desk.ids("account.invoice.payment_term"))

    for _ in range(2):
        pushed = session.push("receivable", new_key(), plain_invoice(instalments=instalments))

    content = pulled(session, "receivable", pushed.platform_object_id).content
    assert content["instalments"] == instalments
    assert len(set(place.desk.ids("account.invoice.payment_term")) - before) == 1


def test_a_credit_note_is_posted_and_what_is_given_back_pays_it(place: Office, session: PlatformSession) -> None:
    (line,) = plain_invoice()["lines"]
    instalments = [{"due_date": DUE, "amount": "-20.00"}]
    body = plain_invoice(lines=[{**line, "amount": "-20.00"}], total="-20.00", instalments=instalments)
    credited = session.push("receivable", new_key(), body).platform_object_id
    place_before = bank_balance(place)

    session.push("payment_record", new_key(), payment(credited, "-20.00"))

    assert state(place, credited) == "paid"
    assert bank_balance(place) - place_before == -2000


def test_a_customer_is_made_with_number_and_address_for_mail(place: Office, session: PlatformSession) -> None:
    key = new_key()

    pushed = session.push("customer", key, {"name": "Ann\tBerg", "tax_number": "NO1", "email": "ann@berg.example"})

    as_customer, as_vendor = (
        pulled(session, object_type, pushed.platform_object_id) for object_type in ("customer", "vendor")
    )
    assert as_customer.content == {"name": "Ann Berg", "tax_number": "NO1", "email": "ann@berg.example"}
    assert (as_customer.key, as_vendor.key) == (key, "")

"""What is put into the books of a company in Tryton, and what is not."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import pytest

from tests.conformance.platforms import pulled_all
from tests.platforms.tryton.given import body_of
from tests.platforms.tryton.office import (
    BANK,
    CLEARING,
    COSTS,
    RECEIVABLE,
    SALES,
    Office,
    entry,
    invoice,
    office,
)
from tieout.contracts.platform import PlatformFault, PlatformSession
from tieout.platforms import tryton

pytestmark = pytest.mark.slow

_numbers = count(1)


@pytest.fixture(scope="module")
def place() -> Office:
    """The company."""
    return office()


@pytest.fixture
def session(place: Office) -> Iterator[PlatformSession]:
    """A session with it."""
    with tryton.opened(place.settings, place.secrets) as opened:
        yield opened


def new_key() -> str:
    """A key that nothing was made under."""
    return f"tieout-pushing-{next(_numbers)}"


def plain_invoice(**others: Any) -> dict[str, Any]:
    """A receivable of one line over 80.00 without tax, to the customer."""
    line = {"description": "Work", "quantity": None, "price": None, "amount": "80.00", "tax_amount": "0.00"}
    return {
        "number": "W-1",
        "counterparty": None,
        "counterparty_name": "Nordlys Kafé",
        "counterparty_tax_number": None,
        "currency": "NOK",
        "issue_date": "2026-10-05",
        "instalments": [{"due_date": "2026-11-04", "amount": "80.00"}],
        "total": "80.00",
        "tax": "0.00",
        "lines": [{**line, "tax_rate": None, "account": None}],
        **others,
    }


def payment(invoice_id: str | int, amount: str, **others: Any) -> dict[str, Any]:
    """A payment of an invoice through the bank."""
    told = {"invoice": str(invoice_id), "date": "2026-10-20", "amount": amount, "currency": "NOK"}
    return {**told, "account": BANK, "reference": "R", **others}


def match(ledger: list[int], *amounts: str, **others: Any) -> dict[str, Any]:
    """Bank lines of these amounts matched with these journal lines."""
    lines = [
        {"date": f"2026-10-{20 + at}", "amount": amount, "reference": f"B{at}", "description": "Paid"}
        for at, amount in enumerate(amounts)
    ]
    told = {"date": "2026-10-29", "bank_account": BANK, "amount": "", "reference": "match"}
    return {**told, "statement": lines, "ledger": [str(line) for line in ledger], **others}


def refusal(session: PlatformSession, object_type: str, body: Mapping[str, Any]) -> str:
    """In which words a push is refused that leaves nothing behind."""
    key = new_key()
    before = session.spans("journal_line")
    with pytest.raises(PlatformFault) as fault:
        session.push(object_type, key, body)
    assert fault.value.kind == "refused"
    assert session.find(object_type, key) is None
    assert session.spans("journal_line") == before
    return fault.value.message


def owed_line(place: Office, invoice_id: int) -> int:
    """The journal line of what a customer owes for an invoice."""
    (row,) = place.desk.rows("account.invoice", ["move"], ["id", "=", invoice_id])
    account = place.accounts[RECEIVABLE]
    return place.desk.ids("account.move.line", ["move", "=", row["move"]], ["account", "=", account])[0]


def state(place: Office, invoice_id: int | str) -> str:
    """What Tryton says of an invoice."""
    return str(place.desk.rows("account.invoice", ["state"], ["id", "=", int(invoice_id)])[0]["state"])


def drafts(place: Office) -> list[int]:
    """Statements and invoices that somebody began."""
    return [
        *place.desk.ids("account.invoice", ["state", "in", ["draft", "validated"]], ["lines.note", "like", "tieout %"]),
        *place.desk.ids("account.statement", ["state", "!=", "posted"]),
    ]


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
    instalments = [{"due_date": "2026-11-04", "amount": "0.39"}]
    body = plain_invoice(lines=[taxed] * 3, total="0.39", tax="0.09", instalments=instalments)

    pushed = session.push("receivable", new_key(), body)

    (row,) = place.desk.rows(
        "account.invoice", ["tax_amount", "total_amount"], ["id", "=", int(pushed.platform_object_id)]
    )
    assert (row["tax_amount"]["decimal"], row["total_amount"]["decimal"]) == ("0.09", "0.39")


def test_what_tryton_computes_otherwise_is_refused_with_both_figures(place: Office, session: PlatformSession) -> None:
    (line,) = plain_invoice()["lines"]
    taxed = {**line, "tax_amount": "18.00", "tax_rate": str(place.sales_tax)}
    instalments = [{"due_date": "2026-11-04", "amount": "98.00"}]

    told = refusal(
        session, "receivable", plain_invoice(lines=[taxed], total="98.00", tax="18.00", instalments=instalments)
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

    (content,) = [
        each.content
        for each in pulled_all(session, "receivable")[0]
        if each.platform_object_id == pushed.platform_object_id
    ]
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

    told = refusal(session, "receivable", plain_invoice(counterparty_name="Twin"))

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
        ({"instalments": [{"due_date": "2026-11-04", "amount": "79.00"}]}, "instalments come to 79.00"),
        ({"issue_date": "2031-10-05"}, "2031"),
    ],
)
def test_an_invoice_that_cannot_be_kept_is_refused_with_the_reason(
    place: Office, session: PlatformSession, others: dict[str, Any], words: str
) -> None:
    told = refusal(session, "receivable", plain_invoice(**others))

    assert words in told
    assert drafts(place) == []


def test_an_account_that_is_not_there_or_there_twice_is_refused(place: Office, session: PlatformSession) -> None:
    (line,) = plain_invoice()["lines"]
    (kind,) = place.desk.ids("account.account.type", ["name", "=", SALES])
    twice = [
        place.desk.make("account.account", name="Twice", code="3999", company=place.company_id, type=kind)
        for _ in range(2)
    ]

    missing = refusal(session, "receivable", plain_invoice(lines=[{**line, "account": "8888"}]))
    several = refusal(session, "receivable", plain_invoice(lines=[{**line, "account": "3999"}]))

    assert missing == "Tryton has no account 8888 that can be posted to"
    assert several == "Tryton has several accounts 3999: give each its own code"
    place.desk.call("model.account.account.delete", twice)


def test_a_bill_with_the_number_of_another_is_left_to_somebody(place: Office, session: PlatformSession) -> None:
    body = plain_invoice(counterparty=str(place.vendor), counterparty_name="Papir & Penn", number="SAME-1")
    session.push("bill", new_key(), body)

    told = refusal(session, "bill", body)

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

    (content,) = [
        each.content
        for each in pulled_all(session, "receivable")[0]
        if each.platform_object_id == pushed.platform_object_id
    ]
    assert content["instalments"] == instalments
    assert len(set(place.desk.ids("account.invoice.payment_term")) - before) == 1


def test_a_credit_note_is_posted_and_what_is_given_back_pays_it(place: Office, session: PlatformSession) -> None:
    (line,) = plain_invoice()["lines"]
    instalments = [{"due_date": "2026-11-04", "amount": "-20.00"}]
    body = plain_invoice(lines=[{**line, "amount": "-20.00"}], total="-20.00", instalments=instalments)
    credited = session.push("receivable", new_key(), body).platform_object_id
    place_before = _bank_balance(place)

    session.push("payment_record", new_key(), payment(credited, "-20.00"))

    assert state(place, credited) == "paid"
    assert _bank_balance(place) - place_before == -2000


def test_payments_in_parts_pay_an_invoice_when_they_come_to_the_whole(place: Office, session: PlatformSession) -> None:
    owed = invoice(place, "out", "2026-10-05", "60.00", "")
    before = _bank_balance(place)

    session.push("payment_record", new_key(), payment(owed, "25.00"))
    part_paid = state(place, owed)
    session.push("payment_record", new_key(), payment(owed, "35.00"))

    assert (part_paid, state(place, owed)) == ("posted", "paid")
    assert _bank_balance(place) - before == 6000


def test_a_bill_is_paid_out_of_the_bank(place: Office, session: PlatformSession) -> None:
    owing = invoice(place, "in", "2026-10-05", "45.00", new_key())
    before = _bank_balance(place)

    session.push("payment_record", new_key(), payment(owing, "45.00"))

    assert state(place, owing) == "paid"
    assert _bank_balance(place) - before == -4500


def test_a_payment_that_cannot_be_is_refused_with_the_reason(place: Office, session: PlatformSession) -> None:
    owed = invoice(place, "out", "2026-10-05", "60.00", "")
    drafted = invoice(place, "out", "2026-10-05", "61.00", "", posted=False)

    def told(invoice_id: str | int, amount: str = "60.00", **others: Any) -> str:
        return refusal(session, "payment_record", payment(invoice_id, amount, **others))

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
    move = entry(place, "2026-10-20", BANK, SALES, "88.00", "Sale")
    (line,) = place.desk.ids("account.move.line", ["move", "=", move], ["account", "=", place.accounts[BANK]])
    before = _bank_balance(place)

    pushed = session.push("match", new_key(), match([line], "80.00", "8.00"))

    (row,) = place.desk.rows("account.move.line", ["reconciliation"], ["id", "=", line])
    assert row["reconciliation"]
    assert _bank_balance(place) == before
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
        return refusal(session, "match", match(*asked, **others))

    assert "the bank's lines come to 49.00, the matched lines in Tryton to 50.00" in told([owed], "49.00")
    assert 'lines of account 1940 cannot be reconciled in Tryton: mark the account "Reconcile"' in told(
        [cleared], "50.00"
    )
    assert "no posted journal line 99999 any more" in told([99999], "50.00")
    assert "no statement journal for account 1940" in told([owed], "50.00", bank_account=CLEARING)
    session.push("match", new_key(), match([owed], "50.00"))
    assert "reconciled" in told([owed], "50.00")
    assert drafts(place) == []


def test_a_customer_is_made_with_number_and_address_for_mail(place: Office, session: PlatformSession) -> None:
    key = new_key()

    pushed = session.push("customer", key, {"name": "Ann\tBerg", "tax_number": "NO1", "email": "ann@berg.example"})

    as_customer, as_vendor = (
        next(
            each for each in pulled_all(session, object_type)[0] if each.platform_object_id == pushed.platform_object_id
        )
        for object_type in ("customer", "vendor")
    )
    assert as_customer.content == {"name": "Ann Berg", "tax_number": "NO1", "email": "ann@berg.example"}
    assert (as_customer.key, as_vendor.key) == (key, "")


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


@pytest.mark.parametrize("validation", ["amount", "number_of_lines"])
def test_a_statement_proves_itself_as_its_journal_asks(
    place: Office, session: PlatformSession, validation: str
) -> None:
    (journal,) = place.desk.ids("account.statement.journal", ["account", "=", place.accounts[BANK]])
    place.desk.change("account.statement.journal", journal, validation=validation)
    owed = owed_line(place, invoice(place, "out", "2026-10-05", "50.00", ""))

    try:
        pushed = session.push("match", new_key(), match([owed], "20.00", "20.00", "10.00"))
    finally:
        place.desk.change("account.statement.journal", journal, validation="balance")

    (row,) = place.desk.rows("account.statement", ["state"], ["id", "=", int(pushed.platform_object_id)])
    assert row["state"] == "posted"


def test_the_balance_of_one_statement_begins_where_the_last_ended(place: Office, session: PlatformSession) -> None:
    for _ in range(2):
        owed = invoice(place, "out", "2026-10-05", "10.00", "")
        session.push("payment_record", new_key(), payment(owed, "10.00", date="2026-12-01"))

    fields = ["start_balance", "end_balance"]
    *_, before, last = place.desk.rows("account.statement", fields, ["date", "=", _day("2026-12-01")])
    assert last["start_balance"] == before["end_balance"]
    assert last["end_balance"] != before["end_balance"]


def _bank_balance(place: Office) -> int:
    lines = place.desk.rows("account.move.line", ["debit", "credit"], ["account", "=", place.accounts[BANK]])
    return sum(_cents(line["debit"]) - _cents(line["credit"]) for line in lines)


def _cents(amount: Mapping[str, Any]) -> int:
    whole, _, cents = amount["decimal"].partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])


def _day(text: str) -> Mapping[str, Any]:
    year, month, day = (int(part) for part in text.split("-"))
    return {"__class__": "date", "year": year, "month": month, "day": day}

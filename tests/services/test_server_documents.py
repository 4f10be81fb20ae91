"""A document is received once and whole: bytes kept, lines placed, balances proved or flagged."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.given_documents import (
    FIRST_OF_MAY,
    became,
    csv_bytes,
    done,
    given_account,
    lines_of,
    mt940_bytes,
    received,
    refused,
    told,
)
from tests.given_files import ACCOUNT, Entry, Row
from tests.given_store import given_office
from tieout.domain.kinds import Side
from tieout.services.accounts import accounts
from tieout.services.context import Context, Denied
from tieout.services.intake import document, document_bytes, documents, receive_document, statements
from tieout.services.lines import Condition
from tieout.services.period_locks import lock_period

COFFEE = Entry("2026-05-04", "-45.00", "COFFEE")
RENT = Entry("2026-05-05", "-1200.00", "RENT MAY")
MAY = mt940_bytes(("5000.00", "2026-05-01"), ("3755.00", "2026-05-31"), COFFEE, RENT)


def test_a_bank_file_becomes_a_document_its_statement_and_its_lines(context: Context) -> None:
    office = given_office(context)

    document = received(context, office, MAY)

    (statement,) = done(statements(context, office.reader, office.entity_id))
    lines = lines_of(context, office)
    assert (document.state, document.format, document.size) == ("read", "mt940", len(MAY))
    assert (statement.opening_minor_units, statement.closing_minor_units, statement.holds) == (500_000, 375_500, True)
    assert told(lines) == ["4 -4500 COFFEE", "5 -120000 RENT MAY"]
    assert {(line.document_id, line.statement_id, line.origin) for line in lines} == {
        (document.id, statement.id, "document")
    }
    assert [line.place for line in lines] == ["5:1", "7:1"]


def test_the_bytes_of_a_document_are_given_back_as_they_came(context: Context) -> None:
    office = given_office(context)

    document = received(context, office, MAY)

    assert done(document_bytes(context, office.reader, office.entity_id, document.id)) == MAY


def test_the_account_of_a_bank_file_is_opened_under_its_number(context: Context) -> None:
    office = given_office(context)

    received(context, office, MAY)

    (account,) = done(accounts(context, office.reader, office.entity_id))
    assert (account.name, account.number, account.currency, account.kind) == (ACCOUNT, ACCOUNT, "NOK", "bank")


def test_the_account_of_a_bank_file_is_found_by_its_number_however_it_is_spaced(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office, "NO93 8601 1117 947")

    received(context, office, MAY)

    assert {line.account_id for line in lines_of(context, office)} == {account_id}


def test_a_file_of_another_account_than_it_is_uploaded_for_is_refused(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office, "NO1234567890123")

    answer = receive_document(context, office.preparer, office.entity_id, "may.sta", MAY, account_id=account_id)

    assert refused(answer) == [("account_mismatch", "account_id")]
    assert lines_of(context, office) == []
    assert done(documents(context, office.reader, office.entity_id)) == []


def test_a_file_in_another_currency_than_its_account_is_refused(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office, currency="EUR")

    answer = receive_document(context, office.preparer, office.entity_id, "may.sta", MAY, account_id=account_id)

    assert refused(answer) == [("currency_differs", "account_id")]


def test_an_account_without_a_number_takes_whatever_file_it_is_given(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office, number="")

    received(context, office, MAY, account_id=account_id)

    assert {line.account_id for line in lines_of(context, office)} == {account_id}


def test_a_broken_balance_is_flagged_on_the_statement_with_its_signed_gap(context: Context) -> None:
    office = given_office(context)

    received(context, office, mt940_bytes(("100.00", "2026-05-01"), ("60.00", "2026-05-31"), COFFEE))

    (statement,) = done(statements(context, office.reader, office.entity_id))
    assert (statement.holds, statement.gap_minor_units) == (False, 500)


def test_a_file_that_cannot_be_read_is_refused_with_the_place_and_leaves_nothing(context: Context) -> None:
    office = given_office(context)
    content = csv_bytes([Row("S1", "12.00", 4, account=ACCOUNT), Row("S2", "12,00", 4, account=ACCOUNT)])

    answer = receive_document(context, office.preparer, office.entity_id, "folder/may.csv", content)

    assert [code for code, _ in refused(answer)] == ["not_read"]
    assert refused(answer)[0][1].startswith("may.csv:3:")
    assert done(documents(context, office.reader, office.entity_id)) == []
    assert done(accounts(context, office.reader, office.entity_id)) == []


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"not a bank file at all\n", b"PK\x03\x04"])
def test_bytes_that_no_format_knows_are_refused(context: Context, content: bytes) -> None:
    office = given_office(context)

    answer = receive_document(context, office.preparer, office.entity_id, "may.sta", content)

    assert {code for code, _ in refused(answer)} == {"not_read"}


@pytest.mark.parametrize("side", ["statement", "ledger"])
def test_a_file_with_a_header_alone_is_a_document_without_lines(context: Context, side: Side) -> None:
    office = given_office(context)

    document = received(context, office, csv_bytes([]), "may.csv", side=side)

    assert (document.state, became(document)) == ("read", (0, 0, 0))


def test_a_statement_without_entries_keeps_its_balances(context: Context) -> None:
    office = given_office(context)

    document = received(context, office, mt940_bytes(("7.00", "2026-05-01"), ("7.00", "2026-05-31")))

    (statement,) = done(statements(context, office.reader, office.entity_id, document_id=document.id))
    assert (statement.lines, statement.holds, statement.closing_minor_units) == (0, True, 7_00)


def test_a_statement_that_names_no_currency_is_of_the_account_with_its_number(context: Context) -> None:
    office = given_office(context)
    content = mt940_bytes(None, None, COFFEE)

    unknown = receive_document(context, office.preparer, office.entity_id, "may.sta", content)
    account_id = given_account(context, office)
    received(context, office, content)

    (line,) = lines_of(context, office)
    assert refused(unknown) == [("required", "currency")]
    assert (line.account_id, line.currency) == (account_id, "NOK")


def test_an_archive_is_refused_with_what_to_do(context: Context) -> None:
    office = given_office(context)
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("may.sta", MAY)

    answer = receive_document(context, office.preparer, office.entity_id, "may.zip", packed.getvalue())

    assert refused(answer) == [("not_read", "may.zip")]
    assert isinstance(answer, Denied)
    assert "unpack it" in answer.refusals[0].fact("message")


def test_the_answer_of_a_document_says_what_check_says(context: Context) -> None:
    office = given_office(context)

    document = received(context, office, MAY)

    answer = json.loads(document.answer)
    assert answer["format"] == "mt940"
    assert answer["statements"][0]["closing"] == "3755.00"
    assert answer["statements"][0]["proof"]["holds"] is True
    assert answer["lines"] == {"new": 2, "known": 0, "taken_over": 0}


def test_a_statement_line_in_a_locked_period_is_evidence_and_taken_in(context: Context) -> None:
    office = given_office(context)
    done(lock_period(context, office.approver, office.entity_id, 0, FIRST_OF_MAY + 30, enabled=True))

    document = received(context, office, MAY)

    assert became(document) == (2, 0, 0)


def test_a_ledger_line_in_a_locked_period_refuses_its_document_with_its_place(context: Context) -> None:
    office = given_office(context)
    done(lock_period(context, office.approver, office.entity_id, 0, FIRST_OF_MAY + 3, enabled=True))
    content = csv_bytes([Row("L1", "10.00", 5), Row("L2", "10.00", 4)])

    answer = receive_document(context, office.preparer, office.entity_id, "may.csv", content, side="ledger")

    assert refused(answer) == [("period_locked", "may.csv:3:1")]
    assert lines_of(context, office) == []


def test_lines_of_the_books_come_with_their_accounts_and_what_they_settle(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    content = csv_bytes(
        [
            Row("I1", "40.00", 2, reference="INV1"),
            Row("P1", "40.00", 4, kind="customer_payment", settles="I1", account=ACCOUNT),
        ]
    )

    document = received(context, office, content, "books.csv", side="ledger")

    invoice, payment = lines_of(context, office)
    assert (invoice.account_id, invoice.side, invoice.native_id, invoice.statement_id) == (0, "ledger", "I1", None)
    assert (payment.account_id, payment.settles) == (account_id, str(invoice.id))
    assert became(document) == (2, 0, 0)


def test_what_a_book_entry_settles_is_found_among_earlier_lines_of_the_books(context: Context) -> None:
    office = given_office(context)
    received(context, office, csv_bytes([Row("I1", "40.00", 2)]), "one.csv", side="ledger")

    received(
        context,
        office,
        csv_bytes([Row("P1", "40.00", 4, kind="customer_payment", settles="I1 I9", account=ACCOUNT)]),
        "two.csv",
        side="ledger",
    )

    invoice, payment = lines_of(context, office)
    assert payment.settles == str(invoice.id)


def test_a_bank_file_is_no_document_of_the_books(context: Context) -> None:
    office = given_office(context)

    answer = receive_document(context, office.preparer, office.entity_id, "may.sta", MAY, side="ledger")

    assert refused(answer) == [("not_read", "may.sta")]


def test_a_canonical_statement_without_account_asks_which_account_it_is_of(context: Context) -> None:
    office = given_office(context)
    content = csv_bytes([Row("S1", "10.00", 4)])

    answer = receive_document(context, office.preparer, office.entity_id, "may.csv", content)

    assert refused(answer) == [("required", "account_id")]


def test_further_columns_of_a_file_stay_with_its_lines(context: Context) -> None:
    office = given_office(context)
    content = b"id,account,amount,currency,booking_date,project\nS1,A,1.00,NOK,2026-05-04,bridge\n"

    received(context, office, content, "may.csv")

    (line,) = lines_of(context, office)
    assert json.loads(line.extra) == {"document": {"column:project": "bridge"}}


def test_many_lines_go_in_as_columns_with_every_text_and_place(context: Context) -> None:
    office = given_office(context)
    rows = [Row(f"S{n}", f"{n}.50", n % 28 + 1, f"R{n}", "Ola\\Nord", account=ACCOUNT) for n in range(1, 2_502)]

    document = received(context, office, csv_bytes(rows), "may.csv")

    lines = sorted(lines_of(context, office, Condition("side", "=", "statement")), key=lambda line: line.id)
    assert became(document) == (2_501, 0, 0)
    assert [line.native_id for line in lines] == [row.id for row in rows]
    assert [line.minor_units for line in lines] == [n * 100 + 50 for n in range(1, 2_502)]
    assert {line.counterparty for line in lines} == {"Ola\\Nord"}
    assert lines[-1].place == "2502:1"


def test_a_document_of_another_entity_is_as_unknown_as_none(context: Context) -> None:
    office = given_office(context)
    mine = received(context, office, MAY)

    theirs = document(context, office.stranger, office.stranger_entity.id, mine.id)
    unseen = document(context, office.stranger, office.entity_id, mine.id)

    assert refused(theirs) == [("not_found", "document")]
    assert refused(unseen) == [("not_found", "entity")]


def test_a_reader_takes_no_document_in(context: Context) -> None:
    office = given_office(context)

    answer = receive_document(context, office.reader, office.entity_id, "may.sta", MAY)

    assert refused(answer) == [("not_permitted", "prepare")]

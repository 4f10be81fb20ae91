"""The same file twice is once, overlaps are united, equal rows stay as many, and what was typed in is taken over."""

import json
from collections import Counter
from itertools import accumulate

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from tests.given_store import Office, given_context, given_office
from tieout.domain.lines import Line, Origin
from tieout.services.context import Context
from tieout.services.intake import documents, receive_document
from tieout.services.lines import LineRequest, delete_lines, edit_line, enter_lines
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, match
from tieout.store.sql.store import SqlStore

COFFEE = Entry("2026-05-04", "-45.00", "COFFEE")
RENT = Entry("2026-05-05", "-1200.00", "RENT MAY")
SALE = Entry("2026-05-06", "300.00", "SALE")


def of_may(*entries: Entry) -> bytes:
    """A download of May with these entries, whose balances follow no other download."""
    closing = 1_000_000 + sum(_minor_units(entry.amount) for entry in entries)
    return mt940_bytes(("10000.00", "2026-05-01"), (_amount(closing), "2026-05-31"), *entries)


def test_the_same_bytes_are_the_first_document_and_bring_nothing(context: Context) -> None:
    office = given_office(context)
    first = received(context, office, of_may(COFFEE, COFFEE))

    again = received(context, office, of_may(COFFEE, COFFEE), name="other.sta")

    assert again == first
    assert told(lines_of(context, office)) == ["4 -4500 COFFEE", "4 -4500 COFFEE"]


def test_the_same_bytes_for_another_account_are_refused_with_the_document_that_has_them(context: Context) -> None:
    office = given_office(context)
    content = of_may(COFFEE)
    one, other = given_account(context, office, number=""), given_account(context, office, number="")
    first = received(context, office, content, account_id=one)

    answer = receive_document(context, office.preparer, office.entity_id, "b.sta", content, account_id=other)

    assert refused(answer) == [("document_exists", "document")]
    assert not isinstance(answer, type(first))
    assert done(documents(context, office.reader, office.entity_id)) == [first]


def test_files_that_overlap_are_united(context: Context) -> None:
    office = given_office(context)
    received(context, office, of_may(COFFEE, RENT))

    document = received(context, office, of_may(RENT, SALE))

    assert became(document) == (1, 1, 0)
    assert told(lines_of(context, office)) == ["4 -4500 COFFEE", "5 -120000 RENT MAY", "6 30000 SALE"]


def test_two_equal_coffees_stay_two_and_a_file_that_shows_one_of_them_adds_none(context: Context) -> None:
    office = given_office(context)
    received(context, office, of_may(COFFEE, COFFEE))

    document = received(context, office, of_may(COFFEE, SALE))

    assert became(document) == (1, 1, 0)
    assert told(lines_of(context, office)) == ["4 -4500 COFFEE", "4 -4500 COFFEE", "6 30000 SALE"]


def test_a_file_that_shows_the_coffee_more_often_adds_what_is_missing(context: Context) -> None:
    office = given_office(context)
    received(context, office, of_may(COFFEE))

    document = received(context, office, of_may(COFFEE, COFFEE, COFFEE))

    assert became(document) == (2, 1, 0)


def test_a_statement_that_follows_another_by_its_balance_adds_to_it_on_the_day_they_share(context: Context) -> None:
    office = given_office(context)
    received(context, office, mt940_bytes(("100.00", "2026-05-01"), ("55.00", "2026-05-04"), COFFEE))

    document = received(context, office, mt940_bytes(("55.00", "2026-05-04"), ("10.00", "2026-05-05"), COFFEE))

    assert became(document) == (1, 0, 0)
    assert told(lines_of(context, office)) == ["4 -4500 COFFEE", "4 -4500 COFFEE"]


def test_a_second_download_of_the_end_of_a_chain_adds_nothing(context: Context) -> None:
    office = given_office(context)
    received(context, office, mt940_bytes(("100.00", "2026-05-01"), ("55.00", "2026-05-04"), COFFEE))
    received(context, office, mt940_bytes(("55.00", "2026-05-04"), ("355.00", "2026-05-06"), SALE))

    whole = received(context, office, mt940_bytes(("100.00", "2026-05-01"), ("355.00", "2026-05-06"), COFFEE, SALE))

    assert became(whole) == (0, 2, 0)


def test_a_line_of_the_books_that_was_edited_or_deleted_is_not_brought_back_by_an_overlap(context: Context) -> None:
    office = given_office(context)
    first = [Row("I1", "40.00", 2), Row("I2", "50.00", 3)]
    received(context, office, csv_bytes(first), "one.csv", side="ledger")
    edited, deleted = lines_of(context, office)
    done(edit_line(context, office.preparer, office.entity_id, edited.id, {"description": "March"}))
    done(delete_lines(context, office.preparer, office.entity_id, [deleted.id]))

    document = received(context, office, csv_bytes([*first, Row("I3", "60.00", 4)]), "two.csv", side="ledger")

    assert became(document) == (1, 2, 0)
    assert told(lines_of(context, office)) == ["2 4000 March", "4 6000"]


def entered(context: Context, office: Office, account_id: int, *texts: str, minor_units: int = -45_00) -> list[Line]:
    """Bank lines of 4 May that somebody typed in."""
    requests = [
        LineRequest(
            side="statement",
            kind="",
            account_id=account_id,
            currency="NOK",
            minor_units=minor_units,
            booking_day=FIRST_OF_MAY + 3,
            description=text,
        )
        for text in texts
    ]
    return done(enter_lines(context, office.preparer, office.entity_id, requests))


def test_an_entered_line_that_the_bank_tells_is_taken_over_under_its_own_id(context: Context) -> None:
    office = given_office(context)
    (typed,) = entered(context, office, given_account(context, office), "coffee")

    document = received(context, office, of_may(COFFEE))

    (line,) = lines_of(context, office)
    assert became(document) == (0, 0, 1)
    assert (line.id, line.version, line.origin, line.document_id) == (typed.id, 2, Origin.DOCUMENT, document.id)
    assert (line.description, line.place) == ("COFFEE", "5:1")
    assert line.statement_id is not None


def test_of_two_equal_entered_lines_one_document_line_takes_one_over(context: Context) -> None:
    office = given_office(context)
    first, second = entered(context, office, given_account(context, office), "coffee", "coffee")

    document = received(context, office, of_may(COFFEE))

    assert became(document) == (0, 0, 1)
    assert [(line.id, line.origin) for line in lines_of(context, office)] == [
        (first.id, "document"),
        (second.id, "entered"),
    ]


def test_of_one_entered_line_and_two_document_lines_one_is_new(context: Context) -> None:
    office = given_office(context)
    (typed,) = entered(context, office, given_account(context, office), "")

    document = received(context, office, of_may(COFFEE, COFFEE))

    assert became(document) == (1, 0, 1)
    assert [line.origin for line in lines_of(context, office)] == ["document", "document"]
    assert typed.id in {line.id for line in lines_of(context, office)}


def test_an_entered_line_with_other_words_or_another_amount_stays_what_it_is(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    entered(context, office, account_id, "taxi")
    entered(context, office, account_id, "coffee", minor_units=-45_01)

    document = received(context, office, of_may(COFFEE))

    assert became(document) == (1, 0, 0)
    assert Counter(line.origin for line in lines_of(context, office)) == {"entered": 2, "document": 1}


def test_the_entered_line_with_the_very_same_words_is_taken_over_before_one_with_fewer(context: Context) -> None:
    office = given_office(context)
    bare, same = entered(context, office, given_account(context, office), "", "COFFEE")

    received(context, office, of_may(COFFEE))

    assert {line.id: line.origin for line in lines_of(context, office)} == {bare.id: "entered", same.id: "document"}


def test_the_matches_of_an_entered_line_stay_when_it_is_taken_over(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    (typed,) = entered(context, office, account_id, "coffee")
    bill = LineRequest(
        side="ledger", kind="payable", account_id=0, currency="NOK", minor_units=-45_00, booking_day=FIRST_OF_MAY
    )
    (payable,) = done(enter_lines(context, office.preparer, office.entity_id, [bill]))
    request = MatchRequest(
        kind="across", allocations=(AllocationRequest(line_id=typed.id), AllocationRequest(line_id=payable.id))
    )
    made = done(make_match(context, office.owner, office.entity_id, request))

    received(context, office, of_may(COFFEE))

    kept = done(match(context, office.reader, office.entity_id, made.record.id))
    assert kept == made
    again = make_match(context, office.owner, office.entity_id, request)
    assert {code for code, _ in refused(again)} == {"line_tied"}


_DAYS = st.integers(0, 5)
_AMOUNTS = st.sampled_from(["-45.00", "300.00", "-1200.00"])
_BANK = st.lists(st.tuples(_DAYS, _AMOUNTS), min_size=1, max_size=12).map(sorted)


@given(bank=_BANK, cuts=st.lists(st.tuples(_DAYS, _DAYS).map(sorted), min_size=1, max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_downloads_of_whole_days_come_in_whatever_order_each_movement_is_kept_once(
    store: SqlStore, bank: list[tuple[int, str]], cuts: list[list[int]]
) -> None:
    context = given_context(store, f"{bank} {cuts}")
    office = given_office(context)

    for first, last in cuts:
        received(context, office, _download(bank, first, last))

    shown = {day for first, last in cuts for day in range(first, last + 1)}
    expected = Counter((FIRST_OF_MAY + day, _minor_units(amount)) for day, amount in bank if day in shown)
    kept = Counter((line.booking_day, line.minor_units) for line in lines_of(context, office))
    assert kept == expected


def _download(bank: list[tuple[int, str]], first: int, last: int) -> bytes:
    """What the bank tells of some days, between the balances before and after them."""
    balances = [1_000_000, *accumulate((_minor_units(amount) for _, amount in bank), initial=1_000_000)][1:]
    before = sum(day < first for day, _ in bank)
    after = sum(day <= last for day, _ in bank)
    entries = [Entry(f"2026-05-{day + 1:02}", amount, "PAYMENT") for day, amount in bank if first <= day <= last]
    opening = (_amount(balances[before]), f"2026-05-{first + 1:02}")
    return mt940_bytes(opening, (_amount(balances[after]), f"2026-05-{last + 1:02}"), *entries)


def _minor_units(amount: str) -> int:
    return int(amount.replace(".", ""))


def _amount(minor_units: int) -> str:
    return f"{minor_units // 100}.{minor_units % 100:02}"


def test_the_counts_of_a_document_are_kept_in_its_answer(context: Context) -> None:
    office = given_office(context)
    received(context, office, csv_bytes([Row("S1", "1.00", 4, account=ACCOUNT)]), "one.csv")

    document = received(
        context, office, csv_bytes([Row("S1", "1.00", 4, account=ACCOUNT), Row("S2", "1.00", 4, account=ACCOUNT)])
    )

    assert json.loads(document.answer)["lines"] == {"new": 1, "known": 1, "taken_over": 0}


def test_of_files_that_overlap_the_new_lines_keep_what_they_say_and_settle(context: Context) -> None:
    office = given_office(context)
    header = "id,account,amount,currency,booking_date,kind,settles,project\n"
    invoice = "I1,,40.00,NOK,2026-05-02,receivable,,bridge\n"
    payment = f"P1,{ACCOUNT},40.00,NOK,2026-05-04,customer_payment,I1,road\n"
    plain = f"P2,{ACCOUNT},1.00,NOK,2026-05-05,bank_entry,,\n"
    received(context, office, (header + invoice).encode(), "one.csv", side="ledger")

    document = received(context, office, (header + plain + invoice + payment).encode(), "two.csv", side="ledger")

    told_first, paid, other = lines_of(context, office)
    assert became(document) == (2, 1, 0)
    assert (paid.native_id, paid.settles, json.loads(paid.extra)) == (
        "P1",
        str(told_first.id),
        {"document": {"column:project": "road"}},
    )
    assert (other.native_id, other.settles, other.extra) == ("P2", "", "")

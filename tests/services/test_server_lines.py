"""Lines are entered, edited, deleted and restored as chains of versions, within the rules."""

from typing import Any

import pytest

from tests.given_documents import (
    FIRST_OF_MAY,
    csv_bytes,
    done,
    given_account,
    lines_of,
    mt940_bytes,
    received,
    refused,
)
from tests.given_files import ACCOUNT, Entry, Row
from tests.given_store import Office, given_office
from tieout.domain.lines import Line
from tieout.services.accounts import change_account
from tieout.services.context import Context, Denied
from tieout.services.lines import (
    Condition,
    Deleted,
    LineRequest,
    count_lines,
    delete_lines,
    edit_line,
    enter_lines,
    enter_transfer,
    find_lines,
    line,
    restore_line,
)
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.period_locks import lock_period


def a_request(account_id: int, minor_units: int = 100, day: int = 4, **more: Any) -> LineRequest:
    """A bank entry in the books, on a day of May."""
    fields: dict[str, Any] = {"side": "ledger", "kind": "bank_entry", "currency": "NOK", **more}
    return LineRequest(account_id=account_id, minor_units=minor_units, booking_day=FIRST_OF_MAY + day - 1, **fields)


def entered(context: Context, office: Office, *requests: LineRequest) -> list[Line]:
    """Lines that somebody typed in."""
    return done(enter_lines(context, office.preparer, office.entity_id, requests))


def test_entered_lines_come_back_as_they_were_given_with_ids_of_their_own(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    request = a_request(account_id, -5, reference="R 1", description="Ærlig", extra='{"kashflow":{"Comment":"x"}}')

    first, second = entered(context, office, request, a_request(account_id))

    found = done(line(context, office.reader, office.entity_id, first.id))
    assert found.line == first
    assert (found.used_minor_units, found.cleared_in, found.left_minor_units) == (0, None, -5)
    assert (first.version, first.origin, first.changed_by, first.reference) == (
        1,
        "entered",
        office.preparer.name,
        "R 1",
    )
    assert second.id > first.id


def test_every_broken_rule_of_every_line_is_told_with_its_place_and_nothing_is_entered(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    requests = [
        a_request(account_id),
        a_request(account_id, side="bank"),
        a_request(account_id, side="statement", kind="receivable", currency="EUR"),
        a_request(0),
        a_request(2**40, currency="NKR"),
        a_request(account_id, 2**63, day=10**7, value_day=-(10**7)),
        a_request(account_id, foreign_currency="ZZZ", rate="0.0", settles="1,2", reference="\0"),
    ]

    answer = enter_lines(context, office.preparer, office.entity_id, requests)

    assert refused(answer) == [
        ("not_allowed", "lines[1].side"),
        ("not_allowed", "lines[2].kind"),
        ("currency_differs", "lines[2].currency"),
        ("required", "lines[3].account_id"),
        ("unknown_currency", "lines[4].currency"),
        ("not_found", "lines[4].account_id"),
        ("amount_out_of_range", "lines[5].minor_units"),
        ("bad_date", "lines[5].booking_day"),
        ("bad_date", "lines[5].value_day"),
        ("unknown_currency", "lines[6].foreign_currency"),
        ("required", "lines[6].foreign_minor_units"),
        ("not_an_amount", "lines[6].rate"),
        ("not_allowed", "lines[6].settles"),
        ("not_allowed", "lines[6].reference"),
    ]
    assert lines_of(context, office) == []


@pytest.mark.parametrize("name", ["parent_id", "transfer_id", "paid_day"])
def test_what_a_line_belongs_to_is_not_said_by_whoever_enters_it(context: Context, name: str) -> None:
    office = given_office(context)
    account_id = given_account(context, office)

    answer = enter_lines(context, office.preparer, office.entity_id, [a_request(account_id, **{name: 1})])

    assert refused(answer) == [("not_allowed", f"lines[0].{name}")]


def test_an_open_item_needs_no_account_and_may_be_in_any_currency(context: Context) -> None:
    office = given_office(context)

    (payable,) = entered(context, office, a_request(0, kind="payable", currency="JPY"))

    assert (payable.account_id, payable.currency) == (0, "JPY")


def test_an_archived_account_takes_no_lines(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    done(change_account(context, office.preparer, office.entity_id, account_id, {"archived": True}))

    answer = enter_lines(context, office.preparer, office.entity_id, [a_request(account_id)])

    assert refused(answer) == [("account_archived", "lines[0].account_id")]


def test_nothing_is_entered_edited_or_deleted_up_to_the_locked_day(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    locked, free = entered(context, office, a_request(account_id, day=4), a_request(account_id, day=5))
    done(lock_period(context, office.approver, office.entity_id, account_id, FIRST_OF_MAY + 3, enabled=True))

    entering = enter_lines(context, office.preparer, office.entity_id, [a_request(account_id, day=4)])
    from_locked = edit_line(context, office.preparer, office.entity_id, locked.id, {"booking_day": FIRST_OF_MAY + 9})
    into_locked = edit_line(context, office.preparer, office.entity_id, free.id, {"booking_day": FIRST_OF_MAY})
    deleting = delete_lines(context, office.preparer, office.entity_id, [locked.id, free.id])

    assert refused(entering) == [("period_locked", "lines[0].booking_day")]
    assert refused(from_locked) == [("period_locked", "booking_day")]
    assert refused(into_locked) == [("period_locked", "booking_day")]
    assert refused(deleting) == [("period_locked", "lines[0]")]
    assert isinstance(entering, Denied)
    assert entering.refusals[0].fact("through") == "2026-05-04"


def test_an_edit_is_a_new_version_and_the_old_one_stays(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    (first,) = entered(context, office, a_request(account_id))

    edited = done(edit_line(context, office.preparer, office.entity_id, first.id, {"minor_units": 7, "reference": "R"}))

    assert (edited.id, edited.version, edited.minor_units, edited.reference) == (first.id, 2, 7, "R")
    assert lines_of(context, office) == [edited]
    with context.store.reading() as view:
        assert view.all(Line, entity_id=office.entity_id, id=first.id) == [first, edited]


def test_an_edit_that_changes_nothing_appends_nothing(context: Context) -> None:
    office = given_office(context)
    (first,) = entered(context, office, a_request(given_account(context, office)))

    assert edit_line(context, office.preparer, office.entity_id, first.id, {"minor_units": 100}) == first


@pytest.mark.parametrize("name", ["id", "side", "origin", "version", "paid_day", "parent_id", "document_id"])
def test_what_a_line_is_cannot_be_edited(context: Context, name: str) -> None:
    office = given_office(context)
    (first,) = entered(context, office, a_request(given_account(context, office)))

    answer = edit_line(context, office.preparer, office.entity_id, first.id, {name: 1})

    assert refused(answer) == [("not_allowed", name)]


def given_match(context: Context, office: Office) -> tuple[int, Line, Line]:
    """A confirmed match of a bank line and a book entry, with both lines."""
    account_id = given_account(context, office)
    bank, book = entered(context, office, a_request(account_id, side="statement", kind=""), a_request(account_id))
    allocations = (AllocationRequest(line_id=bank.id), AllocationRequest(line_id=book.id))
    request = MatchRequest(kind="across", allocations=allocations)
    made = done(make_match(context, office.owner, office.entity_id, request))
    return made.record.id, bank, book


@pytest.mark.parametrize(
    ("name", "value"),
    [("minor_units", 101), ("booking_day", FIRST_OF_MAY), ("currency", "EUR"), ("account_id", 0)],
)
def test_what_a_confirmed_match_rests_on_is_frozen_and_the_match_is_named(
    context: Context, name: str, value: object
) -> None:
    office = given_office(context)
    match_id, _, book = given_match(context, office)

    answer = edit_line(context, office.preparer, office.entity_id, book.id, {name: value})

    assert ("line_frozen", name) in refused(answer)
    assert isinstance(answer, Denied)
    assert answer.refusals[0].fact("match") == str(match_id)


def test_other_fields_of_a_tied_line_may_change_and_it_stays_tied(context: Context) -> None:
    office = given_office(context)
    _, _, book = given_match(context, office)

    done(edit_line(context, office.preparer, office.entity_id, book.id, {"description": "Rent", "minor_units": 100}))

    found = done(line(context, office.reader, office.entity_id, book.id))
    assert (found.line.description, found.tied) == ("Rent", True)


def test_a_tied_line_is_deleted_only_after_the_match_is_undone(context: Context) -> None:
    office = given_office(context)
    match_id, bank, book = given_match(context, office)

    while_tied = delete_lines(context, office.preparer, office.entity_id, [bank.id, book.id])
    done(undo_match(context, office.owner, office.entity_id, match_id, "typed twice"))
    after = delete_lines(context, office.preparer, office.entity_id, [bank.id, book.id])

    assert refused(while_tied) == [("line_frozen", "lines[0]"), ("line_frozen", "lines[1]")]
    assert done(after).deleted == (bank.id, book.id)
    assert lines_of(context, office) == []


def test_a_line_that_the_bank_told_is_neither_edited_nor_deleted(context: Context) -> None:
    office = given_office(context)
    received(context, office, mt940_bytes(("0.00", "2026-05-01"), ("9.00", "2026-05-31"), Entry("2026-05-04", "9.00")))
    (bank,) = lines_of(context, office)

    editing = edit_line(context, office.preparer, office.entity_id, bank.id, {"description": "x"})
    noting = edit_line(context, office.preparer, office.entity_id, bank.id, {"extra": '{"fintera":{"note":1}}'})
    deleting = delete_lines(context, office.preparer, office.entity_id, [bank.id])

    assert refused(editing) == [("line_not_entered", "line")]
    assert done(noting).version == 2
    assert refused(deleting) == [("line_not_entered", "lines[0]")]


def test_a_line_of_the_books_that_came_in_a_document_may_be_edited(context: Context) -> None:
    office = given_office(context)
    content = csv_bytes([Row("P1", "4.00", kind="bank_entry", account=ACCOUNT)])
    received(context, office, content, "books.csv", side="ledger")
    (book,) = lines_of(context, office)

    edited = edit_line(context, office.preparer, office.entity_id, book.id, {"minor_units": 500})

    assert done(edited).minor_units == 500


def test_partly_deleting_lets_the_good_ones_go_and_says_why_the_others_stay(context: Context) -> None:
    office = given_office(context)
    _, bank, _ = given_match(context, office)
    (other,) = entered(context, office, a_request(bank.account_id, 7))

    answer = delete_lines(
        context, office.preparer, office.entity_id, [bank.id, other.id, 2**40, other.id], partial=True
    )

    assert isinstance(answer, Deleted)
    assert answer.deleted == (other.id,)
    assert [(refusal.code, refusal.fact("line")) for refusal in answer.refused] == [
        ("not_found", str(2**40)),
        ("line_twice", str(other.id)),
        ("line_frozen", str(bank.id)),
    ]


def test_deleting_all_or_none_leaves_every_line_where_one_cannot_go(context: Context) -> None:
    office = given_office(context)
    (first,) = entered(context, office, a_request(given_account(context, office)))

    answer = delete_lines(context, office.preparer, office.entity_id, [first.id, 2**40])

    assert refused(answer) == [("not_found", "lines[1]")]
    assert lines_of(context, office) == [first]


def test_a_deleted_line_comes_back_as_it_last_was(context: Context) -> None:
    office = given_office(context)
    (first,) = entered(context, office, a_request(given_account(context, office)))
    done(edit_line(context, office.preparer, office.entity_id, first.id, {"minor_units": 7}))
    done(delete_lines(context, office.preparer, office.entity_id, [first.id]))

    restored = done(restore_line(context, office.preparer, office.entity_id, first.id))

    assert (restored.id, restored.version, restored.minor_units, restored.deleted) == (first.id, 4, 7, False)
    assert restore_line(context, office.preparer, office.entity_id, first.id) == restored


def test_a_deleted_line_does_not_come_back_into_a_locked_period(context: Context) -> None:
    office = given_office(context)
    (first,) = entered(context, office, a_request(given_account(context, office)))
    done(delete_lines(context, office.preparer, office.entity_id, [first.id]))
    done(lock_period(context, office.approver, office.entity_id, 0, FIRST_OF_MAY + 9, enabled=True))

    answer = restore_line(context, office.preparer, office.entity_id, first.id)

    assert refused(answer) == [("period_locked", "booking_day")]


def test_lines_are_found_and_counted_by_conditions(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    entered(context, office, *(a_request(account_id, amount) for amount in (1, 20, 300)))
    above = Condition("minor_units", ">", 10)

    found = done(find_lines(context, office.reader, office.entity_id, above, limit=1))
    totals = done(count_lines(context, office.reader, office.entity_id, above))

    assert [each.line.minor_units for each in found] == [20]
    assert (totals.lines, totals.minor_units) == (2, 320)


def test_a_line_of_another_entity_is_as_unknown_as_none(context: Context) -> None:
    office = given_office(context)
    (mine,) = entered(context, office, a_request(given_account(context, office)))
    theirs = office.stranger, office.stranger_entity.id

    answers = [
        line(context, *theirs, mine.id),
        edit_line(context, *theirs, mine.id, {"minor_units": 1}),
        restore_line(context, *theirs, mine.id),
    ]

    assert {answer.codes if isinstance(answer, Denied) else () for answer in answers} == {("not_found",)}
    assert refused(delete_lines(context, *theirs, [mine.id])) == [("not_found", "lines[0]")]
    assert done(find_lines(context, *theirs)) == []
    assert refused(find_lines(context, office.stranger, office.entity_id)) == [("not_found", "entity")]


def test_a_reader_changes_nothing(context: Context) -> None:
    office = given_office(context)
    account_id = given_account(context, office)
    (first,) = entered(context, office, a_request(account_id))
    reader = office.reader, office.entity_id

    answers = [
        enter_lines(context, *reader, [a_request(account_id)]),
        edit_line(context, *reader, first.id, {"minor_units": 1}),
        delete_lines(context, *reader, [first.id]),
        restore_line(context, *reader, first.id),
        enter_transfer(context, *reader, account_id, account_id, 1, FIRST_OF_MAY, ""),
    ]

    assert [refused(answer) for answer in answers] == [[("not_permitted", "prepare")]] * 5
    assert lines_of(context, office) == [first]

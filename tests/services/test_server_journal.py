"""Journal entries balance, wait as drafts, are reversed and, as long as nothing rests on them, changed."""

from typing import Any

import pytest

from tests.given_documents import FIRST_OF_MAY, done, given_account, lines_of, refused
from tests.given_store import Office, given_office
from tieout.domain.books import JournalEntry
from tieout.domain.lines import Line
from tieout.services.accounts import AccountRequest, balance, open_account
from tieout.services.context import Context, Denied
from tieout.services.journal import (
    JournalLineRequest,
    JournalRequest,
    cancel_journal_entry,
    change_journal_entry,
    delete_journal_entry,
    enter_journal_entry,
    journal_entries,
    journal_entry,
)
from tieout.services.lines import Condition, LineRequest, delete_lines, edit_line, enter_lines, restore_line
from tieout.services.matching import AllocationRequest, MatchRequest, make_match
from tieout.services.period_locks import lock_period


def given_books(context: Context, office: Office) -> tuple[int, int]:
    """The ids of a bank account and of an account of the books for what is spent."""
    bank = given_account(context, office)
    spent = AccountRequest(kind="book", name="Office supplies", code="6800", currency="NOK")
    return bank, done(open_account(context, office.preparer, office.entity_id, spent)).id


def an_entry(*lines: tuple[int, int], **more: Any) -> JournalRequest:
    """An entry of 4 May with lines of these accounts and amounts."""
    fields: dict[str, Any] = {"booking_day": FIRST_OF_MAY + 3, "memo": "Paper", **more}
    return JournalRequest(
        lines=tuple(JournalLineRequest(account_id=account, minor_units=amount) for account, amount in lines), **fields
    )


def entered(context: Context, office: Office, request: JournalRequest) -> tuple[JournalEntry, list[Line]]:
    """An entry that breaks no rule."""
    return done(enter_journal_entry(context, office.preparer, office.entity_id, request))


def test_an_entry_has_its_lines_in_the_accounts_it_names(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)

    entry, lines = entered(context, office, an_entry((bank, -99_00), (spent, 99_00)))

    now = done(journal_entry(context, office.reader, office.entity_id, entry.id))
    assert (now.entry, list(now.lines)) == (entry, lines)
    assert (entry.sequence_number, entry.draft, entry.created_by) == (1, False, office.preparer.name)
    assert [(line.account_id, line.minor_units, line.kind, line.parent_id) for line in lines] == [
        (bank, -99_00, "journal_entry_line", entry.id),
        (spent, 99_00, "journal_entry_line", entry.id),
    ]
    assert balance(context, office.reader, office.entity_id, bank, "ledger") == -99_00


def test_an_entry_out_of_balance_is_refused_with_the_signed_gap(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)

    answer = enter_journal_entry(context, office.preparer, office.entity_id, an_entry((bank, -99_00), (spent, 98_00)))

    assert refused(answer) == [("entry_unbalanced", "lines")]
    assert isinstance(answer, Denied)
    assert answer.refusals[0].fact("gap") == "-100"
    assert lines_of(context, office) == []


def test_sequence_numbers_go_on_from_the_highest_and_are_given_once(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entered(context, office, an_entry((bank, 1), (spent, -1), sequence_number=40))

    following, _ = entered(context, office, an_entry((bank, 1), (spent, -1)))
    again = enter_journal_entry(
        context, office.preparer, office.entity_id, an_entry((bank, 1), (spent, -1), sequence_number=40)
    )

    assert following.sequence_number == 41
    assert refused(again) == [("exists", "sequence_number")]


def test_a_line_on_a_foreign_account_carries_its_amount_there_and_the_rate(context: Context) -> None:
    office = given_office(context)
    _, spent = given_books(context, office)
    euros = given_account(context, office, "DE1", currency="EUR")
    foreign = JournalLineRequest(
        account_id=euros, minor_units=1_150_00, foreign_minor_units=100_00, foreign_currency="EUR", rate="11.50"
    )
    home = JournalLineRequest(account_id=spent, minor_units=-1_150_00)

    _, (line, _) = entered(context, office, JournalRequest(booking_day=FIRST_OF_MAY, lines=(foreign, home)))
    wrong = JournalLineRequest(account_id=euros, minor_units=0, foreign_minor_units=1, foreign_currency="USD")
    answer = enter_journal_entry(
        context, office.preparer, office.entity_id, JournalRequest(booking_day=FIRST_OF_MAY, lines=(wrong,))
    )

    assert (line.currency, line.foreign_minor_units, line.foreign_currency, line.rate) == (
        "NOK",
        100_00,
        "EUR",
        "11.50",
    )
    assert refused(answer) == [("currency_differs", "lines[0].foreign_currency")]


def test_a_draft_is_in_no_list_and_no_balance_until_it_is_posted(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    draft, lines = entered(context, office, an_entry((bank, -99_00), (spent, 1), draft=True))
    as_draft = done(journal_entry(context, office.reader, office.entity_id, draft.id))
    listed = lines_of(context, office)
    unbalanced = change_journal_entry(context, office.preparer, office.entity_id, draft.id, {"draft": False})
    better = an_entry((bank, -99_00), (spent, 99_00)).lines
    done(change_journal_entry(context, office.preparer, office.entity_id, draft.id, {"lines": better}))

    posted = done(change_journal_entry(context, office.preparer, office.entity_id, draft.id, {"draft": False}))

    assert [line.id for line in as_draft.lines] == [line.id for line in lines]
    assert listed == []
    assert refused(unbalanced) == [("entry_unbalanced", "lines")]
    assert posted.entry.draft is False
    assert [line.minor_units for line in posted.lines] == [-99_00, 99_00]
    assert lines_of(context, office) == list(posted.lines)


def test_a_posted_entry_does_not_become_a_draft_again(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, _ = entered(context, office, an_entry((bank, 1), (spent, -1)))

    answer = change_journal_entry(context, office.preparer, office.entity_id, entry.id, {"draft": True})

    assert refused(answer) == [("not_allowed", "draft")]


def test_an_entry_whose_words_change_keeps_its_lines_as_they_are(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, lines = entered(context, office, an_entry((bank, 1), (spent, -1)))

    changed = done(change_journal_entry(context, office.preparer, office.entity_id, entry.id, {"memo": "Pens"}))

    assert changed.entry.memo == "Pens"
    assert list(changed.lines) == lines


def test_an_entry_that_moves_to_another_day_takes_its_lines_along(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, lines = entered(context, office, an_entry((bank, 1), (spent, -1)))

    changes = {"booking_day": FIRST_OF_MAY}
    changed = done(change_journal_entry(context, office.preparer, office.entity_id, entry.id, changes))

    assert [(line.id, line.version, line.booking_day) for line in changed.lines] == [
        (line.id, 2, FIRST_OF_MAY) for line in lines
    ]


def given_match(context: Context, office: Office, line: Line) -> int:
    """The id of a confirmed match of a journal line with a bank line of its amount."""
    bank = LineRequest(
        side="statement",
        kind="",
        account_id=line.account_id,
        currency="NOK",
        minor_units=line.minor_units,
        booking_day=line.booking_day,
    )
    (told,) = done(enter_lines(context, office.preparer, office.entity_id, [bank]))
    allocations = (AllocationRequest(line_id=told.id), AllocationRequest(line_id=line.id))
    request = MatchRequest(kind="across", allocations=allocations)
    return done(make_match(context, office.owner, office.entity_id, request)).record.id


def test_an_entry_with_a_tied_line_keeps_its_lines_and_can_still_be_reversed(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, (line, _) = entered(context, office, an_entry((bank, -99_00), (spent, 99_00)))
    match_id = given_match(context, office, line)
    who = context, office.preparer, office.entity_id

    moving = change_journal_entry(*who, entry.id, {"booking_day": FIRST_OF_MAY})
    deleting = delete_journal_entry(*who, entry.id)
    cancelled, reversal = done(cancel_journal_entry(*who, entry.id, "wrong account"))

    assert refused(moving) == refused(deleting) == [("entry_in_use", "lines[0]")]
    assert isinstance(deleting, Denied)
    assert deleting.refusals[0].fact("match") == str(match_id)
    assert (cancelled.cancelled_by, cancelled.cancellation_reason) == (office.preparer.name, "wrong account")
    assert cancelled.cancellation_entry_id == reversal.entry.id
    assert [each.minor_units for each in reversal.lines] == [99_00, -99_00]
    assert balance(context, office.reader, office.entity_id, bank, "ledger") == 0


def test_an_entry_is_reversed_once_and_then_stays_with_its_reversal(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, _ = entered(context, office, an_entry((bank, -99_00), (spent, 99_00)))
    who = context, office.preparer, office.entity_id
    _, reversal = done(cancel_journal_entry(*who, entry.id, "twice", FIRST_OF_MAY + 20))

    again = cancel_journal_entry(*who, entry.id, "again")
    deleting = [delete_journal_entry(*who, each) for each in (entry.id, reversal.entry.id)]

    assert refused(again) == [("not_allowed", "cancelled")]
    assert [refused(answer) for answer in deleting] == [[("not_allowed", "cancelled")]] * 2
    assert {line.booking_day for line in reversal.lines} == {FIRST_OF_MAY + 20}


def test_a_deleted_entry_takes_its_lines_along(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, _ = entered(context, office, an_entry((bank, -99_00), (spent, 99_00)))

    done(delete_journal_entry(context, office.preparer, office.entity_id, entry.id))

    assert lines_of(context, office) == []
    assert refused(journal_entry(context, office.reader, office.entity_id, entry.id)) == [
        ("not_found", "journal_entry")
    ]


def test_a_line_of_an_entry_is_changed_through_the_entry_alone(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, (line, _) = entered(context, office, an_entry((bank, -99_00), (spent, 99_00)))
    who = context, office.preparer, office.entity_id

    amount = edit_line(*who, line.id, {"minor_units": -98_00})
    words = edit_line(*who, line.id, {"description": "Copy paper"})
    deleting = delete_lines(*who, [line.id])
    done(delete_journal_entry(*who, entry.id))
    restoring = restore_line(*who, line.id)

    assert refused(amount) == [("part_of_entry", "line")]
    assert done(words).description == "Copy paper"
    assert refused(deleting) == [("part_of_entry", "lines[0]")]
    assert refused(restoring) == [("part_of_entry", "line")]


@pytest.mark.parametrize("verb", ["enter", "change", "move", "cancel", "delete"])
def test_nothing_happens_to_entries_up_to_the_locked_day(context: Context, verb: str) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    request = an_entry((bank, 1), (spent, -1))
    entry, lines = entered(context, office, request)
    done(lock_period(context, office.approver, office.entity_id, 0, FIRST_OF_MAY + 3, enabled=True))
    who = context, office.preparer, office.entity_id

    answers: dict[str, object] = {
        "enter": enter_journal_entry(*who, request),
        "change": change_journal_entry(*who, entry.id, {"lines": request.lines}),
        "move": change_journal_entry(*who, entry.id, {"booking_day": FIRST_OF_MAY + 9}),
        "cancel": cancel_journal_entry(*who, entry.id, "wrong"),
        "delete": delete_journal_entry(*who, entry.id),
    }

    assert {code for code, _ in refused(answers[verb])} == {"period_locked"}
    assert lines_of(context, office) == lines


def test_entries_are_listed_with_their_lines(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    first, _ = entered(context, office, an_entry((bank, 1), (spent, -1)))
    second, lines = entered(context, office, an_entry((bank, 2), (spent, -2), booking_day=FIRST_OF_MAY + 20))

    later = Condition("booking_day", ">", FIRST_OF_MAY + 9)
    found = done(journal_entries(context, office.reader, office.entity_id, later))
    every = done(journal_entries(context, office.reader, office.entity_id, limit=1))

    assert [(now.entry, list(now.lines)) for now in found] == [(second, lines)]
    assert [now.entry for now in every] == [first]


def test_an_entry_of_another_entity_is_as_unknown_as_none(context: Context) -> None:
    office = given_office(context)
    bank, spent = given_books(context, office)
    entry, _ = entered(context, office, an_entry((bank, 1), (spent, -1)))
    theirs = office.stranger, office.stranger_entity.id

    answers = [
        journal_entry(context, *theirs, entry.id),
        change_journal_entry(context, *theirs, entry.id, {"memo": "x"}),
        cancel_journal_entry(context, *theirs, entry.id, "x"),
        delete_journal_entry(context, *theirs, entry.id),
    ]

    assert [code for answer in answers for code, _ in refused(answer)] == ["not_found"] * 4

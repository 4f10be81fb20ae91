"""Two people who do the same at the same moment: one is first, the other is told or sees what the first did."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from tests.given_documents import FIRST_OF_MAY, done, given_account, lines_of, mt940_bytes
from tests.given_files import Entry
from tests.given_store import given_office
from tieout.domain.lines import Line
from tieout.services.context import Context, Denied
from tieout.services.intake import receive_document
from tieout.services.journal import JournalLineRequest, JournalRequest, enter_journal_entry
from tieout.services.lines import LineRequest, edit_line, enter_lines

Answer = TypeVar("Answer")

MAY = mt940_bytes(("0.00", "2026-05-01"), ("9.00", "2026-05-31"), Entry("2026-05-04", "9.00", "SALE"))


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """What the calls answer, begun together."""
    start = Barrier(len(calls))

    def begin(call: Callable[[], Answer]) -> Answer:
        start.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begin, calls))


def test_one_file_uploaded_twice_at_once_is_one_document(context: Context) -> None:
    office = given_office(context)

    answers = at_once(*[lambda: receive_document(context, office.preparer, office.entity_id, "may.sta", MAY)] * 3)

    assert len({done(answer).id for answer in answers}) == 1
    assert len(lines_of(context, office)) == 1


def test_edits_of_one_line_at_once_follow_each_other(context: Context) -> None:
    office = given_office(context)
    request = LineRequest(
        side="ledger",
        kind="bank_entry",
        account_id=given_account(context, office),
        currency="NOK",
        minor_units=0,
        booking_day=FIRST_OF_MAY,
    )
    (line,) = done(enter_lines(context, office.preparer, office.entity_id, [request]))

    def edited_to(minor_units: int) -> Callable[[], Line | Denied]:
        changes = {"minor_units": minor_units}
        return lambda: edit_line(context, office.preparer, office.entity_id, line.id, changes)

    answers = at_once(*(edited_to(amount) for amount in (1, 2, 3)))

    assert sorted(done(answer).version for answer in answers) == [2, 3, 4]
    (last,) = lines_of(context, office)
    assert last == max((done(answer) for answer in answers), key=lambda each: each.version)


def test_one_sequence_number_is_given_to_one_of_two_entries(context: Context) -> None:
    office = given_office(context)
    lines = (JournalLineRequest(account_id=given_account(context, office), minor_units=0),)
    request = JournalRequest(booking_day=FIRST_OF_MAY, lines=lines, sequence_number=7)

    answers = at_once(*[lambda: enter_journal_entry(context, office.preparer, office.entity_id, request)] * 2)

    assert sorted(answer.codes if isinstance(answer, Denied) else () for answer in answers) == [(), ("exists",)]

"""Two users tie one line at once: one wins, the other is told which match holds it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.given_matches import accepted, faults_of_all, given_desk
from tests.given_store import given_office
from tieout.domain.match_records import StoredMatch
from tieout.services.context import Context, Denied
from tieout.services.matching import AllocationRequest, MatchRequest, confirm_match, find_matches, make_match


def test_of_many_who_tie_one_line_at_once_one_wins_and_the_others_are_told_by_which_match(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    contested = desk.money(10_00)
    invoices = [desk.invoice(10_00) for _ in range(8)]
    together = Barrier(len(invoices))

    def tie(invoice: int) -> StoredMatch | Denied:
        together.wait(timeout=30)
        return desk.tie(contested, invoice)

    with ThreadPoolExecutor(len(invoices)) as threads:
        answers = list(threads.map(tie, invoices))

    made = [answer for answer in answers if not isinstance(answer, Denied)]
    refused = [answer for answer in answers if isinstance(answer, Denied)]
    assert len(made) == 1
    assert {answer.refusals[0].code for answer in refused} == {"line_tied"}
    assert {answer.refusals[0].fact("match") for answer in refused} == {str(made[0].record.id)}
    assert accepted(find_matches(context, desk.office.owner, desk.entity_id)) == made


def test_parts_that_many_take_at_once_never_exceed_the_line(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    contested = desk.money(10_00)
    proposals = [
        accepted(make_match(context, desk.office.preparer, desk.entity_id, request, confirm=False)).record.id
        for request in (
            MatchRequest(
                allocations=tuple(AllocationRequest(line_id=line, minor_units=3_00) for line in (contested, invoice))
            )
            for invoice in (desk.invoice(3_00) for _ in range(6))
        )
    ]
    together = Barrier(len(proposals))

    def confirm(proposal: int) -> StoredMatch | Denied:
        together.wait(timeout=30)
        return confirm_match(context, desk.office.approver, desk.entity_id, proposal)

    with ThreadPoolExecutor(len(proposals)) as threads:
        answers = list(threads.map(confirm, proposals))

    made = [answer for answer in answers if not isinstance(answer, Denied)]
    assert len(made) == 3
    assert {code for answer in answers if isinstance(answer, Denied) for code in answer.codes} == {"line_used_up"}
    assert desk.left(contested) == [1_00]
    assert faults_of_all(context, desk.entity_id, made) == ()

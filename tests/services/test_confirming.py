"""What people decide about proposals: confirmed, rejected, by whom, and never on what they did not see."""

from dataclasses import replace

import pytest

from tests.given_matches import Desk, accepted, codes, given_desk
from tests.given_store import given_office
from tieout.domain.match_records import MatchStatus
from tieout.services.context import Context, Denied
from tieout.services.lines import edit_line
from tieout.services.matching import (
    AllocationRequest,
    MatchRequest,
    confirm_match,
    make_match,
    match,
    reject_match,
    undo_match,
)
from tieout.services.people.settings import set_setting


def _proposed(context: Context, desk: Desk, *lines: int) -> int:
    legs = tuple(AllocationRequest(line_id=line) for line in lines)
    made = make_match(context, desk.office.preparer, desk.entity_id, MatchRequest(allocations=legs), confirm=False)
    return accepted(made).record.id


def test_a_proposal_uses_nothing_until_somebody_confirms_it(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(10_00), desk.invoice(10_00)
    legs = (AllocationRequest(line_id=paid), AllocationRequest(line_id=invoice))
    proposed = accepted(
        make_match(context, desk.office.preparer, desk.entity_id, MatchRequest(allocations=legs), confirm=False)
    )
    before = desk.left(paid, invoice)

    confirmed = accepted(confirm_match(context, desk.office.approver, desk.entity_id, proposed.record.id, "seen"))

    assert (proposed.status, before) == (MatchStatus.PROPOSED, [10_00, 10_00])
    assert (confirmed.status, desk.left(paid, invoice)) == (MatchStatus.CONFIRMED, [0, 0])
    assert [(state.number, state.state, state.reason) for state in confirmed.states] == [(1, "confirmed", "seen")]
    assert match(context, desk.office.reader, desk.entity_id, proposed.record.id) == confirmed


def test_of_two_proposals_for_one_line_the_first_confirmed_wins_and_the_other_is_told(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid = desk.money(10_00)
    first, second = (
        _proposed(context, desk, paid, desk.invoice(10_00)),
        _proposed(context, desk, paid, desk.invoice(10_00)),
    )

    accepted(confirm_match(context, desk.office.owner, desk.entity_id, first))
    refused = confirm_match(context, desk.office.approver, desk.entity_id, second)

    assert codes(refused) == ["line_tied"]
    assert isinstance(refused, Denied)
    assert refused.refusals[0].fact("match") == str(first)


def test_what_was_decided_is_not_decided_again(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    proposal = _proposed(context, desk, desk.money(10_00), desk.invoice(10_00))
    who, entity = desk.office.approver, desk.entity_id

    undone_too_early = undo_match(context, who, entity, proposal)
    accepted(reject_match(context, desk.office.preparer, entity, proposal, "another customer"))
    later = [confirm_match(context, who, entity, proposal), reject_match(context, who, entity, proposal)]

    assert [codes(answer) for answer in (undone_too_early, *later)] == [["state_differs"]] * 3
    assert isinstance(later[0], Denied)
    assert later[0].refusals[0].fact("state") == "rejected"


def test_a_proposal_whose_line_changed_is_not_confirmed_unseen(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(10_00), desk.invoice(10_00)
    proposal = _proposed(context, desk, paid, invoice)
    accepted(edit_line(context, desk.office.owner, desk.entity_id, paid, {"minor_units": 12_00}))

    refused = confirm_match(context, desk.office.approver, desk.entity_id, proposal)

    assert codes(refused) == ["changed_meanwhile"]


def test_words_of_a_line_may_change_under_a_proposal(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(10_00), desk.invoice(10_00)
    proposal = _proposed(context, desk, paid, invoice)
    accepted(edit_line(context, desk.office.owner, desk.entity_id, invoice, {"description": "freight"}))

    assert accepted(confirm_match(context, desk.office.approver, desk.entity_id, proposal)).status == "confirmed"


def test_under_four_eyes_somebody_else_confirms(context: Context) -> None:
    office = given_office(context)
    desk = given_desk(context, office)
    accepted(set_setting(context, office.owner, "four_eyes", "on", entity_id=desk.entity_id))
    legs = (AllocationRequest(line_id=desk.money(10_00)), AllocationRequest(line_id=desk.invoice(10_00)))
    request = MatchRequest(allocations=legs)

    alone = make_match(context, office.owner, desk.entity_id, request)
    prepared = accepted(make_match(context, office.owner, desk.entity_id, request, confirm=False))
    themselves = confirm_match(context, office.owner, desk.entity_id, prepared.record.id)
    another = confirm_match(context, office.approver, desk.entity_id, prepared.record.id)

    assert codes(alone) == codes(themselves) == ["second_person_needed"]
    assert accepted(another).status is MatchStatus.CONFIRMED


@pytest.mark.parametrize(
    ("four_eyes", "post", "made"),
    [("off", True, []), ("on", True, []), ("off", False, ["post_missing"]), ("on", False, ["post_missing"])],
)
def test_a_token_confirms_alone_only_where_an_owner_granted_it_to_post(
    context: Context, four_eyes: str, post: bool, made: list[str]
) -> None:
    office = given_office(context)
    desk = given_desk(context, office)
    accepted(set_setting(context, office.owner, "four_eyes", four_eyes, entity_id=desk.entity_id))
    token = replace(office.owner, token_id=1, post=post)

    answer = desk.tie(desk.money(10_00), desk.invoice(10_00), by=token)

    assert (codes(answer) if isinstance(answer, Denied) else []) == made

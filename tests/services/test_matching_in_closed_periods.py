"""P8: in a completed period nothing is tied or undone; what reaches into the open period may be."""

from tests.given_matches import MONDAY, Desk, accepted, codes, given_desk
from tests.given_store import given_office
from tieout.services.context import Context, Denied
from tieout.services.matching import undo_match, undo_preview
from tieout.services.proposing import propose_matches
from tieout.services.reconciling import open_reconciliation
from tieout.services.reconciling_completion import reopen_reconciliation


def _closed_through_monday(desk: Desk) -> int:
    """The id of a completed reconciliation of the account, of nothing."""
    made = open_reconciliation(desk.context, desk.office.owner, desk.entity_id, desk.account.id, MONDAY, 0, done=True)
    return accepted(made).id


def test_a_completed_period_refuses_ties_and_undos_until_it_is_reopened(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    made = desk.tied(desk.money(10_00), desk.invoice(10_00))
    paid, invoice = desk.money(20_00), desk.invoice(20_00, MONDAY + 30)
    reconciliation = _closed_through_monday(desk)

    tie, undo = desk.tie(paid, invoice), undo_match(context, desk.office.owner, desk.entity_id, made.record.id)
    preview = accepted(undo_preview(context, desk.office.owner, desk.entity_id, made.record.id))
    accepted(reopen_reconciliation(context, desk.office.owner, desk.entity_id, reconciliation, "found a receipt"))

    assert codes(tie) == codes(undo) == ["period_closed"]
    assert isinstance(tie, Denied)
    assert (tie.refusals[0].fact("account"), tie.refusals[0].fact("through")) == (str(desk.account.id), "2026-01-05")
    assert [refusal.code for refusal in preview.refusals] == ["period_closed"]
    assert accepted(undo_match(context, desk.office.owner, desk.entity_id, made.record.id)).status == "undone"
    assert desk.tied(paid, invoice).status == "confirmed"


def test_an_entry_of_the_closed_period_is_tied_to_a_bank_line_of_the_open_one(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    entry = desk.entry(10_00)
    _closed_through_monday(desk)

    assert desk.tied(entry, desk.money(10_00, MONDAY + 1)).status == "confirmed"


def test_other_accounts_stay_open(context: Context) -> None:
    office = given_office(context)
    closed, other = given_desk(context, office), given_desk(context, office)
    _closed_through_monday(closed)

    assert other.tied(other.money(10_00), other.invoice(10_00)).status == "confirmed"


def test_the_engine_ties_nothing_wholly_in_a_completed_period(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    old = [desk.money(10_00, reference="OLD-1"), desk.invoice(10_00, reference="OLD-1")]
    _closed_through_monday(desk)
    late = [desk.money(20_00, MONDAY + 1, reference="NEW-1"), desk.invoice(20_00, reference="NEW-1")]

    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))

    assert (run.confirmed, run.dropped) == (1, 1)
    assert desk.left(*old, *late) == [10_00, 10_00, 0, 0]

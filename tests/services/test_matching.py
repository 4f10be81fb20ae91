"""Tying lines that somebody names: every rule says no by itself, all of them together, and nothing is written then."""

from dataclasses import replace

import pytest

from tests.given_matches import MONDAY, Desk, accepted, codes, faults_of_all, given_desk
from tests.given_store import given_office
from tieout.domain.contract_rules import paid_with_their_money
from tieout.domain.match_records import MatchRecord, MatchStatus
from tieout.domain.people import Principal, Role
from tieout.services.context import Context, Denied
from tieout.services.matching import (
    AdjustmentRequest,
    AllocationRequest,
    MatchRequest,
    confirm_match,
    find_matches,
    make_match,
    match,
    matches_of_lines,
    reject_match,
    undo_match,
)
from tieout.services.period_locks import lock_period


def test_a_bank_line_is_tied_to_the_invoices_that_it_pays(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, first, second = desk.money(100_00), desk.invoice(60_00), desk.invoice(40_00)

    made = desk.tied(paid, second, first, reason="the customer called")

    assert made.status is MatchStatus.CONFIRMED
    assert [(leg.side, leg.line_id, leg.minor_units) for leg in made.allocations] == [
        ("statement", paid, 100_00),
        ("ledger", first, 60_00),
        ("ledger", second, 40_00),
    ]
    assert match(context, desk.office.reader, desk.entity_id, made.record.id) == made
    assert desk.left(paid, first, second) == [0, 0, 0]
    assert faults_of_all(context, desk.entity_id, [made]) == ()


def test_a_fee_that_the_bank_kept_is_a_leg_of_its_own(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    fee = AdjustmentRequest(type="fee", minor_units=-3_00, currency="NOK", account="7770")

    made = desk.tied(desk.money(97_00), desk.invoice(100_00), adjustments=(fee,))

    (leg,) = made.adjustments
    assert (leg.type, leg.minor_units, leg.account) == ("fee", -3_00, "7770")
    assert faults_of_all(context, desk.entity_id, [made]) == ()


def test_parts_of_a_line_go_to_several_matches_until_it_is_used_up(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, first, second = desk.money(100_00), desk.invoice(60_00), desk.invoice(60_00)

    def part(invoice: int, amount: int) -> object:
        legs = (
            AllocationRequest(line_id=paid, minor_units=amount),
            AllocationRequest(line_id=invoice, minor_units=amount),
        )
        return make_match(context, desk.office.owner, desk.entity_id, MatchRequest(allocations=legs))

    accepted(part(first, 60_00))
    refused = part(second, 60_00)

    assert codes(refused) == ["line_used_up"]
    assert isinstance(refused, Denied)
    (holder,) = accepted(matches_of_lines(context, desk.office.owner, desk.entity_id, [paid]))
    assert refused.refusals[0].fact("match") == str(holder.record.id)
    assert desk.left(paid, second) == [40_00, 60_00]


def test_what_is_tied_already_names_the_match_that_holds_it(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(100_00), desk.invoice(100_00)
    holder = desk.tied(paid, invoice)

    refused = desk.tie(paid, desk.invoice(100_00))

    assert codes(refused) == ["line_tied", "residual_remains"]
    assert isinstance(refused, Denied)
    assert refused.refusals[0].concerns == str(paid)
    assert refused.refusals[0].fact("match") == str(holder.record.id)


def test_every_broken_rule_is_told_at_once_and_nothing_is_written(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(100_00), desk.invoice(60_00)
    legs = (
        AllocationRequest(line_id=paid, minor_units=-5_00),
        AllocationRequest(line_id=invoice, minor_units=70_00),
        AllocationRequest(line_id=invoice, minor_units=0),
        AllocationRequest(line_id=2**52),
    )

    refused = make_match(context, desk.office.owner, desk.entity_id, MatchRequest(allocations=legs))

    assert sorted(set(codes(refused))) == [
        "allocation_exceeds",
        "allocation_sign",
        "allocation_zero",
        "line_twice",
        "line_unknown",
    ]
    assert find_matches(context, desk.office.owner, desk.entity_id) == []
    assert desk.left(paid, invoice) == [100_00, 60_00]


@pytest.mark.parametrize(
    ("kind", "sides", "code"),
    [
        ("across", ["statement", "statement"], "side_missing"),
        ("across", [], "side_missing"),
        ("within", ["statement", "ledger"], "sides_mixed"),
        ("within", ["statement"], "too_few_lines"),
        ("sideways", ["statement", "ledger"], "not_allowed"),
    ],
)
def test_a_match_has_the_sides_that_its_kind_asks_for(context: Context, kind: str, sides: list[str], code: str) -> None:
    desk = given_desk(context, given_office(context))
    lines = [desk.money(10_00) if side == "statement" else desk.invoice(10_00) for side in sides]

    assert code in codes(desk.tie(*lines, kind=kind))


def test_lines_of_one_side_that_cancel_are_tied_within(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    out, back = desk.money(-75_00), desk.money(75_00, MONDAY + 2)

    made = desk.tied(out, back, kind="within")

    assert desk.left(out, back) == [0, 0]
    assert faults_of_all(context, desk.entity_id, [made]) == ()


def test_a_book_entry_is_tied_to_the_bank_of_its_own_account_alone(context: Context) -> None:
    office = given_office(context)
    desk, other = given_desk(context, office), given_desk(context, office)

    refused = desk.tie(desk.money(10_00), other.entry(10_00))

    assert codes(refused) == ["accounts_differ"]
    assert desk.tied(desk.money(10_00), desk.entry(10_00)).status is MatchStatus.CONFIRMED


def test_a_line_of_another_entity_is_told_from_an_unknown_one_only_to_those_who_see_it(context: Context) -> None:
    office = given_office(context, "NOK", "NOK")
    here = given_desk(context, office)
    there = given_desk(context, replace(office, entities=office.entities[::-1]))
    abroad = there.invoice(10_00)
    only_here = Principal(office.organisation.id, office.owner.user_id, office.owner.face, {here.entity_id: Role.OWNER})

    seen = here.tie(here.money(10_00), abroad)
    unseen = here.tie(here.money(10_00), abroad, by=only_here)
    unknown = here.tie(here.money(10_00), 2**52, by=only_here)

    assert codes(seen) == ["entities_differ"]
    assert codes(unseen) == codes(unknown) == ["line_unknown"]


def test_an_exchange_that_is_not_one_amount_at_one_rate_is_refused(context: Context) -> None:
    desk = given_desk(context, given_office(context), "EUR")
    legs = (
        AdjustmentRequest(type="exchange", minor_units=-1150_00, currency="NOK", rate="11.40"),
        AdjustmentRequest(type="exchange", minor_units=100_00, currency="EUR", rate="11.40"),
    )

    refused = desk.tie(desk.money(100_00), desk.invoice(1150_00, currency="NOK"), adjustments=legs)

    assert codes(refused) == ["rate_differs"]


def test_an_adjustment_must_be_one_that_the_books_know(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    wrong = (
        AdjustmentRequest(type="gift", minor_units=1, currency="NOK"),
        AdjustmentRequest(type="fee", minor_units=0, currency="XXX"),
        AdjustmentRequest(type="fee", minor_units=2**63, currency="NOK"),
    )

    refused = desk.tie(desk.money(10_00), desk.invoice(10_00), adjustments=wrong)

    assert codes(refused) == ["not_allowed", "unknown_currency", "amount_zero", "amount_out_of_range"]


def test_a_contract_rule_is_asked_on_the_lines_as_they_count_now(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    money, unpaid = desk.money(-50_00), desk.invoice(-50_00)
    legs = (AllocationRequest(line_id=money), AllocationRequest(line_id=unpaid))

    refused = make_match(
        context,
        desk.office.owner,
        desk.entity_id,
        MatchRequest(allocations=legs),
        check=paid_with_their_money,
    )

    assert codes(refused) == ["unpaid"]
    assert desk.left(money, unpaid) == [-50_00, -50_00]


def test_a_residual_that_follows_from_the_direction_alone_is_not_told_as_well(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    open_item = desk.paid(desk.invoice(-50_00))
    legs = (AllocationRequest(line_id=desk.money(50_00)), AllocationRequest(line_id=open_item))

    refused = make_match(
        context, desk.office.owner, desk.entity_id, MatchRequest(allocations=legs), check=paid_with_their_money
    )

    assert codes(refused) == ["direction_differs"]


@pytest.mark.parametrize(
    ("role", "confirm", "made"),
    [("reader", False, False), ("preparer", False, True), ("preparer", True, False), ("approver", True, True)],
)
def test_who_may_prepare_proposes_and_who_may_confirm_confirms(
    context: Context, role: str, confirm: bool, made: bool
) -> None:
    desk = given_desk(context, given_office(context))
    legs = (AllocationRequest(line_id=desk.money(10_00)), AllocationRequest(line_id=desk.invoice(10_00)))
    who = getattr(desk.office, role)

    answer = make_match(context, who, desk.entity_id, MatchRequest(allocations=legs), confirm=confirm)

    assert (not isinstance(answer, Denied)) == made
    if isinstance(answer, Denied):
        assert answer.codes == ("not_permitted",)


def test_a_stranger_learns_nothing(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    made = desk.tied(desk.money(10_00), desk.invoice(10_00))
    stranger = desk.office.stranger

    answers = [
        desk.tie(desk.money(5_00), desk.invoice(5_00), by=stranger),
        match(context, stranger, desk.entity_id, made.record.id),
        find_matches(context, stranger, desk.entity_id),
        undo_match(context, stranger, desk.entity_id, made.record.id),
        confirm_match(context, stranger, desk.entity_id, made.record.id),
        reject_match(context, stranger, desk.entity_id, made.record.id),
    ]

    assert [codes(answer) for answer in answers] == [["not_found"]] * 6


def test_nothing_is_tied_in_locked_days(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(10_00), desk.invoice(10_00)
    accepted(lock_period(context, desk.office.owner, desk.entity_id, desk.account.id, MONDAY, enabled=True))

    refused = desk.tie(paid, invoice)

    assert codes(refused) == ["period_locked"]
    assert isinstance(refused, Denied)
    assert refused.refusals[0].fact("through") == "2026-01-05"


def test_a_book_entry_of_locked_days_may_reach_the_bank_later(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    entry, paid = desk.entry(10_00), desk.money(10_00, MONDAY + 3)
    accepted(lock_period(context, desk.office.owner, desk.entity_id, 0, MONDAY, enabled=True))

    assert desk.tied(entry, paid).status is MatchStatus.CONFIRMED


def _proposed(context: Context, desk: Desk, *lines: int) -> int:
    legs = tuple(AllocationRequest(line_id=line) for line in lines)
    made = make_match(context, desk.office.preparer, desk.entity_id, MatchRequest(allocations=legs), confirm=False)
    return accepted(made).record.id


def test_pages_of_matches_go_by_id_and_state(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    made = [desk.tied(desk.money(10_00), desk.invoice(10_00)).record.id for _ in range(3)]
    proposal = _proposed(context, desk, desk.money(10_00), desk.invoice(10_00))
    who, entity = desk.office.reader, desk.entity_id

    first = accepted(find_matches(context, who, entity, limit=2))
    rest = accepted(find_matches(context, who, entity, after=first[-1].record.id))
    proposals = accepted(find_matches(context, who, entity, status=MatchStatus.PROPOSED))

    assert [found.record.id for found in (*first, *rest)] == [*made, proposal]
    assert [found.record.id for found in proposals] == [proposal]


def test_a_match_says_who_prepared_it_and_that_no_engine_did(context: Context) -> None:
    desk = given_desk(context, given_office(context))

    record: MatchRecord = desk.tied(desk.money(10_00), desk.invoice(10_00)).record

    assert (record.matcher, record.automatic, record.prepared_by) == ("person", False, desk.office.owner.name)

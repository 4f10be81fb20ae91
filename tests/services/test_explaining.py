"""A match says its equation, why it was made and what was gained; lines that are not tied say why not."""

from dataclasses import replace

import pytest

from tests.given_matches import accepted, codes, given_desk
from tests.given_store import given_office
from tieout.domain.exchange import exchange_legs
from tieout.kernel.money import Money
from tieout.services.context import Context
from tieout.services.explaining import explain, why_not
from tieout.services.lines import edit_line
from tieout.services.matching import AdjustmentRequest, reject_match, undo_match
from tieout.services.proposing import propose_matches


def test_the_equation_is_in_minor_units_and_holds(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, first, second = desk.money(97_00), desk.invoice(60_00), desk.invoice(40_00)
    fee = AdjustmentRequest(type="fee", minor_units=-3_00, currency="NOK")
    made = desk.tied(paid, first, second, adjustments=(fee,), reason="card fee as agreed")

    told = accepted(explain(context, desk.office.reader, desk.entity_id, made.record.id))

    assert told.equation == (f"NOK: line {paid} 9700 = line {first} 6000 + line {second} 4000 + fee -300",)
    assert (told.holds, told.faults, told.reasons) == (True, (), ("card fee as agreed",))
    assert told.realised is None, "one currency"


def test_lines_within_one_side_add_up_to_nothing(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    out, back = desk.money(-5_00), desk.money(5_00)
    made = desk.tied(out, back, kind="within")

    told = accepted(explain(context, desk.office.reader, desk.entity_id, made.record.id))

    assert told.equation == (f"NOK: line {out} -500 + line {back} 500 = 0",)


def test_the_engine_s_reasons_are_told_again_from_what_is_kept(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    desk.money(100_00, reference="INV-1001", counterparty="Nordic AS")
    desk.invoice(100_00, reference="INV-1001", counterparty="Nordic AS")
    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))
    assert run.first_match_id is not None
    accepted(undo_match(context, desk.office.owner, desk.entity_id, run.first_match_id, "paid by mistake"))

    told = accepted(explain(context, desk.office.reader, desk.entity_id, run.first_match_id))

    assert told.reasons == (
        "equal amounts of 100.00 NOK of Nordic AS",
        "the same reference, the bank's text names the document, the same counterparty",
        "undone: paid by mistake",
    )
    assert told.supporting == ("reference", "named", "counterparty")


def test_a_proposal_says_why_it_is_only_one(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    desk.money(120_00, description="INV-1001")
    desk.invoice(100_00, reference="INV-1001")
    run = accepted(propose_matches(context, desk.office.owner, desk.entity_id))
    assert run.first_match_id is not None

    told = accepted(explain(context, desk.office.reader, desk.entity_id, run.first_match_id))

    assert told.match.status == "proposed"
    assert told.reasons[-1] == "but more was paid than the documents ask for"
    assert told.contradicting == ("overpaid",)


def test_a_match_is_explained_by_its_lines_as_it_used_them(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid = desk.money(10_00)
    made = desk.tied(paid, desk.invoice(10_00))
    accepted(undo_match(context, desk.office.owner, desk.entity_id, made.record.id))
    accepted(edit_line(context, desk.office.owner, desk.entity_id, paid, {"minor_units": 7_00}))

    assert accepted(explain(context, desk.office.reader, desk.entity_id, made.record.id)).holds


@pytest.mark.parametrize(("rate", "gain", "reason"), [("11.50", 10_00, None), ("", None, "no_carrying_value")])
def test_a_gain_on_a_foreign_invoice_is_settled_less_carrying_value_or_not_computed(
    context: Context, rate: str, gain: int | None, reason: str | None
) -> None:
    desk = given_desk(context, given_office(context))
    invoice = desk.invoice(100_00, currency="EUR", rate=rate)
    legs, _ = exchange_legs(Money(1160_00, "NOK"), Money(100_00, "EUR"), "11.60", "NOK")
    adjustments = tuple(
        AdjustmentRequest(type=leg.type, minor_units=leg.minor_units, currency=leg.currency, rate=leg.rate or "")
        for leg in legs
    )
    made = desk.tied(desk.money(1160_00), invoice, adjustments=adjustments)

    told = accepted(explain(context, desk.office.reader, desk.entity_id, made.record.id))

    assert told.holds
    assert told.realised is not None
    assert (told.realised.minor_units, told.realised.currency, told.realised.reason) == (gain, "NOK", reason)


def test_a_foreign_bank_line_is_worth_what_its_conversion_came_to(context: Context) -> None:
    office = given_office(context)
    desk = given_desk(context, office, "EUR")
    entry = desk.entry(1150_00, currency="NOK", foreign_minor_units=100_00, foreign_currency="EUR", rate="11.50")
    legs, _ = exchange_legs(Money(100_00, "EUR"), Money(1150_00, "NOK"), "11.50", "NOK")
    adjustments = tuple(
        AdjustmentRequest(type=leg.type, minor_units=leg.minor_units, currency=leg.currency, rate=leg.rate or "")
        for leg in legs
    )
    made = desk.tied(desk.money(100_00), entry, adjustments=adjustments)

    told = accepted(explain(context, office.reader, desk.entity_id, made.record.id))

    assert told.realised is not None
    assert told.realised.minor_units == 0
    assert told.equation[0].startswith("EUR: line ")


def test_why_not_tells_every_rule_and_what_speaks_against_it(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid = desk.money(100_00, counterparty="Nordic AS", counterparty_account="NO9386011117947")
    other = desk.invoice(90_00, counterparty="Seljord Verft", counterparty_account="NO5060111179470")

    told = accepted(why_not(context, desk.office.reader, desk.entity_id, [paid], [other]))

    assert [(refusal.code, refusal.fact("minor_units")) for refusal in told.refusals] == [("residual_remains", "1000")]
    assert told.reasons == ("the counterparty accounts differ", "the names have nothing in common")
    assert told.matches == ()


def test_why_not_names_the_matches_that_hold_a_line(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    paid, invoice = desk.money(10_00), desk.invoice(10_00)
    made = desk.tied(paid, invoice)

    told = accepted(why_not(context, desk.office.reader, desk.entity_id, [paid], [desk.invoice(10_00)]))

    assert [refusal.code for refusal in told.refusals] == ["line_tied", "residual_remains"]
    assert told.matches == (made.record.id,)


def test_lines_that_could_be_tied_have_nothing_against_it(context: Context) -> None:
    desk = given_desk(context, given_office(context))

    told = accepted(why_not(context, desk.office.reader, desk.entity_id, [desk.money(1_00)], [desk.invoice(1_00)]))

    assert (told.refusals, told.reasons, told.matches) == ((), (), ())


def test_nobody_else_is_told_anything(context: Context) -> None:
    desk = given_desk(context, given_office(context))
    made = desk.tied(desk.money(10_00), desk.invoice(10_00))
    stranger = replace(desk.office.stranger)

    assert codes(explain(context, stranger, desk.entity_id, made.record.id)) == ["not_found"]
    assert codes(why_not(context, stranger, desk.entity_id, [], [])) == ["not_found"]
    assert codes(explain(context, desk.office.reader, desk.entity_id, 2**52)) == ["not_found"]
    assert codes(reject_match(context, desk.office.reader, desk.entity_id, made.record.id)) == ["not_permitted"]

"""What is short, late or never paid is a difference, as long as it is so."""

from datetime import date

import pytest

from tests.given_analysis import (
    PAYOUT,
    SALE,
    analysed,
    differences,
    given_entry,
    given_order,
    line_of_kind,
    only_batch,
    report,
    ties,
)
from tests.given_documents import done
from tests.given_reports import Settled
from tests.given_settlements import given_provider
from tests.given_store import Clock, Office, given_office
from tieout.domain.entry_facts import EntryFacts
from tieout.services.context import Context
from tieout.services.differences import DifferenceRequest, raise_difference, resolve_difference
from tieout.services.lines import edit_line
from tieout.services.people.settings import SETTLEMENT_TERM_DAYS, set_setting
from tieout.services.settlements import explaining


@pytest.fixture
def office(context: Context, clock: Clock) -> Office:
    """An office in BRL, on the tenth of May 2026."""
    clock.forward(days=115)
    return given_office(context, "BRL")


def test_a_gap_is_a_difference_until_a_report_explains_it(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT._replace(gross="-95.00")])
    analysed(context, office)
    (raised,) = differences(context, office)

    report(context, office, [SALE, Settled("Fee", "-2.00"), PAYOUT._replace(gross="-95.00")])
    told = analysed(context, office)

    batch = only_batch(context, office)
    assert (raised.subject, raised.minor_units, raised.created_by) == (f"batch:{batch.id}", -2_00, "engine")
    assert (told.resolved, differences(context, office)) == (1, [])
    (resolved,) = differences(context, office, "resolved")
    assert (resolved.resolved_by, resolved.resolution) == ("engine", "it is explained by what came since")


def test_a_gap_that_changes_is_the_same_difference_with_another_amount(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT._replace(gross="-95.00")])
    analysed(context, office)
    (before,) = differences(context, office)

    report(context, office, [SALE, Settled("Fee", "-1.50"), PAYOUT._replace(gross="-95.00")])
    analysed(context, office)

    (after,) = differences(context, office)
    assert (after.id, before.minor_units, after.minor_units) == (before.id, -2_00, -50)


def test_what_somebody_resolved_is_not_raised_again_for_the_same_amount(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT._replace(gross="-95.00")])
    analysed(context, office)
    (raised,) = differences(context, office)
    done(resolve_difference(context, office.owner, office.entity_id, raised.id, "they told us so by phone"))

    told = analysed(context, office)

    assert (told.raised, differences(context, office)) == (0, [])


def test_a_sale_of_another_amount_than_its_order_is_a_difference_until_the_books_are_corrected(
    context: Context, office: Office
) -> None:
    order = given_order(context, office, "ORD-1001", 90_00)
    report(context, office, [SALE, PAYOUT])
    analysed(context, office)
    (raised,) = differences(context, office)

    done(edit_line(context, office.owner, office.entity_id, order, {"minor_units": 100_00}))
    told = analysed(context, office)

    sale = line_of_kind(context, office, "sale")
    assert (raised.subject, raised.minor_units) == (f"line:{sale.line.id}", 10_00)
    assert raised.reason == "order ORD-1001 is 90.00 in the books, 100.00 was settled"
    assert (told.resolved, sale.tied) == (1, True)


def test_more_shortfalls_than_anybody_looks_through_are_told_later_and_counted(
    context: Context, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "RAISED_MAX", 2)
    for number in range(3):
        given_order(context, office, f"ORD-100{number}", 90_00)
    report(context, office, [SALE._replace(order=f"ORD-100{number}", psp=f"PSP{number}") for number in range(3)])

    first = analysed(context, office)
    again = analysed(context, office)

    assert (first.raised, first.untold) == (2, 1)
    assert (again.raised, again.untold, len(differences(context, office))) == (1, 0, 3)


def test_somebody_may_raise_a_difference_about_a_batch(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT])
    subject = f"batch:{only_batch(context, office).id}"
    request = DifferenceRequest(subject=subject, minor_units=1, currency="BRL", reason="their invoice says otherwise")

    made = done(raise_difference(context, office.preparer, office.entity_id, request))
    told = analysed(context, office)

    assert (made.subject, told.resolved, differences(context, office)) == (subject, 0, [made])


def test_less_than_was_expected_is_a_difference(context: Context, office: Office) -> None:
    account = given_provider(context, office, currency="BRL")
    facts = EntryFacts("SALE", "81.00", order_code="ORD-1001", expected_minor_units=85_50)
    given_entry(context, office, account.id, facts)

    analysed(context, office)

    (raised,) = differences(context, office)
    assert (raised.minor_units, raised.currency) == (-4_50, "BRL")
    assert raised.reason == "B2W: 81.00 was released where 85.50 was expected"


def test_what_is_not_released_on_its_day_is_late_and_then_no_longer(
    context: Context, office: Office, clock: Clock
) -> None:
    account = given_provider(context, office, currency="BRL")
    waiting = EntryFacts("SALE", "", order_code="ORD-1001", expected_minor_units=85_50, expected_date=date(2026, 5, 12))
    given_entry(context, office, account.id, waiting)

    raised = []
    for _ in range(4):
        analysed(context, office)
        raised.append([each.reason for each in differences(context, office)])
        clock.forward(days=1)
    given_entry(context, office, account.id, waiting._replace(received="85.50"))
    analysed(context, office)

    assert raised == [[], [], [], ["B2W: 85.50 was expected on 2026-05-12 and is not released"]]
    assert differences(context, office) == []


@pytest.mark.parametrize(("kind", "words"), [("Chargeback", "charged back"), ("DepositCorrection", "held back")])
def test_what_no_later_leg_closes_within_its_term_is_a_difference(
    context: Context, office: Office, clock: Clock, kind: str, words: str
) -> None:
    report(context, office, [Settled(kind, "-30.00", "ORD-0900", psp="PSP0900")])
    clock.forward(days=54)
    analysed(context, office)
    in_time = differences(context, office)
    clock.forward(days=1)

    analysed(context, office)

    (raised,) = differences(context, office)
    assert (in_time, raised.minor_units) == ([], -30_00)
    assert raised.reason == f"{words} of order ORD-0900 on 2026-05-04, and nothing closed it within 60 days"


def test_a_reserve_that_is_released_closes_its_hold_and_the_difference(
    context: Context, office: Office, clock: Clock
) -> None:
    held = Settled("DepositCorrection", "-30.00", "ORD-0900", psp="PSP0900")
    report(context, office, [held])
    clock.forward(days=70)
    analysed(context, office)
    before = len(differences(context, office))

    report(context, office, [held._replace(gross="30.00", day=20, batch="8", psp="PSP0901")])
    analysed(context, office)

    (match,) = ties(context, office)
    assert (before, match.record.kind, match.status) == (1, "within", "confirmed")
    assert differences(context, office) == []


def test_an_order_that_nobody_pays_within_the_term_is_a_difference(
    context: Context, office: Office, clock: Clock
) -> None:
    report(context, office, [SALE, PAYOUT])
    order = given_order(context, office, "ORD-0700", 70_00)
    set_setting(context, office.owner, SETTLEMENT_TERM_DAYS, "30", entity_id=office.entity_id)
    clock.forward(days=25)

    analysed(context, office)

    (raised,) = differences(context, office)
    assert (raised.subject, raised.minor_units) == (f"line:{order}", -70_00)
    assert raised.reason == "order ORD-0700 was due on 2026-05-04, and it is not paid within 30 days"


def test_an_order_that_is_paid_short_is_a_difference_once_no_further_instalment_can_come(
    context: Context, office: Office, clock: Clock
) -> None:
    order = given_order(context, office, "ORD-1001", 110_00)
    report(context, office, [SALE, PAYOUT])
    analysed(context, office)
    in_time = differences(context, office)
    clock.forward(days=55)

    analysed(context, office)

    (raised,) = differences(context, office)
    assert (in_time, raised.subject, raised.minor_units) == ([], f"line:{order}", -10_00)
    assert raised.reason == "order ORD-1001 was due on 2026-05-04, and 10.00 of it is not paid within 60 days"


def test_an_order_that_several_providers_could_pay_is_nobodys_difference(
    context: Context, office: Office, clock: Clock
) -> None:
    report(context, office, [SALE, PAYOUT])
    given_provider(context, office, currency="BRL")
    given_order(context, office, "ORD-0700", 70_00)
    clock.forward(days=80)

    assert analysed(context, office).raised == 0

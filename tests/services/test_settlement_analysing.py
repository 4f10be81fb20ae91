"""Analysing: entries are tied, batches closed, and what is short, late or never paid is a difference."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.given_documents import done, refused
from tests.given_reports import Settled, settlement_detail
from tests.given_settlements import given_provider
from tests.given_store import Clock, Office, given_office
from tieout.domain.books import Difference
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.match_records import StoredMatch
from tieout.domain.people import Principal
from tieout.domain.settlements import SettlementBatch
from tieout.kernel.dates import day_number
from tieout.services.accounts import AccountRequest, accounts, open_account
from tieout.services.context import Context
from tieout.services.differences import resolve_difference
from tieout.services.intake import receive_document
from tieout.services.lines import Condition, LineNow, LineRequest, edit_line, enter_lines, find_lines
from tieout.services.matching import AllocationRequest, MatchRequest, find_matches, make_match, undo_match
from tieout.services.people.settings import SETTLEMENT_TERM_DAYS, set_setting
from tieout.services.settlements.analysing import Analysis, analyse, finalise
from tieout.services.settlements.receiving import EntriesReceived, ReceivedEntry, receive_entries
from tieout.store.protocols import Scope

MAY_4 = day_number(date(2026, 5, 4))
SALE = Settled("Settled", "100.00", "ORD-1001", "3.00", psp="PSP0001")
PAYOUT = Settled("MerchantPayout", "-97.00", day=6)


@pytest.fixture
def office(context: Context, clock: Clock) -> Office:
    """An office in BRL, on the tenth of May 2026."""
    clock.forward(days=115)
    return given_office(context, "BRL")


def report(context: Context, office: Office, rows: Sequence[Settled]) -> None:
    """A settlement report that is taken in."""
    content = settlement_detail(rows)
    done(receive_document(context, office.owner, office.entity_id, "report.csv", content))


def given_bank(context: Context, office: Office, *arrived: int) -> list[int]:
    """The lines of a bank account on which the provider's payouts arrived on the seventh of May."""
    request = AccountRequest(kind="bank", name="Bank", number="0001-2", currency="BRL")
    bank = done(open_account(context, office.owner, office.entity_id, request))
    return entered(
        context,
        office,
        *({"account_id": bank.id, "minor_units": each, "description": "ADYEN LOJA"} for each in arrived),
    )


def given_order(context: Context, office: Office, reference: str, minor_units: int, day: int = MAY_4) -> int:
    """An order in the books that waits for its money."""
    order = {"side": "ledger", "kind": "order", "account_id": 0, "reference": reference, "booking_day": day}
    (line_id,) = entered(context, office, order | {"minor_units": minor_units})
    return line_id


def entered(context: Context, office: Office, *columns: dict[str, Any]) -> list[int]:
    """Lines that somebody entered."""
    same: dict[str, Any] = {"side": "statement", "kind": "", "currency": "BRL", "booking_day": MAY_4 + 3}
    requests = [LineRequest(**(same | each)) for each in columns]
    return [line.id for line in done(enter_lines(context, office.owner, office.entity_id, requests))]


def analysed(context: Context, office: Office, who: Principal | None = None) -> Analysis:
    """What came of an analysis that nothing refuses."""
    return done(analyse(context, who or office.owner, office.entity_id))


def only_batch(context: Context, office: Office) -> SettlementBatch:
    """The one batch of the office."""
    with context.store.reading() as view:
        (batch,) = view.all(SettlementBatch, entity_id=office.entity_id)
    return batch


def differences(context: Context, office: Office, state: str = "open") -> list[Difference]:
    """The differences of the office by id."""
    with context.store.reading() as view:
        return view.all(Difference, entity_id=office.entity_id, state=state)


def line_of_kind(context: Context, office: Office, kind: str) -> LineNow:
    """The one line of a kind."""
    (now,) = done(find_lines(context, office.owner, office.entity_id, Condition("kind", "=", kind)))
    return now


def ties(context: Context, office: Office) -> list[StoredMatch]:
    """Every match of the office."""
    return done(find_matches(context, office.owner, office.entity_id))


def test_a_sale_is_tied_to_its_order_the_payout_to_the_bank_and_the_batch_is_final(
    context: Context, office: Office
) -> None:
    report(context, office, [SALE, PAYOUT])
    order = given_order(context, office, "ORD-1001", 100_00)
    (arrived,) = given_bank(context, office, 97_00)

    told = analysed(context, office)

    kinds = {match.record.kind: {leg.line_id for leg in match.allocations} for match in ties(context, office)}
    payout = line_of_kind(context, office, "payout")
    assert kinds == {
        "across": {line_of_kind(context, office, "sale").line.id, order},
        "within": {payout.line.id, arrived},
    }
    batch = only_batch(context, office)
    assert (batch.state, batch.analyzed_at, batch.finalized_at) == ("finalized", context.now(), context.now())
    assert (told.analysed, told.finalized, told.reopened, told.raised) == (1, 1, 0, 0)


def test_a_batch_whose_payout_did_not_arrive_is_analysed(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT])

    told = analysed(context, office)

    batch = only_batch(context, office)
    assert (told.analysed, told.finalized, batch.state, batch.finalized_at) == (1, 0, "analyzed", None)
    assert refused(finalise(context, office.owner, office.entity_id, batch.id)) == [("unpaid", "payout")]


def test_undoing_the_tie_of_a_payout_leaves_the_others_and_takes_its_batch_back(
    context: Context, office: Office
) -> None:
    report(context, office, [SALE, PAYOUT])
    given_order(context, office, "ORD-1001", 100_00)
    given_bank(context, office, 97_00)
    analysed(context, office)
    payout = next(match for match in ties(context, office) if match.record.kind == "within")

    done(undo_match(context, office.owner, office.entity_id, payout.record.id))
    again = analysed(context, office)

    batch = only_batch(context, office)
    assert (batch.state, batch.finalized_at, again.finalized) == ("analyzed", None, 0)
    assert line_of_kind(context, office, "sale").tied
    assert not line_of_kind(context, office, "payout").tied


def test_undoing_the_tie_of_a_sale_leaves_the_batch_final(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT])
    given_order(context, office, "ORD-1001", 100_00)
    given_bank(context, office, 97_00)
    analysed(context, office)
    sale = next(match for match in ties(context, office) if match.record.kind == "across")

    done(undo_match(context, office.owner, office.entity_id, sale.record.id))

    assert only_batch(context, office).state == "finalized"
    assert line_of_kind(context, office, "payout").tied


def test_a_payout_that_somebody_ties_is_finalised_by_hand(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT])
    analysed(context, office)
    (arrived,) = given_bank(context, office, 97_00)
    payout = line_of_kind(context, office, "payout").line.id
    legs = (AllocationRequest(line_id=payout), AllocationRequest(line_id=arrived))
    done(make_match(context, office.owner, office.entity_id, MatchRequest(kind="within", allocations=legs)))

    batch = done(finalise(context, office.owner, office.entity_id, only_batch(context, office).id))

    assert batch == only_batch(context, office)
    assert batch.state == "finalized"
    assert done(finalise(context, office.owner, office.entity_id, batch.id)) == batch


def test_a_payout_that_cancels_another_line_of_the_provider_has_not_arrived(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT])
    payout = line_of_kind(context, office, "payout").line
    returned = {"account_id": payout.account_id, "kind": "adjustment", "minor_units": 97_00}
    (back,) = entered(context, office, returned)
    legs = (AllocationRequest(line_id=payout.id), AllocationRequest(line_id=back))
    done(make_match(context, office.owner, office.entity_id, MatchRequest(kind="within", allocations=legs)))

    told = finalise(context, office.owner, office.entity_id, only_batch(context, office).id)

    assert refused(told) == [("unpaid", "payout")]


def test_a_batch_that_carries_everything_on_is_final_without_a_payout(context: Context, office: Office) -> None:
    report(context, office, [SALE, Settled("Balancetransfer", "-97.00", day=6)])

    analysed(context, office)

    assert only_batch(context, office).state == "finalized"


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


def test_analysing_again_changes_nothing(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT._replace(gross="-95.00")])
    given_order(context, office, "ORD-1001", 100_00)
    given_bank(context, office, 95_00)
    analysed(context, office)
    events = _events(context, office)

    again = analysed(context, office)

    assert (again.analysed, again.finalized, again.raised, again.resolved) == (0, 0, 0, 0)
    assert _events(context, office) == events


def test_who_may_only_prepare_analyses_and_ties_nothing_final(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT])
    given_order(context, office, "ORD-1001", 100_00)
    given_bank(context, office, 97_00)

    analysed(context, office, office.preparer)

    assert {match.status for match in ties(context, office)} == {"proposed"}
    assert only_batch(context, office).state == "analyzed"


def test_an_entity_without_a_provider_has_nothing_to_analyse(context: Context) -> None:
    office = given_office(context, "NOK")

    assert analysed(context, office) == Analysis(matching=None)


def test_what_cannot_be_analysed_or_finalised_is_refused(context: Context, office: Office) -> None:
    report(context, office, [SALE, PAYOUT._replace(gross="-95.00")])
    given_bank(context, office)
    banks = [each.id for each in done(accounts(context, office.owner, office.entity_id)) if each.kind == "bank"]
    batch = only_batch(context, office)

    told = [
        analyse(context, office.reader, office.entity_id),
        analyse(context, office.stranger, office.entity_id),
        analyse(context, office.owner, office.entity_id, 0),
        analyse(context, office.owner, office.entity_id, banks[0]),
        finalise(context, office.preparer, office.entity_id, batch.id),
        finalise(context, office.owner, office.entity_id, 0),
        finalise(context, office.owner, office.entity_id, batch.id),
    ]

    assert [refused(each) for each in told] == [
        [("not_permitted", "prepare")],
        [("not_found", "entity")],
        [("not_found", "account_id")],
        [("not_allowed", "account_id")],
        [("not_permitted", "confirm")],
        [("not_found", "batch")],
        [("residual_remains", "BRL"), ("unpaid", "payout")],
    ]


def given_entry(context: Context, office: Office, account_id: int, facts: EntryFacts) -> None:
    """A sale of the fourth of May that a feed tells."""
    entry = ReceivedEntry(native_id="1", kind="sale", day=MAY_4, facts=facts)
    told = EntriesReceived(account_id=account_id, batch_number="77", entries=[entry])
    done(receive_entries(context, office.owner, office.entity_id, told))


def _events(context: Context, office: Office) -> int:
    with context.store.reading() as view:
        return view.event_count(Scope("entity", office.entity_id))

"""Analysing: entries are tied, and batches whose payout arrived are closed."""

import pytest

from tests.given_analysis import (
    PAYOUT,
    SALE,
    analysed,
    entered,
    given_bank,
    given_order,
    line_of_kind,
    only_batch,
    report,
    ties,
)
from tests.given_documents import done, refused
from tests.given_reports import Settled
from tests.given_store import Clock, Office, given_office
from tieout.services.accounts import accounts
from tieout.services.context import Context
from tieout.services.matching import AllocationRequest, MatchRequest, make_match, undo_match
from tieout.services.settlements.analysing import Analysis, analyse, finalise
from tieout.store.protocols import Scope


@pytest.fixture
def office(context: Context, clock: Clock) -> Office:
    """An office in BRL, on the tenth of May 2026."""
    clock.forward(days=115)
    return given_office(context, "BRL")


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


def _events(context: Context, office: Office) -> int:
    with context.store.reading() as view:
        return view.event_count(Scope("entity", office.entity_id))

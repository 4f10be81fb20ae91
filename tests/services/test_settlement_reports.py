"""Reports of providers taken in: an account like a bank, batches that add up, each entry once."""

import json

import pytest

from tests.given_documents import done, refused
from tests.given_reports import Released, Settled, release_report, settlement_detail
from tests.given_store import Office, given_office
from tieout.domain.accounts import Account
from tieout.domain.lines import Document
from tieout.domain.settlements import SettlementBatch, SettlementEntry
from tieout.domain.work import Job
from tieout.services.accounts import AccountRequest, accounts, open_account
from tieout.services.context import Context
from tieout.services.intake import receive_document
from tieout.services.jobs import run_queued
from tieout.services.lines import Condition, LineNow, find_lines
from tieout.services.settlements.analysing import analyse
from tieout.services.settlements.delivery import Fetch, mark_read, unresolved
from tieout.services.settlements.integrations import integration_of

SALE = Settled("Settled", "100.00", "ORD-1001", "3.00", psp="P1")
OTHER_SALE = Settled("Settled", "50.00", "ORD-1002", "1.50", psp="P2")
CHARGEBACK = Settled("Chargeback", "-20.00", "ORD-0900", psp="P0")
FEE = Settled("Fee", "-2.00")
PAYOUT = Settled("MerchantPayout", "-143.50", day=6)

PAYMENT = Released("payment", "100.00", "ORD-2001", "-4.00", 4, "S1")
WITHDRAWAL = Released("payout", "-90.00", day=5, source="W1")
LATER = Released("payment", "30.00", "ORD-2002", "-1.00", 6, "S2")


def received(
    context: Context, office: Office, content: bytes, name: str = "report.csv", account_id: int = 0
) -> Document:
    """A report that nothing refuses."""
    return done(receive_document(context, office.preparer, office.entity_id, name, content, account_id=account_id))


def batches(context: Context, office: Office) -> list[SettlementBatch]:
    """Every batch of the office by id."""
    with context.store.reading() as view:
        return view.all(SettlementBatch, entity_id=office.entity_id)


def entries(context: Context, office: Office) -> list[SettlementEntry]:
    """Every entry of the office by line."""
    with context.store.reading() as view:
        return view.all(SettlementEntry, entity_id=office.entity_id)


def lines(context: Context, office: Office, *conditions: Condition) -> list[LineNow]:
    """Lines of the office by id."""
    return done(find_lines(context, office.owner, office.entity_id, *conditions))


def figures(batch: SettlementBatch) -> tuple[int, int, int, int | None, int | None]:
    """Entries, their sum, what was carried, the payout and the gap."""
    return (
        batch.entries,
        batch.entries_minor_units,
        batch.carried_minor_units,
        batch.payout_minor_units,
        batch.gap_minor_units,
    )


def test_a_settlement_report_opens_the_clearing_account_of_its_provider(context: Context) -> None:
    office = given_office(context, "BRL")

    received(context, office, settlement_detail([SALE, PAYOUT._replace(gross="-97.00")]))
    received(context, office, release_report("0.00", [PAYMENT]))

    opened = done(accounts(context, office.owner, office.entity_id))
    assert [(each.kind, each.name, each.number, each.currency) for each in opened] == [
        ("provider", "ADYEN-LOJA", "ADYEN-LOJA", "BRL"),
        ("provider", "MERCADO PAGO", "MERCADOPAGO", "BRL"),
    ]


def test_entries_what_was_carried_and_the_payout_of_a_batch_close_to_zero(context: Context) -> None:
    office = given_office(context, "BRL")
    carried = Settled("Balancetransfer", "20.00")

    received(context, office, settlement_detail([SALE, OTHER_SALE, CHARGEBACK, FEE, carried, PAYOUT]))

    (batch,) = batches(context, office)
    (payout,) = lines(context, office, Condition("kind", "=", "payout"))
    assert figures(batch) == (6, 123_50, 20_00, 143_50, 0)
    assert (batch.number, batch.channel, batch.state, batch.sign_rule) == ("7", "ADYEN", "open", "as_received")
    assert (batch.payout_line_id, batch.payout_day) == (payout.line.id, payout.line.booking_day)
    assert sum(now.line.minor_units for now in lines(context, office)) == 0


def test_beside_each_entry_stands_what_the_provider_says_of_it(context: Context) -> None:
    office = given_office(context, "BRL")

    received(context, office, settlement_detail([SALE, PAYOUT._replace(gross="-97.00")]))

    told = [
        (each.entry_type, each.received, each.order_code, each.channel, now.line.kind, now.line.minor_units)
        for each, now in zip(entries(context, office), lines(context, office), strict=False)
    ]
    assert told == [
        ("Settled", "100.00", "ORD-1001", "ADYEN", "sale", 100_00),
        ("Commission (NC)", "-3.00", "ORD-1001", "ADYEN", "fee", -3_00),
    ]


def test_each_number_and_currency_of_a_report_is_a_batch(context: Context) -> None:
    office = given_office(context, "BRL")
    first = [SALE, PAYOUT._replace(gross="-97.00")]
    second = [each._replace(batch="8", psp=f"{each.psp}b") for each in first]

    received(context, office, settlement_detail([*first, *second]))

    assert [(each.number, figures(each)) for each in batches(context, office)] == [
        (number, (2, 97_00, 0, 97_00, 0)) for number in ("7", "8")
    ]


def test_a_batch_that_does_not_add_up_keeps_its_gap(context: Context) -> None:
    office = given_office(context, "BRL")

    received(context, office, settlement_detail([SALE, PAYOUT._replace(gross="-98.00")]))

    (batch,) = batches(context, office)
    assert batch.gap_minor_units == 1_00


def test_overlapping_reports_tell_each_entry_of_a_batch_once(context: Context) -> None:
    office = given_office(context, "BRL")
    weekly, monthly = [SALE, FEE], [SALE, OTHER_SALE, FEE, FEE, PAYOUT._replace(gross="-141.50")]

    received(context, office, settlement_detail(weekly))
    received(context, office, settlement_detail(monthly))
    received(context, office, settlement_detail([*monthly, Settled("Fee", "-1.00", batch="8")]))

    first, second = batches(context, office)
    assert figures(first) == (6, 141_50, 0, 141_50, 0)
    assert (second.number, figures(second)) == ("8", (1, -1_00, 0, None, None))
    assert len(entries(context, office)) == 7


def test_equal_fees_of_two_batches_are_two(context: Context) -> None:
    office = given_office(context, "BRL")

    received(context, office, settlement_detail([FEE, FEE._replace(batch="8")]))
    received(context, office, settlement_detail([FEE._replace(batch="8"), FEE._replace(batch="9")]))

    assert [(each.number, each.entries) for each in batches(context, office)] == [("7", 1), ("8", 1), ("9", 1)]


def test_a_release_report_has_one_batch_per_payout_and_one_of_what_waits(context: Context) -> None:
    office = given_office(context, "BRL")

    received(context, office, release_report("10.00", [PAYMENT, WITHDRAWAL, LATER]))

    paid, waiting = batches(context, office)
    assert (paid.number, figures(paid)) == ("W1", (2, 96_00, -6_00, 90_00, 0))
    assert (waiting.number, figures(waiting)) == ("", (2, 29_00, -29_00, None, 0))


def test_what_a_release_report_leaves_unexplained_stands_with_its_last_batch(context: Context) -> None:
    office = given_office(context, "BRL")

    received(context, office, release_report("10.00", [PAYMENT, WITHDRAWAL, LATER], closing="46.00"))

    assert [each.gap_minor_units for each in batches(context, office)] == [0, 1_00]


def test_entries_go_from_what_waits_into_the_payout_that_a_later_report_tells_and_stay_delivered(
    context: Context,
) -> None:
    office = given_office(context, "BRL")
    received(context, office, release_report("10.00", [PAYMENT, WITHDRAWAL, LATER]))
    done(analyse(context, office.owner, office.entity_id))
    integration = done(integration_of(context, office.owner))
    read = [each.entry.line_id for each in done(unresolved(context, office.owner, integration, Fetch())).entries]
    mark_read(context, office.owner, integration, read)
    second, third = Released("payout", "-40.00", day=7, source="W2"), Released("payment", "8.00", "ORD-2003", day=8)

    received(context, office, release_report("10.00", [PAYMENT, WITHDRAWAL, LATER, second, third]), "later.csv")
    done(analyse(context, office.owner, office.entity_id))

    first, waiting, paid = batches(context, office)
    page = done(unresolved(context, office.owner, integration, Fetch()))
    assert (first.number, figures(first)) == ("W1", (2, 96_00, -6_00, 90_00, 0))
    assert (paid.number, figures(paid)) == ("W2", (2, 29_00, 11_00, 40_00, 0))
    assert (waiting.number, figures(waiting)) == ("", (1, 8_00, -8_00, None, 0))
    assert [each.entry.order_code for each in page.entries] == ["ORD-2003"]


def test_a_report_of_a_provider_does_not_go_into_an_account_of_a_bank(context: Context) -> None:
    office = given_office(context, "BRL")
    bank = done(
        open_account(context, office.owner, office.entity_id, AccountRequest(kind="bank", name="B", currency="BRL"))
    )

    told = receive_document(
        context, office.owner, office.entity_id, "r.csv", settlement_detail([SALE]), account_id=bank.id
    )

    assert refused(told) == [("account_mismatch", "account_id")]


def test_a_report_goes_into_the_provider_account_that_it_was_sent_for(context: Context) -> None:
    office = given_office(context, "BRL")
    request = AccountRequest(kind="provider", name="Marketplace", currency="BRL")
    account: Account = done(open_account(context, office.owner, office.entity_id, request))

    received(context, office, release_report("0.00", [PAYMENT]), account_id=account.id)

    (batch,) = batches(context, office)
    assert batch.account_id == account.id


def test_a_row_without_a_day_refuses_its_report_and_is_named_once_however_many_entries_it_tells(
    context: Context,
) -> None:
    office = given_office(context, "BRL")
    content = settlement_detail([SALE, OTHER_SALE]).replace(b"2026-05-04", b"04/05/2026", 1)

    told = receive_document(context, office.owner, office.entity_id, "r.csv", content)

    assert [(code, place.split(":")[1]) for code, place in refused(told)] == [("bad_date", "2")]


@pytest.mark.parametrize("later", [False, True])
def test_what_comes_in_is_analysed_for_whoever_sent_it(context: Context, later: bool) -> None:
    office = given_office(context, "BRL")
    content = settlement_detail([SALE, PAYOUT._replace(gross="-97.00")])

    done(receive_document(context, office.preparer, office.entity_id, "r.csv", content, later=later))
    run_queued(context)

    with context.store.reading() as view:
        (job,) = view.all(Job, entity_id=office.entity_id, kind="analyse_settlements")
    assert (job.state, json.loads(job.answer)["analysed"]) == ("done", 1)
    assert [each.state for each in batches(context, office)] == ["analyzed"]


def test_many_reports_of_one_account_wait_for_one_analysis(context: Context) -> None:
    office = given_office(context, "BRL")

    for number in ("7", "8", "9"):
        received(context, office, settlement_detail([SALE._replace(batch=number)]), f"{number}.csv")

    with context.store.reading() as view:
        assert view.count(Job, entity_id=office.entity_id, kind="analyse_settlements") == 1


def test_an_analysis_that_is_asked_for_by_nobody_who_may_is_not_made(context: Context) -> None:
    office = given_office(context, "BRL")
    received(context, office, settlement_detail([SALE]))
    with context.store.operating() as work:
        (job,) = work.all(Job, entity_id=office.entity_id, kind="analyse_settlements")
        asked = json.loads(job.request)
        asked["acting"]["user_id"] = office.stranger.user_id
        work.change(job, request=json.dumps(asked))

    run_queued(context)

    with context.store.reading() as view:
        (ended,) = view.all(Job, entity_id=office.entity_id, kind="analyse_settlements")
    assert json.loads(ended.answer) == {"refusals": ["not_found"]}
    assert [each.state for each in batches(context, office)] == ["open"]

"""Batches that wait: for the bank line of their payout, for orders, or for a balance that nobody stated."""

import pytest

from tests.given_analysis import PAYOUT, SALE, only_batch
from tests.given_documents import done
from tests.given_reports import Settled, settlement_detail
from tests.given_settlements import a_batch, given_provider
from tests.given_store import Office, given_office
from tieout.domain.kinds import Side
from tieout.domain.work import Job
from tieout.services.context import Context
from tieout.services.intake import receive_document
from tieout.services.jobs import run_queued
from tieout.services.settlements.closing import closing_refusals

ORDERS = b"id,kind,currency,amount,booking_date,reference\nO-1,order,BRL,100.00,2026-05-04,ORD-1001\n"


def received(context: Context, office: Office, content: str | bytes, name: str) -> None:
    """A document that nothing refuses, and every job that it brought."""
    raw = content if isinstance(content, bytes) else content.encode()
    side: Side = "ledger" if raw.startswith(b"id,kind") else "statement"
    done(receive_document(context, office.owner, office.entity_id, name, raw, side=side))
    run_queued(context)


def bank_statement(currency: str) -> str:
    """A statement of the bank with one line of 97.00 from the provider, which names the payout."""
    return (
        f":20:1\n:25:0001-{currency}\n:28C:5/1\n:60F:C260506{currency}0,00\n:61:2605070507C97,00NTRFNONREF\n"
        f":86:ADYEN LOJA BATCH 7\n:62F:C260507{currency}97,00\n-\n"
    )


def analyses(context: Context, office: Office) -> int:
    """How often the provider's account was analysed."""
    with context.store.reading() as view:
        return view.count(Job, entity_id=office.entity_id, kind="analyse_settlements")


def test_a_batch_becomes_final_by_itself_when_the_bank_statement_with_its_payout_comes_in(context: Context) -> None:
    office = given_office(context, "BRL")
    received(context, office, settlement_detail([SALE, PAYOUT]), "report.csv")
    before = only_batch(context, office).state

    received(context, office, bank_statement("BRL"), "may.sta")

    assert (before, only_batch(context, office).state) == ("analyzed", "finalized")


def test_orders_that_come_behind_the_report_are_tied_by_themselves(context: Context) -> None:
    office = given_office(context, "BRL")
    received(context, office, settlement_detail([SALE, PAYOUT]), "report.csv")

    received(context, office, ORDERS, "books.csv")

    assert analyses(context, office) == 2


@pytest.mark.parametrize(
    ("rows", "currency"), [([SALE, PAYOUT], "NOK"), ([SALE._replace(batch="")], "BRL")], ids=["elsewhere", "unpaid"]
)
def test_a_bank_statement_that_no_batch_waits_for_asks_for_no_analysis(
    context: Context, rows: list[Settled], currency: str
) -> None:
    office = given_office(context, "BRL")
    received(context, office, settlement_detail(rows), "report.csv")

    received(context, office, bank_statement(currency), "may.sta")

    assert analyses(context, office) == 1


@pytest.mark.parametrize(("payout", "lacks"), [(None, "payout"), (90_00, "carried")])
def test_a_batch_without_a_proof_says_whether_its_payout_or_its_balances_are_lacking(
    context: Context, payout: int | None, lacks: str
) -> None:
    batch = a_batch(
        given_provider(context, given_office(context, "BRL")), 1, payout_minor_units=payout, gap_minor_units=None
    )

    told = closing_refusals(batch, [], [])

    assert [each.concerns for each in told if each.code == "required"] == [lacks]

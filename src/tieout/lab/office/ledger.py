"""The Norwegian entity's own accounting: a plain-text ledger folder that tieout is connected to."""

import shutil
from pathlib import Path

from tieout.domain.connections import Connection
from tieout.domain.people import Entity, Principal
from tieout.lab.office.doing import day, done
from tieout.services.context import Context
from tieout.services.invoice_rules import InvoiceLineRequest, InvoiceRequest
from tieout.services.invoices import create_invoice
from tieout.services.people.operator import operator
from tieout.services.syncing.connections import configure_connection, create_connection


def connect_ledger(context: Context, owner: Principal, company: Path, entity: Entity, folder: Path) -> Connection:
    """Copy the company's ledger to `folder`, connect the entity to it, and issue two invoices and a bill.

    The first sync and the pushes are left to the worker. The bill has a tax rate that the ledger has not: its push
    ends in an error that says so, until somebody adds the rate there and pushes again.
    """
    shutil.copytree(company / "ledger", folder)
    made = done(create_connection(context, owner, entity.id))
    settings = {"folder": str(folder.resolve()), "format": "hledger"}
    # Whoever runs the command may name a folder of the machine.
    acting = operator(context, owner.organisation_id)
    connected = done(configure_connection(context, acting, entity.id, made.id, "journal", settings, {}))
    for number, customer, kilos, tax_rate in (
        ("W-102", "Turisthytta Skarv AS", 25, 1500),
        ("W-103", "Kystkafeen Måke DA", 10, 1500),
    ):
        _sell(context, owner, entity.id, number, customer, kilos, tax_rate)
    _buy_with_an_unknown_tax(context, owner, entity.id)
    return connected


def _sell(
    context: Context, owner: Principal, entity_id: int, number: str, customer: str, kilos: int, tax_rate: int
) -> None:
    net = kilos * 100_00
    line = InvoiceLineRequest(
        description="Filter roast, by the kilo",
        quantity=str(kilos),
        minor_units=net,
        tax_minor_units=net * tax_rate // 10_000,
        price_minor_units=100_00,
        tax_rate_value=tax_rate,
        account_code="3000",
    )
    request = InvoiceRequest(
        direction="receivable",
        currency="NOK",
        issue_day=day("2026-06-19"),
        number=number,
        counterparty=customer,
        lines=(line,),
    )
    done(create_invoice(context, owner, entity_id, request))


def _buy_with_an_unknown_tax(context: Context, owner: Principal, entity_id: int) -> None:
    line = InvoiceLineRequest(
        description="Train tickets",
        quantity="2",
        minor_units=-1_000_00,
        tax_minor_units=-120_00,
        price_minor_units=500_00,
        tax_rate_value=1200,
        account_code="4300",
    )
    request = InvoiceRequest(
        direction="payable",
        currency="NOK",
        issue_day=day("2026-06-19"),
        number="T-5518",
        counterparty="Vestkystbanen AS",
        lines=(line,),
    )
    done(create_invoice(context, owner, entity_id, request))

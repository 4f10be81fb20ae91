"""The whole way of the vendor's guide, with the vendor's client, against books that really lie in a folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from monite import AccountingSettings, DefaultLedgerAccountIDs, Monite
from monite.core.api_error import ApiError

from tests.dialects.monite.given import VERSION, Firm
from tests.dialects.serving import serving
from tests.given_matches import accepted
from tests.platforms.journal.given import copied, settings_of
from tieout import app
from tieout.dialects.monite import application
from tieout.kernel.dates import day_number, day_of_text
from tieout.services.context import Context
from tieout.services.invoices import InvoiceLineRequest, InvoiceRequest, create_invoice
from tieout.services.jobs import run_queued
from tieout.services.people.operator import operator
from tieout.services.syncing.connections import configure_connection, connection_of_public_id

ISSUED = day_number(day_of_text("2026-01-15"))


@pytest.fixture
def outside(context: Context) -> Context:
    """The context with the platforms that there are."""
    return replace(context, platforms=app.platforms)


@pytest.fixture
def second(outside: Context, firm: Firm) -> Iterator[Monite]:
    """The vendor's client for the entity that is not connected yet."""
    with serving(application(outside)) as url, httpx.Client() as over:
        yield Monite(
            base_url=f"{url}/v1",
            monite_version=VERSION,
            monite_entity_id=firm.second_entity_id,
            token=firm.token,
            httpx_client=over,
        )


def given_ledger(context: Context, firm: Firm, connection_id: str, folder: Path) -> Path:
    """A ledger in a folder, told to the connection as its page says, and synced."""
    ledger = copied("hledger", folder)
    owner, entity_id = firm.office.owner, firm.office.entities[1].id
    waiting = accepted(connection_of_public_id(context, owner, entity_id, connection_id))
    acting = operator(context, firm.office.organisation.id)
    told = configure_connection(context, acting, entity_id, waiting.id, "journal", settings_of("hledger", ledger), {})
    accepted(told)
    run_queued(context)
    return ledger


def invoiced(context: Context, firm: Firm, number: str, tax_rate_value: int, vat_rate_id: str = "") -> str:
    """The public id of an invoice of one line of 100.00 with its tax."""
    tax = tax_rate_value
    line = InvoiceLineRequest(
        description="Beans",
        minor_units=100_00,
        tax_minor_units=tax,
        price_minor_units=100_00,
        tax_rate_value=tax_rate_value,
        vat_rate_id=vat_rate_id,
    )
    request = InvoiceRequest(
        direction="receivable",
        currency="NOK",
        issue_day=ISSUED,
        number=number,
        counterparty="Kafé Fontene AS",
        lines=(line,),
        instalments=((ISSUED, 100_00 + tax),),
    )
    entity_id = firm.office.entities[1].id
    return accepted(create_invoice(context, firm.office.owner, entity_id, request))[0].public_id


def test_an_entity_connects_reads_its_books_sends_an_invoice_and_disconnects(
    second: Monite, outside: Context, firm: Firm, tmp_path: Path
) -> None:
    accounting = second.accounting
    assert accounting.connections.get().data == []
    connection_id = accounting.connections.create().id
    ledger = given_ledger(outside, firm, connection_id, tmp_path)

    (connection,) = accounting.connections.get().data
    rates = {each.name: each for each in accounting.tax_rates.get().data}
    accounts = {each.nominal_code: each for each in accounting.ledger_accounts.get().data}
    (bill,) = accounting.payables.get().data
    assert (connection.status, connection.errors) == ("connected", None)
    assert connection.last_pull is not None
    assert connection.business_info is not None
    assert connection.business_info.legal_name == "Nordlys Kaffebrenneri AS"
    assert rates["VAT 25 %"].effective_tax_rate == 2500
    assert (accounts["3000"].type, accounts["1920"].is_bank_account) == ("Income", True)
    assert (bill.invoice_number, bill.total_amount, bill.subtotal) == ("B-77", 10_000, 8_000)
    assert [each.sync_status for each in accounting.synced_records.get(object_type="bill").data] == ["done"]

    wanted = AccountingSettings(ledger_account_ids=DefaultLedgerAccountIDs(products=accounts["3000"].id))
    second.entities.update_settings_by_id(firm.second_entity_id, accounting=wanted)
    sent = invoiced(outside, firm, "F-1", 25_00, rates["VAT 25 %"].id)
    waiting = accounting.synced_records.get(object_type="receivable", object_id=sent).data
    run_queued(outside)
    (done,) = accounting.synced_records.get(object_type="receivable", object_id=sent).data
    assert [each.sync_status for each in waiting] == ["pending"]
    assert (done.sync_status, done.errors, done.platform) == ("done", {}, None)
    assert done.platform_object_id
    assert accounting.receivables.get_by_id(done.platform_object_id).invoice_number == "F-1"
    assert "F-1" in "".join(path.read_text("utf-8") for path in ledger.rglob("*.journal"))

    accounting.connections.disconnect_by_id(connection_id)
    assert accounting.connections.get().data == []
    with pytest.raises(ApiError) as refused:
        accounting.connections.sync_by_id(connection_id)
    assert refused.value.status_code == 409


def test_a_rate_that_the_books_do_not_have_is_an_error_to_put_right_and_push_again(
    second: Monite, outside: Context, firm: Firm, tmp_path: Path
) -> None:
    records = second.accounting.synced_records
    ledger = given_ledger(outside, firm, second.accounting.connections.create().id, tmp_path)
    sent = invoiced(outside, firm, "F-2", 12_50)
    run_queued(outside)
    (failed,) = records.get(object_type="receivable", object_id=sent).data

    with (ledger / "accounts.journal").open("a", encoding="utf-8") as file:
        file.write(
            "\n; tax-rate V12\n;   name: VAT 12.5 %\n;   direction: sales\n;   rate: 12.5\n"
            ";   account: Liabilities:Tax:Output\n"
        )
    (connection,) = second.accounting.connections.get().data
    second.accounting.connections.sync_by_id(connection.id)
    run_queued(outside)
    pushed = records.push_by_id(failed.id)
    again = records.push_by_id(failed.id)
    run_queued(outside)
    done = records.get_by_id(failed.id)

    assert failed.sync_status == "error"
    assert failed.errors is not None
    assert "12.5" in str(failed.errors["message"])
    assert (pushed.sync_status, again.sync_status) == ("pending", "pending")
    assert (done.sync_status, done.errors) == ("done", {})

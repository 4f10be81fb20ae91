"""The vendor's own Python client makes every accounting call against this face, and understands every answer."""

import inspect
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from monite import AccountingSettings, DefaultAccountingTaxIDs, DefaultLedgerAccountIDs, Monite
from monite.core.api_error import ApiError
from monite.errors import UnauthorizedError, UnprocessableEntityError

from tests.dialects.monite.given import NO_SUCH_ID, VERSION, Firm
from tieout.domain.connections import SyncStatus

Calling = Callable[[Monite, Firm], None]


def list_connections(monite: Monite, firm: Firm) -> None:
    """The one that is connected, with whose books they are."""
    (found,) = monite.accounting.connections.get().data

    assert found.id == firm.connection.public_id
    assert (found.status, found.platform, found.last_pull, found.errors) == ("connected", "paper", None, None)
    assert found.business_info is not None
    assert found.business_info.base_currency == "NOK"


def create_connection(monite: Monite, firm: Firm) -> None:
    """It waits, once the one before is ended."""
    monite.accounting.connections.disconnect_by_id(firm.connection.public_id)

    made = monite.accounting.connections.create()

    assert made.status == "pending_auth"
    assert made.connection_url.endswith(f"/v1/accounting_connections/{made.id}/connect")


def one_connection(monite: Monite, firm: Firm) -> None:
    """By its id."""
    found = monite.accounting.connections.get_by_id(firm.connection.public_id)

    assert found.created_at == datetime(2026, 1, 15, 12, tzinfo=UTC)


def disconnect(monite: Monite, firm: Firm) -> None:
    """The answer is a whole connection, whose address the client requires."""
    ended = monite.accounting.connections.disconnect_by_id(firm.connection.public_id)

    assert (ended.status, bool(ended.connection_url)) == ("disconnected", True)
    assert monite.accounting.connections.get().data == []


def sync(monite: Monite, firm: Firm) -> None:
    """It is begun, not done."""
    assert monite.accounting.connections.sync_by_id(firm.connection.public_id).message


def list_records(monite: Monite, firm: Firm) -> None:
    """With every filter at once, from page to page."""
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    kept = [firm.record("bill").public_id for _ in range(3)]
    records = monite.accounting.synced_records
    page = records.get(
        object_type="bill",
        sort="updated_at",
        order="desc",
        limit=2,
        object_id_in=[*kept, NO_SUCH_ID],
        created_at_gte=noon,
        created_at_lte=noon,
        created_at_gt=noon - timedelta(milliseconds=1),
        created_at_lt=noon + timedelta(milliseconds=1),
        updated_at_gte=noon,
        updated_at_lte=noon,
        updated_at_gt=noon - timedelta(microseconds=1),
        updated_at_lt=noon + timedelta(hours=1),
    )
    rest = records.get(object_type="bill", limit=2, pagination_token=page.next_pagination_token)
    one = records.get(object_type="bill", object_id=kept[1])

    assert [each.id for each in (*page.data, *rest.data)] == kept[::-1]
    assert (page.prev_pagination_token, rest.next_pagination_token) == (None, None)
    assert [each.id for each in one.data] == [kept[1]]


def one_record(monite: Monite, firm: Firm) -> None:
    """By its id, with our unknown spelled as pending."""
    kept = firm.record("payment_record", SyncStatus.UNKNOWN)

    found = monite.accounting.synced_records.get_by_id(kept.public_id)

    assert (found.sync_status, found.platform, found.provider) == ("pending", None, None)
    assert found.errors is not None
    assert found.errors["code"] == "outcome_unknown"
    assert found.last_pulled_at == found.created_at


def push_record(monite: Monite, firm: Firm) -> None:
    """One that waits stays as it is; one that is done is a conflict."""
    waiting, done = firm.record("bill", SyncStatus.PENDING), firm.record("bill")

    assert monite.accounting.synced_records.push_by_id(waiting.public_id).sync_status == "pending"
    with pytest.raises(ApiError) as refused:
        monite.accounting.synced_records.push_by_id(done.public_id)
    assert refused.value.status_code == 409


def list_tax_rates(monite: Monite, firm: Firm) -> None:
    """By name, in both directions."""
    kept = [firm.tax_rate(name).public_id for name in ("B", "A", "C")]
    rates = monite.accounting.tax_rates

    page = rates.get(sort="name", order="desc", limit=2)
    rest = rates.get(limit=2, pagination_token=page.next_pagination_token)

    assert [each.id for each in (*page.data, *rest.data)] == [kept[2], kept[0], kept[1]]
    assert rest.prev_pagination_token is not None


def one_tax_rate(monite: Monite, firm: Firm) -> None:
    """In hundredths of a percent."""
    found = monite.accounting.tax_rates.get_by_id(firm.tax_rate().public_id)

    assert (found.effective_tax_rate, found.status) == (2500, "active")
    assert found.components is not None
    assert [(each.name, each.rate, each.is_compound) for each in found.components] == [("MVA", 2500, False)]


def list_ledger_accounts(monite: Monite, firm: Firm) -> None:
    """By name."""
    kept = [firm.ledger_account(name).public_id for name in ("Sales", "Bank")]

    found = monite.accounting.ledger_accounts.get(sort="name", order="asc", limit=250).data

    assert [each.id for each in found] == kept[::-1]


def one_ledger_account(monite: Monite, firm: Firm) -> None:
    """With its balance in minor units."""
    found = monite.accounting.ledger_accounts.get_by_id(firm.ledger_account().public_id)

    assert (found.current_balance, found.currency, found.type, found.status) == (-125_050, "NOK", "Income", "Active")


def list_payables(monite: Monite, firm: Firm) -> None:
    """Read directly, by limit and offset."""
    found = monite.accounting.payables.get(limit=2, offset=1).data

    assert [each.id for each in found] == [f"{firm.books}-bill-2", f"{firm.books}-bill-3"]


def one_payable(monite: Monite, firm: Firm) -> None:
    """By the accounting system's own id."""
    found = monite.accounting.payables.get_by_id(f"{firm.books}-bill-12")

    assert (found.total_amount, found.subtotal, found.tax_amount) == (124.88, 99.99, 24.89)
    assert (found.status, found.amount_due, found.currency) == ("open", None, "NOK")


def list_receivables(monite: Monite, firm: Firm) -> None:
    """Read directly."""
    found = monite.accounting.receivables.get(limit=500, offset=0).data

    assert [each.invoice_number for each in found] == ["F-001", "F-002"]


def one_receivable(monite: Monite, firm: Firm) -> None:
    """Its lines name the ledger account by the id that the list of them shows."""
    sales = firm.ledger_account()

    found = monite.accounting.receivables.get_by_id(f"{firm.books}-receivable-1")

    assert found.lines is not None
    assert [(each.ledger_account_id, each.quantity, each.unit_amount) for each in found.lines] == [
        (sales.public_id, 3, 33.33)
    ]
    assert found.customer_ref is not None
    assert found.customer_ref.company_name == "Paper Mill AS"


# By the name that the call has in the client, what is made of it.
CALLS: Mapping[str, Calling] = {
    "connections.get": list_connections,
    "connections.create": create_connection,
    "connections.get_by_id": one_connection,
    "connections.disconnect_by_id": disconnect,
    "connections.sync_by_id": sync,
    "synced_records.get": list_records,
    "synced_records.get_by_id": one_record,
    "synced_records.push_by_id": push_record,
    "tax_rates.get": list_tax_rates,
    "tax_rates.get_by_id": one_tax_rate,
    "ledger_accounts.get": list_ledger_accounts,
    "ledger_accounts.get_by_id": one_ledger_account,
    "payables.get": list_payables,
    "payables.get_by_id": one_payable,
    "receivables.get": list_receivables,
    "receivables.get_by_id": one_receivable,
}


@pytest.mark.parametrize("name", list(CALLS))
def test_the_vendors_client_makes_the_call_and_understands_the_answer(name: str, monite: Monite, firm: Firm) -> None:
    CALLS[name](monite, firm)

    assert name in _calls_of(monite)


def test_no_accounting_call_of_the_vendors_client_is_left_out(monite: Monite) -> None:
    assert _calls_of(monite) == set(CALLS)


def test_the_vendors_client_signs_in_for_itself_and_for_a_user(monite: Monite, firm: Firm, server: str) -> None:
    client_id, secret = firm.client.client.public_id, firm.client.secret
    own = monite.access_tokens.create(client_id=client_id, client_secret=secret, grant_type="client_credentials")
    of_user = monite.access_tokens.create(
        client_id=client_id, client_secret=secret, grant_type="entity_user", entity_user_id=firm.reader_id
    )
    with httpx.Client() as over:
        as_user = Monite(
            base_url=f"{server}/v1",
            monite_version=VERSION,
            monite_entity_id=firm.entity_id,
            token=of_user.access_token,
            httpx_client=over,
        )

        assert len(as_user.accounting.connections.get().data) == 1
        revoked = monite.access_tokens.revoke(client_id=client_id, client_secret=secret, token=of_user.access_token)
        with pytest.raises(UnauthorizedError):
            as_user.accounting.connections.get()

    with pytest.raises(ApiError) as wrong:
        monite.access_tokens.create(client_id=client_id, client_secret="wrong", grant_type="client_credentials")
    assert (own.expires_in, own.token_type, bool(revoked.message)) == (86_400, "Bearer", True)
    assert wrong.value.status_code == 401


def test_the_vendors_client_changes_settings(monite: Monite, firm: Firm) -> None:
    sales, rate = firm.ledger_account().public_id, firm.tax_rate().public_id
    wanted = AccountingSettings(
        ledger_account_ids=DefaultLedgerAccountIDs(payments=sales), tax_ids=DefaultAccountingTaxIDs(deductions=rate)
    )

    changed = monite.entities.update_settings_by_id(firm.entity_id, accounting=wanted)
    shown = monite.entities.get_settings_by_id(firm.entity_id)
    version = monite.partner_settings.update(api_version="2023-09-01").api_version

    assert changed == shown
    assert shown.accounting is not None
    assert shown.accounting.ledger_account_ids == DefaultLedgerAccountIDs(payments=sales, products=None)
    assert version == monite.partner_settings.get().api_version == "2023-09-01"


def test_the_vendors_client_understands_what_is_refused(monite: Monite) -> None:
    with pytest.raises(UnprocessableEntityError) as misfit:
        monite.accounting.synced_records.get(object_type="invoice")
    with pytest.raises(ApiError) as missing:
        monite.accounting.tax_rates.get_by_id(NO_SUCH_ID)

    assert misfit.value.body["detail"][0]["loc"] == ["query", "object_type"]
    assert missing.value.status_code == 404


def _calls_of(monite: Monite) -> set[str]:
    """Every call of every part of the client's accounting."""
    found: set[str] = set()
    accounting: Any = monite.accounting
    for part in (name for name in dir(accounting) if not name.startswith("_") and name != "with_raw_response"):
        methods = inspect.getmembers(getattr(accounting, part), inspect.ismethod)
        found |= {f"{part}.{name}" for name, _ in methods if not name.startswith("_")}
    return found

"""The example company in a store: what the credentials file promises is really there."""

import json
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.given_store import given_context
from tieout.domain.people import Face
from tieout.lab.demo import company_folder
from tieout.lab.office.credentials import write_credentials
from tieout.lab.office.opening import open_office
from tieout.services.context import Context, Denied
from tieout.services.lines import line
from tieout.services.people.principals import principal_of_token
from tieout.services.reconciling_chain import reconciliations
from tieout.store.protocols import LineNow
from tieout.store.sql.migrating import migrate
from tieout.store.sql.store import open_store


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Context, dict[str, Any]]:
    """A store of its own with the example company, and what the credentials file says."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('office')}/tieout.db")
    migrate(store.database)
    context = given_context(store, "office")
    return context, open_office(
        context, company_folder(), tmp_path_factory.mktemp("books") / "ledger", "http://127.0.0.1:8000"
    )


def line_of(context: Context, told: dict[str, Any], line_id: int) -> LineNow:
    """The line as the user of a section's token sees it."""
    face = Face.FINTERA if "deposit_account_id" in told else Face.SNAPBOOKS
    principal = principal_of_token(context, face, told["token"])
    assert principal is not None
    found = line(context, principal, int(told.get("entity_id") or told["client_account_id"]), line_id)
    assert not isinstance(found, Denied)
    return found


def test_the_payables_and_transactions_that_can_be_reconciled_add_up(office: tuple[Context, dict[str, Any]]) -> None:
    context, credentials = office
    told = credentials["fintera"]

    accounts = [line_of(context, told, each) for each in told["reconcilable"]["financial_account_ids"]]
    transactions = [line_of(context, told, each) for each in told["reconcilable"]["financial_transaction_ids"]]

    assert all(each.line.paid_day is not None for each in accounts)
    assert sum(each.left_minor_units for each in accounts) == sum(each.left_minor_units for each in transactions)
    assert len(accounts) > 1
    assert len(transactions) > 1


def test_the_journal_line_says_what_the_bank_transaction_says(office: tuple[Context, dict[str, Any]]) -> None:
    context, credentials = office
    told = credentials["snapbooks"]

    entry_line = line_of(context, told, told["journal_entry_line_id"])
    transaction = line_of(context, told, told["bank_transaction_id"])

    assert entry_line.left_minor_units == transaction.left_minor_units == entry_line.line.minor_units
    assert entry_line.line.account_id == transaction.line.account_id == credentials["fintera"]["deposit_account_id"]


def test_the_foreign_sale_is_its_amount_at_its_rate(office: tuple[Context, dict[str, Any]]) -> None:
    context, credentials = office
    told = credentials["snapbooks"]

    entry_line = line_of(context, told, told["foreign"]["journal_entry_line_id"])
    transaction = line_of(context, told, told["foreign"]["bank_transaction_id"])

    assert (entry_line.line.currency, transaction.line.currency) == ("NOK", "EUR")
    worth = transaction.left_minor_units * Decimal(told["foreign"]["exchange_rate"])
    assert worth == entry_line.left_minor_units


def test_two_years_of_the_british_account_are_reconciled(office: tuple[Context, dict[str, Any]]) -> None:
    context, credentials = office
    token = credentials["native"]["token"]
    principal = principal_of_token(context, Face.NATIVE, token)
    assert principal is not None

    britain = max(principal.roles)
    chain = reconciliations(context, principal, britain, credentials["kashflow"]["bank_account_id"])

    assert not isinstance(chain, Denied)
    assert [str(each.status) for each in chain] == ["complete"] * 24


def test_the_credentials_file_keeps_amounts_exact_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    file.write_text("old")

    write_credentials(file, {"kashflow": {"next": {"EndBalance": Decimal("17625.10")}}})

    assert '"EndBalance": 17625.10' in file.read_text("utf-8")
    assert json.loads(file.read_text("utf-8"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["credentials.json"]

"""Tax rates and ledger accounts of the accounting system, as they were last pulled."""

from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.dialects.monite.calling import Call, refuse, require
from tieout.dialects.monite.paging import page_query, tokens_of
from tieout.dialects.monite.shapes_ledger import (
    LedgerAccountsAnswer,
    TaxRatesAnswer,
    read_ledger_account_query,
    read_tax_rate_query,
    write_ledger_account,
    write_tax_rate,
)
from tieout.domain.connections import ObjectType, SyncedRecord
from tieout.services.syncing.synced_records import synced_record, synced_records


def list_tax_rates(call: Call) -> Response:
    """A page of tax rates by name."""
    query = page_query(call, read_tax_rate_query)
    page = require(synced_records(call.context, call.principal, call.entity_id, query))
    following, preceding = tokens_of(call, query, page)
    shown = [write_tax_rate(each) for each in page.records]
    return json_answer(TaxRatesAnswer(listed=shown, next_pagination_token=following, prev_pagination_token=preceding))


def show_tax_rate(call: Call) -> Response:
    """One tax rate."""
    return json_answer(write_tax_rate(_pulled(call, "tax_rate_id", ObjectType.TAX_RATE)))


def list_ledger_accounts(call: Call) -> Response:
    """A page of ledger accounts by name."""
    query = page_query(call, read_ledger_account_query)
    page = require(synced_records(call.context, call.principal, call.entity_id, query))
    following, preceding = tokens_of(call, query, page)
    shown = [write_ledger_account(each) for each in page.records]
    return json_answer(
        LedgerAccountsAnswer(listed=shown, next_pagination_token=following, prev_pagination_token=preceding)
    )


def show_ledger_account(call: Call) -> Response:
    """One ledger account."""
    return json_answer(write_ledger_account(_pulled(call, "ledger_account_id", ObjectType.LEDGER_ACCOUNT)))


def _pulled(call: Call, name: str, object_type: ObjectType) -> SyncedRecord:
    """The object of the path. Raises Refused: what is of another kind, or gone, is not found."""
    found = require(synced_record(call.context, call.principal, call.entity_id, call.public_id(name)))
    return found if found.object_type == object_type and not found.gone else refuse("not_found", name)

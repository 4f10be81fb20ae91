"""Settlement batches and their entries as they are kept, without a report that they came from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.given_rows import a_line, an_account, keep, scope_of
from tests.given_store import NOON, Office
from tieout.domain.accounts import Account
from tieout.domain.lines import Line
from tieout.domain.settlements import SettlementBatch, SettlementEntry
from tieout.services.context import Context

# 2026-01-10, the day on which entries are released where a test does not say.
RELEASED = 20_463


def a_batch(account: Account, batch_id: int, **changes: Any) -> SettlementBatch:
    """An analysed batch without entries."""
    columns: dict[str, Any] = {
        "entity_id": account.entity_id,
        "id": batch_id,
        "account_id": account.id,
        "document_id": None,
        "statement_id": None,
        "number": str(batch_id),
        "channel": "B2W",
        "currency": account.currency,
        "state": "analyzed",
        "sign_rule": "as_received",
        "entries": 0,
        "entries_minor_units": 0,
        "carried_minor_units": 0,
        "payout_minor_units": None,
        "payout_day": None,
        "payout_line_id": None,
        "gap_minor_units": None,
        "start_day": None,
        "end_day": None,
        "created_at": NOON,
        "updated_at": NOON,
        "analyzed_at": NOON,
        "finalized_at": None,
    }
    return SettlementBatch(**(columns | changes))


def an_entry(batch: SettlementBatch, line: Line, **changes: Any) -> SettlementEntry:
    """A sale of the order that the line names."""
    columns: dict[str, Any] = {
        "entity_id": line.entity_id,
        "line_id": line.id,
        "batch_id": batch.id,
        "account_id": line.account_id,
        "channel": batch.channel,
        "order_code": line.reference,
        "entry_type": "SALE",
        "received": f"{line.minor_units // 100}.{line.minor_units % 100:02d}",
        "original_minor_units": None,
        "expected_minor_units": None,
        "expected_day": None,
        "released_day": RELEASED,
        "plot_number": None,
        "plots_quantity": None,
        "facts": "",
    }
    return SettlementEntry(**(columns | changes))


def given_provider(context: Context, office: Office, name: str = "B2W", currency: str = "NOK") -> Account:
    """The clearing account of a provider."""
    with context.store.operating() as work:
        (account_id,) = work.new_ids(Account)
    account = replace(
        an_account(office.entity_id, account_id), kind="provider", name=name, code="", number=name, currency=currency
    )
    keep(context, office, account)
    return account


def given_batch(
    context: Context,
    office: Office,
    account: Account,
    entries: Sequence[dict[str, Any]] | int = 1,
    **changes: Any,
) -> tuple[SettlementBatch, list[Line]]:
    """A batch with its entries, each given by changes to `an_entry`; or so many sales of orders 1, 2, ..."""
    if isinstance(entries, int):
        entries = [{} for _ in range(entries)]
    with context.store.writing(scope_of(office), "given", "given_batch", NOON) as work:
        (batch_id,) = work.new_ids(SettlementBatch)
        batch = a_batch(account, batch_id, **({"entries": len(entries)} | changes))
        lines = [
            a_line(
                office.entity_id,
                line_id,
                account_id=account.id,
                origin="document",
                currency=account.currency,
                reference=str(each.get("order_code", number)),
                batch=batch.number,
            )
            for number, (line_id, each) in enumerate(zip(work.new_ids(Line, len(entries)), entries, strict=True), 1)
        ]
        work.add(batch, *lines)
        work.add(*(an_entry(batch, line, **each) for line, each in zip(lines, entries, strict=True)))
    return batch, lines

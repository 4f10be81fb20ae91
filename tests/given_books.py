"""An office whose books are those of an accounting platform, in the words of a test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.given_matches import Desk, accepted
from tests.given_platform import Stub, given_connection, with_platform
from tests.given_store import Clock, given_office
from tieout.domain.books import Difference, Invoice
from tieout.domain.connections import Connection, SyncedRecord
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.invoices import (
    InvoiceLineRequest,
    InvoiceNow,
    InvoiceRequest,
    create_invoice,
    invoice,
    invoices,
)
from tieout.services.jobs import run_queued
from tieout.services.lines import LineNow, find_lines
from tieout.services.syncing.connections import sync_connection

JANUARY_5, JANUARY_10, JANUARY_20 = 20_458, 20_463, 20_473


@dataclass(frozen=True)
class BooksElsewhere(Desk):
    """An office whose books are a platform's."""

    clock: Clock
    connection: Connection

    def synced(self) -> None:
        """Pull once, and run what that queues."""
        accepted(sync_connection(self.context, self.office.owner, self.entity_id, self.connection.id))
        run_queued(self.context)

    def work_off(self, hours: int = 0) -> None:
        """Run what is due, and what becomes due in the next hours."""
        run_queued(self.context)
        for _ in range(hours):
            self.clock.forward(hours=1)
            run_queued(self.context)

    def instalment(self, of: Invoice) -> int:
        """The one open item of an invoice."""
        return next(now.line.id for now in self.lines() if now.line.parent_id == of.id)

    def lines(self) -> list[LineNow]:
        """The lines of the books."""
        found = accepted(find_lines(self.context, self.office.owner, self.entity_id))
        return [now for now in found if now.line.side == "ledger"]

    def entries(self) -> list[LineNow]:
        """The book entries of the account."""
        return [now for now in self.lines() if now.line.kind == "journal_entry_line"]

    def only_invoice(self) -> InvoiceNow:
        """The one invoice that there is."""
        (found,) = accepted(invoices(self.context, self.office.owner, self.entity_id))
        return accepted(invoice(self.context, self.office.owner, self.entity_id, found.id))

    def records(self, object_type: str) -> list[SyncedRecord]:
        """The records of a type."""
        with self.context.store.reading() as view:
            return view.all(SyncedRecord, entity_id=self.entity_id, object_type=object_type)

    def record(self, object_type: str = "receivable") -> SyncedRecord:
        """The one record of a type."""
        (found,) = self.records(object_type)
        return found

    def error(self, object_type: str = "receivable") -> Mapping[str, str]:
        """What the one record of a type says is wrong."""
        told: Mapping[str, str] = json.loads(self.record(object_type).errors)
        return told

    def differences(self) -> list[tuple[str, int]]:
        """What somebody must explain: subject and amount."""
        with self.context.store.reading() as view:
            return [(each.subject, each.minor_units) for each in view.all(Difference, entity_id=self.entity_id)]


@dataclass(frozen=True)
class Books(BooksElsewhere):
    """An office whose books are the stub's."""

    stub: Stub

    def invoiced(self, number: str = "I-1", minor_units: int = 100_00, **fields: Any) -> Invoice:
        """An invoice without tax, made here."""
        line = fields.pop("line", {})
        request = InvoiceRequest(
            direction="receivable" if minor_units > 0 else "payable",
            currency="NOK",
            issue_day=JANUARY_5,
            number=number,
            counterparty="Fjord AS",
            lines=(InvoiceLineRequest(description="Goods", minor_units=minor_units, account_code="3000", **line),),
            **fields,
        )
        return accepted(create_invoice(self.context, self.office.owner, self.entity_id, request))[0]

    def there(self, object_type: str = "receivable") -> list[dict[str, Any]]:
        """What the platform has of a type."""
        return [each.content for each in self.stub.objects[object_type].values()]

    def sent(self) -> int:
        """How often something was pushed."""
        return [call for call, _ in self.stub.calls].count("push")


def given_books(context: Context, clock: Clock) -> Books:
    """Books with a bank account 1920, connected before anything is in them."""
    stub = Stub()
    here = with_platform(context, stub)
    office = given_office(here)
    request = AccountRequest(kind="bank", name="Bank", currency="NOK", code="1920")
    account = accepted(open_account(here, office.owner, office.entity_id, request))
    return Books(here, office, account, clock, given_connection(here, office), stub)

"""An entity whose provider settles: reports taken in, orders and bank lines to tie them to, and what came of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tests.given_documents import done
from tests.given_reports import Settled, settlement_detail
from tests.given_store import Office
from tieout.domain.books import Difference
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.match_records import StoredMatch
from tieout.domain.people import Principal
from tieout.domain.settlements import SettlementBatch
from tieout.kernel.dates import day_number
from tieout.services.accounts import AccountRequest, open_account
from tieout.services.context import Context
from tieout.services.intake import receive_document
from tieout.services.lines import Condition, LineNow, LineRequest, enter_lines, find_lines
from tieout.services.matching import find_matches
from tieout.services.settlements.analysing import Analysis, analyse
from tieout.services.settlements.receiving import EntriesReceived, ReceivedEntry, receive_entries

MAY_4 = day_number(date(2026, 5, 4))
SALE = Settled("Settled", "100.00", "ORD-1001", "3.00", psp="PSP0001")
PAYOUT = Settled("MerchantPayout", "-97.00", day=6)


def report(context: Context, office: Office, rows: Sequence[Settled]) -> None:
    """A settlement report that is taken in."""
    content = settlement_detail(rows)
    done(receive_document(context, office.owner, office.entity_id, "report.csv", content))


def given_bank(context: Context, office: Office, *arrived: int) -> list[int]:
    """The lines of a bank account on which the provider's payouts arrived on the seventh of May."""
    request = AccountRequest(kind="bank", name="Bank", number="0001-2", currency="BRL")
    bank = done(open_account(context, office.owner, office.entity_id, request))
    return entered(
        context,
        office,
        *({"account_id": bank.id, "minor_units": each, "description": "ADYEN LOJA"} for each in arrived),
    )


def given_order(context: Context, office: Office, reference: str, minor_units: int, day: int = MAY_4) -> int:
    """An order in the books that waits for its money."""
    order = {"side": "ledger", "kind": "order", "account_id": 0, "reference": reference, "booking_day": day}
    (line_id,) = entered(context, office, order | {"minor_units": minor_units})
    return line_id


def entered(context: Context, office: Office, *columns: dict[str, Any]) -> list[int]:
    """Lines that somebody entered."""
    same: dict[str, Any] = {"side": "statement", "kind": "", "currency": "BRL", "booking_day": MAY_4 + 3}
    requests = [LineRequest(**(same | each)) for each in columns]
    return [line.id for line in done(enter_lines(context, office.owner, office.entity_id, requests))]


def analysed(context: Context, office: Office, who: Principal | None = None) -> Analysis:
    """What came of an analysis that nothing refuses."""
    return done(analyse(context, who or office.owner, office.entity_id))


def only_batch(context: Context, office: Office) -> SettlementBatch:
    """The one batch of the office."""
    with context.store.reading() as view:
        (batch,) = view.all(SettlementBatch, entity_id=office.entity_id)
    return batch


def differences(context: Context, office: Office, state: str = "open") -> list[Difference]:
    """The differences of the office by id."""
    with context.store.reading() as view:
        return view.all(Difference, entity_id=office.entity_id, state=state)


def line_of_kind(context: Context, office: Office, kind: str) -> LineNow:
    """The one line of a kind."""
    (now,) = done(find_lines(context, office.owner, office.entity_id, Condition("kind", "=", kind)))
    return now


def ties(context: Context, office: Office) -> list[StoredMatch]:
    """Every match of the office."""
    return done(find_matches(context, office.owner, office.entity_id))


def given_entry(context: Context, office: Office, account_id: int, facts: EntryFacts) -> None:
    """A sale of the fourth of May that a feed tells."""
    entry = ReceivedEntry(native_id="1", kind="sale", day=MAY_4, facts=facts)
    told = EntriesReceived(account_id=account_id, batch_number="77", entries=[entry])
    done(receive_entries(context, office.owner, office.entity_id, told))

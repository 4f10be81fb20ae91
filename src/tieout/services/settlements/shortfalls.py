"""What is short, late or never paid: amounts of a clearing account that somebody must explain."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tieout.domain.accounts import Account, AccountKind
from tieout.domain.lines import Line
from tieout.domain.settlements import BatchState, SettlementBatch, SettlementEntry
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import day_text
from tieout.kernel.money import decimal_text
from tieout.services.settlements.batches import IDS_ASKED_MAX
from tieout.store.protocols import Condition, LineNow, Order, Reading

# What a later leg must bring back: held, disputed, or left for another payout.
_HELD: Mapping[str, str] = {
    "reserve_hold": "held back",
    "chargeback": "charged back",
    "carry_over": "carried over",
}
_OPEN_ITEMS = ("", "order", "receivable")
# Enough for somebody to see that something is wrong with all of them; the others follow as these are resolved.
ORDERS_TOLD_MAX = 1_000


class Shortfall(NamedTuple):
    """An amount to explain: what there is less what there should be, signed."""

    subject: str  # line:ID, batch:ID
    minor_units: int
    currency: str
    reason: str


@dataclass(frozen=True, slots=True)
class Term:
    """The day that it is where the entity is, and after how many days a leg is late."""

    today: int
    days: int

    def is_over(self, day: int) -> bool:
        """Whether more than so many days have passed since."""
        return day + self.days < self.today


def shortfalls(
    view: Reading, entity_id: int, accounts: Sequence[Account], batches: Sequence[SettlementBatch], term: Term
) -> Iterator[Shortfall]:
    """Everything that some provider accounts leave to explain, each subject once.

    batches: every batch of those accounts. Entries of finalised ones are not looked through again for what was
    expected; `of_line` does so for one.
    """
    told: set[str] = set()
    found = (
        *_gaps(batches),
        *_unexpected(view, entity_id, batches, term),
        *_differing_sales(view, entity_id, accounts),
        *_unreturned(view, entity_id, accounts, term),
        *_unpaid_orders(view, entity_id, accounts, term),
    )
    for each in found:
        if each.subject not in told:
            told.add(each.subject)
            yield each


def of_line(view: Reading, entity_id: int, line_id: int, term: Term) -> Shortfall | None:
    """What one line leaves to explain; None where nothing."""
    now = view.line(entity_id, line_id)
    if now is None:
        return None
    entry = view.one(SettlementEntry, entity_id=entity_id, line_id=line_id)
    found = None if entry is None else _against_expected(entry, now.line, term)
    if found is None and now.line.side == "statement" and now.line.kind in _HELD:
        found = _unreturned_line(now, term)
    if found is None and now.line.side == "statement" and now.line.kind == "sale" and not now.tied:
        found = next(iter(_against_books(view, entity_id, [now])), None)
    if found is None and now.line.side == "ledger" and now.line.kind == "order":
        found = _unpaid_order(now, term)
    return found


def _gaps(batches: Sequence[SettlementBatch]) -> Iterator[Shortfall]:
    for batch in batches:
        if batch.gap_minor_units:
            named = f"payout {batch.number}" if batch.number else "what waits for a payout"
            reason = f"{batch.channel}: the entries of {named} and what was carried do not add up to what was paid"
            yield Shortfall(f"batch:{batch.id}", batch.gap_minor_units, batch.currency, reason)


def _unexpected(view: Reading, entity_id: int, batches: Sequence[SettlementBatch], term: Term) -> Iterator[Shortfall]:
    for batch in batches:
        if batch.state == BatchState.FINALIZED:
            continue
        entries = view.all(
            SettlementEntry, Condition("expected_minor_units", "!=", None), entity_id=entity_id, batch_id=batch.id
        )
        lines = _lines(view, entity_id, [entry.line_id for entry in entries])
        for entry in entries:
            now = lines.get(entry.line_id)
            found = None if now is None else _against_expected(entry, now.line, term)
            if found is not None:
                yield found


def _against_expected(entry: SettlementEntry, line: Line, term: Term) -> Shortfall | None:
    expected = entry.expected_minor_units
    if expected is None:
        return None
    subject, exponent = f"line:{line.id}", EXPONENTS[line.currency]
    wanted = decimal_text(expected, exponent)
    if not entry.received:
        day = entry.expected_day
        late = term.is_over(line.booking_day) if day is None else day < term.today
        when = "" if day is None else f" on {day_text(day)}"
        reason = f"{entry.channel}: {wanted} was expected{when} and is not released"
        return Shortfall(subject, line.minor_units - expected, line.currency, reason) if late else None
    if line.minor_units == expected:
        return None
    released = decimal_text(line.minor_units, exponent)
    reason = f"{entry.channel}: {released} was released where {wanted} was expected"
    return Shortfall(subject, line.minor_units - expected, line.currency, reason)


def _differing_sales(view: Reading, entity_id: int, accounts: Sequence[Account]) -> Iterator[Shortfall]:
    """Sales that are not tied although the books know their order, for another amount."""
    of_accounts = Condition("account_id", "in", [account.id for account in accounts])
    sales = view.lines(entity_id, of_accounts, Condition("kind", "=", "sale"), open_only=True)
    yield from _against_books(view, entity_id, [now for now in sales if now.line.reference])


def _against_books(view: Reading, entity_id: int, sales: Sequence[LineNow]) -> Iterator[Shortfall]:
    """Only where one open line of the books and one open sale have the order's number."""
    orders: defaultdict[tuple[str, str], list[LineNow]] = defaultdict(list)
    references = sorted({now.line.reference for now in sales if now.line.reference})
    for start in range(0, len(references), IDS_ASKED_MAX):
        named = Condition("reference", "in", references[start : start + IDS_ASKED_MAX])
        of_books = Condition("side", "=", "ledger"), Condition("kind", "in", _OPEN_ITEMS)
        for now in view.lines(entity_id, named, *of_books, open_only=True):
            orders[now.line.reference, now.line.currency].append(now)
    of_order: defaultdict[tuple[str, str], list[LineNow]] = defaultdict(list)
    for now in sales:
        of_order[now.line.reference, now.line.currency].append(now)
    for key, (*others, sale) in of_order.items():
        if others or len(orders[key]) != 1:
            continue
        (order,) = orders[key]
        missing = sale.left_minor_units - order.left_minor_units
        if missing and sale.left_minor_units:
            yield _differing(sale, order, missing)


def _differing(sale: LineNow, order: LineNow, missing: int) -> Shortfall:
    exponent = EXPONENTS[sale.line.currency]
    in_books, paid = (decimal_text(each.left_minor_units, exponent) for each in (order, sale))
    reason = f"order {sale.line.reference} is {in_books} in the books, {paid} was settled"
    return Shortfall(f"line:{sale.line.id}", missing, sale.line.currency, reason)


def _unreturned(view: Reading, entity_id: int, accounts: Sequence[Account], term: Term) -> Iterator[Shortfall]:
    of_accounts = Condition("account_id", "in", [account.id for account in accounts])
    held = Condition("kind", "in", tuple(_HELD))
    before = Condition("booking_day", "<", term.today - term.days)
    for now in view.lines(entity_id, of_accounts, held, before, open_only=True):
        found = _unreturned_line(now, term)
        if found is not None:
            yield found


def _unreturned_line(now: LineNow, term: Term) -> Shortfall | None:
    line = now.line
    if now.tied or not now.left_minor_units or not term.is_over(line.booking_day):
        return None
    order = f" of order {line.reference}" if line.reference else ""
    reason = f"{_HELD[line.kind]}{order} on {day_text(line.booking_day)}, and nothing closed it within {term.days} days"
    return Shortfall(f"line:{line.id}", now.left_minor_units, line.currency, reason)


def _unpaid_orders(view: Reading, entity_id: int, accounts: Sequence[Account], term: Term) -> Iterator[Shortfall]:
    """Orders of the books that nobody paid, of these accounts, or of none where one account alone could pay them."""
    providers = view.all(Account, entity_id=entity_id, kind=AccountKind.PROVIDER, archived_at=None)
    currencies = [account.currency for account in providers]
    for account in accounts:
        own = [account.id, 0] if currencies.count(account.currency) == 1 else [account.id]
        unpaid = view.lines(
            entity_id,
            Condition("side", "=", "ledger"),
            Condition("kind", "=", "order"),
            Condition("currency", "=", account.currency),
            Condition("account_id", "in", own),
            Condition("booking_day", "<", term.today - term.days),
            open_only=True,
            order=(Order("booking_day"), Order("id")),
            limit=ORDERS_TOLD_MAX,
        )
        for now in unpaid:
            found = _unpaid_order(now, term)
            if found is not None:
                yield found


def _unpaid_order(now: LineNow, term: Term) -> Shortfall | None:
    line = now.line
    if not now.left_minor_units or not term.is_over(line.booking_day):
        return None
    part = f"{decimal_text(now.left_minor_units, EXPONENTS[line.currency])} of it" if now.used_minor_units else "it"
    due = day_text(line.booking_day)
    reason = f"order {line.reference or line.id} was due on {due}, and {part} is not paid within {term.days} days"
    return Shortfall(f"line:{line.id}", -now.left_minor_units, line.currency, reason)


def _lines(view: Reading, entity_id: int, line_ids: Sequence[int]) -> dict[int, LineNow]:
    return {
        now.line.id: now
        for start in range(0, len(line_ids), IDS_ASKED_MAX)
        for now in view.lines(entity_id, Condition("id", "in", list(line_ids[start : start + IDS_ASKED_MAX])))
    }

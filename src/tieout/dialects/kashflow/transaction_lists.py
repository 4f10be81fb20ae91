"""The transactions of an account as a list: filtered, sorted, paged, with a running balance that never permutes."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tieout.contracts.http_faults import RequestFault, bad_parameter
from tieout.dialects.kashflow.account_entries import placed
from tieout.dialects.kashflow.amounts import on_the_wire
from tieout.dialects.kashflow.bank_accounts import balance_on_the_wire, book_entries_of
from tieout.dialects.kashflow.entries import KINDS, Placed
from tieout.dialects.kashflow.parameters import Parameters
from tieout.dialects.kashflow.serving import Here, require
from tieout.dialects.kashflow.shapes_transactions import TRANSACTION, TransactionShown
from tieout.domain.accounts import Account
from tieout.services.lines import Condition, LineNow, LineTotals, Order, count_lines, find_lines

_BULK = ("customer_batch_payment", "supplier_batch_payment")
_JOURNALS = ("journal_entry_line",)
# The vendor's sort columns; 2 and 3 are the two halves of the signed amount.
_BY_DAY, _BY_PAID_IN, _BY_PAID_OUT, _BY_TYPE, _BY_COMMENT, _BY_NAME = range(1, 7)
_KEYS: dict[int, Callable[[LineNow], tuple[object, ...]]] = {
    _BY_TYPE: lambda now: (KINDS.index(now.line.kind), now.line.booking_day, now.line.id),
    _BY_COMMENT: lambda now: (now.line.description.casefold(), now.line.id),
    _BY_NAME: lambda now: (now.line.counterparty.casefold(), now.line.id),
}
_ASCENDING, _DESCENDING = ("", "asc", "ascending", "0"), ("desc", "descending", "1")
_FILTERS = ("", "all", "reconciled", "unreconciled", "paidin", "paidout")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which transactions, in which order. days: first and last, None without bound."""

    conditions: tuple[Condition, ...]
    search: str
    column: int
    descending: bool
    first_day: int | None
    last_day: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of lines, how many there are in all, and what they move together in ten-thousandths."""

    lines: list[LineNow]
    total: int
    amount: int


def wanted_of(of: Account, parameters: Parameters) -> Wanted:
    """What the parameters ask for. Raises RequestFault naming the one that cannot be read."""
    order = parameters.text("order").lower()
    if order not in (*_ASCENDING, *_DESCENDING):
        raise RequestFault(bad_parameter("order", "this must be asc or desc"))
    first, last = parameters.day("startdate"), parameters.day("enddate")
    conditions = [*book_entries_of(of.id), *_status_conditions(parameters)]
    if first is not None:
        conditions.append(Condition("booking_day", ">=", first))
    if last is not None:
        conditions.append(Condition("booking_day", "<=", last))
    left_out = (_BULK if parameters.flag("includebulk") is False else ()) + (
        _JOURNALS if parameters.flag("includejournals") is False else ()
    )
    if left_out:
        conditions.append(Condition("kind", "not in", left_out))
    if parameters.flag("includefeedmatched") is False:
        conditions.append(Condition("used_minor_units", "=", 0))
    return Wanted(
        conditions=tuple(conditions),
        search=parameters.text("searchtext").casefold(),
        column=parameters.whole("sortcolumn", _BY_DAY, _BY_DAY, _BY_NAME),
        descending=order in _DESCENDING,
        first_day=first,
        last_day=last,
    )


def _status_conditions(parameters: Parameters) -> list[Condition]:
    chosen = parameters.text("filterby").lower()
    if chosen not in _FILTERS:
        raise RequestFault(bad_parameter("filterby", f"this must be one of {', '.join(_FILTERS[1:])}"))
    reconciled = parameters.flag("reconciled")
    found = []
    if reconciled is True or chosen == "reconciled":
        found.append(Condition("cleared_in", "!=", None))
    if reconciled is False or chosen == "unreconciled":
        found.append(Condition("cleared_in", "=", None))
    if chosen == "paidin":
        found.append(Condition("minor_units", ">", 0))
    if chosen == "paidout":
        found.append(Condition("minor_units", "<", 0))
    return found


def listed(here: Here, of: Account, wanted: Wanted, offset: int, limit: int) -> Listed:
    """One page. Days and amounts are sorted where the lines are kept; texts and types once all of them are read."""
    foreign = _totals(here, *wanted.conditions, Condition("currency", "!=", of.currency))
    if wanted.search or wanted.column in _KEYS or foreign.lines:
        return _sorted_here(here, of, wanted, offset, limit)
    totals = _totals(here, *wanted.conditions)
    lines = _found(here, *wanted.conditions, order=_order(wanted), limit=limit, offset=offset)
    return Listed(lines, totals.lines, on_the_wire(totals.minor_units, of.currency))


def balances(here: Here, of: Account, lines: Sequence[LineNow]) -> dict[int, int]:
    """The account's balance after each line, by line id, in ten-thousandths: over every transaction by (day, id)."""
    if not lines:
        return {}
    first = min(now.line.booking_day for now in lines)
    last = max(now.line.booking_day for now in lines)
    running = balance_on_the_wire(here, of, first - 1)
    days = (Condition("booking_day", ">=", first), Condition("booking_day", "<=", last))
    after: dict[int, int] = {}
    for now in _found(here, *book_entries_of(of.id), *days, order=(Order("booking_day"), Order("id"))):
        if of.starting_day is None or now.line.booking_day > of.starting_day:
            running += Placed(now, of, of.id).signed
        after[now.line.id] = running
    return after


def as_csv(shown: Sequence[TransactionShown]) -> bytes:
    """The transactions as a table with the names of the wire."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow([field.name for field in TRANSACTION.fields])
    for each in shown:
        written = TRANSACTION.write(each)
        writer.writerow([_cell(written.get(field.name)) for field in TRANSACTION.fields])
    return table.getvalue().encode("utf-8", errors="replace")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    # A spreadsheet would run what begins like a formula.
    return f"'{text}" if isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _sorted_here(here: Here, of: Account, wanted: Wanted, offset: int, limit: int) -> Listed:
    found = _found(here, *wanted.conditions, order=_order(wanted))
    lines = [now for now in found if wanted.search in _searched(now)]
    if wanted.column in _KEYS:
        lines.sort(key=_KEYS[wanted.column], reverse=wanted.descending)
    amount = sum(entry.signed for entry in placed(here, of, lines))
    return Listed(lines[offset : offset + limit], len(lines), amount)


def _found(
    here: Here, *conditions: Condition, order: tuple[Order, ...], limit: int | None = None, offset: int = 0
) -> list[LineNow]:
    within = (here.context, here.principal, here.company)
    return require(find_lines(*within, *conditions, order=order, limit=limit, offset=offset))


def _totals(here: Here, *conditions: Condition) -> LineTotals:
    return require(count_lines(here.context, here.principal, here.company, *conditions))


def _searched(now: LineNow) -> str:
    return f"{now.line.description}\n{now.line.counterparty}\n{now.line.reference}".casefold()


def _order(wanted: Wanted) -> tuple[Order, ...]:
    if wanted.column == _BY_PAID_IN:
        return Order("minor_units", wanted.descending), Order("id", wanted.descending)
    if wanted.column == _BY_PAID_OUT:
        return Order("minor_units", not wanted.descending), Order("id", wanted.descending)
    return Order("booking_day", wanted.descending), Order("id", wanted.descending)

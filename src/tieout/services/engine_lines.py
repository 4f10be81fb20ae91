"""The open lines of an entity as the engine wants them, and what people decided about them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tieout.domain.accounts import Account
from tieout.domain.exchange import value_in
from tieout.domain.line_table import BoolColumn, LineTable, TextColumn, texts_of
from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.domain.people import Entity
from tieout.domain.results import amount_text
from tieout.kernel.money import Money
from tieout.kernel.names import without_blanks
from tieout.matching.directions import NOTHING_DECIDED, Directions, Tie
from tieout.services.files.reconcile_lines import settled_ids
from tieout.services.match_columns import ids_of
from tieout.store.protocols import Condition, Reading

# Matches are read in pages of this many, so that a million of them never lie in memory together.
PAGE = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class EngineLines:
    """Both sides as columns, with ids as decimal texts and accounts by their numbers."""

    statement: LineTable
    ledger: LineTable
    settled: frozenset[str]  # open items that a book entry settles, whether that entry is tied or not
    accounts: Mapping[str, int]  # ids by the account names of both tables


def engine_lines(view: Reading, entity_id: int, account_ids: Sequence[int] | None = None) -> EngineLines:
    """The open lines of an entity, or those of some accounts with the open items that no account is named for."""
    statement, ledger = _tables(view, entity_id, account_ids)
    names = _account_names(view, entity_id)
    tied = view.lines(
        entity_id,
        Condition("side", "=", "ledger"),
        Condition("settles", "!=", ""),
        Condition("used_minor_units", "!=", 0),
    )
    settled = {open_item for entry in tied for open_item in entry.line.settles.split()}
    ledger = _with_carrying_values(view, entity_id, ledger)
    ids = {names.get(id_, id_): int(id_) for id_ in (*statement.account.names, *ledger.account.names)}
    statement, ledger = _named(statement, names), _named(ledger, names)
    return EngineLines(statement, ledger, settled_ids(ledger) | settled, ids)


def _tables(view: Reading, entity_id: int, account_ids: Sequence[int] | None) -> tuple[LineTable, LineTable]:
    if account_ids is None:
        return view.line_table(entity_id, "statement"), view.line_table(entity_id, "ledger")
    of_them = Condition("account_id", "in", list(account_ids))
    or_none = Condition("account_id", "in", [0, *account_ids])
    return view.line_table(entity_id, "statement", of_them), view.line_table(entity_id, "ledger", or_none)


def _account_names(view: Reading, entity_id: int) -> dict[str, str]:
    """By account id as decimal text the number under which other banks name it, where it is the only one with it."""
    accounts = view.all(Account, entity_id=entity_id)
    numbers = Counter(without_blanks(account.number) for account in accounts)
    return {
        str(account.id): account.number
        for account in accounts
        if account.number and numbers[without_blanks(account.number)] == 1
    }


def _named(table: LineTable, names: dict[str, str]) -> LineTable:
    """The table with accounts by number: the engine knows an own transfer by the account that a line names."""
    return replace(
        table, account=table.account._replace(names=tuple(names.get(id_, id_) for id_ in table.account.names))
    )


def _with_carrying_values(view: Reading, entity_id: int, ledger: LineTable) -> LineTable:
    """The table with what foreign lines were booked at, in the functional currency: their amount at their rate."""
    entity = view.one(Entity, id=entity_id)
    if ledger.rate is None or entity is None:
        return ledger
    rates = texts_of(ledger.rate, len(ledger))
    base = [""] * len(ledger)
    for row in (row for row, rate in enumerate(rates) if rate):
        amount = Money(int(ledger.minor_units[row]), ledger.currency.at(row))
        if amount.currency != entity.currency:
            value = value_in(entity.currency, amount, rates[row])
            base[row] = "" if value is None else amount_text(value, entity.currency)
    return replace(ledger, base_amount=base if isinstance(ledger.id, list) else _polars(base))


def _polars(texts: list[str]) -> TextColumn:
    import polars

    return polars.Series(texts, dtype=polars.String)


def directions_of(view: Reading, entity_id: int, lines: EngineLines) -> Directions:
    """Ties that people rejected or undid, while all their lines are open and as they were then."""
    versions: dict[int, int] = {}
    rejected = []
    for status in (MatchStatus.REJECTED, MatchStatus.UNDONE):
        for stored in stored_matches(view, entity_id, status):
            versions = versions or _versions(lines)
            if all(versions.get(leg.line_id) == leg.line_version for leg in stored.allocations):
                rejected.append(_tie(stored))
    return NOTHING_DECIDED._replace(rejected=tuple(rejected)) if rejected else NOTHING_DECIDED


def stored_matches(view: Reading, entity_id: int, status: MatchStatus) -> Iterator[StoredMatch]:
    """Every match of one state, by id."""
    after = 0
    while page := view.matches(entity_id, status=status, after=after, limit=PAGE):
        yield from page
        after = page[-1].record.id


def _versions(lines: EngineLines) -> dict[int, int]:
    found: dict[int, int] = {}
    for table in (lines.statement, lines.ledger):
        found.update(zip(ids_of(table.id).tolist(), table.line.tolist(), strict=True))
    return found


def _tie(stored: StoredMatch) -> Tie:
    sides: dict[str, list[str]] = {"statement": [], "ledger": []}
    for leg in stored.allocations:
        sides[leg.side].append(str(leg.line_id))
    return Tie(tuple(sides["statement"]), tuple(sides["ledger"]))


def changed_rows(before: LineTable, now: LineTable) -> BoolColumn:
    """Which rows of a table are no longer open, or no longer what they were, by version and by what is left."""
    known, here = ids_of(before.id), ids_of(now.id)
    if not len(here):
        return np.ones(len(known), dtype=np.bool_)
    order = np.argsort(here)
    found = order[np.minimum(np.searchsorted(here, known, sorter=order), len(here) - 1)]
    same = (here[found] == known) & (now.line[found] == before.line) & (now.minor_units[found] == before.minor_units)
    return np.asarray(~same, dtype=np.bool_)

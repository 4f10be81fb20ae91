"""Which of many matches lie wholly in closed or locked days (P8), in columns."""

from collections.abc import Mapping, Sequence

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.domain.reconciling import Reconciliation
from tieout.matching.columns import SideColumns
from tieout.matching.engine import Outcome
from tieout.matching.proposals import LEDGER, STATEMENT
from tieout.services.engine_lines import EngineLines
from tieout.services.match_columns import MatchColumns
from tieout.services.period_locks import closed_through, locked_days
from tieout.store.protocols import Reading

_NEVER = np.iinfo(np.int64).min


def in_closed_days(
    view: Reading, entity_id: int, lines: EngineLines, outcome: Outcome, found: MatchColumns
) -> BoolColumn:
    """Which matches have an account all of whose lines in the match lie in its closed or locked days.

    As `match_rules.period_refusals` says it of one match: statement lines and book entries are movements of their
    account; open items count where a match has nothing else.
    """
    closed = np.zeros(len(found), dtype=np.bool_)
    locks = locked_days(view, entity_id)
    if not len(found) or not (locks.through or view.count(Reconciliation, entity_id=entity_id, done=True)):
        return closed
    accounts = _account_ids(outcome, found, lines.accounts)
    through = {
        account: _through(view, entity_id, account, locks.of(account)) for account in np.unique(accounts).tolist()
    }
    of_leg = np.array([through[account] for account in accounts.tolist()], dtype=np.int64)
    days, movement = _days(outcome, found), _movements(outcome, found)
    groups = _groups(found.owner, accounts)
    for chosen, limit in ((movement, of_leg), (_lone(found, movement), np.full(len(days), _entity(locks.of(0))))):
        late = np.zeros(len(days), dtype=np.bool_)
        np.logical_or.at(late, groups[chosen], days[chosen] > limit[chosen])
        wholly = chosen & ~late[groups]
        closed[found.owner[wholly]] = True
    return closed


def _entity(through: int | None) -> int:
    return _NEVER if through is None else through


def _through(view: Reading, entity_id: int, account: int, locked: int | None) -> int:
    days = [day for day in (locked, closed_through(view, entity_id, account) if account else None) if day is not None]
    return max(days, default=int(_NEVER))


def _account_ids(outcome: Outcome, found: MatchColumns, ids: Mapping[str, int]) -> Int64Column:
    """The account of each leg."""
    accounts = np.zeros(len(found.row), dtype=np.int64)
    for side, columns in _sides(outcome):
        these = found.side == side
        coded = columns.table.account
        accounts[these] = np.array([ids[name] for name in coded.names] or [0])[coded.codes][found.row[these]]
    return accounts


def _groups(owner: Int64Column, accounts: Int64Column) -> Int64Column:
    """A number for each match and account."""
    _, groups = np.unique(np.stack([owner, accounts]), axis=1, return_inverse=True)
    return groups.reshape(-1)


def _lone(found: MatchColumns, movement: BoolColumn) -> BoolColumn:
    """Legs of matches without any movement."""
    moves = np.zeros(len(found), dtype=np.bool_)
    np.logical_or.at(moves, found.owner, movement)
    return np.asarray(~moves[found.owner], dtype=np.bool_)


def _days(outcome: Outcome, found: MatchColumns) -> Int64Column:
    days = np.zeros(len(found.row), dtype=np.int64)
    for side, columns in _sides(outcome):
        these = found.side == side
        days[these] = columns.day[found.row[these]]
    return days


def _movements(outcome: Outcome, found: MatchColumns) -> BoolColumn:
    movement = found.side == STATEMENT
    entries = outcome.problem.ledger.book_entry
    ledger = np.flatnonzero(found.side == LEDGER)
    movement[ledger] = entries[found.row[ledger]]
    return np.asarray(movement, dtype=np.bool_)


def _sides(outcome: Outcome) -> Sequence[tuple[int, SideColumns]]:
    return ((STATEMENT, outcome.problem.statement), (LEDGER, outcome.problem.ledger))

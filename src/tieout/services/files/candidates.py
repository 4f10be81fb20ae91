"""The nearest line of the other side for many lines at once: by reference, by party, by amount, by currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from tieout.domain.kinds import Side
from tieout.domain.line_table import Int64Column
from tieout.domain.results import OpenLine
from tieout.matching.codes import NO_CODE, grouped
from tieout.matching.columns import Problem, SideColumns
from tieout.matching.evidence import contradicting, supporting
from tieout.services.files.closest import NONE, Keyed, closest


class Level(Enum):
    """What a line and its candidate have in common beside the currency; an earlier one is preferred."""

    REFERENCE = "reference"
    PARTY = "party"
    AMOUNT = "amount"  # nothing; the closest amount
    CURRENCY = "currency"  # nothing; only lines of 0.00 are left


@dataclass(frozen=True, slots=True)
class Candidates:
    """One candidate per line, as plain lists; where `rows` is NONE there is none and the rest says nothing."""

    rows: list[int]
    levels: list[Level]
    taken: list[bool]  # the candidate has nothing left
    difference: list[int]  # what is left of the line less what is left of the candidate, or its amount when taken
    days_apart: list[int]
    against: list[int]  # bits of evidence.Against, asked where the amounts agree
    other_account: list[str | None]  # where the candidate is a book entry of another account


def candidates(problem: Problem, side: Side, parts: Sequence[OpenLine]) -> Candidates:
    """The candidates of open lines of one side, found in sorted columns; the same lines give the same candidates."""
    own, other = (problem.statement, problem.ledger) if side == "statement" else (problem.ledger, problem.statement)
    wanted = _Wanted(
        rows=np.array([part.row for part in parts], dtype=np.int64),
        amounts=np.array([part.remaining for part in parts], dtype=np.int64),
    )
    found, levels = _search(own, wanted, other)
    known = np.flatnonzero(found != NONE)
    left, right = wanted.rows[known], found[known]
    taken = other.left[right] == 0
    offered = np.where(taken, other.amount[right], other.left[right])
    asked = known[~taken & (wanted.amounts[known] == offered)]
    return Candidates(
        rows=found.tolist(),
        levels=[_LEVELS[level] for level in levels.tolist()],
        taken=_spread(len(parts), known, taken.astype(np.int64)).astype(np.bool_).tolist(),
        difference=_differences(len(parts), known, wanted.amounts[known], offered),
        days_apart=_spread(len(parts), known, _days_apart(own.day[left], other.day[right])).tolist(),
        against=_spread(len(parts), asked, _against(problem, side, wanted.rows[asked], found[asked])).tolist(),
        other_account=_other_accounts(problem, side, wanted.rows, found),
    )


_LEVELS = tuple(Level)
_COLUMNS = ("reference", "party", None, None)


class _Wanted(NamedTuple):
    """Lines that look for a candidate: their rows and what is left of them."""

    rows: Int64Column
    amounts: Int64Column

    def at(self, places: Int64Column) -> "_Wanted":
        """Some of them."""
        return _Wanted(self.rows[places], self.amounts[places])


def _search(own: SideColumns, wanted: _Wanted, other: SideColumns) -> tuple[Int64Column, Int64Column]:
    """The candidate of each wanted line and the place of its level."""
    found = np.full(len(wanted.rows), NONE, dtype=np.int64)
    levels = np.full(len(wanted.rows), len(_LEVELS) - 1, dtype=np.int64)
    if not len(other):
        return found, levels
    for level, column in enumerate(_COLUMNS):
        missing = np.flatnonzero(found == NONE)
        offered = np.flatnonzero((other.amount != 0) | (_LEVELS[level] is Level.CURRENCY))
        rows = _closest_rows(own, wanted.at(missing), other, offered, column)
        # A line that is tied already says something only where it has the very amount.
        differs = other.amount[rows] != wanted.amounts[missing]
        distant = np.flatnonzero((rows != NONE) & (other.left[rows] == 0) & differs)
        still_open = offered[other.left[offered] != 0]
        instead = _closest_rows(own, wanted.at(missing[distant]), other, still_open, column)
        rows[distant] = np.where(instead == NONE, rows[distant], instead)
        found[missing] = rows
        levels[missing[rows != NONE]] = level
    return found, levels


def _closest_rows(
    own: SideColumns, wanted: _Wanted, other: SideColumns, offered: Int64Column, column: str | None
) -> Int64Column:
    """For each line the closest offered row of equal currency and, where one is asked for, equal text."""
    found = np.full(len(wanted.rows), NONE, dtype=np.int64)
    told = np.arange(len(wanted.rows))
    if column is not None:
        told = np.flatnonzero(getattr(own, column)[wanted.rows] != NO_CODE)
        offered = offered[getattr(other, column)[offered] != NO_CODE]
    if not len(told) or not len(offered):
        return found
    rows, amounts = wanted.at(told)
    names = ["currency"] if column is None else ["currency", column]
    keys = grouped(*(np.concatenate([getattr(own, name)[rows], getattr(other, name)[offered]]) for name in names))
    taken = other.left[offered] == 0
    places = closest(
        Keyed(keys[: len(told)], amounts, own.day[rows]),
        Keyed(keys[len(told) :], np.where(taken, other.amount[offered], other.left[offered]), other.day[offered]),
        taken,
    )
    found[told] = np.where(places == NONE, NONE, offered[places])
    return found


def _spread(length: int, places: Int64Column, values: Int64Column) -> Int64Column:
    column = np.zeros(length, dtype=np.int64)
    column[places] = values
    return column


def _differences(length: int, places: Int64Column, left: Int64Column, right: Int64Column) -> list[int]:
    """In plain Python: the difference of two 64-bit amounts may need more than 64 bits."""
    differences = [0] * length
    for place, mine, its in zip(places.tolist(), left.tolist(), right.tolist(), strict=True):
        differences[place] = mine - its
    return differences


def _days_apart(left: Int64Column, right: Int64Column) -> Int64Column:
    return np.where(left < right, right - left, left - right)


def _against(problem: Problem, side: Side, rows: Int64Column, others: Int64Column) -> Int64Column:
    if not len(rows):
        return rows
    statement, ledger = (rows, others) if side == "statement" else (others, rows)
    return contradicting(problem, statement, ledger, supporting(problem, statement, ledger))


def _other_accounts(problem: Problem, side: Side, rows: Int64Column, others: Int64Column) -> list[str | None]:
    """The account of the book entry in a pair, where the statement line is of another one."""
    accounts: list[str | None] = [None] * len(rows)
    for place in np.flatnonzero(others != NONE).tolist():
        pair = int(rows[place]), int(others[place])
        statement, ledger = pair if side == "statement" else pair[::-1]
        entry = problem.ledger
        if entry.book_entry[ledger] and entry.account[ledger] != problem.statement.account[statement]:
            accounts[place] = entry.table.account.at(ledger)
    return accounts

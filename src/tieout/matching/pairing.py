"""One-to-one: which of the candidate pairs are the only answer.

Candidates form a graph of statement rows and ledger rows. A pair that is alone in both directions is the only answer.
Interchangeable rows count as one, oldest first. What is left is ambiguous: both answers are named, none is taken.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.matching.columns import SideColumns
from tieout.matching.proposals import LEDGER, STATEMENT, Ambiguous

# Beyond this many pairs under one key, listing them all costs more than it tells: equal prices by the thousand.
PAIRS_PER_KEY_MAX = 4_096
ANSWERS_SHOWN = 3


@dataclass(slots=True, eq=False)
class Candidates:
    """Pairs of rows that share a key; `crowded` holds statement rows whose key has too many pairs to list."""

    rows: Int64Column
    ledger_rows: Int64Column
    crowded: list[tuple[Int64Column, Int64Column]] = field(default_factory=list)


def candidates(keys: Int64Column, rows: Int64Column, ledger_keys: Int64Column, ledger_rows: Int64Column) -> Candidates:
    """Every pair of a statement row and a ledger row with equal keys, by statement row and ledger row."""
    order, ledger_order = np.lexsort((rows, keys)), np.lexsort((ledger_rows, ledger_keys))
    keys, rows, ledger_keys, ledger_rows = (
        keys[order],
        rows[order],
        ledger_keys[ledger_order],
        ledger_rows[ledger_order],
    )
    begin = np.searchsorted(ledger_keys, keys, "left")
    counts = np.searchsorted(ledger_keys, keys, "right") - begin
    crowded: list[tuple[Int64Column, Int64Column]] = []
    if len(keys):
        own = np.searchsorted(keys, keys, "right") - np.searchsorted(keys, keys, "left")
        too_many = own * counts > PAIRS_PER_KEY_MAX
        crowded = [(rows[keys == key], ledger_rows[ledger_keys == key]) for key in np.unique(keys[too_many]).tolist()]
        counts = np.where(too_many, 0, counts)
    total = int(counts.sum())
    left = np.repeat(rows, counts)
    within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    right = ledger_rows[np.repeat(begin, counts) + within]
    return Candidates(left, right, crowded)


@dataclass(slots=True, eq=False)
class Pairing:
    """The only answers (positions into the candidate pairs) and what stays ambiguous."""

    only: Int64Column
    ambiguous: list[Ambiguous]


def pair_off(
    left: SideColumns,
    right: SideColumns,
    rows: Int64Column,
    ledger_rows: Int64Column,
    evident: BoolColumn | None = None,
) -> Pairing:
    """Decide which candidate pairs are the only answer.

    left, right: the sides that `rows` and `ledger_rows` refer to; the same side twice for lines that cancel.
    evident: pairs that more than their amount supports; all of them when None.
    """
    degree = np.bincount(rows, minlength=len(left))
    ledger_degree = np.bincount(ledger_rows, minlength=len(right))
    alone = (degree[rows] == 1) & (ledger_degree[ledger_rows] == 1)
    only = np.flatnonzero(alone).tolist()
    ambiguous: list[Ambiguous] = []
    for pairs in _components(rows, ledger_rows, np.flatnonzero(~alone).tolist()):
        solved = _solved(left, right, [(int(rows[pair]), int(ledger_rows[pair]), pair) for pair in pairs])
        only += solved[0]
        supported = evident is None or bool(evident[pairs].any())
        ambiguous += [each._replace(evident=supported) for each in solved[1]]
    return Pairing(np.array(sorted(only), dtype=np.int64), ambiguous)


def _components(rows: Int64Column, ledger_rows: Int64Column, pairs: list[int]) -> list[list[int]]:
    """Pairs grouped by connection, each group in order."""
    by_row: defaultdict[int, list[int]] = defaultdict(list)
    by_ledger_row: defaultdict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        by_row[int(rows[pair])].append(pair)
        by_ledger_row[int(ledger_rows[pair])].append(pair)
    groups, seen = [], set()
    for start in pairs:
        if start in seen:
            continue
        seen.add(start)
        group, waiting = [], [start]
        while waiting:
            pair = waiting.pop()
            group.append(pair)
            for neighbour in (*by_row.pop(int(rows[pair]), ()), *by_ledger_row.pop(int(ledger_rows[pair]), ())):
                if neighbour not in seen:
                    seen.add(neighbour)
                    waiting.append(neighbour)
        groups.append(sorted(group))
    return groups


def _solved(
    left: SideColumns, right: SideColumns, pairs: list[tuple[int, int, int]]
) -> tuple[list[int], list[Ambiguous]]:
    """One connected group: its only answers, or what makes it ambiguous."""
    rows = sorted({row for row, _, _ in pairs})
    ledger_rows = sorted({ledger_row for _, ledger_row, _ in pairs})
    place = {(row, ledger_row): pair for row, ledger_row, pair in pairs}
    complete = len(pairs) == len(rows) * len(ledger_rows)
    one_class = len({int(left.twin[row]) for row in rows}) == 1
    one_ledger_class = len({int(right.twin[row]) for row in ledger_rows}) == 1
    enough = len(rows) <= len(ledger_rows)
    enough_statement = len(ledger_rows) <= len(rows)
    if complete and ((one_class and enough_statement) or (one_ledger_class and enough)):
        # Interchangeable on the side that has lines to spare: who gets which makes no difference, oldest first.
        return [place[pair] for pair in zip(rows, ledger_rows, strict=False)], []
    side = LEDGER if right.side == "ledger" else STATEMENT
    return [], _ambiguities(rows, ledger_rows, place, side)


def _ambiguities(
    rows: list[int], ledger_rows: list[int], place: dict[tuple[int, int], int], right_side: int
) -> list[Ambiguous]:
    found = []
    for row in rows:
        answers = [ledger_row for ledger_row in ledger_rows if (row, ledger_row) in place]
        if len(answers) > 1:
            found.append(_ambiguity(STATEMENT, row, answers, right_side))
    for ledger_row in ledger_rows:
        answers = [row for row in rows if (row, ledger_row) in place]
        if len(answers) > 1 and not any(len([x for x in ledger_rows if (row, x) in place]) > 1 for row in answers):
            found.append(_ambiguity(right_side, ledger_row, answers, STATEMENT))
    return found


def _ambiguity(side: int, row: int, answers: list[int], answers_side: int) -> Ambiguous:
    shown = tuple((answer,) for answer in answers[:ANSWERS_SHOWN])
    return Ambiguous(side, (row,), answers_side, shown, more=len(answers) > ANSWERS_SHOWN)

"""What a matcher gets to see: the open rows of one round, and the keys they share.

A plan runs twice: first over the book entries, where the account must agree, then over the open items.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.matching.codes import NO_CODE, grouped
from tieout.matching.columns import Problem, SideColumns
from tieout.matching.provider_kinds import ONLY_MOVED, of_kinds

# Plan words for the columns that a block or a key may use.
COLUMN_OF = {
    "account": "account",
    "batch": "batch",
    "counterparty": "party",
    "counterparty_account": "party_account",
    "currency": "currency",
    "reference": "reference",
}


# How good the claim is that an earlier pass left on a row without confirming it.
UNCONTESTED, BY_AMOUNT, BY_EVIDENCE = 0, 1, 2


@dataclass(slots=True, eq=False)
class Stage:
    """One round of the plan over what is still open."""

    problem: Problem
    book_entries: bool  # this round ties to book entries of the same account; the other one to open items
    contested: tuple[Int64Column, Int64Column]  # per side and row: who else wants it, as UNCONTESTED and the others

    def is_contested(self, side: int, rows: Int64Column, evident: BoolColumn) -> BoolColumn:
        """Whether an earlier pass left a claim on each row that is as good as the new one.

        evident: per row, whether a party or a reference supports the new claim; then equal amounts alone do not count.
        """
        return np.asarray(self.contested[side][rows] > np.where(evident, BY_AMOUNT, UNCONTESTED), dtype=np.bool_)

    @property
    def statement(self) -> SideColumns:
        """The statement side."""
        return self.problem.statement

    @property
    def ledger(self) -> SideColumns:
        """The ledger side; `ledger_rows` says which of it takes part."""
        return self.problem.ledger

    @property
    def rows(self) -> Int64Column:
        """Open statement rows that this round may tie: what only changes place settles no open item."""
        if self.book_entries:
            return np.flatnonzero(self.statement.open)
        return np.flatnonzero(self.statement.open & ~of_kinds(self.statement, ONLY_MOVED))

    @property
    def ledger_rows(self) -> Int64Column:
        """Open ledger rows of this round."""
        return np.flatnonzero(self.ledger.open & (self.ledger.book_entry == self.book_entries))

    def keys(
        self, columns: Sequence[str], rows: Int64Column, ledger_rows: Int64Column
    ) -> tuple[Int64Column, Int64Column]:
        """Equal codes for rows of both sides that agree in the columns (attributes of SideColumns).

        In the round of book entries the account is always one of them.
        """
        names = [*columns, "account"] if self.book_entries and "account" not in columns else list(columns)
        values = [
            np.concatenate([getattr(self.statement, name)[rows], getattr(self.ledger, name)[ledger_rows]])
            for name in names
        ]
        codes = grouped(*values)
        return codes[: len(rows)], codes[len(rows) :]

    def days_apart(self, rows: Int64Column, ledger_rows: Int64Column) -> Int64Column:
        """Days between the booking days of pairs, never negative."""
        gap = self.statement.day[rows] - self.ledger.day[ledger_rows]
        return np.where(gap < 0, -gap, gap)


def unbatched(side: SideColumns, rows: Int64Column) -> Int64Column:
    """Those rows that share no batch with another open row: lines of a batch are paid out together, not alone."""
    codes = side.batch[rows]
    batched = codes[codes != NO_CODE]
    shared = np.bincount(batched, minlength=int(side.batch.max(initial=0)) + 1) > 1
    alone: Int64Column = rows[(codes == NO_CODE) | ~shared[codes]]
    return alone


def known(side: SideColumns, rows: Int64Column, columns: Sequence[str]) -> Int64Column:
    """Those rows whose columns all have a text."""
    keep = np.ones(len(rows), dtype=np.bool_)
    for column in columns:
        keep &= getattr(side, column)[rows] != NO_CODE
    return rows[keep]

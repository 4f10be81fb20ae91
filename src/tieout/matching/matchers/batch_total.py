"""A payout equals the sum of the lines that were paid out together.

The batch id ties: carried by the bank line or named in its text. Without it, an equal total is only as good as its
rarity.
"""

from typing import NamedTuple

import numpy as np

from tieout.domain.line_table import Int64Column
from tieout.domain.plans import DAYS_WITH_REFERENCE, Pass
from tieout.matching.adjusting import leg_for
from tieout.matching.chance import AmountDensity
from tieout.matching.codes import NO_CODE
from tieout.matching.columns import SideColumns
from tieout.matching.evidence import Against, For
from tieout.matching.proposals import (
    ADJUSTED,
    EXACT,
    LEDGER,
    PARTIAL,
    STATEMENT,
    Findings,
    Leg,
    Proposal,
    found_from,
)
from tieout.matching.stage import Stage


class _Batch(NamedTuple):
    """Open lines of one side that share a batch id and a currency."""

    code: int
    currency: int
    account: int  # NO_CODE where the account does not matter
    rows: tuple[int, ...]
    total: int
    first_day: int
    last_day: int


def find(stage: Stage, rule: Pass) -> Findings:
    """Payouts that equal a batch of the ledger, ledger lines that equal a batch of the statement, and both."""
    ledger = _batches(stage.ledger, stage.ledger_rows, stage.book_entries)
    statement = _batches(stage.statement, stage.rows, stage.book_entries)
    search = _Search(stage, rule)
    proposals = [
        *search.named(ledger, statement),
        *search.by_total(ledger, LEDGER),
        *search.by_total([batch for batch in statement if len(batch.rows) > 1], STATEMENT),
    ]
    return Findings(found_from(_each_once(proposals)))


def _batches(side: SideColumns, rows: Int64Column, accounts_matter: bool) -> list[_Batch]:
    """Batches in order of their first row."""
    groups: dict[tuple[int, int, int], list[int]] = {}
    for row in rows[side.batch[rows] != NO_CODE].tolist():
        account = int(side.account[row]) if accounts_matter else NO_CODE
        groups.setdefault((int(side.batch[row]), int(side.currency[row]), account), []).append(row)
    return [
        _Batch(code, currency, account, tuple(members), sum(side.left[members].tolist()),
               int(side.day[members].min()), int(side.day[members].max()))
        for (code, currency, account), members in groups.items()
    ]  # fmt: skip


def _each_once(proposals: list[Proposal]) -> list[Proposal]:
    kept: dict[tuple[Leg, ...], Proposal] = {}
    for proposal in proposals:
        kept.setdefault(proposal.legs, proposal)
    return list(kept.values())


class _Search:
    def __init__(self, stage: Stage, rule: Pass) -> None:
        self._stage, self._rule = stage, rule

    def named(self, ledger: list[_Batch], statement: list[_Batch]) -> list[Proposal]:
        """Batches of the ledger whose id the statement carries or names."""
        carrying = {(batch.code, batch.currency, batch.account): batch.rows for batch in statement}
        naming = self._rows_naming()
        proposals = []
        for batch in ledger:
            rows = carrying.get((batch.code, batch.currency, batch.account), ())
            rows = rows or tuple(row for row in naming.get(batch.code, ()) if self._fits(row, batch))
            if rows:
                proposals.append(self._proposal(rows, batch))
        return proposals

    def _rows_naming(self) -> dict[int, list[int]]:
        named = self._stage.problem.named_batches
        naming: dict[int, list[int]] = {}
        for row in named.filled(self._stage.rows).tolist():
            for code in named.at(row):
                naming.setdefault(code, []).append(row)
        return naming

    def _fits(self, row: int, batch: _Batch) -> bool:
        statement = self._stage.statement
        if statement.currency[row] != batch.currency:
            return False
        return not self._stage.book_entries or int(statement.account[row]) == batch.account

    def _proposal(self, rows: tuple[int, ...], batch: _Batch) -> Proposal:
        statement = self._stage.statement
        paid = sum(statement.left[list(rows)].tolist())
        residual = paid - batch.total
        currency = self._stage.problem.currencies[batch.currency]
        leg = leg_for(self._rule.adjust, residual, batch.total, currency) if residual else None
        days = statement.day[list(rows)]
        window = max(self._rule.days, DAYS_WITH_REFERENCE)  # the plan's days are for totals without an id
        far = max(int(days.max()) - batch.first_day, batch.last_day - int(days.min())) > window
        against = int(Against.OUTSIDE_WINDOW) if far else 0
        balanced = not residual or leg is not None
        return Proposal(
            legs=self._legs(rows, batch.rows),
            confirm=balanced and not against and self._rule.confirm == "only_answer",
            supporting=int(For.BATCH),
            contradicting=against,
            rank=EXACT if not residual else ADJUSTED if leg else PARTIAL,
            adjustments=(leg,) if leg else (),
            considered=len(batch.rows),
        )

    def _legs(self, rows: tuple[int, ...], ledger_rows: tuple[int, ...]) -> tuple[Leg, ...]:
        statement, ledger = self._stage.statement, self._stage.ledger
        return (
            *(Leg(STATEMENT, row, int(statement.left[row])) for row in rows),
            *(Leg(LEDGER, row, int(ledger.left[row])) for row in ledger_rows),
        )

    def by_total(self, batches: list[_Batch], side: int) -> list[Proposal]:
        """Batches whose total exactly one line of the other side has inside the window, and that line only them."""
        sides = (self._stage.statement, self._stage.ledger)
        other = sides[1 - side]
        other_rows = self._stage.rows if side == LEDGER else self._stage.ledger_rows
        single = self._payouts(other, other_rows)
        by_amount: dict[tuple[int, int], list[int]] = {}
        for row in single:
            by_amount.setdefault((int(other.currency[row]), int(other.left[row])), []).append(row)
        hits = {batch: self._near(batch, other, by_amount) for batch in batches if len(batch.rows) > 1}
        wanted: dict[int, int] = {}
        for rows in hits.values():
            for row in rows:
                wanted[row] = wanted.get(row, 0) + 1
        density = AmountDensity(other, np.array(single, dtype=np.int64))
        return [
            self._only_total(batch, rows[0], side, density)
            for batch, rows in hits.items()
            if len(rows) == 1 and wanted[rows[0]] == 1
        ]

    def _payouts(self, side: SideColumns, rows: Int64Column) -> list[int]:
        """Rows that may be a payout without saying of which batch: those that carry or name one belong to that one."""
        free = rows[side.batch[rows] == NO_CODE]
        if side.side == "statement":
            free = np.setdiff1d(free, self._stage.problem.named_batches.filled(free))
        return [int(row) for row in free]

    def _near(self, batch: _Batch, other: SideColumns, by_amount: dict[tuple[int, int], list[int]]) -> list[int]:
        days = self._rule.days
        return [
            row
            for row in by_amount.get((batch.currency, batch.total), ())
            if batch.last_day - days <= other.day[row] <= batch.first_day + days
            and (batch.account in (NO_CODE, int(other.account[row])))
        ]

    def _only_total(self, batch: _Batch, row: int, side: int, density: AmountDensity) -> Proposal:
        amount = np.array([batch.total], dtype=np.int64)
        chance = float(density.expected_hits(amount, np.array([batch.currency]), self._rule.days)[0])
        rows, ledger_rows = ((row,), batch.rows) if side == LEDGER else (batch.rows, (row,))
        contested = any(self._stage.contested[leg.side][leg.row] for leg in self._legs(rows, ledger_rows))
        rare = chance <= self._rule.accidental_hits_max
        return Proposal(
            legs=self._legs(rows, ledger_rows),
            confirm=rare and not contested and self._rule.confirm == "only_answer",
            supporting=int(For.ONLY_AMOUNT),
            rank=PARTIAL,
            chance=chance,
            considered=len(batch.rows),
        )

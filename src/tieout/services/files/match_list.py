"""Turns what the engine found in columns into matches, in one order that does not depend on the input's order."""

from collections.abc import Iterator, Sequence
from functools import cache
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from tieout.domain.kinds import Side
from tieout.domain.line_table import Int64Column, texts_of
from tieout.domain.matches import (
    Adjustment,
    AdjustmentType,
    Allocation,
    Evidence,
    Match,
    MatchKind,
    MatchState,
    Realised,
)
from tieout.domain.plans import Plan
from tieout.domain.results import amount_text
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.money import exact_sum
from tieout.matching.engine import DECISION, Outcome
from tieout.matching.evidence import codes_against, codes_for
from tieout.matching.proposals import ACROSS, STATEMENT, Found
from tieout.matching.reasons import Told, reasons_for
from tieout.services.files.kept import Kept

_SIDES: tuple[Side, Side] = ("statement", "ledger")


class _Place(NamedTuple):
    """Where one match lies: in the confirmed or the proposed columns."""

    confirmed: bool
    number: int


class MatchList:
    """The matches of an outcome; walking it twice gives the same matches with the same ids."""

    def __init__(self, outcome: Outcome, plan: Plan, decision_reasons: Sequence[str] = ()) -> None:
        """decision_reasons: why somebody confirmed each tie, in the order of the decisions."""
        self._outcome, self._plan, self._decision_reasons = outcome, plan, decision_reasons
        problem = outcome.problem
        self._tables = (problem.statement.table, problem.ledger.table)
        self._ids = tuple(texts_of(table.id, len(table)) for table in self._tables)
        self._parties = tuple(texts_of(table.counterparty, len(table)) for table in self._tables)
        self._currencies = tuple(
            [problem.currencies[code] for code in side.currency.tolist()]
            for side in (problem.statement, problem.ledger)
        )
        self._amounts = (problem.statement.amount.tolist(), problem.ledger.amount.tolist())
        self._bases = tuple(
            None if table.base_amount is None else texts_of(table.base_amount, len(table)) for table in self._tables
        )
        self._order = _in_order(outcome.confirmed, outcome.proposed)
        self._kept = Kept(self._made, len(self._order))
        self._columns = {True: _Lists(outcome.confirmed, outcome.confirmed_pass),
                         False: _Lists(outcome.proposed, outcome.proposed_pass)}  # fmt: skip

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Match]:
        return iter(self._kept)

    def _made(self) -> Iterator[Match]:
        for number, row in enumerate(self._order, 1):
            yield self._match(number, row)

    def _match(self, number: int, row: _Place) -> Match:
        columns, index = self._columns[row.confirmed], row.number
        legs = columns.legs(index)
        ids, currencies = self._ids, self._currencies
        # Lists and plain loops here and below: this runs once per match, and generators cost a third of it.
        allocations = tuple(
            [Allocation(_SIDES[side], ids[side][line], amount, currencies[side][line]) for side, line, amount in legs]
        )
        legs_added = columns.found.adjustments.get(index)
        adjustments = tuple([Adjustment(*leg) for leg in legs_added]) if legs_added else ()
        chance = columns.chance[index]
        action = columns.found.actions.get(index)
        return Match(
            id=number,
            kind=MatchKind.ACROSS if columns.kind[index] == ACROSS else MatchKind.WITHIN,
            state=MatchState.CONFIRMED if row.confirmed else MatchState.PROPOSED,
            matcher=self._matcher(columns.passes[index]),
            allocations=allocations,
            adjustments=adjustments,
            realised=self._realised(legs, adjustments),
            answers=columns.answers[index],
            searched_fully=columns.searched_fully[index],
            steps=columns.steps[index],
            accidental_hits=None if isnan(chance) else chance,
            evidence=_evidence(columns.supporting[index], columns.contradicting[index]),
            reasons=self._reasons(row, legs, adjustments, action),
            action=action,
        )

    def _matcher(self, number: int) -> str:
        return "decision" if number == DECISION else self._plan.passes[number].matcher

    def _reasons(
        self, row: _Place, legs: Sequence[tuple[int, int, int]], adjustments: Sequence[Adjustment], action: str | None
    ) -> tuple[str, ...]:
        columns, index = self._columns[row.confirmed], row.number
        side, line, amount = legs[0]
        count = [leg[0] for leg in legs].count(STATEMENT)
        ledger_count = len(legs) - count
        if count > 1 and ledger_count == 1:
            side, line, amount = legs[-1]
        last_side, last_line, _ = legs[-1]
        party = self._parties[last_side][last_line] or self._parties[side][line]
        chance = columns.chance[index]
        said = reasons_for(
            Told(
                matcher=self._matcher(columns.passes[index]),
                supporting=columns.supporting[index],
                contradicting=columns.contradicting[index],
                confirmed=row.confirmed,
                considered=columns.considered[index],
                chosen=ledger_count if ledger_count > 1 or count == 1 else count,
                party=party,
                amount=f"{amount_text(amount, self._currencies[side][line])} {self._currencies[side][line]}",
                rules=list(dict.fromkeys([leg.rule for leg in adjustments if leg.rule])) if adjustments else (),
                partial=True in [amount != self._amounts[side][line] for side, line, amount in legs],
                action=action,
                chance=None if isnan(chance) else chance,
                contested=columns.wanted_confirm[index],
            )
        )
        decided = columns.passes[index] == DECISION and self._decision_reasons[index]
        return (*said, decided) if decided else said

    def _realised(self, legs: Sequence[tuple[int, int, int]], adjustments: Sequence[Adjustment]) -> Realised | None:
        """Settled value minus carrying value, where an exchange leg or carrying values on both sides ask for it."""
        if not adjustments and self._bases[1] is None:
            return None
        exchange = [leg for leg in adjustments if leg.type is AdjustmentType.EXCHANGE]
        ledger = [line for side, line, _ in legs if side != STATEMENT]
        if exchange:
            functional = exchange[0].currency
            settled: int | None = sum(amount for side, _, amount in legs if side == STATEMENT)
        elif self._bases[0] is not None and self._bases[1] is not None and ledger:
            functional = self._plan.functional_currency or ""
            settled = self._carrying(0, [line for side, line, _ in legs if side == STATEMENT], functional)
            if settled is None and not any(self._bases[1][line] for line in ledger):
                return None
        else:
            return None
        carrying = self._carrying(1, ledger, functional)
        if settled is None or carrying is None or not functional:
            reason = "no_carrying_value" if functional else "no_functional_currency"
            return Realised(None, functional or None, reason)
        return Realised(settled - carrying, functional, None)

    def _carrying(self, side: int, lines: Sequence[int], currency: str) -> int | None:
        bases = self._bases[side]
        if bases is None or currency not in EXPONENTS:
            return None
        return exact_sum([bases[line] for line in lines], EXPONENTS[currency])


@cache
def _evidence(supporting: int, contradicting: int) -> Evidence:
    return Evidence(codes_for(supporting), codes_against(contradicting))


class _Lists:
    """Columns of proposals as plain lists: walking a million rows reads each value once."""

    def __init__(self, found: Found, passes: Int64Column) -> None:
        self.found = found
        self.passes: list[int] = passes.tolist()
        self.wanted_confirm: list[bool] = found.columns["confirm"].tolist()
        self.supporting: list[int] = found.columns["supporting"].tolist()
        self.contradicting: list[int] = found.columns["contradicting"].tolist()
        self.kind: list[int] = found.columns["kind"].tolist()
        self.answers: list[int] = found.columns["answers"].tolist()
        self.searched_fully: list[bool] = found.columns["searched_fully"].tolist()
        self.steps: list[int] = found.columns["steps"].tolist()
        self.chance: list[float] = found.columns["chance"].tolist()
        self.considered: list[int] = found.columns["considered"].tolist()
        self._offsets: list[int] = found.offsets.tolist()
        self._legs: list[tuple[Any, Any, Any]] = list(
            zip(found.leg_side.tolist(), found.leg_row.tolist(), found.leg_amount.tolist(), strict=True)
        )

    def legs(self, index: int) -> list[tuple[int, int, int]]:
        """Side, row and amount of each leg, statement before ledger, then in canonical order of rows."""
        legs = self._legs[self._offsets[index] : self._offsets[index + 1]]
        return legs if len(legs) == 2 and legs[0] < legs[1] else sorted(legs)


def _in_order(confirmed: Found, proposed: Found) -> list[_Place]:
    """Matches by their first statement row, then their first ledger row; confirmed before proposed."""
    keys = []
    for found in (confirmed, proposed):
        starts = found.offsets[:-1]
        far = np.iinfo(np.int64).max
        for side in (STATEMENT, 1 - STATEMENT):
            rows = np.where(found.leg_side == side, found.leg_row, far)
            keys.append(np.minimum.reduceat(rows, starts) if len(starts) else np.zeros(0, dtype=np.int64))
    flags = np.concatenate([np.zeros(len(confirmed)), np.ones(len(proposed))])
    order = np.lexsort((flags, np.concatenate([keys[1], keys[3]]), np.concatenate([keys[0], keys[2]])))
    count = len(confirmed)
    return [_Place(place < count, place if place < count else place - count) for place in order.tolist()]

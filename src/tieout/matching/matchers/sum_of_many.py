"""One payment for several documents of one party, or several payments for one, found by their sum alone.

The limit of summing is not speed but ambiguity, so every search counts its answers to two and a sum is confirmed only
when it is the only one and chance would hardly have produced it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tieout.domain.line_table import Int64Column
from tieout.domain.plans import Pass
from tieout.matching.adjusting import gross_bounds, leg_for
from tieout.matching.chance import expected_sums
from tieout.matching.columns import SideColumns
from tieout.matching.evidence import PARTY, STRONG, Against, before_document, contradicting, own_transfer, supporting
from tieout.matching.kernels.compiled import Sums, sums_between
from tieout.matching.pairing import ANSWERS_SHOWN
from tieout.matching.proposals import (
    ADJUSTED,
    EXACT,
    LEDGER,
    STATEMENT,
    AdjustmentLeg,
    Ambiguous,
    Findings,
    Leg,
    Proposal,
    found_from,
)
from tieout.matching.stage import COLUMN_OF, Stage, known, unbatched

# Even where the party agrees, a sum that chance would produce as likely as not is nobody's proof.
ACCIDENTAL_HITS_EVIDENT_MAX = 0.5
# Beyond this many open lines in one block sums by chance are certain, whatever the search finds.
BLOCK_LINES_MAX = 120


def find(stage: Stage, rule: Pass) -> Findings:
    """The only sums of at most `lines_max` lines inside each block and window, in both directions."""
    columns = [COLUMN_OF[name] for name in rule.block]
    texts = [column for column in columns if column != "currency"]
    rows = known(stage.statement, stage.rows, texts)
    rows = rows[~own_transfer(stage.problem, rows)]
    ledger_rows = known(stage.ledger, stage.ledger_rows, texts)
    if "batch" not in texts:
        rows, ledger_rows = unbatched(stage.statement, rows), unbatched(stage.ledger, ledger_rows)
    keys, ledger_keys = stage.keys(columns, rows, ledger_rows)
    proposals: list[Proposal] = []
    ambiguous: list[Ambiguous] = []
    for target in (
        _Targets(stage, rule, STATEMENT, rows, keys, ledger_rows, ledger_keys),
        _Targets(stage, rule, LEDGER, ledger_rows, ledger_keys, rows, keys),
    ):
        found, several = target.solved()
        proposals += found
        ambiguous += several
    return Findings(found_from(proposals), ambiguous)


class _Answer(NamedTuple):
    """The only sum that reaches a target."""

    target: int
    chosen: Int64Column  # rows of the other side
    open_lines: Int64Column  # rows that were searched
    block: int
    steps: int
    leg: AdjustmentLeg | None  # what explains the rest


@dataclass(slots=True, eq=False)
class _Targets:
    """Lines of one side, each to be reached as a sum of lines of the other side in its block and window."""

    stage: Stage
    rule: Pass
    side: int  # of the targets
    rows: Int64Column
    keys: Int64Column
    other_rows: Int64Column
    other_keys: Int64Column

    @property
    def _own(self) -> SideColumns:
        return self.stage.statement if self.side == STATEMENT else self.stage.ledger

    @property
    def _other(self) -> SideColumns:
        return self.stage.ledger if self.side == STATEMENT else self.stage.statement

    def solved(self) -> tuple[list[Proposal], list[Ambiguous]]:
        targets, offsets, members = self._blocks()
        if not len(targets):
            return [], []
        low, high = self._bounds(targets)
        sums = self._sums(offsets, members, low, high, 2)
        finished = sums.steps <= self.rule.steps_max
        only = np.flatnonzero((sums.answers == 1) & finished).tolist()
        answers = [
            answer
            for block in only
            if (answer := self._answer(int(targets[block]), offsets, members, block, sums)) is not None
        ]
        proposals = self._proposals(answers, low, high)
        return proposals, self._several(targets, offsets, members, low, high, (sums.answers > 1) | ~finished)

    def _blocks(self) -> tuple[Int64Column, Int64Column, Int64Column]:
        """Targets with at least two lines to sum, and the rows of each, one block after another."""
        day = self._other.day[self.other_rows]
        order = np.lexsort((self.other_rows, day, self.other_keys))
        others, span = self.other_rows[order], 1 << 22
        place = self.other_keys[order] * span + day[order]
        at = self.keys * span + self._own.day[self.rows]
        begin = np.searchsorted(place, at - self.rule.days, "left")
        counts = np.searchsorted(place, at + self.rule.days, "right") - begin
        usable = (counts >= 2) & (counts <= BLOCK_LINES_MAX)
        targets, begin, counts = self.rows[usable], begin[usable], counts[usable]
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        within = np.arange(int(offsets[-1])) - np.repeat(offsets[:-1], counts)
        return targets, offsets, others[np.repeat(begin, counts) + within]

    def _bounds(self, targets: Int64Column) -> tuple[Int64Column, Int64Column]:
        amounts = self._own.left[targets]
        if not self.rule.adjust or self.side == LEDGER:
            return amounts, amounts
        names = self.stage.problem.currencies
        bounds = [
            gross_bounds(self.rule.adjust, amount, names[currency])
            for amount, currency in zip(amounts.tolist(), self._own.currency[targets].tolist(), strict=True)
        ]
        columns = np.array(bounds, dtype=np.int64)
        return columns[:, 0].copy(), columns[:, 1].copy()

    def _sums(
        self, offsets: Int64Column, members: Int64Column, low: Int64Column, high: Int64Column, count: int
    ) -> Sums:
        return sums_between(
            offsets,
            self._other.left[members],
            self._other.twin[members],
            low,
            high,
            lines_max=self.rule.lines_max,
            answers_max=count,
            steps_max=self.rule.steps_max,
        )

    def _answer(
        self, target: int, offsets: Int64Column, members: Int64Column, block: int, sums: Sums
    ) -> _Answer | None:
        """The only answer of a block with the leg that explains what is missing; None where nothing explains it."""
        chosen = members[sums.lines(offsets, block, 0)]
        amount, total = int(self._own.left[target]), sum(self._other.left[chosen].tolist())
        if len(chosen) < 2 and (self.side == LEDGER or amount == total):
            return None  # a pair of equal amounts is not a sum; a shorter window holds for it
        currency = self.stage.problem.currencies[self._own.currency[target]]
        leg = leg_for(self.rule.adjust, amount - total, total, currency) if amount != total else None
        if amount != total and leg is None:
            return None
        return _Answer(target, chosen, members[offsets[block] : offsets[block + 1]], block, int(sums.steps[block]), leg)

    def _proposals(self, answers: list[_Answer], low: Int64Column, high: Int64Column) -> list[Proposal]:
        if not answers:
            return []
        counts = np.array([len(answer.chosen) for answer in answers], dtype=np.int64)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)[:-1]])
        pairs = (
            np.repeat(np.array([answer.target for answer in answers], dtype=np.int64), counts),
            np.concatenate([answer.chosen for answer in answers]),
        )
        rows, ledger_rows = pairs if self.side == STATEMENT else pairs[::-1]
        each = supporting(self.stage.problem, rows, ledger_rows)
        early = before_document(self.stage.problem, rows, ledger_rows) & ((each & STRONG) == 0)
        bits_against = contradicting(self.stage.problem, rows, ledger_rows, each)
        bits_against[early] |= int(Against.BEFORE_DOCUMENT)
        against = np.bitwise_or.reduceat(bits_against, starts)
        common = np.bitwise_and.reduceat(each, starts)
        evident = np.repeat((common & (PARTY | STRONG)) != 0, counts)
        contested = self.stage.is_contested(STATEMENT, rows, evident)
        contested |= self.stage.is_contested(LEDGER, ledger_rows, evident)
        crossed = np.bitwise_or.reduceat(contested, starts)
        return [
            self._proposal(answer, int(high[answer.block] - low[answer.block]) + 1, bits, contradicts, wanted)
            for answer, bits, contradicts, wanted in zip(
                answers, common.tolist(), against.tolist(), crossed.tolist(), strict=True
            )
        ]

    def _proposal(self, answer: _Answer, width: int, bits: int, against: int, contested: bool) -> Proposal:
        amount = int(self._own.left[answer.target])
        open_amounts = self._other.left[answer.open_lines].tolist()
        chance = expected_sums(open_amounts, amount, self.rule.lines_max, width)
        # With a tolerance, chance finds a sum among a handful of lines; without one, the same party is evidence enough.
        evident = answer.leg is None and bool(bits & (PARTY | STRONG)) and chance <= ACCIDENTAL_HITS_EVIDENT_MAX
        enough = evident or chance <= self.rule.accidental_hits_max
        target, chosen = (answer.target,), answer.chosen.tolist()
        rows, ledger_rows = (target, chosen) if self.side == STATEMENT else (chosen, target)
        return Proposal(
            legs=(
                *(Leg(STATEMENT, row, int(self.stage.statement.left[row])) for row in rows),
                *(Leg(LEDGER, row, int(self.stage.ledger.left[row])) for row in ledger_rows),
            ),
            confirm=enough and not against and not contested and self.rule.confirm == "only_answer",
            supporting=bits,
            contradicting=against,
            rank=EXACT if answer.leg is None else ADJUSTED,
            steps=answer.steps,
            chance=chance,
            considered=len(open_amounts),
            adjustments=(answer.leg,) if answer.leg else (),
        )

    def _several(
        self, targets: Int64Column, offsets: Int64Column, members: Int64Column,
        low: Int64Column, high: Int64Column, chosen: np.ndarray,
    ) -> list[Ambiguous]:  # fmt: skip
        """The best few answers of the blocks with more than one, or whose search stopped at its limit."""
        blocks = np.flatnonzero(chosen)
        if not len(blocks):
            return []
        counts = np.diff(offsets)[blocks]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
        rows = members[np.repeat(offsets[blocks], counts) + np.arange(int(starts[-1])) - np.repeat(starts[:-1], counts)]
        sums = self._sums(starts, rows, low[blocks], high[blocks], ANSWERS_SHOWN + 1)
        said = []
        for place, block in enumerate(blocks.tolist()):
            shown = min(int(sums.answers[place]), ANSWERS_SHOWN)
            answers = tuple(sorted(tuple(rows[sums.lines(starts, place, number)].tolist()) for number in range(shown)))
            more = bool(sums.answers[place] > ANSWERS_SHOWN or sums.steps[place] > self.rule.steps_max)
            if answers or more:
                said.append(Ambiguous(self.side, (int(targets[block]),), 1 - self.side, answers, more))
        return said

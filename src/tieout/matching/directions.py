"""Decisions that people took before the plan runs: ties they confirm or reject, lines they set aside."""

from collections.abc import Sequence
from typing import NamedTuple

from tieout.domain.line_table import texts_of
from tieout.kernel.errors import Refusal
from tieout.matching.columns import Problem, SideColumns
from tieout.matching.proposals import EXACT, LEDGER, STATEMENT, WITHIN, Ambiguous, Found, Leg, Proposal, found_from


class Tie(NamedTuple):
    """Lines of both sides, or of one, by their ids."""

    statement: tuple[str, ...]
    ledger: tuple[str, ...]


class Directions(NamedTuple):
    """What people decided, in their order."""

    confirmed: tuple[Tie, ...] = ()
    rejected: tuple[Tie, ...] = ()
    ignored: Tie = Tie((), ())
    held: tuple[tuple[str, int], ...] = ()  # parts of statement lines, in minor units, that only book entries may tie


NOTHING_DECIDED = Directions()


class Directed(NamedTuple):
    """The decisions as rows of a problem."""

    pinned: Found  # matches that stand before any pass runs
    rejected: frozenset[tuple[tuple[int, int], ...]]  # sets of (side, row) that must not be tied, sorted
    held: dict[int, int]  # statement row to the part that only book entries may tie
    ignored: tuple[list[int], list[int]]  # statement and ledger rows that are set aside, ascending
    refusals: tuple[Refusal, ...]  # `concerns` names the line; codes line_unknown, amounts_differ, line_used_up


def directed(problem: Problem, directions: Directions) -> Directed:
    """Find the rows of the decisions; sets aside the ignored ones and takes up what confirmed ties use.

    A confirmed tie must add up, or pay a single larger line in part. Those that do not are refused, and nothing of
    them is used. Raises KeyError for a held line that is not there.
    """
    return _Directing(problem).through(directions)


class _Directing:
    def __init__(self, problem: Problem) -> None:
        self._sides = (problem.statement, problem.ledger)
        self._rows = tuple(_rows_by_id(side) for side in self._sides)
        self._refusals: list[Refusal] = []

    def through(self, directions: Directions) -> Directed:
        ignored: tuple[list[int], list[int]] = ([], [])
        for side, row in sorted(set(self._legs(directions.ignored) or ())):
            self._sides[side].left[row] = 0
            ignored[side].append(row)
        rejected = [tuple(sorted(rows)) for tie in directions.rejected if (rows := self._legs(tie)) is not None]
        pinned = [proposal for tie in directions.confirmed if (proposal := self._pinned(tie)) is not None]
        held = {self._rows[STATEMENT][line]: part for line, part in directions.held}
        return Directed(found_from(pinned), frozenset(rejected), held, ignored, tuple(self._refusals))

    def _legs(self, tie: Tie) -> list[tuple[int, int]] | None:
        """The rows of a tie; None, with refusals, where a line is unknown."""
        wanted = [(STATEMENT, line) for line in tie.statement] + [(LEDGER, line) for line in tie.ledger]
        unknown = [line for side, line in wanted if line not in self._rows[side]]
        self._refusals += [Refusal("line_unknown", line) for line in unknown]
        return None if unknown else [(side, self._rows[side][line]) for side, line in wanted]

    def _pinned(self, tie: Tie) -> Proposal | None:
        rows = self._legs(tie)
        if rows is None:
            return None
        used_up = [
            (tie.statement + tie.ledger)[place]
            for place, (side, row) in enumerate(rows)
            if not self._sides[side].left[row]
        ]
        if used_up:
            self._refusals += [Refusal("line_used_up", line) for line in used_up]
            return None
        amounts = self._amounts(rows, bool(tie.ledger))
        if amounts is None:
            self._refusals.append(Refusal("amounts_differ", " ".join(tie.statement + tie.ledger)))
            return None
        for (side, row), amount in zip(rows, amounts, strict=True):
            self._sides[side].left[row] -= amount
        legs = tuple(Leg(side, row, amount) for (side, row), amount in zip(rows, amounts, strict=True))
        across = bool(tie.statement) and bool(tie.ledger)
        return Proposal(legs=legs, confirm=True, supporting=0, kind=0 if across else WITHIN, rank=EXACT)

    def _amounts(self, rows: Sequence[tuple[int, int]], across: bool) -> list[int] | None:
        """What each row gives: all that is left of it, or part of a single line that is larger than the rest."""
        left = [int(self._sides[side].left[row]) for side, row in rows]
        currencies = {int(self._sides[side].currency[row]) for side, row in rows}
        signed = [
            -amount if across and side == LEDGER else amount for amount, (side, _) in zip(left, rows, strict=True)
        ]
        residual = sum(signed)
        if len(currencies) > 1:
            return None
        if residual == 0:
            return left
        for number in (STATEMENT, LEDGER):
            places = [place for place, (side, _) in enumerate(rows) if side == number]
            if across and len(places) == 1:
                part = left[places[0]] + (residual if number == LEDGER else -residual)
                if part and (part < 0) == (left[places[0]] < 0) and _smaller(part, left[places[0]]):
                    left[places[0]] = part
                    return left
        return None


def _smaller(part: int, whole: int) -> bool:
    return part < whole if whole > 0 else part > whole


def _rows_by_id(side: SideColumns) -> dict[str, int]:
    return {line: row for row, line in enumerate(texts_of(side.table.id, len(side)))}


def is_rejected(found: Found, index: int, rejected: frozenset[tuple[tuple[int, int], ...]]) -> bool:
    """Whether a proposal ties exactly the lines that somebody decided must not be tied."""
    span = slice(found.offsets[index], found.offsets[index + 1])
    return tuple(sorted(zip(found.leg_side[span].tolist(), found.leg_row[span].tolist(), strict=True))) in rejected


def narrowed(
    problem: Problem, ambiguous: Sequence[Ambiguous], rejected: frozenset[tuple[tuple[int, int], ...]]
) -> tuple[list[Ambiguous], list[Proposal]]:
    """Ambiguities without the answers that somebody rejected; where one answer is left of few, it is proposed."""
    if not rejected:
        return list(ambiguous), []
    kept: list[Ambiguous] = []
    proposed: list[Proposal] = []
    for each in ambiguous:
        fixed = [(each.side, row) for row in each.rows]
        answers = [
            answer
            for answer in each.answers
            if tuple(sorted(fixed + [(each.answers_side, row) for row in answer])) not in rejected
        ]
        if len(answers) == 1 and len(each.answers) > 1 and not each.more:
            proposed += _proposed(problem, each, answers[0])
        elif answers:
            kept.append(each._replace(answers=tuple(answers)))
    return kept, proposed


def _proposed(problem: Problem, each: Ambiguous, answer: Sequence[int]) -> list[Proposal]:
    """The tie of the fixed rows to one answer, where both use all that is left of them."""
    sides = (problem.statement, problem.ledger)
    rows = sorted([(each.side, row) for row in each.rows] + [(each.answers_side, row) for row in answer])
    legs = tuple(Leg(side, row, int(sides[side].left[row])) for side, row in rows)
    across = each.side != each.answers_side
    residual = sum(-leg.minor_units if across and leg.side == LEDGER else leg.minor_units for leg in legs)
    if residual:
        return []
    return [Proposal(legs=legs, confirm=False, supporting=0, kind=0 if across else WITHIN, rank=EXACT)]

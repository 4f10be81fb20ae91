"""Runs a plan: pass after pass over what is still open, book entries before open items."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column, LineTable
from tieout.domain.plans import Pass, Plan
from tieout.kernel.errors import Refusal
from tieout.matching.columns import Problem, prepare
from tieout.matching.directions import NOTHING_DECIDED, Directed, Directions, directed, is_rejected, narrowed
from tieout.matching.evidence import PARTY, STRONG
from tieout.matching.proposals import LEDGER, STATEMENT, Ambiguous, Findings, Found, found_from, joined, settled
from tieout.matching.stage import BY_AMOUNT, BY_EVIDENCE, Stage

# Matchers that pair lines of one side: they run in the last round only, when the book entries have had their turn.
WITHIN_MATCHERS = frozenset({"transfer", "reversal"})


class Matcher(Protocol):
    """The shape of a matcher: one module per idea under tieout.matching.matchers, found by the registry."""

    def find(self, stage: Stage, rule: Pass) -> Findings:
        """What this matcher finds among the open rows of the stage; it changes nothing."""
        ...


@dataclass(slots=True, eq=False)
class Outcome:
    """What a plan found, as columns; rows refer to the tables of `problem`, which are in canonical order."""

    problem: Problem
    confirmed: Found
    confirmed_pass: Int64Column  # index of the plan's pass, per match
    proposed: Found
    proposed_pass: Int64Column
    ambiguous: list[Ambiguous]
    held: dict[int, int]  # statement row to the part that no book entry tied and nothing else may
    ignored: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))  # statement and ledger rows
    refusals: tuple[Refusal, ...] = ()  # decisions that could not be followed


# The pass of a match that a decision made.
DECISION = -1


def run(
    plan: Plan,
    matchers: Mapping[str, Matcher],
    statement: LineTable,
    ledger: LineTable,
    settled_ids: frozenset[str],
    directions: Directions = NOTHING_DECIDED,
) -> Outcome:
    """Tie two sides by a plan. The same lines give the same outcome, whatever their order.

    settled_ids: open items that a book entry already settles. directions: what people decided beforehand; those that
    cannot be followed stand in `Outcome.refusals`.
    """
    problem = prepare(statement, ledger, settled_ids)
    return _Run(problem, directed(problem, directions)).through(plan, matchers)


class _Run:
    def __init__(self, problem: Problem, decided: Directed) -> None:
        self._problem, self._decided = problem, decided
        self._contested = (
            np.zeros(len(problem.statement), dtype=np.int64),
            np.zeros(len(problem.ledger), dtype=np.int64),
        )
        self._confirmed: list[Found] = []
        self._proposed: list[Found] = []
        self._passes: tuple[list[Int64Column], list[Int64Column]] = ([], [])
        self._ambiguous: list[Ambiguous] = []
        self._held: dict[int, int] = {}
        self._wholly_held: list[int] = []

    def through(self, plan: Plan, matchers: Mapping[str, Matcher]) -> Outcome:
        self._keep(self._decided.pinned, DECISION, self._confirmed, self._passes[0])
        rounds = [True, False] if bool(self._problem.ledger.book_entry.any()) else [False]
        for book_entries in rounds:
            if not book_entries:
                self._hold()
            for number, rule in enumerate(plan.passes):
                if book_entries and rule.matcher in WITHIN_MATCHERS:
                    continue
                stage = Stage(self._problem, book_entries, self._contested)
                self._take(number, matchers[rule.matcher].find(stage, rule))
        return self._outcome()

    def _hold(self) -> None:
        """Put aside what is left of the parts that only book entries may tie."""
        left = self._problem.statement.left
        for row, part in self._decided.held.items():
            rest = int(left[row])
            held = max(part, rest) if part < 0 else min(part, rest)
            if held:
                left[row] -= held
                self._held[row] = held
        self._wholly_held = [row for row in self._held if not left[row]]

    def _lend(self) -> None:
        """Let proposals that tie a book entry to a line wholly held for one see the line open."""
        for row in self._wholly_held:
            self._problem.statement.left[row] = self._held[row]

    def _take_back(self) -> None:
        for row in self._wholly_held:
            self._problem.statement.left[row] = 0

    def _take(self, number: int, findings: Findings) -> None:
        """Confirm what may be confirmed together, keep the rest as proposals, and mark contested rows."""
        ambiguous, left_over = narrowed(self._problem, findings.ambiguous, self._decided.rejected)
        found = self._without_rejected(joined([findings.found, found_from(left_over)]) if left_over else findings.found)
        left = (self._problem.statement.left, self._problem.ledger.left)
        confirm = settled(found, left)
        legs = confirm[found.owner]
        for side in (STATEMENT, LEDGER):
            these = legs & (found.leg_side == side)
            np.subtract.at(left[side], found.leg_row[these], found.leg_amount[these])
        self._keep(found.kept(confirm), number, self._confirmed, self._passes[0])
        rest = found.kept(~confirm)
        self._keep(rest, number, self._proposed, self._passes[1])
        self._contest(rest, ambiguous)
        self._ambiguous += ambiguous

    def _without_rejected(self, found: Found) -> Found:
        rejected = self._decided.rejected
        if not rejected:
            return found
        keep = [not is_rejected(found, index, rejected) for index in range(len(found))]
        return found.kept(np.array(keep, dtype=np.bool_))

    def _keep(self, found: Found, number: int, into: list[Found], passes: list[Int64Column]) -> None:
        if len(found):
            into.append(found)
            passes.append(np.full(len(found), number, dtype=np.int64))

    def _contest(self, proposed: Found, ambiguous: list[Ambiguous]) -> None:
        """Remember who wants a row without getting it; what is contradicted is no claim."""
        plausible = np.asarray(proposed.columns["contradicting"] == 0)[proposed.owner]
        evident = (np.asarray(proposed.columns["supporting"]) & (PARTY | STRONG)) != 0
        claims = np.where(evident, BY_EVIDENCE, BY_AMOUNT)[proposed.owner]
        for side in (STATEMENT, LEDGER):
            these = plausible & (proposed.leg_side == side)
            np.maximum.at(self._contested[side], proposed.leg_row[these], claims[these])
        for each in ambiguous:
            claim = BY_EVIDENCE if each.evident else BY_AMOUNT
            for side, rows in ((each.side, each.rows), *((each.answers_side, answer) for answer in each.answers)):
                np.maximum.at(self._contested[side], list(rows), claim)

    def _outcome(self) -> Outcome:
        confirmed, proposed = joined(self._confirmed), joined(self._proposed)
        passes = [np.concatenate([np.zeros(0, dtype=np.int64), *column]) for column in self._passes]
        self._lend()
        still, ambiguous = self._still_open(proposed), self._still_ambiguous()
        self._take_back()
        chosen = _first_of_each(proposed, still)
        return Outcome(
            problem=self._problem,
            confirmed=confirmed,
            confirmed_pass=passes[0],
            proposed=proposed.kept(chosen),
            proposed_pass=passes[1][chosen],
            ambiguous=ambiguous,
            held=self._held,
            ignored=self._decided.ignored,
            refusals=self._decided.refusals,
        )

    def _still_open(self, found: Found) -> BoolColumn:
        """Proposals whose lines still have what they want; a return of tied money wants nothing open."""
        left = (self._problem.statement.left, self._problem.ledger.left)
        fits = np.ones(len(found.leg_row), dtype=np.bool_)
        for side in (STATEMENT, LEDGER):
            these = found.leg_side == side
            have, want = left[side][found.leg_row[these]], found.leg_amount[these]
            fits[these] = np.where(want < 0, have <= want, have >= want) & (have != 0)
        keep = np.ones(len(found), dtype=np.bool_)
        np.logical_and.at(keep, found.owner, fits)
        for index in found.actions:
            keep[index] = True
        return keep

    def _still_ambiguous(self) -> list[Ambiguous]:
        """Ambiguities whose fixed lines are open and that may still have two answers, each fixed line once."""
        left = (self._problem.statement.left, self._problem.ledger.left)
        kept: dict[tuple[int, tuple[int, ...]], Ambiguous] = {}
        for each in self._ambiguous:
            if not all(left[each.side][row] for row in each.rows):
                continue
            answers = tuple(answer for answer in each.answers if all(left[each.answers_side][row] for row in answer))
            if len(answers) > 1 or each.more:
                kept.setdefault((each.side, each.rows), each._replace(answers=answers))
        return sorted(kept.values(), key=lambda each: (each.side, each.rows))


def _first_of_each(found: Found, keep: BoolColumn) -> BoolColumn:
    """The same lines are proposed once, by the earliest pass."""
    seen: set[tuple[tuple[int, int, int], ...]] = set()
    chosen = keep.copy()
    sides, rows, amounts = found.leg_side.tolist(), found.leg_row.tolist(), found.leg_amount.tolist()
    for index in np.flatnonzero(keep).tolist():
        span = range(found.offsets[index], found.offsets[index + 1])
        legs = tuple((sides[place], rows[place], amounts[place]) for place in span)
        chosen[index] = legs not in seen
        seen.add(legs)
    return chosen

"""Ties two sides that are already columns, and says everything about the result: the main job without any file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable, texts_at, texts_of
from tieout.domain.plans import Plan
from tieout.domain.results import Ambiguity, OpenLine, PlanUsed, Result
from tieout.kernel.errors import Finding
from tieout.matching.columns import SideColumns
from tieout.matching.engine import Matcher, Outcome, run
from tieout.matching.proposals import STATEMENT, Ambiguous
from tieout.services.match_list import MatchList

_SIDES: tuple[Side, Side] = ("statement", "ledger")
# What could tell two answers apart, the most telling first.
_DECIDING = ("reference", "counterparty", "counterparty_account", "batch", "booking_date")


@dataclass(frozen=True, slots=True)
class Lines:
    """Both sides and what was noticed while they were read."""

    statement: LineTable
    ledger: LineTable
    quarantined: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()


def reconcile_lines(lines: Lines, plan: Plan, matchers: Mapping[str, Matcher]) -> Result:
    """Run the plan over both sides and gather what ties out, what does not and why."""
    settled = settled_ids(lines.ledger)
    outcome = run(plan, matchers, lines.statement, lines.ledger, settled)
    matches = MatchList(outcome, plan)
    problem = outcome.problem
    return Result(
        plan=PlanUsed(plan.name, plan.sha256),
        statement=problem.statement.table,
        ledger=problem.ledger.table,
        matches=matches.__iter__,
        quarantined=lines.quarantined,
        warnings=lines.warnings,
        ambiguous=tuple(_ambiguities(outcome)),
        open_lines=tuple(open_lines(outcome, settled)),
        settled_in_books=tuple(sorted(settled)),
        matches_confirmed=len(outcome.confirmed),
        matches_proposed=len(outcome.proposed),
    )


def settled_ids(ledger: LineTable) -> frozenset[str]:
    """Ids of the open items that a book entry settles; they are out of bank matching."""
    if ledger.settles is None:
        return frozenset()
    known = set(texts_of(ledger.id, len(ledger)))
    named = {settled for text in set(texts_of(ledger.settles, len(ledger))) for settled in text.split()}
    return frozenset(named & known)


def open_lines(outcome: Outcome, settled: frozenset[str]) -> Sequence[OpenLine]:
    """Every line, or rest of a line, that nothing confirmed ties; statement before ledger, in canonical order."""
    days = [side.day for side in (outcome.problem.statement, outcome.problem.ledger) if len(side)]
    as_of = max((int(column.max()) for column in days), default=0)
    return [
        line
        for side in (outcome.problem.statement, outcome.problem.ledger)
        for line in _open_of(outcome, side, settled if side.side == "ledger" else frozenset(), as_of)
    ]


def _open_of(outcome: Outcome, side: SideColumns, settled: frozenset[str], as_of: int) -> Sequence[OpenLine]:
    rows = np.flatnonzero((side.left != 0) | (side.amount == 0))
    names = outcome.problem.currencies
    columns = zip(
        rows.tolist(),
        texts_at(side.table.id, rows),
        side.left[rows].tolist(),
        side.currency[rows].tolist(),
        side.day[rows].tolist(),
        strict=True,
    )
    return [
        OpenLine(side.side, line, left, names[currency], row, as_of - day)
        for row, line, left, currency, day in columns
        if line not in settled
    ]


def _ambiguities(outcome: Outcome) -> Sequence[Ambiguity]:
    sides = (outcome.problem.statement, outcome.problem.ledger)
    ids = [texts_of(side.table.id, len(side)) for side in sides]
    said = []
    for each in outcome.ambiguous:
        fixed = tuple(ids[each.side][row] for row in each.rows)
        said.append(
            Ambiguity(
                statement=fixed if each.side == STATEMENT else (),
                ledger=() if each.side == STATEMENT else fixed,
                answers=tuple(tuple(ids[each.answers_side][row] for row in answer) for answer in each.answers),
                more=each.more,
                would_decide=_would_decide(sides[each.answers_side], each),
            )
        )
    return said


def _would_decide(side: SideColumns, each: Ambiguous) -> str:
    """The first column in which all answers differ from each other."""
    columns = {
        "reference": side.reference,
        "counterparty": side.party,
        "counterparty_account": side.party_account,
        "batch": side.batch,
        "booking_date": side.day,
    }
    for name in _DECIDING:
        seen = {tuple(sorted(columns[name][list(answer)].tolist())) for answer in each.answers}
        if len(seen) == len(each.answers):
            return name
    return "reference"

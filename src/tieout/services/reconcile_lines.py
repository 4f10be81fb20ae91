"""Ties two sides that are already columns, and says everything about the result: the main job without any file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tieout.domain.line_table import LineTable, texts_at, texts_of
from tieout.domain.plans import Plan
from tieout.domain.results import Ambiguity, OpenLine, PlanUsed, Result
from tieout.domain.statements import Statement
from tieout.kernel.errors import Finding, UsageError
from tieout.matching.columns import SideColumns
from tieout.matching.engine import Matcher, Outcome, run
from tieout.matching.proposals import STATEMENT, Ambiguous
from tieout.proofs.account_balances import account_balances, account_proofs
from tieout.proofs.bank_reconciliation import Balances, accounts_of, book_entries
from tieout.services.given_balances import given_balances
from tieout.services.match_list import MatchList
from tieout.services.nearest import Nearest
from tieout.services.postings import postings
from tieout.services.prove_result import Claims, prove

# What could tell two answers apart, the most telling first.
_DECIDING = ("reference", "counterparty", "counterparty_account", "batch", "booking_date")


@dataclass(frozen=True, slots=True)
class Lines:
    """Both sides and what was noticed while they were read."""

    statement: LineTable
    ledger: LineTable
    quarantined: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    statements: Sequence[Statement] = ()  # of bank files, for their balances; canonical files state none


@dataclass(frozen=True, slots=True)
class GivenBalances:
    """Balances that the user gives, each as `ACCOUNT=AMOUNT` or `ACCOUNT=AMOUNT CURRENCY`."""

    book: Sequence[str] = ()  # --book-balance
    bank: Sequence[str] = ()  # --bank-balance, for accounts whose statements state none


def reconcile_lines(
    lines: Lines, plan: Plan, matchers: Mapping[str, Matcher], given: GivenBalances = GivenBalances()
) -> Result:
    """Run the plan over both sides and gather what ties out, what does not and why, with its proofs.

    Raises UsageError for a given balance that belongs to no account, before anything is matched.
    """
    balances = balances_of(lines, given)
    settled = settled_ids(lines.ledger)
    outcome = run(plan, matchers, lines.statement, lines.ledger, settled)
    statement, ledger = outcome.problem.statement.table, outcome.problem.ledger.table
    matches = MatchList(outcome, plan)
    parts = open_lines(outcome, settled)
    nearest = Nearest(outcome, plan, settled, parts)
    proved = prove(Claims(statement, ledger, matches, parts, settled), balances, [nearest])
    return Result(
        plan=PlanUsed(plan.name, plan.sha256),
        statement=statement,
        ledger=ledger,
        matches=matches.__iter__,
        proofs=account_proofs(lines.statements),
        quarantined=lines.quarantined,
        warnings=lines.warnings,
        reconciliations=proved.reconciliations,
        ambiguous=tuple(_ambiguities(outcome)),
        open_lines=nearest.lines(),
        settled_in_books=tuple(sorted(settled)),
        postings=lambda: postings(matches, statement, ledger),
        conservation=proved.conservation,
        matches_confirmed=len(outcome.confirmed),
        matches_proposed=len(outcome.proposed),
    )


def balances_of(lines: Lines, given: GivenBalances) -> Balances:
    """What statements and user say of the balances of the accounts. Raises UsageError as `given_balances`."""
    stated = account_balances(lines.statements)
    known = accounts_of(lines.statement, lines.ledger, stated)
    bank = given_balances("--bank-balance", given.bank, known)
    for each in stated:
        if each.closing is not None and (each.account, each.currency) in bank:
            raise UsageError(
                f"--bank-balance: the statement of account {each.account} states its balance; leave it out"
            )
    return Balances(stated, given_balances("--book-balance", given.book, known), bank)


def settled_ids(ledger: LineTable) -> frozenset[str]:
    """Ids of the open items that a book entry settles; they are out of bank matching."""
    if ledger.settles is None:
        return frozenset()
    entries = book_entries(ledger)
    texts = set(texts_at(ledger.settles, np.flatnonzero(entries)))
    open_items = set(texts_at(ledger.id, np.flatnonzero(~entries)))
    return frozenset({settled for text in texts for settled in text.split()} & open_items)


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
    remaining = side.left.copy()
    if side.side == "statement":
        for row, held in outcome.held.items():
            remaining[row] += held  # waits for its book entry
    rows = np.flatnonzero((remaining != 0) | (side.amount == 0))
    names = outcome.problem.currencies
    columns = zip(
        rows.tolist(),
        texts_at(side.table.id, rows),
        remaining[rows].tolist(),
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

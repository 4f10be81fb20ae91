"""Ties two sides that are already columns, and says everything about the result: the main job without any file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tieout.domain.kinds import Side
from tieout.domain.line_table import LineTable, texts_at, texts_of
from tieout.domain.plans import Plan
from tieout.domain.results import Ambiguity, AwaitingEntry, BroughtForward, OpenLine, PlanUsed, Result
from tieout.domain.statements import Statement
from tieout.kernel.dates import NO_DAY, day_number
from tieout.kernel.errors import Finding, Refused, UsageError
from tieout.kernel.names import without_blanks
from tieout.matching.columns import SideColumns
from tieout.matching.directions import Tie
from tieout.matching.engine import Matcher, Outcome, run
from tieout.matching.proposals import STATEMENT, Ambiguous
from tieout.proofs.account_balances import account_balances, account_proofs
from tieout.proofs.bank_reconciliation import Balances, accounts_of, book_entries
from tieout.services.files.bring_forward import Brought
from tieout.services.files.decisions import FINDINGS_SHOWN_MAX, Decision, reasons_of
from tieout.services.files.directing import Directing
from tieout.services.files.given_balances import given_balances
from tieout.services.files.kept import Kept
from tieout.services.files.match_list import MatchList
from tieout.services.files.nearest import Nearest
from tieout.services.files.postings import postings
from tieout.services.files.prove_result import Claims, prove

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
    decisions: Sequence[Decision] = ()
    brought: Brought | None = None  # what of the lines an earlier run handed on


@dataclass(frozen=True, slots=True)
class GivenBalances:
    """Balances that the user gives, each as `ACCOUNT=AMOUNT` or `ACCOUNT=AMOUNT CURRENCY`."""

    book: Sequence[str] = ()  # --book-balance
    bank: Sequence[str] = ()  # --bank-balance, for accounts whose statements state none


def reconcile_lines(
    lines: Lines, plan: Plan, matchers: Mapping[str, Matcher], given: GivenBalances = GivenBalances()
) -> Result:
    """Run the plan over both sides and gather what ties out, what does not and why, with its proofs.

    Raises UsageError for a given balance that belongs to no account, and Refused for decisions about lines that there
    are not, both before anything is matched; Refused, too, for decisions that cannot be followed.
    """
    balances = balances_of(lines, given)
    settled = settled_ids(lines.ledger)
    outcome = _directed_run(lines, plan, matchers, settled)
    statement, ledger = outcome.problem.statement.table, outcome.problem.ledger.table
    matches = MatchList(outcome, plan, reasons_of(lines.decisions))
    ignored = _ignored(outcome)
    parts = open_lines(outcome, settled, ignored, _last_closing(lines.statements))
    nearest = Nearest(outcome, plan, settled, parts)
    awaiting = _awaiting(outcome)
    held = {entry.line: entry.minor_units for entry in awaiting}
    proved = prove(Claims(statement, ledger, matches, parts, settled, ignored, held), balances, [nearest])
    return Result(
        plan=PlanUsed(plan.name, plan.sha256),
        statement=statement,
        ledger=ledger,
        matches=matches.__iter__,
        proofs=account_proofs(lines.statements),
        quarantined=lines.quarantined,
        warnings=lines.warnings,
        reconciliations=proved.reconciliations,
        ambiguous=tuple(ambiguities_of(outcome)),
        open_lines=nearest.lines(),
        settled_in_books=tuple(sorted(settled)),
        ignored=ignored,
        brought_forward=_forward(lines.brought, awaiting),
        postings=Kept(lambda: postings(matches, statement, ledger), len(matches)).__iter__,
        conservation=proved.conservation,
        matches_confirmed=len(outcome.confirmed),
        matches_proposed=len(outcome.proposed),
    )


def _directed_run(lines: Lines, plan: Plan, matchers: Mapping[str, Matcher], settled: frozenset[str]) -> Outcome:
    """The plan's outcome under the decisions, and under those that an earlier run took."""
    held = () if lines.brought is None else lines.brought.held
    directing = Directing(lines.decisions, lines.statement, lines.ledger, [line for line, _ in held])
    directions = directing.directions()
    if lines.brought is not None:
        ignored = Tie(directions.ignored.statement, (*directions.ignored.ledger, *lines.brought.ignored))
        directions = directions._replace(ignored=ignored, held=held)
    outcome = run(plan, matchers, lines.statement, lines.ledger, settled, directions)
    if outcome.refusals:
        findings = directing.findings(outcome.refusals)
        raise Refused(findings[:FINDINGS_SHOWN_MAX], len(findings))
    return outcome


def _ignored(outcome: Outcome) -> tuple[tuple[Side, str], ...]:
    """The lines that decisions set aside, statement before ledger, in canonical order."""
    sides = (outcome.problem.statement, outcome.problem.ledger)
    return tuple(
        (side.side, line)
        for side, rows in zip(sides, outcome.ignored, strict=True)
        for line in texts_at(side.table.id, rows)
    )


def _awaiting(outcome: Outcome) -> tuple[AwaitingEntry, ...]:
    """What waits for a book entry since an earlier run, in canonical order."""
    table, rows = outcome.problem.statement.table, sorted(outcome.held)
    lines = zip(rows, texts_at(table.id, rows), strict=True)
    return tuple(AwaitingEntry(line, outcome.held[row], table.currency.at(row)) for row, line in lines)


def _forward(brought: Brought | None, awaiting: tuple[AwaitingEntry, ...]) -> BroughtForward | None:
    return None if brought is None else replace(brought.forward, awaiting=awaiting)


def balances_of(lines: Lines, given: GivenBalances) -> Balances:
    """What statements and user say of the balances of the accounts. Raises UsageError as `given_balances`."""
    stated = account_balances(lines.statements)
    named = {(without_blanks(each.account), each.currency) for each in stated}
    earlier = () if lines.brought is None else lines.brought.balances
    unmoved = tuple(each for each in earlier if (each.account, each.currency) not in named)
    known = accounts_of(lines.statement, lines.ledger, (*stated, *unmoved))
    bank = given_balances("--bank-balance", given.bank, known)
    for each in stated:
        if each.closing is not None and (without_blanks(each.account), each.currency) in bank:
            raise UsageError(
                f"--bank-balance: the statement of account {each.account} states its balance; leave it out"
            )
    unmoved = tuple(each for each in unmoved if (each.account, each.currency) not in bank)
    books = given_balances("--book-balance", given.book, known)
    if lines.brought is None:
        return Balances(stated, books, bank)
    return Balances((*stated, *unmoved), books, bank, lines.brought.books, lines.brought.booked)


def settled_ids(ledger: LineTable) -> frozenset[str]:
    """Ids of the open items that a book entry settles; they are out of bank matching."""
    if ledger.settles is None:
        return frozenset()
    entries = book_entries(ledger)
    texts = set(texts_at(ledger.settles, np.flatnonzero(entries)))
    open_items = set(texts_at(ledger.id, np.flatnonzero(~entries)))
    return frozenset({settled for text in texts for settled in text.split()} & open_items)


def open_lines(
    outcome: Outcome, settled: frozenset[str], ignored: Sequence[tuple[Side, str]] = (), closing_day: int = NO_DAY
) -> Sequence[OpenLine]:
    """Every line, or rest of a line, that nothing confirmed ties; statement before ledger, in canonical order.

    settled: open items that a book entry settles. ignored: lines that a decision sets aside. closing_day: the last
    one of the statements; ages count to it, or to the last booking day where that is later.
    """
    days = [side.day for side in (outcome.problem.statement, outcome.problem.ledger) if len(side)]
    as_of = max((closing_day, *(int(column.max()) for column in days)))
    aside = {("ledger", line) for line in settled} | set(ignored)
    return [
        line
        for side in (outcome.problem.statement, outcome.problem.ledger)
        for line in _open_of(outcome, side, {line for at, line in aside if at == side.side}, as_of)
    ]


def _last_closing(statements: Sequence[Statement]) -> int:
    return max((day_number(each.closing.on) for each in statements if each.closing), default=NO_DAY)


def _open_of(outcome: Outcome, side: SideColumns, aside: Collection[str], as_of: int) -> Sequence[OpenLine]:
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
        if line not in aside
    ]


def ambiguities_of(outcome: Outcome) -> Sequence[Ambiguity]:
    """What has several answers, by the ids of its lines, with the column that would tell the answers apart."""
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

"""What of a long result is shown to people, and the facts of the lines that are named there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tieout.contracts.line_lookup import SIDES, LinesOf, rows_of, table_of
from tieout.domain.kinds import Side
from tieout.domain.matches import Match
from tieout.domain.result_totals import MatchTotals, match_totals
from tieout.domain.results import Ambiguity, OpenLine, Outstanding, Posting, Result
from tieout.kernel.dates import day_text


class Limits(NamedTuple):
    """How many of each list are shown; open lines per side, outstanding lines per account and side."""

    matches: int
    proposed: int
    ambiguous: int
    open_lines: int
    outstanding: int
    postings: int
    findings: int


class LineFacts(NamedTuple):
    """What is said of a line."""

    minor_units: int
    currency: str
    booked: str  # YYYY-MM-DD
    said: str  # the counterparty, and the reference or else the description


class PostingTotal(NamedTuple):
    """The entries to book of one kind in one currency."""

    kind: str
    currency: str
    entries: int
    minor_units: int  # signed as on the bank account


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts of a result that are shown, and the facts of the lines in them."""

    result: Result
    limits: Limits
    totals: MatchTotals
    open_lines: dict[Side, list[OpenLine]]
    open_counts: dict[Side, int]
    postings: list[Posting]
    posting_totals: list[PostingTotal]
    facts: dict[tuple[Side, str], LineFacts]


def select(result: Result, limits: Limits) -> Selection:
    """Choose what to show and look its lines up; walks the matches, the open lines and the postings once."""
    totals = match_totals(result.matches(), limits.matches, limits.proposed)
    of_statement = sum(part.side == "statement" for part in result.open_lines)
    open_lines: dict[Side, list[OpenLine]] = {
        "statement": list(result.open_lines[: min(of_statement, limits.open_lines)]),
        "ledger": list(result.open_lines[of_statement : of_statement + limits.open_lines]),
    }
    postings, posting_totals = _postings(result.postings(), limits.postings)
    return Selection(
        result=result,
        limits=limits,
        totals=totals,
        open_lines=open_lines,
        open_counts={"statement": of_statement, "ledger": len(result.open_lines) - of_statement},
        postings=postings,
        posting_totals=posting_totals,
        facts=_facts(result, _named(result, limits, [*totals.confirmed, *totals.proposed], open_lines)),
    )


def _postings(postings: Iterator[Posting], kept_max: int) -> tuple[list[Posting], list[PostingTotal]]:
    kept: list[Posting] = []
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for posting in postings:
        if len(kept) < kept_max:
            kept.append(posting)
        entries, minor_units = sums.get((posting.kind, posting.currency), (0, 0))
        sums[posting.kind, posting.currency] = (entries + 1, minor_units + posting.minor_units)
    kinds = list(dict.fromkeys(kind for kind, _ in sums))
    keys = sorted(sums, key=lambda key: (kinds.index(key[0]), key[1]))
    return kept, [PostingTotal(*key, *sums[key]) for key in keys]


def _named(
    result: Result, limits: Limits, matches: Iterable[Match], open_lines: dict[Side, list[OpenLine]]
) -> dict[Side, set[str]]:
    named: dict[Side, set[str]] = {side: {part.line for part in open_lines[side]} for side in SIDES}
    for match in matches:
        for allocation in match.allocations:
            named[allocation.side].add(allocation.line)
    for account in result.reconciliations:
        named["ledger"].update(account.in_books_not_on_bank.lines[: limits.outstanding])
        named["statement"].update(account.on_bank_not_in_books.lines[: limits.outstanding])
    for ambiguity in result.ambiguous[: limits.ambiguous]:
        for side in SIDES:
            named[side].update(_ids_in(ambiguity))
    for side, line in result.ignored[: limits.findings]:
        named[side].add(line)
    return named


def _ids_in(ambiguity: Ambiguity) -> set[str]:
    """Every id that an ambiguity names, whichever side it is of."""
    named = {*ambiguity.statement, *ambiguity.ledger}
    for answer in ambiguity.answers:
        named.update(answer)
    for pairing in ambiguity.pairings:
        named.update(pairing.statement, pairing.ledger)
    return named


class OutstandingLine(NamedTuple):
    """One line that explains why two balances differ; facts are missing where the input has no such line."""

    line: str
    age_days: int
    minor_units: int | None  # what of it is outstanding, signed
    facts: LineFacts | None


def outstanding_lines(side: Side, outstanding: Outstanding, selection: Selection) -> Iterator[OutstandingLine]:
    """The lines of a reconciliation that are shown."""
    shown = selection.limits.outstanding
    for place, (line, age) in enumerate(zip(outstanding.lines[:shown], outstanding.ages[:shown], strict=True)):
        facts = selection.facts.get((side, line))
        whole = facts.minor_units if facts else None
        yield OutstandingLine(line, age, outstanding.amounts[place] if outstanding.amounts else whole, facts)


def answer_lines(answer: Iterable[str], ambiguity: Ambiguity, selection: Selection) -> list[tuple[Side, str]]:
    """The lines of one answer with their side: the other one, or the same where lines of one side may cancel."""
    other: Side = "ledger" if ambiguity.statement else "statement"
    same: Side = "statement" if ambiguity.statement else "ledger"
    return [(other if (other, line) in selection.facts else same, line) for line in answer]


def answers_of(ambiguity: Ambiguity, selection: Selection) -> list[list[tuple[Side, str]]]:
    """Every answer as lines with their sides."""
    answers = [answer_lines(answer, ambiguity, selection) for answer in ambiguity.answers]
    for pairing in ambiguity.pairings:
        statement: list[tuple[Side, str]] = [("statement", line) for line in pairing.statement]
        answers.append([*statement, *(("ledger", line) for line in pairing.ledger)])
    return answers


def _facts(result: Result, named: dict[Side, set[str]]) -> dict[tuple[Side, str], LineFacts]:
    facts: dict[tuple[Side, str], LineFacts] = {}
    for side in SIDES:
        rows = rows_of(table_of(result, side), named[side])
        lines = LinesOf(result, [side] * len(rows), list(rows.values()))
        columns = zip(
            rows,
            lines.minor_units().tolist(),
            lines.texts("currency"),
            lines.days("booking_day").tolist(),
            lines.texts("counterparty"),
            lines.texts("reference"),
            lines.texts("description"),
            strict=True,
        )
        for line, minor_units, currency, day, party, reference, description in columns:
            said = f"{party} {reference or description}".strip()
            facts[side, line] = LineFacts(minor_units, currency, day_text(day), said)
    return facts

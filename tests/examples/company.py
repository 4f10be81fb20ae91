"""The example company, reconciled once, and what the result says of some of its lines in one short text."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tieout.app import reconcile
from tieout.domain.line_table import texts_of
from tieout.domain.matches import Match
from tieout.domain.results import BankReconciliation, Result, amount_text

EXAMPLES = Path(__file__).parents[2] / "examples"
COMPANY = EXAMPLES / "company"
BOOKS = sorted(map(str, (COMPANY / "books").iterdir()))
BANK = sorted(map(str, (COMPANY / "bank").iterdir()))

# The accounts as README.md shortens them.
ACCOUNTS = {"NOK": "NO9099900512305", "TAX": "NO2799900556701", "EUR": "NO8399900590128", "BRL": "58231-4"}

_ROW = re.compile(r"\| (?P<case>[^|]+) \| ?(?P<bank>[^|]*) \| ?(?P<books>[^|]*) \| (?P<said>[^|]+) \|")


class Case(NamedTuple):
    """One row of the tables of hard cases in README.md."""

    name: str
    bank: tuple[str, ...]
    books: tuple[str, ...]
    said: str


@cache
def result() -> Result:
    """The reconciliation of all files of the company."""
    return reconcile(ledger=BOOKS, statement=BANK)


@cache
def cases() -> tuple[Case, ...]:
    """The hard cases as README.md lists them."""
    story = (COMPANY / "README.md").read_text("utf-8").partition("## The hard cases")[2]
    rows = [found for line in story.splitlines() if (found := _ROW.fullmatch(line)) is not None]
    return tuple(
        Case(row["case"], _listed(row["bank"]), _listed(row["books"]), row["said"])
        for row in rows
        if row["case"] != "case" and not row["case"].startswith("---")
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in cell.split(",") if text.strip())


def line_id(short: str) -> str:
    """The id of a bank line: `NOK 05-06/1` is the first line of 6 May 2026 on the account in kroner."""
    account, _, rest = short.partition(" ")
    return f"{ACCOUNTS[account]}/2026-{rest}"


def said(bank: str = "", books: str = "") -> str:
    """What the result says of these lines taken together, in the words of README.md.

    bank: short ids separated by commas; books: ids of ledger lines. A match counts when it ties exactly these lines.
    """
    statement, ledger = tuple(map(line_id, _listed(bank))), _listed(books)
    matches = [each for each in result().matches() if _ties(each, statement, ledger)]
    if matches:
        return "; ".join(_said_of(matches[0]))
    ambiguous = [each for each in result().ambiguous if each.statement == statement]
    if ambiguous and {answer[0] for answer in ambiguous[0].answers} == set(ledger):
        return f"ambiguous; {ambiguous[0].would_decide} would decide"
    if not statement and set(ledger) <= set(result().settled_in_books):
        return "settled in the books"
    return "open" if _wholly_open(statement, ledger) else f"none of them together: {_tied_elsewhere(statement, ledger)}"


def _ties(match: Match, statement: Sequence[str], ledger: Sequence[str]) -> bool:
    return set(match.lines("statement")) == set(statement) and set(match.lines("ledger")) == set(ledger)


def _said_of(match: Match) -> Iterable[str]:
    yield f"{match.state.value} by {match.matcher}"
    for leg in match.adjustments:
        yield f"{leg.type.value} {amount_text(leg.minor_units, leg.currency)} {leg.currency}"
    if match.realised is not None and match.realised.minor_units is not None and match.realised.currency:
        yield f"realised {amount_text(match.realised.minor_units, match.realised.currency)} {match.realised.currency}"
    if match.state.value == "confirmed":
        yield from _rests(match)
    if match.action:
        yield match.action


def _rests(match: Match) -> Iterable[str]:
    """What of the match's lines is still open."""
    tied = {(leg.side, leg.line) for leg in match.allocations}
    for line in result().open_lines:
        if (line.side, line.line) in tied:
            yield f"{amount_text(line.remaining, line.currency)} {line.currency} of {line.line} open"


def _wholly_open(statement: Sequence[str], ledger: Sequence[str]) -> bool:
    """Whether nothing ties any of these lines and no match is proposed for them."""
    proposed = {(leg.side, leg.line) for each in result().matches() for leg in each.allocations}
    lines = {(line.side, line.line) for line in result().open_lines} - proposed
    return {("statement", line) for line in statement} | {("ledger", line) for line in ledger} <= lines


def _tied_elsewhere(statement: Sequence[str], ledger: Sequence[str]) -> str:
    lines = {*statement, *ledger}
    touching = [each for each in result().matches() if lines & {leg.line for leg in each.allocations}]
    return " and ".join(
        f"{each.state.value} by {each.matcher} {each.lines('statement')} {each.lines('ledger')}" for each in touching
    )


def reconciliation(account: str) -> BankReconciliation:
    """The bank reconciliation of an account by its short name."""
    (found,) = (each for each in result().reconciliations if each.account == ACCOUNTS[account])
    return found


def statement_ids() -> list[str]:
    """The ids of all bank lines."""
    lines = result().statement
    return texts_of(lines.id, len(lines))

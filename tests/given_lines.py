"""Both sides of a reconciliation in the words of a test, reconciled by the default plan or by a plan of one's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

import numpy as np

from tieout.domain.line_table import LineTable, coded
from tieout.domain.matches import Match, MatchState
from tieout.domain.plans import Plan
from tieout.domain.results import Result
from tieout.domain.statements import Statement
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import NO_DAY, day_number, day_of_text
from tieout.kernel.money import minor_units_of
from tieout.kernel.registry import modules_in
from tieout.matching.engine import Matcher
from tieout.services.files.plans import plan_of
from tieout.services.files.reconcile_lines import GivenBalances, Lines, reconcile_lines

BANK = "NO9386011117947"
SAVINGS = "NO5060111179470"


class Line(NamedTuple):
    """One line; amounts as decimal text, days as a day of May 2026 or YYYY-MM-DD."""

    id: str
    amount: str
    day: int | str = 1
    currency: str = "NOK"
    account: str = BANK
    kind: str = ""
    reference: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    batch: str = ""
    description: str = ""
    settles: str = ""
    base_amount: str = ""
    rate: str = ""
    balance: str = ""  # an extra column: the running balance of a book entry
    reversal: bool = False

    @property
    def minor_units(self) -> int:
        """The amount in minor units."""
        return minor_units_of(self.amount, EXPONENTS[self.currency])

    @property
    def day_number(self) -> int:
        """The booking day as days since 1970-01-01."""
        return day_of_may(self.day) if isinstance(self.day, int) else day_number(day_of_text(self.day))


def day_of_may(day: int) -> int:
    """Day 1 is 1 May 2026; days before and after count on."""
    return day_number(day_of_text("2026-04-30")) + day


def table(lines: Sequence[Line], file: str = "lines.csv") -> LineTable:
    """The lines as columns, in the order given."""
    count = len(lines)
    texts = {
        name: [getattr(line, name) for line in lines]
        for name in ("id", "reference", "counterparty", "counterparty_account", "batch", "description")
    }
    some = {
        name: [getattr(line, name) for line in lines] if any(getattr(line, name) for line in lines) else None
        for name in ("settles", "base_amount", "rate")
    }
    return LineTable(
        account=coded([line.account for line in lines]),
        currency=coded([line.currency for line in lines]),
        kind=coded([line.kind for line in lines]),
        minor_units=np.array([line.minor_units for line in lines], dtype=np.int64),
        booking_day=np.array([line.day_number for line in lines], dtype=np.int32),
        value_day=np.full(count, NO_DAY, dtype=np.int32),
        files=(file,),
        file=np.zeros(count, dtype=np.int32),
        line=np.arange(2, count + 2, dtype=np.int32),
        column=np.ones(count, dtype=np.int32),
        reversal=np.array([line.reversal for line in lines], dtype=np.bool_),
        extra={"balance": [line.balance for line in lines]} if any(line.balance for line in lines) else None,
        **cast("Any", texts),
        **cast("Any", some),
    )


def in_polars(lines: LineTable) -> LineTable:
    """The same lines with their texts as Polars columns, as a large input has them."""
    import polars

    columns: dict[str, Any] = {
        field.name: polars.Series(texts, dtype=polars.String)
        for field in fields(lines)
        if isinstance(texts := getattr(lines, field.name), list)
    }
    extra = {name: polars.Series(texts, dtype=polars.String) for name, texts in (lines.extra or {}).items()}
    return replace(lines, extra=extra or None, **columns)


@cache
def matchers() -> Mapping[str, Matcher]:
    """Every matcher by its name."""
    found = modules_in("tieout.matching.matchers")
    return {module.__name__.rpartition(".")[2]: cast("Matcher", module) for module in found}


@cache
def default_plan() -> Plan:
    """The plan that tieout uses when no other is given."""
    text = files("tieout").joinpath("plans/default.toml").read_text("utf-8")
    return plan_of(text, "default.toml", sorted(matchers()))


def a_plan(text: str) -> Plan:
    """A plan of one's own, without its name."""
    return plan_of(f'name = "own"\n{text}', "own.toml", sorted(matchers()))


def reconciled(
    statement: Iterable[Line],
    ledger: Iterable[Line],
    plan: Plan | None = None,
    *,
    statements: Sequence[Statement] = (),
    book: Sequence[str] = (),
    bank: Sequence[str] = (),
) -> Result:
    """The result of both sides under a plan, by default the default plan."""
    lines = Lines(table(list(statement), "statement.csv"), table(list(ledger), "ledger.csv"), statements=statements)
    return reconcile_lines(lines, plan or default_plan(), matchers(), GivenBalances(book, bank))


def confirmed(result: Result) -> list[Match]:
    """The confirmed matches in their order."""
    return [match for match in result.matches() if match.state is MatchState.CONFIRMED]


def proposed(result: Result) -> list[Match]:
    """The proposed matches in their order."""
    return [match for match in result.matches() if match.state is MatchState.PROPOSED]


def tied(result: Result) -> list[str]:
    """Each confirmed match as `S1 S2 = L1`, `S1 S2` within one side, in order."""
    return [_equation(match) for match in confirmed(result)]


def suggested(result: Result) -> list[str]:
    """Each proposed match, written as `tied` writes the confirmed ones."""
    return [_equation(match) for match in proposed(result)]


def _equation(match: Match) -> str:
    sides = [" ".join(match.lines("statement")), " ".join(match.lines("ledger"))]
    return " = ".join(side for side in sides if side)

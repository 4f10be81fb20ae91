"""A small reconciliation made by hand, with one of everything that a result may hold."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from tieout.domain.line_table import LineTable, TextColumn, coded
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
from tieout.domain.results import (
    AccountProof,
    Ambiguity,
    AwaitingEntry,
    BankReconciliation,
    BroughtForward,
    OpenLine,
    Outstanding,
    Pairing,
    PlanUsed,
    Posting,
    Result,
)
from tieout.kernel.dates import day_number
from tieout.kernel.errors import Finding, Place

BANK = "NO9386011117947"
YEN = "JP-77"


class Line(NamedTuple):
    """One line in the words of a test; amounts in minor units, days as YYYY-MM-DD."""

    id: str
    minor_units: int
    booked: str
    account: str = BANK
    currency: str = "NOK"
    kind: str = ""
    reference: str = ""
    counterparty: str = ""
    description: str = ""
    settles: str = ""
    native_id: str = ""
    reversal: bool = False
    project: str = ""
    note: str = ""


def a_table(lines: Sequence[Line], file: str) -> LineTable:
    """The lines as columns; `project`, and `line` for the note, are extra columns of the input."""
    count = len(lines)
    empty = [""] * count
    return LineTable(
        id=[line.id for line in lines],
        account=coded([line.account for line in lines]),
        currency=coded([line.currency for line in lines]),
        kind=coded([line.kind for line in lines]),
        minor_units=np.array([line.minor_units for line in lines], dtype=np.int64),
        booking_day=_days(line.booked for line in lines),
        value_day=_days("" if row % 2 else line.booked for row, line in enumerate(lines)),
        reference=[line.reference for line in lines],
        counterparty=[line.counterparty for line in lines],
        counterparty_account=empty,
        batch=empty,
        description=[line.description for line in lines],
        settles=[line.settles for line in lines] if any(line.settles for line in lines) else None,
        base_amount=None,
        rate=None,
        files=(file,),
        file=np.zeros(count, dtype=np.int32),
        line=np.arange(count, dtype=np.int32) + 2,
        column=np.ones(count, dtype=np.int32),
        native_id=[line.native_id for line in lines] if any(line.native_id for line in lines) else None,
        reversal=np.array([line.reversal for line in lines]),
        extra={"project": [line.project for line in lines], "line": [line.note for line in lines]}
        if any(line.project or line.note for line in lines)
        else None,
    )


def _days(booked: Iterable[str]) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    return np.array([day_number(date.fromisoformat(day) if day else None) for day in booked], dtype=np.int32)


STATEMENT = (
    Line("S1", 97_00, "2026-05-04", reference="KID 4009", counterparty="Nordic AS", native_id="B-1"),
    Line("S2", 90_00, "2026-05-06", counterparty='=HYPERLINK("x","Øst & Vest <AS>")', native_id="B-2"),
    Line("S3", -45_00, "2026-05-07", counterparty="Nordnett", description="Kort, 4711\nOslo"),
    Line("S4", 45_00, "2026-05-09", counterparty="Nordnett", reversal=True),
    Line("S5", 1_162_00, "2026-05-12", counterparty="Rhein GmbH", description="Invoice R-7 EUR 100.00"),
    Line("S6", 200_00, "2026-05-20", counterparty="+47 22 33 44 55", reference="-17"),
    Line("S7", -2_50, "2026-05-29", kind="fee", description="Gebyr"),
    Line("S8", 0, "2026-05-30", description="Nullpost"),
    Line("-/2026-05-11/1", 10_000, "2026-05-11", account=YEN, currency="JPY", counterparty="Sakura KK"),
)
LEDGER = (
    Line("L1", 90_00, "2026-04-28", kind="receivable", counterparty="Øst", project="North"),
    Line("L2", 90_00, "2026-04-30", kind="receivable", counterparty="Vest", note="@SUM(A1)"),
    Line("L4", 60_00, "2026-05-01", kind="receivable", reference="KID 4009", counterparty="Nordic AS"),
    Line("L9", 40_00, "2026-05-02", kind="receivable", counterparty="Nordic AS"),
    Line("L5", 100_00, "2026-05-03", account="", currency="EUR", kind="receivable", counterparty="Rhein GmbH"),
    Line("L6", 150_00, "2026-05-15", kind="customer_payment", counterparty="Fjord AS", settles="L7"),
    Line("L7", 150_00, "2026-05-10", kind="receivable", counterparty="Fjord AS"),
    Line("L8", 9_900, "2026-05-08", account="", currency="JPY", kind="order", counterparty="Sakura KK"),
    Line("L10", 40_00, "2026-05-31", kind="bank_entry", counterparty="Cheque 118"),
)


def an_allocation(line: str, minor_units: int, currency: str = "NOK") -> Allocation:
    """What a match uses of a line; ids that begin with L are ledger lines."""
    return Allocation("ledger" if line.startswith("L") else "statement", line, minor_units, currency)


MATCHES = (
    Match(
        id=1,
        kind=MatchKind.ACROSS,
        state=MatchState.CONFIRMED,
        matcher="sum_of_many",
        allocations=(an_allocation("S1", 97_00), an_allocation("L4", 60_00), an_allocation("L9", 40_00)),
        adjustments=(Adjustment(AdjustmentType.FEE, -3_00, "NOK", "6570", "card fee up to 3.5 %"),),
        steps=12,
        accidental_hits=0.000234567,
        evidence=Evidence(supporting=("counterparty",)),
        reasons=("the only 2 of 6 open lines of Nordic AS that add up to 97.00 NOK with its card fee",),
    ),
    Match(
        id=2,
        kind=MatchKind.WITHIN,
        state=MatchState.CONFIRMED,
        matcher="reversal",
        allocations=(an_allocation("S3", -45_00), an_allocation("S4", 45_00)),
        evidence=Evidence(supporting=("return_mark",)),
        reasons=("one line of 45.00 NOK returns the other",),
    ),
    Match(
        id=3,
        kind=MatchKind.ACROSS,
        state=MatchState.CONFIRMED,
        matcher="reference_in_text",
        allocations=(an_allocation("S5", 1_162_00), an_allocation("L5", 100_00, "EUR")),
        adjustments=(
            Adjustment(AdjustmentType.EXCHANGE, -100_00, "EUR", "8160", None, "11.60"),
            Adjustment(AdjustmentType.EXCHANGE, 1_160_00, "NOK", "8160", None, "11.60"),
            Adjustment(AdjustmentType.ROUNDING, 2_00, "NOK", "7740"),
        ),
        realised=Realised(12_00, "NOK", None),
        reasons=("the bank's text names the document",),
    ),
    Match(
        id=4,
        kind=MatchKind.ACROSS,
        state=MatchState.CONFIRMED,
        matcher="amount_and_date",
        allocations=(an_allocation("S6", 150_00), an_allocation("L6", 150_00)),
        realised=Realised(None, None, "no_carrying_value"),
        accidental_hits=0.0,
        reasons=("part payment of 150.00 NOK",),
    ),
    Match(
        id=5,
        kind=MatchKind.ACROSS,
        state=MatchState.PROPOSED,
        matcher="resemblance",
        allocations=(an_allocation("-/2026-05-11/1", 10_000, "JPY"), an_allocation("L8", 9_900, "JPY")),
        answers=2,
        searched_fully=False,
        accidental_hits=1.5,
        evidence=Evidence(("counterparty",), ("overpaid",)),
        reasons=("but more was paid than the documents ask for",),
        action="undo_and_reopen",
    ),
)


def _proof(
    account: str,
    currency: str,
    exponent: int,
    *,
    movements: int,
    opening: int | None = None,
    closing: int | None = None,
    holds: bool | None = None,
    gap: int | None = None,
    reason: str | None = None,
) -> AccountProof:
    return AccountProof(account, currency, exponent, opening, movements, closing, holds, gap, reason)


POSTINGS = (
    Posting(1, "payment", "S1", "L4", "1500", 60_00, "NOK", day_number(date(2026, 5, 4)), "Nordic AS"),
    Posting(1, "fee", "S1", "", "6570", -3_00, "NOK", day_number(date(2026, 5, 4)), "=card fee, 3.5 %"),
)

RESULT = Result(
    plan=PlanUsed("default", "5f" * 32),
    statement=a_table(STATEMENT, "may.sta"),
    ledger=a_table(LEDGER, "ledger.csv"),
    matches=lambda: iter(MATCHES),
    proofs=(
        _proof(BANK, "NOK", 2, opening=100_00, movements=1_546_50, closing=1_646_50, holds=True, gap=0),
        _proof(YEN, "JPY", 0, opening=500, movements=10_000, closing=10_480, holds=False, gap=-20),
        _proof("XX-1", "XAU", 3, movements=1_250, reason="no_balances"),
    ),
    quarantined=(Finding("no_amount", "an entry has no amount", Place("in/may.sta", 17, 1), ":61:2605", "look it up"),),
    warnings=(Finding("ambiguous_dates", "day and month may be swapped", Place("in/may.zip!a/b.csv")),),
    reconciliations=(
        BankReconciliation(
            account=BANK,
            currency="NOK",
            as_of="2026-05-31",
            per_bank=1_646_50,
            in_books_not_on_bank=Outstanding(("L10",), 40_00, (0,)),
            on_bank_not_in_books=Outstanding(
                ("S2", "S6", "S7", "S8"), 137_50, (25, 11, 2, 1), (90_00, 50_00, -2_50, 0)
            ),
            per_books=1_549_00,
            difference=0,
            holds=True,
            reason=None,
        ),
        BankReconciliation(
            account=YEN,
            currency="JPY",
            as_of="2026-05-11",
            per_bank=10_480,
            in_books_not_on_bank=Outstanding((), 0, ()),
            on_bank_not_in_books=Outstanding(("-/2026-05-11/1",), 10_000, (0,)),
            per_books=None,
            difference=None,
            holds=None,
            reason="open_items_only",
        ),
    ),
    ambiguous=(
        Ambiguity(("S2",), (), (("L1",), ("L2",)), more=False, would_decide="reference"),
        Ambiguity(
            (),
            (),
            (),
            more=True,
            would_decide="booking_date",
            pairings=(Pairing(("S2", "S7"), ("L1",)), Pairing(("S2",), ("L2", "L10"))),
        ),
    ),
    open_lines=(
        OpenLine("statement", "S2", 90_00, "NOK", 1, 25, "L1", "another line fits as well"),
        OpenLine("statement", "-/2026-05-11/1", 10_000, "JPY", 8, 20, "L8", "100 JPY are left over"),
        OpenLine("statement", "S6", 50_00, "NOK", 5, 11),
        OpenLine("statement", "S8", 0, "NOK", 7, 1),
        OpenLine("ledger", "L1", 90_00, "NOK", 0, 33, "S2", "another line fits as well"),
        OpenLine("ledger", "L2", 90_00, "NOK", 1, 31, "S2", "another line fits as well"),
        OpenLine("ledger", "L8", 9_900, "JPY", 7, None),
        OpenLine("ledger", "L10", 40_00, "NOK", 8, 0),
    ),
    settled_in_books=("L7",),
    ignored=(("statement", "S7"),),
    brought_forward=BroughtForward(
        lines=(("ledger", "L1"), ("ledger", "L2")),
        awaiting=(AwaitingEntry("S2", 90_00, "NOK"),),
        closed=(("S0",), ("L0",)),
        left_out=3,
    ),
    postings=lambda: iter(POSTINGS),
    matches_confirmed=4,
    matches_proposed=1,
    seconds=0.0123,
)

EMPTY = Result(
    plan=PlanUsed("default", ""),
    statement=a_table((), "may.sta"),
    ledger=a_table((), "ledger.csv"),
    matches=lambda: iter(()),
)


def large(result: Result) -> Result:
    """The same result with its texts as Polars columns, as a large input has them."""
    return replace(result, statement=_in_polars(result.statement), ledger=_in_polars(result.ledger))


def _in_polars(table: LineTable) -> LineTable:
    import polars

    def column(texts: TextColumn) -> TextColumn:
        return polars.Series(texts, dtype=polars.String)

    columns: dict[str, Any] = {
        field.name: column(value) for field in fields(table) if isinstance(value := getattr(table, field.name), list)
    }
    extra = None if table.extra is None else {name: column(texts) for name, texts in table.extra.items()}
    return replace(table, **columns, extra=extra)


def many(count: int) -> Result:
    """As many confirmed pairs of one statement and one ledger line, in Polars columns."""
    lines = [Line("", 100 + row, "2026-05-04", counterparty=f"No. {row}") for row in range(count)]
    statement, ledger = (
        a_table([line._replace(id=f"{side}{row}") for row, line in enumerate(lines)], side) for side in "SL"
    )
    matches = [
        Match(
            row + 1,
            MatchKind.ACROSS,
            MatchState.CONFIRMED,
            "exact_reference",
            (an_allocation(f"S{row}", 100 + row), an_allocation(f"L{row}", 100 + row)),
        )
        for row in range(count)
    ]
    return large(replace(EMPTY, statement=statement, ledger=ledger, matches=lambda: iter(matches)))

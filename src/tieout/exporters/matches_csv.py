"""matches.csv: one row per leg of every match, so that a filter on a match shows its equation.

In a match `across`, statement legs = ledger legs + the other legs, per currency; a proposed match has its residual as a
leg. In a match `within`, all legs add up to zero. The facts of a line stand beside it.
"""

from collections.abc import Sequence
from itertools import islice
from typing import BinaryIO

import numpy as np

from tieout.contracts.csv_table import Amounts, Cells, Days, Names, Numbers, Texts, write_header, write_rows
from tieout.contracts.exporter import ResultFormat
from tieout.contracts.line_lookup import NO_ROW, SIDES, LinesOf, is_small, rows_of, table_of
from tieout.domain.line_table import Coded, coded
from tieout.domain.matches import Adjustment, AdjustmentType, Match, MatchState
from tieout.domain.results import Result

FILE = "matches.csv"
FORMATS: tuple[ResultFormat, ...] = ("json",)

_COLUMNS = (
    *("match", "state", "kind", "matcher", "leg", "line", "amount", "currency", "booking_date", "counterparty"),
    *("reference", "posts_to", "rule", "rate", "reasons"),
)

# Some 50 MB of legs in memory.
_MATCHES_AT_ONCE = 50_000

# The adjustment of a leg that is none.
_NO_TERMS = Adjustment(AdjustmentType.ROUNDING, 0, "")


def write(result: Result, stream: BinaryIO) -> None:
    """Matches in the order of their ids; the legs of one match follow each other."""
    write_header(stream, _COLUMNS)
    waiting = result.matches()
    while matches := list(islice(waiting, _MATCHES_AT_ONCE)):
        legs = _Legs()
        for place, match in enumerate(matches):
            legs.add(place, match)
        write_rows(stream, _columns(result, matches, legs), is_small(result))


class _Legs:
    """The legs of many matches, as columns."""

    def __init__(self) -> None:
        self.match: list[int] = []  # its place in the piece
        self.leg: list[str] = []  # statement, ledger, residual or the type of an adjustment
        self.line: list[str] = []
        self.minor_units: list[int] = []
        self.currency: list[str] = []
        self.terms: list[int] = []  # index into `adjustments`
        self.adjustments = [_NO_TERMS]

    def add(self, place: int, match: Match) -> None:
        """Append every leg of one match."""
        for side, line, minor_units, currency in match.allocations:
            self._append(place, side, line, minor_units, currency)
        for adjustment in match.adjustments:
            self.adjustments.append(adjustment)
            self._append(place, adjustment.type, "", adjustment.minor_units, adjustment.currency)
            self.terms[-1] = len(self.adjustments) - 1
        if match.state is MatchState.PROPOSED:
            for residual in match.residuals():
                self._append(place, "residual", "", residual.minor_units, residual.currency)

    def _append(self, place: int, leg: str, line: str, minor_units: int, currency: str) -> None:
        self.match.append(place)
        self.leg.append(leg)
        self.line.append(line)
        self.minor_units.append(minor_units)
        self.currency.append(currency)
        self.terms.append(0)


def _columns(result: Result, matches: Sequence[Match], legs: _Legs) -> list[Cells]:
    lines = LinesOf(result, legs.leg, _rows(result, legs.leg, legs.line))
    places, terms = np.array(legs.match, dtype=np.int32), np.array(legs.terms, dtype=np.int32)
    currency = coded(legs.currency)
    return [
        Numbers(np.array([match.id for match in matches], dtype=np.int64)[places]),
        Names(Coded(places, tuple(match.state.value for match in matches))),
        Names(Coded(places, tuple(match.kind.value for match in matches))),
        Names(Coded(places, tuple(match.matcher for match in matches))),
        Names(coded(legs.leg)),
        Texts(legs.line),
        Amounts(np.array(legs.minor_units, dtype=np.int64), currency),
        Names(currency),
        Days(lines.days("booking_day")),
        Texts(lines.texts("counterparty")),
        Texts(lines.texts("reference")),
        Names(Coded(terms, tuple(adjustment.account or "" for adjustment in legs.adjustments))),
        Names(Coded(terms, tuple(adjustment.rule or "" for adjustment in legs.adjustments))),
        Names(Coded(terms, tuple(adjustment.rate or "" for adjustment in legs.adjustments))),
        Names(Coded(places, tuple("; ".join(match.reasons) for match in matches))),
    ]


def _rows(result: Result, legs: Sequence[str], ids: Sequence[str]) -> list[int]:
    rows: dict[str, dict[str, int]] = {}
    for side in SIDES:
        wanted = [line for leg, line in zip(legs, ids, strict=True) if leg == side]
        rows[side] = rows_of(table_of(result, side), wanted)
    none: dict[str, int] = {}
    return [rows.get(leg, none).get(line, NO_ROW) for leg, line in zip(legs, ids, strict=True)]

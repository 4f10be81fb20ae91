"""What the engine found as the columns that a store takes: a million matches without an object for any of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tieout.domain.line_table import BoolColumn, Int64Column, TextColumn
from tieout.domain.match_records import MatchStatus
from tieout.domain.matches import MatchKind
from tieout.domain.plans import Plan
from tieout.matching.columns import SideColumns
from tieout.matching.engine import DECISION, Outcome
from tieout.matching.evidence import codes_against, codes_for
from tieout.matching.proposals import LEDGER, STATEMENT, AdjustmentLeg, Found, joined

TextsColumn = npt.NDArray[np.object_]
# Bits of evidence.For and evidence.Against: their codes fit into these many, and what is left counts lines.
_FOR_BITS, _AGAINST_BITS = 16, 16
_KINDS = np.array([str(MatchKind.ACROSS), str(MatchKind.WITHIN)], dtype=object)
_SIDES = np.array(["statement", "ledger"], dtype=object)
_BORN = np.array([str(MatchStatus.PROPOSED), str(MatchStatus.CONFIRMED)], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class MatchColumns:
    """Matches in canonical order: by their first statement line, then their first ledger line; confirmed first.

    Columns of `heads` have one value per match. Legs lie match by match, statement before ledger, then in canonical
    order of lines; `owner` is the place of their match.
    """

    confirmed: BoolColumn
    heads: Mapping[str, npt.NDArray[Any]]
    owner: Int64Column
    side: npt.NDArray[np.int8]
    row: Int64Column  # in the side's table of the outcome
    line: Int64Column  # id
    version: Int64Column
    left: Int64Column  # what was open of the line before, signed
    currency: TextsColumn
    minor_units: Int64Column
    adjustments: Mapping[int, tuple[AdjustmentLeg, ...]]  # by place of the match

    def __len__(self) -> int:
        return len(self.confirmed)

    @property
    def side_names(self) -> TextsColumn:
        """The side of each leg in words."""
        return np.asarray(_SIDES[self.side], dtype=object)

    def legs_of(self, place: int) -> tuple[tuple[int, int], ...]:
        """Line and amount of each leg of one match, by line."""
        begin, end = np.searchsorted(self.owner, [place, place + 1]).tolist()
        span = slice(begin, end)
        return tuple(sorted(zip(self.line[span].tolist(), self.minor_units[span].tolist(), strict=True)))

    def kept(self, keep: BoolColumn) -> "MatchColumns":
        """Only the matches marked True, in the same order."""
        if bool(keep.all()):
            return self
        places = np.cumsum(keep) - 1
        legs = keep[self.owner]
        return MatchColumns(
            confirmed=self.confirmed[keep],
            heads={name: column[keep] for name, column in self.heads.items()},
            owner=places[self.owner[legs]],
            side=self.side[legs],
            row=self.row[legs],
            line=self.line[legs],
            version=self.version[legs],
            left=self.left[legs],
            currency=self.currency[legs],
            minor_units=self.minor_units[legs],
            adjustments={int(places[old]): said for old, said in self.adjustments.items() if keep[old]},
        )

    def unconfirmed(self) -> "MatchColumns":
        """The same matches, all of them proposed."""
        nothing = np.zeros(len(self), dtype=np.bool_)
        return replace(self, confirmed=nothing, heads={**self.heads, "born": _BORN[nothing.astype(np.int8)]})


def match_columns(outcome: Outcome, plan: Plan) -> MatchColumns:
    """Every match of an outcome, confirmed and proposed."""
    found = joined([outcome.confirmed, outcome.proposed])
    passes = np.concatenate([outcome.confirmed_pass, outcome.proposed_pass])
    confirmed = np.arange(len(found)) < len(outcome.confirmed)
    order = _order(found, confirmed)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    owner = place[found.owner]
    legs = np.lexsort((found.leg_row, found.leg_side, owner))
    side, row = found.leg_side[legs], found.leg_row[legs]
    sides = (outcome.problem.statement, outcome.problem.ledger)
    return MatchColumns(
        confirmed=confirmed[order],
        heads={name: column[order] for name, column in _heads(found, passes, confirmed, plan).items()},
        owner=owner[legs],
        side=side,
        row=row,
        line=_of_legs(sides, side, row, lambda columns: ids_of(columns.table.id), np.int64),
        version=_of_legs(sides, side, row, lambda columns: columns.table.line.astype(np.int64), np.int64),
        left=_of_legs(sides, side, row, lambda columns: columns.amount, np.int64),
        currency=_of_legs(sides, side, row, _currencies, object),
        minor_units=found.leg_amount[legs],
        adjustments={int(place[old]): said for old, said in found.adjustments.items()},
    )


def _order(found: Found, confirmed: BoolColumn) -> Int64Column:
    """By first statement row, then first ledger row; a match without rows of a side comes after those with one."""
    keys = []
    for side in (STATEMENT, LEDGER):
        rows = np.where(found.leg_side == side, found.leg_row, np.iinfo(np.int64).max)
        keys.append(np.minimum.reduceat(rows, found.offsets[:-1]) if len(found) else np.zeros(0, dtype=np.int64))
    return np.lexsort((~confirmed, keys[1], keys[0]))


def _of_legs(
    sides: tuple[SideColumns, SideColumns],
    side: npt.NDArray[np.int8],
    row: Int64Column,
    column: Callable[[SideColumns], npt.NDArray[Any]],
    kind: type,
) -> npt.NDArray[Any]:
    """A column of the lines, as the legs refer to them."""
    values: npt.NDArray[Any] = np.empty(len(row), dtype=kind)
    for number in (STATEMENT, LEDGER):
        these = side == number
        values[these] = column(sides[number])[row[these]]
    return values


def ids_of(texts: TextColumn) -> Int64Column:
    """The ids that decimal texts say."""
    if isinstance(texts, list):
        return np.array(texts, dtype=np.int64) if texts else np.zeros(0, dtype=np.int64)
    return texts.cast(int).to_numpy()


def _currencies(columns: SideColumns) -> TextsColumn:
    names, codes = columns.table.currency.names, columns.table.currency.codes
    return np.asarray(np.array(names or ("",), dtype=object)[codes], dtype=object)


def _heads(found: Found, passes: Int64Column, confirmed: BoolColumn, plan: Plan) -> dict[str, npt.NDArray[Any]]:
    """The columns of domain.match_records.MatchRecord that differ from match to match."""
    columns = found.columns
    names = np.array([*(rule.matcher for rule in plan.passes), "decision"], dtype=object)
    return {
        "kind": _KINDS[columns["kind"].astype(np.int64)],
        "matcher": names[np.where(passes == DECISION, len(plan.passes), passes)],
        "born": _BORN[confirmed.astype(np.int8)],
        "answers": columns["answers"],
        "searched_fully": columns["searched_fully"],
        "steps": columns["steps"],
        "accidental_hits": _spelled(columns["chance"], lambda value: "" if np.isnan(value) else f"{value:.6g}"),
        "evidence": _evidence(found),
    }


def _spelled(column: npt.NDArray[Any], spell: Callable[[Any], str]) -> TextsColumn:
    """A column as texts; every distinct value is spelled once."""
    values, places = np.unique(column, return_inverse=True)
    texts = np.array([spell(value) for value in values.tolist()] or [""], dtype=object)
    return np.asarray(texts[places.reshape(-1)] if len(column) else texts[:0], dtype=object)


def _evidence(found: Found) -> TextsColumn:
    """JSON text from which `explain` tells the reasons: what speaks for and against, lines considered, contested."""
    supporting, contradicting = (found.columns[name].astype(np.int64) for name in ("supporting", "contradicting"))
    considered, contested = found.columns["considered"].astype(np.int64), found.columns["confirm"].astype(np.int64)
    together = ((considered << 1 | contested) << _AGAINST_BITS | contradicting) << _FOR_BITS | supporting
    texts = _spelled(together, _evidence_text)
    for index, action in found.actions.items():
        texts[index] = json.dumps({**json.loads(texts[index]), "action": action})
    return texts


def _evidence_text(together: int) -> str:
    rest = together >> _FOR_BITS
    against, rest = rest & (1 << _AGAINST_BITS) - 1, rest >> _AGAINST_BITS
    said: dict[str, object] = {
        "for": codes_for(together & (1 << _FOR_BITS) - 1),
        "against": codes_against(against),
        "considered": rest >> 1,
        "contested": bool(rest & 1),
    }
    return json.dumps(said)


def adjustment_columns(columns: MatchColumns, first_id: int) -> tuple[int, dict[str, Sequence[object]]]:
    """How many adjustments there are, and the columns of domain.match_records.AdjustmentRecord for them."""
    rows = [
        (
            first_id + place,
            number,
            str(leg.type),
            leg.minor_units,
            leg.currency,
            leg.account or "",
            leg.rule or "",
            leg.rate or "",
        )
        for place, legs in sorted(columns.adjustments.items())
        for number, leg in enumerate(legs, 1)
    ]
    names = ("match_id", "number", "type", "minor_units", "currency", "account", "rule", "rate")
    return len(rows), dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}

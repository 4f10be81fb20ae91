"""What the passes find: proposals as columns, ambiguities, and what is confirmed of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.domain.matches import AdjustmentType

ACROSS, WITHIN = 0, 1
STATEMENT, LEDGER = 0, 1


class Leg(NamedTuple):
    """What a proposal uses of one row."""

    side: int  # STATEMENT or LEDGER
    row: int
    minor_units: int


class AdjustmentLeg(NamedTuple):
    """An explicit leg that ends the residual of a proposal."""

    type: AdjustmentType
    minor_units: int
    currency: str
    account: str | None
    rule: str | None
    rate: str | None = None


class Proposal(NamedTuple):
    """One candidate match with everything that decides about it."""

    legs: tuple[Leg, ...]
    confirm: bool  # the matcher found it to be the only answer, with enough evidence
    supporting: int  # bits of evidence.For
    contradicting: int = 0  # bits of evidence.Against
    kind: int = ACROSS
    rank: int = 0  # the stronger claim wins where two proposals of a pass want the same money
    answers: int = 1
    searched_fully: bool = True
    steps: int = 0
    chance: float = float("nan")  # accidental hits to expect; not a number where a reference ties
    considered: int = 0  # open lines among which the answer was found; 0: not a search
    adjustments: tuple[AdjustmentLeg, ...] = ()
    action: str | None = None


class Ambiguous(NamedTuple):
    """Rows of one side that have more than one answer."""

    side: int  # of the fixed rows
    rows: tuple[int, ...]
    answers_side: int  # the same side where lines of one side cancel
    answers: tuple[tuple[int, ...], ...]  # rows of `answers_side`, the best few
    more: bool  # there are further answers, or the search stopped at a limit
    evident: bool = True  # more than equal amounts speaks for the answers


_COLUMNS: dict[str, type] = {
    "confirm": np.bool_,
    "supporting": np.int64,
    "contradicting": np.int64,
    "kind": np.int8,
    "rank": np.int64,
    "answers": np.int64,
    "searched_fully": np.bool_,
    "steps": np.int64,
    "chance": np.float64,
    "considered": np.int64,
}


@dataclass(slots=True, eq=False)
class Found:
    """Proposals of one pass: one row per proposal, legs in `offsets` order."""

    columns: dict[str, npt.NDArray[np.generic]]
    offsets: Int64Column
    leg_side: npt.NDArray[np.int8]
    leg_row: Int64Column
    leg_amount: Int64Column
    adjustments: dict[int, tuple[AdjustmentLeg, ...]] = field(default_factory=dict)  # by proposal
    actions: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def owner(self) -> Int64Column:
        """The proposal that each leg belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def kept(self, keep: BoolColumn) -> "Found":
        """Only the proposals marked True."""
        chosen = np.flatnonzero(keep)
        legs = keep[self.owner]
        counts = np.diff(self.offsets)[chosen]
        place = {int(old): new for new, old in enumerate(chosen.tolist())} if self.adjustments or self.actions else {}
        return Found(
            columns={name: column[chosen] for name, column in self.columns.items()},
            offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)]),
            leg_side=self.leg_side[legs],
            leg_row=self.leg_row[legs],
            leg_amount=self.leg_amount[legs],
            adjustments={place[old]: legs_ for old, legs_ in self.adjustments.items() if old in place},
            actions={place[old]: action for old, action in self.actions.items() if old in place},
        )


def joined(parts: Sequence[Found]) -> Found:
    """The proposals of several passes after one another."""
    adjustments: dict[int, tuple[AdjustmentLeg, ...]] = {}
    actions: dict[int, str] = {}
    offsets = [np.zeros(1, dtype=np.int64)]
    count, legs = 0, 0
    for part in parts:
        adjustments.update({count + index: value for index, value in part.adjustments.items()})
        actions.update({count + index: value for index, value in part.actions.items()})
        offsets.append(part.offsets[1:] + legs)
        count, legs = count + len(part), legs + len(part.leg_row)
    return Found(
        columns={
            name: np.concatenate([np.zeros(0, dtype=kind), *(part.columns[name] for part in parts)])
            for name, kind in _COLUMNS.items()
        },
        offsets=np.concatenate(offsets),
        leg_side=np.concatenate([np.zeros(0, dtype=np.int8), *(part.leg_side for part in parts)]),
        leg_row=np.concatenate([np.zeros(0, dtype=np.int64), *(part.leg_row for part in parts)]),
        leg_amount=np.concatenate([np.zeros(0, dtype=np.int64), *(part.leg_amount for part in parts)]),
        adjustments=adjustments,
        actions=actions,
    )


def found_from(proposals: Iterable[Proposal]) -> Found:
    """Proposals as columns, in the order given."""
    listed = list(proposals)
    counts = [len(proposal.legs) for proposal in listed]
    legs = [leg for proposal in listed for leg in proposal.legs]
    return Found(
        columns={
            name: np.array([getattr(proposal, name) for proposal in listed], dtype=kind)
            for name, kind in _COLUMNS.items()
        },
        offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(np.array(counts, dtype=np.int64))]),
        leg_side=np.array([leg.side for leg in legs], dtype=np.int8),
        leg_row=np.array([leg.row for leg in legs], dtype=np.int64),
        leg_amount=np.array([leg.minor_units for leg in legs], dtype=np.int64),
        adjustments={index: proposal.adjustments for index, proposal in enumerate(listed) if proposal.adjustments},
        actions={index: proposal.action for index, proposal in enumerate(listed) if proposal.action},
    )


def found_pairs(
    rows: Int64Column,
    ledger_rows: Int64Column,
    amounts: Int64Column,
    *,
    confirm: BoolColumn,
    supporting: Int64Column,
    contradicting: Int64Column,
    chance: npt.NDArray[np.float64],
) -> Found:
    """One statement row against one ledger row each, using the same amount of both."""
    count = len(rows)
    return Found(
        columns={
            "confirm": confirm,
            "supporting": supporting,
            "contradicting": contradicting,
            "kind": np.full(count, ACROSS, dtype=np.int8),
            "rank": np.full(count, EXACT, dtype=np.int64),
            "answers": np.ones(count, dtype=np.int64),
            "searched_fully": np.ones(count, dtype=np.bool_),
            "steps": np.zeros(count, dtype=np.int64),
            "chance": chance,
            "considered": np.zeros(count, dtype=np.int64),
        },
        offsets=np.arange(count + 1, dtype=np.int64) * 2,
        leg_side=np.tile(np.array([STATEMENT, LEDGER], dtype=np.int8), count),
        leg_row=np.stack([rows, ledger_rows], axis=1).reshape(-1),
        leg_amount=np.repeat(amounts, 2),
    )


# Ranks: how much of the amount a claim explains.
EXACT, ADJUSTED, PARTIAL = 3, 2, 1


@dataclass(slots=True, eq=False)
class Findings:
    """Everything one matcher found in one pass."""

    found: Found
    ambiguous: list[Ambiguous] = field(default_factory=list)


def settled(found: Found, left: tuple[Int64Column, Int64Column]) -> BoolColumn:
    """Which proposals may be confirmed together: nobody uses more of a row than it has left.

    left: what is left of the statement and of the ledger rows, signed. Where proposals want the same money, the one
    of highest rank wins if it is alone at that rank; otherwise all of them stay open.
    """
    confirm = np.asarray(found.columns["confirm"], dtype=np.bool_).copy()
    ranks = np.asarray(found.columns["rank"], dtype=np.int64)
    for rank in np.unique(ranks[confirm])[::-1].tolist():
        room = _room(found, confirm & (ranks > rank), left)
        this = confirm & (ranks == rank)
        wanted = _used(found, this, left)
        over = [_exceeds(wanted[side], room[side]) for side in (STATEMENT, LEDGER)]
        if not (over[0].any() or over[1].any()):
            continue
        crowded = np.where(found.leg_side == STATEMENT, _at(over[0], found.leg_row), _at(over[1], found.leg_row))
        loses = np.zeros(len(found), dtype=np.bool_)
        np.logical_or.at(loses, found.owner, crowded)
        confirm &= ~(this & loses)
    return confirm


def _at(flags: BoolColumn, rows: Int64Column) -> BoolColumn:
    # Rows of the other side may lie beyond this side's length; their answer is not used.
    if not len(flags):
        return np.zeros(len(rows), dtype=np.bool_)
    return np.asarray(flags[np.minimum(rows, len(flags) - 1)], dtype=np.bool_)


def _used(found: Found, chosen: BoolColumn, left: tuple[Int64Column, Int64Column]) -> list[Int64Column]:
    legs = chosen[found.owner]
    used = []
    for side in (STATEMENT, LEDGER):
        these = legs & (found.leg_side == side)
        total = np.zeros(len(left[side]), dtype=np.int64)
        np.add.at(total, found.leg_row[these], found.leg_amount[these])
        used.append(total)
    return used


def _room(found: Found, taken: BoolColumn, left: tuple[Int64Column, Int64Column]) -> list[Int64Column]:
    used = _used(found, taken, left)
    return [left[side] - used[side] for side in (STATEMENT, LEDGER)]


def _exceeds(wanted: Int64Column, room: Int64Column) -> BoolColumn:
    """Whether more is wanted than there is room for; both have the sign of the line."""
    exceeds = np.where(wanted < 0, wanted < room, wanted > room) & (wanted != 0)
    return np.asarray(exceeds, dtype=np.bool_)

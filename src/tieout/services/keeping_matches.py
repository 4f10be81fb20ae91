"""Stores many matches at once: records, allocations, adjustments and uses as columns."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tieout.domain.line_table import BoolColumn, Int64Column
from tieout.domain.lines import LineUse
from tieout.domain.match_records import AdjustmentRecord, AllocationRecord, MatchRecord, MatchStatus, StateRecord
from tieout.services.match_columns import MatchColumns, adjustment_columns
from tieout.store.protocols import Condition, Writing

# Lines and amounts of a match's legs, by line.
Legs = tuple[tuple[int, int], ...]


class Keeping(NamedTuple):
    """What all matches of one run share."""

    entity_id: int
    prepared_by: str
    plan: str
    at: int


class Kept(NamedTuple):
    """What was stored of one run."""

    confirmed: int
    proposed: int
    waited_already: int
    first_id: int | None
    last_id: int | None
    waited_confirmed: tuple[int, ...] = ()  # proposals of before that are final now


def keep_matches(work: Writing, keeping: Keeping, found: MatchColumns, waiting: Mapping[Legs, int]) -> Kept:
    """Store what the engine found: new matches, and what they use of their lines.

    waiting: proposals that there are already, by their legs; one of them that is now the only answer is confirmed, any
    other is left as it is.
    """
    known = _known(found, waiting)
    again = np.array([place in known for place in range(len(found))], dtype=np.bool_) if known else None
    _use(work, keeping.entity_id, found)
    confirmed_already = {place: match for place, match in known.items() if found.confirmed[place]}
    work.add(*(_confirmed(work, keeping, match) for match in confirmed_already.values()))
    new = found if again is None else found.kept(~again)
    ids = _add(work, keeping, new)
    return Kept(
        confirmed=int(found.confirmed.sum()),
        proposed=len(new) - int(new.confirmed.sum()),
        waited_already=len(known) - len(confirmed_already),
        first_id=ids[0] if len(ids) else None,
        last_id=ids[-1] if len(ids) else None,
        waited_confirmed=tuple(sorted(confirmed_already.values())),
    )


def _known(found: MatchColumns, waiting: Mapping[Legs, int]) -> dict[int, int]:
    """Matches that wait as proposals already: by place the id."""
    if not waiting:
        return {}
    named = np.unique(np.array([line for legs in waiting for line, _ in legs], dtype=np.int64))
    places = np.unique(found.owner[np.isin(found.line, named)]).tolist()
    return {place: waiting[legs] for place in places if (legs := found.legs_of(place)) in waiting}


def _confirmed(work: Writing, keeping: Keeping, match_id: int) -> StateRecord:
    states = work.count(StateRecord, entity_id=keeping.entity_id, match_id=match_id)
    return StateRecord(
        entity_id=keeping.entity_id,
        match_id=match_id,
        number=states + 1,
        state=MatchStatus.CONFIRMED,
        reason="the only answer",
        at=keeping.at,
        by=keeping.prepared_by,
    )


def _add(work: Writing, keeping: Keeping, new: MatchColumns) -> range:
    """The records of new matches; the ids that they got."""
    if not len(new):
        return range(0)
    given = work.new_ids(MatchRecord, len(new))
    ids = range(given[0], given[0] + len(new))
    same = {"entity_id": keeping.entity_id}
    work.add_many(
        MatchRecord,
        len(new),
        {
            **same,
            **new.heads,
            "id": ids,
            "automatic": True,
            "prepared_by": keeping.prepared_by,
            "plan": keeping.plan,
            "extra": "",
            "created_at": keeping.at,
        },
    )
    work.add_many(
        AllocationRecord,
        len(new.row),
        {
            **same,
            "match_id": new.owner + ids[0],
            "line_id": new.line,
            "line_version": new.version,
            "side": new.side_names,
            "minor_units": new.minor_units,
            "currency": new.currency,
        },
    )
    count, columns = adjustment_columns(new, ids[0])
    if count:
        work.add_many(AdjustmentRecord, count, {**same, **columns})
    return ids


def _use(work: Writing, entity_id: int, found: MatchColumns) -> None:
    """What confirmed matches use of their lines: added in bulk where a line was never used, one by one elsewhere."""
    legs = found.confirmed[found.owner]
    if not legs.any():
        return
    lines, places = np.unique(found.line[legs], return_inverse=True)
    used = np.zeros(len(lines), dtype=np.int64)
    np.add.at(used, places, found.minor_units[legs])
    whole = np.zeros(len(lines), dtype=np.int64)
    whole[places] = found.left[legs]
    before = _uses_before(work, entity_id, lines)
    fresh = np.ones(len(lines), dtype=np.bool_) if not before else ~np.isin(lines, np.array(list(before)))
    _add_uses(work, entity_id, lines, whole, used, fresh)
    if before:
        rest = np.flatnonzero(~fresh).tolist()
        again = {int(lines[row]): (int(whole[row]) + before[int(lines[row])], int(used[row])) for row in rest}
        short = work.use(entity_id, again)
        assert not short, "the lines were seen open under the lock of their entity"


def _uses_before(work: Writing, entity_id: int, lines: Int64Column) -> dict[int, int]:
    """What matches have used so far of these lines, where they ever did."""
    if not work.count(LineUse, entity_id=entity_id):
        return {}
    found = work.all(LineUse, Condition("line_id", "in", lines.tolist()), entity_id=entity_id)
    return {use.line_id: use.used_minor_units for use in found}


def _add_uses(
    work: Writing, entity_id: int, lines: Int64Column, whole: Int64Column, used: Int64Column, fresh: BoolColumn
) -> None:
    count = int(fresh.sum())
    if count:
        columns = {"line_id": lines[fresh], "minor_units": whole[fresh], "used_minor_units": used[fresh]}
        work.add_many(LineUse, count, {"entity_id": entity_id, **columns})

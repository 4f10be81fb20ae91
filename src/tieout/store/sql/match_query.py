"""Matches with all that belongs to them: mostly one statement for one match, four for a page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, exists, func, select

from tieout.domain.match_records import (
    AdjustmentRecord,
    AllocationRecord,
    MatchRecord,
    MatchStatus,
    StateRecord,
    StoredMatch,
)
from tieout.store.sql.asking import Asking
from tieout.store.sql.database import mark
from tieout.store.sql.rows import names_of, reader_of
from tieout.store.sql.schema import ADJUSTMENTS, ALLOCATIONS, MATCH_STATES, MATCHES, TABLES

Part = TypeVar("Part", AllocationRecord, AdjustmentRecord, StateRecord)

_RECORD_WIDTH = len(names_of(MatchRecord))
_SORT = {
    AllocationRecord: (ALLOCATIONS.c.side.desc(), ALLOCATIONS.c.line_id),  # statement before ledger
    AdjustmentRecord: (ADJUSTMENTS.c.number,),
    StateRecord: (MATCH_STATES.c.number,),
}


def match(reading: Asking, entity_id: int, match_id: int) -> StoredMatch | None:
    """One match; None where the entity has no such match."""
    rows = reading.run(reading.database.prepared("match", _match), {"entity": entity_id, "match": match_id}).fetchall()
    if not rows:
        return None
    record: MatchRecord = reader_of(MatchRecord)(rows[0][:_RECORD_WIDTH])
    read = reader_of(AllocationRecord)
    allocations = [read(row[_RECORD_WIDTH:-2]) for row in rows if row[_RECORD_WIDTH] is not None]
    adjusted, later = rows[0][-2:]
    return _stored(
        record,
        allocations,
        _parts(reading, AdjustmentRecord, entity_id, [match_id])[match_id] if adjusted else (),
        _parts(reading, StateRecord, entity_id, [match_id])[match_id] if later else (),
    )


def _match() -> Select[Any]:
    columns = [*_columns(MatchRecord), *_columns(AllocationRecord)]
    more = [
        exists().where(table.c.entity_id == MATCHES.c.entity_id, table.c.match_id == MATCHES.c.id)
        for table in (ADJUSTMENTS, MATCH_STATES)
    ]
    joined = and_(ALLOCATIONS.c.entity_id == MATCHES.c.entity_id, ALLOCATIONS.c.match_id == MATCHES.c.id)
    return (
        select(*columns, *more)
        .select_from(MATCHES.outerjoin(ALLOCATIONS, joined))
        .where(MATCHES.c.entity_id == mark(MATCHES.c.entity_id, "entity"), MATCHES.c.id == mark(MATCHES.c.id, "match"))
        .order_by(*_SORT[AllocationRecord])
    )


def matches(reading: Asking, entity_id: int, status: MatchStatus | None, after: int, limit: int) -> list[StoredMatch]:
    """Matches by id, those above `after`, at most `limit`."""

    def build() -> Select[Any]:
        found = select(*_columns(MatchRecord)).where(
            MATCHES.c.entity_id == mark(MATCHES.c.entity_id, "entity"), MATCHES.c.id > mark(MATCHES.c.id, "after")
        )
        found = found.order_by(MATCHES.c.id).limit(bindparam("limit", type_=BigInteger()))
        return found if status is None else found.where(mark(MATCH_STATES.c.state, "status") == STATUS)

    values = {"entity": entity_id, "after": after, "limit": limit, "status": status and str(status)}
    return whole(reading, entity_id, reading.run(reading.database.prepared(("matches", status), build), values))


def matches_of(reading: Asking, entity_id: int, line_ids: Iterable[int], status: MatchStatus) -> list[StoredMatch]:
    """Matches in this state that use any of these lines, by id."""
    database = reading.database

    def build() -> Select[Any]:
        wanted = select(ALLOCATIONS.c.match_id).where(
            ALLOCATIONS.c.entity_id == mark(MATCHES.c.entity_id, "entity"),
            database.among(ALLOCATIONS.c.line_id, "lines", texts=False),
        )
        return (
            select(*_columns(MatchRecord))
            .where(
                MATCHES.c.entity_id == mark(MATCHES.c.entity_id, "entity"),
                MATCHES.c.id.in_(wanted),
                mark(MATCH_STATES.c.state, "status") == STATUS,
            )
            .order_by(MATCHES.c.id)
        )

    values = {"entity": entity_id, "lines": database.list_value(list(line_ids)), "status": str(status)}
    return whole(reading, entity_id, reading.run(database.prepared("matches of", build), values))


def columns_of_matches() -> list[ColumnElement[Any]]:
    """The columns that `whole` reads."""
    return _columns(MatchRecord)


def whole(reading: Asking, entity_id: int, cursor: Any) -> list[StoredMatch]:
    """The matches whose records a query for `columns_of_matches` gives, in its order."""
    records: list[MatchRecord] = [*map(reader_of(MatchRecord), cursor.fetchall())]
    if not records:
        return []
    ids = [record.id for record in records]
    allocations = _parts(reading, AllocationRecord, entity_id, ids)
    adjustments = _parts(reading, AdjustmentRecord, entity_id, ids)
    states = _parts(reading, StateRecord, entity_id, ids)
    return [_stored(record, allocations[record.id], adjustments[record.id], states[record.id]) for record in records]


def _parts(reading: Asking, noun: type[Part], entity_id: int, ids: Sequence[int]) -> dict[int, list[Part]]:
    table, database = TABLES[noun], reading.database

    def build() -> Select[Any]:
        return (
            select(*_columns(noun))
            .where(
                table.c.entity_id == mark(table.c.entity_id, "entity"),
                database.among(table.c.match_id, "matches", texts=False),
            )
            .order_by(table.c.match_id, *_SORT[noun])
        )

    values = {"entity": entity_id, "matches": database.list_value(ids)}
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for part in map(reader_of(noun), reading.run(database.prepared(("parts", noun), build), values).fetchall()):
        found[part.match_id].append(part)
    return found


def _stored(
    record: MatchRecord,
    allocations: Sequence[AllocationRecord],
    adjustments: Sequence[AdjustmentRecord],
    states: Sequence[StateRecord],
) -> StoredMatch:
    status = MatchStatus(states[-1].state if states else record.born)
    return StoredMatch(record, status, tuple(allocations), tuple(adjustments), tuple(states))


def _columns(noun: type[Any]) -> list[ColumnElement[Any]]:
    return [TABLES[noun].c[name] for name in names_of(noun)]


STATUS = func.coalesce(
    select(MATCH_STATES.c.state)
    .where(MATCH_STATES.c.entity_id == MATCHES.c.entity_id, MATCH_STATES.c.match_id == MATCHES.c.id)
    .order_by(MATCH_STATES.c.number.desc())
    .limit(1)
    .scalar_subquery(),
    MATCHES.c.born,
)

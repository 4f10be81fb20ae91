"""Pages of matches by what takes part in them, for faces that count their pages."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, exists, func, select

from tieout.domain.match_records import MatchStatus, StoredMatch
from tieout.store.protocols import Condition
from tieout.store.sql.asking import Asking
from tieout.store.sql.database import mark
from tieout.store.sql.match_query import STATUS, columns_of_matches, whole
from tieout.store.sql.schema import ALLOCATIONS, LINES, MATCH_STATES, MATCHES
from tieout.store.sql.shapes import clauses, shape_of, values_of


def match_page(
    reading: Asking,
    entity_id: int,
    line_kind: str,
    status: MatchStatus,
    conditions: Sequence[Condition],
    page: tuple[int, int],
) -> tuple[int, list[StoredMatch]]:
    """How many matches in this state have a line of this kind, and some of them by id.

    conditions: on columns of MatchRecord. page: limit and offset.
    """
    database, shape = reading.database, shape_of(conditions, {})

    def wanted(*columns: Any) -> Select[Any]:
        found = select(*columns).where(
            MATCHES.c.entity_id == mark(MATCHES.c.entity_id, "entity"),
            mark(MATCH_STATES.c.state, "status") == STATUS,
            _has_line_of_kind(),
        )
        return found.where(clauses(database, shape, MATCHES.c.__getitem__)) if conditions else found

    def some() -> Select[Any]:
        limit, offset = (bindparam(name, type_=BigInteger()) for name in ("limit", "offset"))
        return wanted(*columns_of_matches()).order_by(MATCHES.c.id).limit(limit).offset(offset)

    values = {
        "entity": entity_id,
        "status": str(status),
        "kind": line_kind,
        **values_of(database, conditions, {}),
    }
    count = database.prepared(("match count", shape), lambda: wanted(func.count()))
    (total,) = reading.run(count, values).fetchone()
    cursor = reading.run(
        database.prepared(("match page", shape), some), {**values, "limit": page[0], "offset": page[1]}
    )
    return int(total), whole(reading, entity_id, cursor)


def _has_line_of_kind() -> Any:
    of_match = and_(ALLOCATIONS.c.entity_id == MATCHES.c.entity_id, ALLOCATIONS.c.match_id == MATCHES.c.id)
    of_leg = and_(
        LINES.c.entity_id == ALLOCATIONS.c.entity_id,
        LINES.c.id == ALLOCATIONS.c.line_id,
        LINES.c.version == ALLOCATIONS.c.line_version,
    )
    return exists().where(of_match, of_leg, LINES.c.kind == mark(LINES.c.kind, "kind"))

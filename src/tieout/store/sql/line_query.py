"""The lines as they count now: the last version of each, what is used of it, and where it is cleared."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, func, literal, literal_column, or_, select

from tieout.domain.lines import Line
from tieout.store.sql.database import mark
from tieout.store.sql.rows import names_of
from tieout.store.sql.schema import CLEARINGS, LINE_USES, LINES

_later = LINES.alias("later")

USED = func.coalesce(LINE_USES.c.used_minor_units, literal(0, BigInteger()))
CLEARED_IN = CLEARINGS.c.reconciliation_id

# The second condition is implied by the first two; it lets both engines ask the small index of later versions.
LAST = ~(
    select(literal_column("1"))
    .select_from(_later)
    .where(
        _later.c.entity_id == LINES.c.entity_id,
        _later.c.id == LINES.c.id,
        _later.c.version > LINES.c.version,
        _later.c.version > literal_column("1"),  # as the index says it: a value to come would not do
    )
    .with_hint(_later, "INDEXED BY ix_lines_later", "sqlite")
    .exists()
)
COUNTING = and_(LINES.c.entity_id == mark(LINES.c.entity_id, "entity"), ~LINES.c.deleted, LAST)
OPEN = or_(LINE_USES.c.line_id.is_(None), LINE_USES.c.used_minor_units != LINES.c.minor_units)

_SOURCE = LINES.outerjoin(
    LINE_USES, and_(LINE_USES.c.entity_id == LINES.c.entity_id, LINE_USES.c.line_id == LINES.c.id)
)
_CLEARED = _SOURCE.outerjoin(
    CLEARINGS, and_(CLEARINGS.c.entity_id == LINES.c.entity_id, CLEARINGS.c.line_id == LINES.c.id)
)


def line_column(name: str) -> ColumnElement[Any]:
    """A column of Line, or `used_minor_units`, `left_minor_units`, `cleared_in`."""
    if name == "used_minor_units":
        return USED
    if name == "left_minor_units":
        return LINES.c.minor_units - USED
    return CLEARED_IN if name == "cleared_in" else LINES.c[name]


def lines_now(*columns: ColumnElement[Any]) -> Select[Any]:
    """The columns given of every line that counts in the entity marked `entity`; without any, those of LineNow."""
    wanted = columns or (*(LINES.c[name] for name in names_of(Line)), USED.label("used"), CLEARED_IN)
    return select(*wanted).select_from(_CLEARED).where(COUNTING)

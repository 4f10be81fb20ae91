"""How much of its lines live matches use: added to and taken back, never beyond the line."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, delete, insert, select, update

from tieout.store.sql.asking import Asking
from tieout.store.sql.database import mark
from tieout.store.sql.schema import LINE_USES

# More lines than this are asked for by the range of their ids.
_ASKED_ONE_BY_ONE_MAX = 2_000
# Up to here inserting each is quicker than beginning a bulk load.
_ADDED_ONE_BY_ONE_MAX = 8


def add_uses(writing: Asking, entity_id: int, uses: Mapping[int, tuple[int, int]]) -> list[int]:
    """Add a signed amount to what is used of each line.

    uses: by line its whole amount and what to add. Returns the lines that it would use beyond their amount or with the
    other sign; nothing is changed where there is one.
    """
    before = _used(writing, entity_id, uses)
    after = {line: before.get(line, 0) + amount for line, (_, amount) in uses.items()}
    beyond = [line for line, (whole, _) in uses.items() if not (0 <= after[line] <= whole or whole <= after[line] <= 0)]
    if beyond:
        return sorted(beyond)
    _add(
        writing,
        entity_id,
        [(line, uses[line][0], after[line]) for line in sorted(uses) if _is_new(line, before, after)],
    )
    for line in sorted(before):
        _replace(writing, {"entity": entity_id, "line": line, "whole": uses[line][0], "used": after[line]})
    return []


def _is_new(line: int, before: Mapping[int, int], after: Mapping[int, int]) -> bool:
    return line not in before and after[line] != 0


def _add(writing: Asking, entity_id: int, uses: Sequence[tuple[int, int, int]]) -> None:
    """uses: line, its whole amount, and what is used of it."""
    if len(uses) > _ADDED_ONE_BY_ONE_MAX:
        lines, wholes, used_of_each = zip(*uses, strict=True)
        columns = {"line_id": lines, "minor_units": wholes, "used_minor_units": used_of_each, "entity_id": entity_id}
        writing.database.insert_many(writing.connection, LINE_USES, len(uses), columns)
        return
    statement = writing.database.prepared("add use", lambda: insert(LINE_USES))
    with writing.database.together(writing.connection):
        for line, whole, used in uses:
            values = {"entity_id": entity_id, "line_id": line, "minor_units": whole, "used_minor_units": used}
            writing.run(statement, values)


def _replace(writing: Asking, values: Mapping[str, int]) -> None:
    """A line of which nothing is used any more has no row, as before it was ever used."""
    columns, database = LINE_USES.c, writing.database
    of_line = and_(
        columns.entity_id == mark(columns.entity_id, "entity"), columns.line_id == mark(columns.line_id, "line")
    )
    if not values["used"]:
        writing.run(database.prepared("free", lambda: delete(LINE_USES).where(of_line)), values)
        return
    now = {
        columns.minor_units: mark(columns.minor_units, "whole"),
        columns.used_minor_units: mark(columns.used_minor_units, "used"),
    }
    writing.run(database.prepared("use", lambda: update(LINE_USES).where(of_line).values(now)), values)


def _used(writing: Asking, entity_id: int, uses: Mapping[int, Any]) -> dict[int, int]:
    columns, database = LINE_USES.c, writing.database
    many = len(uses) > _ASKED_ONE_BY_ONE_MAX

    def build() -> Select[Any]:
        found = select(columns.line_id, columns.used_minor_units).where(
            columns.entity_id == mark(columns.entity_id, "entity")
        )
        if many:
            return found.where(
                columns.line_id >= mark(columns.line_id, "first"), columns.line_id <= mark(columns.line_id, "last")
            )
        return found.where(database.among(columns.line_id, "lines", texts=False))

    values: dict[str, Any] = {"entity": entity_id}
    if many:
        values |= {"first": min(uses), "last": max(uses)}
    else:
        values["lines"] = database.list_value(list(uses))
    rows = writing.run(database.prepared(("used", many), build), values).fetchall()
    return {line: used for line, used in rows if line in uses}

"""Conditions and orders as SQL: built once for each shape, with marks where the values go."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, func, literal, not_, or_

from tieout.store.protocols import Condition, Order, Scalar
from tieout.store.sql.database import Database, mark

ColumnOf = Callable[[str], ColumnElement[Any]]

# Absent values sort before all others on both engines.
_BEFORE_ALL = -(2**63)
_LISTS = ("in", "not in")


class Shape(NamedTuple):
    """What of some conditions decides the text of a statement; equal shapes share one."""

    equal: tuple[tuple[str, bool], ...]  # column, whether None is asked for
    conditions: tuple[tuple[str, str, str], ...]  # column, operator, "none" | "text" | "value"


def shape_of(conditions: Sequence[Condition], equal: Mapping[str, Scalar]) -> Shape:
    """The shape of these conditions."""
    return Shape(
        tuple((name, value is None) for name, value in equal.items()),
        tuple((condition.column, condition.operator, _kind(condition.value)) for condition in conditions),
    )


def values_of(database: Database, conditions: Sequence[Condition], equal: Mapping[str, Scalar]) -> dict[str, Any]:
    """What the marks of `clauses` stand for."""
    values: dict[str, Any] = {f"e_{name}": value for name, value in equal.items()}
    for number, (_, operator, value) in enumerate(conditions):
        if operator in _LISTS:
            values[f"c{number}"] = database.list_value(value)  # type: ignore[arg-type]
        else:
            values[f"c{number}"] = str(value).lower() if operator == "contains any case" else value
    return values


def clauses(database: Database, shape: Shape, column_of: ColumnOf) -> ColumnElement[bool]:
    """The conditions of a shape, all of which must hold."""
    found: list[ColumnElement[bool]] = []
    for name, absent in shape.equal:
        column = column_of(name)
        found.append(column.is_(None) if absent else column == mark(column, f"e_{name}"))
    for number, (name, operator, kind) in enumerate(shape.conditions):
        found.append(_clause(database, column_of(name), operator, kind, f"c{number}"))
    return and_(*found) if found else literal(value=True)


def _clause(database: Database, column: ColumnElement[Any], operator: str, kind: str, name: str) -> ColumnElement[bool]:
    match operator:
        case "=":
            return column.is_(None) if kind == "none" else column == mark(column, name)
        case "!=":
            return column.is_not(None) if kind == "none" else column.is_distinct_from(mark(column, name))
        case "in":
            return database.among(column, name, texts=kind == "text")
        case "not in":
            return or_(column.is_(None), not_(database.among(column, name, texts=kind == "text")))
        case "contains" | "contains any case":
            return database.contains(column, name, any_case=operator != "contains")
    return column.op(operator, is_comparison=True)(mark(column, name))


def _kind(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return "text" if value and isinstance(value[0], str) else "value"
    return "value"


def ordering(order: Sequence[Order], column_of: ColumnOf) -> list[ColumnElement[Any]]:
    """What to sort by."""
    return [_sortable(column_of(name)).desc() if down else _sortable(column_of(name)).asc() for name, down in order]


def behind(order: Sequence[Order], column_of: ColumnOf) -> ColumnElement[bool]:
    """Rows that come after the row whose values are marked k0, k1, ...: paging by key, not by counting."""
    columns = [(_sortable(column_of(name)), down) for name, down in order]
    marks = [mark(column, f"k{number}") for number, (column, _) in enumerate(columns)]
    either: list[ColumnElement[bool]] = []
    for number, (column, down) in enumerate(columns):
        further = column < marks[number] if down else column > marks[number]
        equal = [columns[before][0] == marks[before] for before in range(number)]
        either.append(and_(*equal, further))
    first, down = columns[0]
    # Implied by the rest; it lets an index begin at the right place.
    bound = first <= marks[0] if down else first >= marks[0]
    return and_(bound, or_(*either))


def key_values(after: Sequence[int | str | None]) -> dict[str, Any]:
    """What the marks of `behind` stand for."""
    return {f"k{number}": _BEFORE_ALL if value is None else value for number, value in enumerate(after)}


def _sortable(column: ColumnElement[Any]) -> ColumnElement[Any]:
    nullable = getattr(column, "nullable", False)
    if nullable and isinstance(column.type, Integer):
        return func.coalesce(column, literal(_BEFORE_ALL, BigInteger()), type_=BigInteger())
    return column

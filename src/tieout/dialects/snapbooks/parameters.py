"""Query parameters that several resources share."""

from collections.abc import Sequence

from tieout.contracts.http_faults import RequestFault, bad_parameter
from tieout.contracts.http_query import Query
from tieout.dialects.snapbooks.values import instant_of_day
from tieout.services.lines import Condition, Order

_DIRECTIONS = {"asc": False, "desc": True}


def days_between(query: Query, first: str, last: str, column: str = "booking_day") -> list[Condition]:
    """Conditions for days from one to another, both included. Raises RequestFault."""
    bounds = ((query.day(first), ">="), (query.day(last), "<="))
    return [Condition(column, ">=" if sign == ">=" else "<=", day) for day, sign in bounds if day is not None]


def created_between(query: Query, first: str, last: str) -> list[Condition]:
    """Conditions for what was made on UTC days from one to another, both included. Raises RequestFault."""
    after, before = query.day(first), query.day(last)
    found = []
    if after is not None:
        found.append(Condition("created_at", ">=", instant_of_day(after)))
    if before is not None:
        found.append(Condition("created_at", "<", instant_of_day(before + 1)))
    return found


def order_by(query: Query, columns: dict[str, str], absent: Sequence[Order]) -> list[Order]:
    """The order that `order_by=booking_date desc,amount` names; it ends in the id.

    columns: ours by the vendor's names. Raises RequestFault for any other.
    """
    text = query.text("order_by", "")
    named = [_order(part.strip(), columns) for part in text.split(",")] if text else list(absent)
    return [*named, *([] if any(each.column == "id" for each in named) else [Order("id")])]


def _order(part: str, columns: dict[str, str]) -> Order:
    name, _, direction = part.lower().partition(" ")
    if name not in columns or direction.strip() not in ("", *_DIRECTIONS):
        raise RequestFault(bad_parameter("order_by", f"this must be one of {', '.join(columns)}, with asc or desc"))
    return Order(columns[name], descending=_DIRECTIONS.get(direction.strip(), False))

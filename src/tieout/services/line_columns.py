"""Lines entered as columns: what a bulk call brings, checked column by column and added without a value per line.

The rules are those of line_requests. Columns only prove that none is broken; where they cannot, the rows are looked at
one by one, so that every refusal says where.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import repeat
from typing import Any, TypeAlias

from tieout.domain.lines import Line, Origin
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.context import Context, Denied, denied
from tieout.services.days import FIRST_DAY, LAST_DAY
from tieout.services.line_requests import (
    LINES_MAX,
    REFUSALS_SHOWN_MAX,
    SAID_ELSEWHERE,
    TEXTS,
    Ground,
    LineRequest,
    ground_of,
    line_refusals,
    placing_faults,
)
from tieout.services.permitting import not_permitted
from tieout.services.texts import TEXT_LENGTH_MAX, is_keepable
from tieout.store.protocols import Scope, Writing

Texts: TypeAlias = Sequence[str] | str
Numbers: TypeAlias = Sequence[int] | int
MaybeNumbers: TypeAlias = Sequence[int | None] | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineColumns:
    """`count` lines as columns, each a list of that length or one value for all; the names are those of LineRequest."""

    count: int
    side: Texts
    kind: Texts
    account_id: Numbers
    currency: Texts
    minor_units: Numbers
    booking_day: Numbers
    value_day: MaybeNumbers = None
    reference: Texts = ""
    counterparty: Texts = ""
    counterparty_account: Texts = ""
    batch: Texts = ""
    description: Texts = ""
    native_id: Texts = ""
    settles: Texts = ""
    foreign_minor_units: MaybeNumbers = None
    foreign_currency: Texts = ""
    rate: Texts = ""
    parent_id: MaybeNumbers = None
    transfer_id: MaybeNumbers = None
    paid_day: MaybeNumbers = None
    extra: Texts = ""


@dataclass(frozen=True, slots=True)
class BulkAnswer:
    """The ids of the lines, in the order that they came in."""

    ids: Sequence[int]


_NAMES = tuple(field.name for field in fields(LineRequest))


def enter_line_columns(
    context: Context,
    principal: Principal,
    entity_id: int,
    columns: LineColumns,
    origin: Origin = Origin.ENTERED,
) -> BulkAnswer | Denied:
    """New lines, all or none. Needs PREPARE.

    Refused as lines.enter_lines; the first hundred refusals come, with the count of all of them in Denied.count.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if columns.count > LINES_MAX:
        return denied("too_many", "lines", most=str(LINES_MAX))
    if not columns.count:
        return BulkAnswer(())
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "enter_line_columns", now) as work:
        ground = ground_of(work, entity_id)
        if not breaks_nothing(columns, ground):
            refusals = located_refusals(columns, ground)
            if refusals:
                return Denied(tuple(refusals[:REFUSALS_SHOWN_MAX]), len(refusals))
        return BulkAnswer(_add(work, entity_id, columns, origin, now, by))


def _add(work: Writing, entity_id: int, columns: LineColumns, origin: Origin, now: int, by: str) -> Sequence[int]:
    ids = work.new_ids(Line, columns.count)
    given = {name: getattr(columns, name) for name in _NAMES}
    work.add_many(
        Line,
        columns.count,
        {
            **given,
            "entity_id": entity_id,
            "id": ids,
            "version": 1,
            "deleted": False,
            "origin": str(origin),
            "document_id": None,
            "statement_id": None,
            "place": "",
            "created_at": now,
            "changed_at": now,
            "changed_by": by,
        },
    )
    return ids


def breaks_nothing(columns: LineColumns, ground: Ground) -> bool:
    """Whether whole columns show that no line breaks a rule; False where single lines must be looked at."""
    days = (columns.booking_day, columns.value_day)
    rare = (columns.settles, columns.rate, columns.foreign_currency, columns.foreign_minor_units)
    elsewhere = (getattr(columns, name) for name in SAID_ELSEWHERE)
    return (
        _within(columns.minor_units, -MINOR_UNITS_MAX, MINOR_UNITS_MAX)
        and all(_within(each, FIRST_DAY, LAST_DAY) for each in days)
        and all(_says_nothing(each) for each in (*rare, *elsewhere))
        and all(_texts_keepable(getattr(columns, name)) for name in TEXTS)
        and _placed_well(columns, ground)
        and _after_locks(columns, ground)
    )


def _says_nothing(column: Texts | MaybeNumbers) -> bool:
    """Whether a column that few lines use is empty on every line."""
    return column in (None, "") or (not isinstance(column, (str, int)) and set(column) <= {None, ""})


def _within(column: Any, least: int, most: int) -> bool:
    if column is None or isinstance(column, int):
        return column is None or least <= column <= most
    present = [number for number in column if number is not None] if None in column else column
    return not present or (least <= min(present) and max(present) <= most)


def _texts_keepable(column: Texts) -> bool:
    if isinstance(column, str):
        return len(column) <= TEXT_LENGTH_MAX and is_keepable(column)
    return max(map(len, column), default=0) <= TEXT_LENGTH_MAX and is_keepable("".join(column))


def _placed_well(columns: LineColumns, ground: Ground) -> bool:
    """Whether every combination of side, kind, account and currency that occurs is allowed."""
    placing = (columns.side, columns.kind, columns.account_id, columns.currency)
    combinations = set(zip(*(each_of(column, columns.count) for column in placing), strict=True))
    return not any(
        fault
        for side, kind, account_id, currency in combinations
        for fault in placing_faults(side, kind, account_id, currency, ground)
    )


def _after_locks(columns: LineColumns, ground: Ground) -> bool:
    last = max(ground.locked.through.values(), default=None)
    if last is None:
        return True
    days = columns.booking_day
    return (days if isinstance(days, int) else min(days)) > last


def each_of(column: Any, count: int) -> Any:
    """The values of a column, one per line."""
    same = column is None or isinstance(column, (str, int))
    return repeat(column, count) if same else column


def located_refusals(columns: LineColumns, ground: Ground) -> list[Refusal]:
    """Every refusal of every line, with its place: "lines[3].currency"."""
    rows = zip(*(each_of(getattr(columns, name), columns.count) for name in _NAMES), strict=True)
    return [
        refusal
        for place, row in enumerate(rows)
        for refusal in line_refusals(LineRequest(**dict(zip(_NAMES, row, strict=True))), ground, f"lines[{place}].")
    ]

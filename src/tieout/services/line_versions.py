"""Versions of lines: the first one of a request, the next one of a line, and what holds a line as it is."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tieout.domain.lines import Line, Origin
from tieout.domain.match_records import MatchStatus
from tieout.services.line_requests import LineRequest
from tieout.store.protocols import Order, Reading


def first_version(request: LineRequest, *, entity_id: int, line_id: int, origin: Origin, now: int, by: str) -> Line:
    """The line that a request asks for, as version 1 without a document."""
    return Line(
        entity_id=entity_id,
        id=line_id,
        version=1,
        deleted=False,
        side=request.side,
        kind=request.kind,
        origin=origin,
        account_id=request.account_id,
        currency=request.currency,
        minor_units=request.minor_units,
        booking_day=request.booking_day,
        value_day=request.value_day,
        reference=request.reference,
        counterparty=request.counterparty,
        counterparty_account=request.counterparty_account,
        batch=request.batch,
        description=request.description,
        native_id=request.native_id,
        settles=request.settles,
        foreign_minor_units=request.foreign_minor_units,
        foreign_currency=request.foreign_currency,
        rate=request.rate,
        document_id=None,
        statement_id=None,
        place="",
        parent_id=request.parent_id,
        transfer_id=request.transfer_id,
        paid_day=request.paid_day,
        extra=request.extra,
        created_at=now,
        changed_at=now,
        changed_by=by,
    )


def next_version(line: Line, now: int, by: str, **values: Any) -> Line:
    """The version after this one, with these columns changed."""
    return replace(line, **values, version=line.version + 1, changed_at=now, changed_by=by)


def latest_version(view: Reading, entity_id: int, line_id: int) -> Line | None:
    """The last version of a line, deleted or not; None where there never was one."""
    found = view.all(Line, order=(Order("version", descending=True),), limit=1, entity_id=entity_id, id=line_id)
    return found[0] if found else None


def holding_matches(view: Reading, entity_id: int, line_ids: Iterable[int]) -> dict[int, int]:
    """By line a live confirmed match that uses it, the first of several."""
    wanted = set(line_ids)
    if not wanted:
        return {}
    holding: dict[int, int] = {}
    for match in view.matches_of(entity_id, wanted, MatchStatus.CONFIRMED):
        for allocation in match.allocations:
            if allocation.line_id in wanted:
                holding.setdefault(allocation.line_id, match.record.id)
    return holding

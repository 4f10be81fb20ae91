"""Checks everything that is kept, without the engine: audit chains, rows against events, certificates, conservation."""

from collections.abc import Iterator
from typing import NamedTuple

from tieout.domain.audit import AuditEvent
from tieout.domain.kinds import Side
from tieout.domain.lines import Line
from tieout.domain.match_records import MatchStatus
from tieout.domain.people import Entity, Organisation
from tieout.proofs.certificate import LineAmounts, Verifier
from tieout.services.context import Context
from tieout.services.stored_matches import line_amounts, match_of
from tieout.store.protocols import Condition, Order, Reading

# Lines and matches read at once: little enough to hold, enough that a page costs more than the way to the database.
_PAGE = 5_000
_SIDES: tuple[Side, Side] = ("statement", "ledger")


class StoreVerification(NamedTuple):
    """What was checked, and every fault in words; none where all that is kept proves itself."""

    entities: int
    events: int
    lines: int
    matches: int  # live confirmed ones, whose certificates were checked
    faults: tuple[str, ...]


def verify_store(context: Context) -> StoreVerification:
    """Check a whole database at one moment.

    Chains are gapless and unchanged, the rows are what their events put together say, what is used of a line is the sum
    of its allocations, every confirmed match balances, all of them together use no line beyond its amount, and per
    entity and side the lines are what is tied and what is open.
    """
    with context.store.reading() as view:
        entities = view.all(Entity)
        faults: list[str] = []
        lines = matches = 0
        for organisation in view.all(Organisation):
            faults += map(str, view.trail_faults(organisation.id))
        for entity in entities:
            found = _entity(view, entity.id)
            lines, matches = lines + found.lines, matches + found.matches
            faults += (f"entity:{entity.id}: {fault}" for fault in found.faults)
        return StoreVerification(len(entities), view.count(AuditEvent), lines, matches, tuple(faults))


class _Verified(NamedTuple):
    lines: int
    matches: int
    faults: list[str]


def _entity(view: Reading, entity_id: int) -> _Verified:
    amounts: dict[Side, dict[str, tuple[int, str]]] = {"statement": {}, "ledger": {}}
    for lines in _lines(view, entity_id):
        for side, found in line_amounts(lines).items():
            amounts[side].update(found)
    verifier = Verifier(amounts)
    after = 0
    while page := view.matches(entity_id, status=MatchStatus.CONFIRMED, after=after, limit=_PAGE):
        for stored in page:
            verifier.take(match_of(stored))
        after = page[-1].record.id
    faults = [*map(str, verifier.faults()), *_conservation(view, entity_id, amounts, verifier)]
    return _Verified(sum(map(len, amounts.values())), verifier.confirmed, faults)


def _lines(view: Reading, entity_id: int) -> Iterator[list[Line]]:
    after = 0
    while page := view.lines(entity_id, order=(Order("id"),), after=(after,), limit=_PAGE):
        yield [line.line for line in page]
        after = page[-1].line.id


def _conservation(view: Reading, entity_id: int, amounts: LineAmounts, verifier: Verifier) -> Iterator[str]:
    """Of each side: all lines together less what confirmed matches use is what is left of the open ones."""
    for side in _SIDES:
        whole = sum(minor_units for minor_units, _ in amounts[side].values())
        tied = sum(verifier.tied.of(side).values())
        left = view.line_totals(entity_id, Condition("side", "=", side), open_only=True)
        if whole - tied != left.minor_units - left.used_minor_units:
            yield f"the {side} lines are not what is tied and what is open of them"

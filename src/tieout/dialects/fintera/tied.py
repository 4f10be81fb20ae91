"""What lines are tied to, as the shapes show it: fetched once for all lines of an answer."""

from collections.abc import Iterable, Sequence
from typing import Any

from tieout.dialects.fintera.calling import Call
from tieout.dialects.fintera.links import reconciled_with
from tieout.dialects.fintera.shapes_financial_accounts import DIRECTIONS, Around
from tieout.domain.lines import Line
from tieout.domain.match_records import StoredMatch
from tieout.services.lines import Condition, LineNow, Order, find_lines
from tieout.services.matching import matches_of_lines

# One account's recurrence or parcels are at most this many (services.invoice_rules).
_SIBLINGS_MAX = 400


def lines_by_id(call: Call, entity_id: int, ids: Iterable[int]) -> dict[int, LineNow]:
    """Lines of one entity as they count now; those that are not there are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = call.answer_of(find_lines(call.context, call.principal, entity_id, Condition("id", "in", wanted)))
    return {now.line.id: now for now in found}


def around(call: Call, lines: Sequence[LineNow]) -> dict[int, Around]:
    """What each payable or receivable account is reconciled with, and the others of its recurrence."""
    partners = _partners(call, lines)
    siblings = _siblings(call, lines)
    return {
        now.line.id: Around(
            tuple(line for line in partners.get(now.line.id, ()) if line.side == "statement"),
            siblings.get(now.line.parent_id or 0, ()),
        )
        for now in lines
    }


def accounts_around(call: Call, lines: Sequence[LineNow]) -> dict[int, list[dict[str, Any]]]:
    """The payable and receivable accounts that each transaction is reconciled with, as its shape lists them."""
    addresses = call.addresses
    return {
        line_id: [
            reconciled_with(line.id, addresses.financial_account(DIRECTIONS[line.kind].plural, line.id))
            for line in partners
            if line.kind in DIRECTIONS
        ]
        for line_id, partners in _partners(call, lines).items()
    }


def _partners(call: Call, lines: Sequence[LineNow]) -> dict[int, list[Line]]:
    """The lines that share a live match with each line, by id."""
    used = [now.line.id for now in lines if now.used_minor_units]
    if not used:
        return {}
    matches = call.answer_of(matches_of_lines(call.context, call.principal, call.entity_id, used))
    ids: dict[int, set[int]] = {line_id: set() for line_id in used}
    for match in matches:
        members = _members(match)
        for line_id in members & ids.keys():
            ids[line_id] |= members - {line_id}
    known = lines_by_id(call, call.entity_id, set().union(*ids.values()))
    return {
        line_id: [known[other].line for other in sorted(others) if other in known] for line_id, others in ids.items()
    }


def _members(match: StoredMatch) -> set[int]:
    return {allocation.line_id for allocation in match.allocations}


def _siblings(call: Call, lines: Sequence[LineNow]) -> dict[int, tuple[int, ...]]:
    """By invoice the ids of its instalments in order of due day."""
    parents = sorted({now.line.parent_id for now in lines if now.line.parent_id is not None})
    if not parents:
        return {}
    conditions = Condition("parent_id", "in", parents), Condition("kind", "in", tuple(DIRECTIONS))
    order = Order("booking_day"), Order("id")
    found = call.answer_of(
        find_lines(
            call.context,
            call.principal,
            call.entity_id,
            *conditions,
            order=order,
            limit=_SIBLINGS_MAX * len(parents),
        )
    )
    siblings: dict[int, list[int]] = {}
    for now in found:
        siblings.setdefault(now.line.parent_id or 0, []).append(now.line.id)
    return {parent: tuple(ids) for parent, ids in siblings.items()}

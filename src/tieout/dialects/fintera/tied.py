"""What lines are tied to, as the shapes show it: fetched once for all lines of an answer."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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
    found = {}
    for now in lines:
        tied = partners.get(now.line.id, _UNTIED)
        transactions = tuple(line for line in tied.lines if line.side == "statement")
        found[now.line.id] = Around(transactions, tied.since, siblings.get(now.line.parent_id or 0, ()))
    return found


def accounts_around(call: Call, lines: Sequence[LineNow]) -> dict[int, list[dict[str, Any]]]:
    """The payable and receivable accounts that each transaction is reconciled with, as its shape lists them."""
    addresses = call.addresses
    return {
        line_id: [
            reconciled_with(line.id, addresses.financial_account(DIRECTIONS[line.kind].plural, line.id))
            for line in tied.lines
            if line.kind in DIRECTIONS
        ]
        for line_id, tied in _partners(call, lines).items()
    }


class _Tied(NamedTuple):
    """The lines that share a live match with a line, by id, and when the latest of these matches was confirmed."""

    lines: tuple[Line, ...]
    since: int


_UNTIED = _Tied((), 0)


def _partners(call: Call, lines: Sequence[LineNow]) -> dict[int, _Tied]:
    used = [now.line.id for now in lines if now.used_minor_units]
    if not used:
        return {}
    matches = call.answer_of(matches_of_lines(call.context, call.principal, call.entity_id, used))
    ids: dict[int, set[int]] = {line_id: set() for line_id in used}
    since = dict.fromkeys(used, 0)
    for match in matches:
        members = {allocation.line_id for allocation in match.allocations}
        for line_id in members & ids.keys():
            ids[line_id] |= members - {line_id}
            since[line_id] = max(since[line_id], _confirmed_at(match))
    known = lines_by_id(call, call.entity_id, set().union(*ids.values()))
    return {
        line_id: _Tied(tuple(known[other].line for other in sorted(others) if other in known), since[line_id])
        for line_id, others in ids.items()
    }


def _confirmed_at(match: StoredMatch) -> int:
    return match.states[-1].at if match.states else match.record.created_at


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

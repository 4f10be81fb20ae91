"""Marking entries: each flag goes from no to yes, once; in any pieces and order, as often as anybody likes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tieout.domain.people import Capability, Principal
from tieout.domain.settlements import Delivery, DeliveryProgress, Integration, SettlementEntry
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.services.settlements.shown import entries_of, shown_batches
from tieout.store.protocols import Condition, DeliveryState, Reading, Scope, Writing

# A client clears its books in one go after a month away; a hundred at a time is what they usually send.
IDS_MAX = 10_000
# What lies beyond was never handed out.
_ID_END = 2**53


class DeliveryFlag(StrEnum):
    """What an integration says of an entry."""

    READ = "read"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What became of every id of one call, each list in the order of the call.

    An id that is named twice is marked, and then marked already. Unknown, hidden and foreign ids look alike.
    """

    marked: tuple[int, ...]
    already: tuple[int, ...]
    unknown: tuple[int, ...]


def mark(
    context: Context, principal: Principal, integration: Integration, ids: Sequence[int], flag: DeliveryFlag
) -> Marked | Denied:
    """Set a flag on entries, by line id. Needs PREPARE. Refused: too_many, and not_found where the integration is gone.

    Ids that no shown entry of the integration's entity has change nothing and are given back as unknown.
    """
    entity_id = integration.entity_id
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if len(ids) > IDS_MAX:
        return denied("too_many", "ids", most=str(IDS_MAX))
    at, action = context.now(), f"mark_{flag}"
    with context.store.writing(Scope("entity", entity_id), principal.name, action, at) as work:
        if work.one(Integration, entity_id=entity_id, id=integration.id) is None:
            return denied("not_found", "integration")
        entries = _shown_entries(work, integration, ids)
        before = _deliveries(work, integration, entries)
        new = [line_id for line_id in entries if _flag(before.get(line_id), flag) is None]
        _set(work, integration, flag, new, before, at)
        _go_on(work, integration, entries, new, before, flag)
    return _accounted(ids, entries, new)


def begin_again(work: Writing, entity_id: int, batch_id: int, first: int) -> None:
    """Entries came into a batch, the lowest of them `first`: nothing that begins behind it is known to be done."""
    for progress in work.all(DeliveryProgress, entity_id=entity_id, batch_id=batch_id):
        lowered = {
            "unread_from": min(progress.unread_from, first),
            "unresolved_from": min(progress.unresolved_from, first),
        }
        work.operational().change(progress, **lowered)


def _shown_entries(view: Reading, integration: Integration, ids: Sequence[int]) -> dict[int, SettlementEntry]:
    """By id, ascending, those entries of the integration's entity that it may see."""
    possible = {line_id for line_id in ids if 0 < line_id < _ID_END}
    entries = entries_of(view, integration, possible)
    shown = {each.id for each in shown_batches(view, integration.entity_id, {entry.batch_id for entry in entries})}
    return {entry.line_id: entry for entry in entries if entry.batch_id in shown}


def _deliveries(view: Reading, integration: Integration, line_ids: Iterable[int]) -> dict[int, Delivery]:
    of_them = Condition("line_id", "in", list(line_ids))
    found = view.all(Delivery, of_them, entity_id=integration.entity_id, integration_id=integration.id)
    return {each.line_id: each for each in found}


def _flag(delivery: Delivery | None, flag: DeliveryFlag) -> int | None:
    if delivery is None:
        return None
    return delivery.read_at if flag is DeliveryFlag.READ else delivery.resolved_at


def _set(
    work: Writing,
    integration: Integration,
    flag: DeliveryFlag,
    line_ids: Sequence[int],
    before: Mapping[int, Delivery],
    at: int,
) -> None:
    column = f"{flag}_at"
    untouched = [line_id for line_id in line_ids if line_id not in before]
    columns: dict[str, object] = {
        "entity_id": integration.entity_id,
        "integration_id": integration.id,
        "line_id": untouched,
        "read_at": None,
        "resolved_at": None,
    }
    work.add_many(Delivery, len(untouched), columns | {column: at})
    for line_id in line_ids:
        if line_id in before:
            work.change(before[line_id], **{column: at})


def _go_on(
    work: Writing,
    integration: Integration,
    entries: Mapping[int, SettlementEntry],
    new: Sequence[int],
    before: Mapping[int, Delivery],
    flag: DeliveryFlag,
) -> None:
    """Note how far the integration is with each batch now."""
    touched = Counter(entries[line_id].batch_id for line_id in new if line_id not in before)
    resolved = Counter(entries[line_id].batch_id for line_id in new if flag is DeliveryFlag.RESOLVED)
    for batch_id in sorted({entries[line_id].batch_id for line_id in new}):
        known = work.one(
            DeliveryProgress, entity_id=integration.entity_id, integration_id=integration.id, batch_id=batch_id
        )
        was = known or _none_done(integration, batch_id)
        now = replace(was, touched=was.touched + touched[batch_id], resolved=was.resolved + resolved[batch_id])
        now = _begin_later(work, now, flag)
        if known is None:
            work.operational().add(now)
        else:
            changed = {name: getattr(now, name) for name in ("touched", "resolved", "unread_from", "unresolved_from")}
            work.operational().change(known, **changed)


def _none_done(integration: Integration, batch_id: int) -> DeliveryProgress:
    return DeliveryProgress(
        entity_id=integration.entity_id,
        integration_id=integration.id,
        batch_id=batch_id,
        touched=0,
        resolved=0,
        unread_from=0,
        unresolved_from=0,
    )


def _begin_later(view: Reading, progress: DeliveryProgress, flag: DeliveryFlag) -> DeliveryProgress:
    """The progress with its marks moved over what is done: each entry is passed once, however often one marks."""
    unread = _first(view, progress, "unread", progress.unread_from)
    if flag is DeliveryFlag.READ:
        return replace(progress, unread_from=unread)
    unresolved = _first(view, progress, "unresolved", progress.unresolved_from)
    return replace(progress, unread_from=unread, unresolved_from=unresolved)


def _first(view: Reading, progress: DeliveryProgress, state: DeliveryState, first: int) -> int:
    """The first line of the batch from here on that stands so; where it stands, if none does."""
    found = view.next_to_deliver(progress.entity_id, progress.integration_id, progress.batch_id, state, first)
    return first if found is None else found


def _accounted(ids: Sequence[int], entries: Mapping[int, SettlementEntry], new: Sequence[int]) -> Marked:
    waiting, marked, already, unknown = set(new), list[int](), list[int](), list[int]()
    for line_id in ids:
        if line_id in waiting:
            waiting.remove(line_id)
            marked.append(line_id)
        else:
            (already if line_id in entries else unknown).append(line_id)
    return Marked(marked=tuple(marked), already=tuple(already), unknown=tuple(unknown))

"""Delivery: what a consuming system has not read, not resolved, or resolved of the settlements of its entity.

Each flag of an entry goes from no to yes, once, for each integration. Only entries of batches that are analysed or
finalised are shown; an entry that is not is answered as one that does not exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieout.domain.lines import Line
from tieout.domain.people import Capability, Entity, Principal
from tieout.domain.settlements import Delivery, Integration, SettlementBatch, SettlementEntry
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied
from tieout.services.days import is_day
from tieout.services.permitting import not_permitted
from tieout.services.settlements.days_in_zone import begin_of_day
from tieout.services.settlements.marking import DeliveryFlag, Marked, mark
from tieout.services.settlements.shown import entries_of, shown_batches
from tieout.store.protocols import Condition, DeliveryState, Reading

__all__ = [
    "DeliveredEntry",
    "EntryPage",
    "Fetch",
    "Marked",
    "mark_read",
    "mark_resolved",
    "of_order",
    "resolved",
    "unresolved",
]

# A page of a thousand is half a megabyte of JSON.
LIMIT_MAX = 1_000
OFFSET_MAX = 2**53
# Entries of one order: sale, commission and freight of a hundred instalments are three hundred.
ORDER_ENTRIES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Which entries of a list are asked for; days are days since 1970-01-01, both included."""

    offset: int = 0
    limit: int = 100
    unread_only: bool | None = None  # None: as the integration has it
    from_day: int | None = None  # of release; of resolved entries the day their batch was closed
    through_day: int | None = None
    batch_id: int | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredEntry:
    """One entry as it is shown to an integration, and what that did with it."""

    entry: SettlementEntry
    line: Line  # the version that counts: amount, day, currency
    batch: SettlementBatch
    read_at: int | None
    resolved_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """Some entries by line id, and how many meet the filter in all."""

    total: int
    entries: tuple[DeliveredEntry, ...]


def unresolved(context: Context, principal: Principal, integration: Integration, fetch: Fetch) -> EntryPage | Denied:
    """Entries that the integration has not resolved, without those it has read where `unread_only` says so.

    Days are those of release; an entry that is not released yet is of no day. Needs READ. Refused: not_allowed for
    offset and limit, bad_date, end_before_start.
    """
    unread = integration.unread_only if fetch.unread_only is None else fetch.unread_only
    return _page(context, principal, integration, fetch, "unread" if unread else "unresolved")


def resolved(context: Context, principal: Principal, integration: Integration, fetch: Fetch) -> EntryPage | Denied:
    """Entries that the integration has resolved; days are those on which their batch was closed in the entity's zone.

    A batch is closed when it is finalised, and until then it counts by when it was analysed. Needs READ. Refused: as
    `unresolved`.
    """
    return _page(context, principal, integration, fetch, "resolved")


def of_order(
    context: Context,
    principal: Principal,
    integration: Integration,
    order_code: str,
    channel: str = "",
    plot_number: int | None = None,
) -> tuple[DeliveredEntry, ...] | Denied:
    """The entries of one order by line id, whatever was done with them; of one channel and instalment where given.

    Needs READ. An order that is not known has none.
    """
    entity_id = integration.entity_id
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    wanted = [Condition("channel", "=", channel)] if channel else []
    if plot_number is not None:
        wanted.append(Condition("plot_number", "=", plot_number))
    with context.store.reading() as view:
        entries = view.all(
            SettlementEntry, *wanted, limit=ORDER_ENTRIES_MAX, entity_id=entity_id, order_code=order_code
        )
        return _delivered(
            view, integration, entries, _deliveries(view, integration, [entry.line_id for entry in entries])
        )


def mark_read(context: Context, principal: Principal, integration: Integration, ids: Sequence[int]) -> Marked | Denied:
    """Say that the integration has read these entries. Needs PREPARE. Refused: too_many. As `marking.mark`."""
    return mark(context, principal, integration, ids, DeliveryFlag.READ)


def mark_resolved(
    context: Context, principal: Principal, integration: Integration, ids: Sequence[int]
) -> Marked | Denied:
    """Say that the integration has cleared these entries, read or not. Needs PREPARE. Refused: too_many."""
    return mark(context, principal, integration, ids, DeliveryFlag.RESOLVED)


def _page(
    context: Context, principal: Principal, integration: Integration, fetch: Fetch, state: DeliveryState
) -> EntryPage | Denied:
    if refused := not_permitted(principal, Capability.READ, integration.entity_id):
        return refused
    if refusals := _fetch_refusals(fetch):
        return Denied(refusals)
    with context.store.reading() as view:
        of_batch, of_entry = _conditions(view, integration, fetch, state)
        total, line_ids = view.delivery_page(
            integration.entity_id,
            integration.id,
            state,
            of_batch=of_batch,
            of_entry=of_entry,
            limit=fetch.limit,
            offset=fetch.offset,
        )
        entries = entries_of(view, integration, line_ids)
        # Nothing was done with unread entries: there is no row to ask for.
        deliveries = {} if state == "unread" else _deliveries(view, integration, line_ids)
        return EntryPage(total=total, entries=_delivered(view, integration, entries, deliveries))


def _conditions(
    view: Reading, integration: Integration, fetch: Fetch, state: DeliveryState
) -> tuple[list[Condition], list[Condition]]:
    """What must hold of batches, and what of entries."""
    of_batch = [] if fetch.batch_id is None else [Condition("id", "=", fetch.batch_id)]
    of_entry = [] if fetch.channel is None else [Condition("channel", "=", fetch.channel)]
    first, last = fetch.from_day, fetch.through_day
    if state != "resolved":
        of_entry += [] if first is None else [Condition("released_day", ">=", first)]
        of_entry += [] if last is None else [Condition("released_day", "<=", last)]
    elif first is not None or last is not None:
        entity = view.one(Entity, id=integration.entity_id)
        assert entity is not None, "an integration is of an entity"
        of_batch += [] if first is None else [Condition("closed_at", ">=", begin_of_day(first, entity.time_zone))]
        of_batch += [] if last is None else [Condition("closed_at", "<", begin_of_day(last + 1, entity.time_zone))]
    return of_batch, of_entry


def _fetch_refusals(fetch: Fetch) -> tuple[Refusal, ...]:
    found = []
    if not 0 <= fetch.offset <= OFFSET_MAX:
        found.append(Refusal("not_allowed", "offset"))
    if not 1 <= fetch.limit <= LIMIT_MAX:
        found.append(Refusal("not_allowed", "limit", (("most", str(LIMIT_MAX)),)))
    days = {"from_day": fetch.from_day, "through_day": fetch.through_day}
    found += [Refusal("bad_date", name) for name, day in days.items() if day is not None and not is_day(day)]
    if fetch.from_day is not None and fetch.through_day is not None and fetch.through_day < fetch.from_day:
        found.append(Refusal("end_before_start", "through_day"))
    return tuple(found)


def _deliveries(view: Reading, integration: Integration, line_ids: Sequence[int]) -> dict[int, Delivery]:
    """By line, what the integration did with entries that it did anything with."""
    of_them = Condition("line_id", "in", line_ids)
    found = view.all(Delivery, of_them, entity_id=integration.entity_id, integration_id=integration.id)
    return {each.line_id: each for each in found}


def _delivered(
    view: Reading,
    integration: Integration,
    entries: Sequence[SettlementEntry],
    deliveries: Mapping[int, Delivery],
) -> tuple[DeliveredEntry, ...]:
    """Those of the entries whose batches are shown, in their order."""
    if not entries:
        return ()
    entity_id, line_ids = integration.entity_id, [entry.line_id for entry in entries]
    # Of several versions the last counts, and comes last; what is tied or cleared of a line is not asked here.
    versions = {line.id: line for line in view.all(Line, Condition("id", "in", line_ids), entity_id=entity_id)}
    lines = {line.id: line for line in versions.values() if not line.deleted}
    batches = {each.id: each for each in shown_batches(view, entity_id, {entry.batch_id for entry in entries})}
    return tuple(
        DeliveredEntry(
            entry=entry,
            line=lines[entry.line_id],
            batch=batches[entry.batch_id],
            read_at=deliveries[entry.line_id].read_at if entry.line_id in deliveries else None,
            resolved_at=deliveries[entry.line_id].resolved_at if entry.line_id in deliveries else None,
        )
        for entry in entries
        if entry.batch_id in batches and entry.line_id in lines
    )

"""Which fetched entries are cleared here, so that the vendor may be told that they are resolved."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tieout.domain.feeds import Feed, FetchedEntry
from tieout.domain.settlements import SettlementEntry
from tieout.services.context import Context
from tieout.store.protocols import Condition, LineNow, Order, Reading

# What a provider keeps of an order: no book has a line for it, so it is cleared with its order.
CHARGES = frozenset({"fee", "tax"})

# As many ids as one question to the store names.
AT_ONCE = 1_000


def to_resolve(context: Context, feed: Feed) -> list[str]:
    """The vendor's ids of entries that are cleared, marked read and not yet marked resolved.

    An entry is cleared when live confirmed matches use all of it; a charge of an order with the other entries of that
    order that were fetched, all of which must be.
    """
    with context.store.reading() as view:
        waiting = view.all(
            FetchedEntry,
            Condition("line_id", "!=", None),
            Condition("read_at", "!=", None),
            order=(Order("vendor_id"),),
            entity_id=feed.entity_id,
            feed_id=feed.id,
            resolved_at=None,
        )
        by_line = {each.line_id: each.vendor_id for each in waiting if each.line_id is not None}
        lines = _lines(view, feed.entity_id, by_line)
        orders = _orders(view, feed, [entry for entry in _entries(view, feed.entity_id, by_line) if entry.order_code])
    cleared = {line_id for line_id, now in lines.items() if now.tied}
    for charge_id, others in orders.items():
        if (
            charge_id in lines
            and lines[charge_id].line.kind in CHARGES
            and others
            and all(each.tied for each in others)
        ):
            cleared.add(charge_id)
    return [by_line[line_id] for line_id in sorted(cleared)]


def _lines(view: Reading, entity_id: int, line_ids: Iterable[int]) -> dict[int, LineNow]:
    return {
        now.line.id: now
        for some in pieces(sorted(line_ids))
        for now in view.lines(entity_id, Condition("id", "in", some))
    }


def _entries(view: Reading, entity_id: int, line_ids: Iterable[int]) -> list[SettlementEntry]:
    return [
        entry
        for some in pieces(sorted(line_ids))
        for entry in view.all(SettlementEntry, Condition("line_id", "in", some), entity_id=entity_id)
    ]


def _orders(view: Reading, feed: Feed, entries: Sequence[SettlementEntry]) -> Mapping[int, list[LineNow]]:
    """By entry of an order the other lines of that order in the account that are no charges."""
    codes = sorted({entry.order_code for entry in entries})
    lines_of: dict[str, list[int]] = {}
    for some in pieces(codes):
        of_orders = Condition("order_code", "in", some)
        for entry in view.all(SettlementEntry, of_orders, entity_id=feed.entity_id, account_id=feed.account_id):
            lines_of.setdefault(entry.order_code, []).append(entry.line_id)
    lines = _lines(view, feed.entity_id, {line_id for ids in lines_of.values() for line_id in ids})
    return {
        entry.line_id: [
            lines[line_id]
            for line_id in lines_of[entry.order_code]
            if line_id in lines and lines[line_id].line.kind not in CHARGES
        ]
        for entry in entries
    }


def pieces(values: Sequence[Any]) -> Iterator[list[Any]]:
    """The values in order, some at a time."""
    for start in range(0, len(values), AT_ONCE):
        yield list(values[start : start + AT_ONCE])

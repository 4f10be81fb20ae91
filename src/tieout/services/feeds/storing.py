"""Fetched entries as they are kept: lines of the clearing account, and under the vendor's ids how far each is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

from tieout.contracts.connector import FoundEntry, FoundPage
from tieout.domain.feeds import Feed, FetchedEntry
from tieout.domain.people import Principal
from tieout.domain.rules import RULES
from tieout.domain.work import Job
from tieout.kernel.dates import day_number
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied
from tieout.services.feeds.clearing import AT_ONCE, pieces
from tieout.services.job_holds import require_held
from tieout.services.settlements.receiving import EntriesReceived, ReceivedEntry, receive_entries
from tieout.store.protocols import Condition, Order, Scope, Writing


class Taking(NamedTuple):
    """Whose feed it is, and the job that must still be held by whoever writes."""

    context: Context
    job: Job
    feed: Feed
    acting: Principal


def store_page(taking: Taking, page: FoundPage) -> int:
    """Keep a page; how many of its entries are new here.

    Lines come first and are known by the vendor's id, so that a page stored half before a crash is stored once.
    """
    batches: dict[str, list[FoundEntry]] = {}
    for entry in page.entries:
        batches.setdefault(entry.batch, []).append(entry)
    lines: dict[str, int] = {}
    left_out = dict(page.left_out)
    for number, entries in batches.items():
        told, refused = _received(taking, number, entries)
        lines |= told
        left_out |= refused
    return _noted(taking, lines, left_out)


_ENTRY = re.compile(r"entries\[([0-9]+)\]")
# A payout of nothing, or a second one of the same batch.
NO_AMOUNT = "it moves no money that another entry of its batch has not moved"


def _received(
    taking: Taking, number: str, entries: Sequence[FoundEntry]
) -> tuple[Mapping[str, int], Mapping[str, str]]:
    """The lines of entries of one payout by the vendor's ids, and why others became none; those stop nothing."""
    left_out: dict[str, str] = {}
    while entries:
        answer = receive_entries(
            taking.context, taking.acting, taking.feed.entity_id, _request(taking, number, entries)
        )
        if not isinstance(answer, Denied):
            none = {each.vendor_id: NO_AMOUNT for each in entries if each.vendor_id not in answer.lines}
            return answer.lines, left_out | none
        refused = _refused(answer, entries)
        left_out |= refused
        entries = [each for each in entries if each.vendor_id not in refused]
    return {}, left_out


def _refused(answer: Denied, entries: Sequence[FoundEntry]) -> dict[str, str]:
    """By vendor's id why entries were refused; all of them where a refusal is of none in particular."""
    found: dict[str, str] = {}
    for refusal in answer.refusals:
        place = _ENTRY.match(refusal.concerns)
        if place is None:
            return dict.fromkeys((each.vendor_id for each in entries), _told(refusal))
        found.setdefault(entries[int(place[1])].vendor_id, _told(refusal))
    return found


def _told(refusal: Refusal) -> str:
    where = refusal.concerns.rpartition(".")[2]
    return f"{where}: {RULES[refusal.code]}" if where else RULES[refusal.code]


def _request(taking: Taking, number: str, entries: Sequence[FoundEntry]) -> EntriesReceived:
    return EntriesReceived(
        account_id=taking.feed.account_id,
        batch_number=number,
        entries=tuple(
            ReceivedEntry(
                native_id=each.vendor_id,
                kind=each.kind,
                day=day_number(each.told_date),
                facts=each.facts,
                description=each.description,
                counterparty=each.counterparty,
            )
            for each in entries
        ),
    )


def _noted(taking: Taking, lines: Mapping[str, int], left_out: Mapping[str, str]) -> int:
    """Note what is stored and what never will be; how many entries were not known before. Raises LeaseLost."""
    feed, at = taking.feed, taking.context.now()
    with _writing(taking) as work:
        require_held(work, taking.job)
        known = {each.vendor_id for each in _fetched(work, feed, {*lines, *left_out})}
        new = [vendor_id for vendor_id in (*lines, *left_out) if vendor_id not in known]
        work.add(
            *(
                FetchedEntry(
                    entity_id=feed.entity_id,
                    feed_id=feed.id,
                    vendor_id=vendor_id,
                    line_id=lines.get(vendor_id),
                    left_out=left_out.get(vendor_id, ""),
                    stored_at=at,
                    read_at=None,
                    resolved_at=None,
                )
                for vendor_id in new
            )
        )
    return len(new)


def _writing(taking: Taking) -> AbstractContextManager[Writing]:
    scope = Scope("entity", taking.feed.entity_id)
    return taking.context.store.writing(scope, taking.acting.name, "fetch_feed", taking.context.now())


def _fetched(work: Writing, feed: Feed, vendor_ids: Iterable[str]) -> list[FetchedEntry]:
    return [
        each
        for some in pieces(sorted(vendor_ids))
        for each in work.all(
            FetchedEntry, Condition("vendor_id", "in", some), entity_id=feed.entity_id, feed_id=feed.id
        )
    ]


def unread_here(taking: Taking) -> list[str]:
    """The vendor's ids of what is stored here, or left out for good, and not known to be marked read there."""
    feed = taking.feed
    with taking.context.store.reading() as view:
        waiting = view.all(
            FetchedEntry,
            order=(Order("vendor_id"),),
            limit=AT_ONCE,
            entity_id=feed.entity_id,
            feed_id=feed.id,
            read_at=None,
        )
    return [each.vendor_id for each in waiting]


def note_read(taking: Taking, vendor_ids: Sequence[str]) -> None:
    """These are marked read there. Raises LeaseLost."""
    with _writing(taking) as work:
        require_held(work, taking.job)
        at = taking.context.now()
        for each in _fetched(work, taking.feed, vendor_ids):
            if each.read_at is None:
                work.change(each, read_at=at)


def note_resolved(taking: Taking, vendor_ids: Sequence[str]) -> None:
    """These are marked resolved there. Raises LeaseLost."""
    with _writing(taking) as work:
        require_held(work, taking.job)
        at = taking.context.now()
        for each in _fetched(work, taking.feed, vendor_ids):
            if each.resolved_at is None:
                work.change(each, resolved_at=at)

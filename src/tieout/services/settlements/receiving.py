"""Settlement entries from a feed: each known again by the vendor's id, its effect decided by what ties the batch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tieout.domain.accounts import Account
from tieout.domain.entry_facts import EntryFacts
from tieout.domain.lines import Line, Origin
from tieout.domain.people import Capability, Principal
from tieout.domain.settlement_signs import ReportedValue, effect, ruling
from tieout.domain.settlements import SettlementBatch, SettlementEntry, SignRule
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import day_number
from tieout.kernel.errors import Refusal
from tieout.kernel.money import minor_units_of
from tieout.services.context import Context, Denied
from tieout.services.line_requests import LineRequest
from tieout.services.line_versions import first_version, next_version
from tieout.services.people.acting import said_principal
from tieout.services.permitting import not_permitted
from tieout.services.settlements.batches import (
    IDS_ASKED_MAX,
    entries_of_lines,
    gap_of,
    keep_batch,
    new_batch,
)
from tieout.services.settlements.marking import begin_again
from tieout.services.settlements.moving import move_entries, name_batch
from tieout.services.settlements.queueing import queue_analysis
from tieout.services.settlements.received import (
    EntriesReceived,
    Received,
    ReceivedEntry,
    account_of,
    received_refusals,
    value_of,
)
from tieout.services.settlements.taking import entry_columns
from tieout.store.protocols import Condition, LineNow, Scope, Writing

__all__ = ["EntriesReceived", "Received", "ReceivedEntry", "add_received", "decide_signs", "receive_entries"]


def receive_entries(
    context: Context, principal: Principal, entity_id: int, received: EntriesReceived
) -> Received | Denied:
    """Keep entries of one batch; those that are known already stay, and the account is analysed by a job.

    Needs PREPARE. Refused, with `concerns` such as "entries[3].received": not_found, not_allowed for an account that is
    no provider's and for a kind, account_archived, required, twice, not_an_amount, too_many_decimals,
    amount_out_of_range, bad_date, too_long, too_many. Locked days take them too: they are evidence.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "receive_entries", now) as work:
        found = add_received(work, entity_id, received, now, by)
        if isinstance(found, tuple):
            work.roll_back()
            return Denied(found)
        queue_analysis(work, entity_id, received.account_id, said_principal(principal), now, by)
        return found


def add_received(
    work: Writing, entity_id: int, received: EntriesReceived, now: int, by: str
) -> Received | tuple[Refusal, ...]:
    """`receive_entries` inside a transaction of the entity; where it gives refusals, the caller rolls back."""
    account = account_of(work, entity_id, received)
    refusals = received_refusals(account, received)
    if refusals or account is None:
        return tuple(refusals)
    return _Receiver(work, account, received, now, by).keep()


def decide_signs(work: Writing, batch: SettlementBatch, now: int, by: str) -> SettlementBatch:
    """The batch with the rule that ties it, where one does alone; its lines then have the effects that the rule says.

    A batch whose rule is known stays as it is, and so does one of whose lines a match holds any that would change.
    """
    if batch.sign_rule or batch.payout_minor_units is None:
        return batch
    entries = {each.line_id: each for each in work.all(SettlementEntry, entity_id=batch.entity_id, batch_id=batch.id)}
    lines = _lines_of(work, batch.entity_id, sorted(entries))
    values = {line_id: _reported(entry, lines[line_id].line) for line_id, entry in entries.items() if entry.received}
    rule = ruling(list(values.values()), batch.carried_minor_units, batch.payout_minor_units)
    if rule is None:
        return batch
    wanted = {line_id: effect(rule, value) for line_id, value in values.items()}
    changed = [lines[line_id] for line_id, amount in wanted.items() if lines[line_id].line.minor_units != amount]
    if any(each.used_minor_units for each in changed):
        return batch
    work.add(*(next_version(each.line, now, by, minor_units=wanted[each.line.id]) for each in changed))
    after = replace(batch, sign_rule=rule, entries_minor_units=sum(wanted.values()))
    return keep_batch(work, batch, replace(after, gap_minor_units=gap_of(after)), now)


def _reported(entry: SettlementEntry, line: Line) -> ReportedValue:
    return ReportedValue(line.kind, entry.entry_type, minor_units_of(entry.received, EXPONENTS[line.currency]))


class _Receiver:
    """Keeps what was received of one batch."""

    def __init__(self, work: Writing, account: Account, received: EntriesReceived, now: int, by: str) -> None:
        self._work, self._account, self._received = work, account, received
        self._now, self._by = now, by
        self._entity_id = account.entity_id
        self._known = self._known_lines(received.entries)
        self._entries = entries_of_lines(work, account.entity_id, sorted(now.line.id for now in self._known.values()))

    def keep(self) -> Received:
        batch = self._batch()
        told = [each for each in self._received.entries if each.kind != "payout"]
        new = [each for each in told if each.native_id not in self._known]
        lines = self._add(batch, new)
        batch = self._counted(batch, [line.minor_units for line in lines.values()])
        batch, held, released = self._followed(batch, [each for each in told if each.native_id in self._known])
        batch = self._moved(batch)
        batch, payout = self._paid(batch)
        batch = decide_signs(self._work, batch, self._now, self._by)
        if lines:
            begin_again(self._work, self._entity_id, batch.id, min(line.id for line in lines.values()))
        known = {native_id: now.line.id for native_id, now in self._known.items()}
        by_id = known | {native_id: line.id for native_id, line in lines.items()} | payout
        return Received(batch=batch, lines=by_id, new=len(new), released=released, held=tuple(held))

    def _batch(self) -> SettlementBatch:
        """The batch of this number, opened where there is none; nothing says yet what its signs mean."""
        number, currency = self._received.batch_number, self._account.currency
        found = self._work.all(
            SettlementBatch,
            entity_id=self._entity_id,
            account_id=self._account.id,
            number=number,
            currency=currency,
            limit=1,
        )
        if found:
            return found[0]
        opened = new_batch(
            self._work,
            self._entity_id,
            self._account.id,
            number=number,
            channel=self._account.name,
            currency=currency,
            at=self._now,
        )
        opened = replace(opened, sign_rule="")
        self._work.add(opened)
        return opened

    def _known_lines(self, entries: Sequence[ReceivedEntry]) -> dict[str, LineNow]:
        """By the vendor's id the lines that tell it already: found by order, where entries are of one."""
        wanted = {each.native_id for each in entries}
        orders = sorted({each.facts.order_code for each in entries} - {""})
        ids: list[int] = []
        for some in _pieces(orders):
            of_orders = Condition("order_code", "in", some)
            told = self._work.all(SettlementEntry, of_orders, entity_id=self._entity_id, account_id=self._account.id)
            ids += [each.line_id for each in told]
        found = {now.line.native_id: now for now in _lines_of(self._work, self._entity_id, ids).values()}
        others = sorted({each.native_id for each in entries if not each.facts.order_code or each.kind == "payout"})
        of_account = Condition("account_id", "=", self._account.id)
        for some in _pieces(others):
            for now in self._work.lines(self._entity_id, of_account, Condition("native_id", "in", some)):
                found[now.line.native_id] = now
        return {native_id: now for native_id, now in found.items() if native_id in wanted}

    def _add(self, batch: SettlementBatch, new: Sequence[ReceivedEntry]) -> dict[str, Line]:
        if not new:
            return {}
        rule = SignRule(batch.sign_rule or SignRule.AS_RECEIVED)
        ids = self._work.new_ids(Line, len(new))
        lines = {
            each.native_id: self._line(each, line_id, effect(rule, self._value(each)))
            for line_id, each in zip(ids, new, strict=True)
        }
        self._work.add(*lines.values())
        columns = entry_columns(batch, [each.facts for each in new], [each.day for each in new])
        columns["line_id"] = list(ids)
        columns["released_day"] = [_released_day(each.facts, each.day) for each in new]
        self._work.add_many(SettlementEntry, len(new), columns)
        return lines

    def _value(self, entry: ReceivedEntry) -> ReportedValue:
        return ReportedValue(entry.kind, entry.facts.entry_type, value_of(entry, self._account.currency))

    def _line(self, entry: ReceivedEntry, line_id: int, minor_units: int) -> Line:
        request = LineRequest(
            side="statement",
            kind=entry.kind,
            account_id=self._account.id,
            currency=self._account.currency,
            minor_units=minor_units,
            booking_day=entry.day,
            reference=entry.facts.order_code,
            counterparty=entry.counterparty,
            batch=self._received.batch_number,
            description=entry.description or entry.facts.entry_type,
            native_id=entry.native_id,
        )
        return first_version(
            request, entity_id=self._entity_id, line_id=line_id, origin=Origin.FEED, now=self._now, by=self._by
        )

    def _counted(self, batch: SettlementBatch, amounts: Sequence[int]) -> SettlementBatch:
        """The batch with its figures, which new entries and what is said beside them moved."""
        days = [
            *(each.day for each in self._received.entries),
            *(day for day in (batch.start_day, batch.end_day) if day is not None),
        ]
        after = replace(
            batch,
            entries=batch.entries + len(amounts),
            entries_minor_units=batch.entries_minor_units + sum(amounts),
            carried_minor_units=self._received.carried_minor_units or batch.carried_minor_units,
            start_day=min(days, default=None),
            end_day=max(days, default=None),
        )
        return self._kept(batch, after)

    def _followed(
        self, batch: SettlementBatch, known: Sequence[ReceivedEntry]
    ) -> tuple[SettlementBatch, list[str], int]:
        """Known entries of which the vendor says another value now, and how many of them followed it."""
        held, released = [], 0
        moved: Counter[int] = Counter()
        rule = SignRule(batch.sign_rule or SignRule.AS_RECEIVED)
        for each in known:
            now, entry = self._known[each.native_id], self._entries.get(self._known[each.native_id].line.id)
            if entry is None or entry.received == each.facts.received or not each.facts.received:
                continue
            amount = effect(rule, self._value(each))
            if now.used_minor_units and amount != now.line.minor_units:
                held.append(each.native_id)
                continue
            released += 1
            moved[entry.batch_id] += amount - now.line.minor_units
            self._follow(each, now, entry, amount)
        return self._with_moved(batch, moved), held, released

    def _with_moved(self, batch: SettlementBatch, moved: Mapping[int, int]) -> SettlementBatch:
        """The batch after values of it changed; the others that such entries are still of change beside it."""
        for batch_id, difference in moved.items():
            other = self._work.one(SettlementBatch, entity_id=self._entity_id, id=batch_id)
            assert other is not None, "an entry is of a batch"
            after = self._kept(other, replace(other, entries_minor_units=other.entries_minor_units + difference))
            batch = after if batch_id == batch.id else batch
        return batch

    def _follow(self, told: ReceivedEntry, now: LineNow, entry: SettlementEntry, amount: int) -> None:
        values: dict[str, Any] = {"minor_units": amount}
        if not now.used_minor_units:
            values["booking_day"] = told.day
        line = next_version(now.line, self._now, self._by, **values)
        self._work.add(line)
        self._known[told.native_id] = LineNow(line, now.used_minor_units, now.cleared_in)
        released_day = _released_day(told.facts, told.day)
        self._work.change(entry, received=told.facts.received, released_day=released_day)
        self._entries[entry.line_id] = replace(entry, received=told.facts.received, released_day=released_day)

    def _moved(self, batch: SettlementBatch) -> SettlementBatch:
        """The batch with the known entries that waited without one, now that they are told as its own."""
        if not batch.number:
            return batch
        waiting = self._work.all(SettlementBatch, entity_id=self._entity_id, account_id=self._account.id, number="")
        moved = {
            line_id: entry
            for line_id, entry in self._entries.items()
            if any(entry.batch_id == each.id for each in waiting)
        }
        before = {now.line.id: now.line.minor_units for now in self._known.values()}
        amounts = self._with_effects_here(batch, moved)
        total = sum(amounts[line_id] for line_id in moved)
        after = replace(
            batch, entries=batch.entries + len(moved), entries_minor_units=batch.entries_minor_units + total
        )
        after = self._kept(batch, after)
        move_entries(self._work, after, moved, before, self._now)
        for line_id in moved:
            name_batch(self._work, self._entity_id, line_id, batch.number, self._now, self._by)
        return after

    def _with_effects_here(self, batch: SettlementBatch, moved: Mapping[int, SettlementEntry]) -> dict[int, int]:
        """By line the effect of entries that come into a batch: as its rule says, where no match holds them."""
        lines = {now.line.id: now for now in self._known.values()}
        amounts = {line_id: now.line.minor_units for line_id, now in lines.items()}
        if not batch.sign_rule:
            return amounts
        for line_id, entry in moved.items():
            now = lines[line_id]
            if not entry.received or now.used_minor_units:
                continue
            amount = effect(SignRule(batch.sign_rule), _reported(entry, now.line))
            if amount != now.line.minor_units:
                self._work.add(next_version(now.line, self._now, self._by, minor_units=amount))
                amounts[line_id] = amount
        return amounts

    def _paid(self, batch: SettlementBatch) -> tuple[SettlementBatch, dict[str, int]]:
        """The batch with its payout, a line of its own, where it is told for the first time."""
        told = next((each for each in self._received.entries if each.kind == "payout"), None)
        amount = self._received.payout_minor_units
        if amount is None and told is not None:
            value = value_of(told, self._account.currency)
            amount = value if value >= 0 else -value
        if amount is None or not batch.number or batch.payout_line_id is not None:
            return batch, {}
        day = told.day if told is not None else self._received.payout_day
        entry = told or ReceivedEntry(
            native_id=f"payout {batch.number}",
            kind="payout",
            day=batch.end_day or self._now // _MICROSECONDS_A_DAY if day is None else day,
            facts=EntryFacts(entry_type="payout", received=""),
        )
        line = self._line(entry, self._work.new_ids(Line)[0], -amount)
        after = replace(batch, payout_minor_units=amount, payout_day=line.booking_day)
        if amount:
            self._work.add(line)
            after = replace(after, payout_line_id=line.id)
        return self._kept(batch, after), {entry.native_id: line.id} if amount else {}

    def _kept(self, before: SettlementBatch, after: SettlementBatch) -> SettlementBatch:
        if after == before:
            return before
        return keep_batch(self._work, before, replace(after, gap_minor_units=gap_of(after)), self._now)


_MICROSECONDS_A_DAY = 24 * 3600 * 1_000_000


def _released_day(facts: EntryFacts, day: int) -> int | None:
    """The day of release; None while the vendor waits."""
    if not facts.received:
        return None
    return day if facts.released_date is None else day_number(facts.released_date)


def _lines_of(work: Writing, entity_id: int, line_ids: Sequence[int]) -> Mapping[int, LineNow]:
    return {
        now.line.id: now for some in _pieces(line_ids) for now in work.lines(entity_id, Condition("id", "in", some))
    }


def _pieces(values: Sequence[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(values), IDS_ASKED_MAX):
        yield list(values[start : start + IDS_ASKED_MAX])

"""Takes in what a provider's report says: batches, and what stands beside each of their lines."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tieout.domain.entry_facts import EntryFacts
from tieout.domain.line_table import texts_at
from tieout.domain.settlements import SettlementBatch, SettlementEntry
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.dates import day_number
from tieout.kernel.money import decimal_text
from tieout.services.document_accounts import Owners
from tieout.services.document_lines import Taking
from tieout.services.document_reading import DocumentRead
from tieout.services.document_union import Union
from tieout.services.settlements.batches import entries_of_lines, gap_of, keep_batch, new_batch
from tieout.services.settlements.marking import begin_again
from tieout.services.settlements.moving import balanced, move_entries, name_batch
from tieout.services.settlements.reports import ToldBatch, told_batches
from tieout.store.protocols import Writing


def add_settlements(
    work: Writing, taking: Taking, read: DocumentRead, owners: Owners, union: Union, new_ids: Sequence[int]
) -> tuple[int, ...]:
    """Keep the batches that a document tells and the entries that nothing told before; the accounts that it is of.

    new_ids: of the lines that were added, in the order of their rows. An entry that waited for its payout goes into the
    batch that now names it; what was delivered of it stays so.
    """
    told = told_batches(read, owners)
    if told:
        _Keeper(work, taking, read, union, new_ids).keep(told)
    return tuple(dict.fromkeys(batch.account_id for batch in told))


class _Keeper:
    """Keeps the batches of one document."""

    def __init__(self, work: Writing, taking: Taking, read: DocumentRead, union: Union, new_ids: Sequence[int]) -> None:
        self._work, self._taking, self._read, self._union = work, taking, read, union
        self._line_ids = _line_ids(read, union, new_ids)
        self._known = entries_of_lines(work, taking.entity_id, sorted(set(self._line_ids)))

    def keep(self, told: Sequence[ToldBatch]) -> None:
        """Keep each batch that brings anything: an entry, a payout, or what was carried."""
        for each in told:
            batch = self._found(each)
            new = [row for row in each.entries if self._line_ids[row] not in self._known]
            waiting = self._waiting(each, batch)
            fresh = [row for row in (*each.payouts, *each.carried) if row not in self._union.known]
            if new or waiting or fresh:
                self._keep(each, batch, new, waiting, fresh)

    def _found(self, told: ToldBatch) -> SettlementBatch | None:
        """The batch that is told: by its payout where that is known, otherwise by its number."""
        entity_id = self._taking.entity_id
        for row in told.payouts:
            paid = self._work.all(SettlementBatch, entity_id=entity_id, payout_line_id=self._line_ids[row])
            if paid:
                return paid[0]
        numbered = self._work.all(
            SettlementBatch, entity_id=entity_id, account_id=told.account_id, number=told.number, currency=told.currency
        )
        if told.balanced and told.payouts:
            numbered = [batch for batch in numbered if batch.payout_line_id is None]
        return numbered[0] if numbered else None

    def _waiting(self, told: ToldBatch, batch: SettlementBatch | None) -> dict[int, SettlementEntry]:
        """By row the entries that waited for their payout and go into this batch."""
        if not told.number:
            return {}
        found = {row: self._known.get(self._line_ids[row]) for row in told.entries}
        others = {entry.batch_id for entry in found.values() if entry is not None}
        waiting = {
            each.id
            for each in (self._work.one(SettlementBatch, entity_id=self._taking.entity_id, id=id_) for id_ in others)
            if each is not None and not each.number and (batch is None or each.id != batch.id)
        }
        return {row: entry for row, entry in found.items() if entry is not None and entry.batch_id in waiting}

    def _keep(
        self,
        told: ToldBatch,
        batch: SettlementBatch | None,
        new: Sequence[int],
        waiting: dict[int, SettlementEntry],
        fresh: Sequence[int],
    ) -> None:
        before = self._opened(told) if batch is None else batch
        after = self._with_figures(told, before, [*new, *waiting], fresh)
        gap = told.gap if told.balanced else gap_of(after)
        after = balanced(after, gap) if told.balanced else replace(after, gap_minor_units=gap)
        if batch is None:
            self._work.add(after)
        else:
            keep_batch(self._work, before, after, self._taking.now)
        self._add_entries(after, new)
        self._move(after, waiting)
        if batch is not None and new:
            first = min(self._line_ids[row] for row in new)
            begin_again(self._work, self._taking.entity_id, after.id, first)

    def _opened(self, told: ToldBatch) -> SettlementBatch:
        opened = new_batch(
            self._work,
            self._taking.entity_id,
            told.account_id,
            number=told.number,
            channel=told.channel,
            currency=told.currency,
            at=self._taking.now,
        )
        statement_id = int(self._taking.statement_ids[told.statement])
        return replace(opened, document_id=self._taking.document_id, statement_id=statement_id)

    def _with_figures(
        self, told: ToldBatch, batch: SettlementBatch, entries: Sequence[int], fresh: Sequence[int]
    ) -> SettlementBatch:
        """The batch with what these entries and the payout and carried rows that are new add to it."""
        payouts = [row for row in told.payouts if row in fresh]
        days = [*self._days(told.rows), *(day for day in (batch.start_day, batch.end_day) if day is not None)]
        after = replace(
            batch,
            entries=batch.entries + len(entries),
            entries_minor_units=batch.entries_minor_units + self._sum(entries),
            carried_minor_units=batch.carried_minor_units + self._sum([row for row in told.carried if row in fresh]),
            start_day=min(days, default=None),
            end_day=max(days, default=None),
        )
        if not payouts:
            return after
        return replace(
            after,
            payout_minor_units=(batch.payout_minor_units or 0) - self._sum(payouts),
            payout_day=self._days(payouts)[0],
            payout_line_id=batch.payout_line_id or self._line_ids[payouts[0]],
        )

    def _sum(self, rows: Sequence[int]) -> int:
        return sum(self._read.table.minor_units[list(rows)].tolist())

    def _days(self, rows: Sequence[int]) -> list[int]:
        days: list[int] = self._read.table.booking_day[list(rows)].tolist()
        return days

    def _add_entries(self, batch: SettlementBatch, rows: Sequence[int]) -> None:
        if not rows:
            return
        facts = [self._read.facts[row] or self._plain_facts(row) for row in rows]
        days = self._days(rows)
        columns = entry_columns(batch, facts, days)
        columns["line_id"] = [self._line_ids[row] for row in rows]
        self._work.add_many(SettlementEntry, len(rows), columns)

    def _plain_facts(self, row: int) -> EntryFacts:
        table = self._read.table
        exponent = EXPONENTS[table.currency.at(row)]
        return EntryFacts(entry_type=table.kind.at(row), received=decimal_text(int(table.minor_units[row]), exponent))

    def _move(self, batch: SettlementBatch, waiting: dict[int, SettlementEntry]) -> None:
        """Let entries go into a batch from where they waited."""
        amounts = {self._line_ids[row]: int(self._read.table.minor_units[row]) for row in waiting}
        moved = {entry.line_id: entry for entry in waiting.values()}
        move_entries(self._work, batch, moved, amounts, self._taking.now)
        for row, entry in waiting.items():
            self._known[entry.line_id] = replace(entry, batch_id=batch.id)
            (named,) = texts_at(self._read.table.batch, [row])
            name_batch(self._work, batch.entity_id, entry.line_id, named, self._taking.now, self._taking.by)


def entry_columns(batch: SettlementBatch, facts: Sequence[EntryFacts], days: Sequence[int]) -> dict[str, object]:
    """The columns of SettlementEntry for entries of one batch, but for their lines; days are those of the lines."""
    return {
        "entity_id": batch.entity_id,
        "batch_id": batch.id,
        "account_id": batch.account_id,
        "channel": [each.channel or batch.channel for each in facts],
        "order_code": [each.order_code for each in facts],
        "entry_type": [each.entry_type for each in facts],
        "received": [each.received for each in facts],
        "original_minor_units": [each.original_minor_units for each in facts],
        "expected_minor_units": [each.expected_minor_units for each in facts],
        "expected_day": [None if each.expected_date is None else day_number(each.expected_date) for each in facts],
        "released_day": [
            day if each.released_date is None else day_number(each.released_date)
            for each, day in zip(facts, days, strict=True)
        ],
        "plot_number": [each.plot_number for each in facts],
        "plots_quantity": [each.plots_quantity for each in facts],
        "facts": [each.facts for each in facts],
    }


def _line_ids(read: DocumentRead, union: Union, new_ids: Sequence[int]) -> list[int]:
    """The line of every row: new, known, or taken over from somebody who had entered it."""
    ids = np.zeros(len(read.table), dtype=np.int64)
    ids[union.new_rows(len(read.table))] = np.array(new_ids, dtype=np.int64)
    for row, line_id in union.known.items():
        ids[row] = line_id
    for row, line in union.taken_over.items():
        ids[row] = line.id
    found: list[int] = ids.tolist()
    return found

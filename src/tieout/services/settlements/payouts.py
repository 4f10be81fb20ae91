"""Payouts: which lines of a clearing account leave it for the bank, and whether they arrived there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from tieout.domain.accounts import Account, AccountKind
from tieout.domain.match_records import MatchStatus
from tieout.domain.matches import MatchKind
from tieout.domain.settlements import BatchState, SettlementBatch
from tieout.services.settlements.batches import IDS_ASKED_MAX, keep_batch
from tieout.store.protocols import Condition, LineNow, Reading, Writing


def payout_lines(view: Reading, entity_id: int, batches: Sequence[SettlementBatch]) -> dict[int, list[LineNow]]:
    """By batch the lines by which it was paid out; several where a provider paid one batch in parts."""
    own = {batch.payout_line_id: batch.id for batch in batches if batch.payout_line_id is not None}
    numbered = {(batch.account_id, batch.number, batch.currency): batch.id for batch in batches if batch.number}
    accounts = sorted({batch.account_id for batch in batches})
    found: defaultdict[int, list[LineNow]] = defaultdict(list)
    of_accounts = Condition("account_id", "in", accounts), Condition("kind", "=", "payout")
    for now in view.lines(entity_id, *of_accounts, Condition("minor_units", "<", 0)) if accounts else ():
        line = now.line
        batch_id = own.get(line.id) or numbered.get((line.account_id, line.batch, line.currency))
        if batch_id is not None:
            found[batch_id].append(now)
    return found


def arrived(view: Reading, entity_id: int, lines: Iterable[LineNow]) -> frozenset[int]:
    """Those of the payout lines that matches tie whole to lines of the entity's bank accounts."""
    tied = [now.line.id for now in lines if now.tied]
    if not tied:
        return frozenset()
    matches = [
        match
        for some in _pieces(tied)
        for match in view.matches_of(entity_id, some, MatchStatus.CONFIRMED)
        if match.record.kind == MatchKind.WITHIN
    ]
    accounts = _accounts_of(view, entity_id, {leg.line_id for match in matches for leg in match.allocations})
    banks = {each.id for each in view.all(Account, entity_id=entity_id, kind=AccountKind.BANK)}
    wanted = set(tied)
    return frozenset(
        leg.line_id
        for match in matches
        for leg in match.allocations
        if leg.line_id in wanted and any(accounts.get(other.line_id) in banks for other in match.allocations)
    )


def come_apart(work: Writing, entity_id: int, line_ids: Collection[int], at: int) -> None:
    """Say that batches are not finalised any more whose payout is no longer tied; nothing else of them is touched.

    line_ids: of a match that was undone. Asked inside the transaction that undid it.
    """
    payouts = work.lines(entity_id, Condition("id", "in", sorted(line_ids)), Condition("kind", "=", "payout"))
    for now in payouts:
        line = now.line
        finalised = work.all(
            SettlementBatch, entity_id=entity_id, account_id=line.account_id, state=BatchState.FINALIZED
        )
        for batch in finalised:
            if batch.payout_line_id == line.id or (batch.number and batch.number == line.batch):
                keep_batch(work, batch, replace(batch, state=BatchState.ANALYZED, finalized_at=None), at)


def _accounts_of(view: Reading, entity_id: int, line_ids: Collection[int]) -> Mapping[int, int]:
    return {
        now.line.id: now.line.account_id
        for some in _pieces(sorted(line_ids))
        for now in view.lines(entity_id, Condition("id", "in", some))
    }


def _pieces(line_ids: Sequence[int]) -> list[Sequence[int]]:
    return [line_ids[start : start + IDS_ASKED_MAX] for start in range(0, len(line_ids), IDS_ASKED_MAX)]

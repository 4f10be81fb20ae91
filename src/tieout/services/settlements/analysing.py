"""Analysing provider accounts: their entries are tied, their batches closed, and what is left is a difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tieout.domain.accounts import Account, AccountKind
from tieout.domain.people import Capability, Entity, Principal
from tieout.domain.settlements import BatchState, SettlementBatch
from tieout.services.context import Context, Denied, denied
from tieout.services.match_requests import MatchingRun
from tieout.services.people.settings import SETTLEMENT_TERM_DAYS, setting
from tieout.services.permitting import not_permitted
from tieout.services.proposing import propose_matches
from tieout.services.settlements.batches import keep_batch
from tieout.services.settlements.closing import closing_refusals, next_state
from tieout.services.settlements.days_in_zone import day_in_zone
from tieout.services.settlements.explaining import keep_differences
from tieout.services.settlements.payouts import arrived, payout_lines
from tieout.services.settlements.receiving import decide_signs
from tieout.services.settlements.shortfalls import Term, shortfalls
from tieout.store.protocols import Condition, Reading, Scope, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What came of analysing: the run of the engine, and how many batches and differences changed."""

    matching: MatchingRun | None  # None where the entity has no provider account
    analysed: int = 0  # batches that are shown since
    finalized: int = 0
    reopened: int = 0  # finalised ones whose payout is not tied any more, or whose figures changed
    raised: int = 0  # differences
    resolved: int = 0
    untold: int = 0  # shortfalls that are too many to be differences at once


class _Batches(NamedTuple):
    """How many batches went where."""

    now: list[SettlementBatch]
    analysed: int
    finalized: int
    reopened: int


def analyse(context: Context, principal: Principal, entity_id: int, account_id: int | None = None) -> Analysis | Denied:
    """Tie the open entries of the provider accounts of an entity, or of one, and say how far their batches are.

    The engine runs over these accounts and the bank accounts in their currencies, with the plan of the process and as
    `propose_matches` says. A batch that has a number is shown from then on; it is finalised when its entries, its
    payout and what was carried close to zero and the payout has arrived at a bank account. What is short, late, held
    back too long or never paid becomes a difference, and stops being one when that is so. Needs PREPARE.
    Refused: not_found, and not_allowed for an account that is no provider's.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    with context.store.reading() as view:
        accounts = view.all(Account, entity_id=entity_id, archived_at=None)
    providers = [each for each in accounts if each.kind == AccountKind.PROVIDER and account_id in (None, each.id)]
    if account_id is not None and not providers:
        known = any(each.id == account_id for each in accounts)
        return denied("not_allowed" if known else "not_found", "account_id")
    if not providers:
        return Analysis(matching=None)
    _decide_signs(context, principal, entity_id, providers)
    run = propose_matches(context, principal, entity_id, account_ids=_taking_part(accounts, providers))
    if isinstance(run, Denied):
        return run
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "analyse_settlements", at) as work:
        return _concluded(work, principal, entity_id, providers, run, at)


def finalise(context: Context, principal: Principal, entity_id: int, batch_id: int) -> SettlementBatch | Denied:
    """Finalise one batch now, without a run of the engine; one that is finalised stays so. Needs CONFIRM.

    Refused: not_found, and whatever keeps it open (`closing.closing_refusals`).
    """
    if refused := not_permitted(principal, Capability.CONFIRM, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "finalise_batch", at) as work:
        batch = work.one(SettlementBatch, entity_id=entity_id, id=batch_id)
        if batch is None:
            return denied("not_found", "batch")
        payouts = payout_lines(work, entity_id, [batch]).get(batch.id, [])
        there = arrived(work, entity_id, payouts)
        if refusals := closing_refusals(batch, payouts, there):
            return Denied(refusals)
        return keep_batch(work, batch, next_state(batch, payouts, there, at), at)


def _decide_signs(context: Context, principal: Principal, entity_id: int, providers: Sequence[Account]) -> None:
    """Give every batch of which nobody knows what its signs mean the rule that ties it, before anything is tied."""
    ids = {each.id for each in providers}
    with context.store.reading() as view:
        undecided = view.count(SettlementBatch, Condition("payout_day", "!=", None), entity_id=entity_id, sign_rule="")
    if not undecided:
        return
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "decide_signs", now) as work:
        for batch in work.all(SettlementBatch, entity_id=entity_id, sign_rule=""):
            if batch.account_id in ids:
                decide_signs(work, batch, now, by)


def _taking_part(accounts: Sequence[Account], providers: Sequence[Account]) -> list[int]:
    """The accounts that the engine looks at: where the entries are, and where their payouts may have arrived."""
    currencies = {each.currency for each in providers}
    banks = [each for each in accounts if each.kind == AccountKind.BANK and each.currency in currencies]
    return [each.id for each in (*providers, *banks)]


def _concluded(
    work: Writing, principal: Principal, entity_id: int, providers: Sequence[Account], run: MatchingRun, at: int
) -> Analysis:
    batches = _closed(work, entity_id, providers, at)
    term = _term(work, principal, entity_id, at)
    found = shortfalls(work, entity_id, providers, batches.now, term)
    ids = frozenset(each.id for each in providers)
    explained = keep_differences(work, entity_id, found, ids, batches.now, term, at)
    return Analysis(
        matching=run,
        analysed=batches.analysed,
        finalized=batches.finalized,
        reopened=batches.reopened,
        raised=explained.raised,
        resolved=explained.resolved,
        untold=explained.untold,
    )


def _closed(work: Writing, entity_id: int, providers: Sequence[Account], at: int) -> _Batches:
    """Every batch of the accounts in the state that it is in now."""
    before = [
        each for account in providers for each in work.all(SettlementBatch, entity_id=entity_id, account_id=account.id)
    ]
    payouts = payout_lines(work, entity_id, before)
    there = arrived(work, entity_id, [now for lines in payouts.values() for now in lines])
    now = [keep_batch(work, each, next_state(each, payouts.get(each.id, []), there, at), at) for each in before]
    moved = [(old.state, new.state) for old, new in zip(before, now, strict=True) if old.state != new.state]
    return _Batches(
        now=now,
        analysed=sum(old == BatchState.OPEN for old, _ in moved),
        finalized=sum(new == BatchState.FINALIZED for _, new in moved),
        reopened=sum(old == BatchState.FINALIZED for old, _ in moved),
    )


def _term(view: Reading, principal: Principal, entity_id: int, at: int) -> Term:
    entity = view.one(Entity, id=entity_id)
    assert entity is not None, "a principal sees only entities that exist"
    days = int(setting(view, principal.organisation_id, entity_id, SETTLEMENT_TERM_DAYS))
    return Term(day_in_zone(at, entity.time_zone), days)

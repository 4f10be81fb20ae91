"""Completing a reconciliation, and reopening the latest one: what is seen at that moment is kept as facts."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from tieout.domain.lines import StoredStatement
from tieout.domain.people import Capability, Principal
from tieout.domain.reconciliation_status import LineFacts, may_clear
from tieout.domain.reconciling import Clearing, Reconciliation, ReconciliationStep, Step
from tieout.domain.statements import StatementKind
from tieout.kernel.currencies import exponent_of
from tieout.kernel.errors import Refusal
from tieout.kernel.money import decimal_text
from tieout.proofs.account_balances import AccountBalances, last_of
from tieout.services.context import Context, Denied, denied
from tieout.services.people.four_eyes import second_person_missing
from tieout.services.period_locks import locked_days
from tieout.services.permitting import not_permitted
from tieout.services.reconciling_chain import Chain, as_it_stands, chain_around, facts_of, seen_of
from tieout.store.protocols import Condition, Reading, Scope, Writing


def complete_reconciliation(
    context: Context, principal: Principal, entity_id: int, reconciliation_id: int
) -> Reconciliation | Denied:
    """Complete a reconciliation whose opening balance plus ticked lines is its closing balance, exactly.

    Needs CLOSE. Refused: not_found, not_in_progress, does_not_add_up (fact `left`: closing minus opening minus ticked
    lines, as decimal text), period_locked, second_person_needed under four-eyes for who opened or ticked it.
    """
    if refused := not_permitted(principal, Capability.CLOSE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "complete_reconciliation", at) as work:
        chain = chain_around(work, entity_id, reconciliation_id)
        if chain is None:
            return denied("not_found", "reconciliation")
        kept = next(each for each in chain.kept if each.id == reconciliation_id)
        if kept.done:
            return denied("not_in_progress", "reconciliation")
        return complete_in(work, principal, at, chain, kept)


def reopen_reconciliation(
    context: Context, principal: Principal, entity_id: int, reconciliation_id: int, reason: str
) -> Reconciliation | Denied:
    """Make the latest reconciliation incomplete again; its lines stay ticked.

    Needs CLOSE and a reason. Refused: not_found, not_latest, reconciliation_in_progress (it is not complete),
    required, period_locked, second_person_needed under four-eyes for who completed it.
    """
    if refused := not_permitted(principal, Capability.CLOSE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "reopen_reconciliation", at) as work:
        chain = chain_around(work, entity_id, reconciliation_id)
        if chain is None:
            return denied("not_found", "reconciliation")
        if not chain.is_latest(reconciliation_id):
            return denied("not_latest", "reconciliation")
        return reopen_in(work, principal, at, chain, chain.kept[-1], reason)


def complete_in(
    work: Writing, principal: Principal, at: int, chain: Chain, kept: Reconciliation
) -> Reconciliation | Denied:
    """Complete an incomplete reconciliation of a chain; where it is refused, nothing was written."""
    standing = as_it_stands(chain, kept.id)
    ticked = ticked_now(work, chain, standing)
    if refusals := _completing_refusals(work, principal, chain, standing, ticked):
        return Denied(refusals)
    see(work, ticked)
    completed = replace(
        standing,
        done=True,
        agreed_with_previous=True,
        per_statement=per_statement(work, chain, standing),
        completed_at=at,
        completed_by=principal.name,
    )
    replace_row(work, kept, completed)
    set_reconcile_day(work, Chain(chain.account, (completed,)), at)
    keep_step(work, completed, Step.COMPLETED, "", principal.name, at)
    return completed


def reopen_in(
    work: Writing, principal: Principal, at: int, chain: Chain, last: Reconciliation, reason: str
) -> Reconciliation | Denied:
    """Make the last reconciliation of a chain incomplete; where it is refused, nothing was written."""
    if refused := not_permitted(principal, Capability.CLOSE, last.entity_id):
        return refused
    if refusals := _reopening_refusals(work, principal, last, reason):
        return Denied(refusals)
    opened = replace(last, done=False, agreed_with_previous=None, per_statement="", completed_at=None, completed_by="")
    before = chain.before(last.id)
    standing = as_it_stands(Chain(chain.account, (*before.kept, opened)), last.id)
    replace_row(work, last, standing)
    set_reconcile_day(work, before, at)
    keep_step(work, last, Step.REOPENED, reason, principal.name, at)
    return standing


class TickedLine(NamedTuple):
    """A tick, and what its line is now; None where the line may not be cleared in this period any more."""

    clearing: Clearing
    now: LineFacts | None


def ticked_now(view: Reading, chain: Chain, standing: Reconciliation) -> list[TickedLine]:
    """The ticks of a reconciliation beside their lines as they are now."""
    lines = view.lines(standing.entity_id, Condition("cleared_in", "=", standing.id))
    now = {each.line.id: facts_of(each.line, chain.account.currency) for each in lines}
    found = []
    for clearing in view.all(Clearing, entity_id=standing.entity_id, reconciliation_id=standing.id):
        facts = now.get(clearing.line_id)
        found.append(TickedLine(clearing, facts if facts is not None and may_clear(standing, facts) else None))
    return found


def see(work: Writing, ticked: Iterable[TickedLine]) -> None:
    """Keep what the lines are now; a tick whose line is gone, or lies elsewhere by now, is released."""
    for each in ticked:
        if each.now is None:
            work.remove(each.clearing)
        elif each.now != seen_of(each.clearing):
            seen = work.change(
                each.clearing,
                completed_minor_units=each.now.minor_units,
                completed_day=each.now.booking_day,
                completed_account_id=each.now.account_id,
            )
            require_unchanged(seen)


def left_of(standing: Reconciliation, ticked: Iterable[TickedLine]) -> int:
    """Closing minus opening minus ticked lines, in minor units: zero where it adds up."""
    cleared = sum(each.now.minor_units for each in ticked if each.now is not None)
    return standing.end_minor_units - standing.start_minor_units - cleared


def adding_up_refusals(chain: Chain, left: int, concerns: str) -> list[Refusal]:
    """`does_not_add_up` with what is left over, or nothing."""
    if not left:
        return []
    text = decimal_text(left, exponent_of(chain.account.currency))
    return [Refusal("does_not_add_up", concerns, (("currency", chain.account.currency), ("left", text)))]


def _completing_refusals(
    view: Reading, principal: Principal, chain: Chain, standing: Reconciliation, ticked: list[TickedLine]
) -> tuple[Refusal, ...]:
    found = adding_up_refusals(chain, left_of(standing, ticked), "reconciliation")
    if standing.end_day < standing.start_day:
        found.append(Refusal("end_before_start", "end_day"))
    found += locked_days(view, standing.entity_id).refusals(standing.account_id, standing.end_day, "end_day")
    prepared = {standing.created_by, *(each.clearing.ticked_by for each in ticked)}
    return (*found, *person_refusals(view, principal, standing.entity_id, prepared))


def _reopening_refusals(view: Reading, principal: Principal, last: Reconciliation, reason: str) -> tuple[Refusal, ...]:
    found = [] if last.done else [Refusal("reconciliation_in_progress", "reconciliation")]
    if not reason.strip():
        found.append(Refusal("required", "reason"))
    found += locked_days(view, last.entity_id).refusals(last.account_id, last.end_day, "end_day")
    if last.done:
        found += person_refusals(view, principal, last.entity_id, [last.completed_by])
    return tuple(found)


def person_refusals(view: Reading, principal: Principal, entity_id: int, prepared_by: Iterable[str]) -> list[Refusal]:
    """Why the principal may not close or reopen this alone: somebody else than each who prepared it must."""
    missing = (second_person_missing(view, principal, entity_id, name) for name in sorted(prepared_by))
    first = next((refusal for refusal in missing if refusal is not None), None)
    return [] if first is None else [replace(first, concerns="reconciliation")]


def per_statement(view: Reading, chain: Chain, standing: Reconciliation) -> str:
    """Whether the bank's statement of the account that closes that day says the same: agrees, differs, no_statement."""
    closing = view.all(
        StoredStatement,
        Condition("closing_minor_units", "!=", None),
        entity_id=standing.entity_id,
        account_id=standing.account_id,
        closing_day=standing.end_day,
        kind=StatementKind.BOOKED,
    )
    last = last_of(
        [
            AccountBalances("", each.currency, each.opening_minor_units, each.closing_minor_units, standing.end_day)
            for each in closing
            if each.currency == chain.account.currency
        ]
    )
    if last is None:
        return "no_statement"
    return "agrees" if last.closing == standing.end_minor_units else "differs"


def set_reconcile_day(work: Writing, chain: Chain, at: int) -> None:
    """Reconciled through the end of the chain; without one, to where its user said that it begins."""
    day = chain.kept[-1].end_day if chain.kept else chain.account.origin_day
    if day != chain.account.reconcile_day:
        require_unchanged(work.change(chain.account, reconcile_day=day, updated_at=at))


def keep_step(work: Writing, of: Reconciliation, step: Step, reason: str, by: str, at: int) -> None:
    """Keep who did what to a reconciliation, and why."""
    earlier = work.count(ReconciliationStep, entity_id=of.entity_id, reconciliation_id=of.id)
    work.add(
        ReconciliationStep(
            entity_id=of.entity_id, reconciliation_id=of.id, number=earlier + 1, step=step, reason=reason, at=at, by=by
        )
    )


def replace_row(work: Writing, before: Reconciliation, after: Reconciliation) -> None:
    """Write what differs between two states of one reconciliation."""
    changed = work.change(
        before,
        start_day=after.start_day,
        start_minor_units=after.start_minor_units,
        end_day=after.end_day,
        end_minor_units=after.end_minor_units,
        done=after.done,
        agreed_with_previous=after.agreed_with_previous,
        per_statement=after.per_statement,
        completed_at=after.completed_at,
        completed_by=after.completed_by,
    )
    require_unchanged(changed)


def require_unchanged(changed: bool) -> None:
    """Changes of one entity happen one after another: what this transaction read is still so when it writes."""
    assert changed, "a row changed under a transaction that holds its entity"

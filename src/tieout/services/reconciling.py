"""Reconciliations of an account: what comes next, opening one, changing its end, deleting the latest."""

from dataclasses import dataclass, replace

from tieout.domain.people import Capability, Principal
from tieout.domain.reconciling import Clearing, Reconciliation, Step
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.context import Context, Denied, denied
from tieout.services.days import is_day
from tieout.services.period_locks import locked_days
from tieout.services.permitting import not_permitted
from tieout.services.reconciling_chain import Chain, as_it_stands, chain_around, chain_in
from tieout.services.reconciling_completion import (
    complete_in,
    keep_step,
    person_refusals,
    reopen_in,
    require_unchanged,
    set_reconcile_day,
)
from tieout.store.protocols import Reading, Scope, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPeriod:
    """What an account's next reconciliation is: the one in progress, or where a new one begins; never both."""

    in_progress_id: int | None
    start_day: int | None
    start_minor_units: int | None  # in the account's currency


def next_period(context: Context, principal: Principal, entity_id: int, account_id: int) -> NextPeriod | Denied:
    """The reconciliation in progress, or where the next one begins. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        chain = chain_in(view, entity_id, account_id)
    if chain is None:
        return denied("not_found", "account")
    if chain.in_progress is not None:
        return NextPeriod(in_progress_id=chain.in_progress.id, start_day=None, start_minor_units=None)
    link = chain.next_link
    return NextPeriod(in_progress_id=None, start_day=link.day, start_minor_units=link.minor_units)


def open_reconciliation(
    context: Context,
    principal: Principal,
    entity_id: int,
    account_id: int,
    end_day: int,
    end_minor_units: int,
    *,
    done: bool = False,
) -> Reconciliation | Denied:
    """A new reconciliation from where the last one ends up to and including `end_day`.

    end_minor_units: the closing balance to reach, signed, in the account's currency. done: complete it at once.
    Needs PREPARE, and CLOSE for `done`. Refused: not_found, reconciliation_in_progress (fact `reconciliation`),
    end_before_start (fact `start`), bad_date, amount_out_of_range, period_locked, and for `done` as
    `complete_reconciliation`.
    """
    needed = Capability.CLOSE if done else Capability.PREPARE
    if refused := not_permitted(principal, needed, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "open_reconciliation", at) as work:
        chain = chain_in(work, entity_id, account_id)
        if chain is None:
            return denied("not_found", "account")
        if refusals := (*_in_progress(chain), *_end_refusals(work, chain, end_day, end_minor_units)):
            return Denied(refusals)
        opened = _opened(work, chain, principal.name, at, end_day, end_minor_units)
        if not done:
            return opened
        completed = complete_in(work, principal, at, chain._replace(kept=(*chain.kept, opened)), opened)
        if isinstance(completed, Denied):
            work.roll_back()
        return completed


def _opened(work: Writing, chain: Chain, by: str, at: int, end_day: int, end_minor_units: int) -> Reconciliation:
    link = chain.next_link
    opened = Reconciliation(
        entity_id=chain.account.entity_id,
        id=work.new_ids(Reconciliation)[0],
        account_id=chain.account.id,
        start_day=link.day,
        start_minor_units=link.minor_units,
        end_day=end_day,
        end_minor_units=end_minor_units,
        done=False,
        agreed_with_previous=None,
        per_statement="",
        imported=False,
        created_at=at,
        created_by=by,
        completed_at=None,
        completed_by="",
    )
    work.add(opened)
    return opened


def change_end(
    context: Context,
    principal: Principal,
    entity_id: int,
    reconciliation_id: int,
    *,
    end_day: int | None = None,
    end_minor_units: int | None = None,
    reason: str = "",
) -> Reconciliation | Denied:
    """Another end of the latest reconciliation; a complete one is reopened by that, which needs a reason.

    Needs PREPARE, and what `reopen_reconciliation` needs for a complete one. Refused: not_found, not_latest, required,
    end_before_start, bad_date, amount_out_of_range, period_locked.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "change_end", at) as work:
        chain = chain_around(work, entity_id, reconciliation_id)
        if chain is None:
            return denied("not_found", "reconciliation")
        if not chain.is_latest(reconciliation_id):
            return denied("not_latest", "reconciliation")
        before = chain.kept[-1]
        day = before.end_day if end_day is None else end_day
        amount = before.end_minor_units if end_minor_units is None else end_minor_units
        nothing = [Refusal("required", "end_day")] if end_day is None and end_minor_units is None else []
        if refusals := (*nothing, *_end_refusals(work, chain.before(before.id), day, amount)):
            return Denied(refusals)
        opened = reopen_in(work, principal, at, chain, before, reason) if before.done else before
        if isinstance(opened, Denied):
            work.roll_back()
            return opened
        require_unchanged(work.change(opened, end_day=day, end_minor_units=amount))
        changed = replace(opened, end_day=day, end_minor_units=amount)
        return as_it_stands(Chain(chain.account, (*chain.kept[:-1], changed)), changed.id)


def delete_reconciliation(
    context: Context, principal: Principal, entity_id: int, reconciliation_id: int, reason: str = ""
) -> Reconciliation | Denied:
    """Delete the latest reconciliation of its account and release its lines; the one that was.

    Needs PREPARE; a complete one needs CLOSE, a second person under four-eyes, and sets the account's reconcile day
    back. Refused: not_found, not_latest, period_locked, second_person_needed.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "delete_reconciliation", at) as work:
        chain = chain_around(work, entity_id, reconciliation_id)
        if chain is None:
            return denied("not_found", "reconciliation")
        if not chain.is_latest(reconciliation_id):
            return denied("not_latest", "reconciliation")
        last = chain.kept[-1]
        if last.done and (refused := not_permitted(principal, Capability.CLOSE, entity_id)):
            return refused
        if refusals := _deleting_refusals(work, principal, chain):
            return Denied(refusals)
        for clearing in work.all(Clearing, entity_id=entity_id, reconciliation_id=last.id):
            work.remove(clearing)
        if last.done:
            set_reconcile_day(work, chain.before(last.id), at)
        keep_step(work, last, Step.DELETED, reason, principal.name, at)
        work.remove(last)
        return last


def _deleting_refusals(view: Reading, principal: Principal, chain: Chain) -> tuple[Refusal, ...]:
    last = chain.kept[-1]
    found = locked_days(view, last.entity_id).refusals(last.account_id, last.end_day, "end_day")
    if last.done:
        found += person_refusals(view, principal, last.entity_id, [last.completed_by])
    return tuple(found)


def _in_progress(chain: Chain) -> tuple[Refusal, ...]:
    if chain.in_progress is None:
        return ()
    return (Refusal("reconciliation_in_progress", "account", (("reconciliation", str(chain.in_progress.id)),)),)


def _end_refusals(view: Reading, before: Chain, end_day: int, end_minor_units: int) -> tuple[Refusal, ...]:
    """Why a reconciliation that follows a chain may not end so."""
    start = before.next_link.day
    found = []
    if not is_day(end_day):
        found.append(Refusal("bad_date", "end_day"))
    elif end_day < start:
        found.append(Refusal("end_before_start", "end_day", (("start", day_text(start)),)))
    else:
        account = before.account
        found += locked_days(view, account.entity_id).refusals(account.id, end_day, "end_day")
    if not -MINOR_UNITS_MAX <= end_minor_units <= MINOR_UNITS_MAX:
        found.append(Refusal("amount_out_of_range", "end_minor_units"))
    return tuple(found)

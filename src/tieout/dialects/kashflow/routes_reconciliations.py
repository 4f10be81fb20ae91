"""Bank reconciliations: listed, shown, opened, ticked, completed, reopened and deleted; all of it needs FullAccess."""

from collections.abc import Sequence

from tieout.dialects.kashflow.account_entries import entries_named, placed
from tieout.dialects.kashflow.amounts import in_minor_units, on_the_wire
from tieout.dialects.kashflow.answers import Answer, refuse
from tieout.dialects.kashflow.bank_accounts import account_named
from tieout.dialects.kashflow.entries import Placed, entry_shown
from tieout.dialects.kashflow.parameters import Parameters
from tieout.dialects.kashflow.serving import Here, body_as, named, require
from tieout.dialects.kashflow.shapes_reconciliations import (
    FAILED,
    NEXT,
    RECONCILIATION,
    RECONCILIATION_CHANGE,
    RECONCILIATION_PAGE,
    STATUS_NAMES,
    TICKS,
    EntryNamed,
    EntryShown,
    Failed,
    NextShown,
    ReconciliationChange,
    ReconciliationPage,
    ReconciliationShown,
)
from tieout.domain.accounts import Account
from tieout.services.reconciling import change_end, delete_reconciliation, next_period, open_reconciliation
from tieout.services.reconciling_chain import ReconciliationNow, reconciliation, reconciliations
from tieout.services.reconciling_completion import complete_reconciliation, reopen_reconciliation
from tieout.services.ticking import candidates, tick

# The vendor asks for no reason where the core does.
_REASON = "reopened through the KashFlow API"


def list_reconciliations(here: Here) -> Answer:
    """GET .../reconciliations: ten a page, oldest first; `sortOrder` 1 begins with the newest."""
    of = account_named(here)
    parameters = Parameters(here.asked)
    found = require(reconciliations(here.context, here.principal, here.company, of.id))
    if parameters.whole("sortorder", 0, 0, 1):
        found.reverse()
    whole = parameters.flag("excludetransactions") is False
    page = ReconciliationPage(
        reconciliations=tuple(
            _shown(here, of, each, whole=whole)
            for each in found[parameters.offset : parameters.offset + parameters.per_page]
        ),
        links=parameters.links(len(found)),
    )
    return Answer(200, RECONCILIATION_PAGE.write(page), RECONCILIATION_PAGE.type_name)


def show_next(here: Here) -> Answer:
    """GET .../reconciliations/metadata: what is in progress, or where the next one starts."""
    of = account_named(here)
    found = require(next_period(here.context, here.principal, here.company, of.id))
    start = found.start_minor_units
    shown = NextShown(
        in_progress_id=found.in_progress_id,
        start_day=found.start_day,
        start_balance=None if start is None else on_the_wire(start, of.currency),
    )
    return Answer(200, NEXT.write(shown), NEXT.type_name)


def show_reconciliation(here: Here) -> Answer:
    """GET .../reconciliations/{reconciliation_id}: with its transactions only where `excludetransactions` is false."""
    of = account_named(here)
    found = _named(here, of)
    return _answer(here, of, found, 200, whole=Parameters(here.asked).flag("excludetransactions") is False)


def create_reconciliation(here: Here) -> Answer:
    """POST .../reconciliations: from where the last one ended up to EndDate, to reach EndBalance."""
    of = account_named(here)
    given = body_as(here.asked, RECONCILIATION_CHANGE)
    if given.end_day is None or given.end_balance is None:
        refuse("required", "EndDate" if given.end_day is None else "EndBalance")
    made = require(
        open_reconciliation(
            here.context,
            here.principal,
            here.company,
            of.id,
            given.end_day,
            _end_balance(given.end_balance, of),
            done=given.done is True,
        )
    )
    now = require(reconciliation(here.context, here.principal, here.company, made.id))
    return _answer(here, of, now, 201, whole=True)


def update_reconciliation(here: Here) -> Answer:
    """PUT .../reconciliations/{reconciliation_id}: another end, or ReconciliationDone; never both."""
    of = account_named(here)
    before = _named(here, of)
    given = body_as(here.asked, RECONCILIATION_CHANGE)
    if given.id not in (None, before.reconciliation.id):
        refuse("not_allowed", "Id")
    new_end = given.end_day is not None or given.end_balance is not None
    if given.done is None and not new_end:
        refuse("nothing_given", "EndDate, EndBalance and ReconciliationDone")
    if given.done is not None and new_end:
        refuse("both_given", "ReconciliationDone and EndDate or EndBalance")
    if new_end:
        _change_end(here, of, before, given)
    else:
        _set_done(here, before, done=given.done is True)
    return _answer(here, of, _named(here, of), 200, whole=False)


def tick_transactions(here: Here) -> Answer:
    """PUT .../reconciliations/{reconciliation_id}/transactions: ticks and unticks; answers with those that failed."""
    of = account_named(here)
    found = _named(here, of).reconciliation
    given = body_as(here.asked, TICKS)
    if given.reconcile is None and given.unreconcile is None:
        refuse("nothing_given", "Reconcile and UnReconcile")
    to_tick, to_untick = given.reconcile or (), given.unreconcile or ()
    wanted = (*to_tick, *to_untick)
    entries = entries_named(here, of, [each.id for each in wanted])
    ticked = require(
        tick(
            here.context,
            here.principal,
            here.company,
            found.id,
            _line_ids(entries, to_tick),
            _line_ids(entries, to_untick),
        )
    )
    not_done = set(ticked.failed)
    failed = [each for each in wanted if not_done.issuperset(_line_ids(entries, [each]))]
    return Answer(200, FAILED.write(Failed(failed=tuple(dict.fromkeys(failed)))), FAILED.type_name)


def remove_reconciliation(here: Here) -> Answer:
    """DELETE .../reconciliations/{reconciliation_id}: the latest one; its transactions are released."""
    found = _named(here, account_named(here)).reconciliation
    require(delete_reconciliation(here.context, here.principal, here.company, found.id))
    return Answer(204)


def _named(here: Here, of: Account) -> ReconciliationNow:
    """The reconciliation of this account in the path. Raises Refused (404)."""
    wanted = named(here.asked, "reconciliation_id", "reconciliation")
    found = require(reconciliation(here.context, here.principal, here.company, wanted))
    return found if found.reconciliation.account_id == of.id else refuse("not_found", "reconciliation")


def _answer(here: Here, of: Account, now: ReconciliationNow, status: int, *, whole: bool) -> Answer:
    shown = _shown(here, of, now, whole=whole)
    return Answer(status, RECONCILIATION.write(shown), RECONCILIATION.type_name)


def _shown(here: Here, of: Account, now: ReconciliationNow, *, whole: bool) -> ReconciliationShown:
    """The header; `whole`: with the account's name and the transactions too."""
    found = now.reconciliation
    return ReconciliationShown(
        id=found.id,
        start_day=found.start_day,
        end_day=found.end_day,
        start_balance=on_the_wire(found.start_minor_units, of.currency),
        end_balance=on_the_wire(found.end_minor_units, of.currency),
        status=STATUS_NAMES[now.status],
        latest=now.latest,
        done=found.done,
        account_name=of.name if whole else None,
        transactions=_entries(here, of, now) if whole else None,
    )


def _entries(here: Here, of: Account, now: ReconciliationNow) -> tuple[EntryShown, ...]:
    """The transactions of a reconciliation by day and id, with the balance that they lead to from its start."""
    found = require(candidates(here.context, here.principal, here.company, now.reconciliation.id))
    running = on_the_wire(now.reconciliation.start_minor_units, of.currency)
    shown = []
    for entry in placed(here, of, found):
        running += entry.signed
        shown.append(entry_shown(entry, running))
    return tuple(shown)


def _change_end(here: Here, of: Account, before: ReconciliationNow, given: ReconciliationChange) -> None:
    amount = None if given.end_balance is None else _end_balance(given.end_balance, of)
    require(
        change_end(
            here.context,
            here.principal,
            here.company,
            before.reconciliation.id,
            end_day=given.end_day,
            end_minor_units=amount,
            reason=_REASON,
        )
    )


def _set_done(here: Here, before: ReconciliationNow, *, done: bool) -> None:
    """Complete it, or reopen the latest; one that is incomplete already stays so."""
    found = before.reconciliation
    if done:
        require(complete_reconciliation(here.context, here.principal, here.company, found.id))
    elif found.done:
        require(reopen_reconciliation(here.context, here.principal, here.company, found.id, _REASON))


def _end_balance(ten_thousandths: int, of: Account) -> int:
    found = in_minor_units(ten_thousandths, of.currency)
    return refuse(found, "EndBalance") if isinstance(found, str) else found


def _line_ids(entries: dict[int, Placed], wanted: Sequence[EntryNamed]) -> list[int]:
    """The lines that are meant: what the account does not show under this id and type is none."""
    return [
        entries[each.id].line.id
        for each in wanted
        if each.id in entries and each.type in (entries[each.id].payment_type, entries[each.id].transaction_type)
    ]

"""Periods that another system reconciled, taken over as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tieout.domain.people import Capability, Principal
from tieout.domain.reconciliation_status import Link, end_of, origin_of
from tieout.domain.reconciling import Reconciliation, Step
from tieout.kernel.dates import day_text
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.context import Context, Denied, denied
from tieout.services.days import is_day
from tieout.services.period_locks import locked_days
from tieout.services.permitting import not_permitted
from tieout.services.reconciling_chain import Chain, chain_in, facts_of
from tieout.services.reconciling_completion import (
    adding_up_refusals,
    keep_step,
    per_statement,
    set_reconcile_day,
)
from tieout.services.ticking import Ticking, clear, clearing_refusal, ticking_of
from tieout.store.protocols import Reading, Scope, Writing

# Eighty years of months; a longer history comes in several calls.
PERIODS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPeriod:
    """A period as another system reconciled it; amounts in minor units of the account's currency.

    line_ids: the book entries that it cleared. Without any, its movements stayed in the other system.
    """

    start_day: int
    start_minor_units: int
    end_day: int
    end_minor_units: int
    line_ids: tuple[int, ...] = ()


def import_chain(
    context: Context,
    principal: Principal,
    entity_id: int,
    account_id: int,
    periods: Sequence[ImportedPeriod],
    reason: str = "",
) -> list[Reconciliation] | Denied:
    """Take over complete reconciliations from another system, in the order given, however well they fit.

    What does not fit shows as their status. Sets the account's reconcile day to the end of its chain.
    Needs CLOSE. Refused, with the place as `periods[3].end_day`: not_found, required, too_many,
    reconciliation_in_progress, bad_date, end_before_start, amount_out_of_range, period_locked, exists, twice,
    line_unknown, line_after_end, line_cleared, does_not_add_up.
    """
    if refused := not_permitted(principal, Capability.CLOSE, entity_id):
        return refused
    if not 0 < len(periods) <= PERIODS_MAX:
        return denied("too_many" if periods else "required", "periods", most=str(PERIODS_MAX))
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "import_chain", at) as work:
        chain = chain_in(work, entity_id, account_id)
        if chain is None:
            return denied("not_found", "account")
        history = _history_of(work, chain, periods, principal.name, at)
        if refusals := _history_refusals(work, history):
            return Denied(refusals)
        _keep_history(work, history, reason, principal.name, at)
        return list(history.imported)


class _History(NamedTuple):
    chain: Chain
    periods: Sequence[ImportedPeriod]
    imported: tuple[Reconciliation, ...]  # one per period
    ticking: Ticking  # over the lines of every period


def _history_of(work: Writing, chain: Chain, periods: Sequence[ImportedPeriod], by: str, at: int) -> _History:
    ids = work.new_ids(Reconciliation, len(periods))
    made = [_imported(chain, period, new_id, by, at) for period, new_id in zip(periods, ids, strict=True)]
    ordered = sorted((*chain.kept, *made), key=lambda each: (each.end_day, each.id))
    links = dict(zip((each.id for each in ordered), [origin_of(chain.account), *map(end_of, ordered)], strict=False))
    imported = tuple(_seen(work, chain, each, links[each.id]) for each in made)
    lines = {line for period in periods for line in period.line_ids}
    return _History(chain, periods, imported, ticking_of(work, chain.account, imported[0], lines))


def _imported(chain: Chain, period: ImportedPeriod, new_id: int, by: str, at: int) -> Reconciliation:
    return Reconciliation(
        entity_id=chain.account.entity_id,
        id=new_id,
        account_id=chain.account.id,
        start_day=period.start_day,
        start_minor_units=period.start_minor_units,
        end_day=period.end_day,
        end_minor_units=period.end_minor_units,
        done=True,
        agreed_with_previous=None,
        per_statement="",
        imported=True,
        created_at=at,
        created_by=by,
        completed_at=at,
        completed_by=by,
    )


def _seen(view: Reading, chain: Chain, imported: Reconciliation, link: Link) -> Reconciliation:
    """What is seen when it is taken over: whether its opening agrees, and what the bank's statement says."""
    agrees = imported.start_minor_units == link.minor_units
    stated = per_statement(view, chain, imported)
    return replace(imported, agreed_with_previous=agrees, per_statement=stated)


def _history_refusals(view: Reading, history: _History) -> tuple[Refusal, ...]:
    found = []
    if history.chain.in_progress is not None:
        found.append(Refusal("reconciliation_in_progress", "account"))
    taken: set[int] = set()
    for place, (period, imported) in enumerate(zip(history.periods, history.imported, strict=True)):
        concerns = f"periods[{place}]"
        found += value_refusals(view, imported, f"{concerns}.")
        same = [each for each in history.chain.kept if _ends(each) == _ends(imported)]
        found += [Refusal("exists", concerns, (("reconciliation", str(each.id)),)) for each in same]
        ticking = history.ticking._replace(reconciliation=imported)
        lines = clearing_refusals(ticking, period.line_ids, taken, f"{concerns}.line_ids")
        found += lines or _sum_refusals(history.chain, ticking, period, imported, concerns)
    return tuple(found)


def _ends(each: Reconciliation) -> tuple[int, int, int, int]:
    return each.start_day, each.start_minor_units, each.end_day, each.end_minor_units


def value_refusals(view: Reading, wanted: Reconciliation, prefix: str) -> list[Refusal]:
    """Why a reconciliation may not have these days and balances."""
    named = (("start_day", wanted.start_day), ("end_day", wanted.end_day))
    found = [Refusal("bad_date", f"{prefix}{name}") for name, day in named if not is_day(day)]
    if not found and wanted.end_day < wanted.start_day:
        facts = (("start", day_text(wanted.start_day)),)
        found.append(Refusal("end_before_start", f"{prefix}end_day", facts))
    found += locked_days(view, wanted.entity_id).refusals(wanted.account_id, wanted.end_day, f"{prefix}end_day")
    balances = (("start_minor_units", wanted.start_minor_units), ("end_minor_units", wanted.end_minor_units))
    found += [
        Refusal("amount_out_of_range", f"{prefix}{name}")
        for name, amount in balances
        if not -MINOR_UNITS_MAX <= amount <= MINOR_UNITS_MAX
    ]
    return found


def clearing_refusals(ticking: Ticking, lines: Iterable[int], taken: set[int], concerns: str) -> list[Refusal]:
    """Why some of these lines may not be cleared in a period; those that may are added to `taken`."""
    found = []
    for place, line in enumerate(lines):
        if line in taken:
            found.append(Refusal("twice", f"{concerns}[{place}]"))
        elif refusal := clearing_refusal(ticking, line, f"{concerns}[{place}]"):
            found.append(refusal)
        taken.add(line)
    return found


def _sum_refusals(
    chain: Chain, ticking: Ticking, period: ImportedPeriod, imported: Reconciliation, concerns: str
) -> list[Refusal]:
    if not period.line_ids:
        return []
    lines = [facts_of(ticking.lines[line].line, chain.account.currency) for line in period.line_ids]
    left = imported.end_minor_units - imported.start_minor_units - sum(each.minor_units for each in lines)
    return adding_up_refusals(chain, left, concerns)


def _keep_history(work: Writing, history: _History, reason: str, by: str, at: int) -> None:
    work.add(*history.imported)
    for period, imported in zip(history.periods, history.imported, strict=True):
        clear(work, history.ticking._replace(reconciliation=imported), period.line_ids, by, at)
        keep_step(work, imported, Step.IMPORTED, reason, by, at)
    last = max((*history.chain.kept, *history.imported), key=lambda each: (each.end_day, each.id))
    set_reconcile_day(work, Chain(history.chain.account, (last,)), at)

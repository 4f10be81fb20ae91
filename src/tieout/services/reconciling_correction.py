"""Correcting a complete reconciliation where it stands: what its successor no longer agrees with shows there."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tieout.domain.people import Capability, Principal
from tieout.domain.reconciling import Reconciliation, Step
from tieout.kernel.errors import Refusal
from tieout.services.context import Context, Denied, denied
from tieout.services.period_locks import locked_days
from tieout.services.permitting import not_permitted
from tieout.services.reconciling_chain import Chain, chain_around, facts_of
from tieout.services.reconciling_completion import (
    TickedLine,
    adding_up_refusals,
    keep_step,
    left_of,
    per_statement,
    person_refusals,
    replace_row,
    see,
    set_reconcile_day,
    ticked_now,
)
from tieout.services.reconciling_history import clearing_refusals, value_refusals
from tieout.services.ticking import Ticking, clear, release, releasing_refusal, ticking_of
from tieout.store.protocols import Reading, Scope, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequest:
    """What a complete reconciliation has to say instead, and why; None leaves a value as it is.

    tick, untick: book entries to clear, and to release. Every other cleared line is taken as it is now.
    """

    reason: str
    start_day: int | None = None
    start_minor_units: int | None = None
    end_day: int | None = None
    end_minor_units: int | None = None
    tick: tuple[int, ...] = ()
    untick: tuple[int, ...] = ()


def correct_reconciliation(
    context: Context, principal: Principal, entity_id: int, reconciliation_id: int, request: CorrectionRequest
) -> Reconciliation | Denied:
    """Correct a complete reconciliation where it stands, without reopening those after it.

    It must still add up; what its successor then no longer agrees with shows as the successor's status. Only the
    latest gets another end day (P4). Needs CLOSE and a reason. Refused: not_found, reconciliation_in_progress (it is
    not complete), required, bad_date, end_before_start, not_latest (another end day), not_allowed (an end day before
    the predecessor's), amount_out_of_range, period_locked, both_given, twice, line_unknown, line_after_end,
    line_cleared, does_not_add_up, second_person_needed under four-eyes for who completed it.
    """
    if refused := not_permitted(principal, Capability.CLOSE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "correct_reconciliation", at) as work:
        chain = chain_around(work, entity_id, reconciliation_id)
        if chain is None:
            return denied("not_found", "reconciliation")
        kept = next(each for each in chain.kept if each.id == reconciliation_id)
        if not kept.done:
            return denied("reconciliation_in_progress", "reconciliation")
        correction = _correction_of(work, chain, kept, request)
        refusals = (
            *_reason_refusals(work, principal, kept, request),
            *_corrected_refusals(work, chain, correction, request),
        )
        if refusals:
            return Denied(refusals)
        return _keep_correction(work, chain, correction, request, principal.name, at)


class _Correction(NamedTuple):
    kept: Reconciliation
    corrected: Reconciliation
    stay: list[TickedLine]
    ticking: Ticking


def _correction_of(view: Reading, chain: Chain, kept: Reconciliation, request: CorrectionRequest) -> _Correction:
    given: dict[str, Any] = {
        "start_day": request.start_day,
        "start_minor_units": request.start_minor_units,
        "end_day": request.end_day,
        "end_minor_units": request.end_minor_units,
    }
    corrected: Reconciliation = replace(kept, **{name: value for name, value in given.items() if value is not None})
    stay = [each for each in ticked_now(view, chain, corrected) if each.clearing.line_id not in request.untick]
    ticking = ticking_of(view, chain.account, corrected, {*request.tick, *request.untick})
    return _Correction(kept, corrected, stay, ticking)


def _reason_refusals(
    view: Reading, principal: Principal, kept: Reconciliation, request: CorrectionRequest
) -> list[Refusal]:
    found = [] if request.reason.strip() else [Refusal("required", "reason")]
    found += locked_days(view, kept.entity_id).refusals(kept.account_id, kept.end_day, "reconciliation")
    return found + person_refusals(view, principal, kept.entity_id, [kept.completed_by])


def _corrected_refusals(
    view: Reading, chain: Chain, correction: _Correction, request: CorrectionRequest
) -> list[Refusal]:
    found = value_refusals(view, correction.corrected, "")
    if correction.corrected.end_day != correction.kept.end_day and not chain.is_latest(correction.kept.id):
        found.append(Refusal("not_latest", "end_day"))
    elif not _keeps_its_place(chain, correction.corrected):
        found.append(Refusal("not_allowed", "end_day"))
    found += [Refusal("both_given", f"line:{line}") for line in sorted({*request.tick} & {*request.untick})]
    found += clearing_refusals(correction.ticking, request.tick, set(), "tick")
    for place, line in enumerate(request.untick):
        refusal = releasing_refusal(correction.ticking, line, f"untick[{place}]")
        found += [] if refusal is None else [refusal]
    return found or _left_refusals(chain, correction, request)


def _keeps_its_place(chain: Chain, corrected: Reconciliation) -> bool:
    place = next(place for place, each in enumerate(chain.kept) if each.id == corrected.id)
    around = (*chain.kept[:place], corrected, *chain.kept[place + 1 :])
    return sorted(around, key=lambda each: (each.end_day, each.id)) == list(around)


def _left_refusals(chain: Chain, correction: _Correction, request: CorrectionRequest) -> list[Refusal]:
    """An imported period without lines has nothing to add up."""
    if correction.corrected.imported and not correction.stay and not request.tick:
        return []
    fresh = [line for line in request.tick if line not in correction.ticking.clearings]
    lines = [facts_of(correction.ticking.lines[line].line, chain.account.currency) for line in fresh]
    left = left_of(correction.corrected, correction.stay) - sum(each.minor_units for each in lines)
    return adding_up_refusals(chain, left, "reconciliation")


def _keep_correction(
    work: Writing, chain: Chain, correction: _Correction, request: CorrectionRequest, by: str, at: int
) -> Reconciliation:
    link = chain.before(correction.kept.id).next_link
    corrected = replace(
        correction.corrected,
        agreed_with_previous=bool(correction.kept.agreed_with_previous)
        or correction.corrected.start_minor_units == link.minor_units,
        per_statement=per_statement(work, chain, correction.corrected),
    )
    see(work, correction.stay)
    release(work, correction.ticking, request.untick)
    clear(work, correction.ticking, request.tick, by, at)
    replace_row(work, correction.kept, corrected)
    if max((each for each in chain.kept if each.done), key=lambda each: (each.end_day, each.id)).id == corrected.id:
        set_reconcile_day(work, Chain(chain.account, (corrected,)), at)
    keep_step(work, corrected, Step.CORRECTED, request.reason, by, at)
    return corrected

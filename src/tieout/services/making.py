"""Tying lines that somebody names: a match is made, at once final or waiting for a second person."""

import json
from collections.abc import Sequence

from tieout.domain.contract_rules import Check, no_rule
from tieout.domain.match_records import AdjustmentRecord, AllocationRecord, MatchRecord, MatchStatus, StoredMatch
from tieout.domain.matches import Adjustment, AdjustmentType, Allocation, Match, MatchKind, MatchState
from tieout.domain.people import Capability, Principal
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.context import Context, Denied
from tieout.services.match_requests import MATCH_LINES_MAX, PERSON, AdjustmentRequest, MatchRequest
from tieout.services.match_rules import Wanted, lost, person_refusals, tie_refusals, uses_of, wanted_of
from tieout.services.permitting import not_permitted
from tieout.services.stored_matches import side_of
from tieout.services.syncing.wanting import want_matches
from tieout.store.protocols import Reading, Scope, Writing


def make_match(
    context: Context,
    principal: Principal,
    entity_id: int,
    request: MatchRequest,
    *,
    confirm: bool = True,
    check: Check = no_rule,
) -> StoredMatch | Denied:
    """Tie lines to each other; all rules that say no are told together.

    confirm: final at once, which needs CONFIRM and a token that may post; otherwise proposed, which needs PREPARE.
    check: a rule of one contract (domain.contract_rules), asked inside the transaction on the lines as they count now;
    where it says that directions differ, a residual that follows from the signs alone is not told as well.
    Refused: the codes of domain.matches.refusals with line_tied and line_used_up (fact `match`), accounts_differ,
    rate_differs, period_closed, period_locked, required, not_allowed, too_many, post_missing, second_person_needed,
    whatever `check` says.
    """
    if refused := not_permitted(principal, Capability.CONFIRM if confirm else Capability.PREPARE, entity_id):
        return refused
    if refusals := _request_refusals(request):
        return Denied(refusals)
    with context.store.writing(Scope("entity", entity_id), principal.name, "make_match", context.now()) as work:
        wanted = _wanted(work, principal, entity_id, request)
        refusals = _refusals(work, principal, entity_id, wanted, check, confirm=confirm)
        if refusals:
            return Denied(refusals)
        over = work.use(entity_id, uses_of(wanted)) if confirm else []
        if over:
            refusals = lost(work, entity_id, over)
            work.roll_back()
            return Denied(refusals)
        made = _stored(context, principal, work, entity_id, request, wanted, confirm=confirm)
        want_matches(context, work, entity_id, [made], principal.name)
        return made


def _request_refusals(request: MatchRequest) -> tuple[Refusal, ...]:
    """What is wrong with a request whatever the lines are."""
    found = []
    if request.kind not in tuple(MatchKind):
        found.append(Refusal("not_allowed", "kind", (("value", request.kind),)))
    if len(request.allocations) > MATCH_LINES_MAX:
        found.append(Refusal("too_many", "allocations", (("at_most", str(MATCH_LINES_MAX)),)))
    for number, adjustment in enumerate(request.adjustments):
        found += _adjustment_refusals(adjustment, f"adjustments[{number}]")
    return tuple(found)


def _adjustment_refusals(adjustment: AdjustmentRequest, where: str) -> list[Refusal]:
    found = []
    if adjustment.type not in tuple(AdjustmentType):
        found.append(Refusal("not_allowed", f"{where}.type", (("value", adjustment.type),)))
    if adjustment.currency not in EXPONENTS:
        found.append(Refusal("unknown_currency", f"{where}.currency", (("value", adjustment.currency),)))
    if not adjustment.minor_units:
        found.append(Refusal("amount_zero", f"{where}.minor_units"))
    elif not -MINOR_UNITS_MAX <= adjustment.minor_units <= MINOR_UNITS_MAX:
        found.append(Refusal("amount_out_of_range", f"{where}.minor_units"))
    return found


def _wanted(view: Reading, principal: Principal, entity_id: int, request: MatchRequest) -> Wanted:
    """The request as a match, with all that is left of a line where it names no amount."""
    named = Match(
        id=0,
        kind=MatchKind(request.kind),
        state=MatchState.CONFIRMED,
        matcher=PERSON,
        allocations=tuple(Allocation("statement", str(each.line_id), 0, "") for each in request.allocations),
        adjustments=tuple(
            Adjustment(
                AdjustmentType(each.type),
                each.minor_units,
                each.currency,
                each.account or None,
                each.rule or None,
                each.rate or None,
            )
            for each in request.adjustments
        ),
    )
    wanted = wanted_of(view, principal, entity_id, named)
    legs = []
    for each in request.allocations:
        now = wanted.lines.get(each.line_id)
        amount = each.minor_units if each.minor_units is not None else now.left_minor_units if now else 0
        side, currency = (side_of(now.line.side), now.line.currency) if now else ("statement", "")
        legs.append(Allocation(side, str(each.line_id), amount, currency))
    return wanted._replace(match=named._replace(allocations=tuple(legs)))


def _refusals(
    view: Reading, principal: Principal, entity_id: int, wanted: Wanted, check: Check, *, confirm: bool
) -> tuple[Refusal, ...]:
    said = tuple(check(wanted.in_order))
    rules = tie_refusals(view, entity_id, wanted)
    if any(refusal.code in ("direction_differs", "residual_remains") for refusal in said):
        rules = tuple(refusal for refusal in rules if refusal.code != "residual_remains")
    people = person_refusals(view, principal, entity_id, principal.name) if confirm else ()
    return (*people, *rules, *said)


def _stored(
    context: Context,
    principal: Principal,
    work: Writing,
    entity_id: int,
    request: MatchRequest,
    wanted: Wanted,
    *,
    confirm: bool,
) -> StoredMatch:
    status = MatchStatus.CONFIRMED if confirm else MatchStatus.PROPOSED
    match_id = work.new_ids(MatchRecord)[0]
    record = MatchRecord(
        entity_id=entity_id,
        id=match_id,
        kind=request.kind,
        matcher=PERSON,
        born=status,
        automatic=False,
        prepared_by=principal.name,
        plan="",
        answers=1,
        searched_fully=True,
        steps=0,
        accidental_hits="",
        evidence=_evidence(request.reason),
        extra=request.extra,
        created_at=context.now(),
    )
    allocations = _allocations(entity_id, match_id, wanted)
    adjustments = _adjustments(entity_id, match_id, request.adjustments)
    work.add(record, *allocations, *adjustments)
    return StoredMatch(record, status, allocations, adjustments, ())


def _evidence(reason: str) -> str:
    return json.dumps({"reasons": [reason]}, ensure_ascii=False) if reason else ""


def _allocations(entity_id: int, match_id: int, wanted: Wanted) -> tuple[AllocationRecord, ...]:
    """One record per leg, statement before ledger, then by line: the order in which a store gives them back."""
    legs = sorted(wanted.match.allocations, key=lambda leg: (leg.side != "statement", int(leg.line)))
    return tuple(
        AllocationRecord(
            entity_id=entity_id,
            match_id=match_id,
            line_id=int(leg.line),
            line_version=wanted.lines[int(leg.line)].line.version,
            side=leg.side,
            minor_units=leg.minor_units,
            currency=leg.currency,
        )
        for leg in legs
    )


def _adjustments(entity_id: int, match_id: int, requests: Sequence[AdjustmentRequest]) -> tuple[AdjustmentRecord, ...]:
    return tuple(
        AdjustmentRecord(
            entity_id=entity_id,
            match_id=match_id,
            number=number,
            type=each.type,
            minor_units=each.minor_units,
            currency=each.currency,
            account=each.account,
            rule=each.rule,
            rate=each.rate,
        )
        for number, each in enumerate(requests, 1)
    )

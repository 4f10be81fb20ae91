"""Differences: residuals and outstanding lines that somebody must explain, and how each was resolved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tieout.domain.books import Difference
from tieout.domain.match_records import MatchRecord
from tieout.domain.people import Capability, Entity, Principal
from tieout.domain.reconciling import Reconciliation
from tieout.domain.settlements import SettlementBatch
from tieout.kernel.currencies import EXPONENTS
from tieout.kernel.errors import Refusal
from tieout.kernel.money import MINOR_UNITS_MAX
from tieout.services.context import Context, Denied, denied
from tieout.services.people.four_eyes import second_person_missing
from tieout.services.people.settings import WRITE_OFF_LIMIT, setting
from tieout.services.permitting import not_permitted
from tieout.services.texts import text_refusals
from tieout.store.protocols import Condition, Order, Reading, Scope

_SUBJECT = re.compile(r"(match|line|reconciliation|batch):([0-9]{1,16})", re.ASCII)
_NOUNS: Mapping[str, type[Any]] = {
    "match": MatchRecord,
    "reconciliation": Reconciliation,
    "batch": SettlementBatch,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRequest:
    """A difference to raise; the amount is signed, in minor units."""

    subject: str  # match:ID, line:ID, reconciliation:ID or batch:ID
    minor_units: int
    currency: str
    reason: str
    owner: str = ""  # who has to explain it; empty until somebody is named


def raise_difference(
    context: Context, principal: Principal, entity_id: int, request: DifferenceRequest
) -> Difference | Denied:
    """A new open difference.

    Needs PREPARE. Refused: not_found and not_allowed (the subject), required, amount_zero, amount_out_of_range,
    unknown_currency, too_long, and exists (fact `difference`) where one of that subject and currency is open.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "raise_difference", at) as work:
        if refusals := (*_request_refusals(request), *_subject_refusals(work, entity_id, request)):
            return Denied(refusals)
        made = Difference(
            entity_id=entity_id,
            id=work.new_ids(Difference)[0],
            subject=request.subject,
            minor_units=request.minor_units,
            currency=request.currency,
            reason=request.reason,
            owner=request.owner,
            state="open",
            resolution="",
            created_at=at,
            created_by=principal.name,
            resolved_at=None,
            resolved_by="",
        )
        work.add(made)
        return made


def resolve_difference(
    context: Context,
    principal: Principal,
    entity_id: int,
    difference_id: int,
    resolution: str,
    *,
    write_off: bool = False,
) -> Difference | Denied:
    """Say how a difference came about, or that it is written off.

    Needs PREPARE, and CONFIRM for a write-off; one above the setting `write_off_limit` needs under four-eyes somebody
    else than who raised it. Refused: not_found, resolved_already, required, too_long, second_person_needed.
    """
    needed = Capability.CONFIRM if write_off else Capability.PREPARE
    if refused := not_permitted(principal, needed, entity_id):
        return refused
    at = context.now()
    with context.store.writing(Scope("entity", entity_id), principal.name, "resolve_difference", at) as work:
        before = work.one(Difference, entity_id=entity_id, id=difference_id)
        if before is None:
            return denied("not_found", "difference")
        found = text_refusals([("resolution", resolution)])
        if not resolution.strip():
            found.append(Refusal("required", "resolution"))
        if before.state == "resolved":
            found.append(Refusal("resolved_already", "difference"))
        if write_off:
            found += _write_off_refusals(work, principal, before)
        if found:
            return Denied(tuple(found))
        resolved = replace(before, state="resolved", resolution=resolution, resolved_at=at, resolved_by=principal.name)
        if not work.change(before, state="resolved", resolution=resolution, resolved_at=at, resolved_by=principal.name):
            return denied("changed_meanwhile", "difference")
        return resolved


def differences(
    context: Context,
    principal: Principal,
    entity_id: int,
    *conditions: Condition,
    order: Sequence[Order] = (Order("id"),),
    limit: int | None = None,
    offset: int = 0,
) -> list[Difference] | Denied:
    """Differences of an entity, open and resolved, by id unless another order is given. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.all(Difference, *conditions, order=order, limit=limit, offset=offset, entity_id=entity_id)


def difference(context: Context, principal: Principal, entity_id: int, difference_id: int) -> Difference | Denied:
    """One difference. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.reading() as view:
        return view.one(Difference, entity_id=entity_id, id=difference_id) or denied("not_found", "difference")


def _request_refusals(request: DifferenceRequest) -> list[Refusal]:
    found = text_refusals([("reason", request.reason), ("owner", request.owner)])
    if not request.reason.strip():
        found.append(Refusal("required", "reason"))
    if not request.minor_units:
        found.append(Refusal("amount_zero", "minor_units"))
    elif not -MINOR_UNITS_MAX <= request.minor_units <= MINOR_UNITS_MAX:
        found.append(Refusal("amount_out_of_range", "minor_units"))
    if request.currency not in EXPONENTS:
        found.append(Refusal("unknown_currency", "currency"))
    return found


def _subject_refusals(view: Reading, entity_id: int, request: DifferenceRequest) -> list[Refusal]:
    named = _SUBJECT.fullmatch(request.subject)
    if named is None:
        return [Refusal("not_allowed", "subject")]
    if not _is_there(view, entity_id, named[1], int(named[2])):
        return [Refusal("not_found", "subject")]
    open_ones = view.all(
        Difference, entity_id=entity_id, subject=request.subject, currency=request.currency, state="open"
    )
    return [Refusal("exists", "subject", (("difference", str(each.id)),)) for each in open_ones[:1]]


def _is_there(view: Reading, entity_id: int, what: str, number: int) -> bool:
    if what == "line":
        return view.line(entity_id, number) is not None
    return view.one(_NOUNS[what], entity_id=entity_id, id=number) is not None


def _write_off_refusals(view: Reading, principal: Principal, of: Difference) -> list[Refusal]:
    """Four eyes above the limit; an amount in another currency than the entity's is above every limit."""
    entity = view.one(Entity, id=of.entity_id)
    limit = int(setting(view, principal.organisation_id, of.entity_id, WRITE_OFF_LIMIT))
    if entity is not None and of.currency == entity.currency and -limit <= of.minor_units <= limit:
        return []
    missing = second_person_missing(view, principal, of.entity_id, of.created_by)
    return [] if missing is None else [replace(missing, concerns="difference")]

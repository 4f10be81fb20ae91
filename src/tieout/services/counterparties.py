"""Customers and vendors: whom invoices and bills name, kept by hand or as an accounting platform has them."""

from dataclasses import dataclass

from tieout.domain.connections import Counterparty
from tieout.domain.people import Capability, Principal
from tieout.kernel.errors import Refusal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context, Denied, denied
from tieout.services.permitting import not_permitted
from tieout.services.syncing.wanting import want_party
from tieout.services.texts import text_refusals
from tieout.store.protocols import Condition, Order, Scope

__all__ = ("CounterpartyRequest", "counterparties", "counterparty", "create_counterparty")

ROLES = ("customer", "vendor")


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterpartyRequest:
    """A customer or vendor to keep."""

    role: str
    name: str
    tax_number: str = ""
    email: str = ""


def create_counterparty(
    context: Context, principal: Principal, entity_id: int, request: CounterpartyRequest
) -> Counterparty | Denied:
    """A new customer or vendor; where the entity is connected, it is sent there in the background. Needs PREPARE.

    Refused: required (name), not_allowed (role, texts), too_long.
    """
    if refused := not_permitted(principal, Capability.PREPARE, entity_id):
        return refused
    if refusals := _refusals(request):
        return Denied(tuple(refusals))
    now, by = context.now(), principal.name
    with context.store.writing(Scope("entity", entity_id), by, "create_counterparty", now) as work:
        made = Counterparty(
            entity_id=entity_id,
            id=work.new_ids(Counterparty)[0],
            public_id=uuid7(now, context.random_bytes(10)),
            role=request.role,
            name=request.name,
            tax_number=request.tax_number,
            email=request.email,
            created_at=now,
            updated_at=now,
        )
        work.add(made)
        want_party(context, work, made, now, by)
        return made


def counterparties(
    context: Context, principal: Principal, entity_id: int, role: str = "", *, after: int = 0, limit: int = 100
) -> list[Counterparty] | Denied:
    """Customers and vendors by id, those above `after`, of one role or of both. Needs READ."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    wanted = [Condition("id", ">", after), *([Condition("role", "=", role)] if role else [])]
    with context.store.glancing() as view:
        return view.all(Counterparty, *wanted, order=(Order("id"),), limit=limit, entity_id=entity_id)


def counterparty(context: Context, principal: Principal, entity_id: int, counterparty_id: int) -> Counterparty | Denied:
    """One customer or vendor. Needs READ. Refused: not_found."""
    if refused := not_permitted(principal, Capability.READ, entity_id):
        return refused
    with context.store.glancing() as view:
        found = view.one(Counterparty, entity_id=entity_id, id=counterparty_id)
    return found or denied("not_found", "counterparty")


def _refusals(request: CounterpartyRequest) -> list[Refusal]:
    found = text_refusals((name, getattr(request, name)) for name in ("name", "tax_number", "email"))
    if request.role not in ROLES:
        found.append(Refusal("not_allowed", "role"))
    if not request.name.strip():
        found.append(Refusal("required", "name"))
    return found

"""Customers and vendors."""

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import PAGING, after_of, limit_of, next_cursor
from tieout.api.native.spelling import instant_text
from tieout.domain.connections import Counterparty
from tieout.services.context import Denied
from tieout.services.counterparties import (
    ROLES,
    CounterpartyRequest,
    counterparties,
    counterparty,
    create_counterparty,
)


class CounterpartyBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer or vendor to keep."""

    role: str  # customer, vendor
    name: str
    tax_number: str = ""
    email: str = ""


class CounterpartyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer or vendor."""

    id: int
    public_id: str
    role: str
    name: str
    tax_number: str
    email: str
    created_at: str
    updated_at: str


class CounterpartiesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of customers and vendors; `next` is the cursor of the page behind it."""

    counterparties: list[CounterpartyAnswer]
    next: str | None


def _list(call: Call) -> Answer:
    role = call.asked.query.choice("role", None, ROLES) or ""
    found = counterparties(
        call.context, call.principal, call.entity_id, role, after=after_of(call), limit=limit_of(call)
    )
    if isinstance(found, Denied):
        return found
    cursor = next_cursor(call, found, lambda each: each.id)
    return CounterpartiesAnswer(counterparties=[_written(each) for each in found], next=cursor)


def _create(call: Call) -> Answer:
    request = CounterpartyRequest(**msgspec.structs.asdict(call.read(CounterpartyBody)))
    made = create_counterparty(call.context, call.principal, call.entity_id, request)
    if isinstance(made, Denied):
        return made
    return Given(_written(made), 201, {"location": f"{call.asked.path}/{made.id}"})


def _show(call: Call) -> Answer:
    found = counterparty(call.context, call.principal, call.entity_id, call.number("counterparty_id"))
    return found if isinstance(found, Denied) else _written(found)


def _written(kept: Counterparty) -> CounterpartyAnswer:
    return CounterpartyAnswer(
        id=kept.id,
        public_id=kept.public_id,
        role=kept.role,
        name=kept.name,
        tax_number=kept.tax_number,
        email=kept.email,
        created_at=instant_text(kept.created_at),
        updated_at=instant_text(kept.updated_at),
    )


_COUNTERPARTIES = "/entities/{entity_id}/counterparties"
_ROLE = Parameter("role", "customer or vendor", {"type": "string", "enum": list(ROLES)})

OPERATIONS = (
    Operation(
        "GET", _COUNTERPARTIES, "customers and vendors by identifier", _list,
        gives=CounterpartiesAnswer, parameters=(_ROLE, *PAGING),
    ),
    Operation(
        "POST", _COUNTERPARTIES, "keep a customer or vendor", _create, CounterpartyBody, CounterpartyAnswer, 201
    ),
    Operation(
        "GET", f"{_COUNTERPARTIES}/{{counterparty_id}}", "one customer or vendor", _show, gives=CounterpartyAnswer
    ),
)  # fmt: skip

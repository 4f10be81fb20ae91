"""Consuming systems over the native API: whose credentials act for them, and what they have read and resolved."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from tieout.api.native.calling import Answer, Call, Given
from tieout.api.native.operations import Operation, Parameter
from tieout.api.native.paging import LIMIT_MAX
from tieout.api.native.settlement_shapes import DeliveriesAnswer, written_delivery
from tieout.api.native.spelling import instant_text, maybe_instant_text
from tieout.domain.people import Principal
from tieout.domain.settlements import Integration
from tieout.services.context import Context, Denied
from tieout.services.settlements.delivery import Fetch, Marked, mark_read, mark_resolved, resolved, unresolved
from tieout.services.settlements.integrations import (
    assign_user,
    change_integration,
    create_integration,
    integration,
    integrations,
    stale_unread,
)

Marking: TypeAlias = Callable[[Context, Principal, Integration, Sequence[int]], Marked | Denied]


class IntegrationBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consuming system; `unread_only` is what a call that does not say so gets."""

    name: str
    unread_only: bool = True


class IntegrationChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of an integration shall change; what is not named stays."""

    name: str | None = None
    unread_only: bool | None = None


class IntegrationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A consuming system, its users, and what it has left unread for longer than a day and two hours."""

    id: int
    name: str
    unread_only: bool
    created_at: str
    updated_at: str
    user_ids: list[int] | msgspec.UnsetType = msgspec.UNSET  # in the list
    stale_entries: int | msgspec.UnsetType = msgspec.UNSET
    stale_since: str | msgspec.UnsetType | None = msgspec.UNSET


class IntegrationsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The integrations of an entity."""

    integrations: list[IntegrationAnswer]


class IdsBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to 10,000 entries, by line."""

    line_ids: list[int]


class MarkedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of every identifier of the call."""

    marked: list[int]
    already: list[int]
    unknown: list[int]


def _list(call: Call) -> Answer:
    found = integrations(call.context, call.principal, call.entity_id)
    stale = stale_unread(call.context, call.principal, call.entity_id)
    if isinstance(found, Denied):
        return found
    late = {} if isinstance(stale, Denied) else {each.integration.id: each for each in stale}
    return IntegrationsAnswer(
        integrations=[
            msgspec.structs.replace(
                _written(each.integration),
                user_ids=list(each.user_ids),
                stale_entries=late[each.integration.id].entries if each.integration.id in late else 0,
                stale_since=maybe_instant_text(
                    late[each.integration.id].since if each.integration.id in late else None
                ),
            )
            for each in found
        ]
    )


def _create(call: Call) -> Answer:
    body = call.read(IntegrationBody)
    made = create_integration(call.context, call.principal, call.entity_id, body.name, unread_only=body.unread_only)
    if isinstance(made, Denied):
        return made
    return Given(_written(made), 201, {"location": f"{call.asked.path}/{made.id}"})


def _show(call: Call) -> Answer:
    found = integration(call.context, call.principal, call.entity_id, call.number("integration_id"))
    return found if isinstance(found, Denied) else _written(found)


def _change(call: Call) -> Answer:
    body = call.read(IntegrationChanges)
    changed = change_integration(
        call.context,
        call.principal,
        call.entity_id,
        call.number("integration_id"),
        name=body.name,
        unread_only=body.unread_only,
    )
    return changed if isinstance(changed, Denied) else _written(changed)


def _assign(call: Call) -> Answer:
    integration_id, user_id = call.number("integration_id"), call.number("user_id")
    kept = assign_user(call.context, call.principal, call.entity_id, integration_id, user_id)
    return kept if isinstance(kept, Denied) else Given(None, 204)


def _deliveries(call: Call) -> Answer:
    found = integration(call.context, call.principal, call.entity_id, call.number("integration_id"))
    if isinstance(found, Denied):
        return found
    query = call.asked.query
    state = query.choice("state", "unread", ("unread", "unresolved", "resolved"))
    fetch = Fetch(
        offset=query.whole("offset", 0),
        limit=query.whole("limit", 100, 1, LIMIT_MAX),
        unread_only=state == "unread",
        from_day=query.day("from_date"),
        through_day=query.day("through_date"),
        channel=query.text("channel", None),
    )
    page = (resolved if state == "resolved" else unresolved)(call.context, call.principal, found, fetch)
    if isinstance(page, Denied):
        return page
    return DeliveriesAnswer(total=page.total, deliveries=[written_delivery(each) for each in page.entries])


def _marking(mark: Marking) -> Callable[[Call], Answer]:
    def marked(call: Call) -> Answer:
        found = integration(call.context, call.principal, call.entity_id, call.number("integration_id"))
        if isinstance(found, Denied):
            return found
        told = mark(call.context, call.principal, found, call.read(IdsBody).line_ids)
        if isinstance(told, Denied):
            return told
        return MarkedAnswer(marked=list(told.marked), already=list(told.already), unknown=list(told.unknown))

    return marked


def _written(kept: Integration) -> IntegrationAnswer:
    return IntegrationAnswer(
        id=kept.id,
        name=kept.name,
        unread_only=kept.unread_only,
        created_at=instant_text(kept.created_at),
        updated_at=instant_text(kept.updated_at),
    )


_INTEGRATIONS = "/entities/{entity_id}/integrations"
_INTEGRATION = f"{_INTEGRATIONS}/{{integration_id}}"
_DELIVERIES = f"{_INTEGRATION}/deliveries"
_DAY = {"type": "string", "format": "date"}
_FILTERS = (
    Parameter("state", "which list", {"type": "string", "enum": ["unread", "unresolved", "resolved"]}),
    Parameter("from_date", "released from this day on; of resolved ones the day their batch was closed", _DAY),
    Parameter("through_date", "through this day", _DAY),
    Parameter("channel", "of this marketplace"),
    Parameter("offset", "how many to leave out", {"type": "integer", "minimum": 0}),
    Parameter("limit", "how many at most", {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": 100}),
)


def _mark(name: str, purpose: str, mark: Marking) -> Operation:
    return Operation("POST", f"{_DELIVERIES}/{name}", purpose, _marking(mark), IdsBody, MarkedAnswer)


OPERATIONS = (
    Operation("GET", _INTEGRATIONS, "consuming systems and what they leave unread", _list, gives=IntegrationsAnswer),
    Operation("POST", _INTEGRATIONS, "add a consuming system", _create, IntegrationBody, IntegrationAnswer, 201),
    Operation("GET", _INTEGRATION, "one consuming system", _show, gives=IntegrationAnswer),
    Operation(
        "PATCH", _INTEGRATION, "rename it, or change what it gets", _change, IntegrationChanges, IntegrationAnswer
    ),
    Operation("PUT", f"{_INTEGRATION}/users/{{user_id}}", "let a user's credentials act for it", _assign, status=204),
    Operation("GET", _DELIVERIES, "entries on a list of it", _deliveries, gives=DeliveriesAnswer, parameters=_FILTERS),
    _mark("read", "say that it has read entries", mark_read),
    _mark("resolve", "say that it has cleared entries", mark_resolved),
)

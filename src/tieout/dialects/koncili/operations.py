"""Every operation of the vendor's contract and what serves it; pages and the application read this list.

Limits are those of the vendor's page on rate limits: calls of one credential and endpoint in any 60 seconds.
"""

from collections.abc import Callable
from typing import NamedTuple

from tieout.contracts.dialect import Operation
from tieout.contracts.http_application import Answering
from tieout.contracts.http_asked import Asked
from tieout.dialects.koncili.calling import Action, answering, require_token
from tieout.dialects.koncili.routes_auth import renewing, signing_in
from tieout.dialects.koncili.routes_batches import read_batch, resolve_batch
from tieout.dialects.koncili.routes_settlements import concilieds, of_one_order, unresolveds
from tieout.services.context import Context

_AUTH = "/public/api/auth"
_EXTRACT = "/externalapi/orderextract"
_ORDER = f"{_EXTRACT}/{{orderCode}}/{{channelName}}"


class Served(NamedTuple):
    """One operation with what answers it."""

    operation: Operation
    route: Callable[[Context], Answering]
    admit: Callable[[Asked], None] | None = None  # asked before a body is read


def _limited(
    method: str, path: str, purpose: str, action: Action, *, endpoint: str, per_minute: int | None = None
) -> Served:
    def route(context: Context) -> Answering:
        return answering(context, endpoint, per_minute, action)

    return Served(Operation(method, path, purpose), route, require_token)


SERVED: tuple[Served, ...] = (
    Served(Operation("POST", f"{_AUTH}/token", "sign in"), signing_in),
    Served(Operation("POST", f"{_AUTH}/refresh-token", "renew both tokens"), renewing),
    _limited(
        "GET",
        f"{_EXTRACT}/unresolveds",
        "settlements not yet resolved",
        unresolveds,
        endpoint="unresolveds",
        per_minute=3,
    ),
    _limited("PUT", f"{_EXTRACT}/read/batch", "mark as read", read_batch, endpoint="read/batch", per_minute=90),
    _limited(
        "PUT", f"{_EXTRACT}/resolve/batch", "mark as resolved", resolve_batch, endpoint="resolve/batch", per_minute=90
    ),
    _limited(
        "GET", f"{_EXTRACT}/concilieds", "settlements marked resolved", concilieds, endpoint="concilieds", per_minute=30
    ),
    _limited("GET", _ORDER, "settlements of one order", of_one_order, endpoint="order"),
    _limited("GET", f"{_ORDER}/{{extractType}}", "those of one type", of_one_order, endpoint="order"),
)

_NO_SHAPE = "no page that can be read shows what it takes or gives; addresses are limited by the network"

OPERATIONS: tuple[Operation, ...] = (
    *(each.operation for each in SERVED),
    Operation("GET", "/externalapi/ip-segmentation", "addresses that may call", _NO_SHAPE),
)

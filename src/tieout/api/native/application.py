"""The native application: every operation of this package, its OpenAPI document and a page to browse it."""

import msgspec
from starlette.responses import Response
from starlette.types import ASGIApp

from tieout.api.native import (
    accounts,
    books,
    connections,
    control,
    counterparties,
    documents,
    entities,
    integrations,
    jobs,
    lines,
    matches,
    people,
    reconciliations,
    running,
    schedules,
    settlements,
    synced_records,
    usage,
)
from tieout.api.native.browsing import PAGE, PAGE_HEADERS
from tieout.api.native.openapi import openapi
from tieout.api.native.operations import PREFIX, route_of
from tieout.api.native.problems import problem_of_faults
from tieout.contracts.http_answers import bytes_answer
from tieout.contracts.http_application import Route, vendor_application
from tieout.contracts.http_asked import Asked
from tieout.kernel.version import VERSION
from tieout.services.context import Context

# What is asked for most stands first: routes are tried in this order.
OPERATIONS = (
    *matches.OPERATIONS,
    *lines.OPERATIONS,
    *running.OPERATIONS,
    *jobs.OPERATIONS,
    *reconciliations.OPERATIONS,
    *documents.OPERATIONS,
    *accounts.OPERATIONS,
    *control.OPERATIONS,
    *books.OPERATIONS,
    *entities.OPERATIONS,
    *schedules.OPERATIONS,
    *connections.OPERATIONS,
    *synced_records.OPERATIONS,
    *settlements.OPERATIONS,
    *integrations.OPERATIONS,
    *counterparties.OPERATIONS,
    *people.OPERATIONS,
    *usage.OPERATIONS,
)
# Also the page to browse the document.
PREFIXES = (PREFIX, "/docs")


def application(context: Context) -> ASGIApp:
    """The application that answers every path of tieout's own API, and what no dialect claims."""
    document = msgspec.json.encode(openapi(OPERATIONS))

    def described(_: Asked) -> Response:
        return bytes_answer(document, "application/json")

    def page(_: Asked) -> Response:
        return bytes_answer(PAGE, "text/html; charset=utf-8", headers=PAGE_HEADERS)

    routes = [route_of(context, each) for each in OPERATIONS]
    routes.append(Route("GET", f"{PREFIX}/openapi.json", described, "refused", quick=True))
    routes.append(Route("GET", "/docs", page, "refused", quick=True))
    return vendor_application("tieout", VERSION, routes, problem_of_faults)

"""One vendor's application: its routes, its own words for what is wrong with a request, nothing of any other vendor.

A route is a plain function from `Asked` to a response. It runs in a thread, so that it may wait for the store; one that
is marked `quick` runs where requests arrive, which suits reading a few rows and nothing else.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple, TypeAlias

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from tieout.contracts.exact_json import BadJson
from tieout.contracts.exact_xml import BadXml
from tieout.contracts.http_asked import Asked, asked_of
from tieout.contracts.http_body import body_of, require_no_body, upload_of
from tieout.contracts.http_faults import HttpFault, RequestFault, method_not_allowed, no_such_path, own_fault

Answering: TypeAlias = Callable[[Asked], Response]
# Turns what is wrong with a request into the dialect's own answer.
Spell: TypeAlias = Callable[[Request, Sequence[HttpFault]], Response]
Bodies: TypeAlias = Literal["read", "ignored", "refused", "upload"]

# Under this name the dispatcher hands the request's id down in the scope.
REQUEST_ID = "tieout.request_id"

_LOG = logging.getLogger("tieout")
_WITHOUT_BODY = ("GET", "HEAD", "DELETE")


class Route(NamedTuple):
    """One operation that is served."""

    method: str
    path: str  # with names in braces: /entities/{entity_id}
    answer: Answering
    bodies: Bodies | None = None  # None: read, but ignored with GET and DELETE
    quick: bool = False
    upload_field: str = "file"  # of a multipart form, where `bodies` is upload
    described: Mapping[str, Any] | None = None  # the operation in OpenAPI's words, beside what the path says
    admit: Callable[[Asked], object] | None = None  # raises RequestFault where the body shall not even be read


def vendor_application(title: str, version: str, routes: Sequence[Route], spell: Spell) -> FastAPI:
    """The application that answers these routes, and everything else in the vendor's own words.

    It serves no documentation by itself and redirects nothing. A fault of our own is answered by `spell` and then
    raised again, for the server's log.
    """
    application = FastAPI(
        title=title, version=version, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    for route in routes:
        application.add_api_route(
            route.path,
            _endpoint(route),
            methods=[route.method],
            response_class=Response,
            name=f"{route.method} {route.path}",
            openapi_extra=dict(route.described or {}),
        )

    async def spelled(request: Request, fault: Exception) -> Response:
        found = faults_in(request, fault)
        answer = spell(request, found)
        if found[0].status >= 500:
            # The server closes the connection of a request that it failed on: the client is told.
            answer.headers["connection"] = "close"
            _LOG.error("request %s failed: %s", request.scope.get(REQUEST_ID, "-"), fault)
        return answer

    for kind in (HTTPException, RequestFault, BadJson, BadXml, Exception):
        application.add_exception_handler(kind, spelled)
    return application


def faults_in(request: Request, fault: Exception) -> tuple[HttpFault, ...]:
    """What is wrong with a request, from the exception that said so."""
    match fault:
        case RequestFault():
            return fault.faults
        case BadJson():
            return tuple(HttpFault(400, each.code, each.what, each.path) for each in fault.faults)
        case BadXml():
            return (HttpFault(400, fault.reason, str(fault)),)
        case HTTPException(status_code=404):
            return (no_such_path(),)
        case HTTPException(status_code=405):
            return (method_not_allowed(_methods_of(request)),)
        case HTTPException():
            return (HttpFault(fault.status_code, "bad_request", str(fault.detail)),)
    return (own_fault(),)


def _methods_of(request: Request) -> tuple[str, ...]:
    """The methods under which the path of this request is served."""
    methods: set[str] = set()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            methods |= route.methods
    return tuple(sorted(methods))


def _endpoint(route: Route) -> Callable[[Request], Any]:
    bodies = route.bodies or ("ignored" if route.method in _WITHOUT_BODY else "read")

    async def endpoint(request: Request) -> Response:
        asked = await _asked(request, route, bodies)
        if route.quick:
            return route.answer(asked)
        try:
            return await run_in_threadpool(route.answer, asked)
        finally:
            if asked.upload is not None:
                asked.upload.file.close()

    return endpoint


async def _asked(request: Request, route: Route, bodies: Bodies) -> Asked:
    """The request, its head checked before anything of its body is read."""
    asked = asked_of(request)
    if route.admit is not None:
        route.admit(asked)
    match bodies:
        case "read":
            return replace(asked, body=await body_of(request))
        case "upload":
            return replace(asked, upload=await upload_of(request, route.upload_field))
        case "refused":
            require_no_body(request)
    return asked

"""Monite's accounting API over the core; README.md has sources, operations and deviations."""

from functools import cache

from starlette.types import ASGIApp

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_application import Route, vendor_application
from tieout.dialects.monite.answers import spell
from tieout.dialects.monite.calling import admitting, answering
from tieout.dialects.monite.connect_page import CONNECT, page
from tieout.dialects.monite.described import DOCUMENT, described, document_of
from tieout.dialects.monite.echoing import Echoing
from tieout.dialects.monite.operations import OPERATIONS, PREFIX, SERVED
from tieout.dialects.monite.refusals import SPELLED
from tieout.dialects.monite.versions import DESCRIBED
from tieout.domain.people import Face
from tieout.services.context import Context

__all__ = ("FACE", "OPERATIONS", "PREFIXES", "SPELLED", "application")

FACE = Face.MONITE
PREFIXES = (PREFIX,)

_TITLE = "Monite accounting, as tieout speaks it"


def application(context: Context) -> ASGIApp:
    """The application that answers every path below the prefix, unknown ones included."""
    routes = [
        Route(
            served.operation.method,
            served.operation.path,
            answering(context, served.action, served.asking),
            bodies=served.bodies,
            described=described(served),
            admit=admitting(served.asking),
        )
        for served in SERVED
    ]
    document = cache(lambda: document_of(vendor_application(_TITLE, DESCRIBED, routes, spell)))
    own = (
        Route("GET", DOCUMENT, lambda _: json_answer(document())),
        Route("GET", CONNECT, lambda asked: page(context, asked)),
    )
    return Echoing(vendor_application(_TITLE, DESCRIBED, [*own, *routes], spell), context.now)

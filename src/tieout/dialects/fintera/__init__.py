"""Fintera's Conciliação API (formerly Myfinance) over the core; README.md has sources, operations and deviations."""

from functools import cache

from fastapi import FastAPI

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_application import Route, vendor_application
from tieout.dialects.fintera.calling import admitting, answering
from tieout.dialects.fintera.described import DOCUMENT, described, document_of
from tieout.dialects.fintera.misfits import spell
from tieout.dialects.fintera.operations import OPERATIONS, SERVED
from tieout.dialects.fintera.refusals import SPELLED
from tieout.domain.people import Face
from tieout.services.context import Context

__all__ = ("FACE", "OPERATIONS", "PREFIXES", "SPELLED", "application")

FACE = Face.FINTERA
PREFIXES = ("/accounts", "/entities")

_TITLE, _VERSION = "Fintera Financeiro, as tieout speaks it", "2013-09-10"


def application(context: Context) -> FastAPI:
    """The application that answers every path below the prefixes, unknown ones included."""
    routes = [
        Route(
            served.operation.method,
            served.operation.path,
            answering(context, served.action),
            bodies=served.bodies,
            upload_field=served.upload_field,
            described=described(served.operation),
            admit=admitting(context, served.bodies),
        )
        for served in SERVED
    ]
    document = cache(lambda: document_of(vendor_application(_TITLE, _VERSION, routes, spell)))
    own = Route("GET", DOCUMENT, lambda _: json_answer(document()), described={"summary": "this document"})
    return vendor_application(_TITLE, _VERSION, [own, *routes], spell)

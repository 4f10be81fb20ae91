"""Snapbooks' accounting API over the core; README.md has sources, operations and deviations."""

from functools import cache

from fastapi import FastAPI

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_application import Route, vendor_application
from tieout.dialects.snapbooks.answers import spell
from tieout.dialects.snapbooks.calling import answering
from tieout.dialects.snapbooks.described import DOCUMENT, described, document_of
from tieout.dialects.snapbooks.operations import BASE, BASES, OPERATIONS, SERVED
from tieout.dialects.snapbooks.refusals import SPELLED
from tieout.domain.people import Face
from tieout.services.context import Context

__all__ = ("FACE", "OPERATIONS", "PREFIXES", "SPELLED", "application")

FACE = Face.SNAPBOOKS
PREFIXES = BASES

_TITLE, _VERSION = "Snapbooks, as tieout speaks it", "v2"


def application(context: Context) -> FastAPI:
    """The application that answers every path below both prefixes, unknown ones included."""
    routes = {
        base: [
            Route(
                operation.method,
                base + operation.path.removeprefix(BASE),
                answering(context, action),
                described=described(operation),
            )
            for operation, action in SERVED
        ]
        for base in BASES
    }
    # The same operations under both prefixes: the document has them once.
    document = cache(lambda: document_of(vendor_application(_TITLE, _VERSION, routes[BASE], spell)))
    own = [
        Route("GET", f"{base}/{DOCUMENT}", lambda _: json_answer(document()), described={"summary": "this document"})
        for base in BASES
    ]
    return vendor_application(_TITLE, _VERSION, [*own, *(route for base in BASES for route in routes[base])], spell)

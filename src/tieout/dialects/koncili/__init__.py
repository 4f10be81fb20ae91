"""Koncili's Financial Integration API over the core; README.md has sources, operations and deviations."""

from functools import cache

from fastapi import FastAPI

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_application import Route, vendor_application
from tieout.dialects.koncili.answers import spell
from tieout.dialects.koncili.described import DOCUMENT, described, document_of
from tieout.dialects.koncili.operations import OPERATIONS, SERVED
from tieout.dialects.koncili.refusals import SPELLED
from tieout.domain.people import Face
from tieout.services.context import Context

__all__ = ("FACE", "OPERATIONS", "PREFIXES", "SPELLED", "application")

FACE = Face.KONCILI
PREFIXES = ("/public/api/auth", "/externalapi")

_TITLE, _VERSION = "Koncili Financial Integration, as tieout speaks it", "2026-11-20"


def application(context: Context) -> FastAPI:
    """The application that answers every path below the prefixes, unknown ones included."""
    routes = [
        Route(
            each.operation.method,
            each.operation.path,
            each.route(context),
            described=described(each.operation),
            admit=each.admit,
        )
        for each in SERVED
    ]
    document = cache(lambda: document_of(vendor_application(_TITLE, _VERSION, routes, spell)))
    own = Route("GET", DOCUMENT, lambda _: json_answer(document()), described={"summary": "this document"})
    return vendor_application(_TITLE, _VERSION, [own, *routes], spell)

"""Snapbooks' accounting API over the core; README.md has sources, operations and deviations."""

from fastapi import FastAPI

from tieout.contracts.http_application import Route, vendor_application
from tieout.dialects.snapbooks.answers import spell
from tieout.dialects.snapbooks.calling import answering
from tieout.dialects.snapbooks.operations import BASE, BASES, OPERATIONS, SERVED
from tieout.dialects.snapbooks.refusals import SPELLED
from tieout.domain.people import Face
from tieout.services.context import Context

__all__ = ("FACE", "OPERATIONS", "PREFIXES", "SPELLED", "application")

FACE = Face.SNAPBOOKS
PREFIXES = BASES


def application(context: Context) -> FastAPI:
    """The application that answers every path below both prefixes, unknown ones included."""
    routes = [
        Route(operation.method, base + operation.path.removeprefix(BASE), answering(context, action))
        for operation, action in SERVED
        for base in BASES
    ]
    return vendor_application("Snapbooks", "v2", routes, spell)

"""Answers in the vendor's form: `{"error": {"message": ...}}`, and `{"detail": [...]}` for fields that do not fit."""

import re
from collections.abc import Mapping, Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_faults import HttpFault
from tieout.dialects.monite.versions import MISSING, UNSUPPORTED

UNAUTHENTICATED = "The access token is missing, expired or not valid."
_TYPED = frozenset({MISSING, UNSUPPORTED})
# Codes of ours as the vendor's framework calls them.
_TYPES: Mapping[str, str] = {
    "required": "missing",
    "unknown_field": "extra_forbidden",
    "not_json": "json_invalid",
    "wrong_type": "type_error",
    "not_allowed": "enum",
}
_PART = re.compile(r"[^.\[\]]+|\[[0-9]+\]")


class ErrorSaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong, in a sentence."""

    message: str
    type: str = ""


class ErrorAnswer(msgspec.Struct, frozen=True):
    """The envelope of an error."""

    error: ErrorSaid


class Misfit(msgspec.Struct, frozen=True):
    """One place of a request that does not fit."""

    loc: list[str | int]  # ["body", "accounting", "tax_ids"]
    msg: str
    type: str


class MisfitsAnswer(msgspec.Struct, frozen=True):
    """Every place of a request that does not fit."""

    detail: list[Misfit]


class MessageAnswer(msgspec.Struct, frozen=True):
    """Something was done, and there is nothing to show but a sentence."""

    message: str


def failed(status: int, message: str, kind: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """An error."""
    return json_answer(ErrorAnswer(ErrorSaid(message, kind)), status, headers)


def misfit(place: str, path: str, what: str, code: str) -> Misfit:
    """One misfit. place: body, query, header or path; path: `lines[3].amount`, empty for the place itself."""
    inside = [int(part[1:-1]) if part[0] == "[" else part for part in _PART.findall(path)]
    return Misfit([place, *inside], what, _TYPES.get(code, "value_error"))


def misfits(found: Sequence[Misfit]) -> Response:
    """What is wrong with a request, place by place (422)."""
    return json_answer(MisfitsAnswer(list(found)), 422)


def spell(_: Request, faults: Sequence[HttpFault]) -> Response:
    """What is wrong with a request before any service saw it.

    A fault of 422 names its place before a slash: `header/x-monite-entity-id`. One of 400 is of the query, unless it
    has a type of the vendor's.
    """
    first = faults[0]
    if first.status == 422:
        return misfits([_misfit_named(fault) for fault in faults])
    if first.status == 400 and first.code not in _TYPED:
        return misfits([misfit("query", fault.concerns, fault.what, fault.code) for fault in faults])
    message = f"{first.what[:1].upper()}{first.what[1:]}".rstrip(".") + "."
    return failed(first.status, message, first.code if first.code in _TYPED else "", dict(first.headers))


def _misfit_named(fault: HttpFault) -> Misfit:
    place, _, path = fault.concerns.partition("/")
    return misfit(place, path, fault.what, fault.code)

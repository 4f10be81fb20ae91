"""Answers in the vendor's form: one object, a page with its meta, or what was wrong.

The body of an error is ours, no page of the vendor shows one: `{"message": ..., "errors": {field: [...]}}`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from tieout.contracts.http_answers import empty_answer, json_answer
from tieout.contracts.http_faults import HttpFault, RequestFault, bad_parameter
from tieout.contracts.http_query import Query

PER_PAGE_MAX = 100
INVALID = "The given data was invalid."
UNAUTHENTICATED = "Unauthenticated."
FORBIDDEN = "Forbidden."


class Page(NamedTuple):
    """Which page of a list is asked for; pages count from 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many come before it."""
        return (self.number - 1) * self.size


def page_of(query: Query, size: int) -> Page:
    """The page that `page` and `per_page` name; page 0 is the first, as some resources of the vendor have it.

    Raises RequestFault for anything but whole numbers, and for per_page beyond 1 to 100.
    """
    return Page(max(1, query.whole("page", 1)), query.whole("per_page", size, 1, PER_PAGE_MAX))


def listed(shown: Sequence[object], page: Page, records: int) -> Response:
    """A page of a list with its meta; there is always a first page."""
    pages = max(1, -(-records // page.size))
    meta = {"page": page.number, "pages": pages, "per_page": page.size, "records": records}
    return json_answer({"data": list(shown), "meta": meta})


def shown(value: object, status: int = 200) -> Response:
    """One object."""
    return json_answer(value, status)


def gone() -> Response:
    """What was asked for is done, and there is nothing to show."""
    return empty_answer(204)


def wrong(
    status: int,
    message: str,
    errors: Mapping[str, Sequence[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error."""
    return json_answer({"message": message, "errors": dict(errors or {})}, status, headers)


def unauthenticated() -> Response:
    """There is no token, or one that counts for nothing here."""
    return wrong(401, UNAUTHENTICATED, headers={"www-authenticate": "Bearer"})


def spell(_: Request, faults: Sequence[HttpFault]) -> Response:
    """What is wrong with a request before any service saw it."""
    errors: dict[str, list[str]] = {}
    for fault in faults:
        if fault.concerns:
            errors.setdefault(fault.concerns, []).append(fault.what)
    first = faults[0]
    message = INVALID if errors else f"{first.what[:1].upper()}{first.what[1:]}."
    return wrong(first.status, message, errors, dict(first.headers))


def require_parameter(value: Any, name: str) -> None:
    """Pass when a parameter was given. Raises RequestFault (400)."""
    if value is None:
        raise RequestFault(bad_parameter(name, "this must be given", "required"))

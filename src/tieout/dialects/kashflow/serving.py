"""One request of somebody who is signed in: who, in which company, and what was sent.

A session stands for one company, as in the vendor's product. Source: the vendor's page on authentication; the carriers
are those that its clients send (README.md).
"""

import json
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from starlette.responses import Response

from tieout.contracts.exact_json import read_tree
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.contracts.http_negotiation import XML_NAMES, require_taken
from tieout.contracts.http_query import identifier
from tieout.dialects.kashflow.answers import FORMS, Answer, Refused, answer_in, form_of, refusal_in, refuse
from tieout.dialects.kashflow.dotnet_xml import xml_read
from tieout.dialects.kashflow.form import FORM, form_read
from tieout.dialects.kashflow.wire import BadBody, Received, Shape
from tieout.domain.people import Capability, Face, Principal
from tieout.services.context import Context, Denied
from tieout.services.people.principals import principal_of_token
from tieout.services.people.sessions import SIGNED_IN, session_of

Noun = TypeVar("Noun")

_SCHEMES = ("kftoken", "bearer")


@dataclass(frozen=True, slots=True)
class Here:
    """A signed-in request."""

    context: Context
    principal: Principal
    company: int  # the entity whose books are meant
    asked: Asked
    token: str

    @property
    def full_access(self) -> bool:
        """The vendor's FullAccess permission: approvers and owners have it."""
        return self.principal.may(Capability.CLOSE, self.company)


def require(answer: Noun | Denied) -> Noun:
    """What a service answered. Raises Refused where it was denied."""
    if isinstance(answer, Denied):
        raise Refused(answer.refusals)
    return answer


def named(asked: Asked, name: str, what: str) -> int:
    """The identifier in the path. Raises Refused: what is no identifier names nothing."""
    found = identifier(asked.names[name])
    return found if found is not None else refuse("not_found", what)


def body_received(asked: Asked) -> Received:
    """What was sent. Raises RequestFault (415), BadJson and BadXml."""
    taken = require_taken(asked.header("content-type"), (*FORMS, FORM), missing=FORMS[0])
    body = asked.body.removeprefix(BOM_UTF8)
    if taken in XML_NAMES:
        return xml_read(body)
    return form_read(body) if taken == FORM else read_tree(body, lenient_commas=True)


def body_as(asked: Asked, shape: Shape[Noun]) -> Noun:
    """The body as a shape's noun. Raises as `body_received`, and Refused with every field that does not fit."""
    try:
        return shape.read(body_received(asked))
    except BadBody as bad:
        raise Refused(bad.faults) from None


def open_to_all(context: Context, answer: Callable[[Context, Asked], Answer]) -> Callable[[Asked], Response]:
    """An operation that nobody has to be signed in for."""

    def route(asked: Asked) -> Response:
        form = form_of(asked.header("accept"))
        try:
            return answer_in(form, answer(context, asked))
        except Refused as refused:
            return refusal_in(form, refused.refusals)

    return route


def signed_in(
    context: Context, answer: Callable[[Here], Answer | Response], *, full_access: bool = False
) -> Callable[[Asked], Response]:
    """An operation for whoever is signed in; full_access: refused with 403 to who lacks that permission."""

    def route(asked: Asked) -> Response:
        here = _here(context, asked)
        form = form_of(asked.header("accept"))
        try:
            if full_access and not here.full_access:
                refuse("not_permitted")
            given = answer(here)
        except Refused as refused:
            return refusal_in(form, refused.refusals)
        return answer_in(form, given) if isinstance(given, Answer) else given

    return route


def admitted(asked: Asked) -> None:
    """Pass where a token came along; nothing is read of a body without. Raises RequestFault (401)."""
    if not _token_of(asked):
        raise RequestFault(_no_session())


def company_of(principal: Principal) -> int | None:
    """The company that somebody comes into first: the oldest of theirs; None for who has none."""
    return min(principal.roles, default=None)


def inside(principal: Principal, company: int) -> Principal:
    """The principal narrowed to one company."""
    return replace(principal, roles={company: principal.roles[company]})


def _here(context: Context, asked: Asked) -> Here:
    token = _token_of(asked)
    principal, company = _signed_in_as(context, token)
    if principal is None or company is None or not principal.sees(company):
        raise RequestFault(_no_session())
    return Here(context, inside(principal, company), company, asked, token)


def _no_session() -> HttpFault:
    return HttpFault(401, "session_invalid", "no session of this token")


def _token_of(asked: Asked) -> str:
    """The token of any header that the vendor's clients send it in; .NET prints a GUID in either case."""
    scheme, _, token = asked.header("authorization").partition(" ")
    return (token.strip() if scheme.lower() in _SCHEMES else asked.header("x-sessiontoken")).lower()


def _signed_in_as(context: Context, token: str) -> tuple[Principal | None, int | None]:
    """Whom a session's token, or a token issued for this face, stands for, and the company it is in."""
    found = session_of(context, Face.KASHFLOW, SIGNED_IN, token) if token else None
    if found is not None:
        company: int | None = json.loads(found.session.facts or "{}").get("company", company_of(found.principal))
        return found.principal, company
    principal = principal_of_token(context, Face.KASHFLOW, token) if token else None
    return principal, company_of(principal) if principal else None

"""One request: who asks, for which entity, what was sent, and how a refusal becomes an answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn, TypeAlias, TypeVar

from starlette.responses import Response

from tieout.contracts.exact_json import BadJson, read_json
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.contracts.http_negotiation import JSON, require_accepted, require_taken
from tieout.dialects.monite.answers import UNAUTHENTICATED
from tieout.dialects.monite.echoing import ENTITY_HEADER
from tieout.dialects.monite.refusals import refused_answer
from tieout.dialects.monite.versions import require_version
from tieout.domain.people import NOBODY, Entity, Face, Principal
from tieout.kernel.errors import Refusal, TieoutError
from tieout.services.context import Context, Denied
from tieout.services.people.client_tokens import principal_of_access_token
from tieout.services.people.entities import entity_of_public_id
from tieout.services.people.principals import principal_of_token

Noun = TypeVar("Noun")
# Whom an operation is for: anybody, whoever has a token, whoever has one and names an entity that it reaches.
Asking: TypeAlias = Literal["anybody", "token", "entity"]

_SCHEME = "bearer "
NOT_KNOWN = HttpFault(401, "not_known", UNAUTHENTICATED, "authorization", (("www-authenticate", "Bearer"),))
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_PRINCIPAL = Principal(organisation_id=0, user_id=NOBODY, face=Face.MONITE, roles={})


class Refused(TieoutError):
    """A rule said no; the answer spells every one of these refusals."""

    code: ClassVar[str] = "refused"

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = refusals
        super().__init__(" ".join(refusal.code for refusal in refusals))


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may be answered."""

    context: Context
    principal: Principal  # who sees nothing, where anybody may ask
    asked: Asked
    entity: Entity | None = None

    @property
    def entity_id(self) -> int:
        """The entity that the request is about."""
        assert self.entity is not None, "the operation is for an entity"
        return self.entity.id

    def public_id(self, name: str) -> str:
        """A public id of the path. Raises RequestFault (422) for what is no UUID."""
        return _uuid("path", name, self.asked.names[name])

    def body(self, shape: type[Noun]) -> Noun:
        """The body as a struct. Raises RequestFault: 415, and 422 with every place that does not fit."""
        require_taken(self.asked.header("content-type") or None, [JSON], missing=JSON)
        try:
            return read_json(self.asked.body, shape)
        except BadJson as bad:
            found = [HttpFault(422, each.code, each.what, f"body/{each.path}") for each in bad.faults]
            raise RequestFault(*found) from None


Action: TypeAlias = Callable[[Call], Response]


def require(answer: Noun | Denied) -> Noun:
    """What a service answered. Raises Refused where it was denied."""
    if isinstance(answer, Denied):
        raise Refused(*answer.refusals)
    return answer


def refuse(code: str, concerns: str) -> NoReturn:
    """Say no by one rule."""
    raise Refused(Refusal(code, concerns))


def query_uuid(name: str, text: str) -> str:
    """A UUID of the query, in lower case. Raises RequestFault (422)."""
    return _uuid("query", name, text)


def answering(context: Context, action: Action, asking: Asking) -> Callable[[Asked], Response]:
    """An operation: the version first, then who asks, then for which entity."""

    def route(asked: Asked) -> Response:
        require_version(asked)
        require_accepted(asked.header("accept") or None, [JSON])
        named = _entity_named(asked) if asking == "entity" else None
        principal = _NO_PRINCIPAL if asking == "anybody" else principal_of(context, asked, named)
        if principal is None:
            raise RequestFault(NOT_KNOWN)
        try:
            entity = _entity(context, principal, asked) if asking == "entity" else None
            return action(Call(context, principal, asked, entity))
        except Refused as refused:
            return refused_answer(refused.refusals, "query" if asked.method == "GET" else "body")

    return route


def principal_of(context: Context, asked: Asked, entity_public_id: str | None) -> Principal | None:
    """Whom the Authorization header stands for: a client, a user through one, or the user of a token of this face."""
    authorization = asked.header("authorization")
    if authorization[: len(_SCHEME)].lower() != _SCHEME:
        return None
    token = authorization[len(_SCHEME) :].strip()
    found = principal_of_access_token(context, token, entity_public_id)
    return found or principal_of_token(context, Face.MONITE, token)


def _entity_named(asked: Asked) -> str | None:
    """The entity of the header, where it is a UUID."""
    text = asked.header(ENTITY_HEADER).lower()
    return text if _UUID.fullmatch(text) else None


def _entity(context: Context, principal: Principal, asked: Asked) -> Entity:
    """The entity of the header. Raises RequestFault (422) without one, and Refused: unknown and foreign ones alike."""
    text = asked.header(ENTITY_HEADER)
    if not text:
        raise RequestFault(HttpFault(422, "required", "Field required", f"header/{ENTITY_HEADER}"))
    return require(entity_of_public_id(context, principal, _uuid("header", ENTITY_HEADER, text)))


def _uuid(place: str, name: str, text: str) -> str:
    """A UUID in lower case. Raises RequestFault (422)."""
    lower = text.lower()
    if _UUID.fullmatch(lower) is None:
        raise RequestFault(HttpFault(422, "not_a_uuid", "this must be a UUID", f"{place}/{name}"))
    return lower


def admitting(asking: Asking) -> Callable[[Asked], None]:
    """What a request must show before its body is read: a token, where it is not asking for one.

    Raises RequestFault (401).
    """

    def admit(asked: Asked) -> None:
        if asking != "anybody" and not asked.header("authorization"):
            require_version(asked)
            raise RequestFault(NOT_KNOWN)

    return admit

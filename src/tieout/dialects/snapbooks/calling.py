"""One request of a token: who asks, what was sent, and how a refusal becomes an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn, TypeAlias, TypeVar

import msgspec
from starlette.responses import Response

from tieout.contracts.exact_json import read_json
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_negotiation import JSON, require_accepted, require_taken
from tieout.contracts.http_query import identifier
from tieout.dialects.snapbooks.answers import require_parameter, unauthenticated
from tieout.dialects.snapbooks.refusals import refused_answer
from tieout.domain.people import Entity, Face, Principal
from tieout.kernel.errors import Refusal, TieoutError
from tieout.services.context import Context, Denied
from tieout.services.people.entities import entity
from tieout.services.people.principals import principal_of_token

Noun = TypeVar("Noun")

_SCHEME = "bearer "


class Refused(TieoutError):
    """A rule said no; the answer spells every one of these refusals."""

    code: ClassVar[str] = "refused"

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = refusals
        super().__init__(" ".join(refusal.code for refusal in refusals))


@dataclass(frozen=True, slots=True)
class Here:
    """A request whose token counts."""

    context: Context
    principal: Principal
    asked: Asked

    def named(self, what: str) -> int:
        """The identifier of it in the path. Raises Refused: what is no identifier names nothing."""
        found = identifier(self.asked.names[f"{what}_id"])
        return found if found is not None else refuse("not_found", what)

    def body(self, shape: type[Noun]) -> Noun:
        """The body as a struct. Raises RequestFault (415) and BadJson."""
        require_taken(self.asked.header("content-type") or None, [JSON], missing=JSON)
        return read_json(self.asked.body, shape)

    def client_account(self, client_account_id: int) -> Entity:
        """The entity that the vendor calls a client account. Raises Refused: unknown and foreign ones are forbidden."""
        return require(entity(self.context, self.principal, client_account_id))

    def asked_client_account(self) -> Entity:
        """The client account of the query. Raises RequestFault (400) where none is named, and Refused."""
        number = self.asked.query.optional_whole("client_account_id")
        require_parameter(number, "client_account_id")
        assert number is not None, "it was required"
        return self.client_account(number)


Action: TypeAlias = Callable[[Here], Response]


def require(answer: Noun | Denied) -> Noun:
    """What a service answered. Raises Refused where it was denied."""
    if isinstance(answer, Denied):
        raise Refused(*answer.refusals)
    return answer


def given_fields(body: msgspec.Struct) -> dict[str, Any]:
    """The fields of a body that were sent. Raises Refused where it names none of those that there are."""
    given = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not msgspec.UNSET}
    return given or refuse("required", "body")


def refuse(code: str, concerns: str) -> NoReturn:
    """Say no by one rule."""
    raise Refused(Refusal(code, concerns))


def answering(context: Context, action: Action) -> Callable[[Asked], Response]:
    """An operation for whoever has a token of this vendor's face."""

    def route(asked: Asked) -> Response:
        require_accepted(asked.header("accept") or None, [JSON])
        principal = _principal(context, asked.header("authorization"))
        if principal is None:
            return unauthenticated()
        try:
            return action(Here(context, principal, asked))
        except Refused as refused:
            return refused_answer(refused.refusals)

    return route


def _principal(context: Context, authorization: str) -> Principal | None:
    if authorization[: len(_SCHEME)].lower() != _SCHEME:
        return None
    return principal_of_token(context, Face.SNAPBOOKS, authorization[len(_SCHEME) :].strip())

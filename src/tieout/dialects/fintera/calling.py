"""A call as the routes see it: who asks, what for, and in which form the answer goes out.

Basic authentication: the user is the token, the password is not looked at. A route gives an `Answer`, or raises
TurnedAway with one where it cannot go on.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, TypeVar

from starlette.responses import Response

from tieout.contracts.exact_json import read_tree
from tieout.contracts.http_answers import bytes_answer
from tieout.contracts.http_application import Answering, Bodies
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault, unsupported_media_type
from tieout.contracts.http_negotiation import JSON, XML, XML_NAMES, media_type, require_accepted, require_taken
from tieout.contracts.http_query import identifier
from tieout.dialects.fintera.answers import Answer, Failed, Faults, response_of
from tieout.dialects.fintera.fields import Given
from tieout.dialects.fintera.links import Addresses
from tieout.dialects.fintera.rails_xml import read_xml
from tieout.dialects.fintera.refusals import FORBIDDEN, INVALID, NOT_FOUND, refused
from tieout.domain.people import Face, Principal
from tieout.kernel.errors import TieoutError
from tieout.services.context import Context, Denied
from tieout.services.people.principals import principal_of_token

REALM = "Myfinance API"
FORM = "multipart/form-data"
NOT_KNOWN = HttpFault(401, "not_known", "nobody is known by this token")

Told = TypeVar("Told")


class TurnedAway(TieoutError):
    """A call that ends here, with its answer."""

    code: ClassVar[str] = "turned_away"

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(str(answer.status))


@dataclass(frozen=True, slots=True)
class Call:
    """One call of somebody who is known."""

    context: Context
    principal: Principal
    asked: Asked

    @property
    def entity_id(self) -> int:
        """The entity of the path. Raises TurnedAway: 404 for what is no id, 403 for one that is not seen."""
        text = self.asked.names["entity_id"]
        entity_id = identifier(text)
        if entity_id is None:
            raise TurnedAway(not_found("a entidade", text))
        if not self.principal.sees(entity_id):
            raise TurnedAway(Answer(Failed(FORBIDDEN), 403))
        return entity_id

    @property
    def addresses(self) -> Addresses:
        """The addresses of the path's entity."""
        return Addresses(self.asked.origin, self.entity_id)

    def id_of(self, name: str, what: str) -> int:
        """Another id of the path. Raises TurnedAway (404) for what is no id."""
        text = self.asked.names[name]
        found = identifier(text)
        if found is None:
            raise TurnedAway(not_found(what, text))
        return found

    def answer_of(self, answered: Told | Denied, missing: str = "", fields: Mapping[str, str] | None = None) -> Told:
        """What a service gave. Raises TurnedAway where it refused."""
        if isinstance(answered, Denied):
            raise TurnedAway(refused(answered, fields, missing))
        return answered

    def body(self) -> dict[str, Any]:
        """The body as fields by name. Raises TurnedAway (422), RequestFault, BadJson and BadXml."""
        tree = tree_of(self.asked)
        if not isinstance(tree, dict):
            raise TurnedAway(Answer(Failed(INVALID), 422))
        return tree

    def fields(self, *names: str) -> Mapping[str, Any]:
        """The body's fields, of which some are named; in XML one more root may stand around them."""
        tree = self.body()
        inside = next(iter(tree.values()), None)
        if self.in_xml and len(tree) == 1 and isinstance(inside, dict) and not set(names) & tree.keys():
            return inside
        return tree

    def given(self, name: str) -> Given:
        """The fields inside the resource that the body wraps. Raises TurnedAway (422) where it does not."""
        wrapped = self.fields(name).get(name)
        if wrapped == "" and self.in_xml:
            wrapped = {}
        if not isinstance(wrapped, dict):
            raise TurnedAway(Answer(Failed(INVALID), 422))
        return Given(wrapped)

    @property
    def in_xml(self) -> bool:
        """Whether the body came as XML."""
        return media_type(self.asked.header("content-type")).name in XML_NAMES

    def ids_of(self, name: str) -> list[int]:
        """Ids of a query parameter, separated by commas. Raises TurnedAway: 422 for none, 404 for what is no id."""
        texts = [text.strip() for text in ",".join(self.asked.query.all(name)).split(",") if text.strip()]
        if not texts:
            raise TurnedAway(Answer(Faults({name: ["não pode ser vazio"]}), 422))
        found = [identifier(text) for text in texts]
        for text, number in zip(texts, found, strict=True):
            if number is None:
                raise TurnedAway(not_found("o item", text))
        return list(dict.fromkeys(number for number in found if number is not None))


Action: TypeAlias = Callable[[Call], Answer]


def require_faultless(given: Given) -> None:
    """Pass when nothing is wrong with the fields. Raises TurnedAway (422) with everything that is."""
    if given.faults:
        raise TurnedAway(Answer(Faults(given.faults), 422))


def not_found(what: str, number: int | str) -> Answer:
    """The answer for an id behind which there is nothing that the caller may see."""
    return Answer(Failed(f"Não foi possível localizar {what} com o ID {number}: {NOT_FOUND}."), 404)


def tree_of(asked: Asked) -> Any:
    """The body as plain dicts, lists and values. Raises RequestFault (415), BadJson and BadXml."""
    name = require_taken(asked.header("content-type") or None, (JSON, *XML_NAMES), missing=JSON)
    return read_xml(asked.body) if name in XML_NAMES else read_tree(asked.body)


def answer_type(asked: Asked) -> str:
    """The media type to answer in: what Accept likes best, else that of the body. Raises RequestFault (406)."""
    sent = media_type(asked.header("content-type")).name
    offered = (XML, JSON, "text/xml") if sent in XML_NAMES else (JSON, XML, "text/xml")
    return require_accepted(asked.header("accept") or None, offered)


def answering(context: Context, action: Action) -> Answering:
    """The route of an action."""

    def answer(asked: Asked) -> Response:
        principal = authenticated(context, asked)
        if principal is None:
            return access_denied()
        in_form = answer_type(asked)
        if (account_id := asked.header("account_id").strip()) not in ("", str(principal.organisation_id)):
            return response_of(not_found("a conta", account_id[:20]), in_form)
        try:
            return response_of(action(Call(context, principal, asked)), in_form)
        except TurnedAway as away:
            return response_of(away.answer, in_form)

    return answer


def authenticated(context: Context, asked: Asked) -> Principal | None:
    """Whom the Authorization header stands for; None where it is missing, unreadable or not known to this face."""
    token = _token(asked)
    return principal_of_token(context, Face.FINTERA, token) if token else None


def _token(asked: Asked) -> str:
    """The user of the Authorization header; empty where there is none."""
    scheme, _, credentials = asked.header("authorization").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(credentials.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def admitting(context: Context, bodies: Bodies | None) -> Callable[[Asked], None]:
    """What a request must show before its body is read: a token, and before a whole file is, one that is known.

    Raises RequestFault: 401, and 415 for a file that comes in no form.
    """

    def admit(asked: Asked) -> None:
        if bodies != "upload":
            if not _token(asked):
                raise RequestFault(NOT_KNOWN)
            return
        if authenticated(context, asked) is None:
            raise RequestFault(NOT_KNOWN)
        if media_type(asked.header("content-type")).name != FORM:
            raise RequestFault(unsupported_media_type((FORM,)))

    return admit


def access_denied() -> Response:
    """The vendor's plain text for everybody whom it does not know."""
    return bytes_answer(
        b"HTTP Basic: Access denied.\n",
        "text/html; charset=utf-8",
        401,
        {"www-authenticate": f'Basic realm="{REALM}"'},
    )

"""Access tokens: given to a client that proves itself, taken back when it says so."""

from typing import Literal

import msgspec
from starlette.responses import Response

from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.dialects.monite.answers import MessageAnswer, failed
from tieout.dialects.monite.calling import Call, require
from tieout.services.context import Denied
from tieout.services.people.client_tokens import issue_access_token, revoke_access_token


class TokenBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a client proves itself with; `entity_user_id` counts for the grant type `entity_user` alone."""

    client_id: str
    client_secret: str
    grant_type: Literal["client_credentials", "entity_user"]
    entity_user_id: str | None = None


class RevokeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The token that shall count no longer."""

    client_id: str
    client_secret: str
    token: str


class TokenAnswer(msgspec.Struct, frozen=True):
    """A token, and for how many seconds it is good."""

    access_token: str
    expires_in: int
    token_type: str


def create_token(call: Call) -> Response:
    """A token of a day, for the client or for one user of its organisation."""
    body = call.body(TokenBody)
    user_id = None
    if body.grant_type == "entity_user":
        if not body.entity_user_id:
            raise RequestFault(HttpFault(422, "required", "Field required", "body/entity_user_id"))
        user_id = body.entity_user_id.lower()
    issued = issue_access_token(call.context, body.client_id.lower(), body.client_secret, user_id)
    if isinstance(issued, Denied) and issued.codes == ("not_found",):
        return failed(400, "There is no such entity user.")
    token = require(issued)
    return json_answer(TokenAnswer(token.text, token.seconds, "Bearer"))


def revoke_token(call: Call) -> Response:
    """End a token at once; whether it was one of this client is not told (RFC 7009, section 2.2)."""
    body = call.body(RevokeBody)
    require(revoke_access_token(call.context, body.client_id.lower(), body.client_secret, body.token))
    return json_answer(MessageAnswer("The token is revoked."))

"""POST /public/api/auth/token and /public/api/auth/refresh-token: signing in, and going on without a password.

The names of the fields that come back are on no page that could be read, so that every name that a reader may look for
is there.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.responses import Response

from tieout.contracts.exact_json import read_json
from tieout.contracts.http_answers import json_answer
from tieout.contracts.http_application import Answering
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.dialects.koncili.answers import no_token
from tieout.dialects.koncili.calling import ACCESS_SECONDS, answer_to, not_now
from tieout.dialects.koncili.credentials import read_credentials
from tieout.dialects.koncili.refusals import refused
from tieout.domain.people import Face
from tieout.services.context import Context, Denied, denied
from tieout.services.limits import credential_of, note_answer
from tieout.services.people.refresh_tokens import TokenPair, holder_of_refresh, renew, start_family
from tieout.services.people.signing_in import check_password

TOKEN, REFRESH_TOKEN = "auth/token", "auth/refresh-token"


class SignIn(msgspec.Struct, frozen=True):
    """The body of a first token."""

    credentials: str


class Refresh(msgspec.Struct, frozen=True):
    """The body of a renewal; the vendor's page does not say which of the two names it has."""

    refreshToken: str | None = None  # noqa: N815 as the vendor spells it
    refresh_token: str | None = None


def signing_in(context: Context) -> Answering:
    """The route that gives somebody their first tokens."""
    return _answering(lambda asked: _signed_in(context, asked))


def renewing(context: Context) -> Answering:
    """The route that gives the next tokens for a refresh token."""
    return _answering(lambda asked: _renewed(context, asked))


def _answering(action: Callable[[Asked], Response]) -> Answering:
    return lambda asked: answer_to(lambda: action(asked))


def _signed_in(context: Context, asked: Asked) -> Response:
    """Wrong attempts are counted for the address, not for the user, whom nobody else shall lock out."""
    email, password = read_credentials(read_json(asked.body, SignIn).credentials)
    user = check_password(context, email, password)
    if isinstance(user, Denied):
        answer = refused(user)
        if answer.status_code == 429:
            answer.headers["retry-after"] = str(context.settings.wrong_attempts_minutes * 60)
        return answer
    refusal = not_now(context, user.organisation_id, credential_of(user.id), TOKEN, None)
    if refusal is not None:
        return refusal
    pair = start_family(context, Face.KONCILI, user.id, ACCESS_SECONDS)
    return refused(denied("credentials_wrong")) if pair is None else json_answer(write_tokens(pair))


def _renewed(context: Context, asked: Asked) -> Response:
    body = read_json(asked.body, Refresh)
    given = body.refreshToken or body.refresh_token
    if not given:
        raise RequestFault(HttpFault(400, "required", "this must be given", "refreshToken"))
    holder = holder_of_refresh(context, Face.KONCILI, given)
    if holder is None:
        return no_token()
    caller = (context, holder.organisation_id, credential_of(holder.user_id), REFRESH_TOKEN)
    # Asked before the token is used up: whoever is let in again later goes on with it.
    refusal = not_now(*caller, None)
    if refusal is not None:
        return refusal
    pair = renew(context, Face.KONCILI, given, ACCESS_SECONDS)
    answer = no_token() if pair is None else json_answer(write_tokens(pair))
    note_answer(*caller, answer.status_code)
    return answer


def write_tokens(pair: TokenPair) -> dict[str, Any]:
    """Both tokens under every name that a reader may know them by."""
    return {
        "accessToken": pair.access,
        "refreshToken": pair.refresh,
        "gumgaToken": pair.access,
        "token": pair.access,
        "expiresIn": pair.access_seconds,
    }

"""A call as the routes see it: who asks, for which integration, and whether it may now.

Every call carries the access token as `gumgaToken`, or as a bearer token. Calls are counted for the user that signed
in: too many are told when to come again, and a user who is locked for misuse is told nothing else. What is wrong with
a call counts too, so that faults are answered here and not further out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeVar

from starlette.responses import Response

from tieout.contracts.exact_json import BadJson
from tieout.contracts.http_application import Answering
from tieout.contracts.http_asked import Asked
from tieout.contracts.http_faults import HttpFault, RequestFault
from tieout.dialects.koncili.answers import (
    ACCOUNT_INACTIVE,
    NOT_KNOWN,
    TurnedAway,
    coded,
    later,
    no_token,
    spell,
)
from tieout.dialects.koncili.records import Tenant
from tieout.dialects.koncili.refusals import refused
from tieout.domain.people import Face, Principal
from tieout.domain.settlements import Integration
from tieout.services.context import Context, Denied
from tieout.services.limits import Locked, TooMany, credential_of, note_answer, take_call
from tieout.services.people.entities import entity
from tieout.services.people.principals import principal_of_token
from tieout.services.people.refresh_tokens import Presented, presented
from tieout.services.settlements.integrations import integration_of

# One page of the vendor says two hours, another one hour: a client that renews within the hour is right with both.
ACCESS_SECONDS = 2 * 3600

_SCHEME = "bearer "

Told = TypeVar("Told")


@dataclass(frozen=True)
class Call:
    """One call of somebody who is known."""

    context: Context
    principal: Principal
    asked: Asked

    @cached_property
    def integration(self) -> Integration:
        """The consuming system that the credentials act for. Raises TurnedAway."""
        return answer_of(integration_of(self.context, self.principal))

    @cached_property
    def tenant(self) -> Tenant:
        """Whose records are answered. Raises TurnedAway."""
        found = answer_of(entity(self.context, self.principal, self.integration.entity_id))
        return Tenant(found.organisation_id, found.id, found.time_zone)


Action: TypeAlias = Callable[[Call], Response]


def answer_of(answered: Told | Denied) -> Told:
    """What a service gave. Raises TurnedAway where it refused."""
    if isinstance(answered, Denied):
        raise TurnedAway(refused(answered))
    return answered


def token_of(asked: Asked) -> str:
    """The access token of a request; empty where there is none."""
    own = asked.header("gumgatoken").strip()
    authorization = asked.header("authorization")
    if own or authorization[: len(_SCHEME)].lower() != _SCHEME:
        return own
    return authorization[len(_SCHEME) :].strip()


def require_token(asked: Asked) -> None:
    """Pass when there is a token: no body is read without one. Raises RequestFault (403)."""
    if not token_of(asked):
        raise RequestFault(NOT_KNOWN)


def answering(context: Context, endpoint: str, per_minute: int | None, action: Action) -> Answering:
    """The route of an action. per_minute: how often one user may call the endpoint in any 60 seconds."""

    def answer(asked: Asked) -> Response:
        found = _known(context, token_of(asked))
        if found is None:
            return no_token()
        principal = found.principal
        caller = (context, found.organisation_id, credential_of(found.user_id), endpoint)
        if principal is None:
            answered = coded(ACCOUNT_INACTIVE, "the account is inactive") if found.disabled else no_token()
        elif (refusal := not_now(*caller, per_minute)) is not None:
            return refusal
        else:
            answered = answer_to(lambda: action(Call(context, principal, asked)))
        note_answer(*caller, answered.status_code)
        return answered

    return answer


def _known(context: Context, token: str) -> Presented | None:
    """Whose token it is: an access token, or one that an owner issued for this face, as older clients carry it."""
    found = presented(context, Face.KONCILI, token)
    if found is not None:
        return found
    principal = principal_of_token(context, Face.KONCILI, token)
    if principal is None:
        return None
    return Presented(principal.organisation_id, principal.user_id, principal, disabled=False)


def not_now(
    context: Context, organisation_id: int, credential: str, endpoint: str, per_minute: int | None
) -> Response | None:
    """The answer to a call that comes too often or from behind a lock, which is counted already; None where it may."""
    match take_call(context, organisation_id, credential, endpoint, per_minute):
        case TooMany(seconds):
            return later(429, f"at most {per_minute} calls a minute; try again in {seconds} seconds", seconds)
        case Locked(_, None):
            return later(423, "locked for misuse until support acts", None)
        case Locked(_, seconds):
            return later(423, f"locked for misuse; try again in {seconds} seconds", seconds)
    return None


def answer_to(action: Callable[[], Response]) -> Response:
    """What an action answers, whatever is wrong with the request included."""
    try:
        return action()
    except TurnedAway as away:
        return away.answer
    except RequestFault as fault:
        return spell(None, fault.faults)
    except BadJson as bad:
        return spell(None, [HttpFault(400, each.code, each.what, each.path) for each in bad.faults])

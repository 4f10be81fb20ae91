"""Access tokens of clients: good for a day, for the client itself or for one user of its organisation.

They are sessions whose end does not move; `facts` names the client, whose revocation ends them all.
"""

import json
from dataclasses import dataclass, field, replace

from tieout.domain.people import NOBODY, ApiClient, Entity, Face, Principal, Role, Session, User
from tieout.services.context import Context, Denied, denied
from tieout.services.people.api_clients import client_with_secret
from tieout.services.people.principals import principal_in
from tieout.services.people.sessions import remove_ended
from tieout.services.people.token_texts import digest_of, token_text
from tieout.store.protocols import Condition, Reading

FOR_CLIENT, FOR_USER = "client", "entity_user"

_HOUR_SECONDS = 3600
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token, shown this once, and how long it is good for."""

    text: str = field(repr=False)
    seconds: int


def issue_access_token(
    context: Context, public_id: str, secret: str, user_public_id: str | None = None
) -> AccessToken | Denied:
    """A token for a client that proves itself; for the user of its organisation, where one is named.

    Refused: credentials_wrong, and not_found for a user that is unknown, of another organisation or disabled.
    """
    at = context.now()
    seconds = context.settings.token_hours * _HOUR_SECONDS
    text = token_text(Face.MONITE, context.random_bytes)
    with context.store.operating() as work:
        client = client_with_secret(work, public_id, secret)
        if client is None:
            return denied("credentials_wrong")
        user_id = NOBODY if user_public_id is None else _user_id(work, client, user_public_id)
        if user_id is None:
            return denied("not_found", "user")
        remove_ended(work, at)
        work.add(
            Session(
                digest=digest_of(text),
                face=str(Face.MONITE),
                purpose=FOR_CLIENT if user_id == NOBODY else FOR_USER,
                organisation_id=client.organisation_id,
                user_id=user_id,
                facts=json.dumps({"client_id": client.id}),
                started_at=at,
                seen_at=at,
                expires_at=at + seconds * _SECOND,
            )
        )
    return AccessToken(text, seconds)


def revoke_access_token(context: Context, public_id: str, secret: str, token: str) -> Denied | None:
    """End a token of the client at once; one that is no token of it is as good as ended. Refused: credentials_wrong."""
    with context.store.operating() as work:
        client = client_with_secret(work, public_id, secret)
        if client is None:
            return denied("credentials_wrong")
        kept = work.one(Session, digest=digest_of(token))
        if kept is not None and _client_id(kept) == client.id:
            work.remove(kept)
        return None


def principal_of_access_token(context: Context, token: str, entity_public_id: str | None = None) -> Principal | None:
    """Whom a token stands for; None where it is unknown, ended, or its client or user counts no longer.

    A client is an owner of every entity that its organisation has now, and confirms nothing alone. entity_public_id:
    the one entity that the request is about, so that the others of a large organisation need not be read.
    """
    with context.store.reading() as view:
        kept = view.one(Session, digest=digest_of(token))
        client_id = None if kept is None else _client_id(kept)
        if kept is None or client_id is None or context.now() >= kept.expires_at:
            return None
        client = view.one(ApiClient, id=client_id)
        if client is None or client.revoked_at is not None:
            return None
        if kept.purpose == FOR_CLIENT:
            return _acting_for_itself(view, client, entity_public_id)
        found = principal_in(view, kept.user_id, Face.MONITE)
    return found and replace(found, post=False)


def _acting_for_itself(view: Reading, client: ApiClient, entity_public_id: str | None) -> Principal:
    wanted = () if entity_public_id is None else (Condition("public_id", "=", entity_public_id),)
    entities = view.all(Entity, *wanted, organisation_id=client.organisation_id)
    return Principal(
        organisation_id=client.organisation_id,
        user_id=NOBODY,
        face=Face.MONITE,
        roles={entity.id: Role.OWNER for entity in entities},
        post=False,
        client_id=client.id,
    )


def _client_id(kept: Session) -> int | None:
    """The client that a session was given to; None for sessions of any other kind."""
    if kept.face != Face.MONITE or kept.purpose not in (FOR_CLIENT, FOR_USER):
        return None
    client_id: int = json.loads(kept.facts)["client_id"]
    return client_id


def _user_id(view: Reading, client: ApiClient, public_id: str) -> int | None:
    found = view.one(User, public_id=public_id)
    if found is None or found.organisation_id != client.organisation_id or found.disabled_at is not None:
        return None
    return found.id

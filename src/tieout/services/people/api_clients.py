"""Clients: programs that sign in by themselves for all entities of their organisation, with a secret shown once."""

import hmac
from dataclasses import dataclass, field, replace

from tieout.domain.people import ApiClient, Face, Principal
from tieout.kernel.public_ids import uuid7
from tieout.services.context import Context, Denied, denied
from tieout.services.people.governing import governs, not_governing
from tieout.services.people.texts import text_refusals
from tieout.services.people.token_texts import digest_of, token_text
from tieout.store.protocols import Reading, Scope


@dataclass(frozen=True, slots=True)
class IssuedClient:
    """A new client; its secret is shown this once and kept nowhere."""

    secret: str = field(repr=False)
    client: ApiClient


def create_client(context: Context, principal: Principal, label: str) -> IssuedClient | Denied:
    """A client of the principal's organisation. Needs who owns every entity of it: it may do as much."""
    if refusals := text_refusals("label", label):
        return Denied(refusals)
    at = context.now()
    secret = token_text(Face.MONITE, context.random_bytes)
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "create_client", at) as work:
        if refused := not_governing(work, principal):
            return refused
        (client_id,) = work.new_ids(ApiClient)
        made = ApiClient(
            id=client_id,
            organisation_id=principal.organisation_id,
            public_id=uuid7(at, context.random_bytes(10)),
            label=label.strip(),
            digest=digest_of(secret),
            created_at=at,
            revoked_at=None,
        )
        work.add(made)
        return IssuedClient(secret, made)


def api_clients(context: Context, principal: Principal) -> list[ApiClient]:
    """The clients of the organisation by id, revoked ones included; none for who does not own every entity of it."""
    with context.store.reading() as view:
        if not governs(view, principal):
            return []
        return view.all(ApiClient, organisation_id=principal.organisation_id)


def revoke_client(context: Context, principal: Principal, public_id: str) -> ApiClient | Denied:
    """The client, which nobody is from now on: its secret and every token it was given are refused. Again: no change.

    Needs who owns every entity of the organisation.
    """
    at = context.now()
    scope = Scope("organisation", principal.organisation_id)
    with context.store.writing(scope, principal.name, "revoke_client", at) as work:
        found = work.one(ApiClient, public_id=public_id)
        if found is None or found.organisation_id != principal.organisation_id or not governs(work, principal):
            return denied("not_found", "client")
        if found.revoked_at is not None:
            return found
        work.change(found, revoked_at=at)
        return replace(found, revoked_at=at)


def client_with_secret(view: Reading, public_id: str, secret: str) -> ApiClient | None:
    """The client that proves itself by its secret; None for a wrong one, an unknown or a revoked client alike."""
    found = view.one(ApiClient, public_id=public_id)
    if found is None or not hmac.compare_digest(found.digest, digest_of(secret)) or found.revoked_at is not None:
        return None
    return found
